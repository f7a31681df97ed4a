//! What the bridge keeps of a conversation between turns, as it is sealed: the session, the leg and its last reply.

use serde::{Deserialize, Serialize};

use super::otp::OtpRecord;
use crate::engine::Session;
use crate::menu::Value;
use crate::packed;
use crate::store::KeyedHash;
use crate::types::Timestamp;

/// The version of [`Record`]'s and [`Known`]'s encoding; a change of either counts it up and keeps reading the older.
const VERSION: u8 = 1;

/// Legs of a subscriber that are remembered as passed, so that a late callback of one is not taken for a new dialogue.
const PASSED_LEGS: usize = 4;

/// One subscriber's conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The session in its own versioned encoding.
    #[serde(with = "bytes")]
    session: Vec<u8>,
    pub(super) leg: Leg,
    /// Keyed hashes of the legs before this one, newest first.
    pub(super) passed: Vec<[u8; 16]>,
    /// Set while the next turn makes a changing call: until when that may take. It stands behind the rest, where readers
    /// that do not know of it do not look.
    #[serde(skip)]
    calling: Option<Timestamp>,
}

/// One gateway dialogue: where it stands and what it was last told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leg {
    pub(super) gateway: String,
    /// The last turn's number, where the gateway numbers them.
    pub(super) number: Option<u32>,
    /// Length in bytes and keyed hash of the history, never the history.
    pub(super) history: Option<(u32, [u8; 16])>,
    /// Keyed hash of the last callback's bytes.
    pub(super) callback: [u8; 16],
    pub(super) replied_at: Timestamp,
    pub(super) reply: Page,
    /// The gateway said that the dialogue is over, or the last page was sent.
    pub(super) over: bool,
}

/// A reply as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub text: String,
    /// An answer is expected.
    pub more: bool,
}

impl Page {
    pub(super) fn last(text: String) -> Self {
        Self { text, more: false }
    }
}

/// What is kept about one number beyond a session. By name, since a later program may number its fields otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    /// The code of the language that was chosen.
    pub(super) language: Option<String>,
    pub(super) profile: Vec<(String, Value)>,
    /// One-time passwords. They stand behind the rest, where readers that do not know of them do not look.
    #[serde(skip)]
    pub(super) otp: OtpRecord,
    /// The headers whose messages are not wanted. They stand behind that.
    #[serde(skip)]
    pub(super) stopped: Vec<String>,
    /// There is something, and it cannot be read: nobody knows what was stopped or locked, and it is not written over.
    #[serde(skip)]
    pub(super) is_unreadable: bool,
}

