//! Live conversations in memory: what the journal's tail holds, found by subscriber and by leg.
//!
//! Only the engine changes it, and only after what it publishes is durable; readers look through a lock that is never held
//! across an await.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::store::judge::Last;
use crate::store::{Conversation, KeyedHash, Lookup};
use crate::types::Timestamp;

/// Keyed by hashes that nobody outside can choose, yet with the standard hasher: it is not what limits the writer.
#[derive(Debug, Default)]
pub(super) struct Live {
    by_subscriber: HashMap<KeyedHash, Entry>,
    /// The leg of each entry's last turn.
    by_leg: HashMap<KeyedHash, KeyedHash>,
    /// Rows of the journal, oldest first: all since the start; of those before it the ones that were their subscriber's last.
    tail: VecDeque<(i64, KeyedHash)>,
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
    /// Whether the table of folded conversations may hold an earlier turn.
    folded: bool,
}

/// What memory says about a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Here(Conversation),
    /// Its last turn has expired; what is folded is older still.
    Expired,
    /// Perhaps folded.
    Elsewhere,
}

/// A piece of the journal's low end that is to leave it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sweep {
    /// Their last turn lies in the piece: to be folded.
    pub(super) fold: Vec<Conversation>,
    /// Expired ones, to be removed from the table, where an earlier turn may be.
    pub(super) expired: Vec<KeyedHash>,
    /// Expired ones of which nothing can be in the table.
    pub(super) dropped: Vec<KeyedHash>,
    /// Rows of the piece.
    pub(super) rows: usize,
}

impl Live {
    pub(super) fn len(&self) -> usize {
        self.by_subscriber.len()
    }

    /// Makes a durable turn the subscriber's last. `folded`: whether an earlier one may be in the table, where the entry
    /// that it replaces does not know better.
    pub(super) fn publish(&mut self, seq: i64, conversation: Conversation, folded: bool) {
        let Conversation { subscriber, leg, turn, at, expires, sealed } = conversation;
        let mut entry = Entry { seq, leg, turn, at, expires, sealed: sealed.into_boxed_slice(), folded };
        if let Some(former) = self.by_subscriber.get(&subscriber) {
            entry.folded |= former.folded;
            if former.leg != leg {
                Self::unlink(&mut self.by_leg, former.leg, subscriber);
            }
        }
        self.by_leg.insert(leg, subscriber);
        self.by_subscriber.insert(subscriber, entry);
        self.tail.push_back((seq, subscriber));
    }

    pub(super) fn find(&self, lookup: Lookup, now: Timestamp) -> Found {
        let subscriber = match lookup {
            Lookup::Subscriber(subscriber) => Some(subscriber),
            Lookup::Leg(leg) => self.by_leg.get(&leg).copied(),
        };
        match subscriber.and_then(|subscriber| self.get(subscriber)) {
            None => Found::Elsewhere,
            Some(conversation) if conversation.expires < now => Found::Expired,
            Some(conversation) => Found::Here(conversation),
        }
    }

    /// The last turn, expired or not.
    pub(super) fn get(&self, subscriber: KeyedHash) -> Option<Conversation> {
        self.by_subscriber.get(&subscriber).map(|entry| entry.conversation(subscriber))
    }

    /// What decides about the next turn.
    pub(super) fn last(&self, subscriber: KeyedHash) -> Option<Last> {
        self.by_subscriber.get(&subscriber).map(|entry| Last { turn: entry.turn, expires: entry.expires })
    }

    /// What can leave the journal's low end: rows that a later turn of the subscriber has replaced, expired ones, and
    /// those idle for `idle`; any, while the journal has more than `tail` rows. At most `at_most` conversations to fold.
    pub(super) fn sweep(&self, now: Timestamp, idle: Duration, tail: usize, at_most: usize) -> Sweep {
        /// Rows of one piece: what can be deleted while commits wait.
        const ROWS: i64 = 2048;

        let mut sweep = Sweep::default();
        let (Some((oldest, _)), Some((newest, _))) = (self.tail.front(), self.tail.back()) else { return sweep };
        let tail = i64::try_from(tail).unwrap_or(i64::MAX);
        for (seq, subscriber) in self.tail.iter().take_while(|(seq, _)| seq - oldest < ROWS) {
            if let Some(entry) = self.by_subscriber.get(subscriber).filter(|entry| entry.seq == *seq) {
                let pressed = newest - seq >= tail;
                if entry.expires < now {
                    if entry.folded { &mut sweep.expired } else { &mut sweep.dropped }.push(*subscriber);
                } else if sweep.fold.len() < at_most && (pressed || now.since(entry.at) >= idle) {
                    sweep.fold.push(entry.conversation(*subscriber));
                } else {
                    break;
                }
            }
            sweep.rows += 1;
        }
        sweep
    }

    /// The first row that stays in the journal when the piece has left it; `next` when none does.
    pub(super) fn first_after(&self, sweep: &Sweep, next: i64) -> i64 {
        self.tail.get(sweep.rows).map_or(next, |(seq, _)| *seq)
    }

    /// Forgets what has left the journal.
    pub(super) fn swept(&mut self, sweep: &Sweep) {
        self.tail.drain(..sweep.rows.min(self.tail.len()));
        let folded = sweep.fold.iter().map(|conversation| &conversation.subscriber);
        for subscriber in folded.chain(&sweep.expired).chain(&sweep.dropped) {
            if let Some(entry) = self.by_subscriber.remove(subscriber) {
                Self::unlink(&mut self.by_leg, entry.leg, *subscriber);
            }
        }
    }

    /// A leg that another subscriber has taken over stays.
    fn unlink(by_leg: &mut HashMap<KeyedHash, KeyedHash>, leg: KeyedHash, subscriber: KeyedHash) {
        if by_leg.get(&leg) == Some(&subscriber) {
            by_leg.remove(&leg);
        }
    }
}

impl Entry {
    fn conversation(&self, subscriber: KeyedHash) -> Conversation {
        Conversation {
            subscriber,
            leg: self.leg,
            turn: self.turn,
            at: self.at,
            expires: self.expires,
            sealed: self.sealed.to_vec(),
        }
    }
}
