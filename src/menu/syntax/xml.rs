//! The XML that an operation sends: a template whose values stand in texts and in values of attributes, where they can be
//! escaped, and nowhere else. It is proved to be well-formed with any values when the menus are read.

use super::operation::{Takes, filled};
use crate::menu::codes;
use crate::menu::context::{Context, Places};
use crate::menu::fields;
use crate::menu::operation::{Filled, FilledPiece, XmlElement, XmlNode};
use crate::source::{Entry, Span, Spanned};
use crate::xml::{self, Bounds, Element, Fault, Node};

const BOUNDS: Bounds = Bounds { depth: 32, parts: 1000 };

pub(super) fn body(entry: &Entry, takes: &mut Takes, cx: &mut Context<'_>) -> Option<XmlElement> {
    let scalar = fields::text(entry, cx)?;
    let before = cx.findings.len();
    let Filled(pieces) = filled(scalar, takes, cx);
    if cx.findings.len() > before {
        return None;
    }
    let Some(document) = Document::new(scalar, &pieces, cx) else {
        let message = "the text uses every private character, and none is left to stand for a value";
        cx.error(codes::BAD_XML, scalar.span, message, "leave one of U+E000 to U+F8FF out");
        return None;
    };
    if let Some((at, spot)) = xml::misplaced(&document.text, document.mark) {
        let message = format!("a value cannot stand in {spot}");
        let remedy = "put values into texts between tags, or into the quoted values of attributes";
        cx.error(codes::BAD_XML, document.span(at, at + document.mark.len_utf8()), message, remedy);
        return None;
    }
    match xml::read(&document.text, BOUNDS) {
        Ok(root) => {
            let mut values = document.values.into_iter();
            Some(element(root, document.mark, &mut values))
        }
        Err(error) => {
            let span = document.span(error.at.start, error.at.end);
            cx.error(codes::BAD_XML, span, format!("this is no XML to send: {}", error.fault), remedy(error.fault));
            None
        }
    }
}

fn remedy(fault: Fault) -> &'static str {
    match fault {
        Fault::DocumentType | Fault::Entity => "write the character itself, or as a reference like `&amp;` or `&#233;`",
        Fault::TooDeep(_) | Fault::TooMany(_) | Fault::TooManyAttributes(_) => "make it smaller",
        _ => "write one element around all, close each with its own tag, and write `&` as `&amp;` and `<` as `&lt;`",
    }
}

/// The template as one text, in which a character that is not in it stands for each value.
struct Document {
    text: String,
    mark: char,
    /// What the marks stand for, in their order.
    values: Vec<u16>,
    /// Where each piece begins, and the last one ends, in `text` and in the file's text.
    starts: Vec<(usize, usize)>,
    places: Places,
}

impl Document {
    fn new(scalar: &Spanned<String>, pieces: &[FilledPiece], cx: &Context<'_>) -> Option<Self> {
        let written = scalar.value.as_str();
        let mark = xml::unused(written)?;
        let (mut text, mut values, mut starts) = (String::new(), Vec::new(), Vec::new());
        // White space around the text is no part of its pieces.
        let mut at = written.len() - written.trim_start().len();
        for piece in pieces {
            starts.push((text.len(), at));
            match piece {
                FilledPiece::Text(literal) => {
                    text.push_str(literal);
                    at += literal.len();
                }
                FilledPiece::Value(value) => {
                    text.push(mark);
                    values.push(*value);
                    at += written.get(at..).and_then(|rest| rest.find("}}")).map_or(0, |end| end + 2);
                }
            }
        }
        starts.push((text.len(), at));
        Some(Self { text, mark, values, starts, places: cx.places(scalar) })
    }

    /// The place in the file of `start..end` of the text.
    fn span(&self, start: usize, end: usize) -> Span {
        let within = |at: usize| {
            let (piece, written) =
                self.starts.iter().rev().find(|(piece, _)| *piece <= at).copied().unwrap_or_default();
            written + (at - piece)
        };
        // One line at most: a caret under a whole document points at nothing.
        let line = self.text.get(start..end).and_then(|part| part.find('\n')).map_or(end, |line| start + line);
        self.places.span(within(start), within(line.max(start)))
    }
}

/// The tree with its values. They stand in the order of the document: those of attributes, then those within.
fn element(element: Element, mark: char, values: &mut impl Iterator<Item = u16>) -> XmlElement {
    let parent = element.elements().next().is_some();
    let attributes = element.attributes.into_iter();
    let attributes = attributes.map(|(name, value)| (name, pieces(&value, mark, values))).collect();
    let mut nodes = Vec::new();
    for node in element.nodes {
        match node {
            // Between elements it is how the template is laid out.
            Node::Text(text) if parent && text.trim().is_empty() => {}
            Node::Text(text) => nodes.push(XmlNode::Text(pieces(&text, mark, values))),
            Node::Element(child) => nodes.push(XmlNode::Element(self::element(child, mark, values))),
        }
    }
    XmlElement { name: element.name, attributes, nodes }
}

fn pieces(text: &str, mark: char, values: &mut impl Iterator<Item = u16>) -> Filled {
    let mut pieces = Vec::new();
    for (index, literal) in text.split(mark).enumerate() {
        if index > 0 {
            pieces.extend(values.next().map(FilledPiece::Value));
        }
        if !literal.is_empty() {
            pieces.push(FilledPiece::Text(literal.to_owned()));
        }
    }
    Filled(pieces)
}
