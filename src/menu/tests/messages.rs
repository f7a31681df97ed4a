//! Files of messages.

use chrono::NaiveDate;

use super::*;
use crate::types::{MessageKind, Priority, Repeat};

const HOME: (&str, &str) = ("home.yaml", "menu: home\nscreens: {top: {end: \"1\"}}\n");

const CLAIM: &str = r#"
header: EPFOHO
kind: service
messages:
  epfo.claim_sms:
    repeat: harmless
    entity: "1101000000000000001"
    takes: {status: alphanumeric 20, amount: numeric}
    texts:
      en: {template: "1107000000000000001", text: "Your PF claim for Rs {{ amount }} is {{ status }}. -EPFO"}
      hi:
        template: "1107000000000000002"
        text: "Rs {{ amount }} का PF दावा: {{ status }} -EPFO"
        registered: "Rs {#numeric#} का PF दावा: {#alphanumeric#} -EPFO"
      ta: "Rs {{ amount }}: {{ status }}"
  bridge.otp: {kind: transactional, texts: {en: "{{ code }} is your code. -GOV", hi: "{{ code }}", ta: "{{ code }}"}}
  ad: {kind: promotional, header: ADVERT, lives: 2h, texts: {en: "1", hi: "1", ta: "1", hi-Latn: "1"}}
"#;

fn with(messages: &str) -> Program {
    program(&[HOME, ("messages/epfo.yaml", messages)])
}

fn message<'a>(program: &'a Program, name: &str) -> &'a Message {
    program.message(program.message_by_name(name).expect("the message is there"))
}

#[test]
fn a_message_has_what_its_file_says_and_what_stands_at_the_top() {
    let program = with(CLAIM);
    let names: Vec<&str> = program.messages.iter().map(|message| message.name.as_str()).collect();
    assert_eq!(names, ["ad", "bridge.otp", "epfo.claim_sms"]);
    let claim = message(&program, "epfo.claim_sms");
    assert_eq!((claim.header.as_str(), claim.kind, claim.repeat), ("EPFOHO", MessageKind::Service, Repeat::Harmless));
    assert_eq!(claim.entity.as_deref(), Some("1101000000000000001"));
    let taken: Vec<(&str, Tag, u16)> = claim.takes.iter().map(|v| (v.name.as_str(), v.tag, v.max)).collect();
    assert_eq!(taken, [("status", Tag::Alphanumeric, 20), ("amount", Tag::Numeric, 15)]);
    let ad = message(&program, "ad");
    assert_eq!((ad.header.as_str(), ad.kind, ad.lives.as_secs()), ("ADVERT", MessageKind::Promotional, 2 * 3600));
}

#[test]
fn messages_go_out_by_what_they_are() {
    let program = with(CLAIM);
    let otp = program.system_message(SystemMessage::Otp).expect("it is written");
    assert_eq!(program.message(otp).priority, Priority::Otp);
    assert_eq!(program.message(otp).lives.as_secs(), 600, "nobody wants an old password");
    assert_eq!(program.message(otp).takes[0].name, "code");
    assert_eq!(message(&program, "epfo.claim_sms").priority, Priority::Receipt);
    assert_eq!(message(&program, "ad").priority, Priority::Notice);
    assert_eq!(program.system_message(SystemMessage::Paid), None);
}

#[test]
fn what_is_registered_is_written_down_or_derived() {
    let program = with(CLAIM);
    let claim = message(&program, "epfo.claim_sms");
    let written: Vec<String> = claim.registered.iter().map(|registered| registered.written()).collect();
    let english = "Your PF claim for Rs {#numeric#} is {#alphanumeric#}. -EPFO";
    assert_eq!(
        written,
        [
            english,
            "Rs {#numeric#} का PF दावा: {#alphanumeric#} -EPFO",
            // Without a text of its own it falls back, and so does what is registered.
            english,
            "Rs {#numeric#}: {#alphanumeric#}",
        ]
    );
    let templates: Vec<_> = claim.registered.iter().map(|registered| registered.template.as_deref()).collect();
    assert_eq!(
        templates,
        [Some("1107000000000000001"), Some("1107000000000000002"), Some("1107000000000000001"), None]
    );
}

fn claim(language: u16, status: Value, amount: Value) -> Written {
    let program = with(CLAIM);
    message(&program, "epfo.claim_sms").written(&program, LanguageId(language), &[Some(status), Some(amount)])
}

