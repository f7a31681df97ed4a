//! Dropped sessions that are dialled again.

use std::time::Duration;

use super::phone::{PROGRAM, Phone, text};
use crate::engine::*;
use crate::menu::LanguageId;

const QUESTION: &str = "Go on? / 1 Continue / 2 Start again";

fn resume(phone: &Phone) -> Resume {
    resumable(&PROGRAM, &phone.session, phone.session.touched, phone.now.at)
}

#[test]
fn for_ten_minutes_a_session_goes_on_where_it_stood() {
    let mut phone = Phone::dial(&["1", "123456"]);
    phone.wait(Duration::from_mins(10));
    assert_eq!(resume(&phone), Resume::Here);
    assert_eq!(phone.redial(), QUESTION);
    assert!(!phone.screen().back && !phone.screen().home);
    assert_eq!(phone.answer("1"), "Number");
    assert_eq!(phone.back(), "Meter", "as if it had not been dropped");

    phone.wait(Duration::from_mins(11));
    assert_eq!(resume(&phone), Resume::No);
}

#[test]
fn the_question_takes_words_and_keeps_asking() {
    let mut phone = Phone::dial(&["1", "123456"]);
    phone.answer("x");
    assert_eq!(phone.redial(), QUESTION);
    assert_eq!(phone.answer("7"), format!("! Answer 1, 2. / {QUESTION}"));
    assert_eq!(phone.home(), format!("! Answer 1, 2. / {QUESTION}"));
    assert_eq!(phone.redial(), QUESTION, "asked afresh");
    assert_eq!(phone.answer("contineu"), "Number", "without the notice of before");
    phone.redial();
    assert!(phone.answer("start again").starts_with("Services"));
    assert!(!phone.screen().back);
}

#[test]
fn a_saved_place_lasts_a_day() {
    let mut phone = Phone::dial(&["3", "12345678901234567", "1"]);
    phone.wait(Duration::from_mins(11));
    assert_eq!(resume(&phone), Resume::AtSave);
    assert_eq!(phone.redial(), QUESTION);
    phone.wait(Duration::from_mins(5));
    assert_eq!(phone.redial(), QUESTION, "dropped again at the question");
    assert_eq!(phone.answer("1"), "Consumer number");
    assert_eq!(phone.answers(&["12345678901234567", "1"]), "Book for today? / 1 Certainly / 2 No");
    phone.wait(Duration::from_hours(25));
    assert_eq!(resume(&phone), Resume::No);
}

#[test]
fn a_saved_place_before_a_changing_call_is_gone_after_it() {
    let mut phone = Phone::dial(&["3", "12345678901234567", "1"]);
    phone.answer("1");
    phone.answered(vec![Some(text("B1"))]);
    assert_eq!(resume(&phone), Resume::Here);
    phone.wait(Duration::from_mins(11));
    assert_eq!(resume(&phone), Resume::No);
}

#[test]
fn a_personal_screen_is_not_shown_again_without_asking() {
    let mut phone = Phone::dial(&["2"]);
    phone.members(&["ASHA", "BINA"]);
    assert!(phone.answer("1").starts_with("ASHA 1,234.50"));
    assert_eq!(
        resume(&phone),
        Resume::No,
        "the list before it holds the same answer, and before that is the first screen"
    );
    assert!(phone.redial().starts_with("Services"));
}

#[test]
fn who_has_not_left_the_first_screen_is_not_asked_whether_to_go_on() {
    let mut phone = Phone::dial(&[]);
    assert_eq!(resume(&phone), Resume::No);
    phone.answer("1");
    assert_eq!(resume(&phone), Resume::Here);
}

#[test]
fn a_session_that_waits_goes_on_waiting() {
    let mut phone = Phone::dial(&["2"]);
    assert_eq!(resume(&phone), Resume::Here);
    assert_eq!(phone.redial(), "…");
    assert!(phone.members(&["ASHA"]).starts_with("Members"));
}

#[test]
fn an_ended_session_is_never_offered_again() {
    let mut phone = Phone::dial(&["1"]);
    phone.answers(&["1", "2", "3", "4"]);
    assert!(phone.session.has_ended());
    assert_eq!(resume(&phone), Resume::No);
    assert!(phone.redial().starts_with("Services"), "it begins again");
}

#[test]
fn a_lost_phone_is_told_to_dial_again() {
    let phone = Phone::dial(&["2"]);
    let screen = present(&PROGRAM, &phone.session, phone.now);
    assert_eq!((screen.kind, screen.text.as_str()), (ScreenKind::End, "Dial again."));
}

/// Found by fuzzing: who lays a screen out looks its language up.
#[test]
fn a_language_that_the_program_does_not_have_is_its_first() {
    let mut phone = Phone::dial(&[]);
    phone.session.language = LanguageId(82);
    assert_eq!(present(&PROGRAM, &phone.session, phone.now).language, LanguageId(0));
}
