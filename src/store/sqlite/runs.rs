//! Folded conversations: runs, each written once in the order of its subscribers, in blocks of a page or two.
//!
//! A table with an index on the subscriber would change a page in the middle of a tree for each conversation that is folded:
//! 4 KiB written to the log, and again to the file, for some 400 bytes. A run is appended, and forgotten as a whole.
//!
//! Of a run, memory keeps how its keys begin: twelve bytes a conversation, which tell the block in which one would stand. So
//! whether somebody is folded at all is known without asking the file, but for one in some ten thousand.
//!
//! Of two runs the later one counts. They are forgotten from the first on, so that no turn comes back after a later one
//! was forgotten.

use std::num::NonZeroU16;
use std::ops::Range;

use super::journal::{Turn, Writing, turns};
use crate::store::{Conversation, KeyedHash, StoreError};
use crate::types::Timestamp;

/// Conversations of one block of a run that is begun now: about as many as a page of the file holds, since a block is read for one of them.
pub(super) const BLOCK: NonZeroU16 = NonZeroU16::new(8).expect("it is not zero");

/// What memory keeps of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The number of its first block; the others follow.
    pub(super) first: i64,
    /// Conversations of each of its blocks but the last.
    pub(super) per_block: NonZeroU16,
    /// When the last of its conversations expires.
    pub(super) expires: Timestamp,
    /// How the subscribers begin, in their order.
    subscribers: Vec<u32>,
    /// How the legs begin, in their order, each with the place of its conversation.
    legs: Vec<(u32, u32)>,
}

/// The first four bytes: as good as random, and in the order of the whole.
fn begin(KeyedHash([a, b, c, d, ..]): KeyedHash) -> u32 {
    u32::from_be_bytes([a, b, c, d])
}

impl Run {
    fn begin(first: i64) -> Self {
        let expires = Timestamp(i64::MIN);
        Self { first, per_block: BLOCK, expires, subscribers: Vec::new(), legs: Vec::new() }
    }

    /// From its row.
    pub(super) fn read(first: i64, per_block: NonZeroU16, expires: Timestamp, subscribers: &[u8], legs: &[u8]) -> Self {
        let (subscribers, _) = subscribers.as_chunks::<4>();
        let subscribers = subscribers.iter().map(|begin| u32::from_be_bytes(*begin)).collect();
        let (legs, _) = legs.as_chunks::<8>();
        let leg = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes([*e, *f, *g, *h]))
        };
        Self { first, per_block, expires, subscribers, legs: legs.iter().map(leg).collect() }
    }

    /// The two columns of its row that say how keys begin.
    pub(super) fn written(&self) -> (Vec<u8>, Vec<u8>) {
        let subscribers = self.subscribers.iter().flat_map(|begin| begin.to_be_bytes()).collect();
        let legs = self.legs.iter().flat_map(|(begin, place)| [begin.to_be_bytes(), place.to_be_bytes()]);
        (subscribers, legs.flatten().collect())
    }

    /// The number after that of its last block.
    pub(super) fn end(&self) -> i64 {
        self.first.saturating_add_unsigned(self.subscribers.len().div_ceil(self.per_block()) as u64)
    }

    fn per_block(&self) -> usize {
        self.per_block.get().into()
    }

    /// The blocks in which the subscriber may stand: most often none.
    pub(super) fn of_subscriber(&self, subscriber: KeyedHash) -> impl Iterator<Item = i64> {
        let places = equal(&self.subscribers, begin(subscriber), |own| *own);
        // The last place is in the range, which may be empty.
        let block = |place: usize| place / self.per_block();
        let blocks = if places.is_empty() { 0..0 } else { block(places.start)..block(places.end - 1) + 1 };
        blocks.map(|block| self.first.saturating_add_unsigned(block as u64))
    }

    /// The blocks in which the leg may stand.
    pub(super) fn of_leg(&self, leg: KeyedHash) -> impl Iterator<Item = i64> {
        let found = equal(&self.legs, begin(leg), |(own, _)| *own);
        let found = self.legs.get(found).unwrap_or_default();
        found.iter().map(|(_, place)| self.first.saturating_add(i64::from(*place / u32::from(self.per_block.get()))))
    }
}

/// Where those that begin so stand.
fn equal<T>(sorted: &[T], begin: u32, own: impl Fn(&T) -> u32) -> Range<usize> {
    let start = first_from(sorted, begin, &own);
    let found = sorted.iter().skip(start).take_while(|one| own(one) == begin).count();
    start..start + found
}

