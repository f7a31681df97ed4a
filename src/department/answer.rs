//! A department's answer as typed, bounded values.
//!
//! What one value may look like is in `scalar`; here stand the order of questions (is it a failure that has a name? did the
//! department say no? is it about this caller?) and records and lists. Reasons name fields and never quote what they held.

mod scalar;

use serde_json::Value as Json;

use super::HttpAnswer;
use crate::engine::{Failure, Outcome};
use crate::menu::{AnswerField, ErrorRule, Operation, Pointer, Registered, Type, Value};
use crate::phone::{self, Country};

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
    // serde_json stops at 128 levels by itself; the number of bytes was bounded when they arrived.
    let body = serde_json::from_slice::<Json>(&answer.body);
    if let Some(rule) = operation.errors.iter().find(|rule| matches(rule, answer.status, body.as_ref().ok())) {
        return Err(No { failure: Failure::Named(rule.name.clone()), why: None });
    }
    match answer.status {
        200..=299 => {}
        status @ 400..=499 if !about_the_bridge(status) => return Err(No::refused(format!("status {status}"))),
        status => return Err(No::down(format!("status {status}"))),
    }
    let body = match body {
        Ok(body) => body,
        Err(_) if operation.answer.is_empty() && !names_a_number(operation) => Json::Null,
        Err(_) => return Err(No::down("the body is not JSON")),
    };
    if let Some(Registered::At(pointer)) = &operation.registered {
        registered(at(&body, pointer), caller)?;
    }
    read_record(&operation.answer, &body).map_err(|nonsense| No::down(nonsense.to_string()))
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

fn matches(rule: &ErrorRule, status: u16, body: Option<&Json>) -> bool {
    let by_status = rule.status.is_none_or(|expected| expected == status);
    let by_text = rule.at.as_ref().is_none_or(|(pointer, expected)| {
        body.and_then(|body| at(body, pointer)).and_then(scalar::as_text).is_some_and(|text| text.trim() == expected)
    });
    by_status && by_text && (rule.status.is_some() || rule.at.is_some())
}

/// Whether the number that the department names is the caller's. One that is missing or unreadable vouches for nobody.
fn registered(named: Option<&Json>, caller: &str) -> Result<(), No> {
    let number = named.and_then(scalar::as_text).ok_or_else(|| No::refused("no registered number in the answer"))?;
    let home = Country::by_iso("IN").ok_or_else(|| No::down("India is missing among the countries"))?;
    match phone::parse(number.trim(), home) {
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

fn read_record(fields: &[AnswerField], json: &Json) -> Result<Value, Nonsense> {
    let field = |field: &AnswerField| read_field(field, json).map_err(|nonsense| nonsense.within(&field.name));
    fields.iter().map(field).collect::<Result<Vec<_>, _>>().map(Value::Record)
}

fn read_field(field: &AnswerField, json: &Json) -> Result<Option<Value>, Nonsense> {
    let value = match at(json, &field.from) {
        Some(value) => read_value(&field.ty, &field.of, value)?,
        None => None,
    };
    match value {
        None if !field.optional => Err("missing".into()),
        Some(Value::Text(text)) if field.optional && text.is_empty() => Ok(None),
        value => Ok(value),
    }
}

fn read_value(ty: &Type, of: &[AnswerField], json: &Json) -> Result<Option<Value>, Nonsense> {
    if json.is_null() {
        return Ok(None);
    }
    match ty {
        Type::Record(_) => read_record(of, json).map(Some),
        Type::List { of: row, at_most } => {
            let rows = json.as_array().ok_or("not a list")?;
            let row = |(index, json): (usize, &Json)| match read_value(row, of, json) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(Nonsense::from("missing").within(&format!("[{index}]"))),
                Err(nonsense) => Err(nonsense.within(&format!("[{index}]"))),
            };
            let rows = rows.iter().take(usize::from(*at_most)).enumerate();
            rows.map(row).collect::<Result<Vec<_>, _>>().map(|rows| Some(Value::List(rows)))
        }
        scalar => Ok(scalar::read(scalar, json)?),
    }
}

/// RFC 6901 section 4. An array's index has no leading zero, and `-` (the element after the last) is never there.
pub(super) fn at<'a>(json: &'a Json, Pointer(tokens): &Pointer) -> Option<&'a Json> {
    tokens.iter().try_fold(json, |json, token| match json {
        Json::Object(members) => members.get(token),
        Json::Array(elements) => {
            let plain = token == "0" || (token.bytes().all(|b| b.is_ascii_digit()) && !token.starts_with('0'));
            elements.get(token.parse::<usize>().ok().filter(|_| plain)?)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests;
