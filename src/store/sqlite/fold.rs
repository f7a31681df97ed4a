//! Upkeep, in pieces that commits can wait for: what is too much for memory is folded into a run, the journal's low end is
//! trimmed, what has expired is forgotten.
//!
//! A row leaves the journal when nobody needs its turns, in the transaction that keeps its journeys. So the journal's length
//! is the restart's length, and no table is ever emptied at one stroke while commits wait.

use std::sync::Arc;
use std::time::Duration;

use sqlx::AssertSqlSafe;

use super::runs::{Folding, Run};
use super::write::Sqlite;
use super::{rows, sql};
use crate::store::StoreError;
use crate::sync;
use crate::types::Timestamp;

/// Rows forgotten in each table by one piece.
const FORGOTTEN: u16 = 1024;
/// Rows that leave the journal by one piece, and blocks that are forgotten by one.
const ROWS: i64 = 64;
/// Turns at the journal's low end that are looked at by one piece.
const TURNS: usize = 1024;
/// Blocks of a run that are written by one piece: about 200 KiB.
const BLOCKS: usize = 16;

impl Sqlite {
    /// One piece; `true` while there is more to do.
    pub(super) async fn fold(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.fold_oldest(now).await?
            || self.trim(now).await?
            || self.drop_run(now).await?
            || self.forget(now).await?)
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
            let rows = vec!["(?, ?)"; blocks.len()].join(", ");
            let keep = format!("INSERT OR REPLACE INTO blocks (number, conversations) VALUES {rows}");
            let mut query = sqlx::query(AssertSqlSafe(keep));
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

    /// Takes rows off the journal's low end; their journeys stay.
    async fn trim(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let needed = sync::write(&self.live).trim(now, TURNS, self.next);
        let first = needed.map_or(self.low, |needed| needed.min(self.low + ROWS));
        if first > self.low {
            let trimmed = sqlx::query(sql::TRIM).bind(first).bind(first).execute(&mut self.connection).await;
            self.finish(trimmed).await?;
            self.low = first;
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
