//! Programs at random, straight as the compiler's result: also those that it and `check` would refuse, with loops, screens
//! that lead nowhere, secrets in texts and values of the wrong type. What holds for these holds for any checked program.

use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::menu::*;
use crate::source::{FileId, Span};

pub(super) const MENUS: u16 = 3;
pub(super) const SCREENS: u16 = 5;
pub(super) const SLOTS: u16 = 4;
/// The last slot of each menu is a secret.
const SECRET: u16 = SLOTS - 1;
const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// The calls that programs make: the first reads, the second changes something.
pub(super) const CHANGES: OperationId = OperationId(1);

/// A program of three menus. `back` says whether targets may be `back`.
pub(super) fn any_program(back: bool) -> BoxedStrategy<Program> {
    vec(any_menu(back), usize::from(MENUS))
        .prop_map(|menus| Program {
            version: Version([7; 16]),
            languages: vec![language("en", "English", 0), language("hi", "हिन्दी", 0)],
            menus: menus.into_iter().enumerate().map(|(i, menu)| Menu { name: format!("m{i}"), ..menu }).collect(),
            departments: vec![Department { name: "d".into() }],
            operations: vec![operation("d.read", false), operation("d.change", true)],
            tables: vec![table()],
            lookups: Lookups::default(),
            profile: vec![ProfileField { name: "p".into(), ty: letters(), personal: false }],
            ussd: Vec::new(),
            keywords: Vec::new(),
            missed_calls: Vec::new(),
            short_links: Vec::new(),
            allowed: Allowed::default(),
            home: MenuId(0),
            navigation: Navigation { ussd: Keys { back: "0".into(), home: "00".into(), more: "98".into() } },
            messages: Vec::new(),
            number_words: NumberWords::default(),
            command_words: CommandWords::default(),
            system: (0..SystemText::ALL.len()).map(|i| text(vec![words(&format!("system {i}")), slot(0)])).collect(),
        })
        .boxed()
}

fn any_menu(back: bool) -> BoxedStrategy<Menu> {
    (vec(any_screen(back), usize::from(SCREENS)), 0..SCREENS, vec(0..SLOTS, 0..3))
        .prop_map(|(screens, start, gives)| Menu {
            name: String::new(),
            title: None,
            slots: (0..SLOTS)
                .map(|i| Slot {
                    name: format!("s{i}"),
                    ty: letters(),
                    secret: i == SECRET,
                    personal: false,
                    guarded: false,
                    span: NOWHERE,
                })
                .collect(),
            takes: 1,
            gives: gives.into_iter().map(SlotId).collect(),
            start: ScreenId(start),
            screens,
            span: NOWHERE,
        })
        .boxed()
}

fn any_screen(back: bool) -> BoxedStrategy<Screen> {
    (any_verb(back), any::<bool>(), prop::bool::weighted(0.2))
        .prop_map(|(verb, save, personal)| Screen {
            name: String::new(),
            verb,
            save,
            personal,
            guarded: false,
            verified: false,
            span: NOWHERE,
        })
        .boxed()
}

