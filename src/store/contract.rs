//! The contract of a store.
//!
//! * A commit is durable when it returns, and all of it or nothing is. Nothing of it can be read before it is durable.
//! * A turn record is written by compare-and-set on the subscriber's turn number: who comes second gets
//!   [`CommitError::Lost`] with the winner's record, and answers with the winner's reply.
//! * Commits are written in batches. One that cannot be written as it stands (`Lost`, `AlreadyOpen`) fails alone; when
//!   the database fails, all of its batch fail and none of them can be read.
//! * A commit that waits for the writer is written even if whoever waits for it goes away.
//! * A message is queued by the commit that caused it (`messages`), and what happened once is marked by the commit that it caused.
//! * What is sealed is opaque here; keys are keyed hashes, so that the database by itself tells nobody's number.

mod messages;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::programs::Programs;
use crate::menu::Version;
use crate::types::{Later, Timestamp};

pub use self::messages::{
    Attempts, Mark, Message, MessageChange, MessageClaims, MessageCounts, MessageFilter, MessageGroup, MessageId,
    MessageState, NoMessageId, ReceiptOf, ReceiptStatus, SentAs, Unsent,
};

/// A keyed hash (HMAC-SHA-256, 16 bytes of it) of a number, a leg, a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedHash(pub [u8; 16]);

/// The last turn of one subscriber: the session, the leg and its last reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub subscriber: KeyedHash,
    /// The leg that had the last turn.
    pub leg: KeyedHash,
    /// Counts this subscriber's committed turns, from 1: a new session goes on counting. It begins again at 1 once the
    /// last turn has expired.
    pub turn: u64,
    pub at: Timestamp,
    /// The last moment at which it can be read; later it is forgotten.
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
///
/// It is written when the store's last turn of the subscriber is the one before it; also when the store has none, or one
/// that had expired at `conversation.at`, since then there is no winner whose reply could be given instead.
#[derive(Clone, Debug)]
pub struct TurnRecord {
    pub conversation: Conversation,
    /// How many bytes of history the gateway had sent, and their keyed hash (never the history): for audits.
    pub history: Option<(u32, KeyedHash)>,
}

/// What is kept about one number beyond a session: language and profile, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriberRecord {
    pub subscriber: KeyedHash,
    pub at: Timestamp,
    pub sealed: Vec<u8>,
}

/// One move of a journey: never an input. Its names are those of a program or of a gateway, so that it need not copy them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JourneyRecord {
    pub at: Timestamp,
    /// Of the session, not of the person.
    pub session: KeyedHash,
    pub gateway: Arc<str>,
    pub channel: &'static str,
    pub program: Version,
    /// `menu/screen`
    pub from: Option<Arc<str>>,
    pub answer: Cow<'static, str>,
    pub to: Option<Arc<str>>,
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
    /// Counts how often it was leased to be asked after: whoever holds an earlier lease has lost it.
    pub lease: u32,
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

/// A step in the life of an intent. A step that the state does not allow (an unknown id, a doubt about what is settled, a
/// second settling) changes nothing and fails nothing: the answer that came first stays.
///
/// Work that holds a lease names it, and fails the whole commit with [`CommitError::LeaseLost`] once the intent was leased
/// again; a citizen's own turn holds none.
#[derive(Clone, Debug)]
pub enum IntentChange {
    /// Fails the whole commit with [`CommitError::AlreadyOpen`] when the subscriber has another intent with the same
    /// `request` that is not yet told, or when there is an intent with this id.
    Claim(Intent),
    /// From `Claimed` or `Doubtful`: nobody else is given it until then; counts the lease up from the one named.
    Lease { id: IntentId, lease: u32, until: Timestamp },
    /// From `Claimed` or `Doubtful`: ask again at `due`; counts `tries` up.
    Doubt { id: IntentId, due: Timestamp, lease: Option<u32> },
    /// From `Claimed` or `Doubtful`: `sealed` takes the place of what was given.
    Settle { id: IntentId, sealed: Vec<u8>, lease: Option<u32> },
    /// From `Settled`: another intent for the same request may be claimed from now on.
    Told { id: IntentId },
}

/// All that one step makes durable together; intents and messages change in the order given.
///
/// An empty one is durable when all that could be read before it is. Whoever answers with what was read, and writes nothing,
/// commits it first: a database may let others see what its standbys do not have yet.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    pub turn: Option<TurnRecord>,
    pub subscriber: Option<SubscriberRecord>,
    pub journeys: Vec<JourneyRecord>,
    pub intents: Vec<IntentChange>,
    pub messages: Vec<MessageChange>,
    pub marks: Vec<Mark>,
}

