//! The command line of the real program: settings with their origins, what is refused, what is printed.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gramsetu::store::seal::Keyring;

use crate::server::{House, menus};

/// Runs the program in a folder of its own with nothing of ours in the environment.
fn run(within: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    type_into(within, arguments, environment, "")
}

fn type_into(within: &Path, arguments: &[&str], environment: &[(&str, &str)], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
        command.env_remove(name);
    }
    command.current_dir(within).args(arguments).envs(environment.iter().copied()).env_remove("RUST_LOG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    // One that ends without reading has closed it.
    let _ = child.stdin.take().expect("it is piped").write_all(typed.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn menus_as_text() -> String {
    menus().display().to_string()
}

#[test]
fn settings_are_shown_with_where_they_came_from_and_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "listen = \"127.0.0.1:7001\"\ndatabase = \"file.db\"\ntrusted_proxies = [\"10.0.0.0/8\"]\n\
                [keys]\nhash = \"zq-hash-key\"\nseal = [{ id = 1, key = \"zq-seal-key\" }]\n\
                [gateways.flares]\nsecrets = [\"zq-present\", \"zq-former\"]\nsources = [\"192.0.2.0/24\"]\n\
                [departments.epfo]\nurl = \"https://epfo.example\"\nheaders = { x-api-key = \"zq-credential\" }\n";
    std::fs::write(folder.path().join("gramsetu.toml"), file).expect("written");
    let environment = [
        ("GRAMSETU_DATABASE", "environment.db"),
        ("GRAMSETU_LISTEN", "127.0.0.1:7002"),
        ("GRAMSETU_LIMITS__DRAIN", "7"),
        ("GRAMSETU_DEPARTMENTS__EPFO__HEADERS__X-TOKEN", "zq-token"),
        ("GRAMSETU_KEYS__HASH", "zq-hash-of-the-environment"),
        // Of `dial`, and no setting.
        ("GRAMSETU_SECRET", "zq-secret-of-dial"),
    ];
    let flags = ["serve", "--print-settings", "--listen", "127.0.0.1:7003", "--admin", "127.0.0.1:7004"];
    let output = run(folder.path(), &flags, &environment);
    assert!(output.status.success(), "{output:?}");
    let page = text(&output.stdout);
    assert!(!page.contains("zq-") && output.stderr.is_empty(), "{output:?}");
    insta::assert_snapshot!(page, @r#"
    admin = "127.0.0.1:7004"                       # flag --admin
    database = "environment.db"                    # environment GRAMSETU_DATABASE
    departments.epfo.headers.x-api-key = "…"       # file gramsetu.toml
    departments.epfo.headers.x-token = "…"         # environment GRAMSETU_DEPARTMENTS__EPFO__HEADERS__X-TOKEN
    departments.epfo.url = "https://epfo.example"  # file gramsetu.toml
    gateways.flares.secrets = "…"                  # file gramsetu.toml
    gateways.flares.sources = ["192.0.2.0/24"]     # file gramsetu.toml
    keys.hash = "…"                                # environment GRAMSETU_KEYS__HASH
    keys.seal = "…"                                # file gramsetu.toml
    limits.connections = 10000                     # default
    limits.drain = 7                               # environment GRAMSETU_LIMITS__DRAIN
    limits.gateway_burst = 100000                  # default
    limits.gateway_per_second = 50000              # default
    limits.journeys = 90                           # default
    limits.largest_answer = 262144                 # default
    limits.largest_body = 16384                    # default
    limits.messages = 90                           # default
    limits.number_burst = 30                       # default
    limits.number_per_second = 3                   # default
    limits.queue = 4096                            # default
    limits.texts_per_day = 100                     # default
    limits.turns = 2000                            # default
    listen = "127.0.0.1:7003"                      # flag --listen
    log = "human"                                  # default
    menus = "menus"                                # default
    trusted_proxies = ["10.0.0.0/8"]               # file gramsetu.toml
    "#);
}

#[test]
fn what_is_built_without_settings_has_their_defaults() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = text(&run(folder.path(), &["serve", "--print-settings"], &[]).stdout);
    let turns = format!("limits.turns = {} ", gramsetu::http::Turns::AT_ONCE);
    assert!(page.contains(&turns), "{page}");
}

#[test]
fn what_does_not_fit_is_refused_with_its_origin() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |arguments: &[&str], environment: &[(&str, &str)]| {
        let output = run(folder.path(), arguments, environment);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        text(&output.stderr)
    };
    let told = refused(&["serve", "--listen", "everywhere"], &[]);
    assert!(told.contains("`listen`, from flag --listen, does not fit"), "{told}");
    let told = refused(&["serve"], &[("GRAMSETU_LIMITS__QUEUE", "many")]);
    assert!(told.contains("`limits.queue`, from environment GRAMSETU_LIMITS__QUEUE, does not fit"), "{told}");
    let told = refused(&["serve", "--settings", "nowhere.toml"], &[]);
    assert!(told.contains("nowhere.toml"), "{told}");
    let told = refused(&["serve"], &[]);
    assert!(told.contains("the settings have no `[keys]`"), "{told}");
    let told = refused(&["serve", "--menus", "nowhere"], &[]);
    assert!(told.contains("there is no folder `nowhere`"), "{told}");
}

