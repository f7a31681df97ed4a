//! Rows that are found by letters: of several fields, and by a whole text of one.

use std::sync::LazyLock;

use super::phone::Phone;
use crate::menu::{Program, compile};
use crate::source::{Files, render};

static FINDING: LazyLock<Program> = LazyLock::new(|| {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English, hi: हिन्दी}\nussd: {\"*123#\": m}\n");
    let menu = "
menu: m
start: top
screens:
  top: {choose: Top, options: {states: States, groups: Groups, coded: Coded}}
  states:
    choose: State
    from: states
    as: state
    row: \"{{ state.name }}\"
    find: [state.name, state.code]
    next: state
  state: {end: \"{{ state.name }}\"}
  groups:
    choose: Group
    from: groups
    as: group
    row: \"{{ group.code }}\"
    find: [group.code, group.name]
    next: group
  group: {end: \"{{ group.code }}\"}
  coded:
    choose: State
    from: states
    as: by_code
    row: \"{{ by_code.code }}\"
    find: by_code.name
    next: coded_state
  coded_state: {end: \"{{ by_code.name }}\"}
";
    files.add("m.yaml", menu);
    files.add(
        "tables/states.csv",
        "code,name,name.hi\nUP,Uttar Pradesh,उत्तर प्रदेश\nUK,Uttarakhand,उत्तराखंड\nCG,Chhattisgarh,छत्तीसगढ़\nCH,Chandigarh,चंडीगढ़\n\
         GA,Goa,गोवा\nGN,Goa North,नॉर्थ गोवा\nX1,Twin,जुड़वाँ\nX2,Twin,जुड़वाँ\n",
    );
    files.add("tables/groups.csv", "code,name\nA+,A positive\nA-,A negative\nAB+,AB positive\n");
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
});

fn answered(answers: &[&str]) -> String {
    Phone::on(&FINDING, "m", &[]).answers(answers)
}

#[test]
fn first_letters_of_any_field_narrow() {
    assert_eq!(answered(&["1", "utt"]), "State / 1 Uttar Pradesh / 2 Uttarakhand / ? Or type the first letters");
    assert_eq!(answered(&["1", "u"]), answered(&["1", "utt"]), "names and codes");
    assert!(answered(&["1", "x"]).starts_with("State / 1 Twin / 2 Twin / "), "codes alone");
}

#[test]
fn a_whole_text_of_any_field_chooses_its_row() {
    for typed in ["UP", "up.", "Uttar Pradesh", "उत्तर प्रदेश", "Uttar Pradseh"] {
        assert_eq!(answered(&["1", typed]), "Uttar Pradesh / end", "{typed}");
    }
    assert_eq!(answered(&["1", "g", "UP"]), "Uttar Pradesh / end", "also of a row that letters left out");
}

#[test]
fn a_field_that_the_row_does_not_show_chooses_as_well() {
    assert_eq!(answered(&["3", "chandigarh"]), "Chandigarh / end");
    assert_eq!(answered(&["3", "चंडीगढ़"]), "Chandigarh / end");
    assert_eq!(answered(&["3", "goa"]), "Goa / end", "though another name begins so");
    assert!(answered(&["3", "twin"]).starts_with("State / 1 X1 / 2 X2 / "), "two of the same name");
}

#[test]
fn a_code_that_begins_another_name_narrows() {
    assert!(answered(&["1", "CH"]).starts_with("State / 1 Chhattisgarh / 2 Chandigarh / "));
}

#[test]
fn a_sign_tells_rows_apart() {
    for (typed, group) in [("A+", "A+"), ("a -", "A-"), ("A Negative", "A-"), ("ab+", "AB+"), ("ab positive", "AB+")] {
        assert_eq!(answered(&["2", typed]), format!("{group} / end"), "{typed}");
    }
    assert!(answered(&["2", "a"]).starts_with("Group / 1 A+ / 2 A- / 3 AB+ / "));
}
