//! One-time passwords: asked for, typed, compared by somebody else.

use std::sync::LazyLock;
use std::time::Duration;

use super::phone::{Phone, small_program, text};
use crate::engine::*;
use crate::menu::Program;

const QUESTION: &str = "Enter the OTP sent to XX5670 / 1 Send it again";
const GO_ON: &str = "You were not finished. Go on? / 1 Go on / 2 Start again";

/// Whose claim it is stands before the question, and the claim behind it.
static CLAIM: LazyLock<&'static Program> = LazyLock::new(|| {
    small_program(
        "screens:
  top: {choose: Services, options: {claim: {label: Claim, go: whose}, other: {label: Other, go: otp}}}
  whose: {call: d.whose, give: {mobile: caller}, into: member, next: otp}
  otp: {verify: otp, next: claim, fails: {wrong: locked, expired: late, unsent: none}}
  claim: {call: d.claim, give: {uan: member.uan}, into: claim, next: details}
  details: {show: '{{ claim.status }}', options: {again: {label: Again, go: otp}, home: Home, forms: Forms}}
  forms: {choose: Forms, options: {form: Form 31, bye: Bye}}
  form: {ask: Which form?, accept: {digits: 2}, into: form, next: bye}
  locked: {show: Locked, options: {otp: Once more, home: Home}}
  late: {show: Late, next: otp}
  none: {end: None}
  bye: {end: Bye}
",
        "operations:
  whose: {get: '/whose/{{ mobile }}', registered: caller, answer: {uan: {from: /uan, digits: 12, personal: yes}}}
  claim: {get: '/claims/{{ uan }}', answer: {status: {from: /status, text: 20, personal: yes}}}
",
    )
});

fn otp(outcome: OtpOutcome) -> Outcome {
    Outcome::Otp(outcome)
}

/// What was asked about a one-time password.
fn asked(phone: &Phone) -> &OtpRequest {
    match &phone.last.next {
        Next::Wait(_, Request::Otp(request)) => request,
        next => panic!("nothing was asked but {next:?}"),
    }
}

/// A phone that waits for the first one.
fn waiting() -> Phone {
    let mut phone = Phone::on(&CLAIM, "m", &["1"]);
    phone.answered(vec![Some(text("100000000001"))]);
    phone
}

/// A phone on which it is asked for.
fn questioned() -> Phone {
    let mut phone = waiting();
    assert_eq!(phone.done(otp(OtpOutcome::Sent)), QUESTION);
    phone
}

/// A phone that shows a claim.
fn verified() -> Phone {
    let mut phone = questioned();
    phone.answer("582093");
    assert_eq!(phone.done(otp(OtpOutcome::Verified)), "…");
    assert_eq!(phone.answered(vec![Some(text("Settled"))]), "Settled / 1 Again / 2 Home / 3 Forms");
    phone
}

#[test]
fn one_is_sent_before_it_is_asked_for() {
    let phone = waiting();
    let lock = Duration::from_hours(24);
    assert_eq!(*asked(&phone), OtpRequest::Send { again: false, tries: 3, lock });
    assert_eq!(phone.moves(), ["m.whose Called(\"answered\") m.otp"]);
    let phone = questioned();
    assert_eq!(phone.screen().kind, ScreenKind::Value { secret: true });
    assert_eq!(phone.moves(), ["m.otp Otp(\"sent\") m.otp"]);
}

#[test]
fn what_is_typed_is_compared_elsewhere_and_kept_nowhere() {
    for typed in ["582093", " 582 093. ", "५८२०९३"] {
        let mut phone = questioned();
        assert_eq!(phone.answer(typed), "…", "{typed}");
        let OtpRequest::Check { typed, tries: 3, .. } = asked(&phone) else { panic!("{:?}", asked(&phone)) };
        assert_eq!(typed.reveal(), "582093");
        assert!(!format!("{:?} {:?}", phone.last, phone.session).contains("582093"));
        assert!(!phone.session.encode().windows(6).any(|window| window == b"582093"));
        assert_eq!(phone.moves(), ["m.otp Value m.otp"]);
        phone.done(otp(OtpOutcome::Verified));
        assert_eq!(phone.moves(), ["m.otp Otp(\"verified\") m.claim"]);
    }
}

