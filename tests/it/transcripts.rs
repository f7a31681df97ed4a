//! Dialogues with messages, missed calls and payments, on small menus of their own: what they prove, and what they say when something
//! else is there.

use std::path::{Path, PathBuf};
use std::process::Command;

fn menus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/messages")
}

/// What `gramsetu play` says, and whether all was as it is written.
fn play(arguments: &[&str], menus: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gramsetu")).arg("play").args(arguments).arg(menus).output();
    let output = output.expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("text"))
}

/// The menus with this dialogue alone.
fn with(dialogue: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&menus(), folder.path());
    std::fs::write(folder.path().join("messages.dialogue"), dialogue).expect("a file");
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("an entry");
        if path.is_dir() {
            std::fs::create_dir(&to).expect("a folder");
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("a file");
        }
    }
}

fn shown(folder: &tempfile::TempDir) -> String {
    std::fs::read_to_string(folder.path().join("messages.dialogue")).expect("a file")
}

#[test]
fn messages_calls_and_payments_come_to_what_the_dialogues_say() {
    let (passed, said) = play(&[], &menus());
    assert!(passed, "{said}");
    assert!(said.ends_with("22 dialogues passed, 0 failed\n"), "{said}");
}

#[test]
fn a_line_that_is_not_as_it_is_written_says_what_the_phone_got() {
    for (lines, says) in [
        (
            "sms PNR 1234567890 to 139\nsms: XYZ",
            &["3: the next SMS does not say `XYZ`", "| sms: PNR 1234567890: CNF"][..],
        ),
        (
            "sms PNR 1234567890 to 139\nsms PNR 2345678901 to 139\nsms: 2345678901\nsms: 1234567890",
            &["4: the next SMS does not say `2345678901`", "5: no SMS has come that says `1234567890`"],
        ),
        ("sms: XYZ", &["2: no SMS has come that says `XYZ`", "| (no SMS)"]),
        (
            "sms PNR 1234567890 to 139\nno sms",
            &["3: an SMS has come that no line has read", "| sms: PNR 1234567890: CNF"],
        ),
        (
            "sms hello to 139\nsms: Services\n< 1. Claim\n< 1. Claim",
            &["5: the phone does not show `1. Claim`", "| Services"],
        ),
        ("dial *123*1#\n> {otp}", &["3: nothing was captured as `{otp}`"]),
        ("sms PNR {pnr} to 139", &["2: nothing was captured as `{pnr}`"]),
        ("payment paid 450.00 to UP Power for 1 as C-1", &["2: the hook answered 422: `transaction` must have"]),
        ("aggregator sleeps", &["2: `sleeps` is not known of an aggregator"]),
        ("missed call to 139 from nobody", &["2: `nobody`: "]),
        ("payment due", &["line 2: write `payment paid 450.00 to"]),
        ("missed bus to 139", &["line 2: write `missed call to`"]),
    ] {
        let (passed, said) = play(&[], with(&format!("Title\n{lines}\n")).path());
        assert!(!passed, "{lines}: {said}");
        for says in says {
            assert!(said.contains(says), "{lines}: {said}");
        }
    }
}

#[test]
fn a_payment_that_no_message_tells_of_is_not_taken() {
    let folder = with("Title\npayment paid 450.00 to UP Power for 1 as C1\n");
    let messages = folder.path().join("messages/all.yaml");
    let written = std::fs::read_to_string(&messages).expect("a file");
    let without: Vec<&str> = written.lines().filter(|line| !line.contains("bridge.paid")).collect();
    std::fs::write(&messages, without.join("\n")).expect("a file");
    let (passed, said) = play(&[], folder.path());
    assert!(!passed && said.contains("the hook answered 503"), "{said}");
}

#[test]
fn what_is_shown_is_written_back_with_the_messages() {
    let dialogue = "Title\n\ndial *123*1# from +919812345670\n< Old\nsms: OTP is {otp}\n< old\n> {otp}\nwait 1s\nsms: Gone\nno sms\n";
    let expected = "Title\n\ndial *123*1# from +919812345670\n< Enter the OTP sent to XX5670\n< 1. Send it again\n< 0 Back\n< 00 Home\n\
                    sms: Your OTP is {otp}. -GRAMST\n> {otp}\n< Your claim: settled\n< 1. By SMS\n< 2. Bye\n< 0 Back\n< 00 Home\nwait 1s\n\
                    no sms\n";
    let folder = with(dialogue);
    let (passed, said) = play(&["--update"], folder.path());
    assert!(passed, "{said}");
    assert_eq!(shown(&folder), expected);
    let (passed, said) = play(&[], folder.path());
    assert!(passed, "{said}");
}

#[test]
fn an_update_of_an_update_changes_nothing() {
    let written = std::fs::read_to_string(menus().join("messages.dialogue")).expect("a file");
    let folder = with(&written);
    assert!(play(&["--update"], folder.path()).0);
    let once = shown(&folder);
    assert_ne!(once, written);
    let (passed, said) = play(&[], folder.path());
    assert!(passed, "{said}");
    assert!(play(&["--update"], folder.path()).0);
    assert_eq!(shown(&folder), once);
}
