//! What keywords and missed calls run.

use insta::assert_snapshot;

use super::*;
use crate::menu::compile;
use crate::source::{Files, render};

const SHOP: &str = "department: shop
operations:
  price:
    get: /price
    answer: {rupees: {from: /rupees, number: 99}}
    errors: [{status: 404, name: closed}]
  order: {post: /orders, within: 3s, changes: yes, settled_by: ordered, json: {key: '{{ intent }}'}}
  ordered: {get: '/orders/{{ intent }}', within: 3s}
";

const MESSAGES: &str = "header: GRAMST
kind: government
messages:
  form: {texts: {en: '1'}}
  price: {takes: {rupees: numeric 2}, texts: {en: '{{ rupees }}'}}
  sorry: {texts: {en: '1'}}
  doubtful: {takes: {number: alphanumeric 12}, texts: {en: '{{ number }}'}}
  bridge.unknown: {texts: {en: '1'}}
  bridge.help: {texts: {en: '1'}}
  bridge.stopped: {texts: {en: '1'}}
  bridge.stopped_one: {texts: {en: '{{ header }}'}}
  bridge.started: {texts: {en: '1'}}
  bridge.sorry: {texts: {en: '1'}}
";

const HOME: &str = "menu: home\nscreens:\n  top: {choose: What?, options: {bye: Leave}}\n  bye: {end: Bye}\n";

const PRICE: &str = "menu: price
screens:
  look: {call: shop.price, into: price, next: tell, fails: {closed: sorry, down: sorry, refused: sorry, late: sorry}}
  tell: {send: price, give: {rupees: price.rupees}, next: done}
  sorry: {send: sorry, next: done}
  done: {end: Sent}
";

const SMS: &str = "sms: [{keyword: PRICE, run: price, form: form}]\n";

fn found(entries: &str, messages: &str, menus: &[&str]) -> String {
    found_in(SHOP, HOME, entries, messages, menus)
}

fn found_at(shop: &str, entries: &str, messages: &str, menus: &[&str]) -> String {
    found_in(shop, HOME, entries, messages, menus)
}

fn found_beside(home: &str, entries: &str, messages: &str, menus: &[&str]) -> String {
    found_in(SHOP, home, entries, messages, menus)
}

fn found_in(shop: &str, home: &str, entries: &str, messages: &str, menus: &[&str]) -> String {
    let mut files = Files::default();
    files.add("bridge.yaml", format!("languages: {{en: English}}\nussd: {{\"*1#\": home}}\n{entries}"));
    files.add("departments/shop.yaml", shop);
    files.add("messages/all.yaml", messages);
    for (at, text) in std::iter::once(&home).chain(menus).enumerate() {
        files.add(format!("{at}.yaml"), *text);
    }
    let (program, findings) = compile(&files);
    found_lines(&program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false))))
}

fn price(from: &str, to: &str) -> String {
    assert!(PRICE.contains(from), "{from}");
    found(SMS, MESSAGES, &[&PRICE.replace(from, to)])
}

#[test]
fn each_way_sends_a_message() {
    assert_snapshot!(found(SMS, MESSAGES, &[PRICE]), @"");
    assert_snapshot!(price(", late: sorry", ""), @"P061 what the keyword `PRICE` runs may send nothing: `price/look` does not say where `late` leads");
    assert_snapshot!(price("closed: sorry, ", ""), @"P061 what the keyword `PRICE` runs may send nothing: `price/look` does not say where `closed` leads");
    assert_snapshot!(price("{send: sorry, next: done}", "{set: {language: language}, next: done}"), @"P061 what the keyword `PRICE` runs may send nothing: `price/done` ends, and what it says is not sent");
    assert_snapshot!(found("missed_call: {\"1921\": {run: price}}\n", MESSAGES, &[&PRICE.replace(", late: sorry", "")]), @"P061 what a missed call to 1921 runs may send nothing: `price/look` does not say where `late` leads");
}

