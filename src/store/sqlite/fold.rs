//! Upkeep, in pieces that commits can wait for: the journal's low end is folded and trimmed, what has expired is forgotten.
//!
//! The journal is one table with a moving low end rather than tables that take turns: a row leaves it in the transaction
//! that folds its conversation or finds that nobody needs it. So its length is the restart's length, and no table is ever
//! emptied at one stroke while commits wait.

use std::time::Duration;

use super::write::Sqlite;
use super::{rows, sql};
use crate::store::StoreError;
use crate::store::columns::{Hex, json};
use crate::sync;
use crate::types::Timestamp;

/// Conversations folded, and rows forgotten in each table, by one piece.
const AT_MOST: usize = 256;

impl Sqlite {
    /// One piece; `true` while there is more to do.
    pub(super) async fn fold(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let (sweep, first) = {
            let live = sync::read(&self.live);
            let sweep = live.sweep(now, self.options.idle, self.options.tail, AT_MOST);
            let first = live.first_after(&sweep, self.next);
            (sweep, first)
        };
        if sweep.rows == 0 {
            return self.forget(now).await;
        }
        let folded = json(sweep.fold.iter().map(rows::folded))?;
        let expired = json(sweep.expired.iter().map(|subscriber| Hex(&subscriber.0)))?;
        let query = sqlx::query(sql::FOLD).bind(folded).bind(expired).bind(first);
        let written = query.execute(&mut self.connection).await;
        self.finish(written).await?;
        sync::write(&self.live).swept(&sweep);
        Ok(true)
    }

    async fn forget(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let before = |kept: Duration| {
            let kept = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
            now.0.saturating_sub(kept)
        };
        let rounds = [
            (sql::FORGET_CONVERSATIONS, now.0),
            (sql::FORGET_INTENTS, before(self.options.intents)),
            (sql::FORGET_JOURNEYS, before(self.options.journeys)),
        ];
        let mut more = false;
        for (statement, before) in rounds {
            let limit = i64::try_from(AT_MOST).unwrap_or(i64::MAX);
            let query = sqlx::query(statement).bind(before).bind(limit);
            let done = query.execute(&mut self.connection).await.map_err(rows::failed)?;
            more |= done.rows_affected() >= AT_MOST as u64;
            if done.rows_affected() > 0 {
                self.checkpoints.mark();
            }
        }
        Ok(more)
    }
}
