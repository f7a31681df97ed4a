//! Back, home, sub-menus, dial paths and secrets.

use super::phone::Phone;
use crate::engine::*;
use crate::menu::Value;

#[test]
fn a_sub_menu_gives_its_values_back() {
    let mut phone = Phone::dial(&["6"]);
    assert_eq!(phone.shows(), "Stars for ussd?");
    assert_eq!(phone.answer("4"), "You gave 4 / 1 Again / 2 Home");
}

#[test]
fn back_leads_into_a_sub_menu_and_out_of_it() {
    let mut phone = Phone::dial(&[]);
    assert_eq!(phone.answers(&["6", "2"]), "Why so few?");
    assert_eq!(phone.answer("slow"), "You gave 2 / 1 Again / 2 Home");
    assert_eq!(phone.back(), "Why so few?");
    assert_eq!(phone.back(), "Stars for ussd?");
    assert_eq!(phone.answer("5"), "You gave 5 / 1 Again / 2 Home");
    assert_eq!(phone.back(), "Stars for ussd?");
    assert!(phone.back().starts_with("Services"));
    assert!(!phone.screen().back);
}

#[test]
fn back_restores_what_a_later_answer_replaced() {
    let mut phone = Phone::dial(&["1"]);
    phone.answers(&["123456", "5", "12", "abc", "5112026", "9812345671", "AB1", "red", "no"]);
    assert!(phone.shows().starts_with("123456 5 12.00 ABC"));
    phone.answer("1");
    assert_eq!(phone.answer("999999"), "Number");
    assert_eq!(phone.back(), "Meter");
    assert!(phone.back().starts_with("123456 5 12.00 ABC"), "{}", phone.shows());
}

#[test]
fn an_option_may_mean_back() {
    let mut phone = Phone::dial(&["1"]);
    phone.answers(&["123456", "5", "12", "abc", "5112026", "9812345671", "AB1", "red", "no"]);
    assert_eq!(phone.answer("3"), "Sure / 1 Yes / 2 No");
    assert_eq!(phone.back(), "One of", "it went back, not on");
}

#[test]
fn back_goes_a_bounded_way() {
    let mut phone = Phone::dial(&["6"]);
    for _ in 0..40 {
        phone.answers(&["4", "1"]);
    }
    let mut steps = 0;
    while phone.screen().back {
        phone.back();
        steps += 1;
    }
    assert_eq!(steps, undo::SCREENS_BACK);
    assert!(phone.session.encode().len() < 1000);
}

#[test]
fn home_begins_afresh() {
    let mut phone = Phone::dial(&["1"]);
    phone.answers(&["123456", "5"]);
    assert!(phone.home().starts_with("Services"));
    assert!(!phone.screen().back && !phone.screen().home);
    assert_eq!(phone.answer("1"), "Meter");
    assert!(phone.session.frames.iter().all(|frame| frame.slots.iter().all(Option::is_none)));
}

#[test]
fn a_dial_path_is_answered_before_anything_is_shown() {
    assert_eq!(Phone::dial(&["1", "123456", "5"]).shows(), "Amount");
    assert_eq!(Phone::dial(&["6", "2", "slow", "1"]).shows(), "Stars for ussd?");
    let mut phone = Phone::dial(&["6", "4"]);
    assert_eq!(phone.back(), "Stars for ussd?", "back to a screen that the path answered");
}

#[test]
fn a_dial_path_stops_at_an_answer_that_does_not_fit() {
    let phone = Phone::dial(&["1", "12", "5"]);
    assert_eq!(phone.shows(), "Meter", "no notice, and the rest is dropped");
    assert!(phone.session.path.is_empty());
    assert!(Phone::dial(&["8"]).shows().starts_with("Services"));
}

#[test]
fn a_dial_path_stops_in_front_of_a_list() {
    assert_eq!(Phone::dial(&["4", "1", "1"]).shows(), "State / 1 Maharashtra / 2 Goa / 3 Andaman");
    let mut phone = Phone::dial(&["2", "1"]);
    assert!(phone.members(&["ASHA"]).starts_with("Members"), "after a call too");
}

#[test]
fn a_dial_path_stops_before_it_changes_anything() {
    let mut phone = Phone::dial(&["3", "12345678901234567", "2", "1", "2"]);
    assert_eq!(phone.shows(), "Book for tomorrow? / 1 Certainly / 2 No");
    assert!(phone.session.path.is_empty(), "what was dialled behind it is not an answer to anything else");
    assert_eq!(phone.answer("1"), "…", "the citizen says yes");
}

#[test]
fn a_dial_path_stops_at_a_secret_and_at_an_end() {
    let phone = Phone::dial(&["5", "1234"]);
    assert_eq!(phone.shows(), "Old PIN");
    assert_eq!(phone.screen().kind, ScreenKind::Value { secret: true });
    assert!(phone.session.path.is_empty(), "what could be the secret is forgotten");
}

#[test]
fn a_list_of_languages_at_the_entry_takes_nothing_from_a_path() {
    assert!(Phone::enter("languages_first", &[]).shows().starts_with("Language? / 1 English"));
    assert_eq!(Phone::enter("languages_first", &["1"]).shows(), "Meter");
}

#[test]
fn a_long_dial_path_is_cut() {
    let path: Vec<&str> = std::iter::repeat_n(["6", "4", "2"], 100).flatten().collect();
    let phone = Phone::dial(&path);
    assert!(!phone.session.has_ended());
    assert!(phone.last.effects.len() < 60);
}

#[test]
fn a_secret_lives_until_the_next_screen() {
    let mut phone = Phone::dial(&["5"]);
    assert_eq!(phone.answer("987"), "! Type 4 digits. / Old PIN");
    assert_eq!(phone.answer("9876"), "…");
    assert_eq!(phone.call().give, [Some(Value::Text("919812345670".into())), Some(Value::Text("9876".into()))]);
    assert!(holds(&phone.session, "9876"), "the call may be asked for again");
    assert_eq!(phone.answered(vec![Some(Value::Number(7))]), "Name");
    assert!(!holds(&phone.session, "9876"));
    assert_eq!(phone.back(), "Old PIN");
    assert!(!holds(&phone.session, "9876"));
}

#[test]
fn a_session_is_small() {
    let mut phone = Phone::dial(&["1"]);
    phone.answers(&["123456", "5", "12", "abc", "5112026", "9812345671", "AB1", "red", "no"]);
    let size = phone.session.encode().len();
    assert!(size < 300, "{size} bytes");
    let mut phone = Phone::dial(&["2"]);
    phone.members(&["ASHA", "BINA", "CHANDA", "DEVI"]);
    phone.answers(&["1", "1", "2"]);
    let size = phone.session.encode().len();
    assert!(size < 300, "{size} bytes: a list is held once");
}

fn holds(session: &Session, text: &str) -> bool {
    session.encode().windows(text.len()).any(|window| window == text.as_bytes())
}
