//! Upkeep: forgetting what has expired, and partitions of journeys. One node does it for all: whoever holds the lease
//! `upkeep`. Each statement names the lease's fence, and does nothing once another node has taken it over.
//!
//! Each node counts live conversations for itself.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use super::fault::Fault;
use super::line::{Lines, Statement};
use super::{rows, sql};
use crate::store::{Options, StoreError, Trouble};
use crate::sync::lock;
use crate::types::Timestamp;

/// Upkeep is asked for several times a second; there is something to do this often at most.
const EVERY: Duration = Duration::from_secs(10);

/// How often live conversations are counted at most.
const COUNT_EVERY: Duration = Duration::from_secs(30);

/// For how long a node has the work of upkeep; it asks anew each round.
const LEASE: Duration = Duration::from_mins(1);

/// Rows forgotten by one statement, and statements in one round.
const AT_MOST: i64 = 1000;
const ROUNDS: usize = 100;

/// Partitions there are from today on.
const AHEAD: i64 = 4;

const DAY: i64 = 24 * 3_600_000;

#[derive(Debug)]
pub(super) struct Upkeep {
    pub(super) lines: Lines,
    /// Of this store, unlike any other.
    pub(super) holder: Vec<u8>,
    pub(super) options: Options,
    last: Mutex<Last>,
    live: AtomicUsize,
    trouble: Trouble,
}

#[derive(Clone, Copy, Debug, Default)]
struct Last {
    round: Option<Timestamp>,
    count: Option<Timestamp>,
}

impl Upkeep {
    pub(super) fn new(lines: Lines, holder: Vec<u8>, options: Options) -> Self {
        Self { lines, holder, options, last: Mutex::default(), live: AtomicUsize::new(0), trouble: Trouble::default() }
    }

    pub(super) async fn close(&self) {
        self.lines.close().await;
    }

