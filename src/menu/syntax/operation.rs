//! One operation of a department: its request. What it answers is read by `answer`.

use std::sync::Arc;
use std::time::Duration;

use super::answer::{answer, errors};
use super::department::OperationTree;
use super::place::{Within, pointer};
use super::text::{Part, Words};
use super::values;
use super::xml;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::ids::DepartmentId;
use crate::menu::operation::{Body, Filled, FilledPiece, Format, JsonBody, Method, Operation, Registered};
use crate::menu::shapes;
use crate::menu::suggest;
use crate::menu::value::Type;
use crate::source::{Entry, Node, Spanned};

/// The most values that one operation takes.
const MOST_TAKEN: usize = 100;

/// How long a department may take where the file does not say.
const WITHIN: Duration = Duration::from_secs(5);
const LONGEST_WITHIN: Duration = Duration::from_mins(1);
const LONGEST_CACHE: Duration = Duration::from_hours(7 * 24);

pub(super) fn operation(department: &str, entry: &Entry, cx: &mut Context<'_>) -> OperationTree {
    let before = cx.findings.len();
    let mut tree = OperationTree { name: entry.key.clone(), operation: None, settled_by: None };
    let Some(mut fields) = Fields::of(&entry.value, &shapes::OPERATION, entry.key.span, cx) else { return tree };
    let mut takes = Takes::default();
    let request = request(&mut fields, &entry.key, &mut takes, cx);
    let body = body(&mut fields, &mut takes, cx);
    let answers = answers(&mut fields, cx);
    let place = Within::answer(answers);
    let within = fields.text("within", cx).and_then(|text| values::duration(text, LONGEST_WITHIN, cx));
    let cache = fields.text("cache", cx).and_then(|text| values::duration(text, LONGEST_CACHE, cx));
    let changes = fields.flag("changes", cx);
    tree.settled_by = fields.text("settled_by", cx).cloned();
    let registered = fields.get("registered").and_then(|entry| registered(entry, place, cx));
    let answer = answer(fields.map("answer", cx), place, cx);
    let errors = errors(fields.get("errors"), place, cx);
    together(&mut fields, changes, request.as_ref().map(|(method, _)| *method), cx);
    if takes.0.len() > MOST_TAKEN {
        let message = format!("{} values, more than {MOST_TAKEN}", takes.0.len());
        cx.error(codes::TOO_MANY, entry.key.span, message, "make several operations of it");
    }
    fields.finish(cx);
    let answer_type = Type::Record(Arc::new(answer.iter().map(super::answer::field_of).collect()));
    if let Some((method, path)) = request
        && cx.findings.len() == before
    {
        tree.operation = Some(Operation {
            name: format!("{department}.{}", entry.key.value),
            department: DepartmentId(0),
            method,
            path,
            body,
            answers,
            within: within.unwrap_or(WITHIN),
            cache,
            changes,
            settled_by: None,
            registered,
            takes: takes.0,
            answer,
            answer_type,
            errors,
            span: entry.key.span,
        });
    }
    tree
}

/// Keys that need or exclude each other.
fn together(fields: &mut Fields<'_>, changes: bool, method: Option<Method>, cx: &mut Context<'_>) {
    if let (true, Some(cache)) = (changes, fields.get("cache")) {
        let remedy = "delete `cache`: what changes something is done each time";
        cx.error(codes::KEYS_CLASH, cache.key.span, "`cache` cannot stand beside `changes: yes`", remedy);
    }
    if let (false, Some(settled)) = (changes, fields.get("settled_by")) {
        let remedy = "add `changes: yes`, or delete it";
        cx.error(codes::KEYS_CLASH, settled.key.span, "`settled_by` needs `changes: yes`", remedy);
    }
    let bodies = fields.among(&["json", "form", "xml"]);
    if let [first, second, ..] = bodies.as_slice() {
        let message = format!("`{}` cannot stand beside `{}`", second.key.value, first.key.value);
        cx.error(codes::KEYS_CLASH, second.key.span, message, "keep one of them");
    }
    if let (Some(Method::Get | Method::Delete), Some(body)) = (method, bodies.first()) {
        let message = format!("a request without a body cannot have `{}`", body.key.value);
        cx.error(codes::KEYS_CLASH, body.key.span, message, "use `post`, or put the values into the path");
    }
}

/// Names that an operation takes, in the order in which they are first named.
#[derive(Debug, Default)]
pub(super) struct Takes(Vec<String>);

impl Takes {
    fn index(&mut self, name: &str) -> u16 {
        let at = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }
}

