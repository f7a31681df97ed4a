//! Live conversations in memory: what the journal's tail holds, found by subscriber and by leg; and of what is folded, where.
//!
//! Only the engine changes it, and only after what it publishes is durable; readers look through a lock that is never held
//! across an await.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::journal::Turn;
use super::runs::Run;
use crate::store::hashed::ByHash;
use crate::store::judge::Last;
use crate::store::{Conversation, KeyedHash, Lookup};
use crate::types::Timestamp;

/// Between the first and the last turn of a run, which goes only when all of it has expired.
const SPAN: Duration = Duration::from_hours(1);

#[derive(Debug, Default)]
pub(super) struct Live {
    by_subscriber: ByHash<Entry>,
    /// The leg of each entry's last turn.
    by_leg: ByHash<KeyedHash>,
    /// Turns of the journal, oldest first.
    tail: VecDeque<Place>,
    /// What is folded, oldest first, and how often that has changed.
    runs: Vec<Arc<Run>>,
    changes: u64,
    /// Folded conversations that were read lately: whoever begins to talk again is asked after once more when the turn is
    /// written.
    recalled: ByHash<Conversation>,
}

/// Where a turn stands: the journal's row, whose it is, and when it was.
#[derive(Clone, Copy, Debug)]
struct Place {
    seq: i64,
    subscriber: KeyedHash,
    at: Timestamp,
}

/// A conversation without its key. About 100 bytes beside what is sealed.
#[derive(Debug)]
struct Entry {
    /// The journal's row that holds it.
    seq: i64,
    leg: KeyedHash,
    turn: u64,
    at: Timestamp,
    expires: Timestamp,
    sealed: Box<[u8]>,
}

/// What memory says about a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Here(Conversation),
    /// Its last turn has expired; what is folded is older still. Or there is none at all.
    Nowhere,
    Folded(Blocks),
}

/// Where a conversation may be folded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocks {
    /// Perhaps in one of these; the first that has it counts.
    pub(super) numbers: Vec<i64>,
    /// How often it had changed what is folded when that was looked for.
    changes: u64,
}

impl Live {
    pub(super) fn len(&self) -> usize {
        self.by_subscriber.len()
    }

    /// Makes a durable turn the subscriber's last.
    pub(super) fn publish(&mut self, seq: i64, conversation: Conversation) {
        let Conversation { subscriber, leg, turn, at, expires, sealed } = conversation;
        let entry = Entry { seq, leg, turn, at, expires, sealed: sealed.into_boxed_slice() };
        if let Some(former) = self.by_subscriber.insert(subscriber, entry)
            && former.leg != leg
        {
            Self::unlink(&mut self.by_leg, former.leg, subscriber);
        }
        self.by_leg.insert(leg, subscriber);
        self.recalled.remove(&subscriber);
        self.tail.push_back(Place { seq, subscriber, at });
    }

    /// The same at a start, where the journal is read from its end: what is there already is later.
    pub(super) fn publish_earlier(&mut self, seq: i64, found: &Turn<'_>) {
        let Turn { subscriber, leg, number, at, expires, sealed, .. } = *found;
        self.by_subscriber.entry(subscriber).or_insert_with(|| {
            self.by_leg.entry(leg).or_insert(subscriber);
            Entry { seq, leg, turn: number, at, expires, sealed: sealed.into() }
        });
        self.tail.push_front(Place { seq, subscriber, at });
    }

    pub(super) fn find(&self, lookup: Lookup, now: Timestamp) -> Found {
        match self.here(lookup) {
            Some(conversation) if conversation.expires < now => Found::Nowhere,
            Some(conversation) => Found::Here(conversation),
            None => {
                let numbers: Vec<i64> = match lookup {
                    Lookup::Subscriber(subscriber) => self.blocks(subscriber),
                    Lookup::Leg(leg) => self.runs.iter().rev().flat_map(|run| run.of_leg(leg)).collect(),
                };
                if numbers.is_empty() {
                    Found::Nowhere
                } else {
                    Found::Folded(Blocks { numbers, changes: self.changes })
                }
            }
        }
    }

    /// What memory says by now to who was told of these blocks; `None` where it is the same.
    pub(super) fn find_again(&self, lookup: Lookup, now: Timestamp, told: &Blocks) -> Option<Found> {
        if self.changes == told.changes && self.here(lookup).is_none() {
            return None;
        }
        let found = self.find(lookup, now);
        let is_same = matches!(&found, Found::Folded(blocks) if blocks.numbers == told.numbers);
        (!is_same).then_some(found)
    }

    fn here(&self, lookup: Lookup) -> Option<Conversation> {
        match lookup {
            Lookup::Subscriber(subscriber) => self.get(subscriber).or_else(|| self.recalled(subscriber).cloned()),
            Lookup::Leg(leg) => self.by_leg.get(&leg).and_then(|subscriber| self.get(*subscriber)),
        }
    }

    /// The last turn, expired or not.
    pub(super) fn get(&self, subscriber: KeyedHash) -> Option<Conversation> {
        self.turn(subscriber).map(|turn| turn.owned())
    }

