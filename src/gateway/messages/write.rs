//! The request that hands a message over.

use data_encoding::BASE64;

use super::mobileseva;
use super::profile::{Codec, How, MessageProfile, Need, Send, Spelling, Unicode};
use super::template::{Slot, Template};
use super::types::{OutRequest, RouteFacts, WriteError};
use crate::phone::Country;
use crate::text::{Alphabet, measure, percent};
use crate::types::{Msisdn, OutMessage, Priority};

impl MessageProfile {
    /// The request that hands a message over on a route; `id` is ours, under which its receipt may come.
    ///
    /// A request is sent once. Whether it may be sent again when its answer is lost, says
    /// [`MessageProfile::takes_idempotency_key`].
    pub fn write(&self, route: &RouteFacts<'_>, message: &OutMessage, id: &str) -> Result<OutRequest, WriteError> {
        let send = self.send.as_ref().ok_or(WriteError::SendsNothing)?;
        let base = route.url.or(send.url.as_deref()).ok_or(WriteError::Address)?.trim_end_matches('/');
        let fill = Fill::new(send, self.home, route, message, id)?;
        let mut url = base.to_owned();
        url.push_str(&fill.escaped(&send.path)?.ok_or_else(|| WriteError::Credential("path".to_owned()))?);
        let mut headers = Vec::new();
        if let Some((user, password)) = &send.basic {
            let pair = [fill.credential(user)?, ":", fill.credential(password)?].concat();
            headers.push(("authorization".to_owned(), format!("Basic {}", BASE64.encode(pair.as_bytes()))));
        }
        for (name, template) in &send.headers {
            let Some(value) = fill.text(template)? else { continue };
            if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                return Err(WriteError::Header(name.clone()));
            }
            headers.push((name.clone(), value));
        }
        let mut fields = Vec::with_capacity(send.fields.len());
        for (name, template) in &send.fields {
            fields.extend(template.fill(|slot| fill.value(slot))?.map(|value| (name.as_str(), value)));
        }
        let mut request = OutRequest { method: "POST", url, headers, body: Vec::new() };
        match send.how {
            How::Query => {
                request.method = "GET";
                request.url.push('?');
                request.url.push_str(&pairs(&fields));
            }
            How::Form => {
                request.typed("application/x-www-form-urlencoded");
                request.body = pairs(&fields).into_bytes();
            }
            How::Json => {
                request.typed("application/json");
                request.body = json(&fields).into_bytes();
            }
        }
        Ok(request)
    }
}

impl OutRequest {
    fn typed(&mut self, content_type: &str) {
        self.headers.push(("content-type".to_owned(), content_type.to_owned()));
    }
}

/// What fills the slots.
struct Fill<'a> {
    send: &'a Send,
    route: &'a RouteFacts<'a>,
    message: &'a OutMessage,
    id: &'a str,
    to: String,
    /// As it is spelt in the request.
    text: Vec<u8>,
    ucs2: bool,
}

impl<'a> Fill<'a> {
    fn new(
        send: &'a Send,
        home: &Country,
        route: &'a RouteFacts<'a>,
        message: &'a OutMessage,
        id: &'a str,
    ) -> Result<Self, WriteError> {
        for need in &send.needs {
            match need {
                Need::Entity if message.entity.is_none() => return Err(WriteError::Missing("entity")),
                Need::Template if message.template.is_none() => return Err(WriteError::Missing("template")),
                Need::Entity | Need::Template => {}
            }
        }
        let text = if send.codec == Some(Codec::Mobileseva) { message.text.trim() } else { &message.text };
        if text.chars().count() > usize::from(send.characters) {
            return Err(WriteError::TooLong(send.characters));
        }
        let ucs2 = measure(text).alphabet == Alphabet::Ucs2;
        let text = match (ucs2, send.unicode) {
            (false, _) | (true, Unicode::Utf8) => text.as_bytes().to_vec(),
            (true, Unicode::Entities) => mobileseva::entities(text).into_bytes(),
            (true, Unicode::Utf16) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            (true, Unicode::None) => return Err(WriteError::Letters),
        };
        let to = spell(&message.to, send.numbers, home).ok_or(WriteError::Number)?;
        Ok(Self { send, route, message, id, to, text, ucs2 })
    }

