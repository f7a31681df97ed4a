//! A document as a tree, read event by event within bounds.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::{holds, is_name};

/// How many attributes an element may have: each is compared with all before it, so that none stands twice.
pub(super) const MAX_ATTRIBUTES: usize = 100;

/// How much of a document is read before it is refused. Its bytes are bounded by who received them.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Elements within each other.
    pub depth: usize,
    /// Tags, texts, references and comments.
    pub parts: usize,
}

impl Bounds {
    /// Of what departments answer and are asked, and of what stands in for that in files.
    pub const MESSAGE: Self = Self { depth: 64, parts: 100_000 };
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// As written, with its prefix.
    pub name: String,
    /// As written, namespace declarations included; values without references.
    pub attributes: Vec<(String, String)>,
    pub nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// What stands between two tags, CDATA sections included, references resolved.
    Text(String),
    Element(Element),
}

/// Why a document is not read, and where: bytes of the text. The words quote nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct XmlError {
    pub at: Range<usize>,
    pub fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it is not UTF-8 text")]
    NotUtf8,
    #[error("it says that it is written in another encoding than UTF-8")]
    OtherEncoding,
    #[error("it is not well-formed: {0}")]
    Malformed(&'static str),
    #[error("it has a document type, which is not read")]
    DocumentType,
    #[error("it has an entity other than the five of XML itself")]
    Entity,
    #[error("it has a character that XML cannot hold")]
    Character,
    #[error("its elements are nested more than {0} deep")]
    TooDeep(usize),
    #[error("it has more than {0} tags and texts")]
    TooMany(usize),
    #[error("an element has more than {0} attributes")]
    TooManyAttributes(usize),
}

impl Element {
    /// The name without its prefix.
    pub fn local_name(&self) -> &str {
        local(&self.name)
    }

