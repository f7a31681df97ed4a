//! Secrets, personal data and calls.

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;

use super::build::*;
use super::*;
use crate::menu::{
    Accept, AnswerField, Call, FailureName, Filled, FilledPiece, Filter, Letters, Operand, OperationId, Path, Piece,
    Place, Pointer, ProfileField, ProfileId, Registered, Root, Set, Slot, SlotId, Target, Type, Unit, Verb,
};

const NAME: Type = Type::Text { max: 20, letters: Letters::Latin };

fn field(name: &str, personal: bool) -> AnswerField {
    let from = Pointer(vec![name.to_owned()]);
    AnswerField {
        name: name.to_owned(),
        from,
        ty: NAME,
        unit: Unit::default(),
        of: Vec::new(),
        personal,
        optional: false,
    }
}

fn path(root: Root, fields: &[u16], ty: Type) -> Path {
    Path { root, fields: fields.to_vec(), ty }
}

fn slot(id: u16) -> Root {
    Root::Slot(SlotId(id))
}

fn call(give: Vec<Operand>, fails: Vec<(FailureName, Target)>, next: Target) -> Verb {
    Verb::Call(Call { operation: OperationId(0), give, into: Some(SlotId(0)), within: None, next, fails, late: None })
}

fn end_with(path: Path) -> Verb {
    Verb::End(pieces(vec![Piece::Slot(path, Filter::None)]))
}

/// A program whose operation answers `name`, which is personal, and `office`, which is not; slot 0 holds the answer and slot
/// 1 a text.
fn member(menus: Vec<Vec<Verb>>) -> Program {
    let mut program = program(menus);
    let operation = operation(vec![field("name", true), field("office", false)]);
    for menu in &mut program.menus {
        menu.slots[0].ty = operation.answer_type.clone();
        menu.slots[1].ty = NAME;
    }
    program.operations.push(operation);
    program.profile.push(ProfileField { name: "name".to_owned(), ty: NAME, personal: false });
    program
}

fn name() -> Path {
    path(slot(0), &[0], NAME)
}

fn office() -> Path {
    path(slot(0), &[1], NAME)
}

fn store(place: Place, value: Path, next: Target) -> Verb {
    Verb::Set(Set { assign: vec![(place, Operand::Path(value))], next })
}

#[test]
fn personal_data_needs_a_registered_caller() {
    let shows = |path: Path| member(vec![vec![call(vec![], vec![], to(1)), end_with(path)]]);
    assert!(found(&shows(office())).is_empty());
    assert_snapshot!(found_lines(&shows(name())), @"P030 `found.name` is personal, and `office.get` does not say that it is about the caller");
    let mut registered = shows(name());
    registered.operations[0].registered = Some(Registered::At(Pointer(vec!["mobile".to_owned()])));
    assert!(found(&registered).is_empty());
}

