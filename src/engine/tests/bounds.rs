//! What holds without the proofs of `check`: loops end, menus run so deep and no deeper, secrets go nowhere.

use super::phone::{Phone, small_program};
use crate::engine::*;
use crate::menu::Value;

const SORRY: &str = "The service is not working now. Please try again later. / end";

#[test]
fn a_loop_without_a_person_ends() {
    let program = small_program(
        "
start: first
screens:
  first: {show: Hello, next: one}
  one: {branch: [{go: two}]}
  two: {set: {x: caller}, next: one}
",
        "",
    );
    let mut phone = Phone::on(program, "m", &[]);
    assert_eq!(phone.answer("1"), SORRY);
    assert_eq!(phone.moves(), ["m.first GoOn -"]);
    assert!(phone.session.has_ended());
    assert_eq!(phone.answer("1"), SORRY);
}

#[test]
fn a_loop_of_calls_ends() {
    let program = small_program(
        "
start: ask
screens:
  ask: {call: d.read, give: {x: caller}, into: got, next: done, fails: {down: ask}}
  done: {show: \"{{ got.name }}\", next: done}
",
        "operations: {read: {get: \"/{{ x }}\", answer: {name: {from: /name, text: 9}}}}",
    );
    let mut phone = Phone::on(program, "m", &[]);
    let calls = (0..1000).take_while(|_| phone.fails(Failure::Down) == "…").count();
    assert!((50..=100).contains(&calls), "{calls}");
    assert_eq!(phone.shows(), SORRY);

    let mut phone = Phone::on(program, "m", &[]);
    for _ in 0..50 {
        phone.fails(Failure::Down);
    }
    assert_eq!(phone.answered(vec![Some(Value::Text("BINA".into()))]), "BINA / 1 Continue");
    assert_eq!(phone.session.unattended, 0, "a person was there");
}

#[test]
fn menus_run_so_deep_and_no_deeper() {
    let program = small_program(
        "
start: here
screens:
  here: {show: Deeper, next: deeper}
  deeper: {run: m, next: here}
",
        "",
    );
    let mut phone = Phone::on(program, "m", &[]);
    let deep = (0..100).take_while(|_| phone.answer("1") == "Deeper / 1 Continue").count();
    assert_eq!(deep, 15);
    assert_eq!(phone.shows(), SORRY);
}

#[test]
fn a_menu_that_nobody_ran_returns_home() {
    let program = small_program("start: here\nscreens:\n  here: {show: Here, next: return}\n", "");
    let mut phone = Phone::on(program, "m", &[]);
    assert_eq!(phone.answer("1"), "Here / 1 Continue");
    assert!(!phone.screen().back);
}
