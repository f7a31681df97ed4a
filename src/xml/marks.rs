//! Where values may stand in a document that is a template.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// A place at which a value cannot be escaped, with what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Spot {
    /// Of an element or attribute, or anywhere in a tag but in a quoted value.
    #[error("the name of an element or attribute, nor without quotes")]
    Name,
    #[error("a comment")]
    Comment,
    /// In which nothing can be escaped.
    #[error("a CDATA section")]
    Section,
    /// A declaration, a document type or a processing instruction.
    #[error("a declaration or an instruction")]
    Instruction,
    #[error("a reference, between `&` and `;`")]
    Reference,
}

/// A character that a text does not have, and that may stand for a value in it: one of private use.
pub fn unused(text: &str) -> Option<char> {
    ('\u{e000}'..='\u{f8ff}').find(|mark| !text.contains(*mark))
}

/// Where the first `mark`, which stands for a value, stands elsewhere than in a text or in a quoted value of an attribute:
/// its place in bytes. `None` as well where the text cannot be read to that place, which [`super::read`] tells better.
pub fn misplaced(text: &str, mark: char) -> Option<(usize, Spot)> {
    let mut reader = Reader::from_str(text);
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let source = text.get(start..usize::try_from(reader.buffer_position()).ok()?)?;
        let spot = match event {
            Event::Eof => return None,
            Event::Text(_) => continue,
            Event::Start(_) | Event::Empty(_) | Event::End(_) => Spot::Name,
            Event::Comment(_) => Spot::Comment,
            Event::CData(_) => Spot::Section,
            Event::PI(_) | Event::Decl(_) | Event::DocType(_) => Spot::Instruction,
            Event::GeneralRef(_) => Spot::Reference,
        };
        let found = if spot == Spot::Name { unquoted(source, mark) } else { source.find(mark) };
        if let Some(at) = found {
            return Some((start + at, spot));
        }
    }
}

/// The first mark of a tag outside of quotes.
fn unquoted(tag: &str, mark: char) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, c) if c == mark => return Some(at),
            _ => {}
        }
    }
    None
}