#[test]
fn a_session_that_was_kept_while_it_was_compared_asks_again() {
    let mut phone = questioned();
    phone.answer("582093");
    let kept = Session::decode(&phone.session.encode()).expect("a session");
    let mut later = Phone::amid(&CLAIM, kept);
    assert!(matches!(asked(&later), OtpRequest::Send { again: false, .. }));
    assert_eq!(later.event(Event::Done(WaitId(3), otp(OtpOutcome::Sent))), QUESTION);
}

#[test]
fn a_wrong_one_is_asked_for_again_with_the_tries_that_are_left() {
    let mut phone = questioned();
    phone.answer("582093");
    let wrong = format!("! That OTP is not right. Tries left: 2. / {QUESTION}");
    assert_eq!(phone.done(otp(OtpOutcome::Wrong { left: 2 })), wrong);
    phone.answer("582093");
    assert_eq!(phone.done(otp(OtpOutcome::Locked)), "Locked / 1 Once more / 2 Home");
    assert_eq!(phone.answer("1"), "…", "whether it is still locked is not for the session to say");
    assert_eq!(phone.done(otp(OtpOutcome::Locked)), "Locked / 1 Once more / 2 Home");
}

#[test]
fn what_is_no_otp_is_no_try() {
    let mut phone = questioned();
    for typed in ["12345", "1234567", "hello", "", "2"] {
        assert!(phone.answer(typed).ends_with(QUESTION), "{typed}");
        assert!(matches!(phone.last.next, Next::Show), "{typed}");
        assert!(phone.screen().notice.is_some(), "{typed}");
    }
    assert_eq!(phone.moves(), ["m.otp Unexpected m.otp"]);
    let mut phone = questioned();
    assert_eq!(phone.answer("12345"), format!("! Please type 6 digits. / {QUESTION}"));
}

#[test]
fn another_one_can_be_asked_for() {
    for typed in ["1", "one", "Send it again", "send it agian", "१"] {
        let mut phone = questioned();
        phone.answer(typed);
        assert!(matches!(asked(&phone), OtpRequest::Send { again: true, .. }), "{typed}");
        let underway = format!("! The OTP is on its way. Please wait a minute. / {QUESTION}");
        assert_eq!(phone.done(otp(OtpOutcome::Sent)), underway);
    }
}

#[test]
fn each_failure_has_its_way() {
    assert_eq!(waiting().done(otp(OtpOutcome::Unsent)), "None / end");
    assert_eq!(waiting().done(otp(OtpOutcome::Locked)), "Locked / 1 Once more / 2 Home");
    let mut phone = questioned();
    phone.answer("582093");
    assert_eq!(phone.done(otp(OtpOutcome::Expired)), "Late / 1 Continue");
    let mut phone = waiting();
    let Next::Wait(wait, _) = phone.last.next else { panic!("it waits") };
    assert_eq!(phone.event(Event::Late(wait)), "None / end");
    let mut phone = questioned();
    phone.answer("582093");
    let Next::Wait(wait, _) = phone.last.next else { panic!("it waits") };
    assert_eq!(phone.event(Event::Late(wait)), QUESTION, "nobody could look");
}

#[test]
fn the_answer_to_something_else_ends_it() {
    assert!(waiting().answered(vec![None]).ends_with("end"));
    let mut phone = Phone::on(&CLAIM, "m", &["1"]);
    assert!(phone.done(otp(OtpOutcome::Verified)).ends_with("end"), "a call is not verified");
}

#[test]
fn who_is_verified_is_not_asked_again() {
    let mut phone = verified();
    assert_eq!(phone.answer("1"), "…");
    assert_eq!(phone.call().give, [Some(text("100000000001"))], "that is the claim's call");
    let mut phone = verified();
    phone.home();
    assert_eq!(phone.answer("2"), "…");
    assert_eq!(phone.call().give, [None]);
}