/// The one method with its path.
fn request(
    fields: &mut Fields<'_>,
    name: &Spanned<String>,
    takes: &mut Takes,
    cx: &mut Context<'_>,
) -> Option<(Method, Filled)> {
    let found = fields.kinds();
    let entry = match found.as_slice() {
        [entry] => *entry,
        [] => {
            let message = format!("the operation `{}` has no method", name.value);
            cx.error(
                codes::NOT_ONE_VERB,
                name.span,
                message,
                format!("give it one of {}", suggest::list(&shapes::OPERATION.kind_names())),
            );
            return None;
        }
        [_, second, ..] => {
            let message = "an operation has one method";
            cx.error(codes::NOT_ONE_VERB, second.key.span, message, "make two operations of it");
            return None;
        }
    };
    let method = match entry.key.value.as_str() {
        "get" => Method::Get,
        "post" => Method::Post,
        "put" => Method::Put,
        "patch" => Method::Patch,
        _ => Method::Delete,
    };
    let text = fields::text(entry, cx)?;
    if !text.value.starts_with('/') || text.value.chars().any(|c| c == '#' || c.is_control()) {
        let message = format!("`{}` is not the path of a request", text.value);
        cx.error(codes::BAD_PATH, text.span, message, "write it like /members/{{ uan }}/claims?year={{ year }}");
        return None;
    }
    Some((method, filled(text, takes, cx)))
}

/// A text with holes for values that are given: plain names.
pub(super) fn filled(scalar: &Spanned<String>, takes: &mut Takes, cx: &mut Context<'_>) -> Filled {
    let mut pieces = Vec::new();
    for piece in Words::read(scalar, cx).pieces {
        match piece {
            Part::Text(text) => pieces.push(FilledPiece::Text(text)),
            Part::Hole { path, filter } => {
                if !path.fields.is_empty() || filter.is_some() {
                    let span = filter.map_or(path.span(), |filter| filter.span);
                    let message = "an operation takes plain names, without fields and filters";
                    cx.error(codes::BAD_BRACES, span, message, "name the value here, and say what it is in `give`");
                }
                pieces.push(FilledPiece::Value(takes.index(&path.root.value)));
            }
        }
    }
    Filled(pieces)
}

fn body(fields: &mut Fields<'_>, takes: &mut Takes, cx: &mut Context<'_>) -> Body {
    if let Some(json) = fields.get("json") {
        return Body::Json(json_body(&json.value, takes, cx));
    }
    if let Some(xml) = fields.get("xml") {
        return xml::body(xml, takes, cx).map_or(Body::None, Body::Xml);
    }
    if fields.get("form").is_none() {
        return Body::None;
    }
    let mut all = Vec::new();
    for entry in fields.map("form", cx) {
        if let Some(text) = fields::text(entry, cx) {
            all.push((entry.key.value.clone(), filled(text, takes, cx)));
        }
    }
    Body::Form(all)
}

/// What the answer is written in: what is sent, as long as nothing else is said.
fn answers(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Format {
    let usual = if fields.get("xml").is_some() { Format::Xml } else { Format::Json };
    match fields.text("answers", cx) {
        None => usual,
        Some(text) if text.value == "json" => Format::Json,
        Some(text) if text.value == "xml" => Format::Xml,
        Some(text) => {
            let message = format!("`{}` is not what an answer can be written in", text.value);
            cx.error(codes::BAD_VALUE, text.span, message, "write `json` or `xml`");
            usual
        }
    }
}

fn json_body(node: &Node, takes: &mut Takes, cx: &mut Context<'_>) -> JsonBody {
    match node {
        Node::Text(text) => JsonBody::Text(filled(text, takes, cx)),
        Node::List(items, _) => JsonBody::Array(items.iter().map(|item| json_body(item, takes, cx)).collect()),
        Node::Map(entries, _) => JsonBody::Object(
            entries.iter().map(|entry| (entry.key.value.clone(), json_body(&entry.value, takes, cx))).collect(),
        ),
    }
}

/// `registered: caller`, or `registered: {caller: /mobile}`.
fn registered(entry: &Entry, within: Within, cx: &mut Context<'_>) -> Option<Registered> {
    if let Node::Text(_) = entry.value {
        let text = fields::text(entry, cx)?;
        if text.value != "caller" {
            let message = format!("`{}` is not whose number is registered", text.value);
            let remedy = match suggest::nearest(&text.value, ["caller"]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write `caller`, or `{caller: /place}`".to_owned(),
            };
            cx.error(codes::BAD_VALUE, text.span, message, remedy);
            return None;
        }
        return Some(Registered::ByCaller);
    }
    let mut fields = Fields::of(&entry.value, &shapes::REGISTERED, entry.key.span, cx)?;
    let at = fields.required_text("caller", cx).and_then(|text| pointer(text, within, cx));
    fields.finish(cx);
    at.map(Registered::At)
}