#[test]
fn who_does_not_know_what_was_done_is_sent_the_receipt_number() {
    let sold = "menu: price
screens:
  look: {call: shop.book, next: sorry, fails: {none: sorry, down: sorry, refused: sorry, late: sorry, unknown: doubt}}
  doubt: {send: told, give: {number: receipt}, next: done}
  sorry: {send: sorry, next: done}
  done: {end: Sent}
";
    let with = |menu: &str| {
        let shop = "  book: {post: /book, changes: yes, settled_by: state, json: {number: \"1\"}, errors: [{status: 404, name: none}]}
  state: {get: \"/book/{{ intent }}\", errors: [{status: 404, name: none}]}
";
        let told = "  told: {takes: {number: alphanumeric 12}, texts: {en: '{{ number }}'}}\n";
        found_at(&format!("{SHOP}{shop}"), SMS, &format!("{MESSAGES}{told}"), &[menu])
    };
    assert_snapshot!(with(sold), @"P067 `price/look` changes something for who texts or rings, and says nothing when its answer is lost");
    let number = "{send: told, give: {number: receipt}, next: done}";
    assert_snapshot!(with(&sold.replace(number, "{send: sorry, next: done}")), @"P067 `price/look` changes something for who texts or rings, and says nothing when its answer is lost");
}

#[test]
fn a_fault_of_a_menu_is_said_once_however_many_keywords_run_it() {
    let sms = "sms: [{keyword: PRICE, run: price, form: form}, {keyword: RATE, run: price, form: form}]\nmissed_call: {\"1921\": {run: price}}\n";
    let silent = PRICE.replace(", late: sorry", "");
    assert_snapshot!(found(sms, MESSAGES, &[&silent]), @"P061 what the keyword `PRICE` runs may send nothing: `price/look` does not say where `late` leads");
}

#[test]
fn remedies_say_what_helps() {
    let entries = "sms: [{keyword: PRICE, also: [RATE, Stop], run: price, form: form}]\n";
    let mut files = Files::default();
    files.add("bridge.yaml", format!("languages: {{en: English}}\nussd: {{\"*1#\": home}}\n{entries}"));
    files.add("departments/shop.yaml", SHOP);
    files.add("messages/all.yaml", MESSAGES);
    files.add("home.yaml", HOME);
    files.add("price.yaml", PRICE.replace(", late: sorry", ""));
    let (program, findings) = compile(&files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
    let said: Vec<(String, String)> = check(&program, &[])
        .findings
        .into_iter()
        .map(|finding| {
            let at = finding.span.start as usize..finding.span.end as usize;
            let file = files.get(finding.span.file);
            (file.text[at].to_owned(), finding.remedy)
        })
        .collect();
    let said: Vec<(&str, &str)> = said.iter().map(|(at, remedy)| (at.as_str(), remedy.as_str())).collect();
    assert_eq!(
        said,
        [
            ("PRICE", "add `late: …` to its `fails`, with a screen that sends something"),
            ("Stop", "choose another word, or take this one out of `stop_words`, `start_words` or `help_words`"),
        ]
    );
}

#[test]
fn nothing_is_asked() {
    assert_snapshot!(price("{end: Sent}", "{show: Sent, next: done}"), @r#"
    P060 what the keyword `PRICE` runs asks something: `price/done`
    P003 the dialogue cannot end from `price/done`
    "#);
    assert_snapshot!(price("give: {rupees: price.rupees}, next: done", "give: {rupees: price.rupees}, next: home"), @"P060 what the keyword `PRICE` runs asks something: `home/top`");
    assert_snapshot!(price("give: {rupees: price.rupees}, next: done", "give: {rupees: price.rupees}, next: back"), @r#"
    P060 what the keyword `PRICE` runs asks something: `home/top`
    P003 the dialogue cannot end from `price/tell`
    "#);
}

#[test]
fn what_is_run_on_the_way_counts() {
    let outer = "menu: price\nscreens:\n  first: {run: inner, next: done}\n  done: {end: Sent}\n";
    let inner = |screens: &str| format!("menu: inner\nscreens:\n{screens}");
    let with = |screens: &str| found(SMS, MESSAGES, &[outer, &inner(screens)]);
    assert_snapshot!(with("  tell: {send: sorry, next: return}\n"), @"");
    assert_snapshot!(with("  tell: {set: {language: language}, next: return}\n"), @"P061 what the keyword `PRICE` runs may send nothing: `price/done` ends, and what it says is not sent");
    assert_snapshot!(with("  tell: {show: Hello, next: return}\n"), @"P060 what the keyword `PRICE` runs asks something: `inner/tell`");
    let late = outer.replace(
        "first: {run: inner, next: done}",
        "first: {run: inner, next: tell}\n  tell: {send: sorry, next: done}",
    );
    assert_snapshot!(found(SMS, MESSAGES, &[&late, &inner("  quiet: {set: {language: language}, next: return}\n")]), @"");
}

#[test]
fn texts_are_told_apart_and_answered() {
    let weather = "menu: price\ntakes: {a: text 9, b: text 9}\nscreens:\n  tell: {send: sorry, next: done}\n  done: {end: \"{{ a }}{{ b }}\"}\n";
    let args = "sms: [{keyword: PRICE, args: {a: {text: 9}, b: {text: 9}}, run: price, form: form}]\n";
    assert_snapshot!(found(args, MESSAGES, &[weather]), @"P062 where `a` ends and `b` begins nobody can tell");
    assert_snapshot!(found(&SMS.replace("PRICE", "S.T.O.P"), MESSAGES, &[PRICE]), @"P063 `S.T.O.P` is a word for STOP, START or HELP, which comes first");
    let few = MESSAGES.replace("  bridge.help: {texts: {en: '1'}}\n  bridge.stopped: {texts: {en: '1'}}\n", "");
    assert_snapshot!(found(SMS, &few, &[PRICE]), @"P064 people can text, but nothing answers them: bridge.help, bridge.stopped not written");
    assert_snapshot!(found("", "messages: {}".replace("{}", "{a: {header: A, kind: service, texts: {en: '1'}}}").as_str(), &[]), @"");
}

#[test]
fn keywords_are_not_easily_taken_for_others() {
    let two = |one: &str, other: &str| {
        let keyword = |word: &str| format!("{{keyword: {word}, run: price, form: form}}");
        found(&format!("sms: [{}, {}]\n", keyword(one), keyword(other)), MESSAGES, &[PRICE])
    };
    assert_snapshot!(two("PRICE", "RATE"), @"");
    assert_snapshot!(two("GVID", "RVID"), @"");
    assert_snapshot!(two("PNR", "RATE, also: [PMR]"), @"P072 `PNR` and `PMR` are one slip apart: who mistypes one gets the other's answer");
    assert_snapshot!(two("PDS 101", "PDS 102"), @"");
    assert_snapshot!(two("PRICE", "RATE, also: [B]"), @"P071 `B` is one letter, which many texts have that mean something else");
    assert_snapshot!(two("PRICE", "RATE, also: [PRICES, RATES]"), @"P072 `PRICE` and `PRICES` are one slip apart: who mistypes one gets the other's answer");
}

#[test]
fn what_somebody_waits_for_is_not_promotional() {
    let promotional = |message: &str| {
        let wanted = format!("  {message}: {{");
        assert!(MESSAGES.contains(&wanted), "{message}");
        MESSAGES.replace(&wanted, &format!("{wanted}kind: promotional, "))
    };
    assert_snapshot!(found(SMS, &promotional("sorry"), &[PRICE]), @"P069 `sorry` answers a text, and is promotional: it would wait until 10:00, or never come");
    assert_snapshot!(found(SMS, &promotional("form"), &[PRICE]), @"P069 `form` answers a text, and is promotional: it would wait until 10:00, or never come");
    assert_snapshot!(found(SMS, &promotional("bridge.help"), &[PRICE]), @"P069 `bridge.help` is sent by the bridge itself, and is promotional: it would wait until 10:00, or never come");
    let missed = "missed_call: {\"1921\": {send: sorry}}\n";
    assert_snapshot!(found(missed, &promotional("sorry"), &[]), @"P069 `sorry` answers a missed call, and is promotional: it would wait until 10:00, or never come");
    let late = "menu: late\nscreens:\n  top: {choose: What?, options: {look: Look}}\n  look: {call: shop.price, into: price, next: bye, late: \
                {answer: price, failed: sorry}}\n  bye: {end: Bye}\n";
    let home = HOME.replace("bye: Leave", "bye: Leave, late: Price");
    let told = |message: &str| found_beside(&home, "", &promotional(message), &[late]);
    assert_snapshot!(told("price"), @"P069 `price` brings a late answer, and is promotional: it would wait until 10:00, or never come");
    assert_snapshot!(told("sorry"), @"P069 `sorry` brings a late answer, and is promotional: it would wait until 10:00, or never come");
    assert_snapshot!(found("", &promotional("sorry"), &[]), @"");
}

#[test]
fn what_changes_something_is_not_late_and_its_message_has_the_receipt_number() {
    let order = "menu: price
screens:
  order: {call: shop.order, next: tell, fails: {down: sorry, refused: sorry, unknown: doubtful}}
  tell: {send: sorry, next: done}
  sorry: {send: sorry, next: done}
  doubtful: {send: doubtful, give: {number: receipt}, next: done}
  done: {end: Sent}
";
    assert_snapshot!(found(SMS, MESSAGES, &[order]), @"P067 `price/order` changes something for who texts or rings, and says nothing when its answer is lost");
    let silent = order.replace("unknown: doubtful", "unknown: tell");
    let silent = silent.replace("  doubtful: {send: doubtful, give: {number: receipt}, next: done}\n", "");
    assert_snapshot!(found(SMS, MESSAGES, &[&silent]), @"P067 `price/order` changes something for who texts or rings, and says nothing when its answer is lost");
    // On a screen the page itself can show it, where no message has.
    let dialled = HOME.replace("bye: Leave", "bye: Leave, price: Order");
    assert_snapshot!(found_beside(&dialled, "", MESSAGES, &[order]), @"");
    assert_snapshot!(found_beside(&dialled, "", MESSAGES, &[&silent]), @"P043 `done` is shown when the answer of `shop.order` is lost, without the receipt number");
    let shown = silent.replace("end: Sent", "end: 'Sent {{ receipt }}'");
    assert_snapshot!(found_beside(&dialled, "", MESSAGES, &[&shown]), @"");
}
