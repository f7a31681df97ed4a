//! Sessions as earlier versions of the engine encoded them: each must still decode and go on as it would have then.
//!
//! The files in `tests/fixtures/sessions` are kept for ever, with the program that they ran on. An encoding that changes
//! takes the next number and adds files; it never rewrites these.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;

use super::phone::{Phone, read_program, text};
use crate::engine::*;
use crate::menu::Program;

static V1: LazyLock<Program> = LazyLock::new(|| read_program("tests/fixtures/sessions/v1/menus"));

fn v1(name: &str) -> Phone {
    let path = format!("{}/tests/fixtures/sessions/v1/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let hex = std::fs::read_to_string(path).expect("a fixture");
    let bytes = HEXLOWER.decode(hex.trim().as_bytes()).expect("hexadecimal digits");
    let session = Session::decode(&bytes).expect("a session of version 1");
    // Version 2 has a truth and a choice behind it.
    let now = [&[2], &bytes[1..], &[0, 0]].concat();
    assert_eq!(session.encode(), now, "the encoding of version 2 has changed; it must get another number");
    Phone::amid(&V1, session)
}

static V2: LazyLock<Program> = LazyLock::new(|| read_program("tests/fixtures/sessions/v2/menus"));

fn v2(name: &str) -> Phone {
    let path = format!("{}/tests/fixtures/sessions/v2/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let hex = std::fs::read_to_string(path).expect("a fixture");
    let bytes = HEXLOWER.decode(hex.trim().as_bytes()).expect("hexadecimal digits");
    let session = Session::decode(&bytes).expect("a session of version 2");
    assert_eq!(session.encode(), bytes, "the encoding of version 2 has changed; it must get another number");
    Phone::amid(&V2, session)
}

#[test]
fn the_question_for_a_one_time_password() {
    let mut phone = v2("wrong_otp");
    let question = "Enter the OTP sent to XX5670 / 1 Send it again";
    assert_eq!(phone.shows(), format!("! That OTP is not right. Tries left: 2. / {question}"));
    phone.answer("1");
    assert_eq!(phone.done(Outcome::Otp(OtpOutcome::Sent)).split(" / ").nth(1), Some("Enter the OTP sent to XX5670"));
    let mut phone = v2("waiting_for_another");
    let Next::Wait(_, Request::Otp(request)) = &phone.last.next else { panic!("{:?}", phone.last.next) };
    assert!(matches!(request, OtpRequest::Send { again: true, .. }));
    assert!(phone.done(Outcome::Otp(OtpOutcome::Sent)).starts_with("! The OTP is on its way."));
}

#[test]
fn somebody_who_was_verified() {
    let mut phone = v2("verified");
    assert_eq!(phone.shows(), "UAN XX0001 / 1 Earlier / 2 Once more");
    phone.answer("2");
    assert!(phone.answered(vec![Some(text("100000000002"))]).starts_with("UAN XX0002"), "nobody is asked twice");
}

#[test]
fn an_answer_that_comes_later() {
    assert_eq!(v2("later").shows(), "Your request K7M2-Q. We will SMS the answer. / end");
    let parked = v2("parked").session;
    let answer = Outcome::Answered(crate::menu::Value::Record(vec![Some(text("Settled"))]));
    let Some(Effect::Send { give, .. }) = late_message(&V2, &parked, &answer) else { panic!("no message") };
    assert_eq!(give, [Some(text("Settled"))]);
    let Some(Effect::Send { give, .. }) = late_message(&V2, &parked, &Outcome::Failed(Failure::Down)) else {
        panic!("no message")
    };
    assert_eq!(give, [Some(text("K7M2-Q"))]);
}

#[test]
fn a_narrowed_list() {
    let mut phone = v1("narrowed_list");
    assert_eq!(phone.session.page(), 1);
    assert_eq!(phone.shows(), "Districts of Maharashtra / 1 Pune / 2 Palghar / ? Or type first letters");
    assert_eq!(phone.answer("2"), "Palghar (2990116) / 1 Continue");
    phone.back();
    assert_eq!(phone.back(), "Districts of Maharashtra / 1 Pune / 2 Palghar / 3 Nagpur / ? Or type first letters");
    assert_eq!(phone.back(), "State / 1 Maharashtra / 2 Goa / 3 Andaman");
    assert!(phone.back().starts_with("Services / 1 Kinds of values"));
}

#[test]
fn a_changing_call_with_the_rest_of_a_dial_path() {
    let mut phone = v1("waiting_call");
    assert_eq!(phone.call().give, [Some(text("12345678901234567"))]);
    assert_eq!(phone.answered(vec![Some(text("B1"))]), "Bye. / end");
}

#[test]
fn the_question_whether_to_go_on_at_a_saved_place() {
    let mut phone = v1("offered_save");
    assert_eq!(phone.shows(), "! Answer 1, 2. / Go on? / 1 Continue / 2 Start again");
    assert_eq!(phone.answer("1"), "Consumer number");
}

#[test]
fn a_list_from_an_answer_in_another_language() {
    let mut phone = v1("members_in_hindi");
    assert_eq!(phone.shows(), "BINA 1,234.50 / - ASHA / - GONE / 1 Others / 2 Home");
    assert_eq!(phone.back(), "Members / 1 ASHA / 2 BINA / ? Or type first letters");
    assert!(phone.home().starts_with("सेवाएँ"));
}

#[test]
fn sub_menus_to_go_back_through() {
    let mut phone = v1("sub_menus");
    assert_eq!(phone.shows(), "Stars for ussd?");
    assert_eq!(phone.back(), "You gave 2 / 1 Again / 2 Home");
    assert_eq!(phone.back(), "Why so few?");
    assert_eq!(phone.back(), "Stars for ussd?");
    assert!(phone.back().starts_with("Services"));
}

#[test]
fn values_of_every_kind() {
    let mut phone = v1("values");
    assert_eq!(
        phone.shows(),
        "123456 5 12.50 NAÏVE 05-11-2026 / XX5671 AB1 Green Yes / 1 Again / 2 Only if sure / 3 Step back / 4 Home"
    );
    assert_eq!(phone.answer("2").split(" / ").next(), Some("Services"));
    assert!(phone.shows().contains("7 Only again"), "the profile is there");
}

#[test]
fn an_end_and_the_bridges_own_end() {
    assert_eq!(v1("ended").shows(), "Not known yet: GS-7 / end");
    assert_eq!(v1("sorry").shows(), "Sorry. / end");
}

#[test]
fn other_versions_and_damage_are_told_apart() {
    let bytes = v1("values").session.encode();
    let (old, behind) = (&[&[1], &bytes[1..bytes.len() - 2]].concat(), &bytes[bytes.len() - 2..]);
    assert_eq!(Session::decode(old), Session::decode(&bytes));
    assert_eq!(behind, [0, 0]);
    assert_eq!(
        Session::decode(&old[..old.len() - 1]),
        Err(DecodeError::Damaged),
        "what is behind does not stand in for it"
    );
    assert_eq!(Session::decode(&[old, behind].concat()), Err(DecodeError::Damaged));
    assert_eq!(Session::decode(&[]), Err(DecodeError::Damaged));
    assert_eq!(Session::decode(&[3, 0, 0]), Err(DecodeError::Version(3)));
    assert_eq!(Session::decode(&bytes[..bytes.len() - 1]), Err(DecodeError::Damaged));
    let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    assert_eq!(Session::decode(&longer), Err(DecodeError::Damaged));
}
