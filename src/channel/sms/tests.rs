use proptest::prelude::*;

use super::*;
use crate::menu::{compile, stamp};
use crate::source::{Files, render};

const BRIDGE: &str = r#"
languages:
  en: {name: English, also: [ENG]}
  hi: {name: हिन्दी, also: [HIN, HINDI]}
ussd: {"*1#": home}
sms:
  - keyword: EPFOHO UAN
    also: [EPFOHO]
    args: {uan: {digits: 12, optional: yes}, lang: {language: optional}}
    run: epfo
    form: form
  - {keyword: PNR, also: [पीएनआर], args: {pnr: {digits: 10}}, run: rail, form: form}
  - {keyword: ECI, args: {epic: {pattern: "[A-Z]{3}[0-9]{7}"}}, run: voter, form: form}
  - {keyword: GVID, args: {last: {digits: 4}}, run: last, form: form}
  - {keyword: RVID, args: {last: {digits: 4}}, run: last, form: form}
  - {keyword: PDS 101, run: home, form: form}
  - {keyword: PDS 102, run: home, form: form}
  - {keyword: BAL, run: home, form: form}
  - {keyword: राशन, run: home, form: form}
  - {keyword: WEATHER, args: {place: {text: 20}, day: {date: yes, optional: yes}}, run: weather, form: form}
  - {keyword: PAY STATUS, args: {last: {digits: 4}}, run: last, form: form}
  - {keyword: REFILL, run: refill, form: form}
  - {keyword: CYLINDER, args: {note: {text: 60}}, run: cylinder, form: form}
  - {keyword: BOTTLE, args: {last: {digits: 4}}, run: bottle, form: form}
  - {keyword: SEAT, args: {train: {digits: 5}, day: date, from: {text: 4}}, run: seat, form: form}
"#;

const MENUS: [(&str, &str); 11] = [
    ("home.yaml", "menu: home\nscreens: {top: {end: \"1\"}}\n"),
    ("epfo.yaml", "menu: epfo\ntakes: {uan: digits 12}\nscreens: {top: {end: \"{{ uan }}\"}}\n"),
    ("rail.yaml", "menu: rail\ntakes: {pnr: digits 10}\nscreens: {top: {end: \"{{ pnr }}\"}}\n"),
    ("voter.yaml", "menu: voter\ntakes: {epic: latin 10}\nscreens: {top: {end: \"{{ epic }}\"}}\n"),
    ("last.yaml", "menu: last\ntakes: {last: digits 4}\nscreens: {top: {end: \"{{ last }}\"}}\n"),
    (
        "weather.yaml",
        "menu: weather\ntakes: {place: text 20, day: date}\nscreens: {top: {end: \"{{ place }} {{ day }}\"}}\n",
    ),
    (
        "seat.yaml",
        "menu: seat\ntakes: {train: digits 5, day: date, from: text 4}\nscreens: {top: {end: \"{{ train }} {{ from }} {{ day }}\"}}\n",
    ),
    (
        "refill.yaml",
        "menu: refill\nscreens:\n  top: {call: shop.order, next: done, fails: {unknown: done}}\n  done: {end: \"1\"}\n",
    ),
    (
        "cylinder.yaml",
        "menu: cylinder\ntakes: {note: text 60}\nscreens:\n  top: {call: shop.order, next: done, fails: {unknown: done}}\n  \
         done: {end: \"{{ note }}\"}\n",
    ),
    (
        "bottle.yaml",
        "menu: bottle\ntakes: {last: digits 4}\nscreens:\n  top: {call: shop.order, next: done, fails: {unknown: done}}\n  \
         done: {end: \"{{ last }}\"}\n",
    ),
    (
        "departments/shop.yaml",
        "department: shop\noperations:\n  order: {post: /o, changes: yes, settled_by: told, json: {key: \"{{ intent }}\"}}\n  \
         told: {get: \"/o/{{ intent }}\"}\n",
    ),
];

