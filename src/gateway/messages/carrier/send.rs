//! What a gateway sends to the hooks.

use std::fmt;

use super::{Carrier, Taken};
use crate::gateway::messages::profile::{Fate, InFormat, Incoming, MissedRule, Reasons, Said, Signed};
use crate::gateway::messages::signature::{TWILIO, form, twilio};
use crate::gateway::messages::types::{Caller, Inbound, MissedCall, Receipt, ReceiptStatus};
use crate::gateway::messages::{times, write};
use crate::text::sms::{self, Concatenation, Part, Reference, Udh};
use crate::text::{Alphabet, measure, percent};

/// A request to a hook.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    pub method: &'static str,
    /// The whole address, query included.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent").field("method", &self.method).finish_non_exhaustive()
    }
}

impl Sent {
    /// What follows the `?` of the address.
    pub fn query(&self) -> &str {
        self.url.split_once('?').map_or("", |(_, query)| query)
    }
}

/// Names and values of a request, in their order.
struct Values<'a> {
    incoming: &'a Incoming,
    all: Vec<(&'a str, Vec<u8>)>,
}

impl<'a> Values<'a> {
    fn of(incoming: &'a Incoming) -> Self {
        Self { incoming, all: Vec::new() }
    }

    /// Adds what there is, under the first name that the gateway has for it.
    fn add(&mut self, word: &str, value: Option<Vec<u8>>) {
        self.all.extend(self.incoming.names(word).first().map(String::as_str).zip(value));
    }
}

impl Carrier {
    /// A message to the hook at `address`; `None` where this gateway has none, or cannot tell of parts.
    pub fn inbound(&self, address: &str, inbound: &Inbound) -> Option<Sent> {
        let rule = self.profile.inbound.as_ref()?;
        let incoming = &rule.incoming;
        if inbound.part.is_some() && incoming.names("udh").is_empty() {
            return None;
        }
        let mut values = Values::of(incoming);
        values.add("id", text(inbound.id.as_deref()));
        values.add("from", Some(number(&inbound.from)));
        values.add("to", text(Some(&inbound.to)));
        let (coding, written) = match &rule.coding {
            Some((gsm, _)) if measure(&inbound.text).alphabet == Alphabet::Gsm7 => {
                (Some(gsm), text(Some(&inbound.text)))
            }
            Some((_, ucs2)) => {
                let whole = || inbound.text.encode_utf16().collect();
                let units = inbound.part.as_ref().map_or_else(whole, |part| part.units().to_vec());
                (Some(ucs2), Some(units.into_iter().flat_map(u16::to_be_bytes).collect()))
            }
            None => (None, text(Some(&inbound.text))),
        };
        values.add("text", written);
        values.add("coding", text(coding.map(String::as_str)));
        values.add("at", inbound.at.map(|at| times::write(at, rule.times).into_bytes()));
        values.add("circle", text(inbound.circle.as_deref()));
        // In hexadecimal: any transport carries that.
        let header =
            inbound.part.as_ref().map(|part| Udh { concatenation: part.concatenation, ..Udh::default() }.write());
        values.add("udh", header.map(|header| data_encoding::HEXLOWER.encode(&header).into_bytes()));
        Some(self.request(address, incoming, &values.all))
    }

    /// The same of a text that may be too long for one message: its parts, as a phone makes them of it, each told by itself. A gateway
    /// that cannot tell of parts tells the whole.
    pub fn inbound_in_parts(&self, address: &str, inbound: &Inbound, reference: u8) -> Option<Vec<Sent>> {
        let tells = self.profile.inbound.as_ref().is_some_and(|rule| !rule.incoming.names("udh").is_empty());
        let segments = sms::split(&inbound.text, sms::Allowed::default(), reference.into()).unwrap_or_default();
        let (true, Ok(total @ 2..)) = (tells, u8::try_from(segments.len())) else {
            return Some(vec![self.inbound(address, inbound)?]);
        };
        let part = |(number, segment): (u8, &sms::Segment<'_>)| {
            let id = inbound.id.as_ref().map(|id| format!("{id}-{number}"));
            let place = Concatenation { reference: Reference::Eight(reference), total, number };
            let part = Some(Part::new(segment.text, Some(place)));
            self.inbound(address, &Inbound { id, text: segment.text.to_owned(), part, ..inbound.clone() })
        };
        (1..).zip(&segments).map(part).collect()
    }