/// Where the first stands that does not begin before `begin`. Keys are as good as random, so that one that begins so stands about where
/// its share of all says, and closer still to where the one that is found there says: that looks at two or three lines of memory, where
/// halving would look at a dozen, in each run anew. Where keys are not random it takes as long as halving, and as long again.
fn first_from<T>(sorted: &[T], begin: u32, own: &impl Fn(&T) -> u32) -> usize {
    /// As many as a line of memory holds, or half of them.
    const NEAR: usize = 8;

    let share = |part: u32| usize::try_from((sorted.len() as u64 * u64::from(part)) >> 32).unwrap_or(usize::MAX);
    let is_before = |place: usize| sorted.get(place).is_some_and(|one| own(one) < begin);
    let mut place = share(begin);
    if let Some(one) = sorted.get(place) {
        let beside = share(own(one).abs_diff(begin));
        place = if own(one) < begin { (place + beside).min(sorted.len()) } else { place.saturating_sub(beside) };
    }
    // Steps that double, up or down, until the place is between two of them.
    let (mut low, mut high, mut step) = (place, place, NEAR);
    while is_before(high) {
        (low, high, step) = (high + 1, (high + step).min(sorted.len()), step * 2);
    }
    if low == place {
        while low > 0 && !is_before(low - 1) {
            (high, low, step) = (low, low.saturating_sub(step), step * 2);
        }
    }
    low + sorted.get(low..high).unwrap_or_default().partition_point(|one| own(one) < begin)
}

/// The first conversation of a block that is wanted.
pub(super) fn in_block(block: &[u8], wanted: impl Fn(&Turn<'_>) -> bool) -> Result<Option<Conversation>, StoreError> {
    for turn in turns(block) {
        let turn = turn?;
        if wanted(&turn) {
            return Ok(Some(turn.owned()));
        }
    }
    Ok(None)
}

/// A run that is being written.
#[derive(Debug)]
pub(super) struct Folding {
    /// Those of whom it is, in their order, and the journal's rows that hold their last turns.
    pub(super) taken: Vec<(KeyedHash, i64)>,
    run: Run,
}

impl Folding {
    /// `taken` in any order, also twice; `first` as in a run.
    pub(super) fn begin(mut taken: Vec<(KeyedHash, i64)>, first: i64) -> Self {
        taken.sort_unstable();
        taken.dedup_by_key(|(subscriber, _)| *subscriber);
        Self { taken, run: Run::begin(first) }
    }

    /// The next blocks, at most so many, with their numbers; none where all are written.
    pub(super) fn blocks<'a>(
        &mut self,
        at_most: usize,
        of: impl Fn(KeyedHash) -> Option<Turn<'a>>,
    ) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        /// Of a conversation, about: a block is made once, and kept for a moment.
        const BYTES: usize = 600;

        let done = self.run.subscribers.len();
        let mut blocks = Vec::new();
        for taken in self.taken.get(done..).unwrap_or_default().chunks(self.run.per_block()).take(at_most) {
            let number = self.run.end();
            let mut block = Writing::begin(self.run.per_block() * BYTES);
            for (subscriber, _) in taken {
                let place = u32::try_from(self.run.subscribers.len()).unwrap_or(u32::MAX);
                self.run.subscribers.push(begin(*subscriber));
                // It is there: nobody leaves memory while a run is being written.
                if let Some(turn) = of(*subscriber) {
                    self.run.legs.push((begin(turn.leg), place));
                    self.run.expires = self.run.expires.max(turn.expires);
                    block.turn(&turn)?;
                }
            }
            blocks.push((number, block.end()));
        }
        Ok(blocks)
    }

    /// When all of its blocks are written: the run, and whom it took.
    pub(super) fn end(mut self) -> (Run, Vec<(KeyedHash, i64)>) {
        self.run.legs.sort_unstable();
        (self.run, self.taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Random ones, and such as no hash gives: close together, and many alike.
        #[test]
        fn who_begins_so_is_found_among_any(
            mut sorted in prop_oneof![
                prop::collection::vec(any::<u32>(), 0..300),
                prop::collection::vec(0..40_u32, 0..300),
                prop::collection::vec(u32::MAX - 40.., 0..300),
            ],
            other: u32,
            at: prop::sample::Index,
        ) {
            sorted.sort_unstable();
            let one = if sorted.is_empty() { other } else { sorted[at.index(sorted.len())] };
            for begin in [other, one, one.wrapping_add(1), 0, u32::MAX] {
                let first = sorted.partition_point(|own| *own < begin);
                let end = sorted.partition_point(|own| *own <= begin);
                prop_assert_eq!(equal(&sorted, begin, |own| *own), first..end);
            }
        }
    }

    /// How many are looked at is what this is for: in each of fifty runs, for everybody who begins to talk.
    #[test]
    fn few_of_random_ones_are_looked_at() {
        const KEYS: usize = 20_000;
        const WANTED: usize = 1000;

        let mut random = fastrand::Rng::with_seed(7);
        let mut sorted: Vec<u32> = std::iter::repeat_with(|| random.u32(..)).take(KEYS).collect();
        sorted.sort_unstable();
        let looks = std::cell::Cell::new(0);
        for wanted in std::iter::repeat_with(|| random.u32(..)).take(WANTED) {
            equal(&sorted, wanted, |own| {
                looks.set(looks.get() + 1);
                *own
            });
        }
        assert!(looks.get() < 12 * WANTED, "{} looks for {WANTED}", looks.get());
    }
}