#[test]
fn values_are_written_as_the_registry_wants_them() {
    let written = claim(0, Value::Text("settled".to_owned()), Value::Amount(4_500_000));
    assert_eq!(written.text, "Your PF claim for Rs 45000.00 is settled. -EPFO");
    assert_eq!(written.template.as_deref(), Some("1107000000000000001"));
    let day = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
    assert_eq!(claim(0, Value::Date(day), Value::Number(-7)).text, "Your PF claim for Rs -7 is 05-11-2026. -EPFO");
    // The romanised text is missing: it is the English one, by its own template.
    let fallen = claim(2, Value::Amount(4_500_000), Value::Amount(-5));
    assert_eq!(fallen.text, "Your PF claim for Rs -0.05 is 45,000.00. -EPFO");
    assert_eq!((fallen.language, fallen.template.as_deref()), (LanguageId(0), Some("1107000000000000001")));
}

#[test]
fn nothing_can_be_written_that_is_not_registered() {
    let text = |status: &str| claim(0, Value::Text(status.to_owned()), Value::Number(1)).text;
    let said = |status: &str| format!("Your PF claim for Rs 1 is {status}. -EPFO");
    assert_eq!(text("  on\n the   way "), said("on the way"), "one line, one space");
    assert_eq!(text("<b>12345678901234567890</b>"), said("b 123456789012345678"), "cut at its length");
    assert_eq!(text("निपटाया"), said(&crate::text::to_gsm("निपटाया")), "in the letters of its text");
    assert_eq!(text(" <> "), said("-"), "no hole is empty");
    let hindi = claim(1, Value::YesNo(true), Value::Number(1)).text;
    assert_eq!(hindi, "Rs 1 का PF दावा: Yes -EPFO", "words are the program's own");
    let program = with(CLAIM);
    let written = message(&program, "epfo.claim_sms").written(&program, LanguageId(0), &[]);
    assert_eq!(written.text, "Your PF claim for Rs - is -. -EPFO");
}

#[test]
fn a_variable_takes_what_it_can_hold() {
    let variable = |phrase: &str| {
        let file = format!(
            "header: A\nkind: service\nmessages: {{m: {{takes: {{v: {phrase}}}, texts: {{en: \"{{{{ v }}}}\"}}}}}}"
        );
        message(&with(&file), "m").takes[0].clone()
    };
    let text = |max, letters| Type::Text { max, letters };
    let numeric = variable("numeric 12");
    for ty in [text(12, Letters::Digits), Type::Amount { max: 99_999_999 }, Type::Number { min: 0, max: 99 }] {
        assert!(numeric.takes(&ty), "{ty:?}");
    }
    for ty in [text(13, Letters::Digits), text(3, Letters::Latin), Type::Date, Type::Amount { max: 100_000_000_000 }] {
        assert!(!numeric.takes(&ty), "{ty:?}");
    }
    let latin = variable("alphanumeric 12");
    for ty in [text(12, Letters::Latin), text(2, Letters::Digits), Type::Date, Type::YesNo, Type::Amount { max: 100 }] {
        assert!(latin.takes(&ty), "{ty:?}");
    }
    for ty in [text(12, Letters::Any), text(13, Letters::Latin), Type::Language] {
        assert!(!latin.takes(&ty), "{ty:?}");
    }
    assert!(variable("alphanumeric 12 any").takes(&text(12, Letters::Any)));
    assert!(
        variable("url").takes(&text(40, Letters::Latin)) && !variable("url").takes(&Type::Number { min: 0, max: 1 })
    );
}

/// What is said about files beside the plain menu; that the bridge's own words are not translated is none of it.
fn said(files: &[(&str, &str)]) -> Vec<&'static str> {
    let mut codes = codes_of(&[&[HOME], files].concat());
    let first = codes.iter().position(|code| *code == codes::UNTRANSLATED);
    first.map(|at| codes.remove(at));
    codes
}

