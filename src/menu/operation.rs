//! What departments are asked, and what they answer: the compiled form of a department's file.

use std::time::Duration;

use super::ids::{DepartmentId, OperationId};
use super::value::Type;
use crate::source::Span;

#[derive(Debug)]
pub struct Department {
    /// `epfo`: its address and credentials are in the settings under `[departments.epfo]`.
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

#[derive(Clone, Debug)]
pub struct Operation {
    /// `epfo.claims`
    pub name: String,
    pub department: DepartmentId,
    pub method: Method,
    /// Path and query as written, with holes for values.
    pub path: Filled,
    pub body: Body,
    /// What its answer is written in.
    pub answers: Format,
    pub within: Duration,
    pub cache: Option<Duration>,
    /// It does something: never repeated blindly.
    pub changes: bool,
    /// For one that changes: the operation that tells afterwards what became of it; it takes one value, `intent`.
    pub settled_by: Option<OperationId>,
    /// The answer is about the person whose registered number is the caller's.
    pub registered: Option<Registered>,
    /// Names of values it takes, in the order of [`Call::give`].
    pub takes: Vec<String>,
    /// The answer as a record; fields in the order in which they are declared.
    pub answer: Vec<AnswerField>,
    /// The type of `answer`.
    pub answer_type: Type,
    pub errors: Vec<ErrorRule>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Registered {
    /// The department finds the person by the caller's number.
    ByCaller,
    /// The answer names the registered number at this place; another number than the caller's is `refused`.
    At(Pointer),
}

/// A text with holes for an operation's values, by index into [`Operation::takes`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled(pub Vec<FilledPiece>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilledPiece {
    Text(String),
    Value(u16),
}

#[derive(Clone, Debug)]
pub enum Body {
    None,
    Json(JsonBody),
    Form(Vec<(String, Filled)>),
    Xml(XmlElement),
}

/// What an answer is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
}

/// A JSON body whose texts have holes. A text that is one hole and nothing else keeps its value's type.
#[derive(Clone, Debug)]
pub enum JsonBody {
    Text(Filled),
    Object(Vec<(String, JsonBody)>),
    Array(Vec<JsonBody>),
}

/// An element of an XML body, with holes in its texts and in the values of its attributes. Names are as written.
#[derive(Clone, Debug)]
pub struct XmlElement {
    pub name: String,
    pub attributes: Vec<(String, Filled)>,
    pub nodes: Vec<XmlNode>,
}

#[derive(Clone, Debug)]
pub enum XmlNode {
    Text(Filled),
    Element(XmlElement),
}

/// Where a value stands in an answer. In JSON a JSON Pointer (RFC 6901), split into its tokens and unescaped; in XML the names
/// of elements on the way, without prefixes, and of an attribute behind them with an `@` before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(pub Vec<String>);

#[derive(Clone, Debug)]
pub struct AnswerField {
    pub name: String,
    pub from: Pointer,
    pub ty: Type,
    /// What an amount is counted in where it stands.
    pub unit: Unit,
    /// A list's own fields; empty for a single value.
    pub of: Vec<AnswerField>,
    pub personal: bool,
    /// A missing value is allowed and stays unset.
    pub optional: bool,
}

/// What a department counts amounts in. A value is in paise in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// With at most two decimals.
    #[default]
    Rupees,
    /// Whole ones.
    Paise,
}

/// When an answer means a failure with a name.
#[derive(Clone, Debug)]
pub struct ErrorRule {
    pub status: Option<u16>,
    /// The text at a place, compared as text.
    pub at: Option<(Pointer, String)>,
    pub name: String,
}
