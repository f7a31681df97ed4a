//! A request from an operation and the values given to it, escaped for where they go.
//!
//! In a path a value stays within its segment: it can add no slash, query or fragment, and it can neither be empty nor make
//! the segment `.` or `..`, which would name another resource. In queries and bodies a value that is not set is left out. Of
//! texts in XML the characters that it cannot hold are left out.

use std::borrow::Cow;

use super::HttpRequest;
use crate::engine::CallRequest;
use crate::menu::{
    Body, Cell, Filled, FilledPiece, Format, JsonBody, Operation, Program, TableId, Value, XmlElement, XmlNode,
};
use crate::text::percent;
use crate::xml;

/// The name under which an operation takes the id of the call that it is asked about; the bridge fills it.
const INTENT: &str = "intent";

/// Why values cannot be put in a path. Names the value, never what it held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    #[error("`{0}` stands in the path and is not set, or empty: branch around the call while it is")]
    Missing(String),
    #[error(
        "`{0}` would make a step of the path `.` or `..`, which names another resource: give it `digits` or a `pattern`"
    )]
    Dots(String),
}

/// The request for a call. `idempotency_key` fills the value named `intent`, and goes into the header of that name where the
/// operation changes something.
pub fn build(
    program: &Program,
    call: &CallRequest,
    idempotency_key: Option<&str>,
) -> Result<HttpRequest, RequestError> {
    let operation = program.operation(call.operation);
    let values = Values { program, operation, call, intent: idempotency_key };
    Ok(HttpRequest {
        department: program.department(operation.department).name.clone(),
        method: operation.method,
        path: values.path_and_query()?,
        body: match &operation.body {
            Body::None => None,
            Body::Json(body) => Some(("application/json", values.json_body(body).into_bytes())),
            Body::Form(pairs) => Some(("application/x-www-form-urlencoded", values.form_body(pairs).into_bytes())),
            Body::Xml(root) => Some(("application/xml; charset=utf-8", values.xml_body(root).into_bytes())),
        },
        headers: vec![("accept", accept(operation.answers).to_owned())],
        idempotency_key: idempotency_key.filter(|_| operation.changes).map(str::to_owned),
    })
}

fn accept(format: Format) -> &'static str {
    match format {
        Format::Json => "application/json",
        // Older services know only the second (RFC 7303 section 9.2 makes them one).
        Format::Xml => "application/xml, text/xml",
    }
}

/// The values of one call, by the places where an operation uses them.
struct Values<'a> {
    program: &'a Program,
    operation: &'a Operation,
    call: &'a CallRequest,
    intent: Option<&'a str>,
}

