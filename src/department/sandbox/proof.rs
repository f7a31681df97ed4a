//! Proves that the answers of sandbox files are what their operations declare, by reading them as a department's are read.
//!
//! What `given` fixes is filled in. What it leaves open is not known before a request comes: where such a value stands, the
//! proof puts one that the field would take (`close`).

mod close;

use chrono::NaiveDate;

use crate::department::Envelope;
use crate::department::answer::{read_answer, text_at};
use crate::engine::{Failure, Outcome};
use crate::menu::{BodySyntax, CannedAnswer, Operation, Pattern, Program, Registered, SandboxFile, codes};
use crate::outward::HttpAnswer;
use crate::phone;
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
            BodySyntax::Json => close::json(operation, &text),
            BodySyntax::Xml => close::xml(operation, &text),
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
        _ => (
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

/// The registered number that the answer names, as its caller: whose number it is is not the proof's business.
fn named(operation: &Operation, body: &[u8]) -> Option<String> {
    let Some(Registered::At(pointer)) = &operation.registered else { return None };
    let number = text_at(operation.answers, body, pointer)?;
    Some(phone::parse(number.trim(), phone::home()).ok()?.digits().to_owned())
}

#[cfg(test)]
mod tests;
