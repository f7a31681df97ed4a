//! The fields of a request to a hook: those of the query and those of the body together.

use std::borrow::Cow;

use serde_json::Value;

use super::profile::{InFormat, Incoming};
use super::types::RawRequest;
use crate::gateway::DecodeError;
use crate::gateway::fields::Fields;
use crate::gateway::profile::Format;
use crate::text::percent;

/// The longest id that is kept, in bytes.
pub(super) const MAX_ID: usize = 128;
/// How many messages or receipts one request may hold.
const MAX_EACH: usize = 1000;
/// Words with which programs say nothing.
const NOTHING: [&str; 5] = ["", "null", "none", "unknown", "undefined"];

/// Whether a request says nothing at all: a dashboard that tries the address, or `HEAD` before `GET`.
pub(super) fn is_probe(request: &RawRequest<'_>) -> bool {
    let empty = request.query.is_empty() && request.body.iter().all(u8::is_ascii_whitespace);
    empty || request.method.eq_ignore_ascii_case("HEAD") || request.method.eq_ignore_ascii_case("OPTIONS")
}

/// In which format the bodies of a request are, and they.
type Bodies<'a> = (Format, Vec<Cow<'a, [u8]>>);

/// The bodies of a request: one, or each element of a list.
pub(super) fn bodies<'a>(incoming: &Incoming, request: &RawRequest<'a>) -> Result<Bodies<'a>, DecodeError> {
    let verb = |known: &[&str]| known.iter().any(|verb| request.method.eq_ignore_ascii_case(verb));
    let mut format = match incoming.format {
        _ if verb(&["GET"]) => Format::Query,
        _ if !verb(&["POST", "PUT"]) => return Err(DecodeError::Method(request.method.chars().take(16).collect())),
        InFormat::Query => Format::Query,
        InFormat::Json => Format::Json,
        InFormat::FormOrJson if begins_as_json(request.body) => Format::Json,
        InFormat::Form | InFormat::FormOrJson => Format::Form,
    };
    let mut body = Cow::Borrowed(if format == Format::Query { &[][..] } else { request.body });
    if let (Some(name), Format::Form | Format::Query) = (&incoming.json_in, format) {
        let pairs = if format == Format::Form { request.body } else { request.query.as_bytes() };
        let json = raw(pairs, std::slice::from_ref(name)).ok_or_else(|| DecodeError::Missing(name.clone()))?;
        (format, body) = (Format::Json, json);
    }
    match &incoming.each {
        Some(path) if format == Format::Json => Ok((format, elements(&body, path)?)),
        _ => Ok((format, vec![body])),
    }
}

fn begins_as_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The elements of a list, or the whole where there is none: some gateways send one without its list.
fn elements<'a>(body: &[u8], path: &str) -> Result<Vec<Cow<'a, [u8]>>, DecodeError> {
    let root: Value = serde_json::from_slice(body).map_err(|_| DecodeError::Body("JSON"))?;
    let found = path.split('.').try_fold(&root, |here, name| here.get(name));
    let list = found.or(Some(&root)).and_then(Value::as_array);
    match list {
        Some(list) if list.len() > MAX_EACH => Err(DecodeError::TooLong(path.to_owned(), MAX_EACH)),
        Some(list) => Ok(list.iter().map(|element| Cow::Owned(element.to_string().into_bytes())).collect()),
        None => Ok(vec![Cow::Owned(root.to_string().into_bytes())]),
    }
}

/// The value of a field of a form or a query as the bytes that were escaped, whatever they are and however many.
pub(super) fn raw<'a>(pairs: &'a [u8], names: &[String]) -> Option<Cow<'a, [u8]>> {
    pairs.split(|&byte| byte == b'&').find_map(|pair| {
        let at = pair.iter().position(|&byte| byte == b'=')?;
        let (name, value) = (percent::read_leniently(pair.get(..at)?), pair.get(at + 1..)?);
        names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(&name)).then(|| percent::read_leniently(value))
    })
}

/// The fields of one message, receipt or call.
pub(super) struct Read<'a> {
    incoming: &'a Incoming,
    fields: Fields<'a>,
}

impl<'a> Read<'a> {
    pub(super) fn of(
        incoming: &'a Incoming,
        request: &RawRequest<'a>,
        format: Format,
        body: &'a [u8],
    ) -> Result<Self, DecodeError> {
        let mut fields = Fields::read(Format::Query, request.query.as_bytes(), &incoming.all)?;
        fields.add(format, body)?;
        Ok(Self { incoming, fields })
    }

    /// The field under the first of its names that is there, whatever it holds.
    pub(super) fn any(&self, word: &str) -> Result<Option<&str>, DecodeError> {
        self.first(word, |_| true)
    }

    /// The field under the first of its names that says something.
    pub(super) fn some(&self, word: &str) -> Result<Option<&str>, DecodeError> {
        self.first(word, |value| !NOTHING.iter().any(|nothing| value.trim().eq_ignore_ascii_case(nothing)))
    }

    /// An id, not longer than it may be.
    pub(super) fn id(&self, word: &str) -> Result<Option<String>, DecodeError> {
        match self.some(word)?.map(str::trim) {
            Some(id) if id.len() > MAX_ID => Err(DecodeError::TooLong(self.name(word), MAX_ID)),
            id => Ok(id.map(str::to_owned)),
        }
    }

    /// A field of any name: rules name fields of their own.
    pub(super) fn named(&self, name: &str) -> Result<Option<&str>, DecodeError> {
        self.fields.get(&[name.to_owned()])
    }

    fn first(&self, word: &str, fits: impl Fn(&str) -> bool) -> Result<Option<&str>, DecodeError> {
        for name in self.incoming.names(word) {
            if let Some(value) = self.fields.get(std::slice::from_ref(name))?.filter(|value| fits(value)) {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// How errors call a field.
    pub(super) fn name(&self, word: &str) -> String {
        self.incoming.names(word).first().cloned().unwrap_or_else(|| word.to_owned())
    }

    pub(super) fn missing(&self, word: &str) -> DecodeError {
        DecodeError::Missing(self.name(word))
    }
}
