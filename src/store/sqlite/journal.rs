//! The bytes of a row of the journal, which is what a batch of commits made durable, and of a block of folded conversations.
//!
//! A version, then records, each after a byte that names its kind. Numbers have a fixed width, the highest byte first; what
//! varies in length comes after its length. So a batch is written by copying, and read without taking apart what nobody
//! needs. Nothing here knows SQL; the migration that made the journal writes the same bytes.

use crate::store::{Conversation, JourneyRecord, KeyedHash, StoreError, TurnRecord};
use crate::types::Timestamp;

/// The first byte.
const VERSION: u8 = 1;
/// Kinds of records.
const TURN: u8 = 1;
const JOURNEY: u8 = 2;
/// In the place of a length: there is no such text.
const NONE: u32 = u32::MAX;

/// Rows and blocks being written.
#[derive(Debug)]
pub(super) struct Writing(Vec<u8>);

impl Writing {
    pub(super) fn begin(capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.push(VERSION);
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.len() == 1
    }

    pub(super) fn end(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn turn(&mut self, record: &TurnRecord) -> Result<(), StoreError> {
        let Conversation { subscriber, leg, turn, at, expires, sealed } = &record.conversation;
        let turn = Turn {
            subscriber: *subscriber,
            leg: *leg,
            turn: *turn,
            at: *at,
            expires: *expires,
            history: record.history,
            sealed,
        };
        self.conversation(&turn)
    }

    pub(super) fn conversation(&mut self, turn: &Turn<'_>) -> Result<(), StoreError> {
        let Turn { subscriber, leg, turn, at, expires, history, sealed } = turn;
        self.0.push(TURN);
        self.put(&subscriber.0);
        self.put(&leg.0);
        self.put(&turn.to_be_bytes());
        self.put(&at.0.to_be_bytes());
        self.put(&expires.0.to_be_bytes());
        self.0.push(history.is_some().into());
        if let Some((length, hash)) = history {
            self.put(&length.to_be_bytes());
            self.put(&hash.0);
        }
        self.bytes(sealed)
    }

    pub(super) fn journey(&mut self, record: &JourneyRecord) -> Result<(), StoreError> {
        let JourneyRecord { at, session, gateway, channel, program, from, answer, to } = record;
        self.0.push(JOURNEY);
        self.put(&at.0.to_be_bytes());
        self.put(&session.0);
        for text in [Some(gateway.as_str()), Some(channel), Some(program), from.as_deref(), Some(answer), to.as_deref()]
        {
            match text {
                Some(text) => self.bytes(text.as_bytes())?,
                None => self.put(&NONE.to_be_bytes()),
            }
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length != NONE);
        let length = length.ok_or_else(|| StoreError::Database(format!("{} bytes are too many", bytes.len())))?;
        self.put(&length.to_be_bytes());
        self.put(bytes);
        Ok(())
    }
}

/// What a row or a block holds, as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    Turn(Turn<'a>),
    Journey(Journey<'a>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn<'a> {
    pub(super) subscriber: KeyedHash,
    pub(super) leg: KeyedHash,
    pub(super) turn: u64,
    pub(super) at: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) history: Option<(u32, KeyedHash)>,
    pub(super) sealed: &'a [u8],
}

/// `texts` in the order of the table: gateway, channel, program, from, answer, to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Journey<'a> {
    pub(super) at: Timestamp,
    pub(super) session: KeyedHash,
    pub(super) texts: [Option<&'a str>; 6],
}

impl Turn<'_> {
    pub(super) fn owned(&self) -> Conversation {
        let Self { subscriber, leg, turn, at, expires, sealed, .. } = *self;
        Conversation { subscriber, leg, turn, at, expires, sealed: sealed.to_vec() }
    }
}

/// The turns among them.
pub(super) fn turns(bytes: &[u8]) -> impl Iterator<Item = Result<Turn<'_>, StoreError>> {
    records(bytes).filter_map(|record| match record {
        Ok(Record::Turn(turn)) => Some(Ok(turn)),
        Ok(Record::Journey(_)) => None,
        Err(error) => Some(Err(error)),
    })
}

/// One record after the other; after one that cannot be read nothing follows.
pub(super) fn records(bytes: &[u8]) -> Records<'_> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => Records { rest, broken: false },
        _ => Records { rest: &[], broken: true },
    }
}

