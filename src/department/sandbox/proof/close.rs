//! Puts values that fields would take in place of those that are not known yet: in an answer in JSON, and in XML. What cannot
//! be read is left as it is, for the reader to say so.

use serde_json::Value as Json;

use super::{OPEN, SOMEBODY};
use crate::menu::{AnswerField, Letters, Operation, Pointer, Registered, Type};
use crate::xml::{self, Bounds, Element, Node};

pub(super) fn json(operation: &Operation, text: &str) -> Vec<u8> {
    let Ok(mut json) = serde_json::from_str::<Json>(text) else { return text.as_bytes().to_vec() };
    close(operation, &mut Place::Json(&mut json));
    json.to_string().into_bytes()
}

pub(super) fn xml(operation: &Operation, text: &str) -> Vec<u8> {
    let whole = xml::read_bytes(text.as_bytes(), Bounds::MESSAGE);
    let Ok(root) = whole else { return text.as_bytes().to_vec() };
    let mut around = Element { nodes: vec![Node::Element(root)], ..Element::default() };
    close(operation, &mut Place::Element(&mut around));
    let mut out = String::new();
    around.elements().for_each(|root| xml::write(root, &mut out));
    out.into_bytes()
}

fn close(operation: &Operation, all: &mut Place<'_>) {
    if let Some(Registered::At(pointer)) = &operation.registered {
        all.every(&pointer.0, &mut |found| found.fill(SOMEBODY));
    }
    close_fields(&operation.answer, all);
}

fn close_fields(fields: &[AnswerField], record: &mut Place<'_>) {
    for AnswerField { from: Pointer(steps), ty, of, .. } in fields {
        record.every(steps, &mut |found| match ty {
            Type::Record(_) => close_fields(of, found),
            Type::List { .. } => found.items(&mut |item| close_fields(of, item)),
            ty => found.fill(&sample(ty)),
        });
    }
}

/// A part of an answer that can be changed.
enum Place<'a> {
    Json(&'a mut Json),
    Element(&'a mut Element),
    Attribute(&'a mut String),
}

impl Place<'_> {
    /// Goes to all that stand at a place, as the answer is read.
    fn every(&mut self, steps: &[String], then: &mut dyn FnMut(&mut Place<'_>)) {
        let Some((step, rest)) = steps.split_first() else { return then(self) };
        match self {
            Self::Json(Json::Object(members)) => {
                if let Some(json) = members.get_mut(step) {
                    Place::Json(json).every(rest, then);
                }
            }
            Self::Json(Json::Array(elements)) => {
                let at = step.parse::<usize>().ok();
                if let Some(json) = at.and_then(|at| elements.get_mut(at)) {
                    Place::Json(json).every(rest, then);
                }
            }
            Self::Element(element) => match step.strip_prefix('@') {
                Some(name) => element.attributes_mut(name).for_each(|value| Place::Attribute(value).every(rest, then)),
                None => element.elements_mut(step).for_each(|child| Place::Element(child).every(rest, then)),
            },
            Self::Json(_) | Self::Attribute(_) => {}
        }
    }

    /// Goes to the items of a list: in XML the element at its place is one.
    fn items(&mut self, then: &mut dyn FnMut(&mut Place<'_>)) {
        match self {
            Self::Json(json) => {
                json.as_array_mut().into_iter().flatten().for_each(|item| then(&mut Place::Json(item)));
            }
            item => then(item),
        }
    }

    /// Puts a text in place of one that holds an open value.
    fn fill(&mut self, text: &str) {
        match self {
            Self::Json(json) if json.as_str().is_some_and(|text| text.contains(OPEN)) => **json = Json::from(text),
            Self::Attribute(value) if value.contains(OPEN) => text.clone_into(value),
            Self::Element(element) if element.text().is_some_and(|text| text.contains(OPEN)) => {
                element.nodes = vec![Node::Text(text.to_owned())];
            }
            _ => {}
        }
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
