//! The contract of a store.
//!
//! * A commit is durable when it returns, and all of it or nothing is.
//! * A turn record is written by compare-and-set on the subscriber's turn number: who comes second gets
//!   [`CommitError::Lost`] with the winner's record, and answers with the winner's reply.
//! * What is sealed is opaque here; keys are keyed hashes, so that the database by itself tells nobody's number.

use crate::types::{Later, Timestamp};

/// A keyed hash (HMAC-SHA-256, 16 bytes of it) of a number, a leg, a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedHash(pub [u8; 16]);

/// The last turn of one subscriber: the session, the leg and its last reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub subscriber: KeyedHash,
    /// The leg that had the last turn.
    pub leg: KeyedHash,
    /// Counts this subscriber's committed turns, from 1, for ever: a new session goes on counting.
    pub turn: u64,
    pub at: Timestamp,
    /// After this it may be forgotten.
    pub expires: Timestamp,
    /// Session, leg state and last reply, sealed.
    pub sealed: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub enum Lookup {
    Subscriber(KeyedHash),
    /// Where a gateway names the number in its first callback only.
    Leg(KeyedHash),
}

/// A turn to be written; `conversation.turn` is one more than the turn it was computed from.
#[derive(Clone, Debug)]
pub struct TurnRecord {
    pub conversation: Conversation,
    /// How many characters of history the gateway had sent, and their keyed hash (never the history): for audits.
    pub history: Option<(u32, KeyedHash)>,
}

/// What is kept about one number beyond a session: language and profile, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriberRecord {
    pub subscriber: KeyedHash,
    pub at: Timestamp,
    pub sealed: Vec<u8>,
}

/// One move of a journey: never an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JourneyRecord {
    pub at: Timestamp,
    /// Of the session, not of the person.
    pub session: KeyedHash,
    pub gateway: String,
    pub channel: &'static str,
    pub program: String,
    /// `menu/screen`
    pub from: Option<String>,
    pub answer: String,
    pub to: Option<String>,
}

/// Names an intent; in hexadecimal it is the `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub u128);

/// A changing call: written and claimed before it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    pub id: IntentId,
    pub subscriber: KeyedHash,
    /// `lpg.book`
    pub operation: String,
    /// Of operation and values: the same wish again.
    pub request: KeyedHash,
    pub receipt: String,
    pub state: IntentState,
    pub at: Timestamp,
    /// When it is to be asked after next.
    pub due: Timestamp,
    /// How often it has been asked after.
    pub tries: u32,
    /// The values given and, once settled, the outcome; sealed.
    pub sealed: Vec<u8>,
}

/// `Claimed → Doubtful → Settled → Told`; a `Claimed` one found at start, or long after its call's deadline, is doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// The call is being made, or the process died while it was.
    Claimed,
    /// The answer was lost; it is asked after until it is known.
    Doubtful,
    /// The outcome is known, the citizen does not know it yet.
    Settled,
    /// The citizen has been told.
    Told,
}

#[derive(Clone, Debug)]
pub enum IntentChange {
    /// Fails the whole commit with [`CommitError::AlreadyOpen`] when the subscriber has another intent with the same
    /// `request` that is not yet told.
    Claim(Intent),
    /// From `Claimed` or `Doubtful`: ask again at `due`; counts `tries` up.
    Doubt {
        id: IntentId,
        due: Timestamp,
    },
    Settle {
        id: IntentId,
        sealed: Vec<u8>,
    },
    Told {
        id: IntentId,
    },
}

/// All that one step makes durable together.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    pub turn: Option<TurnRecord>,
    pub subscriber: Option<SubscriberRecord>,
    pub journeys: Vec<JourneyRecord>,
    pub intents: Vec<IntentChange>,
}

#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("another turn of this subscriber was committed first")]
    Lost(Box<Conversation>),
    #[error("the same request is already open")]
    AlreadyOpen(Box<Intent>),
    #[error("the queue of turns to be written is full")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database is closed")]
    Closed,
    #[error("the database at `{path}` cannot be opened: {reason}")]
    Open { path: String, reason: String },
    #[error("the database did not take or give what was asked: {0}")]
    Database(String),
}

/// A store. Futures are boxed: one allocation beside a commit's sync is nothing, and the bridge needs no type parameter.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// The subscriber's last turn, unless it has expired.
    fn conversation(&self, lookup: Lookup, now: Timestamp) -> Later<'_, Result<Option<Conversation>, StoreError>>;
    fn subscriber(&self, subscriber: KeyedHash) -> Later<'_, Result<Option<SubscriberRecord>, StoreError>>;
    /// Durable when it returns.
    fn commit(&self, commit: Commit) -> Later<'_, Result<(), CommitError>>;
    /// The subscriber's intent for the same request that is not yet told, if there is one.
    fn open_intent(&self, subscriber: KeyedHash, request: KeyedHash) -> Later<'_, Result<Option<Intent>, StoreError>>;
    fn intent(&self, id: IntentId) -> Later<'_, Result<Option<Intent>, StoreError>>;
    /// Claimed or doubtful intents whose time has come, oldest first.
    fn due_intents(&self, now: Timestamp, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>>;
    /// One round of upkeep: folding idle sessions, rotating journals, forgetting what has expired.
    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>>;
    /// How many conversations are live (not expired, not ended as far as the store can tell).
    fn live(&self) -> usize;
    /// Writes what is queued, then closes.
    fn close(&self) -> Later<'_, Result<(), StoreError>>;
}