    pub(super) fn live(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// One round, if it is time for one: whether it was. A round that fails is not repeated before it is time for the next.
    pub(super) async fn round(&self, now: Timestamp) -> Result<bool, StoreError> {
        if self.lines.primary().is_closed() {
            return Err(StoreError::Closed);
        }
        let is_time =
            |last: Option<Timestamp>, every: Duration| last.is_none_or(|last| now.since(last) >= every || last > now);
        let count = {
            let mut last = lock(&self.last);
            if !is_time(last.round, EVERY) {
                return Ok(false);
            }
            last.round = Some(now);
            let count = is_time(last.count, COUNT_EVERY);
            if count {
                last.count = Some(now);
            }
            count
        };
        let kept_up = self.keep_up(now).await;
        match &kept_up {
            Ok(()) => drop(self.trouble.worked()),
            Err(StoreError::Closed) => {}
            Err(error) => {
                if let Some(lasting) = self.trouble.failed() {
                    let (seconds, times) = (lasting.since.as_secs(), lasting.times);
                    tracing::warn!(%error, seconds, times, "The database is not kept up: what has expired may stay in it");
                }
            }
        }
        if count {
            let live = self.lines.read(|| sqlx::query(sql::LIVE).bind(now.0)).await?;
            let live: i64 = live.first().map_or(Ok(0), |row| rows::get(row, 0))?;
            self.live.store(usize::try_from(live).unwrap_or(0), Ordering::Relaxed);
        }
        kept_up.map(|()| true)
    }

    /// What is one node's to do. Neither part waits for the other to work.
    async fn keep_up(&self, now: Timestamp) -> Result<(), StoreError> {
        let Some(fence) = self.lease(now).await? else { return Ok(()) };
        let made = self.partitions(now, fence).await;
        self.forget(now, fence).await.and(made)
    }

    /// The fence, where the work is this node's.
    pub(super) async fn lease(&self, now: Timestamp) -> Result<Option<i64>, StoreError> {
        let lease = sqlx::query(sql::UPKEEP_LEASE).bind(self.holder.clone()).bind(now.0).bind(now.plus(LEASE).0);
        let held = self.lines.write(lease).await?;
        held.first().map(|row| rows::get(row, 0)).transpose()
    }

    pub(super) async fn forget(&self, now: Timestamp, fence: i64) -> Result<(), StoreError> {
        let journeys = first_kept(now, self.options.journeys);
        self.again(|| sqlx::query(sql::FORGET_CONVERSATIONS).bind(now.0).bind(AT_MOST).bind(fence)).await?;
        let intents = first_kept(now, self.options.intents);
        self.again(|| sqlx::query(sql::FORGET_INTENTS).bind(intents).bind(AT_MOST).bind(fence)).await?;
        let (messages, receipts) = (first_kept(now, self.options.messages), first_kept(now, self.options.receipts));
        self.again(|| sqlx::query(sql::FORGET_MESSAGES).bind(messages).bind(AT_MOST).bind(fence)).await?;
        self.again(|| sqlx::query(sql::FORGET_EARLY_RECEIPTS).bind(receipts).bind(AT_MOST).bind(fence)).await?;
        self.again(|| sqlx::query(sql::FORGET_MARKS).bind(now.0).bind(AT_MOST).bind(fence)).await?;
        self.again(|| sqlx::query(sql::FORGET_JOURNEYS).bind(journeys).bind(AT_MOST).bind(fence)).await
    }

    /// A statement that counts what it forgot, as often as there may be more.
    async fn again(&self, statement: impl Fn() -> Statement) -> Result<(), StoreError> {
        for _ in 0..ROUNDS {
            let forgotten = self.lines.write(statement()).await?;
            let forgotten: i64 = forgotten.first().map_or(Ok(0), |row| rows::get(row, 0))?;
            if forgotten < AT_MOST {
                break;
            }
        }
        Ok(())
    }

    /// Makes the days to come and drops those whose time is over.
    pub(super) async fn partitions(&self, now: Timestamp, fence: i64) -> Result<(), StoreError> {
        let found = self.lines.read(|| sqlx::query(sql::PARTITIONS)).await?;
        let found = found.iter().map(|row| rows::get::<String>(row, 0)).collect::<Result<Vec<_>, _>>()?;
        let found: BTreeSet<i64> = found.iter().filter_map(|name| day_of(name)).collect();
        let today = now.0.div_euclid(DAY);
        for day in (today..today + AHEAD).filter(|day| !found.contains(day)) {
            self.script(sql::PARTITION_MAKE, day, fence).await?;
        }
        let first = first_kept(now, self.options.journeys).div_euclid(DAY);
        for day in found.range(..first) {
            self.script(sql::PARTITION_DROP, *day, fence).await?;
        }
        Ok(())
    }

    async fn script(&self, text: &str, day: i64, fence: i64) -> Result<(), StoreError> {
        let Some(name) = name_of(day) else { return Ok(()) };
        let (from, to) = ((day * DAY).to_string(), ((day + 1) * DAY).to_string());
        let text = text.replace("{day}", &name).replace("{from}", &from).replace("{to}", &to);
        match self.lines.script(text.replace("{fence}", &fence.to_string())).await {
            // Another node has taken the work over.
            Err(Fault::Raced) => Ok(()),
            // Somebody had journeys for longer than the statement waits: a dump, say. There is another round.
            Err(Fault::Refused(reason)) => {
                Err(StoreError::Database(format!("the partition of journeys of {name} must wait: {reason}")))
            }
            done => Ok(done?),
        }
    }
}

/// What is older is forgotten.
pub(super) fn first_kept(now: Timestamp, kept: Duration) -> i64 {
    now.0.saturating_sub(i64::try_from(kept.as_millis()).unwrap_or(i64::MAX))
}

/// `20260131`, from the days since 1970.
fn name_of(day: i64) -> Option<String> {
    let midnight = DateTime::<Utc>::from_timestamp_millis(day.checked_mul(DAY)?)?;
    let name = midnight.format("%Y%m%d").to_string();
    // A year of more digits, or before our era, is nobody's.
    (name.len() == 8).then_some(name)
}

/// From `journeys_20260131`; `None` for the default partition.
fn day_of(table: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(table.strip_prefix("journeys_")?, "%Y%m%d").ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis().div_euclid(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_names_and_names_have_days() {
        for (day, name) in [(0, "19700101"), (20_484, "20260131"), (20_485, "20260201")] {
            assert_eq!(name_of(day).as_deref(), Some(name));
            assert_eq!(day_of(&format!("journeys_{name}")), Some(day));
        }
        assert_eq!(day_of("journeys_default"), None);
        assert_eq!(name_of(i64::MAX), None);
    }
}
