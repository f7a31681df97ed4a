//! What is kept, behind one contract: conversations, subscribers, intents, journeys, programs.
//!
//! * `contract`: what any store promises, and the records it takes. Two engines keep it: `sqlite`, a file of one process,
//!   and `postgres`, for any number of nodes. One suite of tests (`tests/it/store_contract.rs`) runs against each.
//! * `database`: which engine, from the setting that names the database; `options`: how it behaves.
//! * `programs`: the programs of a database by version, and which of them new sessions begin on.
//! * `examined`: what operators ask about a database that nobody need be serving.
//! * `judge`, `intents`, `messages`, `marks`: which commits of a batch stand, apart from any database; `columns`: how values are written.
//! * `hashed`: maps by keyed hashes; `gathered`: lookups that are read together.
//! * `writer`: the queue in front of an engine, which makes batches of commits.
//! * `trouble`: one line where something fails again and again.
//! * `seal`: keys. The store does not use them: it keeps sealed bytes under keyed hashes and opens nothing.
//!
//! What a session means, and what is done when a commit is lost, is the bridge's.

mod columns;
mod contract;
mod database;
mod examined;
mod gathered;
mod hashed;
mod intents;
mod judge;
mod mail;
mod marks;
mod messages;
mod options;
pub mod postgres;
mod programs;
pub mod seal;
pub mod sqlite;
mod trouble;
mod writer;

pub use contract::{
    Attempts, Commit, CommitError, Conversation, Intent, IntentChange, IntentId, IntentState, JourneyRecord, KeyedHash,
    Lookup, Mark, Message, MessageChange, MessageClaims, MessageCounts, MessageFilter, MessageGroup, MessageId,
    MessageState, NoMessageId, Observed, ReceiptOf, ReceiptStatus, SentAs, Store, StoreError, SubscriberRecord,
    TurnRecord, Unsent,
};
pub use database::{Database, DatabaseError, open, open_mail, open_programs};
pub use examined::{Examined, Holdings, examine, migrate};
pub use hashed::ByHash;
pub use mail::Mail;
pub use options::Options;
pub use programs::{KeptProgram, Programs, PublishError, Published};
pub use trouble::Trouble;
