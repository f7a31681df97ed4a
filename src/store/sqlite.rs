//! The SQLite store: one file, one process, journal-first.
//!
//! The durable record of a turn is one row appended to the table `turns`, which has no index; one sync makes a whole batch
//! durable. Live conversations are in memory (`live`) and are published there only after their batch was committed. A
//! restart rebuilds them from the journal, which upkeep keeps short (`fold`): its low end is trimmed as conversations are
//! replaced, expire, or are folded into the table `conversations`.
//!
//! * `open`: recognises, locks and migrates the file, rebuilds memory.
//! * `write`: judges a batch and writes it, on the only connection that writes turns.
//! * `read`: answers from memory, else through a read-only pool.
//! * `checkpoint`: moves the write-ahead log into the file, on a connection of its own.
//! * `rows`, `sql`: records to rows and back; the statements, each in its file.

mod checkpoint;
mod fold;
mod live;
mod open;
mod read;
mod rows;
mod sql;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use self::read::Reader;
use super::writer::Writer;
use super::{
    Commit, CommitError, Conversation, Intent, IntentId, KeyedHash, Lookup, Observed, Store, StoreError,
    SubscriberRecord,
};
use crate::types::{Later, Timestamp};

/// How the store behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Commits that may wait for the writer; more are `Busy`.
    pub queue: usize,
    /// Commits written by one transaction at most.
    pub batch: usize,
    /// A conversation without a turn for this long is folded, unless it has expired: most have, and are never folded.
    pub idle: Duration,
    /// Rows that the journal may have before conversations are folded that are not idle yet. A restart reads them all.
    pub tail: usize,
    /// How long journeys are kept.
    pub journeys: Duration,
    /// How long intents are kept from their claim on; only those whose citizen was told are forgotten.
    pub intents: Duration,
}

impl Default for Options {
    fn default() -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            queue: 4096,
            batch: 512,
            idle: Duration::from_mins(10),
            tail: 150_000,
            journeys: DAY * 90,
            intents: DAY * 90,
        }
    }
}

/// Opens (creating it where it is missing) and migrates the file, rebuilds live conversations from the journal's tail.
///
/// A file of another application, of a newer version, or in use by another process is refused and left as it is.
pub async fn open(path: &Path, options: Options, now: Timestamp) -> Result<Arc<dyn Store>, StoreError> {
    let (queue, batch) = (options.queue, options.batch);
    let (engine, reader) = open::open(path, options, now).await?;
    Ok(Arc::new(SqliteStore { writer: Writer::start(engine, queue, batch), reader }))
}

#[derive(Debug)]
struct SqliteStore {
    writer: Writer,
    reader: Reader,
}

impl Store for SqliteStore {
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

    fn due_intents(&self, now: Timestamp, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        Box::pin(self.reader.due_intents(now, at_most))
    }

    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>> {
        Box::pin(async move {
            while self.writer.tidy(now).await? {}
            Ok(())
        })
    }

    fn observed(&self) -> Observed {
        Observed { live: self.reader.live(), ..self.writer.observed() }
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        Box::pin(self.writer.close())
    }
}

#[cfg(test)]
mod tests;
