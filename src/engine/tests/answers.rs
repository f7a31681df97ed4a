//! How answers are matched, and what is said about those that nobody expected.

use super::phone::{Phone, small_program};

const HOME: &str = "Services / 1 Kinds of values / 2 My members / 3 Book cylinder / 4 Districts / 5 Change PIN / 6 Rate us / 9 Language";

#[test]
fn options_keep_their_numbers_around_holes() {
    assert_eq!(Phone::dial(&[]).shows(), HOME);
}

#[test]
fn an_option_is_chosen_by_number_or_label_in_any_language() {
    for typed in ["1", "1.", "1#", "१", " 1 ", "Kinds of values", "kinds-of VALUES", "मूल्य", "Kinds of valuse"]
    {
        assert_eq!(Phone::dial(&[]).answer(typed), "Meter", "{typed}");
    }
    assert_eq!(Phone::dial(&[]).answer("9"), "Choose / 1 English / 2 हिन्दी / 3 Hindi (abc)");
}

#[test]
fn a_hidden_option_cannot_be_chosen() {
    assert!(Phone::dial(&[]).answer("7").starts_with("! Answer 1-6, 9. / Services"));
    assert!(Phone::dial(&[]).answer("Only again").starts_with("! Answer 1-6, 9. / Services"));
}

#[test]
fn no_slip_is_forgiven_where_something_changes() {
    let mut phone = Phone::dial(&[]);
    assert_eq!(phone.answers(&["3", "12345678901234567", "1"]), "Book for today? / 1 Certainly / 2 No");
    assert_eq!(phone.answer("Certanly"), "! Answer 1, 2. / Book for today? / 1 Certainly / 2 No");
    assert_eq!(phone.answer("certainly"), "…");
}

#[test]
fn a_slip_must_be_near_one_option_only() {
    // Both English and Hindi (abc) are exact; `Hindi` is two letters and more away from any.
    let mut phone = Phone::dial(&["9"]);
    assert!(phone.answer("Englsh").starts_with("Services"), "one slip");
    let mut phone = Phone::dial(&["9"]);
    assert!(phone.answer("Hindi").starts_with("! "), "three letters are missing");
    let mut phone = Phone::dial(&["9"]);
    assert!(phone.answer("hin").starts_with("सेवाएँ"), "another word for the language");
}

#[test]
fn the_third_wrong_answer_in_a_row_brings_help() {
    let mut phone = Phone::dial(&[]);
    assert!(phone.answer("77").starts_with("! Answer 1-6, 9. / "));
    assert!(phone.answer("").starts_with("! Answer 1-6, 9. / "));
    assert!(phone.answer("#").starts_with("! Read, type the number, send. / "));
    assert!(phone.answer("x").starts_with("! Read, type the number, send. / "));
    assert_eq!(phone.answer("1"), "Meter");
    assert_eq!(phone.back(), HOME, "the notice is gone");
    assert!(phone.answer("77").starts_with("! Answer 1-6, 9. / "), "counted anew");
}

#[test]
fn keys_that_lead_nowhere_are_answers_nobody_expected() {
    let mut phone = Phone::dial(&[]);
    assert!(!phone.screen().back && !phone.screen().home);
    assert!(phone.back().starts_with("! "));
    assert!(phone.home().starts_with("! "));
}

#[test]
fn every_kind_of_value_is_asked_read_and_shown() {
    let mut phone = Phone::dial(&["1"]);
    for (wrong, notice, right) in [
        ("12345", "! Six digits, please. / Meter", "123456"),
        ("10", "! Type a number 1 to 9. / Number", "5."),
        ("6000", "! Type Rs 1.00 to 5,000.00. / Amount", "Rs 12.50"),
        ("12345678901", "! Type at most 10 letters. / Text", " naïve "),
        ("31-02-2026", "! Type a date. / Date", "5112026"),
        ("123", "! Type a mobile number. / Phone", "98123 45671"),
        ("a1", "! Not right. / Pattern", "ab1"),
        ("blue", "! Type one of Red, Green. / One of", "green"),
        ("perhaps", "! Answer 1, 2. / Sure / 1 Yes / 2 No", "हाँ"),
    ] {
        assert_eq!(phone.answer(wrong), notice);
        phone.answer(right);
    }
    assert_eq!(
        phone.shows(),
        "123456 5 12.50 NAÏVE 05-11-2026 / XX5671 AB1 Green Yes / 1 Again / 2 Only if sure / 3 Step back / 4 Home"
    );
}

#[test]
fn a_screen_says_how_to_answer_it() {
    let menu = "start: read\nscreens:\n  read: {show: Read this., next: sure}\n  sure: {ask: \"Sure?\", accept: yes_no, into: x, next: end}\n  end: {end: \"{{ x }}\"}\n";
    let program = small_program(menu, "");
    let mut phone = Phone::on(program, "m", &[]);
    assert_eq!(phone.shows(), "Read this. / 1 Continue");
    assert_eq!(phone.answer("1"), "Sure? / 1 Yes / 2 No");
    assert_eq!(phone.answer("3"), "! Not understood. Please answer 1, 2. / Sure? / 1 Yes / 2 No");
    assert_eq!(phone.answer("2"), "No / end");
    assert_eq!(Phone::on(program, "m", &[]).answers(&["anything", "yes"]), "Yes / end", "words do as well");
}

#[test]
fn tries_lead_on_when_they_are_used_up() {
    let mut phone = Phone::dial(&["1"]);
    assert_eq!(phone.answers(&["1", "2"]), "! Six digits, please. / Meter");
    assert_eq!(phone.answer("3"), "! Read, type the number, send. / Meter");
    assert_eq!(phone.answer("4"), "Too many wrong answers. / end");
    assert!(phone.session.has_ended());
    assert_eq!(phone.answer("1"), "Too many wrong answers. / end", "an end stays");
    assert_eq!(phone.back(), "Too many wrong answers. / end");
}

#[test]
fn moves_are_recorded_without_what_was_typed() {
    let mut phone = Phone::dial(&["1", "123456"]);
    assert_eq!(
        phone.moves(),
        ["- Begin home.main", "home.main DialPath kinds.digits", "kinds.digits DialPath kinds.number"]
    );
    phone.answer("5");
    assert_eq!(phone.moves(), ["kinds.number Value kinds.amount"]);
    phone.answer("x");
    assert_eq!(phone.moves(), ["kinds.amount Unexpected kinds.amount"]);
    phone.back();
    assert_eq!(phone.moves(), ["kinds.amount Back kinds.number"]);
    phone.home();
    assert_eq!(phone.moves(), ["kinds.number Home home.main"]);
    phone.answer("2");
    assert_eq!(phone.moves(), ["home.main Option(2) members.find"]);
    phone.members(&["ASHA", "BINA"]);
    assert_eq!(phone.moves(), ["members.find Called(\"answered\") members.list"]);
    phone.answer("b");
    assert_eq!(phone.moves(), ["members.list Find members.list"]);
    phone.answer("1");
    assert_eq!(phone.moves(), ["members.list Row members.member"]);
    let mut phone = Phone::dial(&["1", "123456"]);
    phone.redial();
    assert_eq!(phone.moves(), ["kinds.number Redial -"]);
}
