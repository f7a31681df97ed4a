//! Reads: live conversations from memory, everything else through a small pool that cannot write.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow};

use super::live::{Found, Live};
use super::{rows, sql};
use crate::store::{Conversation, Intent, IntentId, KeyedHash, Lookup, StoreError, SubscriberRecord, Trouble};
use crate::sync;
use crate::types::Timestamp;

#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) pool: SqlitePool,
    pub(super) live: Arc<RwLock<Live>>,
    pub(super) troubles: Arc<Troubles>,
}

/// With what is read from the file.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    reading: Trouble,
    /// Never over: a file does not mend itself, though what lies on its other pages can be read.
    damage: Trouble,
}

impl Reader {
    pub(super) fn live(&self) -> usize {
        sync::read(&self.live).len()
    }

    pub(super) async fn conversation(
        &self,
        lookup: Lookup,
        now: Timestamp,
    ) -> Result<Option<Conversation>, StoreError> {
        if self.pool.is_closed() {
            return Err(StoreError::Closed);
        }
        match self.find(lookup, now) {
            Found::Here(conversation) => return Ok(Some(conversation)),
            Found::Expired => return Ok(None),
            Found::Elsewhere => {}
        }
        let (statement, key) = match lookup {
            Lookup::Subscriber(subscriber) => (sql::CONVERSATION_OF_SUBSCRIBER, subscriber),
            Lookup::Leg(leg) => (sql::CONVERSATION_OF_LEG, leg),
        };
        let query = sqlx::query(statement).bind(key.0.to_vec()).bind(now.0);
        let row = self.one(query).await?;
        let folded = row.map(|row| rows::conversation_from(&row, 0)).transpose()?;
        // A turn that came since the look into memory, or one by another leg, is later than what is folded.
        let Some(folded) = folded else { return Ok(None) };
        Ok(match (self.find(Lookup::Subscriber(folded.subscriber), now), lookup) {
            (Found::Elsewhere, _) => Some(folded),
            (Found::Here(conversation), Lookup::Subscriber(_)) => Some(conversation),
            (Found::Here(conversation), Lookup::Leg(leg)) => Some(conversation).filter(|found| found.leg == leg),
            (Found::Expired, _) => None,
        })
    }

    pub(super) async fn subscriber(&self, subscriber: KeyedHash) -> Result<Option<SubscriberRecord>, StoreError> {
        let row = self.one(sqlx::query(sql::SUBSCRIBER).bind(subscriber.0.to_vec())).await?;
        row.map(|row| rows::subscriber_from(&row)).transpose()
    }

    pub(super) async fn open_intent(
        &self,
        subscriber: KeyedHash,
        request: KeyedHash,
    ) -> Result<Option<Intent>, StoreError> {
        let query = sqlx::query(sql::INTENT_OPEN).bind(subscriber.0.to_vec()).bind(request.0.to_vec());
        self.one(query).await?.map(|row| rows::intent_from(&row)).transpose()
    }

    pub(super) async fn intent(&self, id: IntentId) -> Result<Option<Intent>, StoreError> {
        let row = self.one(sqlx::query(sql::INTENT).bind(id.0.to_be_bytes().to_vec())).await?;
        row.map(|row| rows::intent_from(&row)).transpose()
    }

    pub(super) async fn due_intents(&self, now: Timestamp, at_most: u32) -> Result<Vec<Intent>, StoreError> {
        let query = sqlx::query(sql::INTENTS_DUE).bind(now.0).bind(at_most);
        let found = self.noted(query.fetch_all(&self.pool).await)?;
        found.iter().map(rows::intent_from).collect()
    }

    fn find(&self, lookup: Lookup, now: Timestamp) -> Found {
        sync::read(&self.live).find(lookup, now)
    }

    async fn one(&self, query: Query<'_, Sqlite, SqliteArguments>) -> Result<Option<SqliteRow>, StoreError> {
        self.noted(query.fetch_optional(&self.pool).await)
    }

    fn noted<T>(&self, read: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        match &read {
            Ok(_) => self.troubles.reading.note(true),
            Err(sqlx::Error::PoolClosed) => {}
            Err(error) if rows::is_damage(error) => self.troubles.damage.note(false),
            Err(_) => self.troubles.reading.note(false),
        }
        read.map_err(rows::failed)
    }

    /// How long nothing could be read, or the file is known to be damaged.
    pub(super) fn failing(&self) -> Option<Duration> {
        self.troubles.reading.lasts().max(self.troubles.damage.lasts())
    }
}
