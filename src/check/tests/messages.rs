//! What is registered of messages, and what they cost.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::check::messages::{sizes, table};
use crate::menu::{LanguageId, Value, compile};
use crate::source::{Files, render};

fn program(messages: &str) -> Program {
    let mut files = Files::default();
    let bridge = "languages: {en: English, hi: हिन्दी}\nussd: {\"*1#\": home}\nlinks: [\"https://umang.example/l/\", \
                  umang.gov.in]\nnumbers: [\"1800 115 526\", \"*123#\"]\n";
    files.add("bridge.yaml", bridge);
    files.add("home.yaml", "menu: home\nscreens: {top: {end: \"1\"}}\n");
    files.add("messages/all.yaml", messages);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

const HEAD: &str = "header: EPFOHO\nkind: service\nentity: \"1101000000000000001\"\nmessages:\n";

/// One message with this text, registered in both languages.
fn text(text: &str) -> String {
    registered(text, None)
}

fn registered(text: &str, form: Option<&str>) -> String {
    let form = form.map_or_else(String::new, |form| format!(", registered: \"{form}\""));
    let takes = "{day: alphanumeric 10, rupees: numeric 12, link: url, long: alphanumeric}";
    let one = |id: u8| format!("{{template: \"110700000000000000{id}\", text: \"{text}\"{form}}}");
    let file = format!("{HEAD}  told: {{takes: {takes}, texts: {{en: {}, hi: {}}}}}\n", one(1), one(2));
    let said = found_lines(&program(&file));
    // The same is wrong in both languages.
    let mut lines: Vec<&str> = said.lines().filter(|line| !line.contains(" in hi ")).collect();
    lines.dedup();
    lines.join("\n")
}

#[test]
fn a_text_is_what_is_registered() {
    assert_snapshot!(text("Rs {{ rupees }} on {{ day }} -EPFO"), @"");
    let both = |form| registered("Rs {{ rupees }} on {{ day }} -EPFO", Some(form));
    assert_snapshot!(both("Rs {#numeric#} on {#alphanumeric#} -EPFO"), @"");
    assert_snapshot!(both("Rs {#alphanumeric#} on {#alphanumeric#} -EPFO"), @"");
    assert_snapshot!(both("Rs {#numeric#} {#alphanumeric#} -EPFO"), @"");
    assert_snapshot!(both("Rs {#numeric#} on {#numeric#} -EPFO"), @"D001 `told` in en can become something else than what is registered, from `{#numeric#} -EPFO` on");
    assert_snapshot!(both("Rs {#numeric#} on {#alphanumeric#} - EPFO"), @"D001 `told` in en can become something else than what is registered, from ` EPFO` on");
    assert_snapshot!(both("Rs {#numeric#} on {#alphanumeric#} -EPFO."), @"D001 `told` in en can become something else than what is registered, from `.` on");
    assert_snapshot!(both("Rs {#numeric#} on {#alphanumeric#}"), @"");
    assert_snapshot!(both("Rs {#numeric#} {#var#} -EPFO"), @"D002 `told` in en is registered with `{#var#}`, which has no type any more");
    // What is written may stand for a variable, as long as it is short enough with what stands beside it.
    assert_snapshot!(both("Rs {#alphanumeric#} -EPFO"), @"");
    let long = |text| registered(text, Some("Told {#alphanumeric#}"));
    assert_snapshot!(long("Told {{ long }}"), @"");
    assert_snapshot!(long("Told {{ long }}!"), @"D001 `told` in en can become something else than what is registered, behind its end");
}

#[test]
fn texts_keep_the_rules_of_the_registries() {
    assert_snapshot!(text("Rs {{ rupees }}  on"), @"D004 `told` in en has two spaces in a row");
    assert_snapshot!(text("Rs {{ rupees }} <now>"), @"D005 `told` in en has `<` or `>`");
    assert_snapshot!(text("No value"), @"D006 `told` in en is a service message without a variable");
    assert_snapshot!(text("{{ long | spoken }}"), @"D003 `long` may be written in 79 characters, more than 40");
}

#[test]
fn links_and_numbers_are_registered() {
    for good in ["https://umang.example/l/abc", "umang.gov.in", "1800-115-526", "*123#", "at 9.30 a.m. on 05-11-2026"] {
        assert_eq!(text(&format!("{{{{ rupees }}}} {good}.")), "", "{good}");
    }
    assert_snapshot!(text("{{ rupees }} https://umang.example/x"), @"D007 `told` in en has `https://umang.example/x`, which is not among the registered links and numbers");
    assert_snapshot!(text("{{ rupees }} Umang.gov.in/x, www.umang"), @r#"
    D007 `told` in en has `Umang.gov.in/x`, which is not among the registered links and numbers
    D007 `told` in en has `www.umang`, which is not among the registered links and numbers
    "#);
    assert_snapshot!(text("{{ rupees }} t.me/umang, X.com/umang"), @r#"
    D007 `told` in en has `X.com/umang`, which is not among the registered links and numbers
    D007 `told` in en has `t.me/umang`, which is not among the registered links and numbers
    "#);
    assert_snapshot!(text("{{ rupees }} Call 155261, or 14434 par poochhein. PDS 12345, PIN 110001"), @r#"
    D007 `told` in en has `14434`, which is not among the registered links and numbers
    D007 `told` in en has `155261`, which is not among the registered links and numbers
    "#);
    assert_snapshot!(text("{{ rupees }} call 011-22901406 or *124#"), @r#"
    D007 `told` in en has `*124#`, which is not among the registered links and numbers
    D007 `told` in en has `011-22901406`, which is not among the registered links and numbers
    "#);
}

#[test]
fn a_header_is_for_one_category() {
    let two = |one: &str, other: &str| {
        let message = |name: &str, kind: &str, id: u8| {
            let text =
                |language: u8| format!("{{template: \"11070000000000{id}{language}00\", text: \"{{{{ a }}}}\"}}");
            format!("  {name}: {{kind: {kind}, takes: {{a: numeric}}, texts: {{en: {}, hi: {}}}}}\n", text(1), text(2))
        };
        found_lines(&program(&format!("{HEAD}{}{}", message("a", one, 10), message("b", other, 20))))
    };
    assert_snapshot!(two("service", "transactional"), @"");
    assert_snapshot!(two("government", "government"), @"");
    assert_snapshot!(two("government", "service"), @"D017 `b` goes out under `EPFOHO` as service, and `a` as government");
    assert_snapshot!(two("transactional", "promotional"), @"D017 `b` goes out under `EPFOHO` as promotional, and `a` as transactional");
}

#[test]
fn a_forgotten_space_is_told_as_one() {
    let remedy = |text: &str| {
        let file = format!(
            "{HEAD}  told: {{takes: {{a: numeric}}, texts: {{en: {{template: \"1107000000000000001\", text: '{{{{ a }}}} {text}'}}}}}}\n"
        );
        let findings = check(&program(&file), &[]).findings;
        findings.iter().map(|finding| finding.remedy.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(remedy("The office is closed.Please try again").starts_with("write a space behind the full stop;"));
    assert!(remedy("Look at umang.nic.in").starts_with("have it registered"));
    assert!(remedy("Look at www.umang").starts_with("have it registered"));
}

#[test]
fn senders_and_texts_have_ids() {
    let message = |header: &str, entity: &str, ids: [&str; 2]| {
        let texts = format!(
            "{{en: {{template: \"{}\", text: \"{{{{ a }}}}\"}}, hi: {{template: \"{}\", text: \"{{{{ a }}}}\"}}}}",
            ids[0], ids[1]
        );
        let file = format!(
            "header: {header}\nkind: service\nentity: \"{entity}\"\nmessages: {{told: {{takes: {{a: numeric}}, texts: {texts}}}}}\n"
        );
        found_lines(&program(&file))
    };
    let (entity, ids) = ("1101000000000000001", ["1107000000000000001", "1107000000000000002"]);
    assert_snapshot!(message("EPFOHO", entity, ids), @"");
    assert_snapshot!(message("EPFO-H", entity, ids), @"D010 `EPFO-H` is no header: nothing could be sent under it");
    assert_snapshot!(message("EPFOHOS", entity, ids), @"D010 `EPFOHOS` is no header: nothing could be sent under it");
    assert_snapshot!(message("EPFOHO", "110100000000000001", ids), @"D011 `110100000000000001` is not the id of a sender");
    assert_snapshot!(message("EPFOHO", entity, ["1107000000000000001", "1107x00000000000002"]), @"D011 `1107x00000000000002` is not the id of a registered text");
    assert_snapshot!(message("EPFOHO", entity, ["1107000000000000001", "1107000000000000001"]), @"D012 `told` and `told` cannot be the same registered text");
    // One wrong line is one finding, however many messages it is for.
    let many = "header: EPFO\nkind: service\nentity: \"1\"\nmessages: {a: {takes: {v: numeric}, texts: {en: '{{ v }}', hi: '{{ v }}'}}, b: \
                {takes: {v: numeric}, texts: {en: '{{ v }}', hi: '{{ v }}'}}}\n";
    let said = found_lines(&program(many));
    let wrong: Vec<&str> = said.lines().filter(|line| !line.starts_with("D008")).collect();
    assert_snapshot!(wrong.join("\n"), @r#"
    D010 `EPFO` is no header: nothing could be sent under it
    D011 `1` is not the id of a sender
    "#);
    let unregistered =
        format!("{HEAD}  told: {{takes: {{a: numeric}}, texts: {{en: \"{{{{ a }}}}\", hi: \"{{{{ a }}}}\"}}}}\n");
    assert_snapshot!(found_lines(&program(&unregistered)), @r#"
    D008 `told` in en is not registered yet
    D008 `told` in hi is not registered yet
    "#);
}

#[test]
fn without_a_sender_of_the_registries_only_the_alphabet_is_looked_at() {
    let message = |text: &str| {
        let file = format!(
            "header: GOV\nkind: service\nmessages: {{told: {{takes: {{a: alphanumeric 9 any}}, texts: {{en: \"{text}\", hi: \"1\"}}}}}}\n"
        );
        found_lines(&program(&file))
    };
    assert_snapshot!(message("<Hello>  011-22901406"), @"");
    assert_snapshot!(message("Rupees ₹5"), @"L003 `₹` (U+20B9) turns this en message into UCS-2, of which a segment holds 70");
    assert_snapshot!(message("Hello {{ a }}"), @"L004 `a` may have letters outside GSM-7, which turn this en message into UCS-2");
    assert_snapshot!(message("नमस्ते {{ a }}"), @"");
}

#[test]
fn the_table_of_sizes() {
    let file = format!(
        "{HEAD}  told:\n    takes: {{rupees: numeric 12, what: alphanumeric 40, place: alphanumeric 30 any}}\n    texts:\n      \
         en: \"Your PF claim for Rs {{{{ rupees }}}} is {{{{ what }}}}. Please come to {{{{ place | upper }}}} on any Monday. -EPFO\"\n      hi: \
         \"Rs {{{{ rupees }}}} का दावा: {{{{ what }}}}\"\n  short: {{texts: {{en: Hello}}}}\n"
    );
    assert_snapshot!(table(&sizes(&program(&file)), Some(0.2)), @r"
    message  language  characters         GSM-7 or UCS-2      national tables too           GSM-7 alone  cost
    short    en                 5   5 septets, 1 segment     5 septets, 1 segment  5 septets, 1 segment  0.20
    told     en               145  145 units, 3 segments  196 septets, 2 segments                     -  0.60
    told     hi                65    65 units, 1 segment      65 units, 1 segment                     -  0.20
    ");
}

proptest! {
    /// Whatever the values are, what goes out is what is registered.
    #[test]
    fn nothing_goes_out_that_is_not_registered(what in ".{0,60}", paise in any::<i64>(), set in any::<[bool; 2]>(), hindi in any::<bool>()) {
        thread_local! {
            static PROGRAM: Program = program(&format!(
                "{HEAD}  told:\n    takes: {{what: alphanumeric 30, rupees: numeric 12}}\n    texts:\n      en: \"(Rs {{{{ rupees }}}}) is \
                 {{{{ what }}}}. -EPFO\"\n      hi: \"Rs {{{{ rupees }}}} का {{{{ what | mask }}}}\"\n",
            ));
        }
        let values = [Value::Text(what), Value::Amount(paise)];
        let values: Vec<Option<Value>> = values.into_iter().zip(set).map(|(value, set)| set.then_some(value)).collect();
        let (written, registered): (String, String) = PROGRAM.with(|program| {
            let language = LanguageId(u16::from(hindi));
            let message = program.message(program.message_by_name("told").expect("it is there"));
            (message.written(program, language, &values).text, message.registered[language.index()].written())
        });
        let form = regex::escape(&registered)
            .replace(r"\{\#numeric\#\}", r"[0-9.-]{1,12}")
            .replace(r"\{\#alphanumeric\#\}", r"[^<>\n]{1,40}");
        let form = regex::Regex::new(&format!("^{form}$")).expect("a form");
        prop_assert!(form.is_match(&written), "{written:?} is not {registered:?}");
        prop_assert!(!written.contains("  "), "{written:?}");
    }
}
