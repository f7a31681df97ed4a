//! Upkeep, in pieces that commits can wait for: what is too much for memory is folded into a run, the journal's low end is
//! trimmed, what has expired is forgotten.
//!
//! A row leaves the journal when nobody needs its turns, in the transaction that keeps its journeys. So the journal's length
//! is the restart's length, and no table is ever emptied at one stroke while commits wait.
//!
//! Under load there is one piece after each batch, and always a next batch. So each piece does more than a batch undoes, no
//! run begins before the journal is rid of the last one's turns, and what has expired has every fourth piece first.

use std::time::Duration;

use sqlx::AssertSqlSafe;

use super::runs::{BLOCK, Folding, Run};
use super::write::Sqlite;
use super::{rows, sql};
use crate::store::StoreError;
use crate::sync;
use crate::types::Timestamp;

/// Of so many pieces one begins with what has expired.
const FORGETS: u32 = 4;
/// Intents forgotten by one piece: some hundred bytes each.
const INTENTS: i64 = 1024;
/// Messages, early receipts and marks forgotten by one piece, of each.
const MESSAGES: i64 = 512;
/// Rows that leave the journal by one piece, and rows of journeys that are forgotten by one: each some 80 KB where batches are
/// full.
const ROWS: i64 = 32;
/// Blocks that are forgotten by one piece: of as many conversations as come with full batches until the next. (Of former runs, whose blocks
/// are larger, four times as many.)
const FORGOTTEN: i64 = 256;
/// Turns at the journal's low end that are looked at by one piece: as many as its rows may have.
const TURNS: usize = 16 * 1024;
/// Blocks of a run that are written by one piece, about 200 KiB; and beside them twice what came meanwhile, at most a batch, in steps: each
/// number of blocks is a statement of its own.
const BLOCKS: usize = 64;
const STEP: usize = 16;

/// What became of the journal's low end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trimmed {
    Nothing,
    /// As far as the first row that somebody needs.
    AllThereIs,
    Part,
}

impl Sqlite {
    /// One piece; `true` while there is more to do.
    pub(super) async fn fold(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        self.pieces = self.pieces.wrapping_add(1);
        if self.pieces.is_multiple_of(FORGETS) && self.forget(now).await? {
            return Ok(true);
        }
        Ok(self.shorten(now).await? || self.forget(now).await?)
    }

    /// Makes the journal shorter. Nothing is trimmed while a run is being written: whoever it takes stays in memory.
    async fn shorten(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        if let Some(folding) = self.folding.take() {
            return self.go_on(folding).await;
        }
        // What the last run took is in the way until it is trimmed: only the rest tells whether there is too much.
        let trimmed = self.trim(now).await?;
        if trimmed == Trimmed::Part {
            return Ok(true);
        }
        let taken = {
            let live = sync::read(&self.live);
            let turns = live.too_many(now, self.options.idle, self.options.run, self.options.tail);
            live.oldest(turns, now)
        };
        if taken.is_empty() {
            return Ok(trimmed != Trimmed::Nothing);
        }
        self.came = 0;
        self.go_on(Folding::begin(taken, self.next_block)).await
    }

    /// The next blocks of a run, or its end. Where it fails, the run is begun anew.
    async fn go_on(&mut self, mut folding: Folding) -> Result<bool, StoreError> {
        let came = std::mem::take(&mut self.came).min(self.options.batch);
        let blocks = {
            let live = sync::read(&self.live);
            let beside = (2 * came).div_ceil(BLOCK.get().into()).next_multiple_of(STEP);
            folding.blocks(BLOCKS + beside, |subscriber| live.turn(subscriber))?
        };
        if blocks.is_empty() {
            let (run, taken) = folding.end();
            self.keep(&run).await?;
            self.next_block = run.end();
            sync::write(&self.live).folded(run, &taken);
        } else {
            // What a run that never came to its end has left there is written over.
            let rows = vec!["(?, ?)"; blocks.len()].join(", ");
            let keep = format!("INSERT OR REPLACE INTO blocks (number, conversations) VALUES {rows}");
            let mut query = sqlx::query(AssertSqlSafe(keep));
            for (number, block) in blocks {
                query = query.bind(number).bind(block);
            }
            query.execute(&mut self.connection).await.map_err(rows::failed)?;
            self.folding = Some(folding);
        }
        self.checkpoints.mark();
        Ok(true)
    }

    async fn keep(&mut self, run: &Run) -> Result<(), StoreError> {
        let (subscribers, legs) = run.written();
        let query = sqlx::query(sql::RUN_KEEP).bind(run.first).bind(run.expires.0).bind(subscribers).bind(legs);
        let query = query.bind(run.per_block.get());
        query.execute(&mut self.connection).await.map_err(rows::failed)?;
        Ok(())
    }

    /// Takes rows off the journal's low end; their journeys stay.
    async fn trim(&mut self, now: Timestamp) -> Result<Trimmed, StoreError> {
        let (first, is_needed) = sync::write(&self.live).trim(now, TURNS, self.next);
        let until = first.min(self.low + ROWS);
        let is_shorter = until > self.low;
        if is_shorter {
            let trimmed = sqlx::query(sql::TRIM).bind(until).bind(until).execute(&mut self.connection).await;
            self.finish(trimmed).await?;
            self.low = until;
        }
        Ok(match (is_needed && until == first, is_shorter) {
            (false, _) => Trimmed::Part,
            (true, true) => Trimmed::AllThereIs,
            (true, false) => Trimmed::Nothing,
        })
    }

    /// Forgets what has expired.
    async fn forget(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let mut more = self.drop_runs(now).await?;
        let before = |kept: Duration| {
            let kept = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
            now.0.saturating_sub(kept)
        };
        // Blocks of the run that is being written begin at the next.
        let first_block = sync::read(&self.live).runs().first().map_or(self.next_block, |run| run.first);
        let rounds = [
            (sql::FORGET_BLOCKS, first_block, FORGOTTEN),
            (sql::FORGET_INTENTS, before(self.options.intents), INTENTS),
            (sql::FORGET_JOURNEYS, before(self.options.journeys), ROWS),
        ];
        for (statement, before, limit) in rounds {
            let query = sqlx::query(statement).bind(before).bind(limit);
            let done = query.execute(&mut self.connection).await.map_err(rows::failed)?;
            more |= done.rows_affected() >= limit.unsigned_abs();
            if done.rows_affected() > 0 {
                self.checkpoints.mark();
            }
        }
        let mut query = sqlx::query(sql::FORGET_MESSAGES);
        for before in [before(self.options.messages), before(self.options.receipts), now.0] {
            query = query.bind(before).bind(MESSAGES);
        }
        let done = query.execute(&mut self.connection).await.map_err(rows::failed)?;
        if done.rows_affected() > 0 {
            self.checkpoints.mark();
        }
        Ok(more || done.rows_affected() >= MESSAGES.unsigned_abs())
    }

    /// Forgets the first runs, as far as all of them has expired; their blocks go piece by piece.
    async fn drop_runs(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let (runs, last) = {
            let live = sync::read(&self.live);
            let expired = live.runs().iter().take_while(|run| run.expires < now);
            expired.fold((0, None), |(runs, _), run| (runs + 1, Some(run.first)))
        };
        let Some(last) = last else { return Ok(false) };
        sqlx::query(sql::RUNS_FORGET).bind(last).execute(&mut self.connection).await.map_err(rows::failed)?;
        sync::write(&self.live).forget_first(runs);
        self.checkpoints.mark();
        Ok(true)
    }
}
