//! A message profile as types. Reading one from a file is `read_profile`'s.
//!
//! Closed enums, as with profiles of USSD: what only one gateway does is a named [`Codec`] in Rust.

use super::template::{Slot, Template};
use super::types::{Capabilities, Hook};
use crate::phone::Country;
use crate::types::{MessageKind, Priority};

/// A checked message profile.
#[derive(Clone, Debug)]
pub struct MessageProfile {
    /// The name in `/hooks/{gateway}/…`; a profile of USSD may have the same.
    pub name: String,
    pub title: String,
    /// Whose numbers come without a country code, and are not foreign.
    pub home: &'static Country,
    /// Whether every field was confirmed by the vendor's own words; else why not.
    pub unverified: Option<String>,
    pub(super) send: Option<Send>,
    pub(super) inbound: Option<InboundRule>,
    pub(super) receipts: Option<ReceiptRule>,
    pub(super) missed: Option<MissedRule>,
    pub(super) signed: Option<Signed>,
}

impl MessageProfile {
    /// Whether messages can be handed to it.
    pub fn sends(&self) -> bool {
        self.send.is_some()
    }

    /// Whether it calls this hook.
    pub fn calls(&self, hook: Hook) -> bool {
        self.incoming(hook).is_some()
    }

    /// Whether the same message may be handed over again without being sent twice.
    pub fn takes_idempotency_key(&self) -> bool {
        self.send.as_ref().is_some_and(|send| send.idempotent)
    }

    /// The names of the credentials that a route must give.
    pub fn credentials(&self) -> &[String] {
        self.send.as_ref().map(|send| send.credentials.as_slice()).unwrap_or_default()
    }

    /// The names of those that it may give.
    pub fn options(&self) -> &[String] {
        self.send.as_ref().map(|send| send.options.as_slice()).unwrap_or_default()
    }

    /// Whether a route must give the address, because it is not the same for everybody.
    pub fn needs_address(&self) -> bool {
        self.send.as_ref().is_some_and(|send| send.url.is_none())
    }

    pub fn can(&self) -> Capabilities {
        let send = self.send.as_ref();
        Capabilities {
            ucs2: send.is_some_and(|send| send.unicode != Unicode::None),
            // No request of ours carries a user data header yet, so no route can be given the national tables.
            national: false,
            characters: send.map_or(0, |send| send.characters),
        }
    }

    /// Whether what answers a citizen's message is the reply to the request that tells it.
    pub fn answers_in_reply(&self) -> bool {
        self.inbound.as_ref().is_some_and(|rule| rule.answered == Answered::InReply)
    }

    pub fn is_signed(&self) -> bool {
        self.signed.is_some()
    }

    /// Whether a request to it says where receipts go.
    pub fn asks_for_receipts(&self) -> bool {
        let names = |(_, template): &(String, Template)| template.slots().any(|slot| *slot == Slot::Receipts);
        self.send.as_ref().is_some_and(|send| send.fields.iter().chain(&send.headers).any(names))
    }

    pub(super) fn incoming(&self, hook: Hook) -> Option<&Incoming> {
        match hook {
            Hook::Sms => self.inbound.as_ref().map(|rule| &rule.incoming),
            Hook::Receipt => self.receipts.as_ref().map(|rule| &rule.incoming),
            Hook::MissedCall => self.missed.as_ref().map(|rule| &rule.incoming),
        }
    }
}

/// How a message is handed over, and what comes back.
#[derive(Clone, Debug)]
pub(super) struct Send {
    pub(super) how: How,
    /// Without a path; `None` where every route has its own.
    pub(super) url: Option<String>,
    pub(super) path: Template,
    /// The names of the credentials of HTTP basic authentication.
    pub(super) basic: Option<(String, String)>,
    /// Names in lower case.
    pub(super) headers: Vec<(String, Template)>,
    pub(super) fields: Vec<(String, Template)>,
    pub(super) numbers: Spelling,
    pub(super) unicode: Unicode,
    pub(super) characters: u16,
    pub(super) coding: Option<CodingWords>,
    pub(super) priority: Vec<(Priority, String)>,
    pub(super) kind: Vec<(MessageKind, String)>,
    /// The query of the address for receipts.
    pub(super) callback: Option<Template>,
    pub(super) credentials: Vec<String>,
    pub(super) options: Vec<String>,
    pub(super) needs: Vec<Need>,
    pub(super) codec: Option<Codec>,
    pub(super) idempotent: bool,
    pub(super) answers: Answers,
}

/// Where the fields of a request are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Query,
    Form,
    Json,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `+919812345670`
    Plus,
    /// `919812345670`
    Digits,
    /// `9812345670`; other countries are not reached.
    National,
    /// `09812345670`; other countries are not reached.
    Trunk,
}

