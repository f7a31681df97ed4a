//! The fields of a callback, whatever they came in: query, form, JSON or XML become one flat list of names and texts.
//!
//! Names are in lower case, because gateways change the case of theirs between versions. What is nested is joined with
//! points: `payload.response` in JSON; in XML without the root element, attributes as `link@pageid`. Only the fields that
//! the profile names are kept, so a callback can make us keep no more than [`MAX_VALUE`] bytes for each of those.

mod json;
mod xml;

use std::borrow::Cow;

use super::decode::DecodeError;
use super::encode::is_printable;
use super::profile::Format;
use crate::text::percent;

/// The longest value of a field, in bytes. The longest honest one is a history: 20 answers of 182 characters.
pub(super) const MAX_VALUE: usize = 4096;

/// How deep elements and objects may be nested: no gateway goes beyond 3.
const MAX_DEPTH: usize = 16;

/// The longest name of a field with those around it, in bytes: what is longer is no field that a profile names.
const MAX_NAME: usize = 256;

/// How often the fields that a profile names may come in all. A gateway sends each of them once.
const MAX_KEPT: usize = 64;

/// The fields that the profile names, in the order of the callback.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    wanted: &'a [String],
    kept: Vec<Field<'a>>,
}

#[derive(Debug)]
pub(super) struct Field<'a> {
    /// As the profile spells it.
    name: &'a str,
    pub(super) value: Cow<'a, str>,
    /// JSON's numbers, `true` and `false`, and `null` with an empty value.
    pub(super) literal: bool,
}

impl<'a> Fields<'a> {
    /// Reads a body, or a query given as bytes. `wanted` are the names to keep, in lower case. Nothing at all has no fields
    /// in any format: what ends a dialogue may come so.
    pub(super) fn read(format: Format, bytes: &'a [u8], wanted: &'a [String]) -> Result<Self, DecodeError> {
        let mut fields = Self { wanted, kept: Vec::new() };
        fields.add(format, bytes)?;
        Ok(fields)
    }

    /// Reads more of the same request.
    pub(super) fn add(&mut self, format: Format, bytes: &'a [u8]) -> Result<(), DecodeError> {
        match format {
            _ if bytes.iter().all(u8::is_ascii_whitespace) => Ok(()),
            Format::Query | Format::Form => self.read_pairs(bytes),
            Format::Json => json::read(bytes, self),
            Format::Xml => xml::read(bytes, self),
        }
    }

    /// The value of a field under any of its names; `None` when it is not there at all.
    pub(super) fn get(&self, names: &[String]) -> Result<Option<&str>, DecodeError> {
        Ok(self.find(names)?.map(|field| &*field.value))
    }

    /// The same with how it was spelt.
    pub(super) fn find(&self, names: &[String]) -> Result<Option<&Field<'a>>, DecodeError> {
        let mut found: Option<&Field<'a>> = None;
        for field in self.kept.iter().filter(|field| names.iter().any(|name| name == field.name)) {
            if found.is_some_and(|before| before.value != field.value) {
                return Err(DecodeError::Repeated(field.name.to_owned()));
            }
            found = Some(field);
        }
        Ok(found)
    }

    /// `application/x-www-form-urlencoded`, as the WHATWG URL standard reads it, except that bytes which are not UTF-8 are
    /// refused and not replaced: half a name is worse than a refusal.
    fn read_pairs(&mut self, bytes: &'a [u8]) -> Result<(), DecodeError> {
        for pair in bytes.split(|&byte| byte == b'&') {
            let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            let Some(name) = self.wants(&percent::read_leniently(name)) else { continue };
            // Three bytes of an escape make one of the value.
            if value.len() > 3 * MAX_VALUE {
                return Err(DecodeError::TooLong(name.to_owned(), MAX_VALUE));
            }
            match text(percent::read_leniently(value)) {
                Some(value) => self.keep(name, value, false)?,
                None => return Err(DecodeError::Value(name.to_owned(), "UTF-8 text")),
            }
        }
        Ok(())
    }

    /// The name as it is kept, when the profile knows it.
    fn wants(&self, name: &[u8]) -> Option<&'a str> {
        self.wanted.iter().map(String::as_str).find(|wanted| wanted.as_bytes().eq_ignore_ascii_case(name))
    }

    /// Keeps a value without its control characters, which operators let slip in (MTN Nigeria sends U+0018 in XML) and
    /// which no phone can type.
    fn keep(&mut self, name: &'a str, mut value: Cow<'a, str>, literal: bool) -> Result<(), DecodeError> {
        if value.len() > MAX_VALUE {
            return Err(DecodeError::TooLong(name.to_owned(), MAX_VALUE));
        }
        if self.kept.len() == MAX_KEPT {
            return Err(DecodeError::Repeated(name.to_owned()));
        }
        if !is_printable(&value) {
            value = value.chars().filter(|&c| !c.is_control() || c == '\n' || c == '\t').collect();
        }
        self.kept.push(Field { name, value, literal });
        Ok(())
    }
}

fn text(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}
