//! An answer and its parts, whether it is JSON or XML, and how a place leads from one to another.
//!
//! Elements of XML are found by their names without prefixes. A list is every element at one place; there is one value at a
//! place only where there is one element, and its text only where there are no elements in it.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::scalar;
use crate::menu::Pointer;
use crate::xml::{Element, Node};

/// A whole answer.
pub(super) enum Document {
    Json(Json),
    /// An element around the root, so that a place begins with the root's name.
    Xml(Element),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    Json(&'a Json),
    Element(&'a Element),
    Attribute(&'a str),
}

impl Document {
    pub(super) fn xml(root: Element) -> Self {
        Self::Xml(Element { nodes: vec![Node::Element(root)], ..Element::default() })
    }

    pub(super) fn all(&self) -> Part<'_> {
        match self {
            Self::Json(json) => Part::Json(json),
            Self::Xml(around) => Part::Element(around),
        }
    }
}

impl<'a> Part<'a> {
    /// All that stand at a place: in JSON one at most.
    pub(super) fn every(self, Pointer(steps): &Pointer) -> Vec<Self> {
        steps.iter().fold(vec![self], |found, step| found.into_iter().flat_map(|part| part.step(step)).collect())
    }

    /// What stands at a place.
    pub(super) fn one(self, pointer: &Pointer) -> Result<Option<Self>, &'static str> {
        match self.every(pointer).as_slice() {
            [] => Ok(None),
            [part] => Ok(Some(*part)),
            _ => Err("it stands there more than once"),
        }
    }

    /// The items of the list at a place. XML has no lists: none of an element that may stand several times is an empty one,
    /// where the element around them is there.
    pub(super) fn items(self, pointer: &Pointer) -> Result<Option<Vec<Self>>, &'static str> {
        if let Self::Json(_) = self {
            return match self.one(pointer)? {
                None | Some(Self::Json(Json::Null)) => Ok(None),
                Some(Self::Json(Json::Array(items))) => Ok(Some(items.iter().map(Part::Json).collect())),
                Some(_) => Err("not a list"),
            };
        }
        let items = self.every(pointer);
        let Some((_, around)) = pointer.0.split_last() else { return Ok(Some(items)) };
        let around = self.every(&Pointer(around.to_vec()));
        // What stands around the root says nothing: another root is another answer.
        let there = around.iter().any(|part| !matches!(part, Self::Element(element) if element.name.is_empty()));
        Ok((!items.is_empty() || there).then_some(items))
    }

    /// In JSON as RFC 6901 section 4 says. An array's index has no leading zero, and `-` (the element after the last) is never
    /// there.
    fn step(self, step: &str) -> Vec<Self> {
        match self {
            Self::Json(Json::Object(members)) => members.get(step).map(Part::Json).into_iter().collect(),
            Self::Json(Json::Array(elements)) => {
                let plain = step == "0" || (step.bytes().all(|b| b.is_ascii_digit()) && !step.starts_with('0'));
                let index = step.parse::<usize>().ok().filter(|_| plain);
                index.and_then(|index| elements.get(index)).map(Part::Json).into_iter().collect()
            }
            Self::Element(element) => match step.strip_prefix('@') {
                None => element.elements().filter(|child| child.local_name() == step).map(Part::Element).collect(),
                Some(name) => {
                    let named = element.attributes().filter(|(attribute, _)| *attribute == name);
                    named.map(|(_, value)| Part::Attribute(value)).collect()
                }
            },
            Self::Json(_) | Self::Attribute(_) => Vec::new(),
        }
    }

    pub(super) fn is_null(self) -> bool {
        matches!(self, Self::Json(Json::Null))
    }

    /// The value as JSON has it; in XML everything is a text.
    pub(super) fn scalar(self) -> Result<Cow<'a, Json>, &'static str> {
        match self {
            Self::Json(json) => Ok(Cow::Borrowed(json)),
            Self::Element(element) => {
                let text = element.text().ok_or("not a text: there are elements in it")?;
                Ok(Cow::Owned(Json::from(text)))
            }
            Self::Attribute(value) => Ok(Cow::Owned(Json::from(value))),
        }
    }

    /// A text, number or truth value as a text; `None` for everything else.
    pub(super) fn text(self) -> Option<String> {
        self.scalar().ok().and_then(|value| scalar::as_text(&value))
    }
}
