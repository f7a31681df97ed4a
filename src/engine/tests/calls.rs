//! Calls of departments and what comes of them.

use std::time::Duration;

use super::phone::{PROGRAM, Phone, text};
use crate::engine::*;

const CONSUMER: &str = "12345678901234567";

/// A phone whose booking is under way.
fn booking() -> Phone {
    let mut phone = Phone::dial(&[]);
    assert_eq!(phone.answers(&["3", CONSUMER, "1", "1"]), "…");
    phone
}

#[test]
fn a_call_is_given_values_in_the_order_of_the_operation() {
    let phone = booking();
    let call = phone.call();
    assert_eq!(PROGRAM.operation(call.operation).name, "people.book");
    assert_eq!(call.give, [Some(text(CONSUMER))]);
    assert_eq!(call.within, Duration::from_secs(5));
    assert_eq!(call.caller, "919812345670");
}

#[test]
fn while_a_call_is_under_way_nothing_else_moves_it() {
    let mut phone = booking();
    let waiting = phone.session.clone();
    let asked = format!("{:?}", phone.last.next);
    for event in [
        Event::Answer(Reading::Text("1".into())),
        Event::Answer(Reading::Home),
        Event::Redial,
        Event::Begin(DialPath::default()),
        Event::Done(WaitId(77), Outcome::Failed(Failure::Down)),
        Event::Late(WaitId(77)),
    ] {
        phone.event(event);
        assert_eq!(format!("{:?}", phone.last.next), asked);
        assert!(phone.last.effects.is_empty());
        assert_eq!(phone.session, waiting);
    }
    assert_eq!(phone.answered(vec![Some(text("B1"))]), "Booked B1 / 1 Another one / 2 Finish");
}

#[test]
fn an_answer_that_comes_again_changes_nothing() {
    let mut phone = booking();
    phone.answered(vec![Some(text("B1"))]);
    let shown = phone.session.clone();
    for event in [Event::Done(WaitId(1), Outcome::Failed(Failure::Down)), Event::Late(WaitId(1))] {
        assert_eq!(phone.event(event), "Booked B1 / 1 Another one / 2 Finish");
        assert_eq!(phone.session, shown);
    }
}

#[test]
fn back_never_crosses_a_changing_call() {
    let mut phone = booking();
    phone.answered(vec![Some(text("B1"))]);
    assert!(!phone.screen().back);
    assert!(phone.back().starts_with("! "));
    assert_eq!(phone.answer("1"), "Consumer number");
    assert_eq!(phone.back(), "Booked B1 / 1 Another one / 2 Finish");
    assert!(!phone.screen().back);
}

#[test]
fn each_failure_has_its_way() {
    assert_eq!(booking().fails(Failure::Named("already".into())), "Booked already. / 1 Home");
    let mut phone = booking();
    assert_eq!(phone.fails(Failure::Unknown { receipt: "GS-7".into() }), "Not known yet: GS-7 / end");
    let mut phone = booking();
    assert!(phone.fails(Failure::Down).starts_with("Services"), "there is nothing before the call, so back goes home");
    let mut phone = booking();
    assert_eq!(phone.fails(Failure::Refused), "Sorry. / end");
    assert_eq!(phone.moves(), ["gas.book Called(\"refused\") -"]);
    assert!(phone.session.has_ended());
}

#[test]
fn too_late_is_a_failure_like_others() {
    let mut phone = Phone::dial(&["2"]);
    let Next::Wait(wait, _) = phone.last.next else { panic!("a call") };
    assert!(phone.event(Event::Late(wait)).starts_with("Services"));
    let mut phone = booking();
    let Next::Wait(wait, _) = phone.last.next else { panic!("a call") };
    assert_eq!(phone.event(Event::Late(wait)), "Sorry. / end");
}

#[test]
fn a_failed_call_leaves_its_slot_unset() {
    let mut phone = Phone::dial(&["5"]);
    phone.answer("1234");
    phone.answered(vec![Some(crate::menu::Value::Number(7))]);
    assert_eq!(phone.answer("ASHA"), "Hello ASHA, 7 points / 1 Again / 2 Home");
    phone.answers(&["1", "1234"]);
    assert_eq!(phone.fails(Failure::Named("no_match".into())), "Old PIN");
    let frame = phone.session.frames.last().expect("a menu");
    let held = |name: &str| {
        let slots = &PROGRAM.menu(frame.menu).slots;
        slots.iter().zip(&frame.slots).find(|(slot, _)| slot.name == name).and_then(|(_, value)| value.clone())
    };
    assert_eq!(held("verified"), None);
    assert_eq!(held("name"), Some(text("ASHA")));
    assert_eq!(phone.back(), "Old PIN", "the screen before is the same one");
    assert_eq!(phone.back(), "Hello ASHA, 7 points / 1 Again / 2 Home", "with the values of before");
}
