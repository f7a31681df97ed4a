//! Reads: live conversations from memory, which also knows who is folded; everything else through connections that cannot
//! write. What many turns ask for is gathered, so that those that come at once are read by one statement.

use std::future::ready;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow};

use super::journal::Writing;
use super::line::{Line, Readers};
use super::live::{Blocks, Found, Live};
use super::runs::in_block;
use super::strangers::{Known, Strangers};
use super::{rows, sql};
use crate::store::columns::{Hex, json};
use crate::store::gathered::{Failed, Gathered};
use crate::store::hashed::ByHash;
use crate::store::{Conversation, Intent, IntentId, KeyedHash, Lookup, StoreError, SubscriberRecord, Trouble};
use crate::sync;
use crate::types::{Later, Timestamp};

#[derive(Debug)]
pub(super) struct Reader {
    pub(super) pool: SqlitePool,
    live: Arc<RwLock<Live>>,
    troubles: Arc<Troubles>,
    strangers: Strangers,
    subscribers: Gathered<KeyedHash, SubscriberRecord>,
    /// Of folded conversations, by their numbers.
    blocks: Gathered<i64, Vec<u8>>,
}

/// With what is read from the file.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    reading: Trouble,
    /// Never over: a file does not mend itself, though what lies on its other pages can be read.
    damage: Trouble,
}

impl Reader {
    pub(super) fn start(readers: Readers, live: Arc<RwLock<Live>>, known: Arc<Known>) -> Self {
        let Readers { shared: pool, subscribers, blocks } = readers;
        let troubles = Arc::<Troubles>::default();
        let strangers = Strangers::start(Arc::clone(&known), pool.clone(), Arc::clone(&troubles));
        let of = |line: Arc<Line>, statement| {
            let troubles = Arc::clone(&troubles);
            move |keys: Result<String, StoreError>| all(Arc::clone(&line), Arc::clone(&troubles), statement, keys)
        };
        let (of_subscribers, of_blocks) = (of(subscribers, sql::SUBSCRIBERS), of(blocks, sql::BLOCKS));
        let subscribers = Gathered::start(move |asked: Vec<KeyedHash>| {
            let found = of_subscribers(json(asked.iter().map(|subscriber| Hex(&subscriber.0))));
            let known = Arc::clone(&known);
            async move {
                let found = found.await;
                known.was_read(found.is_ok());
                let found = found?;
                let found = found.iter().map(rows::subscriber_from).map(|one| one.map(|one| (one.subscriber, one)));
                let found = found.collect::<Result<ByHash<_>, _>>()?;
                Ok::<_, Failed>(asked.iter().map(|subscriber| found.get(subscriber).cloned()).collect())
            }
        });
        let blocks = Gathered::start(move |asked: Vec<i64>| {
            let found = of_blocks(json(&asked));
            async move {
                let found = rows::blocks_from(&found.await?)?;
                Ok::<_, Failed>(asked.iter().map(|number| found.get(number).cloned()).collect())
            }
        });
        Self { pool, live, troubles, strangers, subscribers, blocks }
    }

    pub(super) fn live(&self) -> usize {
        sync::read(&self.live).len()
    }

