//! Messages of citizens.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::caller::{callee, caller};
use super::fields::{Read, bodies, is_probe, raw};
use super::profile::{InboundRule, MessageProfile};
use super::times;
use super::types::{Inbound, RawRequest};
use crate::gateway::DecodeError;
use crate::gateway::fields::MAX_VALUE;
use crate::gateway::profile::Format;
use crate::text::sms::{Concatenation, Part, Udh};

/// Shorter texts are never taken for base 64: a citizen may have typed them.
const SHORTEST_BASE64: usize = 60;

impl MessageProfile {
    /// The messages of a request to the hook `/sms`; none in one that only tries the address.
    pub fn inbound(&self, request: &RawRequest<'_>) -> Result<Vec<Inbound>, DecodeError> {
        let rule = self.inbound.as_ref().ok_or(DecodeError::Path)?;
        if is_probe(request) {
            return Ok(Vec::new());
        }
        let (format, bodies) = bodies(&rule.incoming, request)?;
        bodies.iter().map(|body| self.message(rule, request, format, body)).collect()
    }

    fn message(
        &self,
        rule: &InboundRule,
        request: &RawRequest<'_>,
        format: Format,
        body: &[u8],
    ) -> Result<Inbound, DecodeError> {
        let read = Read::of(&rule.incoming, request, format, body)?;
        let from = read.any("from")?.ok_or_else(|| read.missing("from"))?;
        let (text, units) = match &rule.coding {
            Some((_, ucs2)) if read.some("coding")?.map(str::trim) == Some(ucs2) => {
                let units = utf16(rule, request, format, body)?;
                (String::from_utf16_lossy(&units), Some(units))
            }
            Some(_) => (utf8(rule, request, format, body)?, None),
            None => (read.any("text")?.ok_or_else(|| read.missing("text"))?.to_owned(), None),
        };
        let part = place(&read, rule, request, format, body)
            .map(|place| Part::of_units(units.unwrap_or_else(|| text.encode_utf16().collect()), Some(place)));
        Ok(Inbound {
            id: read.id("id")?,
            from: caller(from, self.home),
            to: read.some("to")?.map(|to| callee(to, self.home)).unwrap_or_default(),
            text: rule.base64.then(|| from_base64(&text)).flatten().unwrap_or(text),
            part,
            at: read.some("at")?.and_then(|at| times::read(at, rule.times)),
            circle: read.some("circle")?.map(|circle| circle.trim().chars().take(64).collect()),
        })
    }
}

/// The text of some long messages, which Twilio passes on in base 64: nothing that a citizen would type is so long without a
/// space, of the right length, and a text again when it is decoded.
fn from_base64(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() < SHORTEST_BASE64 {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(text.as_bytes()).ok()?).ok()?.replace('\r', "");
    (decoded.chars().all(is_shown) && decoded.contains([' ', '\n'])).then_some(decoded)
}

/// A text of which another field tells that it is UTF-16, without control characters. Phones cut pairs of surrogates in two.
fn utf16(rule: &InboundRule, request: &RawRequest<'_>, format: Format, body: &[u8]) -> Result<Vec<u16>, DecodeError> {
    let (name, bytes) = bytes(rule, request, format, body)?;
    let (units, []) = bytes.as_chunks::<2>() else { return Err(DecodeError::Value(name, "UTF-16 text")) };
    let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
    Ok(units.filter(|unit| char::from_u32((*unit).into()).is_none_or(is_shown)).collect())
}

fn utf8(rule: &InboundRule, request: &RawRequest<'_>, format: Format, body: &[u8]) -> Result<String, DecodeError> {
    let (name, bytes) = bytes(rule, request, format, body)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| DecodeError::Value(name, "UTF-8 text"))?;
    Ok(text.chars().filter(|c| is_shown(*c)).collect())
}

fn is_shown(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\t')
}

/// The name and the bytes of the field that holds the text.
fn bytes<'a>(
    rule: &InboundRule,
    request: &RawRequest<'a>,
    format: Format,
    body: &'a [u8],
) -> Result<(String, Cow<'a, [u8]>), DecodeError> {
    let names = rule.incoming.names("text");
    let name = names.first().cloned().unwrap_or_default();
    match escaped(request, format, body, names) {
        None => Err(DecodeError::Missing(name)),
        Some(bytes) if bytes.len() > MAX_VALUE => Err(DecodeError::TooLong(name, MAX_VALUE)),
        Some(bytes) => Ok((name, bytes)),
    }
}

/// The bytes of a field that may be no text.
fn escaped<'a>(request: &RawRequest<'a>, format: Format, body: &'a [u8], names: &[String]) -> Option<Cow<'a, [u8]>> {
    let own = if format == Format::Form { raw(body, names) } else { None };
    own.or_else(|| raw(request.query.as_bytes(), names))
}

/// The place that a user data header tells, as octets or in hexadecimal. A header that is not sound makes a message that is whole.
fn place(
    read: &Read<'_>,
    rule: &InboundRule,
    request: &RawRequest<'_>,
    format: Format,
    body: &[u8],
) -> Option<Concatenation> {
    // In JSON it can only be hexadecimal.
    let in_text = || Some(Cow::Borrowed(read.some("udh").ok()??.as_bytes()));
    let header = escaped(request, format, body, rule.incoming.names("udh")).or_else(in_text)?;
    let parsed = match HEXLOWER_PERMISSIVE.decode(header.trim_ascii()) {
        Ok(decoded) if !decoded.is_empty() => Udh::parse(&decoded),
        _ => Udh::parse(&header),
    };
    parsed.ok()?.0.concatenation.filter(|place| place.total > 1)
}
