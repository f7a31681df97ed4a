//! The PostgreSQL store: any number of nodes over one database. A node remembers nothing of it; rows decide.
//!
//! * `address`, `primary`: which hosts, and which of them is the primary now; `line`: connections to it, made anew when they
//!   break; `fault`: what can go wrong, by what is to be done; `notices`: warnings that come with a commit.
//! * `open`: recognises and migrates the database.
//! * `examine`: what operators ask of a database.
//! * `write`: the engine: one statement a batch, which compares and sets.
//! * `read`: gathers the reads of turns; `messages`: of messages and marks, and their claim; `upkeep`: what one node does for all; `programs`: programs by version.
//! * `scratch`: a schema for a while, for dialogues.
//! * `rows`, `sql`: records to rows and back; the statements, each in its file.
//!
//! Nothing rests on the state of a session but LISTEN and the lock around migrations, so that a pooler may stand between.

mod address;
mod examine;
mod fault;
mod line;
mod messages;
mod notices;
mod open;
mod primary;
mod programs;
mod read;
mod rows;
mod scratch;
mod sql;
mod upkeep;
mod write;

use std::sync::Arc;

pub use self::address::Address;
pub use self::examine::{examine, migrate};
use self::line::{Line, Lines};
use self::primary::Primary;
use self::programs::PostgresPrograms;
use self::read::Reader;
pub use self::scratch::Scratch;
use self::upkeep::Upkeep;
use self::write::Postgres;
use super::writer::Writer;
use super::{
    Commit, CommitError, Conversation, Intent, IntentId, KeyedHash, Lookup, Mark, Message, MessageClaims,
    MessageCounts, MessageFilter, MessageGroup, MessageId, Observed, Options, Programs, Store, StoreError,
    SubscriberRecord,
};
use crate::types::{Later, Timestamp};

/// Connections beside the writer's and that of upkeep.
const LINES: usize = 5;

/// Finds the primary, creates or migrates the tables.
///
/// A database of another application or of a newer version is refused and left as it is.
pub async fn open(address: &Address, options: Options) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(PostgresStore::open(address, options).await?))
}

#[derive(Debug)]
struct PostgresStore {
    primary: Arc<Primary>,
    lines: Arc<Lines>,
    writer: Writer,
    reader: Reader,
    upkeep: Upkeep,
    programs: PostgresPrograms,
}

impl PostgresStore {
    async fn open(address: &Address, options: Options) -> Result<Self, StoreError> {
        let primary = Primary::find(address.clone(), options.patience);
        let holder = open::open(address, &primary).await?;
        let lines = Arc::new(Lines::new(Arc::clone(&primary), LINES));
        Ok(Self {
            writer: Writer::start(Postgres { line: Line::new(Arc::clone(&primary)) }, options.queue, options.batch),
            reader: Reader::start(Arc::clone(&lines)),
            upkeep: Upkeep::new(Lines::beside(Arc::clone(&primary)), holder, options),
            programs: PostgresPrograms::new(Arc::clone(&lines)),
            primary,
            lines,
        })
    }
}

impl Store for PostgresStore {
    fn conversation(&self, lookup: Lookup, now: Timestamp) -> Later<'_, Result<Option<Conversation>, StoreError>> {
        Box::pin(self.reader.conversation(lookup, now))
    }

    fn subscriber(&self, subscriber: KeyedHash) -> Later<'_, Result<Option<SubscriberRecord>, StoreError>> {
        Box::pin(self.reader.subscriber(subscriber))
    }

    fn commit(&self, commit: Commit) -> Later<'_, Result<(), CommitError>> {
        Box::pin(self.writer.commit(commit))
    }

    fn open_intent(&self, subscriber: KeyedHash, request: KeyedHash) -> Later<'_, Result<Option<Intent>, StoreError>> {
        Box::pin(self.reader.open_intent(subscriber, request))
    }

    fn intent(&self, id: IntentId) -> Later<'_, Result<Option<Intent>, StoreError>> {
        Box::pin(self.reader.intent(id))
    }

    fn lease_due(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u32,
        but: Vec<String>,
    ) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        Box::pin(self.reader.lease_due(now, until, at_most, but))
    }

    fn intents_of(&self, subscriber: KeyedHash, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        Box::pin(messages::intents_of(&self.lines, subscriber, at_most))
    }

    fn lease_messages(&self, claims: MessageClaims) -> Later<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(messages::lease(&self.lines, &self.writer, claims))
    }

    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>> {
        Box::pin(messages::message(&self.lines, id))
    }

    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(messages::messages(&self.lines, filter, at_most))
    }

    fn message_counts(&self) -> Later<'_, Result<MessageCounts, StoreError>> {
        Box::pin(messages::message_counts(&self.lines))
    }

    fn message_groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>> {
        Box::pin(messages::message_groups(&self.lines))
    }

    fn stirred_messages(&self) -> Later<'_, ()> {
        Box::pin(self.writer.stirred())
    }

    fn mark(&self, key: KeyedHash, now: Timestamp) -> Later<'_, Result<Option<Mark>, StoreError>> {
        Box::pin(async move { Ok(messages::marks(&self.lines, &[key], now).await?.pop()) })
    }

    fn marks(&self, keys: Vec<KeyedHash>, now: Timestamp) -> Later<'_, Result<Vec<Mark>, StoreError>> {
        Box::pin(async move { messages::marks(&self.lines, &keys, now).await })
    }

    fn programs(&self) -> &dyn Programs {
        &self.programs
    }

    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>> {
        Box::pin(async move {
            if self.upkeep.round(now).await? {
                messages::match_receipts(&self.lines, &self.writer, now).await?;
            }
            Ok(())
        })
    }

    fn observed(&self) -> Observed {
        let writer = self.writer.observed();
        Observed { live: self.upkeep.live(), failing: writer.failing.max(self.lines.failing()), ..writer }
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.writer.close().await?;
            self.primary.close();
            self.lines.close().await;
            self.upkeep.close().await;
            Ok(())
        })
    }
}