#[test]
fn what_is_wrong_with_messages_is_said() {
    let codes = |file: &str| said(&[("messages/a.yaml", file)]);
    let one = |message: &str| codes(&format!("header: ABCDEF\nkind: service\nmessages:\n  {message}\n"));
    let all = "hi: \"1\", ta: \"1\", hi-Latn: \"1\"";
    let english = |text: &str| one(&format!("m: {{texts: {{en: \"{text}\", {all}}}}}"));
    assert_eq!(english("1"), [""; 0]);
    assert_eq!(
        english("{{ v }}"),
        [codes::UNKNOWN_NAME, codes::OTHER_VALUES, codes::OTHER_VALUES, codes::OTHER_VALUES]
    );
    assert_eq!(one("m: {texts: {en: Hello}}"), [codes::UNTRANSLATED]);
    assert_eq!(one("m: {texts: {hi: नमस्ते}}"), [codes::MISSING_KEY]);
    assert_eq!(one(&format!("m: {{texts: {{en: \"1\", fr: \"1\", {all}}}}}")), [codes::UNKNOWN_LANGUAGE]);
    assert_eq!(one(&format!("m: {{takes: {{v: numerik}}, texts: {{en: \"1\", {all}}}}}")), [codes::BAD_TYPE]);
    assert_eq!(one(&format!("m: {{takes: {{v: numeric 41}}, texts: {{en: \"1\", {all}}}}}")), [codes::BAD_TYPE]);
    assert_eq!(one(&format!("m: {{kind: advert, texts: {{en: \"1\", {all}}}}}")), [codes::BAD_VALUE]);
    assert_eq!(one("bridge.otp: {takes: {code: numeric}, texts: {en: \"{{ code }}\"}}"), [codes::KEYS_CLASH]);
    assert_eq!(one(&format!("bridge.opt: {{texts: {{en: \"1\", {all}}}}}")), [codes::UNKNOWN_MESSAGE]);
    let registered = |text: &str| one(&format!("m: {{texts: {{en: {{text: \"1\", registered: \"{text}\"}}, {all}}}}}"));
    assert_eq!(registered("{#numeric#} {#var#} {#number#}"), [""; 0]);
    assert_eq!(registered("{#Numeric#}"), [codes::BAD_REGISTERED]);
    assert_eq!(registered("{#numeric"), [codes::BAD_REGISTERED]);
    assert_eq!(registered("{#"), [codes::BAD_REGISTERED]);
    assert_eq!(codes(&format!("messages: {{m: {{texts: {{en: \"1\", {all}}}}}}}")), [codes::MISSING_KEY; 2]);
    let twice = format!("header: A\nkind: service\nmessages: {{m: {{texts: {{en: \"1\", {all}}}}}}}");
    assert_eq!(said(&[("messages/a.yaml", &twice), ("messages/b.yaml", &twice)]), [codes::TWICE]);
    assert_eq!(said(&[("a.yaml", &twice)]), [codes::UNKNOWN_FILE]);
}

#[test]
fn the_bridges_own_messages_say_what_they_are_for() {
    let one =
        |message: &str| said(&[("messages/a.yaml", &format!("header: A\nkind: service\nmessages:\n  {message}\n"))]);
    let texts = |english: &str, other: &str| {
        format!("{{texts: {{en: \"{english}\", hi: \"{other}\", ta: \"{other}\", hi-Latn: \"{other}\"}}}}")
    };
    let otp = |english: &str, other: &str| one(&format!("bridge.otp: {}", texts(english, other)));
    assert_eq!(otp("{{ code }}", "{{ code | spoken }}"), [codes::OTHER_VALUES; 3]);
    assert_eq!(otp("1", "1"), [codes::LACKS_VALUES; 4]);
    assert_eq!(otp("1", "{{ code }}"), [codes::LACKS_VALUES], "those that are right are not to be changed");
    let paid = "{{ amount }} {{ biller }} {{ account | mask }} {{ date }} {{ time }}";
    assert_eq!(one(&format!("bridge.paid: {}", texts(paid, paid))), [codes::LACKS_VALUES; 4]);
    let paid = format!("{paid} {{{{ transaction }}}}");
    assert_eq!(one(&format!("bridge.paid: {}", texts(&paid, &paid))), [""; 0]);
    let taking = |text: &str| one(&format!("m: {{takes: {{v: numeric, w: numeric}}, {}", &texts(text, text)[1..]));
    assert_eq!(taking("{{ v }} {{ w }}"), [""; 0]);
    assert_eq!(taking("{{ v }}"), [codes::NEVER_SHOWN]);
}