/// How letters beyond the GSM alphabet are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unicode {
    Utf8,
    /// Every character as `&#2325;`.
    Entities,
    /// The bytes of UTF-16BE.
    Utf16,
    /// Not at all.
    None,
}

/// What `$coding` says.
#[derive(Clone, Debug)]
pub(super) struct CodingWords {
    pub(super) gsm: String,
    pub(super) ucs2: String,
    /// The same for one-time passwords, where they are told apart.
    pub(super) otp_gsm: Option<String>,
    pub(super) otp_ucs2: Option<String>,
}

/// What a message must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Entity,
    Template,
}

/// What only one gateway does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// `$password_hash` is the SHA-1 of the credential `password`, `$key` the SHA-512 of `username`, header, text and
    /// `secure_key`, both in hexadecimal.
    Mobileseva,
}

impl Codec {
    /// The credentials that it takes.
    pub(super) fn takes(self) -> &'static [&'static str] {
        match self {
            Self::Mobileseva => &["username", "password", "secure_key"],
        }
    }
}

/// How an answer is read.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    pub(super) says: Says,
    /// In JSON the field of the gateway's id, in a text what stands before it.
    pub(super) id: Option<String>,
    /// The fields that may hold the code, in the order in which they are asked.
    pub(super) code: Vec<String>,
    pub(super) reason: Option<String>,
    /// The fields of which one is there when the gateway itself refuses.
    pub(super) error: Vec<String>,
    pub(super) codes: Vec<(String, Outcome)>,
    pub(super) statuses: Vec<(u16, Outcome)>,
    pub(super) ids: Ids,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Json,
    /// A text that begins with the code.
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Never,
    Later,
    Elsewhere,
    Unclear,
}

/// What does not distinguish two ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ids {
    pub(super) any_case: bool,
    /// `0x` and zeros in front.
    pub(super) no_zeros: bool,
}

/// What all hooks have in common.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) format: InFormat,
    /// The field that holds JSON, in which the others are.
    pub(super) json_in: Option<String>,
    /// The list in the JSON of which each element is one message or receipt.
    pub(super) each: Option<String>,
    /// Names of fields in lower case, by the profile's word for them.
    pub(super) names: Vec<(&'static str, Vec<String>)>,
    /// All of them and those of rules, sorted.
    pub(super) all: Vec<String>,
    pub(super) content_type: String,
    pub(super) reply: String,
}

impl Incoming {
    /// The names of a field; none where the gateway has none.
    pub(super) fn names(&self, word: &str) -> &[String] {
        self.names.iter().find(|(known, _)| *known == word).map(|(_, names)| names.as_slice()).unwrap_or_default()
    }
}

/// Where the fields are, beside the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InFormat {
    Query,
    Form,
    Json,
    /// JSON where the body begins with a brace or a bracket.
    FormOrJson,
}

#[derive(Clone, Debug)]
pub(super) struct InboundRule {
    pub(super) incoming: Incoming,
    pub(super) times: Zone,
    /// What the field `coding` says where the text is text, and where it is the bytes of UTF-16BE. Without it, texts are texts.
    pub(super) coding: Option<(String, String)>,
    /// Some long texts come in base 64.
    pub(super) base64: bool,
    pub(super) answered: Answered,
}

/// How what answers a citizen's message goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// As any message.
    ByMessage,
    /// As the body of the reply to the request, which the gateway sends on.
    InReply,
}

/// Where times without an offset are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    India,
}

#[derive(Clone, Debug)]
pub(super) struct ReceiptRule {
    pub(super) incoming: Incoming,
    /// Compared without regard to case.
    pub(super) statuses: Vec<(String, Fate)>,
    pub(super) ids: Ids,
    pub(super) reasons: Reasons,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Underway,
    Delivered,
    Failed,
}

/// What the field `reason` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reasons {
    Word,
    /// The text of an SMPP receipt, which quotes the message: only `stat` and `err` are read. Or Kannel's `NACK/…`.
    Smpp,
}

#[derive(Clone, Debug)]
pub(super) struct MissedRule {
    pub(super) incoming: Incoming,
    /// Asked in this order; the first that decides does. If none does, the call was missed.
    pub(super) when: Vec<When>,
}

#[derive(Clone, Debug)]
pub(super) struct When {
    /// In lower case.
    pub(super) field: String,
    /// Compared without regard to case; the empty value also stands for a missing field.
    pub(super) values: Vec<(String, Said)>,
    pub(super) any: Option<Said>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Missed,
    /// Another event: nobody called, or somebody answered.
    Other,
    /// The next field is asked.
    Nothing,
}

/// How requests to hooks prove where they are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// `X-Twilio-Signature`.
    Twilio,
    /// The secret itself in this header; its name in lower case.
    Header(String),
}