impl Values<'_> {
    fn name(&self, index: u16) -> &str {
        self.operation.takes.get(usize::from(index)).map_or("", String::as_str)
    }

    fn get(&self, index: u16) -> Option<Cow<'_, Value>> {
        match self.intent {
            Some(intent) if self.name(index) == INTENT => Some(Cow::Owned(Value::Text(intent.to_owned()))),
            _ => self.call.give.get(usize::from(index))?.as_ref().map(Cow::Borrowed),
        }
    }

    /// As a text, unescaped.
    fn text(&self, index: u16) -> Option<String> {
        plain(self.program, self.get(index)?.as_ref())
    }

    /// A text with all holes filled; `None` when one of them is not set.
    fn filled(&self, filled: &Filled, escape: impl Fn(&str, &mut String)) -> Option<String> {
        let mut out = String::new();
        for piece in &filled.0 {
            match piece {
                FilledPiece::Text(text) => escape(text, &mut out),
                FilledPiece::Value(index) => escape(&self.text(*index)?, &mut out),
            }
        }
        Some(out)
    }

    fn path_and_query(&self) -> Result<String, RequestError> {
        let (path, query) = split_query(&self.operation.path);
        let mut out = self.path(&path)?;
        let mut separator = '?';
        for pair in split_pairs(&query) {
            if let Some(pair) = self.query_pair(&pair) {
                out.push(separator);
                out.push_str(&pair);
                separator = '&';
            }
        }
        Ok(out)
    }

    fn path(&self, pieces: &[FilledPiece]) -> Result<String, RequestError> {
        let mut path = Path::default();
        for piece in pieces {
            match piece {
                FilledPiece::Text(text) => path.write(text)?,
                FilledPiece::Value(index) => {
                    let name = self.name(*index);
                    let text = self.text(*index).filter(|text| !text.is_empty());
                    path.fill(name, &text.ok_or_else(|| RequestError::Missing(name.to_owned()))?);
                }
            }
        }
        path.end_segment()?;
        // An address ends at its host or in a path: without the slash the two would run into each other.
        Ok(if path.text.starts_with('/') { path.text } else { format!("/{}", path.text) })
    }

    fn query_pair(&self, pieces: &[FilledPiece]) -> Option<String> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                FilledPiece::Text(text) => percent::written(text, &mut out),
                FilledPiece::Value(index) => percent::value(&self.text(*index)?, &mut out),
            }
        }
        Some(out).filter(|pair| !pair.is_empty())
    }

    fn form_body(&self, pairs: &[(String, Filled)]) -> String {
        let mut out = String::new();
        for (name, filled) in pairs {
            let Some(text) = self.filled(filled, percent::value) else { continue };
            if !out.is_empty() {
                out.push('&');
            }
            percent::value(name, &mut out);
            out.push('=');
            out.push_str(&text);
        }
        out
    }

    fn json_body(&self, body: &JsonBody) -> String {
        let mut out = String::new();
        if !self.json(body, &mut out) {
            out.push_str("null");
        }
        out
    }

    /// Writes one JSON value, or nothing (and says so) when a value in it is not set. Written by hand because an amount must
    /// leave as `852.50`: a number with two decimals that was never a binary fraction.
    fn json(&self, body: &JsonBody, out: &mut String) -> bool {
        match body {
            JsonBody::Text(text) => {
                let written = match text.0.as_slice() {
                    [FilledPiece::Value(only)] => self.get(*only).and_then(|value| typed(self.program, &value)),
                    _ => self.filled(text, |part, out| out.push_str(part)).map(|text| quoted(&text)),
                };
                written.map(|text| out.push_str(&text)).is_some()
            }
            JsonBody::Object(members) => {
                let members = members.iter().map(|(name, body)| (Some(name.as_str()), body));
                self.json_members(['{', '}'], members, out);
                true
            }
            JsonBody::Array(elements) => {
                self.json_members(['[', ']'], elements.iter().map(|body| (None, body)), out);
                true
            }
        }
    }

    fn json_members<'b>(
        &self,
        [open, close]: [char; 2],
        members: impl Iterator<Item = (Option<&'b str>, &'b JsonBody)>,
        out: &mut String,
    ) {
        out.push(open);
        let empty = out.len();
        for (name, body) in members {
            let before = out.len();
            if before > empty {
                out.push(',');
            }
            if let Some(name) = name {
                out.push_str(&quoted(name));
                out.push(':');
            }
            if !self.json(body, out) {
                out.truncate(before);
            }
        }
        out.push(close);
    }
}

/// XML, in which what is not set is left out as in JSON: an attribute, or the element whose own text it is.
impl Values<'_> {
    fn xml_body(&self, root: &XmlElement) -> String {
        let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
        // Without its root it would be no document.
        if !self.xml(root, &mut out) {
            out.extend(["<", &root.name, "/>"]);
        }
        out
    }

    /// Writes an element, or nothing (and says so) when a value in its own text is not set.
    fn xml(&self, element: &XmlElement, out: &mut String) -> bool {
        let before = out.len();
        out.push('<');
        out.push_str(&element.name);
        for (name, filled) in &element.attributes {
            if let Some(value) = self.filled(filled, xml::escape) {
                out.extend([" ", name.as_str(), "=\"", &value, "\""]);
            }
        }
        out.push('>');
        for node in &element.nodes {
            match node {
                XmlNode::Element(child) => {
                    self.xml(child, out);
                }
                XmlNode::Text(filled) => {
                    let Some(text) = self.filled(filled, xml::escape) else {
                        out.truncate(before);
                        return false;
                    };
                    out.push_str(&text);
                }
            }
        }
        out.extend(["</", &element.name, ">"]);
        true
    }
}

