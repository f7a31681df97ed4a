//! The engine: judges a batch against what is in memory, writes what stands in one transaction, then publishes it.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, RwLock};

use sqlx::Connection as _;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::checkpoint::Checkpoints;
use super::journal::Writing;
use super::line::Readers;
use super::live::Live;
use super::place::Place;
use super::runs::{Folding, in_block};
use super::strangers::Known;
use super::{kept, rows, sql};
use crate::store::columns::json;
use crate::store::hashed::ByHash;
use crate::store::judge::{Before, Books, Last, judge};
use crate::store::writer::Engine;
use crate::store::{Commit, CommitError, Conversation, KeyedHash, Options, StoreError};
use crate::sync;
use crate::types::Timestamp;

/// Bytes of a turn, about: the journal's row is made once, and kept for a moment.
const ROOM: usize = 640;

/// Owns the one connection that writes.
pub(super) struct Sqlite {
    pub(super) connection: SqliteConnection,
    pub(super) place: Place,
    pub(super) live: Arc<RwLock<Live>>,
    /// Of whom something is kept.
    pub(super) known: Arc<Known>,
    /// The journal's first row, or a number before it; and the one that is written next.
    pub(super) low: i64,
    pub(super) next: i64,
    /// The run that is being written, and the number at which its blocks, or those of the next one, begin.
    pub(super) folding: Option<Folding>,
    pub(super) next_block: i64,
    /// Turns that were published since the last piece of that run, and pieces of upkeep that were done.
    pub(super) came: usize,
    pub(super) pieces: u32,
    pub(super) options: Options,
    pub(super) checkpoints: Checkpoints,
    /// Closed before the connection is, so that the last one out tidies the files.
    pub(super) readers: Readers,
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
        let Folded { found: folded, unreadable } = self.folded(&batch).await?;
        let unreadable = refuse(&mut batch, &unreadable);
        let mut books = Books::new(self.kept(&batch).await?);

        let outcomes = {
            let before = Here { live: &sync::read(&self.live), folded: &folded };
            judge(&batch, &before, &mut books)
        };
        let mut accepted = outcomes.iter().map(Result::is_ok);
        batch.retain(|_| accepted.next().unwrap_or(false));

