//! Records to rows and back: columns of many rows on the way in, in the order of the statement's parameters; a row at a time on
//! the way out.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::{Arguments as _, Encode, Row as _, Type};

use super::fault::Fault;
use super::line::Statement;
use crate::store::columns::{self, state_from, state_number};
use crate::store::messages::Early;
use crate::store::{
    Conversation, Intent, IntentId, JourneyRecord, KeyedHash, Mark, Message, MessageCounts, MessageGroup, MessageId,
    StoreError, SubscriberRecord, TurnRecord,
};
use crate::types::Timestamp;

/// What a statement that writes is given: columns, each an array with a value for every row.
#[derive(Default)]
pub(super) struct Columns {
    arguments: PgArguments,
    failed: Option<BoxDynError>,
}

impl Columns {
    fn add<'v, Row, Value>(mut self, rows: &'v [Row], value: impl Fn(&'v Row) -> Value) -> Self
    where
        Vec<Value>: Encode<'v, Postgres> + Type<Postgres>,
    {
        let column: Vec<Value> = rows.iter().map(value).collect();
        if let Err(error) = self.arguments.add(column) {
            self.failed.get_or_insert(error);
        }
        self
    }

    /// Each with the turn that must stand before it.
    pub(super) fn turns(self, rows: &[(&TurnRecord, u64)]) -> Self {
        self.add(rows, |(row, _)| row.conversation.subscriber.0)
            .add(rows, |(row, _)| row.conversation.leg.0)
            .add(rows, |(row, _)| row.conversation.turn.cast_signed())
            .add(rows, |(_, follows)| follows.cast_signed())
            .add(rows, |(row, _)| row.conversation.at.0)
            .add(rows, |(row, _)| row.conversation.expires.0)
            .add(rows, |(row, _)| row.history.as_ref().map(|(length, _)| i64::from(*length)))
            .add(rows, |(row, _)| row.history.as_ref().map(|(_, hash)| hash.0))
            .add(rows, |(row, _)| row.conversation.sealed.as_slice())
    }

    pub(super) fn journeys(self, rows: &[&JourneyRecord]) -> Self {
        self.add(rows, |row| row.at.0)
            .add(rows, |row| row.session.0)
            .add(rows, |row| &*row.gateway)
            .add(rows, |row| row.channel)
            .add(rows, |row| row.program.to_string())
            .add(rows, |row| row.from.as_deref())
            .add(rows, |row| &*row.answer)
            .add(rows, |row| row.to.as_deref())
    }

    pub(super) fn subscribers(self, rows: &[&SubscriberRecord]) -> Self {
        self.add(rows, |row| row.subscriber.0).add(rows, |row| row.at.0).add(rows, |row| row.sealed.as_slice())
    }

    /// Each with what must stand before it.
    pub(super) fn changed_intents(self, rows: &[(Intent, Intent)]) -> Self {
        self.add(rows, |(row, _)| row.subscriber.0)
            .add(rows, |(row, _)| row.id.0.to_be_bytes())
            .add(rows, |(row, _)| state(row))
            .add(rows, |(row, _)| row.due.0)
            .add(rows, |(row, _)| i64::from(row.tries))
            .add(rows, |(row, _)| i64::from(row.lease))
            .add(rows, |(row, _)| row.sealed.as_slice())
            .add(rows, |(_, was)| state(was))
            .add(rows, |(_, was)| was.due.0)
            .add(rows, |(_, was)| i64::from(was.tries))
            .add(rows, |(_, was)| i64::from(was.lease))
    }

    pub(super) fn new_intents(self, rows: &[Intent]) -> Self {
        self.add(rows, |row| row.subscriber.0)
            .add(rows, |row| row.id.0.to_be_bytes())
            .add(rows, |row| row.operation.as_str())
            .add(rows, |row| row.request.0)
            .add(rows, |row| row.receipt.as_str())
            .add(rows, state)
            .add(rows, |row| row.at.0)
            .add(rows, |row| row.due.0)
            .add(rows, |row| i64::from(row.tries))
            .add(rows, |row| i64::from(row.lease))
            .add(rows, |row| row.sealed.as_slice())
    }

    pub(super) fn queued_messages(self, rows: &[Message]) -> Self {
        self.add(rows, |row| row.recipient.0)
            .add(rows, |row| row.id.0.to_be_bytes())
            .add(rows, |row| i16::from(columns::priority_number(row.priority)))
            .add(rows, |row| i16::from(columns::repeat_number(row.repeat)))
            .add(rows, message_state)
            .add(rows, |row| i64::from(row.attempt))
            .add(rows, |row| i64::from(row.lease))
            .add(rows, |row| row.at.0)
            .add(rows, |row| moment(row.due))
            .add(rows, |row| moment(row.until))
            .add(rows, |row| row.expires.0)
            .add(rows, trouble)
            .add(rows, |row| row.route.as_deref())
            .add(rows, |row| row.foreign.map(|foreign| foreign.0))
            .add(rows, |row| row.reason.as_deref())
            .add(rows, |row| moment(row.settled))
            .add(rows, |row| row.sealed.as_slice())
    }

    /// Each with what must stand before it.
    pub(super) fn changed_messages(self, rows: &[(Message, Message)]) -> Self {
        self.add(rows, |(row, _)| row.recipient.0)
            .add(rows, |(row, _)| row.id.0.to_be_bytes())
            .add(rows, |(row, _)| message_state(row))
            .add(rows, |(row, _)| i64::from(row.attempt))
            .add(rows, |(row, _)| i64::from(row.lease))
            .add(rows, |(row, _)| moment(row.due))
            .add(rows, |(row, _)| moment(row.until))
            .add(rows, |(row, _)| row.expires.0)
            .add(rows, |(row, _)| trouble(row))
            .add(rows, |(row, _)| row.route.as_deref())
            .add(rows, |(row, _)| row.foreign.map(|foreign| foreign.0))
            .add(rows, |(row, _)| row.reason.as_deref())
            .add(rows, |(row, _)| moment(row.settled))
            .add(rows, |(row, _)| i16::from(columns::repeat_number(row.repeat)))
            .add(rows, |(row, _)| i64::from(row.forgiven))
            .add(rows, |(_, was)| message_state(was))
            .add(rows, |(_, was)| i64::from(was.attempt))
            .add(rows, |(_, was)| i64::from(was.lease))
    }

    /// Those that are kept, and those that are matched.
    pub(super) fn early(self, kept: &[Early], matched: &[Early]) -> Self {
        self.add(kept, |row| row.foreign.0)
            .add(kept, status)
            .add(kept, |row| row.reason.as_deref())
            .add(kept, |row| row.at.0)
            .add(matched, |row| row.foreign.0)
            .add(matched, status)
    }

    pub(super) fn marks(self, rows: &[Mark]) -> Self {
        self.add(rows, |row| row.key.0)
            .add(rows, |row| row.at.0)
            .add(rows, |row| row.until.0)
            .add(rows, |row| row.sealed.as_slice())
    }

    /// The statement with these columns.
    pub(super) fn statement(self, text: &'static str) -> Result<Statement, StoreError> {
        match self.failed {
            Some(error) => Err(StoreError::Database(error.to_string())),
            None => Ok(sqlx::query_with(text, self.arguments)),
        }
    }
}

fn state(intent: &Intent) -> i16 {
    i16::from(state_number(intent.state))
}

fn message_state(message: &Message) -> i16 {
    i16::from(columns::message_state_number(message.state))
}

fn trouble(message: &Message) -> Option<i16> {
    columns::trouble(message).map(i16::from)
}

fn status(early: &Early) -> i16 {
    i16::from(columns::status_number(early.status))
}

fn moment(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(|moment| moment.0)
}

/// `subscriber, leg, turn, at, expires, sealed`
pub(super) fn conversation_from(row: &PgRow) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        subscriber: hash(row, 0)?,
        leg: hash(row, 1)?,
        turn: get::<i64>(row, 2)?.cast_unsigned(),
        at: Timestamp(get(row, 3)?),
        expires: Timestamp(get(row, 4)?),
        sealed: get(row, 5)?,
    })
}

