//! The bytes in which turns are kept: those of a batch of commits in a row of the journal, those of a run in its blocks.
//!
//! A version, then one turn after the other. Numbers have a fixed width, the highest byte first; what
//! varies in length comes after its length. So a batch is written by copying, and read without taking apart what nobody
//! needs. Nothing here knows SQL; the migration that made the journal writes the same bytes.

use crate::store::{Conversation, KeyedHash, StoreError, TurnRecord};
use crate::types::Timestamp;

/// The first byte.
const VERSION: u8 = 1;
/// Rows and blocks being written.
#[derive(Debug)]
pub(super) struct Writing(Vec<u8>);

impl Writing {
    pub(super) fn begin(capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.push(VERSION);
        Self(bytes)
    }

    pub(super) fn end(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn turn(&mut self, turn: &Turn<'_>) -> Result<(), StoreError> {
        let Turn { subscriber, leg, number, at, expires, history, sealed } = turn;
        let long = |_| StoreError::Database(format!("{} sealed bytes are too many", sealed.len()));
        let length = u32::try_from(sealed.len()).map_err(long)?;
        self.put(&subscriber.0);
        self.put(&leg.0);
        self.put(&number.to_be_bytes());
        self.put(&at.0.to_be_bytes());
        self.put(&expires.0.to_be_bytes());
        self.0.push(history.is_some().into());
        if let Some((length, hash)) = history {
            self.put(&length.to_be_bytes());
            self.put(&hash.0);
        }
        self.put(&length.to_be_bytes());
        self.put(sealed);
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// A turn as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn<'a> {
    pub(super) subscriber: KeyedHash,
    pub(super) leg: KeyedHash,
    pub(super) number: u64,
    pub(super) at: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) history: Option<(u32, KeyedHash)>,
    pub(super) sealed: &'a [u8],
}

impl<'a> From<&'a TurnRecord> for Turn<'a> {
    fn from(record: &'a TurnRecord) -> Self {
        let Conversation { subscriber, leg, turn, at, expires, ref sealed } = record.conversation;
        Self { subscriber, leg, number: turn, at, expires, history: record.history, sealed }
    }
}

impl Turn<'_> {
    pub(super) fn owned(&self) -> Conversation {
        let Self { subscriber, leg, number, at, expires, sealed, .. } = *self;
        Conversation { subscriber, leg, turn: number, at, expires, sealed: sealed.to_vec() }
    }
}

/// One turn after the other; after one that cannot be read nothing follows.
pub(super) fn turns(bytes: &[u8]) -> impl Iterator<Item = Result<Turn<'_>, StoreError>> {
    let mut rest = bytes.split_first().filter(|(version, _)| **version == VERSION).map(|(_, rest)| rest);
    let mut is_broken = rest.is_none();
    std::iter::from_fn(move || {
        if let Some(bytes) = rest.filter(|bytes| !bytes.is_empty()) {
            let mut reading = Reading(bytes);
            let turn = reading.turn();
            rest = turn.is_some().then_some(reading.0);
            is_broken = turn.is_none();
            if let Some(turn) = turn {
                return Some(Ok(turn));
            }
        }
        let why = "a row of the journal, or a block of conversations, is not as this version of gramsetu writes it";
        std::mem::take(&mut is_broken).then(|| Err(StoreError::Database(why.to_owned())))
    })
}

/// What is left to be read.
struct Reading<'a>(&'a [u8]);

impl<'a> Reading<'a> {
    fn turn(&mut self) -> Option<Turn<'a>> {
        Some(Turn {
            subscriber: KeyedHash(self.array()?),
            leg: KeyedHash(self.array()?),
            number: u64::from_be_bytes(self.array()?),
            at: Timestamp(i64::from_be_bytes(self.array()?)),
            expires: Timestamp(i64::from_be_bytes(self.array()?)),
            history: match self.array()? {
                [0] => None,
                [1] => Some((u32::from_be_bytes(self.array()?), KeyedHash(self.array()?))),
                _ => return None,
            },
            sealed: {
                let length = usize::try_from(u32::from_be_bytes(self.array()?)).ok()?;
                let (sealed, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                sealed
            },
        })
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hash() -> impl Strategy<Value = KeyedHash> {
        any::<[u8; 16]>().prop_map(KeyedHash)
    }

    prop_compose! {
        fn turn()(
            (subscriber, leg, turn) in (hash(), hash(), any::<u64>()),
            (at, expires) in (any::<i64>(), any::<i64>()),
            history in prop::option::of((any::<u32>(), hash())),
            sealed in prop::collection::vec(any::<u8>(), 0..50),
        ) -> TurnRecord {
            let (at, expires) = (Timestamp(at), Timestamp(expires));
            TurnRecord { conversation: Conversation { subscriber, leg, turn, at, expires, sealed }, history }
        }
    }

    fn written(turns: &[TurnRecord]) -> Vec<u8> {
        let mut writing = Writing::begin(0);
        for turn in turns {
            writing.turn(&turn.into()).expect("short enough");
        }
        writing.end()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(records in prop::collection::vec(turn(), 0..4)) {
            let bytes = written(&records);
            let found = turns(&bytes).collect::<Result<Vec<_>, _>>().expect("readable");
            prop_assert_eq!(&found, &records.iter().map(Turn::from).collect::<Vec<_>>());
            for (found, record) in found.iter().zip(&records) {
                prop_assert_eq!(&found.owned(), &record.conversation);
            }
        }

        #[test]
        fn what_is_cut_in_the_middle_is_read_as_far_as_it_is_whole(record in turn(), cut in 1..120_usize) {
            let whole = written(std::slice::from_ref(&record)).len();
            let bytes = written(&[record.clone(), record]);
            let cut = (whole + cut).min(bytes.len() - 1);
            let found: Vec<_> = turns(&bytes[..cut]).collect();
            prop_assert!(matches!(found.as_slice(), [Ok(_), Err(_)]), "{:?}", found);
        }

        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..300)) {
            prop_assert!(turns(&bytes).count() <= bytes.len() + 1);
        }
    }

    #[test]
    fn another_versions_bytes_are_refused() {
        for bytes in [&[][..], &[2], &[0, 1]] {
            let found: Vec<_> = turns(bytes).collect();
            assert!(matches!(found.as_slice(), [Err(StoreError::Database(_))]), "{found:?}");
        }
        assert_eq!(turns(&[VERSION]).count(), 0);
    }
}
