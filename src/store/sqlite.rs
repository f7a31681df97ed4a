//! The SQLite store: one file, one process, journal-first.
//!
//! The durable record of a batch of turns is one row appended to the table `journal`, which has no index; one statement and
//! one sync make the whole batch durable. Live conversations are in memory (`live`) and are published there only after their
//! batch was committed. A restart rebuilds them from the journal, which upkeep keeps short (`fold`): its journeys move into
//! their table, and its low end is trimmed as conversations are replaced, expire, or are folded into runs (`runs`).
//!
//! * `open`: recognises, locks and migrates the file, rebuilds memory; `place`: whether it still lies where it was opened.
//! * `write`: judges a batch and writes it, on the only connection that writes turns; `kept`: what it meets beside turns.
//! * `programs`: the programs of the file, by connections of their own, also beside a server that has it open.
//! * `mail`: the messages of the file for whoever operates it, by a connection of its own, also beside a server.
//! * `journal`: the bytes of its rows. `runs`: what is folded, and what memory keeps of it.
//! * `read`: answers from memory, else through connections that only read (`line`); `messages`: the same for messages and marks, and their claim.
//! * `strangers`: of whom nothing is kept, which need not be read.
//! * `checkpoint`: moves the write-ahead log into the file, on a connection of its own.
//! * `lock`, `look`, `wal`: whose the file is; reading it without changing a byte; whether a log that was left is whole.
//! * `examine`, `copy`: what operators ask of a file: is it whole, a copy of it, a copy in its place.
//! * `rows`, `sql`: records to rows and back; the statements, each in its file.

mod checkpoint;
mod copy;
mod examine;
mod fold;
mod journal;
mod kept;
mod line;
mod live;
mod lock;
mod look;
mod mail;
mod messages;
mod open;
mod place;
mod programs;
mod read;
mod rows;
mod runs;
mod sql;
mod strangers;
mod wal;
mod write;

use std::path::Path;
use std::sync::Arc;

use sqlx::Connection as _;

use self::mail::SqliteMail;
use self::programs::SqlitePrograms;
use self::read::Reader;
use super::writer::Writer;
use super::{
    Commit, CommitError, Conversation, Intent, IntentChange, IntentId, KeyedHash, Lookup, Mail, Mark, Message,
    MessageClaims, MessageCounts, MessageFilter, MessageGroup, MessageId, Observed, Options, Programs, Store,
    StoreError, SubscriberRecord,
};
use crate::types::{Later, Timestamp};

pub use copy::{Backup, Copied, CopyError, Restored, backup};
pub use examine::examine;

/// Brings the file to this version's schema, creating it where it is missing. A server must not have it open.
pub async fn migrate(path: &Path) -> Result<(), StoreError> {
    let (_lock, _, connection) = open::migrated(path).await?;
    connection.close().await.map_err(rows::failed)
}

/// Opens (creating it where it is missing) and migrates the file, rebuilds live conversations from the journal's tail.
///
/// A file of another application, of a newer version, or in use by another process is refused and left as it is.
pub async fn open(path: &Path, options: Options, now: Timestamp) -> Result<Arc<dyn Store>, StoreError> {
    let (queue, batch) = (options.queue, options.batch);
    let (engine, reader) = open::open(path, options, now).await?;
    let programs = SqlitePrograms::beside(path);
    Ok(Arc::new(SqliteStore { writer: Writer::start(engine, queue, batch), reader, programs }))
}

/// The programs of a file alone, also beside a server that has it open. A file that is missing or of an older version is
/// migrated where nobody has it open, and refused otherwise.
pub async fn programs(path: &Path) -> Result<Box<dyn Programs>, StoreError> {
    if !examine::is_up_to_date(path).await? {
        migrate(path).await?;
    }
    Ok(Box::new(SqlitePrograms::beside(path)))
}

/// The messages of a file alone; as [`programs`].
pub async fn mail(path: &Path) -> Result<Box<dyn Mail>, StoreError> {
    if !examine::is_up_to_date(path).await? {
        migrate(path).await?;
    }
    Ok(Box::new(SqliteMail::beside(path).await?))
}

#[derive(Debug)]
struct SqliteStore {
    writer: Writer,
    reader: Reader,
    programs: SqlitePrograms,
}

impl Store for SqliteStore {
    fn conversation(&self, lookup: Lookup, now: Timestamp) -> Later<'_, Result<Option<Conversation>, StoreError>> {
        self.reader.conversation(lookup, now)
    }

    fn subscriber(&self, subscriber: KeyedHash) -> Later<'_, Result<Option<SubscriberRecord>, StoreError>> {
        Box::pin(self.reader.subscriber(subscriber))
    }

    fn commit(&self, commit: Commit) -> Later<'_, Result<(), CommitError>> {
        Box::pin(async move {
            // What can be read here is durable: memory shows nothing before the file has it.
            if commit.is_empty() && !self.reader.pool.is_closed() {
                return Ok(());
            }
            self.writer.commit(commit).await
        })
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
        Box::pin(async move {
            let mut due = self.reader.due_intents(now, at_most, &but).await?;
            if due.is_empty() {
                return Ok(due);
            }
            let lease = |intent: &Intent| IntentChange::Lease { id: intent.id, lease: intent.lease, until };
            let leases = due.iter().map(lease).collect();
            match self.writer.commit(Commit { intents: leases, ..Commit::default() }).await {
                Ok(()) => {}
                // Nobody else leases in this process; whoever is too busy asks again a little later.
                Err(CommitError::Busy | CommitError::LeaseLost) => return Ok(Vec::new()),
                Err(CommitError::Store(error)) => return Err(error),
                Err(error) => return Err(StoreError::Database(error.to_string())),
            }
            for intent in &mut due {
                intent.lease = intent.lease.saturating_add(1);
                intent.due = until;
            }
            Ok(due)
        })
    }

    fn intents_of(&self, subscriber: KeyedHash, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        Box::pin(self.reader.intents_of(subscriber, at_most))
    }

    fn lease_messages(&self, claims: MessageClaims) -> Later<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(messages::lease(&self.reader, &self.writer, claims))
    }

    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>> {
        Box::pin(self.reader.message(id))
    }

    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(self.reader.messages(filter, at_most))
    }

    fn message_counts(&self) -> Later<'_, Result<MessageCounts, StoreError>> {
        Box::pin(self.reader.message_counts())
    }

    fn message_groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>> {
        Box::pin(self.reader.message_groups())
    }

    fn stirred_messages(&self) -> Later<'_, ()> {
        Box::pin(self.writer.stirred())
    }

    fn mark(&self, key: KeyedHash, now: Timestamp) -> Later<'_, Result<Option<Mark>, StoreError>> {
        Box::pin(async move { Ok(self.reader.marks(&[key], now).await?.pop()) })
    }

    fn marks(&self, keys: Vec<KeyedHash>, now: Timestamp) -> Later<'_, Result<Vec<Mark>, StoreError>> {
        Box::pin(async move { self.reader.marks(&keys, now).await })
    }

    fn programs(&self) -> &dyn Programs {
        &self.programs
    }

    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>> {
        Box::pin(async move {
            while self.writer.tidy(now).await? {}
            Ok(())
        })
    }

    fn observed(&self) -> Observed {
        let writer = self.writer.observed();
        let failing = writer.failing.max(self.reader.failing());
        Observed { live: self.reader.live(), failing, ..writer }
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        Box::pin(async {
            self.programs.close().await;
            self.writer.close().await
        })
    }
}

#[cfg(test)]
mod tests;