impl Known {
    /// Of somebody who has just asked for what they are sent: they want it, whatever they stopped.
    pub(super) fn asking() -> Self {
        Self::default()
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let bytes = encode(self)?;
        if self.otp.is_empty() && self.stopped.is_empty() {
            return Ok(bytes);
        }
        let bytes = packed::append(&self.otp, bytes);
        let bytes =
            if self.stopped.is_empty() { bytes } else { bytes.and_then(|bytes| packed::append(&self.stopped, bytes)) };
        bytes.map_err(|error| RecordError::Damaged(error.to_string()))
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (known, behind) = decode_beginning::<Self>(bytes)?;
        if behind.is_empty() {
            return Ok(known);
        }
        let (otp, behind) = postcard::take_from_bytes(behind).map_err(damaged)?;
        let stopped = if behind.is_empty() { Vec::new() } else { postcard::from_bytes(behind).map_err(damaged)? };
        Ok(Self { otp, stopped, ..known })
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum RecordError {
    #[error("the record's encoding has version {0}, which this version of gramsetu does not read")]
    Version(u8),
    #[error("the record is damaged: {0}")]
    Damaged(String),
}

impl Record {
    pub(super) fn new(session: &Session, leg: Leg, passed: Vec<[u8; 16]>) -> Self {
        Self { session: session.encode(), leg, passed, calling: None }
    }

    pub(super) fn calling(&self) -> Option<Timestamp> {
        self.calling
    }

    /// The same, with or without the mark of a call that is being made.
    pub(super) fn marked(self, calling: Option<Timestamp>) -> Self {
        Self { calling, ..self }
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let bytes = encode(self)?;
        let Some(until) = self.calling else { return Ok(bytes) };
        packed::append(&until, bytes).map_err(|error| RecordError::Damaged(error.to_string()))
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (record, behind) = decode_beginning::<Self>(bytes)?;
        let calling = if behind.is_empty() { None } else { Some(postcard::from_bytes(behind).map_err(damaged)?) };
        Ok(Self { calling, ..record })
    }

    pub(super) fn session(&self) -> Result<Session, RecordError> {
        Session::decode(&self.session).map_err(|error| RecordError::Damaged(error.to_string()))
    }

    /// The legs to remember once another leg takes over from `present`.
    pub(super) fn passed_with(&self, present: KeyedHash) -> Vec<[u8; 16]> {
        std::iter::once(present.0).chain(self.passed.iter().copied()).take(PASSED_LEGS).collect()
    }

    pub(super) fn has_passed(&self, leg: KeyedHash) -> bool {
        self.passed.contains(&leg.0)
    }
}

/// One byte of version, then postcard.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, RecordError> {
    // Nearly all records fit: a session, a page, and what is known of the leg.
    packed::pack(VERSION, value, 1024).map_err(|error| RecordError::Damaged(error.to_string()))
}

pub(super) fn decode<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, RecordError> {
    postcard::from_bytes(plain(bytes)?).map_err(damaged)
}

/// A value, and what a later version has put behind it.
pub(super) fn decode_beginning<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), RecordError> {
    postcard::take_from_bytes(plain(bytes)?).map_err(damaged)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
pub(super) fn damaged(error: postcard::Error) -> RecordError {
    RecordError::Damaged(error.to_string())
}

/// What follows the version.
fn plain(bytes: &[u8]) -> Result<&[u8], RecordError> {
    let empty = || RecordError::Damaged("it is empty".to_owned());
    packed::unpack(VERSION, bytes).map_err(|other| other.map_or_else(empty, RecordError::Version))
}

/// Bytes at one stroke, where serde would take a vector of them one by one. In postcard the two are written alike.
mod bytes {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bridge::otp::OtpRules;

    fn record(session: Vec<u8>, text: String) -> Record {
        let leg = Leg {
            gateway: "flares".to_owned(),
            number: Some(2),
            history: Some((4, [3; 16])),
            callback: [7; 16],
            replied_at: Timestamp(1_795_000_000_000),
            reply: Page { text, more: true },
            over: false,
        };
        Record { session, leg, passed: vec![[1; 16], [2; 16]], calling: None }
    }

    fn known() -> Known {
        let profile =
            vec![("district".to_owned(), Value::List(vec![Value::Record(vec![None, Some(Value::Number(5))])]))];
        Known { language: Some("hi".to_owned()), profile, ..Known::default() }
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(session: Vec<u8>, text: String, until: i64) {
            let record = record(session, text);
            prop_assert_eq!(&Record::decode(&record.encode().expect("it encodes")).expect("it decodes"), &record);
            let calling = Record { calling: Some(Timestamp(until)), ..record.clone() };
            let bytes = calling.encode().expect("it encodes");
            prop_assert_eq!(Record::decode(&bytes).expect("it decodes"), calling);
            prop_assert_eq!(decode::<Record>(&bytes).expect("who does not know of calls reads the rest"), record);
        }

        /// Records of versions that took a session's bytes one by one are read, and read these.
        #[test]
        fn bytes_are_encoded_as_a_vector_of_them(session: Vec<u8>) {
            #[derive(Serialize)]
            struct OneByOne<'a> { session: &'a Vec<u8>, leg: &'a Leg, passed: &'a Vec<[u8; 16]> }

            let record = record(session, "1. Balance".to_owned());
            let one_by_one = OneByOne { session: &record.session, leg: &record.leg, passed: &record.passed };
            prop_assert_eq!(encode(&one_by_one).expect("it encodes"), record.encode().expect("it encodes"));
        }

        #[test]
        fn what_is_known_of_a_number_is_decoded(at: i64, code: [u8; 16]) {
            let mut known = known();
            let without = known.encode().expect("it encodes");
            prop_assert_eq!(&without, &encode(&known).expect("it encodes"), "as before there were one-time passwords");
            prop_assert_eq!(&Known::decode(&without).expect("it decodes"), &known);
            let rules = OtpRules::new(3, std::time::Duration::from_hours(24));
            known.otp.send(Timestamp(at), &rules, false, KeyedHash(code)).expect("it is the first");
            let bytes = known.encode().expect("it encodes");
            prop_assert_eq!(&Known::decode(&bytes).expect("it decodes"), &known);
            let older = decode::<Known>(&bytes).expect("who does not know of one-time passwords reads the rest");
            prop_assert_eq!((older.language, older.profile), (known.language, known.profile));
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..300), whole: bool) {
            if let Some(first) = bytes.first_mut().filter(|_| whole) {
                *first = VERSION;
            }
            if let Ok(record) = Record::decode(&bytes) {
                let _ = record.session();
            }
            let _ = Known::decode(&bytes);
        }

        /// Bytes replaced, inserted or cut off, in a record whose session is as damaged.
        #[test]
        fn damaged_records_are_read_or_refused(
            at in any::<prop::sample::Index>(), cut in 0..4_usize, noise in prop::collection::vec(any::<u8>(), 0..4), inner: Vec<u8>,
        ) {
            let spoil = |mut bytes: Vec<u8>| {
                let from = at.index(bytes.len() + 1);
                let to = (from + cut).min(bytes.len());
                bytes.splice(from..to, noise.iter().copied());
                bytes
            };
            let bytes = spoil(encode(&record(inner, "1. Balance".to_owned())).expect("it encodes"));
            if let Ok(record) = Record::decode(&bytes) {
                let _ = record.session();
            }
            let _ = Known::decode(&spoil(encode(&known()).expect("it encodes")));
        }
    }
}