    pub(super) fn conversation(
        &self,
        lookup: Lookup,
        now: Timestamp,
    ) -> Later<'_, Result<Option<Conversation>, StoreError>> {
        if self.pool.is_closed() {
            return Box::pin(ready(Err(StoreError::Closed)));
        }
        // Of nearly all memory knows by itself, and then no room is made for reading.
        match self.find(lookup, now) {
            Found::Here(conversation) => Box::pin(ready(Ok(Some(conversation)))),
            Found::Nowhere => Box::pin(ready(Ok(None))),
            Found::Folded(blocks) => Box::pin(self.folded(lookup, blocks, now)),
        }
    }

    /// A conversation that is in one of these blocks, unless it was changed meanwhile.
    async fn folded(
        &self,
        lookup: Lookup,
        mut blocks: Blocks,
        now: Timestamp,
    ) -> Result<Option<Conversation>, StoreError> {
        loop {
            let folded = match lookup {
                Lookup::Subscriber(subscriber) => self.of_subscriber(subscriber, &blocks.numbers, now).await?,
                Lookup::Leg(leg) => self.of_leg(leg, &blocks.numbers, now).await?,
            };
            // A turn that came since the look into memory is later than what was folded, and so is a later run.
            let mut live = sync::write(&self.live);
            match live.find_again(lookup, now, &blocks) {
                Some(Found::Here(conversation)) => return Ok(Some(conversation)),
                Some(Found::Nowhere) => return Ok(None),
                Some(Found::Folded(others)) => blocks = others,
                None => {
                    if let (Lookup::Subscriber(_), Some(folded)) = (lookup, &folded) {
                        live.recall(folded.clone());
                    }
                    return Ok(folded);
                }
            }
        }
    }

    async fn of_subscriber(
        &self,
        subscriber: KeyedHash,
        blocks: &[i64],
        now: Timestamp,
    ) -> Result<Option<Conversation>, StoreError> {
        for number in blocks {
            let block = self.blocks.ask(*number).await?.unwrap_or_else(nothing);
            if let Some(found) = in_block(&block, |turn| turn.subscriber == subscriber)? {
                return Ok(Some(found).filter(|found| found.expires >= now));
            }
        }
        Ok(None)
    }

    async fn of_leg(&self, leg: KeyedHash, blocks: &[i64], now: Timestamp) -> Result<Option<Conversation>, StoreError> {
        for number in blocks {
            let block = self.blocks.ask(*number).await?.unwrap_or_else(nothing);
            let Some(found) = in_block(&block, |turn| turn.leg == leg && turn.expires >= now)? else { continue };
            // Whether its subscriber had a later turn, by whichever leg.
            let last = match self.find(Lookup::Subscriber(found.subscriber), now) {
                Found::Here(conversation) => Some(conversation),
                Found::Nowhere => None,
                Found::Folded(blocks) => self.of_subscriber(found.subscriber, &blocks.numbers, now).await?,
            };
            if let Some(last) = last.filter(|last| last.leg == leg) {
                return Ok(Some(last));
            }
        }
        Ok(None)
    }

    pub(super) async fn subscriber(&self, subscriber: KeyedHash) -> Result<Option<SubscriberRecord>, StoreError> {
        if self.strangers.include(subscriber) && !self.pool.is_closed() {
            return Ok(None);
        }
        self.subscribers.ask(subscriber).await
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

    pub(super) async fn due_intents(
        &self,
        now: Timestamp,
        at_most: u32,
        but: &[String],
    ) -> Result<Vec<Intent>, StoreError> {
        let query = sqlx::query(sql::INTENTS_DUE).bind(now.0).bind(json(but)?).bind(at_most);
        let found = self.noted(query.fetch_all(&self.pool).await)?;
        found.iter().map(rows::intent_from).collect()
    }

    fn find(&self, lookup: Lookup, now: Timestamp) -> Found {
        sync::read(&self.live).find(lookup, now)
    }

    pub(super) async fn one(&self, query: Query<'_, Sqlite, SqliteArguments>) -> Result<Option<SqliteRow>, StoreError> {
        self.noted(query.fetch_optional(&self.pool).await)
    }

    pub(super) fn noted<T>(&self, read: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        self.troubles.noted(read)
    }

    /// How long nothing could be read, or the file is known to be damaged.
    pub(super) fn failing(&self) -> Option<Duration> {
        self.troubles.reading.lasts().max(self.troubles.damage.lasts())
    }
}

impl Troubles {
    pub(super) fn noted<T>(&self, read: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        match &read {
            Ok(_) => self.reading.note(true),
            Err(sqlx::Error::PoolClosed) => {}
            Err(error) if rows::is_damage(error) => self.damage.note(false),
            Err(_) => self.reading.note(false),
        }
        read.map_err(rows::failed)
    }
}

/// The rows with these keys, an array in JSON.
async fn all(
    line: Arc<Line>,
    troubles: Arc<Troubles>,
    statement: &'static str,
    keys: Result<String, StoreError>,
) -> Result<Vec<SqliteRow>, Failed> {
    let read = line.rows(statement, keys?).await;
    let is_damage = read.as_ref().is_err_and(rows::is_damage);
    // Damage is on some page, others can be read.
    troubles.noted(read).map_err(if is_damage { Failed::Some } else { Failed::All })
}

/// In the place of a block whose run was forgotten since it was looked for.
fn nothing() -> Vec<u8> {
    Writing::begin(0).end()
}