#[test]
fn back_passes_over_the_question_and_verifies_nobody_and_takes_nothing_back() {
    let mut phone = verified();
    assert_eq!(phone.back(), "Services / 1 Claim / 2 Other");
    phone.answer("2");
    assert_eq!(phone.call().give, [None], "still verified");

    let mut phone = questioned();
    assert_eq!(phone.back(), "Services / 1 Claim / 2 Other");
    assert_eq!(phone.answer("2"), "…");
    assert!(matches!(asked(&phone), OtpRequest::Send { again: false, .. }), "not verified");
}

#[test]
fn a_dial_path_stops_in_front_of_it() {
    let mut phone = Phone::on(&CLAIM, "m", &["2", "582093"]);
    assert!(matches!(asked(&phone), OtpRequest::Send { .. }));
    assert_eq!(phone.done(otp(OtpOutcome::Sent)), QUESTION);
    assert!(!phone.session.encode().windows(6).any(|window| window == b"582093"));
    let mut phone = Phone::on(&CLAIM, "m", &["2", "1"]);
    assert_eq!(phone.done(otp(OtpOutcome::Locked)), "Locked / 1 Once more / 2 Home", "nor behind it");
}

#[test]
fn who_hangs_up_to_read_it_goes_on_at_the_question() {
    let mut phone = questioned();
    phone.wait(Duration::from_mins(9));
    assert_eq!(resumable(&CLAIM, &phone.session, phone.session.touched, phone.now.at), Resume::Here);
    assert_eq!(phone.redial(), GO_ON);
    assert_eq!(phone.answer("1"), "…");
    assert!(matches!(asked(&phone), OtpRequest::Send { again: false, .. }), "the one that was sent will do");
    assert_eq!(phone.done(otp(OtpOutcome::Sent)), QUESTION);
    phone.answer("582093");
    phone.done(otp(OtpOutcome::Verified));
    assert_eq!(phone.call().give, [Some(text("100000000001"))], "the member of before");
}

#[test]
fn who_takes_a_call_up_again_is_not_verified() {
    // What was shown behind it is not shown again, nor what led to it.
    let mut phone = verified();
    assert!(phone.redial().starts_with("Services"), "before it there is but the first screen");
    assert_eq!(phone.answer("2"), "…");
    assert!(matches!(asked(&phone), OtpRequest::Send { .. }));

    // Nor is what holds nothing about anybody, but stands behind it.
    let mut phone = Phone::on(&CLAIM, "m", &["2"]);
    phone.done(otp(OtpOutcome::Sent));
    phone.answer("582093");
    phone.done(otp(OtpOutcome::Verified));
    phone.fails(Failure::Down);
    assert!(phone.session.has_ended());
    let mut phone = verified();
    assert!(phone.answer("3").starts_with("Forms"));
    assert_eq!(phone.answer("1"), "Which form?");
    assert!(phone.redial().starts_with("Services"));
}

#[test]
fn what_stands_behind_it_is_not_saved() {
    let program = small_program(
        "screens:
  top: {choose: Top, save: yes, options: {otp: Verify, form: Form}}
  otp: {verify: otp, next: behind, fails: {wrong: form}}
  behind: {choose: Behind, save: yes, options: {form: Form, bye: Bye}}
  form: {ask: Form?, save: yes, accept: {digits: 2}, into: form, next: bye}
  bye: {end: Bye}
",
        "",
    );
    let mut phone = Phone::on(program, "m", &["1"]);
    phone.done(otp(OtpOutcome::Sent));
    phone.answer("582093");
    assert_eq!(phone.done(otp(OtpOutcome::Verified)), "Behind / 1 Form / 2 Bye");
    phone.wait(Duration::from_mins(11));
    assert_eq!(phone.redial(), GO_ON);
    assert_eq!(phone.answer("1"), "Top / 1 Verify / 2 Form", "the last place on which nobody had to be verified");

    // A place to which one comes without it can be gone on from, by whoever came with it, too.
    let mut phone = Phone::on(program, "m", &["1"]);
    phone.done(otp(OtpOutcome::Sent));
    phone.answer("582093");
    phone.done(otp(OtpOutcome::Verified));
    assert_eq!(phone.answer("1"), "Form?");
    phone.wait(Duration::from_mins(11));
    phone.redial();
    assert_eq!(phone.answer("1"), "Form?");
    phone.redial();
    phone.answer("1");
    assert!(!phone.screen().back);
}
