//! Files that are right, and files spoilt at random. One that is wrong for each code is in `tests/diagnostics`.

use proptest::prelude::*;

use super::read_message_profile;
use crate::gateway::messages::shipped::FILES as SHIPPED;
use crate::source::{Diagnostic, Files, render};

fn findings(text: &str) -> (Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let file = files.add("gateways/example.yaml", text);
    (read_message_profile(&files, file).err().unwrap_or_default(), files)
}

#[test]
fn every_shipped_profile_is_right() {
    for (path, text) in SHIPPED {
        let (findings, files) = findings(text);
        assert!(findings.is_empty(), "{path}:\n{}", render(&findings, &files, false));
    }
}

/// What is found in a file that has this after its head.
fn said(rest: &str) -> Vec<String> {
    let head = "speaks: messages\ngateway: test\ntitle: Test\nverified: yes\ncountry: IN\n";
    let (findings, _) = findings(&format!("{head}{rest}"));
    findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

const SEND: &str = "send: {as: form, url: 'https://a.example', path: /s, fields: {to: $to, text: $text}, numbers: plus, characters: 160";
const ANSWERS: &str = "answers: {as: json, statuses: {200: accepted}}";

#[test]
fn what_is_wrong_is_said() {
    for (rest, expected) in [
        ("", "G002: a message profile needs the key `send`"),
        ("inbound: {format: form, fields: {from: a}}", "G002: `fields` needs the key `text`"),
        (
            "receipts: {format: form, fields: {status: a}, statuses: {b: failed}}",
            "G002: `fields` needs the key `foreign`",
        ),
        ("receipts: {format: form, fields: {id: b, status: a}}", "G002: `receipts` needs the key `statuses`"),
        ("inbound: {format: form, fields: {from: a, text: A}}", "G015: the field `A` is read as two things"),
        ("inbound: {format: form, each: a, fields: {from: a, text: b}}", "G016: `each` where no JSON comes"),
        (
            "missed_calls: {format: json, json_in: x, fields: {from: a, to: b}}",
            "G011: the fields are in JSON, and in a field that holds JSON",
        ),
        (
            "receipts: {format: form, reasons: smpp, fields: {id: b, status: a}, statuses: {b: failed}}",
            "G016: `reasons` without a field `reason`",
        ),
        (
            "signature: twilio\nsecret_header: x-a\ninbound: {format: form, fields: {from: a, text: b}}",
            "G011: requests prove themselves in two ways",
        ),
        (
            "secret_header: 'a b'\ninbound: {format: form, fields: {from: a, text: b}}",
            "G013: `a b` cannot be the name of a header here",
        ),
        (&format!("{SEND}}}"), "G010: `send` without `answers`"),
        (ANSWERS, "G010: `answers` without `send`"),
        (&format!("{}}}\n{ANSWERS}", SEND.replace("$text", "$text $txt")), "G017: nothing fills `$txt`"),
        (&format!("{}}}\n{ANSWERS}", SEND.replace("$text", "$text $key")), "G017: a slot that only a codec fills"),
        (&format!("{}}}\n{ANSWERS}", SEND.replace("text: $text", "text: x")), "G010: no field holds `$text`"),
        (
            &format!("{}}}\n{ANSWERS}", SEND.replace("https://a.example", "a.example/b")),
            "G018: this is no address without a path",
        ),
        (&format!("{}}}\n{ANSWERS}", SEND.replace("/s", "s?x=1")), "G018: this is no path of an address"),
        (&format!("{SEND}, credentials: [token]}}\n{ANSWERS}"), "G016: nothing uses the credential `token`"),
        (&format!("{SEND}, credentials: [to]}}\n{ANSWERS}"), "G006: a credential cannot be called `to`"),
        (&format!("{SEND}, credentials: [a], basic: [a, b]}}\n{ANSWERS}"), "G010: `b` is no credential"),
        (&format!("{SEND}, basic: [a]}}\n{ANSWERS}"), "G003: two credentials stand here"),
        (&format!("{SEND}, idempotent: yes}}\n{ANSWERS}"), "G010: `idempotent: yes` without `$id`"),
        (&format!("{SEND}, coding: {{gsm: a, ucs2: b}}}}\n{ANSWERS}"), "G016: `coding` without the slot `$coding`"),
        (&format!("{SEND}, unicode: utf16}}\n{ANSWERS}"), "G010: `unicode: utf16` without `coding`"),
        (
            &format!("{SEND}}}\nanswers: {{as: json, statuses: {{400: never, 200: accepted}}}}"),
            "G010: anybody in between may answer 400",
        ),
        (
            &format!("{SEND}}}\nanswers: {{as: json, statuses: {{500: accepted, 200: accepted}}}}"),
            "G011: a message is accepted with 2xx only",
        ),
        (
            &format!("{SEND}}}\nanswers: {{as: json, statuses: {{401: later}}}}"),
            "G010: no answer means that a message is accepted",
        ),
        (
            &format!("{SEND}}}\nanswers: {{as: text, code: a, codes: {{a: accepted}}}}"),
            "G011: `code` where answers are texts",
        ),
        (&format!("{SEND}}}\nanswers: {{as: json, codes: {{a: accepted}}}}"), "G010: `codes` without `code`"),
    ] {
        assert_eq!(said(rest), [expected], "{rest}");
    }
}

proptest! {
    /// A line more, less or twice, or a value of another key: whatever it gives, it is findings or a profile.
    #[test]
    fn a_spoilt_profile_is_never_a_panic(
        profile in 0..SHIPPED.len(), at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), how in 0..4,
    ) {
        let mut lines: Vec<&str> = SHIPPED[profile].1.lines().collect();
        let (at, other) = (at.index(lines.len()), other.index(lines.len()));
        let mixed = format!(
            "{}:{}",
            lines[at].split(':').next().unwrap_or_default(),
            lines[other].split_once(':').unwrap_or_default().1
        );
        match how {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[other]),
            2 => lines.swap(at, other),
            _ => lines[at] = &mixed,
        }
        let (findings, files) = findings(&lines.join("\n"));
        render(&findings, &files, false);
    }
}
