//! What the tests of this module share: programs of a few operations, a clock that is moved by hand, a department that
//! answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{HttpRequest, Observer, Transport};
use crate::engine::CallRequest;
use crate::menu::{
    AnswerField, Body, Cell, Column, Department, DepartmentId, Field, Filled, FilledPiece, Format, Keys, Language,
    LanguageId, Letters, MenuId, Method, Navigation, Operation, OperationId, Pointer, Program, Table, Type, Unit,
    Value, Version,
};
use crate::outward::{HttpAnswer, TransportError};
use crate::source::{FileId, Span};
use crate::sync::lock;
use crate::types::{Chance, Clock, Later, Timestamp};

pub(super) fn program(operations: Vec<Operation>) -> Program {
    let language = |code: &str, plain: u16| Language {
        code: code.to_owned(),
        name: code.to_owned(),
        also: Vec::new(),
        circles: Vec::new(),
        plain: LanguageId(plain),
    };
    let states = Table {
        name: "states".to_owned(),
        columns: ["code", "name"].map(|name| Column { name: name.to_owned(), ty: text(9, Letters::Any) }).into(),
        rows: vec![vec![Cell::Same("UP".to_owned()), Cell::Same("Uttar Pradesh".to_owned())]],
    };
    Program {
        version: Version([7; 16]),
        languages: vec![language("en", 0), language("hi", 1)],
        menus: Vec::new(),
        departments: vec![Department { name: "lpg".to_owned() }],
        operations,
        tables: vec![states],
        lookups: crate::menu::Lookups::default(),
        profile: Vec::new(),
        ussd: Vec::new(),
        keywords: Vec::new(),
        missed_calls: Vec::new(),
        short_links: Vec::new(),
        allowed: crate::menu::Allowed::default(),
        home: MenuId(0),
        navigation: Navigation { ussd: Keys { back: "0".into(), home: "00".into(), more: "98".into() } },
        messages: Vec::new(),
        number_words: crate::menu::NumberWords::default(),
        command_words: crate::menu::CommandWords::default(),
        system: Vec::new(),
    }
}

/// `GET` of a path whose holes are the names of `takes` in braces, as menus write it.
pub(super) fn get(path: &str, takes: &[&str], answer: Vec<AnswerField>) -> Operation {
    Operation {
        name: "lpg.test".to_owned(),
        department: DepartmentId(0),
        method: Method::Get,
        path: filled(path, takes),
        body: Body::None,
        answers: Format::Json,
        within: Duration::from_secs(3),
        cache: None,
        changes: false,
        settled_by: None,
        registered: None,
        takes: takes.iter().map(|name| (*name).to_owned()).collect(),
        answer_type: record_type(&answer),
        answer,
        errors: Vec::new(),
        span: Span { file: FileId(0), start: 0, end: 0 },
    }
}

pub(super) fn record_type(fields: &[AnswerField]) -> Type {
    let field =
        |field: &AnswerField| Field { name: field.name.clone(), ty: field.ty.clone(), personal: field.personal };
    Type::Record(Arc::new(fields.iter().map(field).collect()))
}

pub(super) fn filled(text: &str, takes: &[&str]) -> Filled {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        let at = takes.iter().position(|taken| *taken == name).expect("the hole's name is taken");
        pieces.extend((!before.is_empty()).then(|| FilledPiece::Text(before.to_owned())));
        pieces.push(FilledPiece::Value(u16::try_from(at).expect("few names")));
        rest = after;
    }
    pieces.extend((!rest.is_empty()).then(|| FilledPiece::Text(rest.to_owned())));
    Filled(pieces)
}

/// A field of an answer; `from` is a JSON Pointer without escapes.
pub(super) fn field(name: &str, from: &str, ty: Type) -> AnswerField {
    AnswerField {
        name: name.to_owned(),
        from: pointer(from),
        ty,
        unit: Unit::default(),
        of: Vec::new(),
        personal: false,
        optional: false,
    }
}

pub(super) fn pointer(text: &str) -> Pointer {
    Pointer(text.split('/').skip(1).map(str::to_owned).collect())
}

pub(super) fn text(max: u16, letters: Letters) -> Type {
    Type::Text { max, letters }
}

pub(super) fn call(give: Vec<Option<Value>>) -> CallRequest {
    CallRequest {
        operation: OperationId(0),
        give,
        within: Duration::from_secs(3),
        caller: "919812345670".to_owned(),
        late: false,
    }
}

/// A text as [`CallRequest::give`] holds it.
#[expect(clippy::unnecessary_wraps, reason = "values of calls and records may be unset, and so are options")]
pub(super) fn value(text: &str) -> Option<Value> {
    Some(Value::Text(text.to_owned()))
}

/// A clock on which waiting takes no time.
#[derive(Debug, Default)]
pub(super) struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    pub(super) fn at(now: Timestamp) -> Arc<Self> {
        Arc::new(Self(Mutex::new(now)))
    }

    pub(super) fn pass(&self, time: Duration) {
        let mut now = lock(&self.0);
        *now = now.plus(time);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }

    fn sleep(&self, how_long: Duration) -> Later<'_, ()> {
        self.pass(how_long);
        Box::pin(std::future::ready(()))
    }
}

/// Always the same number.
#[derive(Debug)]
pub(super) struct NoChance;

impl Chance for NoChance {
    fn draw(&self) -> u128 {
        26
    }
}

pub(super) type Answered = Result<HttpAnswer, TransportError>;

/// Gives its answers in their order, each after its time, and keeps what it was asked. Without an answer left it is lost.
#[derive(Debug)]
pub(super) struct Scripted {
    clock: Arc<ManualClock>,
    answers: Mutex<VecDeque<(Duration, Answered)>>,
    pub(super) asked: Mutex<Vec<HttpRequest>>,
}

impl Scripted {
    pub(super) fn new(clock: &Arc<ManualClock>, answers: Vec<(Duration, Answered)>) -> Arc<Self> {
        Arc::new(Self { clock: Arc::clone(clock), answers: Mutex::new(answers.into()), asked: Mutex::default() })
    }

    pub(super) fn times_asked(&self) -> usize {
        lock(&self.asked).len()
    }
}

impl Transport for Scripted {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Answered> {
        lock(&self.asked).push(request);
        let (after, answer) = lock(&self.answers)
            .pop_front()
            .unwrap_or((Duration::ZERO, Err(TransportError::Lost("the script is at its end".to_owned()))));
        self.clock.pass(after.min(within));
        Box::pin(std::future::ready(if after >= within { Err(TransportError::Late) } else { answer }))
    }
}

/// Writes down what it sees.
#[derive(Debug, Default)]
pub(super) struct Notes(pub(super) Mutex<Vec<String>>);

impl Observer for Notes {
    fn called(&self, department: &str, operation: &str, outcome: &'static str, took: Duration) {
        lock(&self.0).push(format!("{department} {operation} {outcome} {}ms", took.as_millis()));
    }

    fn breaker(&self, department: &str, state: &'static str) {
        lock(&self.0).push(format!("{department} breaker {state}"));
    }
}
