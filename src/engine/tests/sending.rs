//! Messages that go out, and answers that come later.

use std::sync::LazyLock;

use super::phone::{Phone, small_program, text};
use crate::engine::*;
use crate::menu::{LanguageId, Program, Value};

static CLAIM: LazyLock<&'static Program> = LazyLock::new(|| {
    small_program(
        "screens:
  top: {choose: Top, options: {claim: Claim, friend: Friend, book: Book}}
  claim:
    call: d.claim
    give: {mobile: caller}
    into: claim
    next: details
    fails: {late: bye}
    late: {answer: claim, failed: bridge.late_failed}
  details: {show: '{{ claim.status }}', options: {by_sms: By SMS, bye: Bye}}
  by_sms: {send: claim, give: {status: claim.status, amount: claim.amount}, next: sent}
  sent: {show: Sent, options: {bye: Bye}}
  friend: {ask: Whose number?, accept: phone, into: friend, next: name}
  name: {ask: Name?, accept: {pattern: '[A-Z]{1,9}'}, into: name, next: tell}
  tell: {send: hello, to: friend, give: {name: name}, next: nobody}
  nobody: {send: hello, to: other, give: {name: '\"Nobody\"'}, next: bye}
  other: {ask: Other?, accept: phone, into: other, next: bye}
  book:
    call: d.book
    give: {mobile: caller}
    next: bye
    fails: {unknown: doubtful}
    late: {answer: {send: hello, give: {name: receipt}}, failed: sorry}
  doubtful: {end: '{{ receipt }}'}
  bye: {end: Bye}
",
        "operations:
  claim:
    get: '/claims/{{ mobile }}'
    registered: caller
    answer: {amount: {from: /amount, amount: 9999}, status: {from: /status, text: 20, personal: yes}}
  book: {post: /bookings, changes: yes, settled_by: told, json: {mobile: '{{ mobile }}'}}
  told: {get: '/bookings/{{ intent }}'}
",
    )
});

/// The messages of the last step: name, number and values.
fn sent(phone: &Phone) -> Vec<String> {
    phone.last.effects.iter().filter_map(written).collect()
}

fn written(effect: &Effect) -> Option<String> {
    let Effect::Send { message, to, give, language: LanguageId(0) } = effect else { return None };
    Some(format!("{} {to:?} {give:?}", CLAIM.message(*message).name))
}

fn claim() -> Value {
    Value::Record(vec![Some(Value::Amount(4_500_000)), Some(text("Settled"))])
}

#[test]
fn a_message_goes_to_the_caller_with_its_values_in_its_order() {
    let mut phone = Phone::on(&CLAIM, "m", &["1"]);
    phone.done(Outcome::Answered(claim()));
    assert_eq!(phone.answer("1"), "Sent / 1 Bye");
    assert_eq!(sent(&phone), [r#"claim None [Some(Text("Settled")), Some(Amount(4500000))]"#]);
    phone.back();
    assert!(sent(&phone).is_empty(), "going back sends nothing, nor takes it back");
    phone.answer("1");
    assert_eq!(sent(&phone).len(), 1);
}

#[test]
fn a_message_to_somebody_else_goes_there() {
    let mut phone = Phone::on(&CLAIM, "m", &["2"]);
    assert_eq!(phone.answers(&["9812345671", "RAVI"]), "The service is not working now. Please try again later. / end");
    assert_eq!(
        sent(&phone),
        [r#"hello Some("919812345671") [Some(Text("RAVI"))]"#],
        "nobody is told that what has no number was sent"
    );
}

#[test]
fn no_dial_path_and_no_slip_sends_somebody_else_something() {
    let phone = Phone::on(&CLAIM, "m", &["2", "9812345671", "RAVI"]);
    assert_eq!(phone.shows(), "Name?");
    assert!(sent(&phone).is_empty());
}

#[test]
fn an_answer_that_comes_later_ends_with_its_receipt_number() {
    let mut phone = Phone::on(&CLAIM, "m", &["1"]);
    assert!(phone.call().late);
    let receipt = "K7M2-Q".to_owned();
    assert_eq!(phone.done(Outcome::Later { receipt }), "Your request K7M2-Q. We will SMS the answer. / end");
    assert_eq!(phone.moves(), ["m.claim Called(\"later\") -"]);
    assert!(phone.session.has_ended());
    assert_eq!(phone.session.positions().count(), 0, "nothing of the dialogue is kept");
    assert!(ends_for_anybody(&CLAIM, &phone.session));
}

#[test]
fn without_late_nothing_is_told_later() {
    let mut phone = Phone::on(&CLAIM, "m", &["1"]);
    assert_eq!(phone.fails(Failure::Late), "Bye / end", "who cannot be told later is told so");
    let plain = small_program(
        "screens:\n  top: {call: d.claim, next: bye}\n  bye: {end: Bye}\n",
        "operations: {claim: {get: /claim}}\n",
    );
    let mut phone = Phone::on(plain, "m", &[]);
    assert!(!phone.call().late);
    assert_eq!(phone.session.parked(plain, "K7M2-Q"), None);
    assert!(phone.done(Outcome::Later { receipt: "K7M2-Q".into() }).starts_with("The service is not working"));
}

#[test]
fn a_parked_session_makes_its_call_again_and_tells_the_answer() {
    let phone = Phone::on(&CLAIM, "m", &["1"]);
    let parked = phone.session.parked(&CLAIM, "K7M2-Q").expect("it waits for a late answer");
    let parked = Session::decode(&parked.encode()).expect("a session");
    assert_eq!(late_call(&CLAIM, &parked).as_ref(), Some(phone.call()));
    let told = |outcome: Outcome| late_message(&CLAIM, &parked, &outcome).as_ref().and_then(written);
    assert_eq!(
        told(Outcome::Answered(claim())).expect("an answer"),
        r#"claim None [Some(Text("Settled")), Some(Amount(4500000))]"#
    );
    for failure in [Failure::Down, Failure::Refused, Failure::Late, Failure::Named("gone".into())] {
        let failed = told(Outcome::Failed(failure)).expect("it says so");
        assert_eq!(failed, r#"bridge.late_failed None [Some(Text("K7M2-Q"))]"#);
    }
    let unknown = Outcome::Failed(Failure::Unknown { receipt: "K7M2-Q".into() });
    assert_eq!(told(unknown), None, "it is asked after until it is known");
    assert_eq!(told(Outcome::Later { receipt: "K7M2-Q".into() }), None);
}

#[test]
fn a_parked_change_tells_its_receipt() {
    let phone = Phone::on(&CLAIM, "m", &[]);
    assert_eq!(phone.session.parked(&CLAIM, "K7M2-Q"), None, "it waits for nothing");
    let mut phone = Phone::on(&CLAIM, "m", &[]);
    phone.answer("3");
    let parked = phone.session.parked(&CLAIM, "K7M2-Q").expect("it waits for a late answer");
    let effect = late_message(&CLAIM, &parked, &Outcome::Answered(Value::Record(Vec::new())));
    assert_eq!(effect.as_ref().and_then(written).expect("a message"), r#"hello None [Some(Text("K7M2-Q"))]"#);
}
