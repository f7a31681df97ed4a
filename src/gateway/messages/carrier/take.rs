//! What a request of ours asks a gateway to send.

use std::fmt;

use super::Carrier;
use crate::gateway::messages::mobileseva;
use crate::gateway::messages::profile::{How, Send, Unicode};
use crate::gateway::messages::template::Slot;
use crate::phone;
use crate::text::percent;
use crate::types::Msisdn;

/// A message as a gateway understands it.
#[derive(Clone, PartialEq, Eq)]
pub struct Taken {
    pub to: Msisdn,
    pub text: String,
    /// What the phone shows as sender.
    pub header: String,
    pub entity: Option<String>,
    pub template: Option<String>,
    /// Our id of it, where it is told.
    pub id: Option<String>,
    /// Under which the gateway knows it again, where it does.
    pub key: Option<String>,
    /// Where its receipts go: a whole address.
    pub receipts: Option<String>,
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taken").field("to", &self.to).field("header", &self.header).finish_non_exhaustive()
    }
}

/// Why a gateway would refuse a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TakeError {
    #[error("it takes no messages")]
    Nothing,
    #[error("there is nothing at this path")]
    Path,
    #[error("its body cannot be read")]
    Body,
    #[error("it has no `{0}`")]
    Missing(&'static str),
    #[error("it goes to no telephone number")]
    Number,
    #[error("its text is in no alphabet")]
    Text,
}

impl Carrier {
    /// What a request asks for; `path_and_query` as it came, headers with names of any case.
    pub fn take(&self, path_and_query: &str, headers: &[(String, String)], body: &[u8]) -> Result<Taken, TakeError> {
        let send = self.profile.send.as_ref().ok_or(TakeError::Nothing)?;
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        send.path.read_back(path.as_bytes()).ok_or(TakeError::Path)?;
        let mut slots = Slots::default();
        for (name, value) in fields(send, query, body)? {
            let template = send.fields.iter().find(|(known, _)| *known == name).map(|(_, template)| template);
            let found = template.and_then(|template| template.read_back(&value));
            slots.keep(found.into_iter().flatten());
        }
        for (name, template) in &send.headers {
            let value = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let found = value.and_then(|(_, value)| template.read_back(value.as_bytes()));
            slots.keep(found.into_iter().flatten());
        }
        let receipts = slots.text(&Slot::Receipts);
        if let (Some(address), Some(callback)) = (&receipts, &send.callback) {
            let query = address.split_once('?').map_or("", |(_, query)| query);
            slots.keep(callback.read_back(query.as_bytes()).into_iter().flatten());
        }
        let id = slots.text(&Slot::Id);
        Ok(Taken {
            to: phone::parse(&slots.text(&Slot::To).ok_or(TakeError::Missing("to"))?, self.profile.home)
                .map_err(|_| TakeError::Number)?,
            text: slots.message(send)?,
            header: slots.text(&Slot::Header).ok_or(TakeError::Missing("header"))?,
            entity: slots.text(&Slot::Entity),
            template: slots.text(&Slot::Template),
            key: id.clone().filter(|_| send.idempotent),
            id,
            receipts,
        })
    }
}

/// Names and values of a request.
fn fields(send: &Send, query: &str, body: &[u8]) -> Result<Vec<(String, Vec<u8>)>, TakeError> {
    let pairs = match send.how {
        How::Query => query.as_bytes(),
        How::Form => body,
        How::Json => {
            let mut fields = Vec::new();
            flatten(&serde_json::from_slice(body).map_err(|_| TakeError::Body)?, "", &mut fields);
            return Ok(fields);
        }
    };
    let pair = |pair: &[u8]| {
        let at = pair.iter().position(|&byte| byte == b'=')?;
        let name = percent::read_leniently(pair.get(..at)?);
        let value = percent::read_leniently(pair.get(at + 1..)?).into_owned();
        Some((String::from_utf8(name.into_owned()).ok()?, value))
    };
    Ok(pairs.split(|&byte| byte == b'&').filter_map(pair).collect())
}

/// What is nested has a name with points; nothing that we send is nested more than a few deep.
fn flatten(value: &serde_json::Value, path: &str, fields: &mut Vec<(String, Vec<u8>)>) {
    match value {
        serde_json::Value::Object(map) if path.matches('.').count() < 8 => {
            for (name, value) in map {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(value, &path, fields);
            }
        }
        serde_json::Value::String(text) => fields.push((path.to_owned(), text.clone().into_bytes())),
        other => fields.push((path.to_owned(), other.to_string().into_bytes())),
    }
}

#[derive(Default)]
struct Slots(Vec<(Slot, Vec<u8>)>);

impl Slots {
    fn keep<'s>(&mut self, found: impl Iterator<Item = (&'s Slot, &'s [u8])>) {
        self.0.extend(found.map(|(slot, value)| (slot.clone(), value.to_vec())));
    }

    fn get(&self, slot: &Slot) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == slot).map(|(_, value)| value.as_slice())
    }

    fn text(&self, slot: &Slot) -> Option<String> {
        String::from_utf8(self.get(slot)?.to_vec()).ok()
    }

    /// The text out of its alphabet.
    fn message(&self, send: &Send) -> Result<String, TakeError> {
        let text = self.get(&Slot::Text).ok_or(TakeError::Missing("text"))?;
        let utf8 = || String::from_utf8(text.to_vec()).map_err(|_| TakeError::Text);
        let coding = self.text(&Slot::Coding);
        let ucs2 = send.coding.as_ref().is_some_and(|words| {
            coding.is_some_and(|coding| coding == words.ucs2 || words.otp_ucs2.as_ref() == Some(&coding))
        });
        match send.unicode {
            Unicode::Entities if ucs2 => mobileseva::from_entities(&utf8()?).ok_or(TakeError::Text),
            Unicode::Utf16 if ucs2 => {
                let (units, []) = text.as_chunks::<2>() else { return Err(TakeError::Text) };
                let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
                String::from_utf16(&units).map_err(|_| TakeError::Text)
            }
            _ => utf8(),
        }
    }
}