    /// A receipt to the hook at `address`, or to the address that came with the message, where the gateway takes one.
    pub fn receipt(&self, address: &str, taken: Option<&Taken>, receipt: &Receipt) -> Option<Sent> {
        let rule = self.profile.receipts.as_ref()?;
        let incoming = &rule.incoming;
        let fate = match &receipt.status {
            ReceiptStatus::Underway => Some(Fate::Underway),
            ReceiptStatus::Delivered => Some(Fate::Delivered),
            ReceiptStatus::Failed => Some(Fate::Failed),
            ReceiptStatus::Unknown(_) => None,
        };
        let status = match (&receipt.status, fate) {
            (ReceiptStatus::Unknown(word), _) => word.as_str(),
            (_, fate) => rule.statuses.iter().find(|(_, known)| Some(*known) == fate).map(|(word, _)| word.as_str())?,
        };
        let reason = receipt.reason.as_deref().map(|reason| match (rule.reasons, reason.split_once('/')) {
            (Reasons::Smpp, Some((stat, err))) if stat != "NACK" => format!("stat:{stat} err:{err} text:"),
            _ => reason.to_owned(),
        });
        let told = taken.and_then(|taken| taken.receipts.as_deref());
        // Kannel fills in what the address itself says.
        if let Some(told) = told.filter(|told| told.contains("%d")) {
            let filled =
                fill(told, status, receipt.foreign.as_deref().unwrap_or_default(), reason.as_deref().unwrap_or("ACK/"));
            return Some(Sent { method: "GET", url: filled, headers: Vec::new(), body: Vec::new() });
        }
        let mut values = Values::of(incoming);
        values.add("foreign", text(receipt.foreign.as_deref()));
        // Where it is in the address, it is not in the body.
        values.add("id", text(receipt.id.as_deref().filter(|_| told.is_none_or(|told| !told.contains('?')))));
        values.add("status", text(Some(status)));
        values.add("reason", text(reason.as_deref()));
        Some(self.request(told.unwrap_or(address), incoming, &values.all))
    }

    /// A missed call to the hook at `address`.
    pub fn missed_call(&self, address: &str, call: &MissedCall) -> Option<Sent> {
        let rule = self.profile.missed.as_ref()?;
        let incoming = &rule.incoming;
        let mut values = Values::of(incoming);
        values.add("id", text(call.id.as_deref()));
        values.add("from", Some(number(&call.from)));
        values.add("to", text(Some(&call.to)));
        values.all.extend(missed(rule).into_iter().map(|(field, value)| (field, value.as_bytes().to_vec())));
        Some(self.request(address, incoming, &values.all))
    }

    fn request(&self, address: &str, incoming: &Incoming, values: &[(&str, Vec<u8>)]) -> Sent {
        let typed = |kind: &str| vec![("content-type".to_owned(), kind.to_owned())];
        let mut sent = Sent { method: "POST", url: address.to_owned(), headers: Vec::new(), body: Vec::new() };
        match (incoming.format, &incoming.json_in) {
            (_, Some(name)) => {
                sent.headers = typed("application/x-www-form-urlencoded");
                sent.body = write::pairs(&[(name, listed(incoming, values).into_bytes())]).into_bytes();
            }
            (InFormat::Query, None) => {
                sent.method = "GET";
                sent.url.push(if address.contains('?') { '&' } else { '?' });
                sent.url.push_str(&write::pairs(values));
            }
            (InFormat::Form, None) => {
                sent.headers = typed("application/x-www-form-urlencoded");
                sent.body = write::pairs(values).into_bytes();
            }
            (InFormat::Json | InFormat::FormOrJson, None) => {
                sent.headers = typed("application/json");
                sent.body = listed(incoming, values).into_bytes();
            }
        }
        self.prove(&mut sent);
        sent
    }

    fn prove(&self, sent: &mut Sent) {
        let (Some(signed), Some(secret)) = (&self.profile.signed, &self.secret) else { return };
        match signed {
            Signed::Header(name) => sent.headers.push((name.clone(), secret.reveal().to_owned())),
            Signed::Twilio => {
                let signature = twilio(secret, &sent.url, &form(&sent.body));
                sent.headers.push((TWILIO.to_owned(), signature));
            }
        }
    }
}

/// JSON, in a list where the gateway sends one.
fn listed(incoming: &Incoming, values: &[(&str, Vec<u8>)]) -> String {
    let one = write::json(values);
    let Some(path) = &incoming.each else { return one };
    path.rsplit('.').fold(format!("[{one}]"), |inner, name| format!("{{{}:{inner}}}", serde_json::Value::from(name)))
}

fn text(text: Option<&str>) -> Option<Vec<u8>> {
    text.map(|text| text.as_bytes().to_vec())
}

fn number(caller: &Caller) -> Vec<u8> {
    caller.number().map_or_else(|| "anonymous".to_owned(), |number| format!("+{}", number.digits())).into_bytes()
}

/// The escapes of Kannel's `dlr-url`.
fn fill(address: &str, status: &str, foreign: &str, answer: &str) -> String {
    let mut escaped = [String::new(), String::new(), String::new()];
    for (value, out) in [status, foreign, answer].into_iter().zip(&mut escaped) {
        percent::value(value, out);
    }
    let [status, foreign, answer] = &escaped;
    address.replace("%d", status).replace("%F", foreign).replace("%A", answer)
}

/// The fields that say that a call was missed.
fn missed(rule: &MissedRule) -> Vec<(&str, &str)> {
    let mut fields = Vec::new();
    for when in &rule.when {
        let word = |said: Said| when.values.iter().find(|(word, meant)| *meant == said && !word.is_empty());
        let unsaid = when.values.iter().find(|(word, _)| word.is_empty()).map(|(_, said)| *said);
        if let Some((word, _)) = word(Said::Missed) {
            fields.push((when.field.as_str(), word.as_str()));
            return fields;
        }
        if unsaid == Some(Said::Missed) {
            return fields;
        }
        if when.any == Some(Said::Missed) {
            fields.push((when.field.as_str(), "other"));
            return fields;
        }
        // A field that need not be there says nothing best by not being there.
        if let Some((word, _)) = word(Said::Nothing).filter(|_| unsaid == Some(Said::Other)) {
            fields.push((when.field.as_str(), word.as_str()));
        }
    }
    fields
}