    /// Attributes by their names without prefix; declarations of namespaces are none.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let real = self.attributes.iter().filter(|(name, _)| !declares(name));
        real.map(|(name, value)| (local(name), value.as_str()))
    }

    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The values of the attributes of a name, without its prefix, to change them.
    pub fn attributes_mut(&mut self, wanted: &str) -> impl Iterator<Item = &mut String> {
        let named = self.attributes.iter_mut().filter(move |(name, _)| !declares(name) && local(name) == wanted);
        named.map(|(_, value)| value)
    }

    /// The elements of a name, without its prefix, to change them.
    pub fn elements_mut(&mut self, wanted: &str) -> impl Iterator<Item = &mut Self> {
        self.nodes.iter_mut().filter_map(move |node| match node {
            Node::Element(element) if element.local_name() == wanted => Some(element),
            _ => None,
        })
    }

    /// What stands in it; `None` when there are elements in it.
    pub fn text(&self) -> Option<&str> {
        match self.nodes.as_slice() {
            [] => Some(""),
            [Node::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// Whether it is the declaration of a namespace.
fn declares(attribute: &str) -> bool {
    attribute == "xmlns" || attribute.starts_with("xmlns:")
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// Reads a document as it arrived: UTF-8, with or without a byte order mark. One that declares another encoding is refused,
/// even where its bytes would pass: the first letter outside ASCII would not.
pub fn read_bytes(bytes: &[u8], bounds: Bounds) -> Result<Element, XmlError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let nowhere = |fault| XmlError { at: 0..0, fault };
    let text = std::str::from_utf8(bytes).map_err(|_| nowhere(Fault::NotUtf8))?;
    if let Ok(Event::Decl(declaration)) = Reader::from_str(text).read_event()
        && !declares_utf8(&declaration)
    {
        return Err(nowhere(Fault::OtherEncoding));
    }
    read(text, bounds)
}

/// US-ASCII is UTF-8 as well.
fn declares_utf8(declaration: &BytesDecl<'_>) -> bool {
    match declaration.encoding() {
        None => true,
        Some(Ok(name)) => ["utf-8", "utf8", "us-ascii"].contains(&name.to_ascii_lowercase().as_str()),
        Some(Err(_)) => false,
    }
}

/// Reads a document whose encoding has been seen to.
pub fn read(text: &str, bounds: Bounds) -> Result<Element, XmlError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut tree = Tree { bounds, open: Vec::new(), root: None };
    let mut parts = 0;
    loop {
        let start = offset(reader.buffer_position());
        let event = reader.read_event();
        let end = offset(reader.buffer_position()).max(start);
        let fault = match event {
            _ if parts == bounds.parts => Fault::TooMany(bounds.parts),
            Err(error) => Fault::Malformed(why(&error)),
            Ok(Event::Eof) => return tree.finish().map_err(|fault| XmlError { at: start..end, fault }),
            Ok(Event::Decl(_)) if start > 0 => Fault::Malformed("its declaration is not at its start"),
            Ok(event) => match tree.take(&event) {
                Ok(()) => {
                    parts += 1;
                    continue;
                }
                Err(fault) => fault,
            },
        };
        return Err(XmlError { at: start..end, fault });
    }
}

/// The text was in memory, so its length is a `usize`.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The reader's own words may quote the document.
fn why(error: &Error) -> &'static str {
    match error {
        Error::IllFormed(IllFormedError::MissingEndTag(_)) => "an element is not closed",
        Error::IllFormed(IllFormedError::UnmatchedEndTag(_) | IllFormedError::MismatchedEndTag { .. }) => {
            "an element is closed that is not the last one opened"
        }
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => "a comment has `--` in it",
        Error::IllFormed(IllFormedError::UnclosedReference) => "`&` stands by itself",
        Error::Syntax(_) => "a tag, comment or section is not closed",
        _ => "its markup cannot be read",
    }
}

/// What is wrong with a reference in an attribute.
fn reference(error: &Error) -> Fault {
    match error {
        Error::Escape(EscapeError::UnrecognizedEntity(..)) => Fault::Entity,
        Error::Escape(EscapeError::InvalidCharRef(_)) => Fault::Character,
        _ => Fault::Malformed("`&` stands by itself"),
    }
}

struct Tree {
    bounds: Bounds,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::Empty(tag) => self.open(tag).and_then(|()| self.close()),
            Event::End(_) => self.close(),
            Event::Text(text) => self.add(&text.xml10_content()),
            Event::CData(text) => self.add(&text.xml10_content()),
            Event::GeneralRef(reference) => self.add(&resolve(reference)?),
            Event::DocType(_) => Err(Fault::DocumentType),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(Fault::Malformed("there are two elements at the top"));
        }
        if self.open.len() == self.bounds.depth {
            return Err(Fault::TooDeep(self.bounds.depth));
        }
        let mut element = Element { name: name(tag.name().as_ref())?, ..Element::default() };
        for attribute in tag.attributes() {
            if element.attributes.len() == MAX_ATTRIBUTES {
                return Err(Fault::TooManyAttributes(MAX_ATTRIBUTES));
            }
            let attribute = attribute.map_err(|_| Fault::Malformed("an attribute cannot be read, or stands twice"))?;
            if attribute.value.contains('<') {
                return Err(Fault::Malformed("a `<` stands in an attribute"));
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| reference(&error))?;
            element.attributes.push((name(attribute.key.as_ref())?, held(&value)?.to_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), Fault> {
        let text = held(text)?;
        let Some(element) = self.open.last_mut() else {
            let only_space = text.chars().all(|c| c.is_ascii_whitespace());
            return if only_space { Ok(()) } else { Err(Fault::Malformed("text stands outside of all elements")) };
        };
        match element.nodes.last_mut() {
            _ if text.is_empty() => {}
            Some(Node::Text(before)) => before.push_str(text),
            _ => element.nodes.push(Node::Text(text.to_owned())),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let element = self.open.pop().ok_or(Fault::Malformed("an element is closed that was not opened"))?;
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, Fault> {
        if !self.open.is_empty() {
            return Err(Fault::Malformed("an element is not closed"));
        }
        self.root.ok_or(Fault::Malformed("there is no element in it"))
    }
}

fn name(written: &str) -> Result<String, Fault> {
    if is_name(written) { Ok(written.to_owned()) } else { Err(Fault::Malformed("a name is not one")) }
}

fn held(text: &str) -> Result<&str, Fault> {
    if text.chars().all(holds) { Ok(text) } else { Err(Fault::Character) }
}

/// The character of `&#233;`, or of one of the five entities that XML has without a document type.
fn resolve(reference: &BytesRef<'_>) -> Result<String, Fault> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.to_string()),
        Ok(None) => resolve_predefined_entity(reference).map(str::to_owned).ok_or(Fault::Entity),
        Err(_) => Err(Fault::Character),
    }
}
