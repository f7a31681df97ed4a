//! Records to rows and back: JSON objects on the way in, columns on the way out. Their names are those of the columns.

use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::{PgRow, Postgres};

use super::fault::Fault;
use crate::store::columns::{Hex, state_from, state_number};
use crate::store::{
    Conversation, Intent, IntentId, JourneyRecord, KeyedHash, StoreError, SubscriberRecord, TurnRecord,
};
use crate::types::Timestamp;

#[derive(Serialize)]
struct TurnRow<'a> {
    subscriber: Hex<'a>,
    leg: Hex<'a>,
    turn: i64,
    follows: i64,
    at: i64,
    expires: i64,
    history_length: Option<u32>,
    history_hash: Option<Hex<'a>>,
    sealed: Hex<'a>,
}

/// `follows` is the turn that must stand.
pub(super) fn turn(record: &TurnRecord, follows: u64) -> impl Serialize + '_ {
    let Conversation { subscriber, leg, turn, at, expires, sealed } = &record.conversation;
    let (history_length, history_hash) = record.history.as_ref().map(|(length, hash)| (*length, Hex(&hash.0))).unzip();
    TurnRow {
        subscriber: Hex(&subscriber.0),
        leg: Hex(&leg.0),
        turn: turn.cast_signed(),
        follows: follows.cast_signed(),
        at: at.0,
        expires: expires.0,
        history_length,
        history_hash,
        sealed: Hex(sealed),
    }
}

#[derive(Serialize)]
struct SubscriberRow<'a> {
    subscriber: Hex<'a>,
    at: i64,
    sealed: Hex<'a>,
}

pub(super) fn subscriber(record: &SubscriberRecord) -> impl Serialize + '_ {
    SubscriberRow { subscriber: Hex(&record.subscriber.0), at: record.at.0, sealed: Hex(&record.sealed) }
}

#[derive(Serialize)]
struct JourneyRow<'a> {
    at: i64,
    session: Hex<'a>,
    gateway: &'a str,
    channel: &'a str,
    program: Hex<'a>,
    from_screen: Option<&'a str>,
    answer: &'a str,
    to_screen: Option<&'a str>,
}

pub(super) fn journey(record: &JourneyRecord) -> impl Serialize + '_ {
    let JourneyRecord { at, session, gateway, channel, program, from, answer, to } = record;
    let (from_screen, to_screen) = (from.as_deref(), to.as_deref());
    let (session, program) = (Hex(&session.0), Hex(&program.0));
    JourneyRow { at: at.0, session, gateway, channel, program, from_screen, answer, to_screen }
}

#[derive(Serialize)]
struct IntentRow<'a> {
    subscriber: Hex<'a>,
    id: String,
    operation: &'a str,
    request: Hex<'a>,
    receipt: &'a str,
    state: u8,
    at: i64,
    due: i64,
    tries: u32,
    lease: u32,
    sealed: Hex<'a>,
    was_state: Option<u8>,
    was_due: Option<i64>,
    was_tries: Option<u32>,
    was_lease: Option<u32>,
}

/// `was` is what must stand, where there is one already.
pub(super) fn intent<'a>(intent: &'a Intent, was: Option<&Intent>) -> impl Serialize + use<'a> {
    let Intent { id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed } = intent;
    IntentRow {
        subscriber: Hex(&subscriber.0),
        id: data_encoding::HEXLOWER.encode(&id.0.to_be_bytes()),
        operation,
        request: Hex(&request.0),
        receipt,
        state: state_number(*state),
        at: at.0,
        due: due.0,
        tries: *tries,
        lease: *lease,
        sealed: Hex(sealed),
        was_state: was.map(|was| state_number(was.state)),
        was_due: was.map(|was| was.due.0),
        was_tries: was.map(|was| was.tries),
        was_lease: was.map(|was| was.lease),
    }
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

pub(super) fn get<'r, T>(row: &'r PgRow, column: usize) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
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