        let subscribers = batch.iter().filter_map(|commit| Some(commit.subscriber.as_ref()?.subscriber));
        let subscribers: Vec<_> = subscribers.collect();
        self.known.add(&subscribers);
        let appended = self.append(&batch, &books).await;
        self.known.add(&subscribers);
        if appended? {
            let mut live = sync::write(&self.live);
            for turn in batch.into_iter().filter_map(|commit| commit.turn) {
                self.came += 1;
                live.publish(self.next, turn.conversation);
            }
            self.next += 1;
        }
        let mut outcomes = outcomes.into_iter();
        let outcome = |refused: Option<StoreError>| match refused {
            Some(error) => Some(Err(error.into())),
            None => outcomes.next(),
        };
        Ok(unreadable.into_iter().map_while(outcome).collect())
    }

    /// One transaction, and one row of the journal; nothing of it is left when it fails. Whether there is such a row.
    async fn append(&mut self, batch: &[Commit], books: &Books) -> Result<bool, StoreError> {
        let intents = books.intents.changed();
        let subscribers: Vec<_> = batch.iter().filter_map(|commit| commit.subscriber.as_ref()).collect();
        let has_records = !subscribers.is_empty() || !intents.is_empty();
        let is_for_journal = |commit: &Commit| commit.turn.is_some() || !commit.journeys.is_empty();
        let beside = kept::beside(books)?;
        if !has_records && !batch.iter().any(is_for_journal) {
            if let Some(columns) = beside {
                let query = columns.into_iter().fold(sqlx::query(sql::MESSAGES), Query::bind);
                let written = query.execute(&mut self.connection).await;
                self.finish(written).await?;
            }
            return Ok(false);
        }
        let (turns, journeys) = row(batch)?;
        if !has_records && beside.is_none() {
            let query = sqlx::query(sql::APPEND).bind(self.next).bind(turns).bind(journeys);
            query.execute(&mut self.connection).await.map_err(rows::failed)?;
            self.checkpoints.mark();
            return Ok(true);
        }
        let subscribers = json(subscribers.into_iter().map(rows::subscriber))?;
        let intents = json(intents.into_iter().map(rows::intent))?;
        let text = if beside.is_some() { sql::APPEND_MESSAGES } else { sql::APPEND_ALL };
        let query = sqlx::query(text).bind(self.next).bind(turns).bind(journeys);
        let query = query.bind(subscribers).bind(intents);
        let query = beside.into_iter().flatten().fold(query, Query::bind);
        let written = query.execute(&mut self.connection).await;
        self.finish(written).await?;
        Ok(true)
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
    async fn folded(&mut self, batch: &[Commit]) -> Result<Folded, StoreError> {
        let Folded { found: mut folded, mut unreadable } = Folded::default();
        let mut wanted: Vec<(KeyedHash, Vec<i64>)> = Vec::new();
        {
            let live = sync::read(&self.live);
            let turns = batch.iter().filter_map(|commit| commit.turn.as_ref());
            let absent = turns.map(|turn| turn.conversation.subscriber).filter(|absent| live.last(*absent).is_none());
            for absent in absent {
                if let Some(recalled) = live.recalled(absent) {
                    folded.insert(absent, recalled.clone());
                } else {
                    wanted.push((absent, live.blocks(absent)));
                }
            }
        }
        wanted.retain(|(_, blocks)| !blocks.is_empty());
        if wanted.is_empty() {
            return Ok(Folded { found: folded, unreadable });
        }
        let found = self.blocks(wanted.iter().flat_map(|(_, blocks)| blocks).copied()).await;
        let is_damaged = found.as_ref().is_err_and(rows::is_damage);
        let all = if is_damaged { HashMap::new() } else { rows::blocks_from(&found.map_err(rows::failed)?)? };
        for (subscriber, blocks) in wanted {
            let own = if is_damaged {
                // Each for itself: damage of one block is nothing to the others.
                let own = self.blocks(blocks.iter().copied()).await;
                own.map_err(rows::failed).and_then(|own| rows::blocks_from(&own))
            } else {
                Ok(HashMap::new())
            };
            let last = own.and_then(|own| {
                // The first that has it counts.
                let found = blocks.iter().filter_map(|number| own.get(number).or_else(|| all.get(number)));
                let mut turns = found.map(|block| in_block(block, |turn| turn.subscriber == subscriber));
                turns.find_map(Result::transpose).transpose()
            });
            match last {
                Ok(Some(conversation)) => _ = folded.insert(subscriber, conversation),
                Ok(None) => {}
                Err(error) => _ = unreadable.insert(subscriber, error),
            }
        }
        Ok(Folded { found: folded, unreadable })
    }

    async fn blocks(&mut self, numbers: impl Iterator<Item = i64>) -> Result<Vec<SqliteRow>, sqlx::Error> {
        // Numbers are always JSON.
        let numbers = format!("[{}]", numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(","));
        sqlx::query(sql::BLOCKS).bind(numbers).fetch_all(&mut self.connection).await
    }
}

/// What is folded of a batch's subscribers, and whose cannot be read: their turns are refused, since nobody knows whether
/// they are the next ones.
#[derive(Default)]
struct Folded {
    found: ByHash<Conversation>,
    unreadable: ByHash<StoreError>,
}

/// Takes those out of a batch of whom it cannot be read what stands; for each commit, why it was taken out.
fn refuse(batch: &mut Vec<Commit>, unreadable: &ByHash<StoreError>) -> Vec<Option<StoreError>> {
    let subscriber = |commit: &Commit| commit.turn.as_ref().map(|turn| turn.conversation.subscriber);
    let why = |commit: &Commit| unreadable.get(&subscriber(commit)?).cloned();
    let refused: Vec<_> = batch.iter().map(why).collect();
    if !unreadable.is_empty() {
        let mut stays = refused.iter().map(Option::is_none);
        batch.retain(|_| stays.next().unwrap_or(false));
    }
    refused
}

/// A batch's turns and journeys, as a row of the journal holds them.
fn row(batch: &[Commit]) -> Result<(Vec<u8>, Option<String>), StoreError> {
    let mut turns = Writing::begin(ROOM * batch.len());
    for turn in batch.iter().filter_map(|commit| commit.turn.as_ref()) {
        turns.turn(&turn.into())?;
    }
    let mut journeys = batch.iter().flat_map(|commit| &commit.journeys).peekable();
    let journeys = if journeys.peek().is_some() { Some(json(journeys.map(rows::journey))?) } else { None };
    Ok((turns.end(), journeys))
}

/// What stands before a batch: in memory, or folded.
struct Here<'a> {
    live: &'a Live,
    folded: &'a ByHash<Conversation>,
}

impl Before for Here<'_> {
    fn last(&self, subscriber: KeyedHash) -> Option<Last> {
        self.folded.last(subscriber).or_else(|| self.live.last(subscriber))
    }

    fn whole(&self, subscriber: KeyedHash) -> Option<Conversation> {
        self.folded.whole(subscriber).or_else(|| self.live.get(subscriber))
    }
}
