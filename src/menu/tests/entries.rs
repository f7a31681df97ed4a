//! Keywords and missed calls.

use super::*;
use crate::text::fold;

const MESSAGES: &str = r#"
header: GRAMST
kind: government
messages:
  form: {texts: {en: "1", hi: "1", hi-Latn: "1", ta: "1"}}
  link: {takes: {link: url}, texts: {en: "{{ link }}", hi: "{{ link }}", hi-Latn: "{{ link }}", ta: "{{ link }}"}}
  taking: {takes: {one: numeric}, texts: {en: "{{ one }}", hi: "{{ one }}", hi-Latn: "{{ one }}", ta: "{{ one }}"}}
"#;

const RAIL: &str = "menu: rail\ntakes: {pnr: digits 10}\nscreens: {top: {end: \"{{ pnr }}\"}}\n";

fn all(entries: &str) -> [(&'static str, String); 5] {
    let languages = "languages: {en: English, hi: {name: हिन्दी, also: [HIN]}, hi-Latn: Hindi, ta: தமிழ்}";
    [
        ("bridge.yaml", format!("{languages}\nussd: {{\"*1#\": home}}\n{entries}")),
        ("home.yaml", "menu: home\nscreens: {top: {end: \"1\"}}\n".to_owned()),
        ("rail.yaml", RAIL.to_owned()),
        ("messages/all.yaml", MESSAGES.to_owned()),
        (
            "departments/shop.yaml",
            "department: shop\noperations:\n  order: {post: /o, changes: yes, settled_by: told, json: {key: \"{{ intent }}\"}}\n  \
             told: {get: \"/o/{{ intent }}\"}\n"
                .to_owned(),
        ),
    ]
}

fn files(entries: &str, more: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    for (path, text) in all(entries) {
        files.add(path, text);
    }
    for (path, text) in more {
        files.add(*path, *text);
    }
    files
}

fn with(entries: &str) -> Program {
    let files = files(entries, &[]);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

/// The codes of what is wrong with such entries; the bridge's own words are not translated.
fn wrong(entries: &str) -> Vec<&'static str> {
    let findings = compile(&files(entries, &[])).1;
    findings.into_iter().filter(Diagnostic::is_error).map(|finding| finding.code).collect()
}

#[test]
fn keywords_have_what_the_bridge_says_of_them() {
    let program = with(
        "sms:\n  - {keyword: pnr  status, also: [पीएनआर], args: {pnr: {digits: 10}, lang: {language: optional}}, \
         run: rail, form: form}\n  - {keyword: HOME, run: home, form: form}\n",
    );
    let [pnr, home] = program.keywords.as_slice() else { panic!("two keywords") };
    assert_eq!(pnr.text, "pnr status");
    assert_eq!(pnr.forms, ["pnrstatus", "पीएनआर", "pienaaar"].map(Box::from), "in Latin letters, too");
    assert!(matches!(pnr.args[0].takes, ArgumentKind::Value(Accept::Digits { min: 10, max: 10 }, SlotId(0))));
    assert!(matches!(pnr.args[1].takes, ArgumentKind::Language) && pnr.args[1].optional && !pnr.args[0].optional);
    assert_eq!(
        (&program.menu(pnr.run).name, &program.message(pnr.form).name),
        (&"rail".to_owned(), &"form".to_owned())
    );
    assert_eq!(home.args.len(), 0);
}

#[test]
fn missed_calls_are_known_however_their_number_is_written() {
    let program = with(
        "missed_call:\n  \"9718397183\": {send: link, once_in: 2h}\n  \"1921\": {call_back: home}\n  \
         \"01122901406\": {run: home}\nshort_links: {app: {else: \"https://a.example\"}}\n",
    );
    let link = program.missed_call("+91 97183-97183").expect("with the country");
    assert_eq!(
        (link.action, link.once_in.as_secs()),
        (MissedCallAction::Send { message: MessageId(1), link: Some(ShortLinkId(0)) }, 7200)
    );
    assert_eq!(program.missed_call("09718397183").map(|call| call.action), Some(link.action));
    let home = MissedCallAction::CallBack(program.home);
    assert_eq!(program.missed_call("1921").map(|call| (call.action, call.once_in.as_secs())), Some((home, 3600)));
    let run = MissedCallAction::Run(program.home);
    assert_eq!(program.missed_call("911122901406").map(|call| call.action), Some(run));
    for other in ["91921", "21", "", "9718397184", "+"] {
        assert!(program.missed_call(other).is_none(), "{other}");
    }
}

#[test]
fn languages_are_named_by_their_words() {
    let program = with("");
    for word in ["HIN", "hi", "हिन्दी", "hindi"] {
        assert!(
            program.language_by_word(&fold(word)).is_some_and(|id| program.language(id).code.starts_with("hi")),
            "{word}"
        );
    }
    assert_eq!(program.language_by_word(&fold("English")), Some(LanguageId(0)));
    assert_eq!((program.language_by_word(""), program.language_by_word("tel")), (None, None));
}

#[test]
fn a_keyword_changes_something_when_what_it_runs_does() {
    let order = "menu: order\nscreens:\n  top: {call: shop.order, next: done, fails: {unknown: doubtful}}\n  \
                 done: {end: \"1\"}\n  doubtful: {end: \"{{ receipt }}\"}\n";
    let sms = "sms: [{keyword: ORDER, run: order, form: form}, {keyword: HOME, run: home, form: form}]\n";
    let files = files(sms, &[("order.yaml", order)]);
    let (program, findings) = compile(&files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
    assert_eq!(program.keywords.iter().map(|keyword| keyword.changes).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn the_words_for_commands_are_those_of_all_languages() {
    let hindi = "language: hi\nsystem: {stop_words: \"रोको, बंद\", help_words: \"stop, मदद\"}\nof: {}\n";
    let mut files = files("", &[("system.hi.yaml", hindi)]);
    let (id, _) = files.iter().find(|(_, file)| file.path == "system.hi.yaml").expect("it is there");
    let stamped = stamp(&files, id, true).expect("it can be stamped").text;
    files = self::files("", &[("system.hi.yaml", &stamped)]);
    let (program, _) = compile(&files);
    let words = program.expect("a program").command_words;
    for (word, command) in
        [("stop", Command::Stop), ("बंद", Command::Stop), ("start", Command::Start), ("मदद", Command::Help)]
    {
        assert_eq!(words.command(&fold(word)), Some(command), "{word}");
    }
    assert_eq!(words.command("stopped"), None);
}

#[test]
fn what_is_wrong_with_keywords_is_said() {
    let one = |keyword: &str| wrong(&format!("sms: [{{{keyword}}}]\n"));
    let digits = "args: {pnr: {digits: 10}}, run: rail, form: form";
    assert_eq!(one(&format!("keyword: PNR, {digits}")), [""; 0]);
    assert_eq!(one(&format!("keyword: PNR, also: [p-nr], {digits}")), [codes::TWICE]);
    assert_eq!(one(&format!("keyword: \"1921\", {digits}")), [codes::BAD_VALUE]);
    assert_eq!(one("keyword: PNR, run: rail, form: form"), [codes::ARGUMENTS]);
    assert_eq!(one("keyword: PNR, args: {pnr: {digits: 11}}, run: rail, form: form"), [codes::WRONG_TYPE]);
    let two = "args: {pnr: {digits: 10}, pmr: phone}, run: rail, form: form";
    assert_eq!(one(&format!("keyword: PNR, {two}")), [codes::ARGUMENTS]);
    let languages = "args: {a: language, b: {language: yes}}, run: home, form: form";
    assert_eq!(one(&format!("keyword: PNR, {languages}")), [codes::ARGUMENTS]);
    assert_eq!(one("keyword: PNR, run: hime, form: form"), [codes::UNKNOWN_MENU]);
    assert_eq!(one("keyword: PNR, run: home, form: from"), [codes::UNKNOWN_MESSAGE]);
    assert_eq!(one("keyword: PNR, run: home, form: link"), [codes::MESSAGE_TAKES]);
    assert_eq!(one("keyword: PNR, run: home"), [codes::MISSING_KEY]);
    assert_eq!(one("keyword: PNR, args: {lang: {language: no}}, run: home, form: form"), [codes::BAD_VALUE]);
    assert_eq!(one("keyword: PNR, args: {lang: {}}, run: home, form: form"), [codes::MISSING_KEY]);
}

#[test]
fn what_is_wrong_with_missed_calls_is_said() {
    let one = |call: &str| wrong(&format!("missed_call: {{{call}}}\n"));
    let linked = |call: &str, links: &str| wrong(&format!("missed_call: {{{call}}}\nshort_links: {{{links}}}\n"));
    let (app, shop) =
        ("app: {else: \"https://a.example\"}", "shop: {else: \"https://b.example\", kaios: \"http://c.example/x\"}");
    let send = "\"9718397183\": {send: link}";
    assert_eq!(linked(send, app), [""; 0]);
    assert_eq!(one(send), [codes::MESSAGE_TAKES], "no link at all");
    assert_eq!(linked(send, &format!("{app}, {shop}")), [codes::MESSAGE_TAKES], "which of them");
    assert_eq!(linked("\"9718397183\": {send: link, link: shop}", &format!("{app}, {shop}")), [""; 0]);
    assert_eq!(linked("\"9718397183\": {send: link, link: shops}", &format!("{app}, {shop}")), [codes::BAD_VALUE]);
    assert_eq!(linked("\"9718397183\": {send: form, link: app}", app), [codes::MESSAGE_TAKES]);
    assert_eq!(linked("\"9718397183\": {run: home, link: app}", app), [codes::UNKNOWN_KEY]);
    assert_eq!(linked(send, "app: {else: \"store.example/app\"}"), [codes::MESSAGE_TAKES, codes::BAD_VALUE]);
    assert_eq!(linked(send, "app: {else: \"https://a.example\", lives: 400d}"), [codes::BAD_VALUE]);
    assert_eq!(linked(send, "app: {kaios: \"https://a.example\"}"), [codes::MESSAGE_TAKES, codes::MISSING_KEY]);
    assert_eq!(one("\"9718397183\": {send: taking}"), [codes::MESSAGE_TAKES]);
    assert_eq!(one("\"97183-97183\": {send: link}"), [codes::BAD_VALUE]);
    assert_eq!(one("\"9718397183\": {run: rail}"), [codes::MENU_TAKES]);
    let two = |other: &str| linked(&format!("{send}, \"{other}\": {{run: home}}"), app);
    for same in ["919718397183", "09718397183", "00919718397183"] {
        assert_eq!(two(same), [codes::TWICE], "{same} rings at the same place");
    }
    assert_eq!(two("9718397184"), [""; 0]);
    assert_eq!(linked("\"9718397183\": {send: link, run: home}", app), [codes::KEYS_CLASH]);
    assert_eq!(one("\"9718397183\": {once_in: 1h}"), [codes::MISSING_KEY]);
    assert_eq!(one("\"9718397183\": {call_back: home, once_in: 8d}"), [codes::BAD_VALUE]);
}
