//! Which operation a request is, and what it gives: `request::build` read backwards.
//!
//! Everything in a request must come from its operation's template, so that operations of the same path are told apart by
//! what they fix in queries and bodies. Bodies in XML are read in `xml`.

mod xml;

use serde_json::Value as Json;
use std::borrow::Cow;

use super::Asked;
use crate::department::request::{split_pairs, split_query};
use crate::menu::{Body, Filled, FilledPiece, JsonBody, Operation};
use crate::text::percent;

/// Values that a request gives, by index into [`Operation::takes`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Given(Vec<Option<String>>);

impl Given {
    pub(super) fn get(&self, at: u16) -> Option<&str> {
        self.0.get(usize::from(at))?.as_deref()
    }

    /// Notes a value; a second one under the same name must be the same.
    fn note(&mut self, at: u16, text: &str) -> bool {
        let at = usize::from(at);
        if self.0.len() <= at {
            self.0.resize(at + 1, None);
        }
        self.0.get_mut(at).is_some_and(|known| known.get_or_insert_with(|| text.to_owned()) == text)
    }
}

/// What a request gives to an operation; `None` when it is a request of another one.
pub(super) fn given(operation: &Operation, asked: &Asked<'_>) -> Option<Given> {
    if operation.method != asked.method {
        return None;
    }
    let mut given = Given::default();
    let (path, query) = asked.path.split_once('?').unwrap_or((asked.path, ""));
    let (path_template, query_template) = split_query(&operation.path);
    let pairs: Vec<_> = split_pairs(&query_template).iter().map(|pair| read(pair, true)).collect();
    let fits = fits_path(&path_template, path, &mut given)
        && fits_pairs(&pairs, query, &mut given)
        && fits_body(&operation.body, asked.body, &mut given);
    fits.then_some(given)
}

/// How much of its path, and how much of its query, an operation fixes, in bytes: `/cards/new` is asked before
/// `/cards/{{ id }}`.
pub(super) fn fixed(operation: &Operation) -> (usize, usize) {
    let length = |piece: &FilledPiece| match piece {
        FilledPiece::Text(text) => text.len(),
        FilledPiece::Value(_) => 0,
    };
    let (path, query) = split_query(&operation.path);
    (path.iter().map(length).sum(), query.iter().map(length).sum())
}

/// Step by step: a value that was given holds no slash, and is never empty.
fn fits_path(template: &[FilledPiece], path: &str, given: &mut Given) -> bool {
    let steps = split(template, '/');
    let asked: Vec<&str> = path.split('/').collect();
    steps.len() == asked.len()
        && steps.iter().zip(asked).all(|(step, asked)| {
            let text = percent::read(asked, false);
            text.is_some_and(|text| (!text.is_empty() || step.is_empty()) && fits(&read(step, false), &text, given))
        })
}

/// The pairs of a query or form, in any order: values that are not set leave theirs out. Templates without escapes.
fn fits_pairs(templates: &[Vec<FilledPiece>], asked: &str, given: &mut Given) -> bool {
    let asked: Option<Vec<String>> = asked
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| percent::read(pair, true).map(Cow::into_owned))
        .collect();
    let Some(mut asked) = asked else { return false };
    for template in templates.iter().filter(|template| !template.is_empty()) {
        match asked.iter().position(|pair| fits(template, pair, &mut given.clone())) {
            Some(at) => {
                if !fits(template, &asked.swap_remove(at), given) {
                    return false;
                }
            }
            None if may_be_unset(template) => {}
            None => return false,
        }
    }
    asked.is_empty()
}

fn fits_body(template: &Body, body: &[u8], given: &mut Given) -> bool {
    match template {
        Body::None => body.is_empty(),
        Body::Xml(root) => xml::fits(root, body, given),
        Body::Json(template) => serde_json::from_slice(body).is_ok_and(|json| fits_json(template, &json, given)),
        Body::Form(pairs) => {
            let pair = |(name, Filled(value)): &(String, Filled)| {
                std::iter::once(FilledPiece::Text(format!("{name}="))).chain(value.iter().cloned()).collect()
            };
            let templates: Vec<Vec<FilledPiece>> = pairs.iter().map(pair).collect();
            std::str::from_utf8(body).is_ok_and(|body| fits_pairs(&templates, body, given))
        }
    }
}

