//! Sandbox files: reading them, and looking up the operations and values that they name.

use super::body::{BodySyntax, CannedBody};
use super::{CannedAnswer, Envelope, Pattern, SandboxFile};
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::ids::{DepartmentId, OperationId};
use crate::menu::syntax::values;
use crate::menu::{Operation, Program, codes, files, in_order, shapes, suggest};
use crate::source::{self, Diagnostic, Entry, Files, Node, Span, Spanned};

/// Reads the sandbox files of a folder that compiles to this program. One with errors is left out.
pub fn sandboxes(files: &Files, program: &Program) -> (Vec<SandboxFile>, Vec<Diagnostic>) {
    let mut cx = Context::new(files);
    let mut all: Vec<(SandboxFile, Span)> = Vec::new();
    for id in files::sandboxes(files) {
        let before = cx.findings.len();
        match source::read(files, id) {
            Ok(root) => {
                let found = sandbox(&root, program, &mut cx);
                if let Some((file, name)) = found.filter(|_| !cx.findings.iter().skip(before).any(Diagnostic::is_error))
                {
                    twice(&all, &file, name, program, &mut cx);
                    all.push((file, name));
                }
            }
            Err(mut findings) => cx.findings.append(&mut findings),
        }
    }
    (all.into_iter().map(|(file, _)| file).collect(), in_order(files, cx.findings))
}

fn twice(all: &[(SandboxFile, Span)], file: &SandboxFile, name: Span, program: &Program, cx: &mut Context<'_>) {
    if let Some((_, first)) = all.iter().find(|(other, _)| other.department == file.department) {
        let message = format!("the department `{}` has two sandboxes", program.department(file.department).name);
        let finding = Diagnostic::error(codes::TWICE, name, message, "put their answers into one file");
        cx.push(finding.also(*first, "the first one"));
    }
}

/// A sandbox, and where its name stands.
fn sandbox(root: &Node, program: &Program, cx: &mut Context<'_>) -> Option<(SandboxFile, Span)> {
    let top = Span { end: root.span().start, ..root.span() };
    let mut fields = Fields::of(root, &shapes::SANDBOX, top, cx)?;
    let name = fields.required_text("sandbox", cx);
    let department = name.and_then(|name| department(name, program, cx));
    let envelope = fields.text("envelope", cx).and_then(|text| envelope(text, cx));
    let entries = fields.require("answers", cx).and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default();
    fields.finish(cx);
    let (name, department) = name.zip(department)?;
    let mut answers = Vec::new();
    for entry in entries {
        let Some((id, operation)) = operation(department, &entry.key, program, cx) else { continue };
        let items = fields::list_of(entry, cx).unwrap_or_default();
        answers.extend(items.iter().filter_map(|item| answer(item, id, operation, cx)));
    }
    never_given(&answers, cx);
    Some((SandboxFile { department, envelope, answers }, name.span))
}

fn department(name: &Spanned<String>, program: &Program, cx: &mut Context<'_>) -> Option<DepartmentId> {
    let at = program.called_departments().position(|department| department.name == name.value);
    if at.is_none() {
        let known = program.called_departments().map(|department| department.name.as_str());
        let remedy = suggest::remedy(&name.value, known, "name a department of the folder `departments`");
        let message = format!("there is no department `{}` that this could stand in for", name.value);
        cx.error(codes::UNKNOWN_DEPARTMENT, name.span, message, remedy);
    }
    at.and_then(|at| u16::try_from(at).ok()).map(DepartmentId)
}

fn envelope(text: &Spanned<String>, cx: &mut Context<'_>) -> Option<Envelope> {
    let known = (text.value == "umang").then_some(Envelope::Umang);
    if known.is_none() {
        let message = format!("`{}` is not an envelope", text.value);
        cx.error(codes::BAD_VALUE, text.span, message, "write `umang`, or leave the key out");
    }
    known
}

