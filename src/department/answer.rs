//! A department's answer as typed, bounded values.
//!
//! What one value may look like is in `scalar`, where it stands in JSON or XML in `part`; here stand the order of questions
//! (is it a failure that has a name? did the department say no? is it about this caller?) and records and lists. Reasons
//! name fields and never quote what they held.

mod part;
mod scalar;

use serde_json::Value as Json;

use crate::engine::{Failure, Outcome};
use crate::menu::{AnswerField, ErrorRule, Format, Operation, Pointer, Registered, Type, Value};
use crate::outward::HttpAnswer;
use crate::phone;
use crate::xml;
use part::{Document, Part};

/// Reads an answer: the operation's errors first, then its fields. An answer that is not what was declared is `Down`, and
/// the second value says why, without any of its content.
///
/// Without a rule of its own a 4xx is `Refused`, unless it is about the bridge and not about what was asked (see
/// `about_the_bridge`); every other status outside 2xx is `Down`. `caller` is E.164 without a plus sign.
pub fn read_answer(operation: &Operation, answer: &HttpAnswer, caller: &str) -> (Outcome, Option<String>) {
    match read(operation, answer, caller) {
        Ok(record) => (Outcome::Answered(record), None),
        Err(No { failure, why }) => (Outcome::Failed(failure), why),
    }
}

/// Reads an answer that is known to be none: one of the operation's errors, or `Down`.
pub fn read_failure(operation: &Operation, answer: &HttpAnswer) -> (Outcome, Option<String>) {
    let body = document(operation.answers, &answer.body).ok();
    match named(operation, answer.status, body.as_ref()) {
        Some(No { failure, why }) => (Outcome::Failed(failure), why),
        None => (Outcome::Failed(Failure::Down), Some("the envelope says that it failed, or is empty".to_owned())),
    }
}

/// An outcome that is no answer, with a reason for the log where the name of the failure does not say enough.
struct No {
    failure: Failure,
    why: Option<String>,
}

impl No {
    fn down(why: impl Into<String>) -> Self {
        Self { failure: Failure::Down, why: Some(why.into()) }
    }

    fn refused(why: impl Into<String>) -> Self {
        Self { failure: Failure::Refused, why: Some(why.into()) }
    }
}

fn read(operation: &Operation, answer: &HttpAnswer, caller: &str) -> Result<Value, No> {
    let body = document(operation.answers, &answer.body);
    if let Some(named) = named(operation, answer.status, body.as_ref().ok()) {
        return Err(named);
    }
    match answer.status {
        200..=299 => {}
        status @ 400..=499 if !about_the_bridge(status) => return Err(No::refused(format!("status {status}"))),
        status => return Err(No::down(format!("status {status}"))),
    }
    let body = match body {
        Ok(body) => body,
        Err(_) if operation.answer.is_empty() && !names_a_number(operation) => Document::Json(Json::Null),
        Err(why) => return Err(No::down(why)),
    };
    if let Some(Registered::At(pointer)) = &operation.registered {
        registered(body.all().one(pointer).unwrap_or_default(), caller)?;
    }
    read_record(&operation.answer, body.all()).map_err(|nonsense| No::down(nonsense.to_string()))
}

/// The first of the operation's errors that an answer is.
fn named(operation: &Operation, status: u16, body: Option<&Document>) -> Option<No> {
    let rule = operation.errors.iter().find(|rule| matches(rule, status, body.map(Document::all)))?;
    Some(No { failure: Failure::Named(rule.name.clone()), why: None })
}

/// The body as what it is declared to be written in, or why it is not. The number of its bytes was bounded when they arrived.
fn document(format: Format, body: &[u8]) -> Result<Document, String> {
    match format {
        // serde_json stops at 128 levels by itself.
        Format::Json => serde_json::from_slice(body).map(Document::Json).map_err(|_| "the body is not JSON".to_owned()),
        Format::Xml => match xml::read_bytes(body, xml::Bounds::MESSAGE) {
            Ok(root) => Ok(Document::xml(root)),
            Err(error) => Err(format!("the body is not XML to be read: {error}")),
        },
    }
}

