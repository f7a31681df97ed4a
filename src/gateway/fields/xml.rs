//! An XML document as flat fields: the texts of its leaves, and attributes.
//!
//! The tree is read by [`crate::xml`]. Operators send control characters and Latin-1 bytes under a heading that says UTF-8,
//! which a strict reader refuses: both are mended before it looks.

use super::{DecodeError, Fields, MAX_DEPTH, MAX_NAME};
use crate::xml::{self, Bounds, Element, Fault};

/// How many tags, texts and references a document may have: a callback has about 20.
const MAX_PARTS: usize = 2000;

pub(super) fn read(bytes: &[u8], fields: &mut Fields<'_>) -> Result<(), DecodeError> {
    let bounds = Bounds { depth: MAX_DEPTH, parts: MAX_PARTS };
    let root = xml::read(&mend(bytes), bounds).map_err(|error| {
        DecodeError::Body(match error.fault {
            Fault::DocumentType => "XML without a document type",
            Fault::Entity => "XML without entities of its own",
            Fault::TooMany(_) | Fault::TooManyAttributes(_) => "XML of a callback's size",
            _ => "well-formed XML",
        })
    })?;
    flatten(&root, "", fields)
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

/// Keeps what the profile wants of an element. `path` says where it stands below the root: `navigation.link`; empty for the
/// root itself.
fn flatten(element: &Element, path: &str, fields: &mut Fields<'_>) -> Result<(), DecodeError> {
    for (name, value) in element.attributes() {
        if let Some(name) = fields.wants(format!("{path}@{name}").as_bytes()) {
            fields.keep(name, value.to_owned().into(), false)?;
        }
    }
    if let (Some(text), Some(name)) = (element.text(), fields.wants(path.as_bytes())) {
        return fields.keep(name, text.to_owned().into(), false);
    }
    for child in element.elements() {
        let name = child.local_name();
        if path.len() + name.len() >= MAX_NAME {
            return Err(DecodeError::Body("XML with names of a reasonable length"));
        }
        flatten(child, &if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }, fields)?;
    }
    Ok(())
}
