//! Messages of a file: who asks reads them through the pool, who claims them does it by the writer.

use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};

use super::read::Reader;
use super::{rows, sql};
use crate::store::columns::{self, Hex, json};
use crate::store::writer::Writer;
use crate::store::{
    Commit, CommitError, Intent, KeyedHash, Mark, Message, MessageChange, MessageClaims, MessageCounts, MessageFilter,
    MessageGroup, MessageId, StoreError, messages,
};
use crate::types::Timestamp;

/// How often a claim may find that what it had read has changed.
const ROUNDS: usize = 4;

/// Claims what is due; what was being sent for too long is in doubt from now on.
pub(super) async fn lease(reader: &Reader, writer: &Writer, claims: MessageClaims) -> Result<Vec<Message>, StoreError> {
    let MessageClaims { now, until, at_most, .. } = claims;
    for _ in 0..ROUNDS {
        let (mut overdue, mut due) = messages::split(reader.due_messages(claims).await?, now);
        while !overdue.is_empty() {
            if !commit(writer, overdue).await? {
                return Ok(Vec::new());
            }
            (overdue, due) = messages::split(reader.due_messages(claims).await?, now);
        }
        due.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
        let claim = |message: &Message| MessageChange::Claim { id: message.id, lease: message.lease, until };
        if due.is_empty() || commit(writer, due.iter().map(claim).collect()).await? {
            for message in &mut due {
                messages::claimed(message, until);
            }
            return Ok(due);
        }
    }
    Ok(Vec::new())
}

/// Whether they stand; who is too busy asks again a little later.
async fn commit(writer: &Writer, messages: Vec<MessageChange>) -> Result<bool, StoreError> {
    match writer.commit(Commit { messages, ..Commit::default() }).await {
        Ok(()) => Ok(true),
        Err(CommitError::Busy | CommitError::LeaseLost) => Ok(false),
        Err(CommitError::Store(error)) => Err(error),
        Err(error) => Err(StoreError::Database(error.to_string())),
    }
}

/// Asks for a list of messages.
pub(super) fn listed(filter: MessageFilter, at_most: u32) -> Query<'static, Sqlite, SqliteArguments> {
    let query = match columns::trouble_of(filter) {
        Some(trouble) => sqlx::query(sql::MESSAGES_TROUBLED).bind(trouble),
        None => sqlx::query(sql::MESSAGES_WAITING),
    };
    query.bind(at_most)
}

impl Reader {
    async fn due_messages(&self, claims: MessageClaims) -> Result<Vec<Message>, StoreError> {
        let query = sqlx::query(sql::MESSAGES_DUE).bind(claims.now.0).bind(claims.at_most).bind(claims.expires().0);
        let found = query.fetch_all(&self.pool).await;
        self.noted(found)?.iter().map(rows::message_from).collect()
    }

    pub(super) async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let row = self.one(sqlx::query(sql::MESSAGE).bind(id.0.to_be_bytes().to_vec())).await?;
        row.map(|row| rows::message_from(&row)).transpose()
    }

    pub(super) async fn messages(&self, filter: MessageFilter, at_most: u32) -> Result<Vec<Message>, StoreError> {
        let found = listed(filter, at_most).fetch_all(&self.pool).await;
        self.noted(found)?.iter().map(rows::message_from).collect()
    }

    pub(super) async fn message_counts(&self) -> Result<MessageCounts, StoreError> {
        let row = self.one(sqlx::query(sql::MESSAGE_COUNTS)).await?;
        row.map_or_else(|| Ok(MessageCounts::default()), |row| rows::counts_from(&row))
    }

    pub(super) async fn message_groups(&self) -> Result<Vec<MessageGroup>, StoreError> {
        let found = sqlx::query(sql::MESSAGES_GROUPED).fetch_all(&self.pool).await;
        self.noted(found)?.iter().map(rows::group_from).collect()
    }

    pub(super) async fn marks(&self, keys: &[KeyedHash], now: Timestamp) -> Result<Vec<Mark>, StoreError> {
        let keys = json(keys.iter().map(|key| Hex(&key.0)))?;
        let found = sqlx::query(sql::MARKS).bind(keys).bind(now.0).fetch_all(&self.pool).await;
        self.noted(found)?.iter().map(rows::mark_from).collect()
    }

    pub(super) async fn intents_of(&self, subscriber: KeyedHash, at_most: u32) -> Result<Vec<Intent>, StoreError> {
        let query = sqlx::query(sql::INTENTS_OF).bind(subscriber.0.to_vec()).bind(at_most);
        let found = query.fetch_all(&self.pool).await;
        self.noted(found)?.iter().map(rows::intent_from).collect()
    }
}