/// Menus do not know the settings, so `check` cannot tell.
#[test]
fn an_operation_that_does_not_fit_its_envelope_is_refused_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hash, seal) = Keyring::draw();
    let settings = format!(
        "keys.hash = \"{}\"\nkeys.seal = [{{ id = 1, key = \"{}\" }}]\ngateways.flares.secrets = [\"zq-secret\"]\n\
         [departments.pds]\nurl = \"https://pds.example\"\n\
         envelope = {{ form = \"umang\", deptid = 12, srvid = \"345\", tkn = \"zq-token\" }}\n",
        hash.reveal(),
        seal.reveal()
    );
    let files = [
        ("gramsetu.toml", settings.as_str()),
        ("menus/bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n"),
        ("menus/home.yaml", "menu: home\nscreens:\n  top: {end: Bye}\n"),
        ("menus/departments/pds.yaml", "department: pds\noperations:\n  card: {get: \"/card?id={{ id }}\"}\n"),
    ];
    std::fs::create_dir_all(folder.path().join("menus/departments")).expect("a folder");
    for (path, text) in files {
        std::fs::write(folder.path().join(path), text).expect("written");
    }
    let output = run(folder.path(), &["serve"], &[]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    let line = told.lines().find(|line| line.contains("pds.card")).unwrap_or(&told);
    assert!(line.contains("`pds.card` cannot be asked in UMANG's envelope: it takes `post` only"), "{told}");
    assert!(!told.contains("zq-"), "{told}");
}

#[test]
fn a_route_that_would_use_national_tables_is_refused_where_the_gateway_cannot_be_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hash, seal) = Keyring::draw();
    let settings = format!(
        "keys.hash = \"{}\"\nkeys.seal = [{{ id = 1, key = \"{}\" }}]\ngateways.flares.secrets = [\"zq-secret\"]\nmenus = \"menus\"\n\
         [routes.kannel]\nurl = \"http://127.0.0.1:1\"\ncredentials = {{ username = \"a\", password = \"b\" }}\nnational = true\n",
        hash.reveal(),
        seal.reveal()
    );
    std::fs::create_dir_all(folder.path().join("menus")).expect("a folder");
    for (path, text) in [
        ("gramsetu.toml", settings.as_str()),
        ("menus/bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n"),
        ("menus/home.yaml", "menu: home\nscreens:\n  top: {end: Bye}\n"),
    ] {
        std::fs::write(folder.path().join(path), text).expect("written");
    }
    let output = run(folder.path(), &["serve"], &[]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("[routes.kannel] `national` is set, but no request to the gateway `kannel` can say"),
        "{told}"
    );
}