/// `subscriber, at, sealed`
pub(super) fn subscriber_from(row: &PgRow) -> Result<SubscriberRecord, StoreError> {
    Ok(SubscriberRecord { subscriber: hash(row, 0)?, at: Timestamp(get(row, 1)?), sealed: get(row, 2)? })
}

/// `id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed`
pub(super) fn intent_from(row: &PgRow) -> Result<Intent, StoreError> {
    Ok(Intent {
        id: IntentId(u128::from_be_bytes(hash(row, 0)?.0)),
        subscriber: hash(row, 1)?,
        operation: get(row, 2)?,
        request: hash(row, 3)?,
        receipt: get(row, 4)?,
        state: state_from(i64::from(get::<i16>(row, 5)?))?,
        at: Timestamp(get(row, 6)?),
        due: Timestamp(get(row, 7)?),
        tries: count(row, 8)?,
        lease: count(row, 9)?,
        sealed: get(row, 10)?,
    })
}

/// `id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled, sealed,
/// forgiven`
pub(super) fn message_from(row: &PgRow) -> Result<Message, StoreError> {
    let moment = |column| get::<Option<i64>>(row, column).map(|moment| moment.map(Timestamp));
    let small = |column| get::<i16>(row, column).map(i64::from);
    Ok(Message {
        id: MessageId(u128::from_be_bytes(hash(row, 0)?.0)),
        recipient: hash(row, 1)?,
        priority: columns::priority_from(small(2)?)?,
        repeat: columns::repeat_from(small(3)?)?,
        state: columns::message_state_from(small(4)?)?,
        attempt: count(row, 5)?,
        lease: count(row, 6)?,
        at: Timestamp(get(row, 7)?),
        due: moment(8)?,
        until: moment(9)?,
        expires: Timestamp(get(row, 10)?),
        route: get(row, 11)?,
        foreign: get::<Option<&[u8]>>(row, 12)?.map(|_| hash(row, 12)).transpose()?,
        reason: get(row, 13)?,
        settled: moment(14)?,
        sealed: get(row, 15)?,
        forgiven: count(row, 16)?,
    })
}

