//! An XML document as flat fields: the texts of its leaves, and attributes.
//!
//! Read event by event. A document type is refused, and no entities are known but the five of XML itself, so nothing can
//! expand. Operators send control characters and Latin-1 bytes under a heading that says UTF-8, which a strict parser
//! refuses: both are mended before it looks.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{DecodeError, Fields, MAX_DEPTH, MAX_NAME, MAX_VALUE};

/// How many tags, texts and references a document may have: a callback has about 20.
const MAX_EVENTS: usize = 2000;

pub(super) fn read(bytes: &[u8], fields: &mut Fields<'_>) -> Result<(), DecodeError> {
    let text = mend(bytes);
    let mut reader = Reader::from_str(&text);
    let mut leaves = Leaves { fields, open: Vec::new(), seen_root: false };
    for _ in 0..MAX_EVENTS {
        match reader.read_event().map_err(|_| malformed())? {
            Event::Start(tag) => leaves.open(&tag)?,
            Event::Empty(tag) => {
                leaves.open(&tag)?;
                leaves.close()?;
            }
            Event::End(_) => leaves.close()?,
            Event::Text(text) => leaves.add(&text.xml10_content())?,
            Event::CData(text) => leaves.add(&text.xml10_content())?,
            Event::GeneralRef(reference) => leaves.add(&resolve(&reference)?)?,
            Event::DocType(_) => return Err(DecodeError::Body("XML without a document type")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof if leaves.seen_root && leaves.open.is_empty() => return Ok(()),
            Event::Eof => return Err(malformed()),
        }
    }
    Err(DecodeError::Body("XML of a callback's size"))
}

fn malformed() -> DecodeError {
    DecodeError::Body("well-formed XML")
}

/// The bytes as text: UTF-8, else Latin-1; without the control characters that XML 1.0 forbids (section 2.2).
fn mend(bytes: &[u8]) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().filter(allowed).collect(),
        // Each byte of Latin-1 is the character of the same number.
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).filter(allowed).collect(),
    }
}

/// The character of `&#233;`, or of one of the five entities that XML has without a document type.
fn resolve(reference: &BytesRef<'_>) -> Result<String, DecodeError> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.to_string()),
        Ok(None) => resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or(DecodeError::Body("XML without entities of its own")),
        Err(_) => Err(malformed()),
    }
}

/// The elements that are open, and the fields that their leaves become.
struct Leaves<'f, 'w> {
    fields: &'f mut Fields<'w>,
    open: Vec<Element>,
    seen_root: bool,
}

struct Element {
    /// Where it stands below the root: `navigation.link`; empty for the root itself.
    path: String,
    text: String,
    leaf: bool,
}

impl Leaves<'_, '_> {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), DecodeError> {
        if self.open.len() == MAX_DEPTH || (self.open.is_empty() && self.seen_root) {
            return Err(malformed());
        }
        let path = match self.open.last_mut() {
            None => String::new(),
            Some(parent) => {
                parent.leaf = false;
                let name = tag.local_name();
                let name = name.as_ref();
                if parent.path.len() + name.len() >= MAX_NAME {
                    return Err(DecodeError::Body("XML with names of a reasonable length"));
                }
                if parent.path.is_empty() { name.to_owned() } else { format!("{}.{name}", parent.path) }
            }
        };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|_| malformed())?;
            let Some(name) = self.fields.wants(&format!("{path}@{}", attribute.key.local_name().as_ref())) else {
                continue;
            };
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| malformed())?;
            self.fields.keep(name, &value, false)?;
        }
        self.seen_root = true;
        self.open.push(Element { path, text: String::new(), leaf: true });
        Ok(())
    }

    /// Adds to the text of the innermost element; outside of the root there may be white space only.
    fn add(&mut self, text: &str) -> Result<(), DecodeError> {
        match self.open.last_mut() {
            // One byte over the limit is enough to be refused for it, if the field is one that counts.
            Some(element) if element.text.len() <= MAX_VALUE => element.text.push_str(text),
            Some(_) => {}
            None if text.trim().is_empty() => {}
            None => return Err(malformed()),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), DecodeError> {
        let element = self.open.pop().ok_or_else(malformed)?;
        match self.fields.wants(&element.path) {
            Some(name) if element.leaf => self.fields.keep(name, &element.text, false),
            _ => Ok(()),
        }
    }
}
