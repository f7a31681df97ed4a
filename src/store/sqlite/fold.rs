//! Upkeep, in pieces that commits can wait for: journeys move from the journal into their table, what is too much for memory
//! is folded into a run, the journal's low end is trimmed, what has expired is forgotten.
//!
//! A row leaves the journal when nobody needs its turns and its journeys are in their table. So the journal's length is the
//! restart's length, and no table is ever emptied at one stroke while commits wait.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _};

use super::journal::{Journey, Record, records};
use super::runs::{Folding, Run};
use super::write::Sqlite;
use super::{rows, sql};
use crate::store::StoreError;
use crate::sync;
use crate::types::Timestamp;

/// Rows forgotten in each table by one piece.
const FORGOTTEN: u16 = 1024;
/// Rows of the journal whose journeys are moved by one piece, and that leave it by one piece.
const ROWS: i64 = 32;
/// How long journeys wait where there are fewer rows of them.
const MOVE_EVERY: Duration = Duration::from_secs(1);
/// Journeys written by one statement; of those left over each has its own.
const TOGETHER: usize = 32;
/// Turns at the journal's low end that are looked at by one piece.
const TURNS: usize = 1024;
/// Blocks of a run that are written by one piece: about 200 KiB.
const BLOCKS: usize = 16;

impl Sqlite {
    /// One piece; `true` while there is more to do.
    pub(super) async fn fold(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.move_journeys(now).await?
            || self.fold_oldest(now).await?
            || self.trim(now).await?
            || self.drop_run(now).await?
            || self.forget(now).await?)
    }

    /// Moves journeys of whole rows into their table.
    async fn move_journeys(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let written = self.next - 1;
        if self.moved_at.is_none_or(|at| now.since(at) >= MOVE_EVERY) {
            (self.moved_at, self.to_move) = (Some(now), written);
        }
        let last = self.moved + ROWS;
        let last = if last <= written { last } else { self.to_move };
        if last <= self.moved {
            return Ok(false);
        }
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await.map_err(rows::failed)?;
        let query = sqlx::query(sql::JOURNAL_ROWS).bind(self.moved).bind(last);
        let found = query.fetch_all(&mut *transaction).await.map_err(rows::failed)?;
        let mut journeys = Vec::new();
        for row in &found {
            for record in records(rows::get(row, 0)?) {
                if let Record::Journey(journey) = record? {
                    journeys.push(journey);
                }
            }
        }
        let (together, alone) = journeys.as_chunks::<TOGETHER>();
        for journeys in together.iter().map(<[Journey<'_>; TOGETHER]>::as_slice).chain(alone.chunks(1)) {
            let insert = insert(
                "INSERT INTO journeys (at, session, gateway, channel, program, from_screen, answer, to_screen)",
                8,
                journeys.len(),
            );
            let mut query = sqlx::query(AssertSqlSafe(insert));
            for Journey { at, session, texts } in journeys {
                query = query.bind(at.0).bind(session.0.to_vec());
                for text in texts {
                    query = query.bind(text.map(str::to_owned));
                }
            }
            query.execute(&mut *transaction).await.map_err(rows::failed)?;
        }
        sqlx::query(sql::MOVED).bind(last).execute(&mut *transaction).await.map_err(rows::failed)?;
        transaction.commit().await.map_err(rows::failed)?;
        self.moved = last;
        self.checkpoints.mark();
        Ok(true)
    }

    /// Goes on with the run that is being written, or begins one where there is too much in memory.
    async fn fold_oldest(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        if self.folding.is_none() {
            let live = sync::read(&self.live);
            let turns = live.too_many(now, self.options.idle, self.options.run, self.options.tail);
            let taken = live.oldest(turns, now);
            if taken.is_empty() {
                return Ok(false);
            }
            self.folding = Some(Folding::begin(taken, self.next_block));
        }
        let Some(mut folding) = self.folding.take() else { return Ok(false) };
        let blocks = {
            let live = sync::read(&self.live);
            folding.blocks(BLOCKS, |subscriber| live.turn(subscriber))?
        };
        if blocks.is_empty() {
            let run = folding.end();
            self.keep(&run).await?;
            self.next_block = run.end();
            sync::write(&self.live).folded(run, &folding.taken);
        } else {
            // What a run that never came to its end has left there is written over.
            let insert = insert("INSERT OR REPLACE INTO blocks (number, conversations)", 2, blocks.len());
            let mut query = sqlx::query(AssertSqlSafe(insert));
            for (number, block) in blocks {
                query = query.bind(number).bind(block);
            }
            // Where it fails the run is begun anew.
            query.execute(&mut self.connection).await.map_err(rows::failed)?;
            self.folding = Some(folding);
        }
        self.checkpoints.mark();
        Ok(true)
    }

    async fn keep(&mut self, run: &Run) -> Result<(), StoreError> {
        let (subscribers, legs) = run.written();
        let query = sqlx::query(sql::RUN_KEEP).bind(run.first).bind(run.expires.0).bind(subscribers).bind(legs);
        query.execute(&mut self.connection).await.map_err(rows::failed)?;
        Ok(())
    }

    /// Takes rows off the journal's low end.
    async fn trim(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let needed = sync::write(&self.live).trim(now, TURNS, self.next);
        let first = needed.map_or(self.low, |needed| needed.min(self.moved + 1).min(self.low + ROWS));
        if first > self.low {
            sqlx::query(sql::TRIM).bind(first).execute(&mut self.connection).await.map_err(rows::failed)?;
            self.low = first;
            self.checkpoints.mark();
            return Ok(true);
        }
        Ok(needed.is_none())
    }

    /// Forgets the first run, where all of it has expired.
    async fn drop_run(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let first = sync::read(&self.live).runs().first().filter(|run| run.expires < now).map(Arc::clone);
        let Some(run) = first else { return Ok(false) };
        sqlx::query(sql::RUN_FORGET).bind(run.first).execute(&mut self.connection).await.map_err(rows::failed)?;
        sync::write(&self.live).forget_first();
        self.checkpoints.mark();
        Ok(true)
    }

    async fn forget(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let before = |kept: Duration| {
            let kept = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
            now.0.saturating_sub(kept)
        };
        // Blocks of the run that is being written begin at the next.
        let first_block = sync::read(&self.live).runs().first().map_or(self.next_block, |run| run.first);
        let rounds = [
            (sql::FORGET_BLOCKS, first_block, ROWS),
            (sql::FORGET_INTENTS, before(self.options.intents), i64::from(FORGOTTEN)),
            (sql::FORGET_JOURNEYS, before(self.options.journeys), i64::from(FORGOTTEN)),
        ];
        let mut more = false;
        for (statement, before, limit) in rounds {
            let query = sqlx::query(statement).bind(before).bind(limit);
            let done = query.execute(&mut self.connection).await.map_err(rows::failed)?;
            more |= done.rows_affected() >= limit.unsigned_abs();
            if done.rows_affected() > 0 {
                self.checkpoints.mark();
            }
        }
        Ok(more)
    }
}

/// One statement for so many rows. It holds nothing but what stands here.
fn insert(into: &str, columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    format!("{into} VALUES {}", vec![row; rows].join(", "))
}
