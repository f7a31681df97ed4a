//! How values are written in columns, alike in every database: what is bytes, what is a number, what a row in JSON is.

use data_encoding::HEXLOWER;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::{IntentState, Message, MessageCounts, MessageFilter, MessageState, ReceiptStatus, StoreError};
use crate::types::{Priority, Repeat, Timestamp};

/// Bytes in JSON, as `unhex()` and `decode(…, 'hex')` read them.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A hash, as nearly all are, needs no memory of its own.
        let mut digits = [0; 32];
        match digits.get_mut(..2 * self.0.len()) {
            Some(digits) => {
                HEXLOWER.encode_mut(self.0, digits);
                serializer.serialize_str(std::str::from_utf8(digits).map_err(S::Error::custom)?)
            }
            None => serializer.serialize_str(&HEXLOWER.encode(self.0)),
        }
    }
}

/// The rows of one table, as one parameter.
pub(super) fn json<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> Result<String, StoreError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Database(error.to_string());
    // A journey has about 200 bytes.
    let mut text = Vec::with_capacity(256);
    serde_json::Serializer::new(&mut text).collect_seq(rows).map_err(|error| failed(&error))?;
    String::from_utf8(text).map_err(|error| failed(&error))
}

/// As the migrations say.
pub(super) fn state_number(state: IntentState) -> u8 {
    match state {
        IntentState::Claimed => 0,
        IntentState::Doubtful => 1,
        IntentState::Settled => 2,
        IntentState::Told => 3,
    }
}

pub(super) fn state_from(number: i64) -> Result<IntentState, StoreError> {
    match number {
        0 => Ok(IntentState::Claimed),
        1 => Ok(IntentState::Doubtful),
        2 => Ok(IntentState::Settled),
        3 => Ok(IntentState::Told),
        _ => Err(StoreError::Database(format!("an intent has state {number}, which does not exist"))),
    }
}

const MESSAGE_STATES: [MessageState; 9] = [
    MessageState::Queued,
    MessageState::Claimed,
    MessageState::Sending,
    MessageState::Accepted,
    MessageState::Refused,
    MessageState::InDoubt,
    MessageState::Delivered,
    MessageState::Undelivered,
    MessageState::Expired,
];
const PRIORITIES: [Priority; 3] = [Priority::Otp, Priority::Receipt, Priority::Notice];
const REPEATS: [Repeat; 2] = [Repeat::Never, Repeat::Harmless];
const STATUSES: [ReceiptStatus; 3] = [ReceiptStatus::Underway, ReceiptStatus::Failed, ReceiptStatus::Delivered];

/// What a message is, in numbers, as the migrations say.
pub(super) fn message_state_number(state: MessageState) -> u8 {
    number(&MESSAGE_STATES, state)
}

pub(super) fn message_state_from(number: i64) -> Result<MessageState, StoreError> {
    from(&MESSAGE_STATES, number, "a message has state")
}

pub(super) fn priority_number(priority: Priority) -> u8 {
    number(&PRIORITIES, priority)
}

pub(super) fn priority_from(number: i64) -> Result<Priority, StoreError> {
    from(&PRIORITIES, number, "a message has priority")
}

pub(super) fn repeat_number(repeat: Repeat) -> u8 {
    number(&REPEATS, repeat)
}

pub(super) fn repeat_from(number: i64) -> Result<Repeat, StoreError> {
    from(&REPEATS, number, "a message has repeat")
}

pub(super) fn status_number(status: ReceiptStatus) -> u8 {
    number(&STATUSES, status)
}

pub(super) fn status_from(number: i64) -> Result<ReceiptStatus, StoreError> {
    from(&STATUSES, number, "a receipt has status")
}

const DEAD_LETTER: u8 = 0;
const IN_DOUBT: u8 = 1;
/// Refused, and tried again: nobody is shown it, and it is counted without being read.
const REFUSED: u8 = 2;
const UNDELIVERED: u8 = 3;

/// What an operator is shown. A column of its own: a message that is sent without any touches no index by what becomes of it.
pub(super) fn trouble(message: &Message) -> Option<u8> {
    if message.is_dead() {
        return Some(DEAD_LETTER);
    }
    match message.state {
        MessageState::InDoubt => Some(IN_DOUBT),
        MessageState::Refused => Some(REFUSED),
        MessageState::Undelivered => Some(UNDELIVERED),
        _ => None,
    }
}

/// The `trouble` in which those are that are asked for; of those that wait it does not matter.
pub(super) fn trouble_of(filter: MessageFilter) -> Option<u8> {
    match filter {
        MessageFilter::DeadLetters => Some(DEAD_LETTER),
        MessageFilter::Doubtful => Some(IN_DOUBT),
        MessageFilter::Undelivered => Some(UNDELIVERED),
        MessageFilter::Waiting => None,
    }
}

/// From what is counted without reading each message: all that wait; of these the claimed, the ones being sent, the refused, the
/// doubtful; all in doubt; dead letters.
pub(super) fn counts(counted: [u64; 7], oldest: Option<Timestamp>) -> MessageCounts {
    let [waiting, claimed, sending, refused, doubtful, in_doubt, dead_letters] = counted;
    let others = [claimed, sending, refused, doubtful];
    let queued = others.into_iter().fold(waiting, u64::saturating_sub);
    MessageCounts { queued, claimed, sending, refused, in_doubt, dead_letters, oldest }
}

/// The place in a list of all there are.
fn number<T: Copy + PartialEq>(all: &[T], one: T) -> u8 {
    let place = all.iter().position(|other| *other == one);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

fn from<T: Copy>(all: &[T], number: i64, what: &str) -> Result<T, StoreError> {
    let found = usize::try_from(number).ok().and_then(|place| all.get(place));
    found.copied().ok_or_else(|| StoreError::Database(format!("{what} {number}, which does not exist")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hexadecimal_however_many() {
        for length in [0, 1, 15, 16, 17, 40] {
            let bytes: Vec<u8> = (0..length).map(|at| 250 - at).collect();
            assert_eq!(json([Hex(&bytes)]).expect("it is JSON"), format!("[\"{}\"]", HEXLOWER.encode(&bytes)));
        }
    }
}
