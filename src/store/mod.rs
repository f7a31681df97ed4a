//! What is kept, behind one contract: conversations (journal-first), subscribers, intents, journeys.
//!
//! The contract is written for two engines; `sqlite/` is the first. One suite of tests runs against each.

mod contract;
pub mod seal;
pub mod sqlite;

pub use contract::{
    Commit, CommitError, Conversation, Intent, IntentChange, IntentId, IntentState, JourneyRecord, KeyedHash, Lookup,
    Store, StoreError, SubscriberRecord, TurnRecord,
};