/// Statuses that say that the bridge's credentials, manners or timing are wrong: nothing that a citizen did.
/// RFC 9110 section 15.5 (401, 403, 407, 408, 421), RFC 8470 (425), RFC 6585 (429). A department that says no to a person
/// with one of these needs a rule in `errors`.
fn about_the_bridge(status: u16) -> bool {
    matches!(status, 401 | 403 | 407 | 408 | 421 | 425 | 429)
}

fn names_a_number(operation: &Operation) -> bool {
    matches!(operation.registered, Some(Registered::At(_)))
}

fn matches(rule: &ErrorRule, status: u16, body: Option<Part<'_>>) -> bool {
    let by_status = rule.status.is_none_or(|expected| expected == status);
    let by_text = rule.at.as_ref().is_none_or(|(pointer, expected)| {
        let found = body.map(|body| body.every(pointer)).unwrap_or_default();
        found.into_iter().filter_map(Part::text).any(|text| text.trim() == expected)
    });
    by_status && by_text && (rule.status.is_some() || rule.at.is_some())
}

/// Whether the number that the department names is the caller's. One that is missing or unreadable vouches for nobody.
fn registered(named: Option<Part<'_>>, caller: &str) -> Result<(), No> {
    let number = named.and_then(Part::text).ok_or_else(|| No::refused("no registered number in the answer"))?;
    match phone::parse(number.trim(), phone::home()) {
        Ok(number) if number.digits() == caller => Ok(()),
        Ok(_) => Err(No::refused("the registered number is another one")),
        Err(_) => Err(No::refused("the registered number cannot be read")),
    }
}

/// Where an answer is not what was declared, and how.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {why}")]
struct Nonsense {
    place: String,
    why: &'static str,
}

impl Nonsense {
    fn within(self, outer: &str) -> Self {
        let joint = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        Self { place: format!("{outer}{joint}{}", self.place), ..self }
    }
}

impl From<&'static str> for Nonsense {
    fn from(why: &'static str) -> Self {
        Self { place: String::new(), why }
    }
}

fn read_record(fields: &[AnswerField], part: Part<'_>) -> Result<Value, Nonsense> {
    let field = |field: &AnswerField| read_field(field, part).map_err(|nonsense| nonsense.within(&field.name));
    fields.iter().map(field).collect::<Result<Vec<_>, _>>().map(Value::Record)
}

fn read_field(field: &AnswerField, part: Part<'_>) -> Result<Option<Value>, Nonsense> {
    let value = match &field.ty {
        Type::List { of: row, at_most } => match part.items(&field.from)? {
            Some(items) => Some(read_list(row, field, *at_most, &items)?),
            None => None,
        },
        ty => match part.one(&field.from)? {
            Some(part) => read_value(ty, field, part)?,
            None => None,
        },
    };
    match value {
        None if !field.optional => Err("missing".into()),
        Some(Value::Text(text)) if field.optional && text.is_empty() => Ok(None),
        value => Ok(value),
    }
}

fn read_list(row: &Type, field: &AnswerField, at_most: u16, items: &[Part<'_>]) -> Result<Value, Nonsense> {
    let row = |(index, item): (usize, &Part<'_>)| match read_value(row, field, *item) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(Nonsense::from("missing").within(&format!("[{index}]"))),
        Err(nonsense) => Err(nonsense.within(&format!("[{index}]"))),
    };
    items.iter().take(usize::from(at_most)).enumerate().map(row).collect::<Result<Vec<_>, _>>().map(Value::List)
}

/// A value that is no list: a field's own, or a row of its list.
fn read_value(ty: &Type, field: &AnswerField, part: Part<'_>) -> Result<Option<Value>, Nonsense> {
    match ty {
        _ if part.is_null() => Ok(None),
        Type::Record(_) => read_record(&field.of, part).map(Some),
        scalar => {
            let value = part.scalar()?;
            Ok(scalar::read(scalar, field.unit, &value)?)
        }
    }
}

/// The one text, number or truth value at a place of a body, as a text.
pub(super) fn text_at(format: Format, body: &[u8], pointer: &Pointer) -> Option<String> {
    document(format, body).ok()?.all().one(pointer).ok()??.text()
}

#[cfg(test)]
mod tests;
