//! How a store behaves; what concerns one engine alone says so.

use std::time::Duration;

/// How a store behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Commits that may wait for the writer; more are `Busy`.
    pub queue: usize,
    /// Commits written by one transaction at most.
    pub batch: usize,
    /// SQLite: turns that the journal may have before conversations are folded that are not idle yet. A restart reads them all.
    pub tail: usize,
    /// SQLite: conversations without a turn for this long are folded before that, once the journal has `run` such turns.
    pub idle: Duration,
    pub run: usize,
    /// How long journeys are kept.
    pub journeys: Duration,
    /// How long intents are kept from their claim on; only those whose outcome is known are forgotten.
    pub intents: Duration,
    /// How long messages are kept from the moment on at which they were queued; only those that are done with are forgotten.
    pub messages: Duration,
    /// How long receipts are kept that came before the message they are of was known.
    pub receipts: Duration,
    /// PostgreSQL: how long a read or a commit waits for a primary, or for certainty whether it was written; then it fails.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            queue: 4096,
            batch: 512,
            tail: 400_000,
            idle: Duration::from_mins(10),
            run: 100_000,
            journeys: DAY * 90,
            intents: DAY * 90,
            messages: DAY * 90,
            receipts: DAY * 7,
            patience: Duration::from_secs(3),
        }
    }
}
