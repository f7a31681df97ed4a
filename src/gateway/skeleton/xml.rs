//! What is particular to XML among the bodies of replies: whether a skeleton is well-formed and stays so, and where in it a
//! slot stands.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

/// Where a place of a well-formed document lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Tag,
    /// Within the value of an attribute, after this quote.
    Value(char),
}

impl Place {
    /// Where what follows `text` lies, when `text` begins here.
    pub(super) fn after(self, text: &str) -> Self {
        text.chars().fold(self, |place, sign| match (place, sign) {
            (Self::Text, '<') => Self::Tag,
            (Self::Tag, '>') => Self::Text,
            (Self::Tag, '"' | '\'') => Self::Value(sign),
            (Self::Value(quote), _) if quote == sign => Self::Tag,
            (place, _) => place,
        })
    }
}

/// The document with single spaces, and none between two tags: those are for the reader of the file.
pub(super) fn tight(source: &str) -> String {
    let mut tight = String::with_capacity(source.len());
    for word in source.split_whitespace() {
        if !(tight.is_empty() || tight.ends_with('>') && word.starts_with('<')) {
            tight.push(' ');
        }
        tight.push_str(word);
    }
    tight
}

/// Whether this is one XML element of tags and texts that stays well-formed whatever its slots hold: those in texts and in
/// the values of attributes do, since both quotes are escaped; those in names would not.
pub(super) fn well_formed(source: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(source);
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let mut named = tag.name().as_ref().contains('$');
                for attribute in tag.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    named |= attribute.key.as_ref().contains('$');
                    attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
                }
                if named {
                    return Err("a slot in the name of a tag or an attribute".to_owned());
                }
                roots += usize::from(depth == 0);
                depth += usize::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 0 && !text.xml10_content().trim().is_empty() => {
                return Err("a text outside of the element".to_owned());
            }
            Event::DocType(_) => return Err("a document type".to_owned()),
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => {
                return Err("something else than tags and texts".to_owned());
            }
            Event::GeneralRef(reference)
                if !reference.is_char_ref() && resolve_predefined_entity(reference).is_none() =>
            {
                return Err(format!("an unknown entity, `&{};`", &**reference));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match (depth, roots) {
        (0, 1) => Ok(()),
        (0, 0) => Err("no element".to_owned()),
        (0, _) => Err("more than one element".to_owned()),
        _ => Err("an element that is not closed".to_owned()),
    }
}
