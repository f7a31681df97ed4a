//! Names on the command line and in the settings that are nearly right: what was meant is told.

use std::path::Path;
use std::process::Command;

use gramsetu::store::seal::Keyring;

/// What the program says on its error output when it is run in a folder.
fn said(within: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
        command.env_remove(name);
    }
    let output = command.current_dir(within).args(arguments).output().expect("the program runs");
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_gateway_a_folder_and_a_file_have_a_nearest() {
    let folder = tempfile::tempdir().expect("a folder");
    let menus = folder.path().join("menus");
    std::fs::create_dir(&menus).expect("a folder");
    std::fs::write(menus.join("bridge.yaml"), "languages: {en: English}\nussd: {\"*1#\": home}\n").expect("written");
    std::fs::write(menus.join("home.yaml"), "menu: home\nscreens: {top: {end: Bye}}\n").expect("written");
    let gateway = said(folder.path(), &["dial", "*1#", "--gateway", "flare"]);
    assert_eq!(gateway, "gramsetu: there is no gateway `flare`; did you mean `flares`?\n");
    let far = said(folder.path(), &["dial", "*1#", "--gateway", "nobody"]);
    assert!(far.starts_with("gramsetu: there is no gateway `nobody`; there are: advanta, africastalking, "), "{far}");
    let menu = said(folder.path(), &["graph", "hoem"]);
    assert_eq!(menu, "gramsetu: there is no menu `hoem`; did you mean `home`?\n");
    let language = said(folder.path(), &["graph", "--language", "hindi"]);
    assert_eq!(language, "gramsetu: there is no language `hindi`; there are en\n");
    let missing = said(folder.path(), &["check", "--watch", "menu"]);
    assert_eq!(missing, "gramsetu: there is no folder `menu`; did you mean `menus`?\n");
    let missing = said(folder.path(), &["check", "menu"]);
    assert_eq!(missing, "gramsetu: there is no folder `menu`; did you mean `menus`?\n");
    let file = said(folder.path(), &["check", "--stamp", "menus", "hom.yaml"]);
    assert_eq!(file, "gramsetu: there is no `hom.yaml` in the folder to stamp; did you mean `home.yaml`?\n");
}

#[test]
fn a_gateway_and_a_department_of_the_settings_have_a_nearest() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hash, seal) = Keyring::draw();
    let serve = |more: &str| {
        let keys =
            format!("keys.hash = \"{}\"\nkeys.seal = [{{ id = 1, key = \"{}\" }}]\n", hash.reveal(), seal.reveal());
        std::fs::write(folder.path().join("gramsetu.toml"), keys + more).expect("written");
        said(folder.path(), &["serve"])
    };
    let gateway = serve("gateways.infobib.secrets = [\"0123456789abcdef0123456789abcdef\"]\n");
    assert!(gateway.contains("there is no profile for the gateway `infobib`; did you mean `infobip`?"), "{gateway}");
    let department = serve(
        "gateways.infobip.secrets = [\"0123456789abcdef0123456789abcdef\"]\n\
         departments.bloood.url = \"http://127.0.0.1:1\"\n",
    );
    assert!(department.contains("`blood`, which the settings do not name; is it the one"), "{department}");
    assert!(department.contains("`bloood`?"), "{department}");
}

#[test]
fn what_cannot_be_dialled_or_recorded_is_refused_and_nothing_is_written() {
    const MENU: &str = "menu: home\nscreens: {top: {end: Bye}}\n";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("home.yaml"), MENU).expect("written");
    let word = said(folder.path(), &["dial", "home"]);
    assert!(word.starts_with("gramsetu: `home` cannot be dialled; write a code, such as `*123#`"), "{word}");
    let menu = said(folder.path(), &["dial", "*123#", "--record", "home.yaml"]);
    assert!(menu.starts_with("gramsetu: `home.yaml` holds something else than dialogues"), "{menu}");
    assert_eq!(std::fs::read_to_string(folder.path().join("home.yaml")).expect("it is there"), MENU);
}