#[test]
fn personal_data_is_followed_through_slots_and_the_profile() {
    let through = |place: Place, value: Path, shown: Path| {
        member(vec![vec![call(vec![], vec![], to(1)), store(place, value, to(2)), end_with(shown)]])
    };
    let kept = || path(slot(1), &[], NAME);
    assert_snapshot!(found_lines(&through(Place::Slot(SlotId(1)), name(), kept())), @"P030 `row` is personal, and `office.get` does not say that it is about the caller");
    assert!(found(&through(Place::Slot(SlotId(1)), office(), kept())).is_empty());
    let profile = path(Root::Profile(ProfileId(0)), &[], NAME);
    assert_snapshot!(found_lines(&through(Place::Profile(ProfileId(0)), name(), profile)), @"
    P030 `profile.name` is personal, and `office.get` does not say that it is about the caller
    P032 `found.name` is personal, and `profile.name` would keep it with the number for whoever calls from it later
    ");
}

#[test]
fn personal_data_is_followed_into_menus_and_back() {
    let mut given = member(vec![vec![call(vec![], vec![], to(1)), run(1, to(2)), end()], vec![show(Target::Return)]]);
    let Verb::Run(run_it) = &mut given.menus[0].screens[1].verb else { panic!("built as a run") };
    run_it.give = vec![Operand::Path(path(slot(0), &[], given.operations[0].answer_type.clone()))];
    let Verb::Show(shown) = &mut given.menus[1].screens[0].verb else { panic!("built as a show") };
    shown.text = pieces(vec![Piece::Slot(name(), Filter::None)]);
    assert_snapshot!(found_lines(&given), @"P030 `found.name` is personal, and `office.get` does not say that it is about the caller");

    let inner = vec![call(vec![], vec![], to(1)), store(Place::Slot(SlotId(1)), name(), Target::Return)];
    let mut back = member(vec![vec![run(1, to(1)), end_with(path(slot(0), &[0], NAME))], inner]);
    let Verb::Run(run_it) = &mut back.menus[0].screens[0].verb else { panic!("built as a run") };
    run_it.into = Some(SlotId(0));
    back.menus[1].gives = vec![SlotId(1)];
    assert_snapshot!(found_lines(&back), @"P030 `found.name` is personal, and `office.get` does not say that it is about the caller");
}

#[test]
fn a_registered_operation_is_given_the_caller() {
    let with = |give: Vec<Operand>| {
        let mut program = member(vec![vec![call(give, vec![], to(1)), end()]]);
        program.operations[0].registered = Some(Registered::ByCaller);
        program.operations[0].takes = vec!["mobile".to_owned()];
        program
    };
    let digits = Type::Text { max: 15, letters: Letters::Digits };
    assert!(found(&with(vec![Operand::Path(path(Root::Caller, &[], digits))])).is_empty());
    assert_snapshot!(found_lines(&with(vec![Operand::Path(path(slot(1), &[], NAME))])), @"P031 `office.get` answers about the person whose number is calling, but is not given `caller`");
}

/// Asks for a secret, then the screens of `between` (from screen 2 on), then gives it to the operation on screen 1.
fn secret(next: Target, between: Vec<Verb>) -> Program {
    let pin = Type::Text { max: 4, letters: Letters::Digits };
    let asked = ask(Accept::Digits { min: 4, max: 4 }, next);
    let given =
        call(vec![Operand::Path(path(slot(0), &[], pin.clone()))], vec![], Target::Screen(crate::menu::ScreenId(2)));
    let mut program = program(vec![[asked, given, end()].into_iter().chain(between).collect()]);
    program.menus[0].slots[0] =
        Slot { name: "pin".to_owned(), ty: pin, secret: true, personal: false, guarded: false, span: span(0, 0) };
    program.operations.push(operation(Vec::new()));
    program.operations[0].takes = vec!["pin".to_owned()];
    let Verb::Call(call) = &mut program.menus[0].screens[1].verb else { panic!("built as a call") };
    call.into = None;
    program
}

#[test]
fn a_secret_goes_into_a_body_only() {
    assert!(found(&secret(to(1), Vec::new())).is_empty());
    let mut addressed = secret(to(1), Vec::new());
    addressed.operations[0].path = Filled(vec![FilledPiece::Text("/check?pin=".to_owned()), FilledPiece::Value(0)]);
    assert_snapshot!(found_lines(&addressed), @"P020 the secret `pin` would stand in the address that `office.get` calls");
    let mut cached = secret(to(1), Vec::new());
    cached.operations[0].cache = Some(Duration::from_mins(1));
    assert_snapshot!(found_lines(&cached), @"P021 the answer of `office.get` to the secret `pin` would be kept");
}

#[test]
fn a_secret_lives_until_the_next_screen() {
    assert!(found(&secret(to(3), vec![branch(&[to(1), to(2)])])).is_empty());
    assert_snapshot!(found_lines(&secret(to(3), vec![show(to(1))])), @"P022 the secret `pin` may be gone before this call");
    // One way may not go round the question either.
    assert_snapshot!(found_lines(&secret(to(3), vec![branch(&[to(1), to(4)]), show(to(1))])), @"P022 the secret `pin` may be gone before this call");
}

/// A booking, whose unknown outcome leads to the screens of `told` (from screen 2 on).
fn booking(fails: Vec<(FailureName, Target)>, told: Vec<Verb>) -> Program {
    let mut program = member(vec![[call(vec![], fails, to(1)), end()].into_iter().chain(told).collect()]);
    let mut settles = operation(vec![field("name", false)]);
    settles.name = "office.state".to_owned();
    settles.takes = vec!["intent".to_owned()];
    program.operations[0] = operation(vec![field("name", false)]);
    program.operations[0].changes = true;
    program.operations[0].settled_by = Some(OperationId(1));
    program.operations.push(settles);
    program
}

fn receipt() -> Verb {
    end_with(path(Root::Receipt, &[], NAME))
}

fn unknown() -> Vec<(FailureName, Target)> {
    vec![(FailureName::Down, to(1)), (FailureName::Unknown, to(2))]
}

#[test]
fn an_unknown_outcome_is_told_with_its_receipt() {
    assert!(found(&booking(unknown(), vec![receipt()])).is_empty());
    assert!(found(&booking(unknown(), vec![set(to(3)), receipt()])).is_empty());
    assert_snapshot!(found_lines(&booking(Vec::new(), Vec::new())), @"P042 `office.get` changes something, and nobody is told when its answer is lost");
    assert_snapshot!(found_lines(&booking(unknown(), vec![end()])), @"P043 `2` is shown when the answer of `office.get` is lost, without the receipt number");
}

#[test]
fn what_changes_something_can_be_asked_after() {
    let with = |change: fn(&mut Program)| {
        let mut program = booking(unknown(), vec![receipt()]);
        change(&mut program);
        found_lines(&program)
    };
    assert_snapshot!(with(|p| p.operations[1].cache = Some(Duration::from_secs(1))), @"P041 `office.state` cannot say what became of `office.get`: its answers are kept, and what became of the other may be decided later");
    assert_snapshot!(with(|p| p.operations[1].answer.clear()), @"P041 `office.state` cannot say what became of `office.get`: its answer has no `name`");
    assert_snapshot!(with(|p| p.operations[1].answer[0].ty = Type::Text { max: 21, letters: Letters::Latin }), @"P041 `office.state` cannot say what became of `office.get`: `name` of its answer may hold what that of the other may not");
    assert_snapshot!(with(|p| p.operations[1].answer[0].optional = true), @"P041 `office.state` cannot say what became of `office.get`: `name` of its answer may hold what that of the other may not");
    // Less than may come is as good.
    assert_snapshot!(with(|p| p.operations[1].answer[0].ty = Type::Text { max: 19, letters: Letters::Latin }), @"");
    assert_snapshot!(with(|p| p.operations[0].answer[0].ty = Type::Record(Arc::default())), @"P041 `office.state` cannot say what became of `office.get`: `name` of its answer may hold what that of the other may not");
}

#[test]
fn a_call_waits_no_longer_than_every_gateway() {
    let within = |seconds| {
        let mut program = member(vec![vec![
            choose(&[to(1), to(2)]),
            call(vec![], vec![], to(3)),
            call(vec![], vec![], to(3)),
            end(),
        ]]);
        program.operations[0].within = Duration::from_secs(seconds);
        let Verb::Call(call) = &mut program.menus[0].screens[2].verb else { panic!("built as a call") };
        call.within = Some(Duration::from_secs(seconds + 1));
        let findings = check(&program, &crate::gateway::shipped()).findings;
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(within(2), "");
    assert_snapshot!(within(12), @r#"
        `office.get` may take 13s, longer than these gateways leave departments: advanta, arkesel, beem, bonga, cellulant and 15 more (9.5s); hubtel (4.5s)
        `office.get` may take 12s, longer than these gateways leave departments: advanta, arkesel, beem, bonga, cellulant and 15 more (9.5s); hubtel (4.5s)
    "#);
}
