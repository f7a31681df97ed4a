//! What goes in and comes out of the codecs.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::text::sms::Part;
use crate::types::{Msisdn, Secret, Timestamp};

/// Which of a gateway's hooks: `/hooks/{gateway}/{secret}/sms`, `/receipt`, `/missed-call`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hook {
    Sms,
    Receipt,
    MissedCall,
}

/// What an SMS connection's settings say, as far as the gateway wants to know.
#[derive(Clone, Copy, Debug)]
pub struct RouteFacts<'a> {
    /// The gateway's address without path, where it is not the profile's own: `http://127.0.0.1:13013`.
    pub url: Option<&'a str>,
    /// By the names that [`super::MessageProfile::credentials`] gives.
    pub credentials: &'a BTreeMap<String, Secret>,
    /// The address of our hook `/receipt`, as the gateway reaches it; without one no receipts are asked for.
    pub receipts: Option<&'a str>,
    /// What the gateway is to show as sender instead of the message's header: a number, where it has no headers.
    pub sender: Option<&'a str>,
    /// Whether phones on this route are known to read the national tables of 3GPP TS 23.038. No gateway of
    /// [`Capabilities::national`] is known yet, so nothing is made of it.
    pub national: bool,
}

/// What a gateway can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Letters beyond the GSM alphabet.
    pub ucs2: bool,
    /// Whether user data headers can be given, and with them national tables.
    pub national: bool,
    /// The longest text that one request may hold, in characters.
    pub characters: u16,
}

/// A request to a gateway.
///
/// `Debug` shows the verb and the host alone: credentials, numbers and texts are everywhere else, the address included.
#[derive(Clone, PartialEq, Eq)]
pub struct OutRequest {
    pub method: &'static str,
    pub url: String,
    /// Names in lower case, content type included.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl fmt::Debug for OutRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
        let host = host.rsplit('@').next().unwrap_or_default();
        f.debug_struct("OutRequest").field("method", &self.method).field("host", &host).finish_non_exhaustive()
    }
}

/// Why a message cannot be handed to this gateway; nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the gateway takes no messages")]
    SendsNothing,
    #[error("the gateway has no address of its own: give the route a `url`")]
    Address,
    #[error("the route has no credential `{0}`")]
    Credential(String),
    #[error("the gateway does not reach numbers of other countries")]
    Number,
    #[error("the text has letters that the gateway cannot carry")]
    Letters,
    #[error("the text is longer than the {0} characters that the gateway takes")]
    TooLong(u16),
    #[error("the message has no `{0}`, which the gateway must be told")]
    Missing(&'static str),
    #[error("the header `{0}` cannot be sent: a credential has letters beyond ASCII or a line break")]
    Header(String),
}

/// A gateway's answer to an [`OutRequest`].
#[derive(Clone, Copy, Debug)]
pub struct RawAnswer<'a> {
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<&'a str>,
    pub body: &'a [u8],
}

/// What a gateway's answer means. Only what is definite is `Refused`; no answer at all is the same as `Unclear`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted {
        /// Its id at the gateway, spelt as [`Receipt::foreign`] will be; `None` where it gives none.
        foreign: Option<String>,
    },
    /// It did not take the message, and will not send it.
    Refused {
        /// A word of the gateway or `http_401`; nothing personal, at most 64 bytes.
        reason: String,
        again: Again,
    },
    /// Nobody knows.
    Unclear { reason: String },
}

/// What may help after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Nothing: the number or the text is at fault.
    Never,
    /// The same once more, later; after this time where the gateway says so.
    Later(Option<Duration>),
    /// Another route: this one's credentials, sender or balance are at fault.
    ElsewhereOnly,
}

/// A request to a hook, already bounded. Its method, query, headers and body are as they came.
#[derive(Clone, Copy)]
pub struct RawRequest<'a> {
    pub method: &'a str,
    /// Without `?`, as it came.
    pub query: &'a str,
    /// Their names' case does not matter.
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

impl fmt::Debug for RawRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Who wrote or called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A number of the gateway's country.
    Number(Msisdn),
    /// A number of another country: gets nothing personal.
    Foreign(Msisdn),
    /// Nobody can be answered: withheld, a header of letters, a short code, or no number at all.
    Withheld,
}

impl Caller {
    /// The number, wherever it is from.
    pub fn number(&self) -> Option<&Msisdn> {
        match self {
            Self::Number(number) | Self::Foreign(number) => Some(number),
            Self::Withheld => None,
        }
    }
}

/// A message from a citizen, or a part of one.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The gateway's id, the same when it comes again; `None` where it gives none: then sender, text and `at` must do.
    pub id: Option<String>,
    pub from: Caller,
    /// Digits of E.164 where it is a telephone number; else as it came: a short code.
    pub to: String,
    /// Of a part, its own; where the phone cut a pair of surrogates, U+FFFD stands for the half.
    pub text: String,
    /// Of a message in several parts: which this is, and what it holds.
    pub part: Option<Part>,
    /// When it was sent, as the gateway says.
    pub at: Option<Timestamp>,
    /// The telecom circle, where the gateway tells it.
    pub circle: Option<String>,
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound").field("from", &self.from).field("part", &self.part).finish_non_exhaustive()
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's id, spelt as [`Answer::Accepted`] gave it.
    pub foreign: Option<String>,
    /// Ours, where the gateway can carry it.
    pub id: Option<String>,
    pub status: ReceiptStatus,
    /// A word or code of the gateway, where it is not delivered; nothing personal, at most 64 bytes.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptStatus {
    Underway,
    Delivered,
    Failed,
    /// A word that the profile does not know, at most 64 bytes: counted, answered like the others, and believed of nothing.
    Unknown(String),
}

/// A call that nobody took, and nobody is to pay for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedCall {
    /// The gateway's id of the call: the same in all that it tells of it.
    pub id: Option<String>,
    pub from: Caller,
    /// The number that was called; spelt as [`Inbound::to`].
    pub to: String,
}

/// Why a request is not believed. What was wrong with it is nobody's business but ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    #[error("it has no signature")]
    Missing,
    #[error("its signature is not by any of the keys")]
    Wrong,
    #[error("its body is not the one that was signed")]
    Body,
    #[error("there is no key to prove it with")]
    NoKey,
}