const MESSAGES: &str = "header: EPFOHO\nkind: government\nmessages: {form: {texts: {en: \"1\", hi: \"1\"}}}\n";

const HINDI: &str = "language: hi\nsystem: {stop_words: \"रोको, बंद, बंद करो\"}\nof: {}\n";

fn program() -> Program {
    let mut files = Files::default();
    let hindi = files.add("system.hi.yaml", HINDI);
    let stamped = stamp(&files, hindi, true).expect("it can be stamped").text;
    let mut files = Files::default();
    files.add("bridge.yaml", BRIDGE);
    files.add("system.hi.yaml", stamped);
    files.add("messages/all.yaml", MESSAGES);
    for (path, text) in MENUS {
        files.add(path, text);
    }
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

thread_local! {
    static PROGRAM: Program = program();
}

fn heard(text: &str) -> Heard {
    let today = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
    PROGRAM.with(|program| read(program, text, today))
}

/// What was heard, in short: `PNR 1234567890`, `EPFOHO UAN - hi`, `wrong PNR`, `Stop`, `nothing`.
fn said(text: &str) -> String {
    let value = |value: &Option<Value>| match value {
        None => "-".to_owned(),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Date(day)) => day.to_string(),
        Some(other) => format!("{other:?}"),
    };
    PROGRAM.with(|program| match heard(text) {
        Heard::Keyword(found) => {
            let mut all = vec![program.keyword(found.keyword).text.clone()];
            all.extend(found.values.iter().map(value));
            all.extend(found.language.map(|id| program.language(id).code.clone()));
            all.join(" ")
        }
        Heard::WrongForm { keyword } => format!("wrong {}", program.keyword(keyword).text),
        Heard::Command { command, header } => {
            [Some(format!("{command:?}")), header].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Heard::Nothing => "nothing".to_owned(),
    })
}

fn all_say(texts: &[&str], expected: &str) {
    for text in texts {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn the_grammars_that_people_know_are_understood() {
    all_say(&["EPFOHO UAN HIN", "EPFOHO UAN Hindi", "epfoho uan हिन्दी", "EPFOHO HIN"], "EPFOHO UAN - hi");
    all_say(
        &["EPFOHO 104817602330 HIN", "EPFOHO UAN 104817602330 HIN", "EPFOHO HIN 1048 1760 2330"],
        "EPFOHO UAN 104817602330 hi",
    );
    all_say(&["EPFOHO UAN", "EPFOHO"], "EPFOHO UAN -");
    all_say(&["PNR 1234567890"], "PNR 1234567890");
    all_say(&["ECI ABC1234567", "eci abc 1234567"], "ECI ABC1234567");
    all_say(&["GVID 9123"], "GVID 9123");
    all_say(&["PDS 101", "PDS101", "pds-101", "PDS 10 1"], "PDS 101");
    all_say(&["BAL", "Bal.", " bal ", "B A L"], "BAL");
    all_say(&["PAY STATUS 1234"], "PAY STATUS 1234");
}

#[test]
fn case_spaces_and_marks_do_not_count() {
    let texts = [
        "PNR1234567890",
        "pnr 1234567890",
        "  Pnr   12345 67890 ",
        "PNR:1234567890",
        "PNR - 1234567890.",
        "P N R 1234567890",
        "\"PNR 1234567890\"",
        "PNR#1234567890#",
        "PNR\n1234567890",
        "pnr,123-456-7890",
    ];
    all_say(&texts, "PNR 1234567890");
    all_say(&["EPFOHOUANHIN", "epfoho uanhin", "EPFOHO_UAN_HIN"], "EPFOHO UAN - hi");
    all_say(&["ECIABC1234567"], "ECI ABC1234567");
}

#[test]
fn native_script_and_digits_do_as_well() {
    all_say(&["PNR १२३४५६७८९०", "पीएनआर 1234567890", "पीएनआर१२३४५६७८९०", "पी एन आर 1234567890"], "PNR 1234567890");
    all_say(&["राशन", "raashan", "Rashan"], "राशन");
    all_say(&["WEATHER भोपाल"], "WEATHER भोपाल -");
}

#[test]
fn arguments_stand_in_any_order_that_leaves_no_doubt() {
    all_say(&["1234567890 PNR", "1234567890, pnr"], "PNR 1234567890");
    all_say(&["HIN EPFOHO UAN", "HIN, EPFOHO UAN"], "EPFOHO UAN - hi");
    all_say(&["EPFOHO UAN HIN 104817602330", "104817602330 EPFOHO UAN HIN"], "EPFOHO UAN 104817602330 hi");
}

#[test]
fn one_slip_is_forgiven_where_it_means_one_thing() {
    all_say(&["PNT 1234567890", "PNNR 1234567890", "NPR 1234567890", "PN 1234567890"], "PNR 1234567890");
    all_say(&["EPFHO UAN HIN", "EPFOHO AUN HIN", "EPFOHO UAM HIN"], "EPFOHO UAN - hi");
    all_say(&["WEATER Bhopal"], "WEATHER Bhopal -");
}

#[test]
fn no_slip_is_forgiven_where_it_could_mean_another() {
    // One letter between them.
    all_say(&["SVID 9123", "GVD 9123"], "nothing");
    // One digit off is another number.
    all_say(&["PDS 103", "PDS 10"], "nothing");
    // It books a refill.
    all_say(&["REFIL", "REFILLL"], "nothing");
    all_say(&["REFILL"], "REFILL");
    all_say(&["REFILLS"], "nothing");
    all_say(&["I do not want a refill", "no refill", "REFILL2"], "wrong REFILL");
    all_say(&["CYLINDER today"], "CYLINDER today");
    all_say(&["I do not want a cylinder today", "today cylinder"], "wrong CYLINDER");
    all_say(&["BOTTLE 9123", "9123 bottle", "bottle9123"], "BOTTLE 9123");
    all_say(&["I want no bottle 9123"], "wrong BOTTLE");
    all_say(&["bottles 9123"], "nothing");
    // Three letters without anything behind them are too many other words.
    all_say(&["BAD", "BALL", "ALL"], "nothing");
    all_say(&["PNT", "PNT 12"], "nothing");
}

#[test]
fn who_gets_the_form_wrong_is_told_the_right_one() {
    all_say(&["PNR", "PNR 123", "PNR 12345678901", "pnr please", "PNR 1234567890 please"], "wrong PNR");
    all_say(&["ECI", "ECI 1234567"], "wrong ECI");
    all_say(&["GVID"], "wrong GVID");
    all_say(&["BAL please"], "wrong BAL");
    // Longer keywords are not taken apart into shorter ones.
    all_say(&["PAY STATUS"], "wrong PAY STATUS");
    all_say(&["WEATER"], "wrong WEATHER");
}

#[test]
fn what_is_no_keyword_is_nothing() {
    for text in ["", "  ", "?", "hello", "1234567890", "balance", "pnrx", "PNRs are 1234567890 long", "😀", "\u{0}"] {
        assert_eq!(said(text), "nothing", "{text}");
    }
    assert_eq!(said(&format!("PNR {}", "1".repeat(1000))), "nothing");
}

#[test]
fn commands_come_before_everything() {
    all_say(
        &["STOP", "stop.", "Stop!", "S T O P", "STOP STOP", "unsubscribe", "stop sending me this", "STOP PNR"],
        "Stop",
    );
    all_say(&["STOP EPFOHO", "stop epfo-ho"], "Stop EPFOHO");
    all_say(&["START"], "Start");
    all_say(&["HELP", "help?"], "Help");
    all_say(&["Stop sending me these messages", "STOP SENDING"], "Stop");
    all_say(&["help me with my pension", "stop wasting the money of the people", "please stop it"], "nothing");
    // "Is the shop closed?"
    all_say(&["बंद", "बंद करो।", "रोको!"], "Stop");
    all_say(&["बंद है क्या", "दुकान बंद है", "रोको भाई"], "nothing");
}

#[test]
fn free_text_takes_what_is_left() {
    all_say(&["WEATHER New Delhi"], "WEATHER New Delhi -");
    all_say(&["WEATHER New Delhi 06-11-2026", "WEATHER 06-11-2026 New Delhi"], "WEATHER New Delhi 2026-11-06");
    all_say(&["SEAT 12555 05-11-2026 NDLS", "SEAT NDLS 12555 05/11/26"], "SEAT 12555 2026-11-05 NDLS");
    // Which of the two numbers is the train?
    all_say(&["SEAT 12555 051126 1234567"], "wrong SEAT");
}

/// What people put between letters and words.
fn gap() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "  ", "-", ".", ", ", "\n", " : ", "\u{a0}"]).prop_map(str::to_owned)
}