    pub(super) fn turn(&self, subscriber: KeyedHash) -> Option<Turn<'_>> {
        let Entry { leg, turn, at, expires, sealed, .. } = self.by_subscriber.get(&subscriber)?;
        Some(Turn { subscriber, leg: *leg, number: *turn, at: *at, expires: *expires, history: None, sealed })
    }

    /// What decides about the next turn.
    pub(super) fn last(&self, subscriber: KeyedHash) -> Option<Last> {
        self.by_subscriber.get(&subscriber).map(|entry| Last { turn: entry.turn, expires: entry.expires })
    }

    /// Keeps for a moment what was read in the latest run that has its subscriber, who is not live.
    pub(super) fn recall(&mut self, folded: Conversation) {
        const AT_MOST: usize = 4096;

        if self.recalled.len() >= AT_MOST {
            self.recalled.clear();
        }
        self.recalled.insert(folded.subscriber, folded);
    }

    pub(super) fn recalled(&self, subscriber: KeyedHash) -> Option<&Conversation> {
        self.recalled.get(&subscriber)
    }

    /// The blocks in which somebody may stand who is not live; the first that has it counts.
    pub(super) fn blocks(&self, subscriber: KeyedHash) -> Vec<i64> {
        self.runs.iter().rev().flat_map(|run| run.of_subscriber(subscriber)).collect()
    }

    fn is_folded(&self, subscriber: KeyedHash) -> bool {
        self.runs.iter().any(|run| run.of_subscriber(subscriber).next().is_some())
    }

    /// How many turns are to leave the journal's low end: a quarter when it has more than `tail`; those that are `idle`,
    /// when there are `enough` of them. None is more than [`SPAN`] after the first.
    pub(super) fn too_many(&self, now: Timestamp, idle: Duration, enough: usize, tail: usize) -> usize {
        let is_idle = |place: &Place| now.since(place.at) >= idle;
        let turns = if self.tail.len() > tail {
            self.tail.len() - (tail - tail / 4)
        } else if self.tail.get(enough.saturating_sub(1)).is_some_and(is_idle) {
            self.tail.partition_point(is_idle)
        } else {
            0
        };
        let Some(end) = self.tail.front().map(|first| first.at.plus(SPAN)) else { return 0 };
        self.tail.iter().take(turns).take_while(|place| place.at <= end).count()
    }

    /// Whose last turn is among the oldest so many, and the rows that hold them. Expired ones are nobody's concern, but where
    /// an earlier turn may be folded, which else would come back.
    pub(super) fn oldest(&self, turns: usize, now: Timestamp) -> Vec<(KeyedHash, i64)> {
        let concerns = |place: &&Place| {
            let last = self.by_subscriber.get(&place.subscriber).filter(|entry| entry.seq == place.seq);
            last.is_some_and(|entry| entry.expires >= now || self.is_folded(place.subscriber))
        };
        let oldest = self.tail.iter().take(turns).filter(concerns);
        oldest.map(|place| (place.subscriber, place.seq)).collect()
    }

    fn is_last(&self, place: &Place) -> bool {
        self.by_subscriber.get(&place.subscriber).is_some_and(|entry| entry.seq == place.seq)
    }

    /// A run is durable: those who had no turn since they were taken for it are live no more.
    pub(super) fn folded(&mut self, run: Run, taken: &[(KeyedHash, i64)]) {
        self.runs.push(Arc::new(run));
        self.changes += 1;
        self.recalled.clear();
        for (subscriber, seq) in taken {
            if self.by_subscriber.get(subscriber).is_some_and(|entry| entry.seq == *seq) {
                self.remove(*subscriber);
            }
        }
    }

    pub(super) fn runs(&self) -> &[Arc<Run>] {
        &self.runs
    }

    /// The first so many have expired.
    pub(super) fn forget_first(&mut self, runs: usize) {
        self.runs.drain(..self.runs.len().min(runs));
        self.changes += 1;
    }

    /// What is kept of a file's runs, oldest first.
    pub(super) fn set_runs(&mut self, runs: Vec<Arc<Run>>) {
        self.runs = runs;
        self.changes += 1;
    }

    /// Forgets turns at the journal's low end that nobody needs, at most so many: replaced, folded, or expired. The row of
    /// the first that is left, `next` where there is none; and whether that is all that can be forgotten.
    ///
    /// One that expired stays while an earlier one may be folded, which else would come back.
    pub(super) fn trim(&mut self, now: Timestamp, at_most: usize, next: i64) -> (i64, bool) {
        for _ in 0..at_most {
            let Some(place) = self.tail.front().copied() else { return (next, true) };
            if self.is_last(&place) {
                let expired = self.last(place.subscriber).is_some_and(|last| last.expires < now);
                if !expired || self.is_folded(place.subscriber) {
                    return (place.seq, true);
                }
                self.remove(place.subscriber);
            }
            self.tail.pop_front();
        }
        (self.tail.front().map_or(next, |place| place.seq), false)
    }

    fn remove(&mut self, subscriber: KeyedHash) {
        if let Some(entry) = self.by_subscriber.remove(&subscriber) {
            Self::unlink(&mut self.by_leg, entry.leg, subscriber);
        }
    }

    /// A leg that another subscriber has taken over stays.
    fn unlink(by_leg: &mut ByHash<KeyedHash>, leg: KeyedHash, subscriber: KeyedHash) {
        if by_leg.get(&leg) == Some(&subscriber) {
            by_leg.remove(&leg);
        }
    }
}
