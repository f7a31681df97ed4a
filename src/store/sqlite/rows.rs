//! Records to rows and back: JSON arrays on the way in, columns on the way out.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::columns::{self, Hex, state_from, state_number};
use crate::store::messages::Early;
use crate::store::{
    Intent, IntentId, JourneyRecord, KeyedHash, Mark, Message, MessageCounts, MessageGroup, MessageId, StoreError,
    SubscriberRecord,
};
use crate::types::Timestamp;

pub(super) fn journey(record: &JourneyRecord) -> impl Serialize + '_ {
    let JourneyRecord { at, session, gateway, channel, program, from, answer, to } = record;
    (at.0, Hex(&session.0), &**gateway, channel, Hex(&program.0), from.as_deref(), answer, to.as_deref())
}

pub(super) fn subscriber(record: &SubscriberRecord) -> impl Serialize + '_ {
    (Hex(&record.subscriber.0), record.at.0, Hex(&record.sealed))
}

pub(super) fn intent(intent: &Intent) -> impl Serialize + '_ {
    let Intent { id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed } = intent;
    let id = data_encoding::HEXLOWER.encode(&id.0.to_be_bytes());
    let (subscriber, request, sealed) = (Hex(&subscriber.0), Hex(&request.0), Hex(sealed));
    (id, subscriber, operation, request, receipt, state_number(*state), at.0, due.0, tries, lease, sealed)
}

/// One that is new: what changes of it, and the rest.
pub(super) fn new_message(message: &Message) -> impl Serialize + '_ {
    let Message { recipient, priority, at, sealed, .. } = message;
    let priority = columns::priority_number(*priority);
    (changed_message(message), Hex(&recipient.0), priority, at.0, Hex(sealed))
}

pub(super) fn changed_message(message: &Message) -> impl Serialize + '_ {
    let Message {
        id,
        state,
        attempt,
        lease,
        due,
        until,
        expires,
        route,
        foreign,
        reason,
        settled,
        repeat,
        forgiven,
        ..
    } = message;
    let moment = |moment: &Option<Timestamp>| moment.map(|moment| moment.0);
    (
        data_encoding::HEXLOWER.encode(&id.0.to_be_bytes()),
        columns::message_state_number(*state),
        attempt,
        lease,
        moment(due),
        moment(until),
        expires.0,
        columns::trouble(message),
        route,
        foreign.as_ref().map(|foreign| Hex(&foreign.0)),
        reason,
        moment(settled),
        columns::repeat_number(*repeat),
        forgiven,
    )
}

pub(super) fn early(early: &Early) -> impl Serialize + '_ {
    let Early { foreign, status, reason, at } = early;
    (Hex(&foreign.0), columns::status_number(*status), reason, at.0)
}

pub(super) fn mark(mark: &Mark) -> impl Serialize + '_ {
    (Hex(&mark.key.0), mark.at.0, mark.until.0, Hex(&mark.sealed))
}

/// `number, conversations`: blocks by their numbers.
pub(super) fn blocks_from(found: &[SqliteRow]) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
    found.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
}

/// `subscriber, at, sealed`
pub(super) fn subscriber_from(row: &SqliteRow) -> Result<SubscriberRecord, StoreError> {
    Ok(SubscriberRecord { subscriber: hash(row, 0)?, at: Timestamp(get(row, 1)?), sealed: get(row, 2)? })
}

/// `id, subscriber, operation, request, receipt, state, at, due, tries, lease, sealed`
pub(super) fn intent_from(row: &SqliteRow) -> Result<Intent, StoreError> {
    Ok(Intent {
        id: IntentId(u128::from_be_bytes(hash(row, 0)?.0)),
        subscriber: hash(row, 1)?,
        operation: get(row, 2)?,
        request: hash(row, 3)?,
        receipt: get(row, 4)?,
        state: state_from(get(row, 5)?)?,
        at: Timestamp(get(row, 6)?),
        due: Timestamp(get(row, 7)?),
        tries: get(row, 8)?,
        lease: get(row, 9)?,
        sealed: get(row, 10)?,
    })
}

