//! What the bridge keeps of a conversation between turns, as it is sealed: the session, the leg and its last reply.

use serde::{Deserialize, Serialize};

use crate::engine::Session;
use crate::menu::Value;
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
    session: Vec<u8>,
    pub(super) leg: Leg,
    /// Keyed hashes of the legs before this one, newest first.
    pub(super) passed: Vec<[u8; 16]>,
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
        Self { session: session.encode(), leg, passed }
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
    postcard::to_extend(value, vec![VERSION]).map_err(|error| RecordError::Damaged(error.to_string()))
}

pub(super) fn decode<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, RecordError> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => postcard::from_bytes(rest).map_err(|error| RecordError::Damaged(error.to_string())),
        Some((&other, _)) => Err(RecordError::Version(other)),
        None => Err(RecordError::Damaged("it is empty".to_owned())),
    }
}
