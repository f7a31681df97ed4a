//! Settings under which nothing is served, and what is said of them.

use std::path::Path;
use std::process::Command;

use gramsetu::store::seal::Keyring;

/// What `serve` says on its error output before it ends, under these settings beside keys.
fn said(within: &Path, settings: &str) -> String {
    let (hash, seal) = Keyring::draw();
    let keys = format!("keys.hash = \"{}\"\nkeys.seal = [{{ id = 1, key = \"{}\" }}]\n", hash.reveal(), seal.reveal());
    std::fs::write(within.join("gramsetu.toml"), keys + settings).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
        command.env_remove(name);
    }
    let output = command.current_dir(within).arg("serve").output().expect("the program runs");
    assert!(!output.status.success(), "{settings}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn keys_that_prove_nothing_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (settings, says) in [
        ("gateways.sandbox = { secrets = [\"s\"], payments = [\"\"] }", "fewer than 16 characters"),
        ("gateways.twilio = { secrets = [\"s\"] }", "gateway `twilio` signs, and the settings do not say with what"),
        ("gateways.twilio = { secrets = [\"s\"], signing = [\"\"] }", "under `signing` is empty"),
        ("gateways.flares = { secrets = [\"s\"], signing = [\"token\"] }", "gateway `flares` does not sign"),
    ] {
        let told = said(folder.path(), settings);
        assert!(told.contains(says), "{settings}: {told}");
    }
}

#[test]
fn notices_of_payments_that_nothing_tells_of_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let menus = folder.path().join("menus");
    std::fs::create_dir(&menus).expect("a folder");
    std::fs::write(menus.join("bridge.yaml"), "languages: {en: English}\nussd: {\"*1#\": home}\n").expect("written");
    std::fs::write(menus.join("home.yaml"), "menu: home\nscreens: {top: {end: Bye}}\n").expect("written");
    let told = said(folder.path(), "gateways.sandbox = { secrets = [\"s\"], payments = [\"0123456789abcdef\"] }");
    assert!(told.contains("`sandbox` takes notices of payments, and the menus do not write `bridge.paid`"), "{told}");
}
