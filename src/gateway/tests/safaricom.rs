use super::{profile, replied, told};
use crate::gateway::{FirstInput, SameHistory};

const CALLER: &str = "ORIG=254711000111&DEST=167&SESSION_ID=5a1";

fn get(params: &str) -> String {
    told(&profile("safaricom"), "GET", "", &format!("{CALLER}&USSD_PARAMS={params}"), "")
}

fn history(answers: &str) -> String {
    format!("turn of 5a1 by 254711000111 at *167#: History({answers:?})")
}

#[test]
fn the_first_callback_has_what_was_dialled_after_the_code() {
    assert_eq!(get(""), history(""));
    assert_eq!(get("7"), history("7"));
    assert_eq!(profile("safaricom").first, FirstInput::Path);
}

#[test]
fn later_ones_have_all_answers_behind_it() {
    assert_eq!(get("7*1"), history("7*1"));
    assert_eq!(get("7*1*a*b"), history("7*1*a*b"));
    assert_eq!(get("7*1*"), history("7*1*"));
}

#[test]
fn the_same_history_once_more_is_an_empty_answer() {
    assert_eq!(profile("safaricom").same_history, SameHistory::Empty);
    assert_eq!(profile("africastalking").same_history, SameHistory::Repeat);
}

#[test]
fn a_callback_without_history_is_refused() {
    assert_eq!(told(&profile("safaricom"), "GET", "", CALLER, ""), "missing: the field `ussd_params` is missing");
}

#[test]
fn replies_say_con_or_end() {
    let expected = ["CON Menu\n1. \"A&B\" | <C>", "END Thanks | 1\n2", "END Sorry"];
    assert_eq!(replied(&profile("safaricom"), "GET", &format!("{CALLER}&USSD_PARAMS="), ""), expected);
}