#[test]
fn demo_reads_no_file_unasked_and_listens_on_this_machine_only() {
    let folder = tempfile::tempdir().expect("a folder");
    // Were this file read, its key would be complained about before any address.
    std::fs::write(folder.path().join("gramsetu.toml"), "unknown = 1\n").expect("written");
    let refused = |arguments: &[&str], environment: &[(&str, &str)]| {
        let output = run(folder.path(), arguments, environment);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        text(&output.stderr)
    };
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[::ffff:192.0.2.1]:0"] {
        let told = refused(&["demo", "--listen", address], &[]);
        assert!(told.contains(&format!("this machine only, and `listen` is {address}")), "{told}");
    }
    let told = refused(&["demo"], &[("GRAMSETU_ADMIN", "0.0.0.0:0")]);
    assert!(told.contains("`admin` is 0.0.0.0:0"), "{told}");
    let told = refused(&["demo", "--settings", "gramsetu.toml"], &[]);
    assert!(told.contains("the setting `unknown`, from file gramsetu.toml"), "{told}");
}

/// Menus with a screen that leads nowhere.
fn broken_menus(into: &Path) {
    std::fs::create_dir(into).expect("a folder");
    std::fs::copy(menus().join("system.yaml"), into.join("system.yaml")).expect("a file is copied");
    let bridge = "languages: {en: English}\nussd: {\"*123#\": home}\n";
    std::fs::write(into.join("bridge.yaml"), bridge).expect("written");
    let home = "menu: home\ntitle: Home\nstart: hello\nscreens:\n  hello:\n    choose: Hello\n    options: {a: {label: A, go: nowhere}}\n";
    std::fs::write(into.join("home.yaml"), home).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn menus_with_errors_are_not_served_and_nothing_listens() {
    let house = House::new("menus = \"broken\"\n").await;
    broken_menus(&house.path("broken"));
    // Were it to listen, the port would be taken from the one who holds it, or reported as taken.
    let held = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = held.local_addr().expect("an address").to_string();
    let output = house.command().args(["--listen", &address, "--admin", &address]).output().expect("it runs");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("nowhere") && told.contains("home.yaml:7"), "the finding is shown: {told}");
    assert!(told.contains("nothing is served until `gramsetu check` passes"), "{told}");
    assert!(!told.contains("listening on") && !told.contains("Serving"), "{told}");
    assert!(!house.path("gramsetu.db").exists(), "not even a database is made");
}

#[test]
fn check_tells_machines_and_people_and_fails_on_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    broken_menus(&folder.path().join("broken"));
    let json = |folder_of_menus: &str| {
        let output = run(folder.path(), &["check", folder_of_menus, "--format", "json"], &[]);
        let findings: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        (output.status.code(), findings.as_array().cloned().expect("an array"))
    };
    let (code, findings) = json("broken");
    assert_eq!(code, Some(1));
    let error = findings.iter().find(|finding| finding["severity"] == "error").expect("an error");
    assert_eq!((&error["file"], &error["line"]), (&"home.yaml".into(), &7.into()), "{error}");
    for key in ["code", "column", "end_line", "end_column", "message", "help"] {
        assert!(!error[key].is_null(), "{key} in {error}");
    }
    let (code, findings) = json(&menus_as_text());
    assert_eq!(code, Some(0));
    assert!(findings.iter().all(|finding| finding["severity"] == "warning"), "{findings:?}");

    let output = run(folder.path(), &["check", "broken"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).ends_with("this cannot be served\n"), "{output:?}");

    let output = run(folder.path(), &["check", &menus_as_text(), "--lengths"], &[]);
    assert_eq!(output.status.code(), Some(0));
    let table = text(&output.stdout);
    for screen in ["home/services", "epfo.balance/balance", "lpg.refill/booked", "mandi.prices/prices"] {
        assert!(table.contains(screen), "{screen} is not in\n{table}");
    }
}