fn spaced(words: &[&str], gaps: &[String], capitals: &[bool]) -> String {
    let mut out = String::new();
    for ((word, gap), capital) in words.iter().zip(gaps).zip(capitals) {
        out.push_str(gap);
        out.push_str(&if *capital { word.to_uppercase() } else { word.to_lowercase() });
    }
    out
}

#[test]
fn who_texts_what_is_dialled_or_answered_asks_for_a_menu() {
    let asks = |text: &str| PROGRAM.with(|program| asks_for_a_menu(program, text));
    for text in ["*1#", " *1*4*2# ", "1*4", "1", "98", "२", "00", "012"] {
        assert!(asks(text), "{text}");
        assert_eq!(heard(text), Heard::Nothing, "{text}");
    }
    for text in ["", "*2#", "*", "#", "1234", "1.", "one", "*1#x", "9812345670"] {
        assert!(!asks(text), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in ".{0,60}|[A-Za-z0-9 अ-ह०-९.,#-]{0,60}") {
        heard(&text);
    }

    /// The right form, however it is set apart and in whatever letters.
    #[test]
    fn the_right_form_is_always_its_keyword(
        which in 0..6_usize, number in "[1-9][0-9]{9}", gaps in prop::collection::vec(gap(), 4),
        capitals in prop::collection::vec(any::<bool>(), 4),
    ) {
        let epic = format!("ABC{}", &number[3..]);
        let (words, expected) = match which {
            0 => (vec!["PNR", &number], format!("PNR {number}")),
            1 => (vec!["EPFOHO", "UAN", "HIN"], "EPFOHO UAN - hi".to_owned()),
            2 => (vec!["ECI", &epic], format!("ECI {epic}")),
            3 => (vec!["GVID", &number[6..]], format!("GVID {}", &number[6..])),
            4 => (vec!["PDS", "101"], "PDS 101".to_owned()),
            _ => (vec!["PAY", "STATUS", &number[..4]], format!("PAY STATUS {}", &number[..4])),
        };
        prop_assert_eq!(said(&spaced(&words, &gaps, &capitals)), expected);
    }

    /// One slip in a keyword is never another keyword with other arguments.
    #[test]
    fn a_slip_changes_no_argument(number in "[0-9]{10}", at in 0..3_usize, letter in "[A-Z]") {
        let mut keyword = "PNR".to_owned();
        keyword.replace_range(at..=at, &letter);
        let said = said(&format!("{keyword} {number}"));
        prop_assert!(said == format!("PNR {number}") || said == "nothing", "{keyword}: {said}");
    }

    /// What would do something is done for its own letters only.
    #[test]
    fn what_changes_something_is_spelt_right(text in "[REFILrefil ]{0,9}") {
        let letters: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        prop_assert_eq!(said(&text) == "REFILL", letters == "refill");
    }
}