fn any_verb(back: bool) -> BoxedStrategy<Verb> {
    let target = move || any_target(back);
    let slot = || (0..SLOTS).prop_map(SlotId);
    let secret_or_slot = prop_oneof![Just(SlotId(SECRET)), slot()];
    prop_oneof![
        3 => (any_text(), vec(any_option(back), 0..4), of(slot())).prop_map(|(text, options, into)| {
            Verb::Choose(Choose { text, among: Among::Options(options), into })
        }),
        2 => (any_text(), any_rows(back), target(), any::<bool>()).prop_map(|(text, list, next, find)| {
            let find = if find { vec![path(Root::Slot(list.each), vec![1])] } else { Vec::new() };
            Verb::Choose(Choose { text, among: Among::List { list, next, find, changes: true }, into: None })
        }),
        3 => (any_text(), secret_or_slot, any_accept(), of(1..4_u8), target(), of(target())).prop_map(
            |(text, into, accept, tries, next, on_wrong)| {
                Verb::Ask(Ask { text, into, accept, wrong: None, tries, on_wrong, next, changes: false })
            }
        ),
        3 => (any_text(), of(any_rows(back)), vec(any_option(back), 0..3), of(target()))
            .prop_map(|(text, rows, options, next)| Verb::Show(Show { text, rows, options, next })),
        1 => any_text().prop_map(Verb::End),
        2 => (0..2_u16, any_operand(), of(slot()), target(), vec((any_failure(), target()), 0..4), of(any_late())).prop_map(
            |(operation, give, into, next, fails, late)| {
                let give = vec![give];
                Verb::Call(Call { operation: OperationId(operation), give, into, within: None, next, fails, late })
            }
        ),
        1 => (any_message(), of(any_operand()), target())
            .prop_map(|(what, to, next)| Verb::Send(Send { what, to, next })),
        2 => (of(any_text()), target(), target(), target(), target()).prop_map(|(prompt, next, wrong, expired, unsent)| {
            Verb::Verify(Verify { prompt, tries: 3, lock: Verify::LOCK, next, wrong, expired, unsent })
        }),
        1 => (any_condition(), target(), target()).prop_map(|(when, go, otherwise)| {
            Verb::Branch(vec![Arm { when: Some(when), go }, Arm { when: None, go: otherwise }])
        }),
        2 => (vec((any_place(), any_operand()), 1..3), target())
            .prop_map(|(assign, next)| Verb::Set(Set { assign, next })),
        2 => (0..MENUS, any_operand(), of(slot()), target()).prop_map(|(menu, give, into, next)| {
            Verb::Run(Run { menu: MenuId(menu), give: vec![give], into, next })
        }),
    ]
    .boxed()
}

fn any_message() -> BoxedStrategy<SendOf> {
    vec(any_operand(), 0..3).prop_map(|give| SendOf { message: MessageId(0), give }).boxed()
}

fn any_late() -> BoxedStrategy<Late> {
    (any_message(), any_message()).prop_map(|(answer, failed)| Late { answer, failed }).boxed()
}

fn any_target(back: bool) -> BoxedStrategy<Target> {
    prop_oneof![
        12 => (0..SCREENS).prop_map(|screen| Target::Screen(ScreenId(screen))),
        2 => (0..MENUS).prop_map(|menu| Target::Menu(MenuId(menu))),
        1 => Just(Target::Home),
        1 => Just(if back { Target::Back } else { Target::Return }),
        2 => Just(Target::Return),
    ]
    .boxed()
}

fn any_option(back: bool) -> BoxedStrategy<ChoiceOption> {
    (any_text(), any_target(back), of(10..99_u16), of(any_condition()), any::<bool>())
        .prop_map(|(label, go, key, when, changes)| ChoiceOption {
            id: "id".into(),
            label,
            go,
            key,
            when,
            changes,
            span: NOWHERE,
        })
        .boxed()
}

fn any_rows(back: bool) -> BoxedStrategy<Rows> {
    let source = prop_oneof![
        any_path().prop_map(RowSource::Answer),
        any::<bool>().prop_map(|table| if table { RowSource::Table(TableId(0)) } else { RowSource::Languages }),
    ];
    (source, 0..SLOTS - 1, of(any_condition()), of(any_target(back)))
        .prop_map(|(source, each, only, none)| Rows {
            source,
            each: SlotId(each),
            row: text(vec![Piece::Slot(path(Root::Slot(SlotId(each)), vec![1]), Filter::None)]),
            only,
            none,
            span: NOWHERE,
        })
        .boxed()
}

fn any_accept() -> BoxedStrategy<Accept> {
    (0..8)
        .prop_map(|kind| match kind {
            0 => Accept::Digits { min: 1, max: 12 },
            1 => Accept::Number { min: -5, max: 5 },
            2 => Accept::Amount { min: 0, max: 10_000 },
            3 => Accept::Text { max: 20 },
            4 => Accept::Date,
            5 => Accept::Phone,
            6 => Accept::OneOf(vec!["one".into(), "two".into()]),
            _ => Accept::YesNo,
        })
        .boxed()
}

fn any_failure() -> BoxedStrategy<FailureName> {
    prop_oneof![
        Just(FailureName::Down),
        Just(FailureName::Refused),
        Just(FailureName::Late),
        Just(FailureName::Unknown),
        Just(FailureName::Named("wrong".into())),
    ]
    .boxed()
}

