//! The engine: judges a batch against what is in memory, writes what stands in one transaction, then publishes it.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, RwLock};

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, SqlitePool};

use super::checkpoint::Checkpoints;
use super::live::Live;
use super::place::Place;
use super::{rows, sql};
use crate::store::columns::{Hex, json};
use crate::store::intents::{self, Intents};
use crate::store::judge::{Before, Last, judge};
use crate::store::writer::Engine;
use crate::store::{Commit, CommitError, Conversation, Intent, KeyedHash, Options, StoreError};
use crate::sync;
use crate::types::Timestamp;

/// Owns the one connection that writes.
pub(super) struct Sqlite {
    pub(super) connection: SqliteConnection,
    pub(super) place: Place,
    pub(super) live: Arc<RwLock<Live>>,
    /// The next row of the journal.
    pub(super) next: i64,
    pub(super) options: Options,
    pub(super) checkpoints: Checkpoints,
    /// Closed before the connection is, so that the last one out tidies the files.
    pub(super) readers: SqlitePool,
    /// Held as long as the file is ours.
    pub(super) _lock: File,
}

impl Engine for Sqlite {
    async fn write(&mut self, batch: Vec<Commit>) -> Vec<Result<(), CommitError>> {
        let size = batch.len();
        match self.try_write(batch).await {
            Ok(outcomes) => outcomes,
            Err(error) => {
                let reason = match error {
                    StoreError::Database(reason) => reason,
                    other => other.to_string(),
                };
                (0..size).map(|_| Err(StoreError::Database(reason.clone()).into())).collect()
            }
        }
    }

    async fn tidy(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        self.place.holds()?;
        self.fold(now).await
    }

    async fn close(self) -> Result<(), StoreError> {
        self.checkpoints.stop().await;
        self.readers.close().await;
        self.connection.close().await.map_err(rows::failed)
    }
}

impl Sqlite {
    async fn try_write(&mut self, mut batch: Vec<Commit>) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        self.place.holds()?;
        let folded = self.folded(&batch).await?;
        let mut intents = Intents::new(self.touched(&batch).await?);

        let outcomes = {
            let before = Here { live: &sync::read(&self.live), folded: &folded };
            judge(&batch, &before, &mut intents)
        };
        let mut accepted = outcomes.iter().map(Result::is_ok);
        batch.retain(|_| accepted.next().unwrap_or(false));

        let turns = self.next..;
        self.append(&batch, turns.clone(), &intents).await?;

        let mut live = sync::write(&self.live);
        for (seq, turn) in turns.zip(batch.into_iter().filter_map(|commit| commit.turn)) {
            let folded = folded.contains_key(&turn.conversation.subscriber);
            live.publish(seq, turn.conversation, folded);
            self.next = seq + 1;
        }
        Ok(outcomes)
    }

    /// One transaction; nothing of it is left when it fails.
    async fn append(
        &mut self,
        batch: &[Commit],
        seqs: impl Iterator<Item = i64>,
        intents: &Intents,
    ) -> Result<(), StoreError> {
        let turns = batch.iter().filter_map(|commit| commit.turn.as_ref());
        let turns = json(seqs.zip(turns).map(|(seq, turn)| rows::turn(seq, turn)))?;
        let journeys = json(batch.iter().flat_map(|commit| &commit.journeys).map(rows::journey))?;
        let subscribers = json(batch.iter().filter_map(|commit| commit.subscriber.as_ref()).map(rows::subscriber))?;
        let intents = json(intents.changed().into_iter().map(rows::intent))?;
        if [&turns, &journeys, &subscribers, &intents].iter().all(|rows| rows.as_str() == "[]") {
            return Ok(());
        }
        let query = sqlx::query(sql::APPEND).bind(turns).bind(journeys).bind(subscribers).bind(intents);
        let written = query.execute(&mut self.connection).await;
        self.finish(written).await
    }

    /// After a text with its own `BEGIN` and `COMMIT`: leaves no transaction open behind an error.
    pub(super) async fn finish<T>(&mut self, written: Result<T, sqlx::Error>) -> Result<(), StoreError> {
        if let Err(error) = written {
            // Fails where SQLite has rolled back by itself, as it does when the disk is full.
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await;
            return Err(rows::failed(error));
        }
        self.checkpoints.mark();
        Ok(())
    }

    /// The folded conversations of those subscribers of the batch who are not live.
    async fn folded(&mut self, batch: &[Commit]) -> Result<HashMap<KeyedHash, Conversation>, StoreError> {
        let absent: Vec<KeyedHash> = {
            let live = sync::read(&self.live);
            let subscribers =
                batch.iter().filter_map(|commit| commit.turn.as_ref()).map(|turn| turn.conversation.subscriber);
            subscribers.filter(|subscriber| live.last(*subscriber).is_none()).collect()
        };
        if absent.is_empty() {
            return Ok(HashMap::new());
        }
        let absent = json(absent.iter().map(|subscriber| Hex(&subscriber.0)))?;
        let found =
            sqlx::query(sql::FOLDED).bind(absent).fetch_all(&mut self.connection).await.map_err(rows::failed)?;
        let found = found.iter().map(|row| rows::conversation_from(row, 0));
        found.map(|found| found.map(|found| (found.subscriber, found))).collect()
    }

    /// The stored intents that the batch's changes can meet.
    async fn touched(&mut self, batch: &[Commit]) -> Result<Vec<Intent>, StoreError> {
        let (ids, wishes) = intents::wanted(batch.iter().flat_map(|commit| &commit.intents));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = ids.into_iter().map(|id| data_encoding::HEXLOWER.encode(&id.0.to_be_bytes()));
        let wishes = wishes.iter().map(|(subscriber, request)| (Hex(&subscriber.0), Hex(&request.0)));
        let query = sqlx::query(sql::INTENTS_TOUCHED).bind(json(ids)?).bind(json(wishes)?);
        let found = query.fetch_all(&mut self.connection).await.map_err(rows::failed)?;
        found.iter().map(rows::intent_from).collect()
    }
}

/// What stands before a batch: in memory, or folded.
struct Here<'a> {
    live: &'a Live,
    folded: &'a HashMap<KeyedHash, Conversation>,
}

impl Before for Here<'_> {
    fn last(&self, subscriber: KeyedHash) -> Option<Last> {
        self.folded.last(subscriber).or_else(|| self.live.last(subscriber))
    }

    fn whole(&self, subscriber: KeyedHash) -> Option<Conversation> {
        self.folded.whole(subscriber).or_else(|| self.live.get(subscriber))
    }
}
