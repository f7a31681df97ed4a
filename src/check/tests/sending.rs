//! Messages of `send` and `late`: to whom they may carry what.

use insta::assert_snapshot;

use super::*;
use crate::menu::compile;
use crate::source::{Files, render};

const OFFICE: &str = "department: office
operations:
  own: {get: '/own/{{ number }}', registered: caller, answer: {name: {from: /name, text: 20, personal: yes}}}
  other:
    get: '/other/{{ number }}'
    answer:
      name: {from: /name, text: 20, personal: yes}
      office: {from: /office, text: 20}
      open: {from: /open, yes_no: yes}
  marks: {post: /marks, json: {pin: '{{ pin }}'}, answer: {marks: {from: /marks, number: 100}}}
";

const MESSAGES: &str = "header: GRAMST
kind: service
messages:
  bridge.otp: {texts: {en: '{{ code }}'}}
  bridge.late_failed: {texts: {en: '{{ receipt }}'}}
  told: {takes: {name: alphanumeric 20}, texts: {en: '{{ name }}'}}
  is_open: {takes: {open: alphanumeric 3}, texts: {en: '{{ open }}'}}
  of_office: {takes: {office: alphanumeric 20}, texts: {en: '{{ office }}'}}
";

fn found_in(screens: &str) -> String {
    found_with(MESSAGES, screens)
}

fn found_with(messages: &str, screens: &str) -> String {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("departments/office.yaml", OFFICE);
    files.add("messages/office.yaml", messages);
    files.add("home.yaml", format!("menu: home\nscreens:\n{screens}"));
    let (program, findings) = compile(&files);
    found_lines(&program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false))))
}

#[test]
fn to_the_caller_goes_what_is_the_callers() {
    let screens = "  own: {call: office.own, give: {number: caller}, into: own, next: tell}
  tell: {send: told, give: {name: own.name}, next: bye}
  bye: {end: Bye}
";
    assert_snapshot!(found_in(screens), @"");
    let other = screens.replace("office.own", "office.other");
    assert_snapshot!(found_in(&other), @"P030 `own.name` is personal, and `office.other` does not say that it is about the caller");
    let verified = format!("  otp: {{verify: otp, next: own, fails: {{wrong: bye}}}}\n{other}");
    assert_snapshot!(found_in(&verified), @"");
    assert_snapshot!(found_in(&other.replace("own.name", "own.office")), @"");
}

#[test]
fn to_another_number_nothing_personal_goes() {
    let screens = |value: &str| {
        format!(
            "  friend: {{ask: Whose?, accept: phone, into: friend, next: pin}}
  pin: {{ask: PIN?, accept: {{digits: 4}}, secret: yes, into: pin, next: marks}}
  marks: {{call: office.marks, give: {{pin: pin}}, into: marks, next: otp}}
  otp: {{verify: otp, next: own, fails: {{wrong: bye}}}}
  own: {{call: office.own, give: {{number: caller}}, into: own, next: other}}
  other: {{call: office.other, give: {{number: caller}}, into: other, next: keep}}
  keep: {{set: {{kept: own.name}}, next: tell}}
  tell: {{send: told, to: friend, give: {{name: {value}}}, next: bye}}
  bye: {{end: Bye}}
"
        )
    };
    assert_snapshot!(found_in(&screens("own.name")), @"P033 `own.name` is personal, and `told` goes to another number than the caller's");
    assert_snapshot!(found_in(&screens("kept")), @"P033 `kept` is personal, and `told` goes to another number than the caller's");
    assert_snapshot!(found_in(&screens("marks.marks")), @"P033 `marks.marks` was answered to a secret, and `told` goes to another number than the caller's");
    assert_snapshot!(found_in(&screens("other.office")), @"");
    assert_snapshot!(found_in(&screens("own.name").replace("told, to: friend", "told, to: caller")), @"");
}

#[test]
fn what_comes_later_obeys_the_same_rules() {
    let screens = |late: &str| {
        format!(
            "  other: {{call: office.other, give: {{number: caller}}, into: other, next: bye, late: {late}}}
  bye: {{end: Bye}}
"
        )
    };
    let personal = "{answer: told, failed: bridge.late_failed}";
    assert_snapshot!(found_in(&screens(personal)), @"P030 `other.name` is personal, and `office.other` does not say that it is about the caller");
    assert_snapshot!(found_in(&screens("{answer: of_office, failed: bridge.late_failed}")), @"");
    let verified = format!("  otp: {{verify: otp, next: other, fails: {{wrong: bye}}}}\n{}", screens(personal));
    assert_snapshot!(found_in(&verified), @"");
    let own = screens(personal).replace("office.other", "office.own");
    assert_snapshot!(found_in(&own), @"");
}

#[test]
fn no_secret_waits_for_a_late_answer() {
    let screens = "  pin: {ask: PIN?, accept: {digits: 4}, secret: yes, into: pin, next: marks}
  marks:
    call: office.marks
    give: {pin: pin}
    into: marks
    next: bye
    late: {answer: {send: told, give: {name: marks.marks}}, failed: bridge.late_failed}
  bye: {end: Bye}
";
    assert_snapshot!(found_in(screens), @"P023 the secret `pin` would have to be kept until the answer comes");
}

#[test]
fn messages_alone_lead_round_in_no_circle() {
    let screens = "  tell: {send: told, give: {name: '\"You\"'}, next: again}
  again: {branch: [{if: channel = \"ussd\", go: tell}, {go: bye}]}
  bye: {end: Bye}
";
    assert_snapshot!(found_in(screens), @"P004 these screens lead round in a circle without a person: tell → again → tell");
}

#[test]
fn a_call_that_is_told_later_may_take_its_time() {
    let screens = |late: &str| {
        format!(
            "  slow: {{call: office.other, give: {{number: caller}}, within: 40s, into: other, next: bye{late}}}\n  bye: {{end: Bye}}\n"
        )
    };
    let codes = |screens: &str| {
        let mut files = Files::default();
        files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
        files.add("departments/office.yaml", OFFICE);
        files.add("messages/office.yaml", MESSAGES);
        files.add("home.yaml", format!("menu: home\nscreens:\n{screens}"));
        let program = compile(&files).0.expect("it compiles");
        let findings = check(&program, &crate::gateway::shipped()).findings;
        findings.into_iter().map(|finding| finding.code).filter(|code| *code == "P044").count()
    };
    assert_eq!(codes(&screens("")), 1);
    assert_eq!(codes(&screens(", late: {answer: of_office, failed: bridge.late_failed}")), 0);
}

#[test]
fn yes_and_no_are_not_cut() {
    let sent = "  look: {call: office.other, give: {number: caller}, into: other, next: tell}
  tell: {send: is_open, give: {open: other.open}, next: bye}
  bye: {end: Bye}
";
    assert_snapshot!(found_in(sent), @"");
    let short = |screens: &str| found_with(&MESSAGES.replace("open: alphanumeric 3", "open: alphanumeric 2"), screens);
    assert_snapshot!(short(sent), @"P070 `open` of `is_open` takes 2 characters, and would cut `Yes`");
    assert_snapshot!(short(&sent.replace("other.open", "no")), @"P070 `open` of `is_open` takes 2 characters, and would cut `Yes`");
    let late = "  look: {call: office.other, give: {number: caller}, into: other, next: bye, late: {answer: is_open, failed: bridge.late_failed}}
  bye: {end: Bye}
";
    assert_snapshot!(short(late), @"P070 `open` of `is_open` takes 2 characters, and would cut `Yes`");
}
