//! The department that needs no file: `gramsetu` itself, asked by menus like any other about what the bridge keeps for the number that is
//! calling.
//!
//! Who performs this is the bridge; nobody else is asked, and the settings know nothing of it. Texts are in Latin letters, so that
//! pages of every language may show them.

use std::sync::Arc;
use std::time::Duration;

use super::ids::{DepartmentId, OperationId};
use super::operation::{AnswerField, Body, ErrorRule, Filled, FilledPiece, Format, Method, Operation, Pointer, Unit};
use super::program::Program;
use super::types::RECEIPT;
use super::value::{Field, Letters, Type};
use crate::source::Span;

/// The name of the department.
pub const OWN_DEPARTMENT: &str = "gramsetu";

/// No longer than reading what is kept takes.
const WITHIN: Duration = Duration::from_secs(1);

/// What the bridge itself answers. Each answer is a record of the fields of [`Self::answer`], in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Own {
    /// What was asked for from this number and answered later, or is still open; the newest first.
    Requests,
    /// One of them, by its receipt number. Its answer is what the message said.
    Request,
    /// A bill that was paid from this number, by the transaction's id.
    Payment,
}

impl Own {
    pub const ALL: [Self; 3] = [Self::Requests, Self::Request, Self::Payment];

    /// How many requests a list has at most.
    pub const MOST_REQUESTS: u16 = 5;

    /// Letters of the texts that come from elsewhere, and are cut.
    pub const TITLE: u16 = 24;
    pub const ANSWER: u16 = 160;
    pub const BILLER: u16 = 40;

    /// The operation's name, without the department's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Request => "request",
            Self::Payment => "payment",
        }
    }

    /// The operation's name as menus call it.
    pub fn full_name(self) -> String {
        format!("{OWN_DEPARTMENT}.{}", self.name())
    }

    /// Which one an operation of a program is; `None` for a department's.
    pub fn of(program: &Program, operation: OperationId) -> Option<Self> {
        let operation = program.operations.get(operation.index())?;
        Self::by_name(&operation.name)
    }

    /// The one that menus call so.
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.strip_prefix(OWN_DEPARTMENT)?.strip_prefix('.')?;
        Self::ALL.into_iter().find(|own| own.name() == name)
    }

    /// What it takes; there is one value at most.
    pub const fn takes(self) -> Option<&'static str> {
        match self {
            Self::Requests => None,
            Self::Request => Some("receipt"),
            Self::Payment => Some("transaction"),
        }
    }

    fn answer(self) -> Vec<AnswerField> {
        match self {
            Self::Requests => {
                let of = request();
                let record = Type::Record(Arc::new(fields(&of)));
                let ty = Type::List { of: Arc::new(record), at_most: Self::MOST_REQUESTS };
                let optional = |field: AnswerField| AnswerField { optional: true, ..field };
                // An SMS has no rows: beside the list stand the newest, and how the one before is known.
                let newest = request().into_iter().map(optional);
                let before = [
                    optional(field("before", latin(RECEIPT))),
                    optional(field("before_title", latin(Self::TITLE))),
                    optional(field("before_at", Type::Date)),
                ];
                [AnswerField { of, ..field("requests", ty) }].into_iter().chain(newest).chain(before).collect()
            }
            Self::Request => {
                let answer = AnswerField { personal: true, optional: true, ..field("answer", latin(Self::ANSWER)) };
                request().into_iter().chain([answer]).collect()
            }
            Self::Payment => vec![
                field("amount", Type::Amount { max: 9_999_999_999 }),
                field("biller", latin(Self::BILLER)),
                // All but its last letters masked.
                field("account", latin(12)),
                // `open`, `paid`, `failed` or `reversed`.
                field("state", latin(8)),
                field("at", Type::Date),
                field("time", latin(5)),
            ],
        }
    }

    pub(super) fn operation(self, department: DepartmentId, span: Span) -> Operation {
        let answer = self.answer();
        let not_found = ErrorRule { status: Some(404), at: None, name: "not_found".to_owned() };
        Operation {
            name: self.full_name(),
            department,
            method: Method::Get,
            path: Filled(vec![FilledPiece::Text(format!("/{}", self.name()))]),
            body: Body::None,
            answers: Format::Json,
            within: WITHIN,
            cache: None,
            changes: false,
            settled_by: None,
            registered: None,
            takes: self.takes().into_iter().map(str::to_owned).collect(),
            answer_type: Type::Record(Arc::new(fields(&answer))),
            answer,
            errors: self.takes().map(|_| not_found).into_iter().collect(),
            span,
        }
    }
}

/// A request that is answered later.
fn request() -> Vec<AnswerField> {
    vec![
        field("receipt", latin(RECEIPT)),
        // The title of the menu that it was asked in.
        field("title", latin(Own::TITLE)),
        // `open`, `done` or `failed`.
        field("state", latin(8)),
        field("at", Type::Date),
    ]
}

fn latin(max: u16) -> Type {
    Type::Text { max, letters: Letters::Latin }
}

fn field(name: &str, ty: Type) -> AnswerField {
    AnswerField {
        name: name.to_owned(),
        from: Pointer(vec![name.to_owned()]),
        ty,
        unit: Unit::default(),
        of: Vec::new(),
        personal: false,
        optional: false,
    }
}

fn fields(answer: &[AnswerField]) -> Vec<Field> {
    let field =
        |field: &AnswerField| Field { name: field.name.clone(), ty: field.ty.clone(), personal: field.personal };
    answer.iter().map(field).collect()
}
