//! Programs for the tests of proofs, built without the compiler: screens have numbers instead of names, and one language.

use std::sync::Arc;
use std::time::Duration;

use crate::menu::*;
use crate::phone::ServiceCode;
use crate::source::{FileId, Span};

/// A place that names a menu and a screen, so that findings can be told apart.
pub(super) fn span(menu: usize, screen: usize) -> Span {
    let at = u32::try_from(menu * 10_000 + screen).expect("tests are small");
    Span { file: FileId(0), start: at, end: at }
}

pub(super) fn text(words: &str) -> Text {
    pieces(vec![Piece::Text(words.into())])
}

pub(super) fn pieces(pieces: Vec<Piece>) -> Text {
    let template = Template { pieces, language: LanguageId(0), span: span(0, 0) };
    Text { languages: [Arc::new(template)].into() }
}

/// The screen of this number in the same menu.
pub(super) fn to(screen: u16) -> Target {
    Target::Screen(ScreenId(screen))
}

pub(super) fn choose(targets: &[Target]) -> Verb {
    Verb::Choose(Choose { text: text("Choose"), among: Among::Options(options(targets)), into: None })
}

pub(super) fn options(targets: &[Target]) -> Vec<ChoiceOption> {
    let option = |(at, go): (usize, &Target)| ChoiceOption {
        id: format!("option{}", at + 1),
        label: text(&format!("Option {:02}", at + 1)),
        go: *go,
        key: None,
        when: None,
        changes: false,
        span: span(0, at),
    };
    targets.iter().enumerate().map(option).collect()
}

pub(super) fn show(next: Target) -> Verb {
    Verb::Show(Show { text: text("Read this"), rows: None, options: Vec::new(), next: Some(next) })
}

/// Rows of an empty slot: what is not there goes to `none`.
pub(super) fn list(next: Target, none: Target) -> Verb {
    let path = Path { root: Root::Slot(SlotId(0)), fields: Vec::new(), ty: list_type(9) };
    let source = RowSource::Answer(path);
    let list = Rows { source, each: SlotId(1), row: text("A row"), only: None, none: Some(none), span: span(0, 0) };
    Verb::Choose(Choose {
        text: text("Choose"),
        among: Among::List { list, next, find: Vec::new(), changes: false },
        into: None,
    })
}

pub(super) fn list_type(at_most: u16) -> Type {
    Type::List { of: Arc::new(Type::Date), at_most }
}

pub(super) fn ask(accept: Accept, next: Target) -> Verb {
    let ask = Ask {
        text: text("Type it"),
        into: SlotId(0),
        accept,
        wrong: None,
        tries: None,
        on_wrong: None,
        next,
        changes: false,
    };
    Verb::Ask(ask)
}

pub(super) fn branch(targets: &[Target]) -> Verb {
    Verb::Branch(targets.iter().map(|go| Arm { when: None, go: *go }).collect())
}

pub(super) fn set(next: Target) -> Verb {
    Verb::Set(Set { assign: Vec::new(), next })
}

pub(super) fn run(menu: u16, next: Target) -> Verb {
    Verb::Run(Run { menu: MenuId(menu), give: Vec::new(), into: None, next })
}

pub(super) fn end() -> Verb {
    Verb::End(text("Goodbye"))
}

/// Menus of these screens, named `a`, `b` … with screens `0`, `1` …; each begins with its screen 0, the first is home.
pub(super) fn program(menus: Vec<Vec<Verb>>) -> Program {
    let menu = |(at, verbs): (usize, Vec<Verb>)| {
        let screen = |(number, verb)| Screen {
            name: format!("{number}"),
            verb,
            save: false,
            personal: false,
            guarded: false,
            verified: false,
            span: span(at, number),
        };
        let slot = |name: &str, ty| Slot {
            name: name.to_owned(),
            ty,
            secret: false,
            personal: false,
            guarded: false,
            span: span(at, 0),
        };
        Menu {
            name: char::from(b'a' + u8::try_from(at % 26).expect("at most 25")).to_string(),
            title: None,
            slots: vec![slot("found", list_type(9)), slot("row", Type::Date)],
            takes: 0,
            gives: Vec::new(),
            start: ScreenId(0),
            screens: verbs.into_iter().enumerate().map(screen).collect(),
            span: span(at, 9_999),
        }
    };
    let language = Language {
        code: "en".to_owned(),
        name: "English".to_owned(),
        also: Vec::new(),
        circles: Vec::new(),
        plain: LanguageId(0),
    };
    Program {
        version: Version([0; 16]),
        languages: vec![language],
        menus: menus.into_iter().enumerate().map(menu).collect(),
        departments: vec![Department { name: "office".to_owned() }],
        operations: Vec::new(),
        tables: Vec::new(),
        lookups: Lookups::default(),
        profile: Vec::new(),
        ussd: vec![Entry {
            code: ServiceCode::parse("*123#").expect("a service code"),
            menu: MenuId(0),
            language: None,
        }],
        keywords: Vec::new(),
        missed_calls: Vec::new(),
        short_links: Vec::new(),
        allowed: Allowed::default(),
        home: MenuId(0),
        navigation: Navigation { ussd: Keys { back: "0".to_owned(), home: "00".to_owned(), more: "98".to_owned() } },
        messages: Vec::new(),
        number_words: NumberWords::default(),
        command_words: CommandWords::default(),
        system: SystemText::ALL.iter().map(|_| text("More")).collect(),
    }
}

/// An operation `office.get` with this answer.
pub(super) fn operation(answer: Vec<AnswerField>) -> Operation {
    let fields =
        answer.iter().map(|field| Field { name: field.name.clone(), ty: field.ty.clone(), personal: field.personal });
    Operation {
        name: "office.get".to_owned(),
        department: DepartmentId(0),
        method: Method::Get,
        path: Filled(vec![FilledPiece::Text("/get".to_owned())]),
        body: Body::None,
        answers: Format::Json,
        within: Duration::from_secs(2),
        cache: None,
        changes: false,
        settled_by: None,
        registered: None,
        takes: Vec::new(),
        answer_type: Type::Record(Arc::new(fields.collect())),
        answer,
        errors: Vec::new(),
        span: span(9, 0),
    }
}