fn fits_json(template: &JsonBody, json: &Json, given: &mut Given) -> bool {
    match (template, json) {
        (JsonBody::Text(Filled(pieces)), json) => scalar(json).is_some_and(|text| fits(pieces, &text, given)),
        (JsonBody::Object(members), Json::Object(found)) => {
            found.keys().all(|key| members.iter().any(|(name, _)| name == key))
                && members.iter().all(|(name, template)| match found.get(name) {
                    Some(json) => fits_json(template, json, given),
                    None => may_be_left_out(template),
                })
        }
        (JsonBody::Array(templates), Json::Array(found)) => {
            let mut found = found.iter().peekable();
            let each = templates.iter().all(|template| {
                let fits = found.peek().is_some_and(|json| fits_json(template, json, &mut given.clone()));
                match found.next_if(|_| fits) {
                    Some(json) => fits_json(template, json, given),
                    None => may_be_left_out(template),
                }
            });
            each && found.next().is_none()
        }
        _ => false,
    }
}

fn may_be_left_out(template: &JsonBody) -> bool {
    matches!(template, JsonBody::Text(Filled(pieces)) if may_be_unset(pieces))
}

fn may_be_unset(pieces: &[FilledPiece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, FilledPiece::Value(_)))
}

/// A value as the operation was given it. Numbers with decimals are amounts, which are sent with two.
fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => number
            .as_f64()
            .filter(|_| number.is_f64())
            .map_or_else(|| Some(number.to_string()), |amount| Some(format!("{amount:.2}"))),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The pieces between each of these characters that the menu wrote.
fn split(pieces: &[FilledPiece], at: char) -> Vec<Vec<FilledPiece>> {
    let mut parts = vec![Vec::new()];
    for piece in pieces {
        let texts: Vec<FilledPiece> = match piece {
            FilledPiece::Text(text) => text.split(at).map(|text| FilledPiece::Text(text.to_owned())).collect(),
            FilledPiece::Value(_) => vec![piece.clone()],
        };
        for (index, piece) in texts.into_iter().enumerate() {
            if index > 0 {
                parts.push(Vec::new());
            }
            if let Some(part) =
                parts.last_mut().filter(|_| !matches!(&piece, FilledPiece::Text(text) if text.is_empty()))
            {
                part.push(piece);
            }
        }
    }
    parts
}

/// The pieces without the escapes that the menu wrote.
fn read(pieces: &[FilledPiece], plus: bool) -> Vec<FilledPiece> {
    let piece = |piece: &FilledPiece| match piece {
        FilledPiece::Text(text) => {
            FilledPiece::Text(percent::read(text, plus).map_or_else(|| text.clone(), Cow::into_owned))
        }
        FilledPiece::Value(at) => FilledPiece::Value(*at),
    };
    pieces.iter().map(piece).collect()
}

/// Fits a text to pieces and notes the values. A value ends where the next fixed text is first found, the last one at the
/// end; of two values without a text between them the second has everything.
fn fits(pieces: &[FilledPiece], text: &str, given: &mut Given) -> bool {
    let mut rest = text;
    let mut open: Option<u16> = None;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            FilledPiece::Value(value) => {
                if open.replace(*value).is_some_and(|before| !given.note(before, "")) {
                    return false;
                }
            }
            FilledPiece::Text(fixed) => {
                let is_last = at + 1 == pieces.len();
                let split = match open {
                    None => rest.strip_prefix(fixed.as_str()).map(|behind| ("", behind)),
                    Some(_) if is_last => rest.strip_suffix(fixed.as_str()).map(|before| (before, "")),
                    Some(_) => rest.split_once(fixed.as_str()),
                };
                let Some((before, behind)) = split else { return false };
                if open.take().is_some_and(|value| !given.note(value, before)) {
                    return false;
                }
                rest = behind;
            }
        }
    }
    match open {
        Some(value) => given.note(value, rest),
        None => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests;