fn operation<'p>(
    department: DepartmentId,
    key: &Spanned<String>,
    program: &'p Program,
    cx: &mut Context<'_>,
) -> Option<(OperationId, &'p Operation)> {
    let own = |operation: &Operation| operation.department == department;
    let name = |operation: &'p Operation| operation.name.rsplit('.').next().unwrap_or_default();
    let found = program.operations.iter().position(|operation| own(operation) && name(operation) == key.value);
    let found = found.and_then(|at| Some(OperationId(u16::try_from(at).ok()?)));
    if found.is_none() {
        let known = program.operations.iter().filter(|operation| own(operation)).map(name);
        let message = format!("`{}` has no operation `{}`", program.department(department).name, key.value);
        let remedy = suggest::remedy(&key.value, known, "name one of its operations");
        cx.error(codes::UNKNOWN_OPERATION, key.span, message, remedy);
    }
    found.map(|id| (id, program.operation(id)))
}

fn answer(item: &Node, id: OperationId, operation: &Operation, cx: &mut Context<'_>) -> Option<CannedAnswer> {
    let before = cx.findings.len();
    let span = match item {
        Node::Map(entries, span) => entries.first().map_or(*span, |entry| entry.key.span),
        other => other.span(),
    };
    let mut fields = Fields::of(item, &shapes::SANDBOX_ANSWER, span, cx)?;
    let given = fields.map("given", cx).iter().filter_map(|entry| given(entry, operation, cx)).collect();
    let status = fields.text("status", cx).and_then(|text| values::whole(text, 200..=599, cx));
    let body = body(&mut fields, operation, cx);
    fields.finish(cx);
    let whole = cx.findings.len() == before;
    whole.then_some(CannedAnswer { operation: id, given, status: status.unwrap_or(200), body, span })
}

fn given(entry: &Entry, operation: &Operation, cx: &mut Context<'_>) -> Option<(u16, Pattern)> {
    let name = &entry.key;
    let at = operation.takes.iter().position(|known| *known == name.value);
    if at.is_none() {
        let known = operation.takes.iter().map(String::as_str);
        let message = format!("`{}` does not take `{}`", operation.name, name.value);
        cx.error(codes::UNKNOWN_NAME, name.span, message, suggest::remedy(&name.value, known, "delete it"));
    }
    let text = fields::text(entry, cx)?;
    let pattern = Pattern::read(&text.value);
    if pattern.is_none() {
        let message = format!("`{}` is not what a value can be compared with", text.value);
        let remedy = "`*` stands at the beginning, at the end or alone: `12*`, `*12`, `*12*`, `*`";
        cx.error(codes::BAD_PATTERN, text.span, message, remedy);
    }
    at.and_then(|at| u16::try_from(at).ok()).zip(pattern)
}

fn body(fields: &mut Fields<'_>, operation: &Operation, cx: &mut Context<'_>) -> Option<CannedBody> {
    let bodies = fields.among(&["json", "xml"]);
    if let [first, second, ..] = bodies.as_slice() {
        let message = format!("`{}` cannot stand beside `{}`", second.key.value, first.key.value);
        cx.error(codes::KEYS_CLASH, second.key.span, message, "keep one of them");
    }
    let entry = *bodies.first()?;
    let syntax = if entry.key.value == "xml" { BodySyntax::Xml } else { BodySyntax::Json };
    if !matches!(entry.value, Node::Text(_)) {
        let key = &entry.key.value;
        let message = format!("`{key}` is the text of a body, not a part of this file");
        let remedy = format!("write `{key}: |` and the body below it, or put it in single quotes");
        cx.error(codes::WRONG_SHAPE, entry.value.span(), message, remedy);
        return None;
    }
    CannedBody::read(syntax, fields::text(entry, cx)?, &operation.takes, cx)
}

/// Warns of answers before which another one always fits.
fn never_given(answers: &[CannedAnswer], cx: &mut Context<'_>) {
    for (at, answer) in answers.iter().enumerate() {
        if let Some(first) = answers.iter().take(at).find(|earlier| earlier.covers(answer)) {
            let message = "this answer is never given: an earlier one fits wherever it does";
            let finding = Diagnostic::warning(codes::NEVER_GIVEN, answer.span, message, "move it up, or delete it");
            cx.push(finding.also(first.span, "this one answers first"));
        }
    }
}