/// A path as it grows, which knows where its last segment began and the last value in it.
#[derive(Default)]
struct Path {
    text: String,
    segment: usize,
    value: Option<String>,
}

impl Path {
    fn write(&mut self, text: &str) -> Result<(), RequestError> {
        for (at, part) in text.split('/').enumerate() {
            if at > 0 {
                self.end_segment()?;
                self.text.push('/');
                self.segment = self.text.len();
            }
            percent::written(part, &mut self.text);
        }
        Ok(())
    }

    fn fill(&mut self, name: &str, text: &str) {
        percent::value(text, &mut self.text);
        self.value = Some(name.to_owned());
    }

    /// Escaping does not help against dot segments: URL parsers take `%2E` for a dot as well (WHATWG URL, "double-dot URL
    /// path segment"), so a value that makes one is refused.
    fn end_segment(&mut self) -> Result<(), RequestError> {
        let segment = self.text.get(self.segment..).unwrap_or("").to_ascii_lowercase().replace("%2e", ".");
        match self.value.take() {
            Some(name) if matches!(segment.as_str(), "." | "..") => Err(RequestError::Dots(name)),
            _ => Ok(()),
        }
    }
}

/// The pieces before and after the first `?` that the menu wrote.
pub(super) fn split_query(Filled(pieces): &Filled) -> (Vec<FilledPiece>, Vec<FilledPiece>) {
    let (mut path, mut query) = (Vec::new(), Vec::new());
    let mut in_query = false;
    for piece in pieces {
        match piece {
            FilledPiece::Text(text) if !in_query => match text.split_once('?') {
                Some((before, after)) => {
                    path.push(FilledPiece::Text(before.to_owned()));
                    query.push(FilledPiece::Text(after.to_owned()));
                    in_query = true;
                }
                None => path.push(piece.clone()),
            },
            _ if in_query => query.push(piece.clone()),
            _ => path.push(piece.clone()),
        }
    }
    (path, query)
}

/// The query's pairs, at each `&` that the menu wrote.
pub(super) fn split_pairs(query: &[FilledPiece]) -> Vec<Vec<FilledPiece>> {
    let mut pairs = vec![Vec::new()];
    for piece in query {
        let FilledPiece::Text(text) = piece else {
            push_last(&mut pairs, piece.clone());
            continue;
        };
        for (at, part) in text.split('&').enumerate() {
            if at > 0 {
                pairs.push(Vec::new());
            }
            push_last(&mut pairs, FilledPiece::Text(part.to_owned()));
        }
    }
    pairs
}

fn push_last(pairs: &mut [Vec<FilledPiece>], piece: FilledPiece) {
    if let Some(pair) = pairs.last_mut() {
        pair.push(piece);
    }
}

/// A value as departments read texts: amounts in rupees without grouping, dates as ISO 8601. Records and lists have no such
/// form; the compiler takes none in `give`.
fn plain(program: &Program, value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Amount(paise) => rupees(*paise),
        Value::Date(day) => day.format("%Y-%m-%d").to_string(),
        Value::YesNo(yes) => yes.to_string(),
        Value::Language(id) => program.language(*id).code.clone(),
        Value::Row(table, row) => first_column(program, *table, *row)?.to_owned(),
        Value::Record(_) | Value::List(_) => return None,
    })
}

/// A value as JSON, of its own type.
fn typed(program: &Program, value: &Value) -> Option<String> {
    let text = plain(program, value)?;
    Some(match value {
        Value::Number(_) | Value::Amount(_) | Value::YesNo(_) => text,
        _ => quoted(&text),
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn rupees(paise: i64) -> String {
    let sign = if paise < 0 { "-" } else { "" };
    let paise = paise.unsigned_abs();
    format!("{sign}{}.{:02}", paise / 100, paise % 100)
}

/// What a row of a table is called by outside: its first column, in the first language where it is localised.
fn first_column(program: &Program, table: TableId, row: u32) -> Option<&str> {
    match program.table(table).rows.get(usize::try_from(row).ok()?)?.first()? {
        Cell::Same(text) => Some(text),
        Cell::Localised(texts) => texts.first().map(String::as_str),
    }
}

#[cfg(test)]
mod tests;