#[derive(Debug)]
pub(super) struct Records<'a> {
    rest: &'a [u8],
    broken: bool,
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() && !self.broken {
            return None;
        }
        let record = if self.broken { None } else { self.record() };
        if record.is_none() {
            (self.rest, self.broken) = (&[], false);
        }
        let why = "a row of the journal, or a block of conversations, is not as this version of gramsetu writes it";
        Some(record.ok_or_else(|| StoreError::Database(why.to_owned())))
    }
}

impl<'a> Records<'a> {
    fn record(&mut self) -> Option<Record<'a>> {
        match self.array()? {
            [TURN] => Some(Record::Turn(Turn {
                subscriber: KeyedHash(self.array()?),
                leg: KeyedHash(self.array()?),
                turn: u64::from_be_bytes(self.array()?),
                at: Timestamp(i64::from_be_bytes(self.array()?)),
                expires: Timestamp(i64::from_be_bytes(self.array()?)),
                history: match self.array()? {
                    [0] => None,
                    [1] => Some((u32::from_be_bytes(self.array()?), KeyedHash(self.array()?))),
                    _ => return None,
                },
                sealed: self.bytes()??,
            })),
            [JOURNEY] => {
                let at = Timestamp(i64::from_be_bytes(self.array()?));
                let session = KeyedHash(self.array()?);
                let mut texts = [None; 6];
                for text in &mut texts {
                    *text = match self.bytes()? {
                        Some(bytes) => Some(std::str::from_utf8(bytes).ok()?),
                        None => None,
                    };
                }
                Some(Record::Journey(Journey { at, session, texts }))
            }
            _ => None,
        }
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }

    /// `None` where there is less than is said; `Some(None)` where it is said that there is nothing.
    #[expect(clippy::option_option, reason = "two reasons for nothing, which are not the same")]
    fn bytes(&mut self) -> Option<Option<&'a [u8]>> {
        let length = u32::from_be_bytes(self.array()?);
        if length == NONE {
            return Some(None);
        }
        let (bytes, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(Some(bytes))
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

    fn journey() -> impl Strategy<Value = JourneyRecord> {
        (any::<i64>(), hash(), any::<[String; 3]>(), any::<[Option<String>; 2]>()).prop_map(
            |(at, session, [gateway, program, answer], [from, to])| {
                let at = Timestamp(at);
                JourneyRecord { at, session, gateway, channel: "ussd", program, from, answer, to }
            },
        )
    }

    fn written(turns: &[TurnRecord], journeys: &[JourneyRecord]) -> Vec<u8> {
        let mut writing = Writing::begin(0);
        for turn in turns {
            writing.turn(turn).expect("short enough");
        }
        for journey in journeys {
            writing.journey(journey).expect("short enough");
        }
        writing.end()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            turns in prop::collection::vec(turn(), 0..4), journeys in prop::collection::vec(journey(), 0..4),
        ) {
            let bytes = written(&turns, &journeys);
            let found = records(&bytes).collect::<Result<Vec<_>, _>>().expect("readable");
            prop_assert_eq!(found.len(), turns.len() + journeys.len());
            for (found, turn) in found.iter().zip(&turns) {
                let is_it = matches!(found, Record::Turn(found) if found.owned() == turn.conversation
                    && found.history == turn.history);
                prop_assert!(is_it);
            }
            for (found, journey) in found.iter().skip(turns.len()).zip(&journeys) {
                let JourneyRecord { at, session, gateway, channel, program, from, answer, to } = journey;
                let texts =
                    [Some(gateway.as_str()), Some(channel), Some(program), from.as_deref(), Some(answer), to.as_deref()];
                prop_assert_eq!(found, &Record::Journey(Journey { at: *at, session: *session, texts }));
            }
        }

        #[test]
        fn what_is_cut_or_changed_ends_in_an_error_or_in_other_records(
            turn in turn(), journey in journey(), cut in 0..200_usize, byte in any::<u8>(),
        ) {
            let bytes = written(&[turn], &[journey]);
            let cut = cut.min(bytes.len() - 1);
            let found: Vec<_> = records(&bytes[..cut]).collect();
            prop_assert!(found.len() <= 2, "it ends");
            let mut changed = bytes.clone();
            changed[cut] = byte;
            prop_assert!(records(&changed).count() <= bytes.len(), "it ends");
        }
    }

    #[test]
    fn another_versions_bytes_are_refused() {
        for bytes in [&[][..], &[2], &[0, 1]] {
            let found: Vec<_> = records(bytes).collect();
            assert!(matches!(found.as_slice(), [Err(StoreError::Database(_))]), "{found:?}");
        }
        assert_eq!(records(&[VERSION]).count(), 0);
    }
}