#[test]
fn the_shipped_dialogues_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &["play", &menus_as_text()], &[]);
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.ends_with(" dialogues passed, 0 failed\n"), "{told}");
    for file in ["home", "epfo/balance", "lpg/refill", "mandi/prices"] {
        assert!(told.contains(&format!("ok      {file}.dialogue: ")), "{told}");
    }
    // Without a folder it is the menus within the program.
    let shipped = text(&run(folder.path(), &["play", "--only", "home"], &[]).stdout);
    assert!(shipped.starts_with("ok      home.dialogue: ") && shipped.ends_with(" dialogues passed, 0 failed\n"));
}

#[test]
fn strangers_find_their_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let help = text(&run(folder.path(), &["--help"], &[]).stdout);
    for command in ["demo", "serve", "check", "dial", "play"] {
        assert!(help.contains(&format!("  {command} ")), "{help}");
        let output = run(folder.path(), &[command, "--help"], &[]);
        assert!(output.status.success() && text(&output.stdout).contains("Usage: gramsetu"), "{output:?}");
    }
    for command in ["demo", "serve"] {
        let help = text(&run(folder.path(), &[command, "--help"], &[]).stdout);
        for flag in ["--listen", "--admin", "--database", "--menus", "--settings"] {
            assert!(help.contains(flag), "{flag} of {command}");
        }
    }
    assert_eq!(run(folder.path(), &["serve", "--lisen"], &[]).status.code(), Some(2));
    let dialled = run(folder.path(), &["dial", "*123*1#"], &[]);
    assert!(dialled.status.success() && text(&dialled.stdout).contains("PF balance Rs "), "{dialled:?}");
}

#[test]
fn what_is_dialled_is_written_down_and_plays_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let menus = folder.path().join("menus");
    crate::folder::copy(&crate::server::menus(), &menus);
    let typed = "98\n/repeat\n6\n2\n/wait 5m\n/redial\n2\n/gateway nowhere\n/time out\n/gateway mtech\n/redial\n4\n";
    for gateway in ["flares", "imimobile"] {
        let record = ["dial", "*123#", "--gateway", gateway, "--record", "menus/recorded.dialogue"];
        let output = type_into(folder.path(), &record, &[], typed);
        let told = text(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        for shown in [
            &format!("┌ {gateway} · +919812345670 ─"),
            "of 160 septets",
            "· page 2, the last",
            "(the network has dropped",
        ] {
            assert!(told.contains(shown), "{shown} is not in {told}");
        }
        assert!(told.contains("there is no gateway `nowhere`"), "{told}");
    }
    let recorded = std::fs::read_to_string(menus.join("recorded.dialogue")).expect("it was written");
    assert!(
        recorded.starts_with("A call of *123# over flares\n\ndial *123# from +919812345670\n< Welcome"),
        "{recorded}"
    );
    assert!(recorded.contains("\n---\nA call of *123# over imimobile\n\ngateway imimobile\n"), "{recorded}");
    assert!(recorded.contains("\nrepeat\n> 6\n") && recorded.contains("\ntime out\ngateway mtech\n"), "{recorded}");
    let played = text(&run(folder.path(), &["play", "--only", "recorded"], &[]).stdout);
    assert!(played.ends_with("2 dialogues passed, 0 failed\n"), "{played}");

    let moved = recorded.replace("repeat\n", "wait 40s\nrepeat\n");
    std::fs::write(menus.join("recorded.dialogue"), moved).expect("written");
    let played = text(&run(folder.path(), &["play", "--only", "recorded"], &[]).stdout);
    assert!(
        played.contains("the phone shows something else than the first time"),
        "after a while it is an answer: {played}"
    );
}

#[test]
fn a_key_pressed_twice_is_two_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = type_into(folder.path(), &["dial", "*123#"], &[], "77\n77\n77\n");
    let told = text(&output.stdout);
    // The second time the menu says again what was wrong, the third time how to be helped.
    let pages: Vec<_> = told.split("\n> ").collect();
    assert!(pages.len() > 3 && pages[2] != pages[3], "{told}");
}
