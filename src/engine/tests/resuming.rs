//! Dropped sessions that are dialled again.

use std::time::Duration;

use super::phone::{PROGRAM, Phone, small_program, text};
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

/// A pupil's marks, for a number and a key; `secret` is that of the key.
fn marks(secret: &str) -> Phone {
    let menu = format!(
        "start: roll
screens:
  roll: {{ask: Roll?, accept: {{digits: 2}}, into: roll, save: yes, next: key}}
  key: {{ask: Key?, accept: {{digits: 4}}, into: key, secret: {secret}, next: get}}
  get: {{call: d.marks, give: {{roll: roll, key: key}}, into: result, next: keep}}
  keep: {{set: {{best: result.best}}, next: best}}
  best: {{show: \"Best: {{{{ best }}}}\", save: yes, next: more}}
  more: {{choose: More, options: {{again: {{label: Again, go: m}}}}}}
"
    );
    let marks = "
operations:
  marks: {post: /marks, json: {roll: \"{{ roll }}\", key: \"{{ key }}\"}, answer: {best: {from: /best, text: 9}}}
";
    let mut phone = Phone::on(small_program(&menu, marks), "m", &[]);
    phone.answers(&["12", "3456"]);
    phone.answered(vec![Some(text("A1"))]);
    assert!(phone.shows().starts_with("Best: A1"), "{}", phone.shows());
    phone
}

#[test]
fn what_was_answered_to_a_secret_is_asked_for_anew() {
    for further in [false, true] {
        let mut phone = marks("yes");
        if further {
            assert!(phone.answer("1").starts_with("More"), "the marks are still held");
        }
        phone.wait(Duration::from_mins(2));
        phone.redial();
        assert_eq!(phone.answer("1"), "Key?");
        phone.answer("3456");
        assert!(phone.answered(vec![Some(text("A2"))]).starts_with("Best: A2"));

        phone.wait(Duration::from_mins(11));
        phone.redial();
        assert_eq!(phone.answer("1"), "Roll?", "the save behind the secret does nothing");
    }
    let mut phone = marks("no");
    phone.redial();
    assert!(phone.answer("1").starts_with("Best: A1"), "without a secret it is shown again");
}

#[test]
fn who_goes_on_cannot_go_back_to_what_was_answered_to_a_secret() {
    for (secret, leads_back) in [("yes", false), ("no", true)] {
        let mut phone = marks(secret);
        phone.answers(&["1", "1", "12"]);
        assert_eq!(phone.shows(), "Key?", "a jump leaves the marks behind");
        assert!(phone.screen().back);
        phone.redial();
        assert_eq!(phone.answer("1"), "Key?");
        assert_eq!(phone.screen().back, leads_back, "{secret}");
    }
}

#[test]
fn an_end_that_shows_what_was_answered_to_a_secret_is_not_read_on() {
    let menu = |secret: &str| {
        format!(
            "start: pin
screens:
  pin: {{ask: PIN?, accept: {{digits: 4}}, into: pin, secret: {secret}, next: get}}
  get: {{call: d.look, give: {{pin: pin}}, into: found, next: bye}}
  bye: {{end: \"It is {{{{ found.word }}}}\"}}
"
        )
    };
    let look =
        "operations: {look: {post: /look, json: {pin: \"{{ pin }}\"}, answer: {word: {from: /word, text: 9}}}}\n";
    for (secret, for_anybody) in [("yes", false), ("no", true)] {
        let program = small_program(&menu(secret), look);
        let mut phone = Phone::on(program, "m", &[]);
        assert!(!ends_for_anybody(program, &phone.session), "it has not ended");
        phone.answer("1234");
        assert_eq!(phone.answered(vec![Some(text("A1"))]), "It is A1 / end");
        assert_eq!(ends_for_anybody(program, &phone.session), for_anybody, "{secret}");
    }
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
    let screen = present(&PROGRAM, &phone.session, phone.now).whole();
    assert_eq!((screen.kind, screen.text.as_str()), (ScreenKind::End, "Dial again."));
}

/// Found by fuzzing: who lays a screen out looks its language up.
#[test]
fn a_language_that_the_program_does_not_have_is_its_first() {
    let mut phone = Phone::dial(&[]);
    phone.session.language = LanguageId(82);
    assert_eq!(present(&PROGRAM, &phone.session, phone.now).whole().language, LanguageId(0));
}
