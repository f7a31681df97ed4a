//! What the machine gives: the time of day and random numbers. The only place that asks for either; everybody else is handed
//! a [`Clock`] and a [`Chance`], and dialogues are handed a virtual clock and a seed.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::types::{Chance, Clock, Later, Timestamp};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody is handed")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody is handed")]
    fn sleep(&self, how_long: Duration) -> Later<'_, ()> {
        Box::pin(tokio::time::sleep(how_long))
    }
}

/// A clock on which waiting takes no time: it moves when somebody sleeps, and by [`VirtualClock::advance`].
#[derive(Debug)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    pub fn starting_at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    pub fn advance(&self, by: Duration) {
        self.0.store(self.now().plus(by).0, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    fn sleep(&self, how_long: Duration) -> Later<'_, ()> {
        self.advance(how_long);
        Box::pin(std::future::ready(()))
    }
}

/// The machine's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "this is the chance that everybody is handed")]
    fn draw(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the machine gives random numbers; without them no id would be safe");
        u128::from_le_bytes(bytes)
    }
}

/// The same numbers for the same seed: for dialogues, whose transcripts must not change by themselves.
#[derive(Debug)]
pub struct SeededChance {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededChance {
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Chance for SeededChance {
    fn draw(&self) -> u128 {
        let n = self.drawn.fetch_add(1, Ordering::SeqCst);
        let digest = Sha256::new().chain_update(self.seed.to_le_bytes()).chain_update(n.to_le_bytes()).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        u128::from_le_bytes(bytes)
    }
}
