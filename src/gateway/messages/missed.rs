//! Missed calls, and what else is told of calls.

use super::caller::{callee, caller};
use super::fields::{Read, bodies, is_probe};
use super::profile::{MessageProfile, MissedRule, Said};
use super::types::{MissedCall, RawRequest};
use crate::gateway::DecodeError;

impl MessageProfile {
    /// The call of a request to the hook `/missed-call`; `None` in one that tells of something else, or only tries the address.
    pub fn missed_call(&self, request: &RawRequest<'_>) -> Result<Option<MissedCall>, DecodeError> {
        let rule = self.missed.as_ref().ok_or(DecodeError::Path)?;
        if is_probe(request) {
            return Ok(None);
        }
        let (format, bodies) = bodies(&rule.incoming, request)?;
        let Some(body) = bodies.first() else { return Ok(None) };
        let read = Read::of(&rule.incoming, request, format, body)?;
        if !is_missed(rule, &read)? {
            return Ok(None);
        }
        let from = read.any("from")?.ok_or_else(|| read.missing("from"))?;
        Ok(Some(MissedCall {
            id: read.id("id")?,
            from: caller(from, self.home),
            to: read.some("to")?.map(|to| callee(to, self.home)).unwrap_or_default(),
        }))
    }
}

fn is_missed(rule: &MissedRule, read: &Read<'_>) -> Result<bool, DecodeError> {
    for when in &rule.when {
        let value = read.named(&when.field)?.map(str::trim).filter(|value| !value.eq_ignore_ascii_case("null"));
        let said = when.values.iter().find(|(word, _)| word.eq_ignore_ascii_case(value.unwrap_or_default()));
        let any = when.any.filter(|_| value.is_some_and(|value| !value.is_empty()));
        match said.map(|(_, said)| *said).or(any) {
            Some(Said::Missed) => return Ok(true),
            Some(Said::Other) => return Ok(false),
            // A word that nobody knows is an event that nobody knows.
            None if value.is_some_and(|value| !value.is_empty()) => return Ok(false),
            Some(Said::Nothing) | None => {}
        }
    }
    Ok(true)
}
