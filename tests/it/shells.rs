//! Completions as a shell uses them, and manual pages as people get them.

use std::path::Path;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gramsetu");

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

/// What bash offers for a line, whose last word is unfinished.
fn offered(line: &str) -> Vec<String> {
    // Outside of a line that is really typed bash has no options to set: what would be set is offered instead.
    let script = "compopt() { COMPREPLY+=(\"$2\"); }\n\
                  source /dev/stdin <<< \"$SCRIPT\"\n\
                  COMP_WORDS=($LINE)\n[[ $LINE == *' ' ]] && COMP_WORDS+=('')\n\
                  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n\
                  _gramsetu gramsetu \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n\
                  printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["--norc", "--noprofile", "-c", script])
        .env("SCRIPT", printed(&["completions", "bash"]))
        .env("LINE", line)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("bash is there");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    said.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn bash_takes_the_script() {
    use std::io::Write as _;

    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().expect("bash is there");
    let mut input = bash.stdin.take().expect("its input is ours");
    input.write_all(printed(&["completions", "bash"]).as_bytes()).expect("it reads");
    drop(input);
    assert!(bash.wait().expect("it ends").success());
}

#[test]
fn bash_completes_commands_folders_kinds_and_gateways() {
    assert_eq!(offered("gramsetu che"), ["check"]);
    assert_eq!(offered("gramsetu check --form"), ["--format"]);
    assert_eq!(offered("gramsetu check --format "), ["text", "json"]);
    assert_eq!(offered("gramsetu schema gate"), ["gateway"]);
    assert_eq!(offered("gramsetu dial --gateway m"), ["madapi", "mtech"]);
    assert_eq!(offered("gramsetu dial --menus doc"), ["plusdirs"]);
}

#[test]
fn every_command_has_a_page_in_the_folder_and_man_reads_it_where_it_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("its name is text");
    printed(&["man", "--all", path]);
    let commands = ["demo", "serve", "publish", "check", "dial", "play", "schema", "completions", "man"];
    let pages = commands.map(|command| format!("gramsetu-{command}.1"));
    for page in pages.iter().map(String::as_str).chain(["gramsetu.1"]) {
        let text = std::fs::read_to_string(folder.path().join(page)).expect(page);
        assert!(text.contains(".SH SYNOPSIS") && text.contains(".SH DESCRIPTION"), "{page}");
        assert!(!text.lines().any(|line| line.starts_with(".\\\"TODO")), "{page}");
    }
    let whole = std::fs::read_to_string(folder.path().join("gramsetu.1")).expect("the program's page");
    for told in [".SH \"EXIT STATUS\"", ".SH \"EXAMPLES\"", "GRAMSETU_SETTINGS", "gramsetu\\-check(1)"] {
        assert!(whole.contains(told), "{told}\n{whole}");
    }
    // The structure above holds everywhere; a formatter says more where there is one.
    for (formatter, arguments) in [("mandoc", vec!["-T", "utf8"]), ("groff", vec!["-man", "-T", "utf8", "-ww"])] {
        let page = folder.path().join("gramsetu-check.1");
        let Ok(output) = Command::new(formatter).args(arguments).arg(page).output() else { continue };
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && shown.contains("--stamp"), "{formatter}: {shown}");
        assert!(output.stderr.is_empty(), "{formatter}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn schemas_are_printed_and_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let below = folder.path().join("new/schemas");
    printed(&["schema", "--all", below.to_str().expect("its name is text")]);
    let read = |path: &Path| std::fs::read_to_string(path).expect("it was written");
    for kind in [
        "any",
        "menu",
        "translation",
        "bridge",
        "system",
        "system-translation",
        "department",
        "sandbox",
        "gateway",
        "settings",
    ] {
        assert_eq!(read(&below.join(format!("{kind}.json"))), printed(&["schema", kind]));
    }
    let output = Command::new(PROGRAM).arg("schema").output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2), "a kind or a folder is wanted");
}