impl Commit {
    /// Whether there is nothing to be written.
    pub(super) fn is_empty(&self) -> bool {
        let Self { turn, subscriber, journeys, intents, messages, marks } = self;
        let has_records = turn.is_some() || subscriber.is_some() || !journeys.is_empty() || !intents.is_empty();
        !has_records && messages.is_empty() && marks.is_empty()
    }

    /// Whether a message goes out because of it.
    pub(super) fn queues(&self) -> bool {
        let queues = |change: &MessageChange| matches!(change, MessageChange::Queue(_) | MessageChange::Requeue { .. });
        self.messages.iter().any(queues)
    }
}

/// Why a commit was not written; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("another turn of this subscriber was committed first")]
    Lost(Box<Conversation>),
    /// With the intent that is in the way.
    #[error("the same request is already open")]
    AlreadyOpen(Box<Intent>),
    #[error("the lease under which this was done has gone to another node")]
    LeaseLost,
    /// With the key of the mark that is there already.
    #[error("this has happened before")]
    Seen(KeyedHash),
    #[error("the queue of turns to be written is full")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// Leases claimed or doubtful intents whose time has come, oldest first: until then no other node is given them. What is
    /// not written by then is given to somebody else. Those of the departments `but` stay where they are.
    fn lease_due(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u32,
        but: Vec<String>,
    ) -> Later<'_, Result<Vec<Intent>, StoreError>>;
    /// The subscriber's intents that are not forgotten yet, the newest first: open ones and told ones.
    fn intents_of(&self, subscriber: KeyedHash, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>>;
    /// Claims messages that are due, in the order of priority, due and age: until then nobody else is given them. Those whose
    /// attempt was over are in doubt from now on.
    fn lease_messages(&self, claims: MessageClaims) -> Later<'_, Result<Vec<Message>, StoreError>>;
    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>>;
    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>>;
    /// For metrics, every few seconds: reads of indexes what waits and is in trouble, of messages a bounded number.
    fn message_counts(&self) -> Later<'_, Result<MessageCounts, StoreError>>;
    /// What waits and what is in trouble, counted as people ask for it. Reads each of them.
    fn message_groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>>;
    /// Returns when a commit of this store has queued a message, or did since it returned last. For one who waits.
    fn stirred_messages(&self) -> Later<'_, ()>;
    /// The mark of that key, unless it has expired.
    fn mark(&self, key: KeyedHash, now: Timestamp) -> Later<'_, Result<Option<Mark>, StoreError>>;
    /// Those marks of these keys that are there and have not expired.
    fn marks(&self, keys: Vec<KeyedHash>, now: Timestamp) -> Later<'_, Result<Vec<Mark>, StoreError>>;
    /// The programs that are kept beside what citizens do.
    fn programs(&self) -> &dyn Programs;
    /// One round of upkeep: folding idle sessions, rotating journals, forgetting what has expired.
    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>>;
    /// How the writer is doing, for metrics and for shedding load. Cheap: it reads counters.
    fn observed(&self) -> Observed;
    /// Writes what is queued, then closes; commits and reads after it fail with [`StoreError::Closed`]. A store that is
    /// dropped without it loses nothing that was committed.
    fn close(&self) -> Later<'_, Result<(), StoreError>>;
}

/// What a store's writer has done since it was opened, and what it has to do now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Whether what is committed can still be written: not after the store was closed, nor after its writer ended in a defect.
    pub alive: bool,
    /// For how long all that was to be written, or all that was to be read, has failed; `None` while neither does.
    /// What is known to be damaged fails until it is opened anew.
    pub failing: Option<Duration>,
    /// Conversations that had a turn lately and have not expired, as far as the last upkeep could tell.
    pub live: usize,
    /// Commits that wait for the writer.
    pub queued: usize,
    /// How long the oldest commit that has no answer yet has waited, those being written included.
    pub oldest: Duration,
    /// Commits that were refused with [`CommitError::Busy`].
    pub refused: u64,
    /// Commits that the writer has answered, and of these the ones that failed.
    pub commits: u64,
    pub failed: u64,
    pub batches: u64,
    pub largest_batch: usize,
    /// How long batches took to write, all together.
    pub writing: Duration,
    /// Batches by size: place `i` counts those of at most 2^i commits that are larger than 2^(i-1); the last place counts
    /// all larger ones too.
    pub batch_sizes: [u64; Self::SIZES],
}

impl Observed {
    /// Places of [`Observed::batch_sizes`]: 1, 2, 4, … 1024 and more.
    pub const SIZES: usize = 11;
}
