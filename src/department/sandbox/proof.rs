//! Proves that the answers of sandbox files are what their operations declare, by reading them as a department's are read.
//!
//! What `given` fixes is filled in. What it leaves open is not known before a request comes: where such a value stands, the
//! proof puts one that the field would take.

use chrono::NaiveDate;
use serde_json::Value as Json;

use crate::department::answer::{at, read_answer};
use crate::department::{Envelope, HttpAnswer};
use crate::engine::{Failure, Outcome};
use crate::menu::{AnswerField, BodySyntax, CannedAnswer, Letters, Operation, Pattern, Pointer, Program, codes};
use crate::menu::{Registered, SandboxFile, Type};
use crate::phone::{self, Country};
use crate::source::Diagnostic;

/// Marks a value that is not known yet. A body has braces like these nowhere but in its holes.
const OPEN: &str = "{{}}";

/// Any mobile number.
const SOMEBODY: &str = "919812345670";

/// Findings about answers that their operations cannot read, and that are none of their errors. An answer of status 500 or
/// more is `down`, as it is meant to be.
pub fn prove(program: &Program, sandboxes: &[SandboxFile]) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = sandboxes.iter().flat_map(|file| unfit(program, file)).collect();
    let answers = sandboxes.iter().flat_map(|file| &file.answers);
    findings.extend(answers.filter_map(|answer| one(program.operation(answer.operation), answer)));
    findings
}

/// Findings about operations that cannot be asked in the envelope which their department's sandbox speaks.
fn unfit(program: &Program, file: &SandboxFile) -> Vec<Diagnostic> {
    let asked = program.operations.iter().filter(|operation| operation.department == file.department);
    let unfit = asked.filter(|_| file.envelope.is_some()).filter_map(|operation| {
        let why = Envelope::suits(operation).err()?;
        let message = format!("`{}` cannot be asked in UMANG's envelope: {why}", operation.name);
        let remedy = "change the operation, or delete `envelope` in the department's sandbox";
        Some(Diagnostic::error(codes::UNFIT_FOR_ENVELOPE, operation.span, message, remedy))
    });
    unfit.collect()
}

fn one(operation: &Operation, answer: &CannedAnswer) -> Option<Diagnostic> {
    if answer.status >= 500 {
        return None;
    }
    let body = answer.body.as_ref().map_or_else(Vec::new, |body| {
        let text = body.fill(|at| known(answer, at), NaiveDate::default());
        match body.syntax {
            BodySyntax::Json => close(operation, &text),
        }
    });
    let caller = named(operation, &body).unwrap_or_else(|| SOMEBODY.to_owned());
    let (outcome, why) = read_answer(operation, &HttpAnswer { status: answer.status, body }, &caller);
    let name = &operation.name;
    let (message, remedy) = match outcome {
        Outcome::Answered(_) | Outcome::Failed(Failure::Named(_)) => return None,
        Outcome::Failed(_) if answer.status >= 400 => (
            format!("`{name}` has no error for status {}", answer.status),
            format!("add it to the `errors` of the operation: {{status: {}, name: …}}", answer.status),
        ),
        Outcome::Failed(_) => (
            format!("`{name}` cannot read this answer: {}", why.as_deref().unwrap_or("it is not what it declares")),
            "correct the answer, or what the operation declares".to_owned(),
        ),
    };
    Some(Diagnostic::error(codes::NOT_ITS_ANSWER, answer.span, message, remedy))
}

/// A value as far as `given` fixes it.
fn known(answer: &CannedAnswer, at: u16) -> String {
    let fixed = answer.given.iter().find_map(|(index, pattern)| match pattern {
        Pattern::Is(text) if *index == at => Some(text.clone()),
        _ => None,
    });
    fixed.unwrap_or_else(|| OPEN.to_owned())
}

/// The body with open values closed. What cannot be read is left for the reader to say so.
fn close(operation: &Operation, text: &str) -> Vec<u8> {
    let Ok(mut json) = serde_json::from_str::<Json>(text) else { return text.as_bytes().to_vec() };
    if let Some(Registered::At(pointer)) = &operation.registered {
        fill(&mut json, pointer, SOMEBODY);
    }
    close_fields(&operation.answer, &mut json);
    json.to_string().into_bytes()
}

fn close_fields(fields: &[AnswerField], json: &mut Json) {
    for field in fields {
        match &field.ty {
            Type::Record(_) => {
                if let Some(record) = at_mut(json, &field.from) {
                    close_fields(&field.of, record);
                }
            }
            Type::List { .. } => {
                let rows = at_mut(json, &field.from).and_then(Json::as_array_mut);
                rows.into_iter().flatten().for_each(|row| close_fields(&field.of, row));
            }
            ty => fill(json, &field.from, &sample(ty)),
        }
    }
}

/// Puts a text in place of one that holds an open value.
fn fill(json: &mut Json, place: &Pointer, text: &str) {
    if let Some(found) = at_mut(json, place).filter(|found| found.as_str().is_some_and(|text| text.contains(OPEN))) {
        *found = Json::from(text);
    }
}

/// A value that a field of this type takes.
fn sample(ty: &Type) -> String {
    match ty {
        Type::Number { min, .. } => min.to_string(),
        Type::Text { letters: Letters::Digits, .. } => "1".to_owned(),
        Type::Amount { .. } => "0".to_owned(),
        Type::Date => "2026-01-15".to_owned(),
        Type::YesNo => "yes".to_owned(),
        _ => "A".to_owned(),
    }
}

/// The registered number that the answer names, as its caller: whose number it is is not the proof's business.
fn named(operation: &Operation, body: &[u8]) -> Option<String> {
    let Some(Registered::At(pointer)) = &operation.registered else { return None };
    let json: Json = serde_json::from_slice(body).ok()?;
    let number = match at(&json, pointer)? {
        Json::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    Some(phone::parse(&number, Country::by_iso("IN")?).ok()?.digits().to_owned())
}

/// As [`at`], to change what stands there.
fn at_mut<'a>(json: &'a mut Json, Pointer(tokens): &Pointer) -> Option<&'a mut Json> {
    tokens.iter().try_fold(json, |json, token| match json {
        Json::Object(members) => members.get_mut(token),
        Json::Array(elements) => elements.get_mut(token.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