/// `foreign_id, status, reason, at`
pub(super) fn early_from(row: &PgRow) -> Result<Early, StoreError> {
    let status = columns::status_from(i64::from(get::<i16>(row, 1)?))?;
    Ok(Early { foreign: hash(row, 0)?, status, reason: get(row, 2)?, at: Timestamp(get(row, 3)?) })
}

/// `key, at, until, sealed`
pub(super) fn mark_from(row: &PgRow) -> Result<Mark, StoreError> {
    let (at, until) = (Timestamp(get(row, 1)?), Timestamp(get(row, 2)?));
    Ok(Mark { key: hash(row, 0)?, at, until, sealed: get(row, 3)? })
}

/// All that wait; of these the claimed, the ones being sent, the refused, the doubtful; all in doubt, dead letters; the oldest.
pub(super) fn counts_from(row: &PgRow) -> Result<MessageCounts, StoreError> {
    let mut counts = [0; 7];
    for (column, count) in counts.iter_mut().enumerate() {
        *count = get::<i64>(row, column)?.cast_unsigned();
    }
    Ok(columns::counts(counts, get::<Option<i64>>(row, 7)?.map(Timestamp)))
}

/// `state, waits, priority, route, reason, count, at, due`
pub(super) fn group_from(row: &PgRow) -> Result<MessageGroup, StoreError> {
    let small = |column| get::<i16>(row, column).map(i64::from);
    Ok(MessageGroup {
        state: columns::message_state_from(small(0)?)?,
        waits: get(row, 1)?,
        priority: columns::priority_from(small(2)?)?,
        route: get(row, 3)?,
        reason: get(row, 4)?,
        count: get::<i64>(row, 5)?.cast_unsigned(),
        at: Timestamp(get(row, 6)?),
        due: get::<Option<i64>>(row, 7)?.map(Timestamp),
    })
}

pub(super) fn get<'r, T>(row: &'r PgRow, column: usize) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, Postgres> + Type<Postgres>,
{
    row.try_get(column).map_err(|error| Fault::of(&error).into())
}

pub(super) fn hash(row: &PgRow, column: usize) -> Result<KeyedHash, StoreError> {
    let bytes: &[u8] = get(row, column)?;
    let bytes = bytes
        .try_into()
        .map_err(|_| StoreError::Database(format!("column {column} holds {} bytes where 16 are kept", bytes.len())))?;
    Ok(KeyedHash(bytes))
}

fn count(row: &PgRow, column: usize) -> Result<u32, StoreError> {
    let count: i64 = get(row, column)?;
    u32::try_from(count).map_err(|_| StoreError::Database(format!("column {column} holds {count}, which is no count")))
}
