//! Folded conversations: runs, each written once in the order of its subscribers, in blocks of some kilobytes.
//!
//! A table with an index on the subscriber would change a page in the middle of a tree for each conversation that is folded:
//! 4 KiB written to the log, and again to the file, for some 400 bytes. A run is appended, and forgotten as a whole.
//!
//! Of a run, memory keeps how its keys begin: twelve bytes a conversation, which tell the block in which one would stand. So
//! whether somebody is folded at all is known without asking the file, but for one in some ten thousand.
//!
//! Of two runs the later one counts. They are forgotten from the first on, so that no turn comes back after a later one
//! was forgotten.

use std::ops::Range;

use super::journal::{Turn, Writing, turns};
use crate::store::{Conversation, KeyedHash, StoreError};
use crate::types::Timestamp;

/// Conversations of one block.
pub(super) const BLOCK: u16 = 32;

/// What memory keeps of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// The number of its first block; the others follow.
    pub(super) first: i64,
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
    /// From its row.
    pub(super) fn read(first: i64, expires: Timestamp, subscribers: &[u8], legs: &[u8]) -> Self {
        let (subscribers, _) = subscribers.as_chunks::<4>();
        let subscribers = subscribers.iter().map(|begin| u32::from_be_bytes(*begin)).collect();
        let (legs, _) = legs.as_chunks::<8>();
        let leg = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes([*e, *f, *g, *h]))
        };
        Self { first, expires, subscribers, legs: legs.iter().map(leg).collect() }
    }

    /// The two columns of its row that say how keys begin.
    pub(super) fn written(&self) -> (Vec<u8>, Vec<u8>) {
        let subscribers = self.subscribers.iter().flat_map(|begin| begin.to_be_bytes()).collect();
        let legs = self.legs.iter().flat_map(|(begin, place)| [begin.to_be_bytes(), place.to_be_bytes()]);
        (subscribers, legs.flatten().collect())
    }

    /// The number after that of its last block.
    pub(super) fn end(&self) -> i64 {
        self.first.saturating_add_unsigned(self.subscribers.len().div_ceil(BLOCK.into()) as u64)
    }

    /// The blocks in which the subscriber may stand: most often none.
    pub(super) fn of_subscriber(&self, subscriber: KeyedHash) -> impl Iterator<Item = i64> {
        let places = equal(&self.subscribers, begin(subscriber), |own| *own);
        // The last place is in the range, which may be empty.
        let block = |place: usize| place / usize::from(BLOCK);
        let blocks = if places.is_empty() { 0..0 } else { block(places.start)..block(places.end - 1) + 1 };
        blocks.map(|block| self.first.saturating_add_unsigned(block as u64))
    }

    /// The blocks in which the leg may stand.
    pub(super) fn of_leg(&self, leg: KeyedHash) -> impl Iterator<Item = i64> {
        let found = equal(&self.legs, begin(leg), |(own, _)| *own);
        let found = self.legs.get(found).unwrap_or_default();
        found.iter().map(|(_, place)| self.first.saturating_add(i64::from(*place / u32::from(BLOCK))))
    }
}

/// Where those that begin so stand.
fn equal<T>(sorted: &[T], begin: u32, own: impl Fn(&T) -> u32) -> Range<usize> {
    let start = sorted.partition_point(|one| own(one) < begin);
    let found = sorted.iter().skip(start).take_while(|one| own(one) == begin).count();
    start..start + found
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
        Self { taken, run: Run { first, expires: Timestamp(i64::MIN), ..Run::default() } }
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
        for taken in self.taken.get(done..).unwrap_or_default().chunks(BLOCK.into()).take(at_most) {
            let number = self.run.end();
            let mut block = Writing::begin(usize::from(BLOCK) * BYTES);
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

    /// When all of its blocks are written.
    pub(super) fn end(&mut self) -> Run {
        self.run.legs.sort_unstable();
        std::mem::take(&mut self.run)
    }
}