fn any_place() -> BoxedStrategy<Place> {
    prop_oneof![
        3 => (0..SLOTS).prop_map(|slot| Place::Slot(SlotId(slot))),
        1 => Just(Place::Profile(ProfileId(0))),
        1 => Just(Place::Language),
    ]
    .boxed()
}

fn any_operand() -> BoxedStrategy<Operand> {
    prop_oneof![
        3 => any_path().prop_map(Operand::Path),
        1 => Just(Operand::Literal(Value::Text("hi".into()))),
        1 => (-5..5_i64).prop_map(|number| Operand::Literal(Value::Number(number))),
    ]
    .boxed()
}

fn any_path() -> BoxedStrategy<Path> {
    let root = prop_oneof![
        5 => (0..SLOTS).prop_map(|slot| Root::Slot(SlotId(slot))),
        // Secrets are tried to be used often, since they are only there for a moment.
        4 => Just(Root::Slot(SlotId(SECRET))),
        1 => Just(Root::Profile(ProfileId(0))),
        1 => Just(Root::Caller),
        1 => Just(Root::Language),
        1 => Just(Root::Today),
        1 => Just(Root::Receipt),
    ];
    (root, vec(0..3_u16, 0..2)).prop_map(|(root, fields)| path(root, fields)).boxed()
}

fn any_condition() -> BoxedStrategy<Condition> {
    let comparison = prop_oneof![
        Just(Comparison::Equal),
        Just(Comparison::NotEqual),
        Just(Comparison::Less),
        Just(Comparison::AtLeast)
    ];
    prop_oneof![
        3 => (any_operand(), comparison, any_operand())
            .prop_map(|(left, comparison, right)| Condition::Compare(left, comparison, right)),
        2 => any_path().prop_map(Condition::IsSet),
        1 => any_path().prop_map(Condition::Holds),
        1 => any_path().prop_map(|path| Condition::Not(Box::new(Condition::IsSet(path)))),
    ]
    .boxed()
}

fn any_text() -> BoxedStrategy<Text> {
    ("[a-z]{3,9}", vec(any_path(), 0..3))
        .prop_map(|(start, paths)| {
            let slots = paths.into_iter().map(|path| Piece::Slot(path, Filter::None));
            text(std::iter::once(words(&start)).chain(slots).collect())
        })
        .boxed()
}

fn language(code: &str, name: &str, plain: u16) -> Language {
    Language { code: code.into(), name: name.into(), also: Vec::new(), circles: Vec::new(), plain: LanguageId(plain) }
}

fn operation(name: &str, changes: bool) -> Operation {
    Operation {
        name: name.into(),
        department: DepartmentId(0),
        method: Method::Get,
        path: Filled::default(),
        body: Body::None,
        answers: Format::Json,
        within: Duration::from_secs(3),
        cache: None,
        changes,
        settled_by: None,
        registered: None,
        takes: vec!["value".into()],
        answer: Vec::new(),
        answer_type: letters(),
        errors: Vec::new(),
        span: NOWHERE,
    }
}

fn table() -> Table {
    let row = |code: &str, name: &str, hindi: &str| {
        vec![Cell::Same(code.into()), Cell::Localised(vec![name.into(), hindi.into()])]
    };
    Table {
        name: "t".into(),
        columns: vec![Column { name: "code".into(), ty: letters() }, Column { name: "name".into(), ty: letters() }],
        rows: vec![row("1", "Pune", "पुणे"), row("2", "Nagpur", "नागपुर"), row("3", "Palghar", "पालघर")],
    }
}

fn letters() -> Type {
    Type::Text { max: 20, letters: Letters::Any }
}

fn path(root: Root, fields: Vec<u16>) -> Path {
    Path { root, fields, ty: letters() }
}

fn words(text: &str) -> Piece {
    Piece::Text(text.into())
}

fn slot(slot: u16) -> Piece {
    Piece::Slot(path(Root::Slot(SlotId(slot)), Vec::new()), Filter::None)
}

fn text(pieces: Vec<Piece>) -> Text {
    let template = Arc::new(Template { pieces, language: LanguageId(0), span: NOWHERE });
    Text { languages: vec![Arc::clone(&template), template].into() }
}