    fn value(&self, slot: &Slot) -> Result<Option<Vec<u8>>, WriteError> {
        let text: Option<&str> = match slot {
            Slot::To => Some(&self.to),
            Slot::Text => return Ok(Some(self.text.clone())),
            Slot::Header => Some(self.header()),
            Slot::Id => Some(self.id),
            Slot::Receipts => return Ok(self.receipts()?.map(String::into_bytes)),
            Slot::Entity => self.message.entity.as_deref(),
            Slot::Template => self.message.template.as_deref(),
            Slot::Coding => self.coding(),
            Slot::Priority => word(&self.send.priority, &self.message.priority),
            Slot::Kind => word(&self.send.kind, &self.message.kind),
            Slot::PasswordHash => return Ok(Some(mobileseva::password(self.credential("password")?).into_bytes())),
            Slot::Key => {
                let (username, secure_key) = (self.credential("username")?, self.credential("secure_key")?);
                return Ok(Some(mobileseva::key(username, self.header(), &self.text, secure_key).into_bytes()));
            }
            Slot::Credential(name) if self.send.credentials.contains(name) => Some(self.credential(name)?),
            Slot::Credential(name) => self.route.credentials.get(name).map(crate::types::Secret::reveal),
        };
        Ok(text.map(|text| text.as_bytes().to_vec()))
    }

    fn header(&self) -> &str {
        self.route.sender.unwrap_or(&self.message.header)
    }

    fn credential(&self, name: &str) -> Result<&str, WriteError> {
        let secret = self.route.credentials.get(name).ok_or_else(|| WriteError::Credential(name.to_owned()))?;
        Ok(secret.reveal())
    }

    fn coding(&self) -> Option<&str> {
        let words = self.send.coding.as_ref()?;
        let (plain, otp) = if self.ucs2 { (&words.ucs2, &words.otp_ucs2) } else { (&words.gsm, &words.otp_gsm) };
        let otp = otp.as_deref().filter(|_| self.message.priority == Priority::Otp);
        Some(otp.unwrap_or(plain))
    }

    /// The address for receipts, with the query that brings our id back.
    fn receipts(&self) -> Result<Option<String>, WriteError> {
        let Some(address) = self.route.receipts else { return Ok(None) };
        let Some(callback) = &self.send.callback else { return Ok(Some(address.to_owned())) };
        let query = self.escaped(callback)?.unwrap_or_default();
        Ok(Some(format!("{address}?{query}")))
    }

    fn text(&self, template: &Template) -> Result<Option<String>, WriteError> {
        let filled = template.fill(|slot| self.value(slot))?;
        Ok(filled.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// A part of an address: what fills the slots is escaped.
    fn escaped(&self, template: &Template) -> Result<Option<String>, WriteError> {
        let escape = |slot: &Slot| {
            Ok(self.value(slot)?.map(|value| {
                let mut escaped = String::new();
                percent::bytes(&value, &mut escaped);
                escaped.into_bytes()
            }))
        };
        Ok(template.fill(escape)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

fn word<'w, T: PartialEq>(words: &'w [(T, String)], of: &T) -> Option<&'w str> {
    words.iter().find(|(known, _)| known == of).map(|(_, word)| word.as_str())
}

/// The number as the gateway wants it; `None` where it cannot say it.
pub(super) fn spell(number: &Msisdn, how: Spelling, home: &Country) -> Option<String> {
    let digits = number.digits();
    let national = || digits.strip_prefix(home.code).filter(|rest| rest.len() == usize::from(home.digits));
    match how {
        Spelling::Plus => Some(format!("+{digits}")),
        Spelling::Digits => Some(digits.to_owned()),
        Spelling::National => national().map(str::to_owned),
        Spelling::Trunk => national().map(|rest| format!("0{rest}")),
    }
}

/// Names and values as a query or a form.
pub(super) fn pairs(fields: &[(&str, Vec<u8>)]) -> String {
    let mut out = String::with_capacity(256);
    for (name, value) in fields {
        if !out.is_empty() {
            out.push('&');
        }
        percent::value(name, &mut out);
        out.push('=');
        percent::bytes(value, &mut out);
    }
    out
}

/// Names and values as JSON; names with points are nested.
pub(super) fn json(fields: &[(&str, Vec<u8>)]) -> String {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (*name, String::from_utf8_lossy(value).into_owned())).collect();
    crate::gateway::aggregator::json(&fields)
}
