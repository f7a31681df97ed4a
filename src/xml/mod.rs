//! XML as far as departments and aggregators need it: a small tree, what may stand in it, how a value is escaped.
//!
//! XML 1.0 (fifth edition) without document types: no entities but the five of XML itself, so that nothing can expand, and
//! depth and number of parts are bounded. Namespaces are not looked up: names are compared without their prefix. Nothing here
//! knows what a document means.

mod marks;
mod tree;
mod write;

pub use marks::{Spot, misplaced, unused};
pub use tree::{Bounds, Element, Fault, Node, XmlError, read, read_bytes};
pub use write::write;

use std::fmt::Write as _;

/// Whether XML can hold a character at all, escaped or not (section 2.2, production 2).
pub fn holds(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether a text is the name of an element or attribute, with or without a prefix (section 2.3, productions 4, 4a and 5; a
/// prefix as in Namespaces in XML 1.0, production 7).
pub fn is_name(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.by_ref().take(2).all(is_plain_name) && parts.next().is_none()
}

/// A name without a prefix.
pub fn is_plain_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name) && chars.all(|c| starts_name(c) || continues_name(c))
}

fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | '_' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn continues_name(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Writes a value so that it is read back as it is, between tags and in an attribute alike: white space other than spaces
/// leaves as references, which keep it through normalisation (sections 2.11 and 3.3.3). Characters that XML cannot hold
/// (control characters, U+FFFE, U+FFFF) have no form in it and are left out.
pub fn escape(value: &str, out: &mut String) {
    for c in value.chars().filter(|c| holds(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
