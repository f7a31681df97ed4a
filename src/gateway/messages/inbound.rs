//! Messages of citizens.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::caller::{callee, caller};
use super::fields::{Read, bodies, is_probe, raw};
use super::profile::{InboundRule, MessageProfile};
use super::times;
use super::types::{Inbound, PartOf, RawRequest};
use crate::gateway::DecodeError;
use crate::gateway::fields::MAX_VALUE;
use crate::gateway::profile::Format;

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
        let text = match &rule.coding {
            Some((_, ucs2)) => coded(rule, request, format, body, read.some("coding")?.map(str::trim) == Some(ucs2))?,
            None => read.any("text")?.ok_or_else(|| read.missing("text"))?.to_owned(),
        };
        Ok(Inbound {
            id: read.id("id")?,
            from: caller(from, self.home),
            to: read.some("to")?.map(|to| callee(to, self.home)).unwrap_or_default(),
            text: rule.base64.then(|| from_base64(&text)).flatten().unwrap_or(text),
            part: part(&read, rule, request, format, body),
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
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    (decoded.chars().all(is_text) && decoded.contains([' ', '\n'])).then_some(decoded)
}

/// A text whose alphabet another field tells.
fn coded(
    rule: &InboundRule,
    request: &RawRequest<'_>,
    format: Format,
    body: &[u8],
    utf16: bool,
) -> Result<String, DecodeError> {
    let names = rule.incoming.names("text");
    let name = || names.first().cloned().unwrap_or_default();
    let bytes = escaped(request, format, body, names).ok_or_else(|| DecodeError::Missing(name()))?;
    if bytes.len() > MAX_VALUE {
        return Err(DecodeError::TooLong(name(), MAX_VALUE));
    }
    let text = match (utf16, bytes.as_chunks::<2>()) {
        (true, (units, [])) => {
            let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
            String::from_utf16(&units).map_err(|_| DecodeError::Value(name(), "UTF-16 text"))?
        }
        (true, _) => return Err(DecodeError::Value(name(), "UTF-16 text")),
        (false, _) => String::from_utf8(bytes.into_owned()).map_err(|_| DecodeError::Value(name(), "UTF-8 text"))?,
    };
    Ok(text.chars().filter(|&c| !c.is_control() || matches!(c, '\n' | '\t')).collect())
}

/// The bytes of a field that may be no text.
fn escaped<'a>(request: &RawRequest<'a>, format: Format, body: &'a [u8], names: &[String]) -> Option<Cow<'a, [u8]>> {
    let own = if format == Format::Form { raw(body, names) } else { None };
    own.or_else(|| raw(request.query.as_bytes(), names))
}

fn part(read: &Read<'_>, rule: &InboundRule, request: &RawRequest<'_>, format: Format, body: &[u8]) -> Option<PartOf> {
    // In JSON it can only be hexadecimal.
    let in_text = || Some(Cow::Borrowed(read.some("udh").ok()??.as_bytes()));
    let header = escaped(request, format, body, rule.incoming.names("udh")).or_else(in_text)?;
    match HEXLOWER_PERMISSIVE.decode(header.trim_ascii()) {
        Ok(decoded) if !decoded.is_empty() => part_of(&decoded),
        _ => part_of(&header),
    }
}

/// The place that a user data header tells (3GPP TS 23.040 section 9.2.3.24.1 and .8): its length, then elements, each of an
/// identifier, a length and so many octets.
pub(super) fn part_of(header: &[u8]) -> Option<PartOf> {
    let (&length, elements) = header.split_first()?;
    let mut rest = elements.get(..usize::from(length))?;
    while let [identifier, length, after @ ..] = rest {
        let (element, after) = after.split_at_checked(usize::from(*length))?;
        let found = match (identifier, element) {
            (0x00, [reference, of, number]) => Some((u16::from(*reference), *of, *number)),
            (0x08, [high, low, of, number]) => Some((u16::from_be_bytes([*high, *low]), *of, *number)),
            _ => None,
        };
        if let Some((reference, of, number)) = found {
            // "If the value is zero or greater than the maximum number … ignore the whole element."
            return (of > 1 && (1..=of).contains(&number)).then_some(PartOf { reference, of, number });
        }
        rest = after;
    }
    None
}

/// The other way round, with the shorter reference where it is enough.
pub(super) fn header_of(part: PartOf) -> Vec<u8> {
    match (u8::try_from(part.reference), part.reference.to_be_bytes()) {
        (Ok(reference), _) => vec![5, 0, 3, reference, part.of, part.number],
        (Err(_), [high, low]) => vec![6, 8, 4, high, low, part.of, part.number],
    }
}
