//! Numbers said in words, and digits of other scripts.

use std::sync::LazyLock;

use super::phone::Phone;
use crate::menu::{Program, compile};
use crate::source::{Files, render};

const HINDI: &str = "एक, दो, तीन / तिन, चार, पाँच / पांच, छह, सात";

static COUNTING: LazyLock<Program> = LazyLock::new(|| {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English, hi: हिन्दी, hi-Latn: Hindi}\nussd: {\"*123#\": m}\n");
    files.add("system.yaml", "system:\n  number_words: one, two, three, four / for, five, six, seven\n");
    files.add("system.hi.yaml", format!("language: hi\nsystem:\n  number_words: {HINDI}\n"));
    files.add(
        "system.hi-Latn.yaml",
        "language: hi-Latn\nsystem:\n  number_words: ek, do, teen / threen, char, paanch\n",
    );
    let menu = "
menu: m
start: top
screens:
  top:
    choose: Top
    options:
      rows: Rows
      how_many: How many
      # A word for two, in the third place.
      do: {label: Do it, go: it}
      it: {label: Do, go: it}
      seventh: {label: Sevent, key: 8, go: it}
      eighth: {label: Last, key: 7, go: sure}
  rows: {choose: Rows, from: places, as: place, row: \"{{ place.name }}\", find: place.name, next: place}
  place: {end: \"{{ place.name }}\"}
  how_many: {ask: How many, into: count, accept: {number: 2-9}, next: counted}
  counted: {end: \"{{ count }}\"}
  it: {end: Done}
  sure: {ask: Sure, into: sure, accept: yes_no, next: answered}
  answered: {end: \"{{ sure }}\"}
";
    files.add("m.yaml", menu);
    files.add("tables/places.csv", "name\nAgra\nCharkhi\nPune\n");
    let mut fresh = Files::default();
    for (id, file) in files.iter() {
        let stamped = crate::menu::stamp(&files, id, true);
        fresh.add(&file.path, stamped.map_or_else(|| file.text.to_string(), |stamped| stamped.text));
    }
    let (program, findings) = compile(&fresh);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &fresh, false)))
});

fn answered(answers: &[&str]) -> String {
    Phone::on(&COUNTING, "m", &[]).answers(answers)
}

#[test]
fn a_word_of_any_language_stands_for_the_number_of_an_option() {
    for word in ["two", "Two.", "TWO", "दो"] {
        assert_eq!(answered(&[word]), "How many", "{word}");
    }
    for word in ["one", "ek", "एक"] {
        assert!(answered(&[word]).starts_with("Rows"), "{word}");
    }
    assert!(answered(&["six"]).starts_with("! "), "nothing has that number");
}

#[test]
fn a_label_comes_before_the_word_for_a_number() {
    assert_eq!(answered(&["do"]), "Done / end", "and not the second option");
}

#[test]
fn one_slip_in_a_long_word_is_forgiven() {
    assert_eq!(answered(&["threee"]), "Done / end");
    assert_eq!(answered(&["thren"]), "Done / end", "as near to two words, which are the same number");
    assert!(answered(&["twoo"]).starts_with("! "), "three letters forgive nothing");
    assert!(answered(&["sevenn"]).starts_with("! "), "it is as near to the label of one as to the number of another");
    assert_eq!(answered(&["seven"]), "Sure / 1 Yes / 2 No", "spelled well it is the number");
}

#[test]
fn a_word_stands_for_the_number_of_a_row_where_no_name_begins_so() {
    assert_eq!(answered(&["1", "three"]), "Pune / end");
    assert_eq!(answered(&["1", "तिन"]), "Pune / end");
    assert_eq!(answered(&["1", "char"]), "Rows / 1 Charkhi / ? Or type the first letters");
    assert!(answered(&["1", "five"]).starts_with("! "));
}

#[test]
fn a_word_is_a_number_where_one_is_asked_for() {
    for (typed, shown) in [("four", "4 / end"), ("For", "4 / end"), ("paanch", "5 / end"), ("पांच", "5 / end")]
    {
        assert_eq!(answered(&["2", typed]), shown, "{typed}");
    }
    for typed in ["one", "fivee", "twelve"] {
        assert!(answered(&["2", typed]).starts_with("! "), "{typed}");
    }
    assert_eq!(answered(&["7", "do"]), "No / end", "the second of yes and no");
}

#[test]
fn digits_of_any_script_are_digits_wherever_there_are_some() {
    let mut phone = Phone::dial(&["१"]);
    for typed in ["१२३४५६", "५", "१२.५०", "Ward ४", "०५-११-२०२६", "९८१२३४५६७१", "ab१", "red", "१"]
    {
        phone.answer(typed);
    }
    let shown = "123456 5 12.50 WARD ४ 05-11-2026 / XX5671 AB1 Red Yes";
    assert_eq!(phone.shows(), format!("{shown} / 1 Again / 2 Only if sure / 3 Step back / 4 Home"));
    assert!(phone.answer("४").starts_with("Services"));
}