/// `id, recipient, priority, repeat, state, attempt, lease, at, due, until, expires, route, foreign_id, reason, settled, sealed,
/// forgiven`
pub(super) fn message_from(row: &SqliteRow) -> Result<Message, StoreError> {
    let moment = |column| get::<Option<i64>>(row, column).map(|moment| moment.map(Timestamp));
    Ok(Message {
        id: MessageId(u128::from_be_bytes(hash(row, 0)?.0)),
        recipient: hash(row, 1)?,
        priority: columns::priority_from(get(row, 2)?)?,
        repeat: columns::repeat_from(get(row, 3)?)?,
        state: columns::message_state_from(get(row, 4)?)?,
        attempt: get(row, 5)?,
        lease: get(row, 6)?,
        at: Timestamp(get(row, 7)?),
        due: moment(8)?,
        until: moment(9)?,
        expires: Timestamp(get(row, 10)?),
        route: get(row, 11)?,
        foreign: get::<Option<Vec<u8>>>(row, 12)?.map(|_| hash(row, 12)).transpose()?,
        reason: get(row, 13)?,
        settled: moment(14)?,
        sealed: get(row, 15)?,
        forgiven: get(row, 16)?,
    })
}

/// `foreign_id, status, reason, at`
pub(super) fn early_from(row: &SqliteRow) -> Result<Early, StoreError> {
    let status = columns::status_from(get(row, 1)?)?;
    Ok(Early { foreign: hash(row, 0)?, status, reason: get(row, 2)?, at: Timestamp(get(row, 3)?) })
}

/// `key, at, until, sealed`
pub(super) fn mark_from(row: &SqliteRow) -> Result<Mark, StoreError> {
    let (at, until) = (Timestamp(get(row, 1)?), Timestamp(get(row, 2)?));
    Ok(Mark { key: hash(row, 0)?, at, until, sealed: get(row, 3)? })
}

/// All that wait; of these the claimed, the ones being sent, the refused, the doubtful; all in doubt, dead letters; the oldest.
pub(super) fn counts_from(row: &SqliteRow) -> Result<MessageCounts, StoreError> {
    let mut counts = [0; 7];
    for (column, count) in counts.iter_mut().enumerate() {
        *count = get::<i64>(row, column)?.cast_unsigned();
    }
    Ok(columns::counts(counts, get::<Option<i64>>(row, 7)?.map(Timestamp)))
}

/// `state, waits, priority, route, reason, count, at, due`
pub(super) fn group_from(row: &SqliteRow) -> Result<MessageGroup, StoreError> {
    Ok(MessageGroup {
        state: columns::message_state_from(get(row, 0)?)?,
        waits: get(row, 1)?,
        priority: columns::priority_from(get(row, 2)?)?,
        route: get(row, 3)?,
        reason: get(row, 4)?,
        count: get::<i64>(row, 5)?.cast_unsigned(),
        at: Timestamp(get(row, 6)?),
        due: get::<Option<i64>>(row, 7)?.map(Timestamp),
    })
}

pub(super) fn get<'r, T>(row: &'r SqliteRow, column: usize) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    row.try_get(column).map_err(failed)
}

pub(super) fn hash(row: &SqliteRow, column: usize) -> Result<KeyedHash, StoreError> {
    let bytes: &[u8] = get(row, column)?;
    let bytes = bytes
        .try_into()
        .map_err(|_| StoreError::Database(format!("column {column} holds {} bytes where 16 are kept", bytes.len())))?;
    Ok(KeyedHash(bytes))
}

/// The database's own words; it names tables and columns, never a value.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolClosed => StoreError::Closed,
        error => StoreError::Database(in_words(&error)),
    }
}

/// SQLite's primary result code (<https://www.sqlite.org/rescode.html>), where it has one.
pub(super) fn result_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Whether the file does not hold what SQLite wrote (`CORRUPT`, `NOTADB`).
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    matches!(result_code(error), Some(11 | 26))
}

/// What happens to a file while it is open, with what to do about it.
fn in_words(error: &sqlx::Error) -> String {
    let remedy = match result_code(error) {
        Some(5 | 6) => "another program holds a lock on the file; end it, or let it end",
        Some(8) => "the file or its file system has become read-only; make it writable again",
        Some(10) => "the disk does not take or give it; look at the disk, its room and its quota",
        Some(11 | 26) => "the file is damaged; stop the server, look with `gramsetu migrate --check`, restore a backup",
        Some(14) => "the file is gone or may not be read; was it deleted, stop the server and restore a backup",
        Some(13) => "there is no room left on the disk; make some",
        _ => return error.to_string(),
    };
    format!("{error}; {remedy}")
}
