//! Commands whose reader is gone: `gramsetu play menus | head -1`.

use std::io::pipe;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gramsetu");

/// Runs a command while nobody reads what it prints.
fn unread(arguments: &[&str]) -> Output {
    let (reader, writer) = pipe().expect("a pipe");
    drop(reader);
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).stdout(writer);
    command.output().expect("the program runs")
}

#[test]
fn who_stops_reading_is_not_told_of_it() {
    for arguments in [
        &["play", "menus", "--only", "mandi"][..],
        &["check", "docs/examples/camps"],
        &["check", "--lengths", "docs/examples/camps"],
        &["check", "--watch", "docs/examples/camps"],
        &["check", "--explain", "M032"],
        &["dial", "--menus", "docs/examples/camps", "*123#"],
        &["graph", "--menus", "docs/examples/camps"],
        &["translate", "--menus", "docs/examples/camps", "status"],
        &["schema", "menu"],
        &["completions", "bash"],
        &["man"],
        &["serve", "--print-settings"],
        &["--help"],
    ] {
        let ended = unread(arguments);
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{arguments:?}");
        assert!(ended.status.success(), "{arguments:?}: {}", ended.status);
    }
}

#[test]
fn the_exit_status_is_about_all_dialogues_whether_or_not_they_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["bridge.yaml", "system.yaml", "camps.yaml", "tables/camps.csv"] {
        let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/camps").join(name);
        let to = folder.path().join(name);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(from, to).expect("a file of the example");
    }
    let wrong = "One\n\ndial *123#\n< Where do you live?\n\n---\nTwo\n\ndial *123#\n< Nowhere\n";
    std::fs::write(folder.path().join("camps.dialogue"), wrong).expect("a dialogue");
    let ended = unread(&["play", folder.path().to_str().expect("its name is text")]);
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(1), ""));
}

#[test]
fn where_remarks_cannot_be_written_the_exit_status_is_the_same() {
    let (reader, writer) = pipe().expect("a pipe");
    drop(reader);
    let mut command = Command::new(PROGRAM);
    let ended = command.args(["play", "no/such/folder"]).stderr(writer).output().expect("the program runs");
    assert_eq!(ended.status.code(), Some(2));
}
