//! `publish` by the real program: what it refuses, says and does, also beside a running server.

use std::process::{Command, Output};

use gramsetu::store::seal::Keyring;
use tempfile::TempDir;

use super::{kept, menus, write};

fn run(within: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
        command.env_remove(name);
    }
    command.current_dir(within.path()).args(arguments).output().expect("the program runs")
}

/// The status, and all that was said.
fn publish(within: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(within, &[&["publish"], arguments].concat());
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8"))
}

/// A folder with three states of the menus, and settings without a server.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 1..=3 {
        write(&menus(n), &folder.path().join(format!("menus{n}")));
    }
    folder
}

#[test]
fn what_is_published_is_listed_and_put_back_by_its_version() {
    let folder = folder();
    let done = |arguments: &[&str]| {
        let (status, said) = publish(&folder, arguments);
        assert_eq!(status, Some(0), "{said}");
        said
    };
    for only_looks in [&["--list"][..], &["--version", "ab"]] {
        let (status, said) = publish(&folder, only_looks);
        assert!(status == Some(2) && said.contains("there is no database `gramsetu.db`"), "{said}");
        assert!(!folder.path().join("gramsetu.db").exists());
    }
    let versions: Vec<String> = (1..=3).map(|n| kept(&menus(n)).version.to_string()).collect();
    let said = done(&["menus1"]);
    assert!(said.starts_with("Database:   gramsetu.db, which was not there until now\n"), "{said}");
    assert!(said.contains(&format!("Published:  number 1  {}", versions[0])) && said.contains("1 menu"), "{said}");
    let said = done(&["menus1"]);
    assert!(said.starts_with("Database:   gramsetu.db\nNothing has changed: number 1"), "{said}");
    let said = done(&["menus2"]);
    assert!(said.contains(&format!("Until now:  number 1  {}", versions[0])) && said.contains("number 2"), "{said}");
    let said = done(&["--version", &versions[0][..12]]);
    assert!(said.contains(&format!("Published:  number 3  {}", versions[0])), "{said}");
    let said = done(&["--list"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains(&versions[0]) && lines[0].ends_with("IST  (served)"), "{said}");
    assert!(lines[1].contains(&versions[1]) && lines[1].ends_with(" IST"), "{said}");

    let (status, said) = publish(&folder, &["--version", "zzzz"]);
    assert!(status == Some(2) && said.contains("`gramsetu publish --list` shows what was"), "{said}");
    assert_eq!(publish(&folder, &["--list", "--version", "ab"]).0, Some(2));
}

#[test]
fn menus_with_errors_and_departments_that_nobody_knows_are_not_published() {
    let folder = folder();
    let path = folder.path();
    std::fs::write(path.join("menus2/home.yaml"), "menu: home\nscreens: {top: {show: Hi, next: nowhere}}\n")
        .expect("written");
    let (status, said) = publish(&folder, &["menus2"]);
    assert!(status == Some(1) && said.contains("error[M032]") && said.contains("nothing was published"), "{said}");

    std::fs::create_dir(path.join("menus3/departments")).expect("a folder");
    let department = "department: pds\noperations:\n  card: {get: \"/card?id={{ id }}\"}\n";
    std::fs::write(path.join("menus3/departments/pds.yaml"), department).expect("written");
    let settings = "departments.pdz.url = \"https://pds.example\"\n";
    std::fs::write(path.join("gramsetu.toml"), settings).expect("written");
    let (status, said) = publish(&folder, &["menus3"]);
    assert!(status == Some(2) && said.contains("department `pds`") && said.contains("`pdz`"), "{said}");
    assert!(!path.join("gramsetu.db").exists(), "menus that are refused make no database");
    std::fs::write(path.join("gramsetu.toml"), "gateways.zq.secrets = [\"a\"]\n").expect("written");
    let (status, said) = publish(&folder, &["menus1"]);
    assert!(status == Some(2) && said.contains("no profile for the gateway `zq`"), "{said}");
    std::fs::write(path.join("gramsetu.toml"), "").expect("written");
    let (status, said) = publish(&folder, &["menus3"]);
    assert!(status == Some(0) && said.contains("was not looked at"), "{said}");
}

#[test]
fn what_is_published_and_damaged_is_not_served() {
    let folder = folder();
    let (hash, seal) = Keyring::draw();
    let settings = format!(
        "listen = \"127.0.0.1:0\"\nmenus = \"menus1\"\ngateways.flares.secrets = [\"s\"]\n\
         keys.hash = \"{}\"\nkeys.seal = [{{ id = 1, key = \"{}\" }}]\n",
        hash.reveal(),
        seal.reveal()
    );
    std::fs::write(folder.path().join("gramsetu.toml"), settings).expect("written");
    assert_eq!(publish(&folder, &["menus2"]).0, Some(0));
    let spoil = async {
        use sqlx::{ConnectOptions as _, Connection as _};
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("gramsetu.db"));
        let mut connection = options.connect().await.expect("opens");
        sqlx::raw_sql("UPDATE programs SET files = x'0107'").execute(&mut connection).await.expect("spoilt");
        connection.close().await.expect("closes");
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(spoil);
    let output = run(&folder, &["serve"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("number 1 cannot be served: the files of the program are damaged"), "{said}");
    // The way out.
    let (status, said) = publish(&folder, &["menus1"]);
    assert!(status == Some(0) && said.contains("It cannot be compared with"), "{said}");
}
