//! Reads. Those of every turn are gathered, and read with one statement by keys. Others are single statements.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::postgres::PgRow;

use super::fault::Fault;
use super::line::{Lines, Statement};
use super::{rows, sql};
use crate::store::gathered::Gathered;
use crate::store::{Conversation, Intent, IntentId, KeyedHash, Lookup, StoreError, SubscriberRecord};
use crate::types::Timestamp;

#[derive(Debug)]
pub(super) struct Reader {
    lines: Arc<Lines>,
    conversations: Gathered<(Lookup, Timestamp), Conversation>,
    subscribers: Gathered<KeyedHash, SubscriberRecord>,
}

impl Reader {
    /// Begins to gather.
    pub(super) fn start(lines: Arc<Lines>) -> Self {
        let (one, two) = (Arc::clone(&lines), Arc::clone(&lines));
        let conversations = Gathered::start(move |asked| conversations(Arc::clone(&one), asked));
        let subscribers = Gathered::start(move |asked| subscribers(Arc::clone(&two), asked));
        Self { lines, conversations, subscribers }
    }

    pub(super) async fn conversation(
        &self,
        lookup: Lookup,
        now: Timestamp,
    ) -> Result<Option<Conversation>, StoreError> {
        self.conversations.ask((lookup, now)).await
    }

    pub(super) async fn subscriber(&self, subscriber: KeyedHash) -> Result<Option<SubscriberRecord>, StoreError> {
        self.subscribers.ask(subscriber).await
    }

    pub(super) async fn open_intent(
        &self,
        subscriber: KeyedHash,
        request: KeyedHash,
    ) -> Result<Option<Intent>, StoreError> {
        self.intent_by(|| sqlx::query(sql::INTENT_OPEN).bind(subscriber.0.to_vec()).bind(request.0.to_vec())).await
    }

    pub(super) async fn intent(&self, id: IntentId) -> Result<Option<Intent>, StoreError> {
        self.intent_by(|| sqlx::query(sql::INTENT).bind(id.0.to_be_bytes().to_vec())).await
    }

    async fn intent_by(&self, statement: impl Fn() -> Statement) -> Result<Option<Intent>, StoreError> {
        self.lines.read(statement).await?.first().map(rows::intent_from).transpose()
    }

    /// Leases due intents, oldest first. When it is in doubt whether they were leased, they are given to nobody until then.
    pub(super) async fn lease_due(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u32,
        but: Vec<String>,
    ) -> Result<Vec<Intent>, StoreError> {
        let lease = sqlx::query(sql::LEASE_DUE).bind(now.0).bind(until.0).bind(i64::from(at_most)).bind(but);
        let leased = match self.lines.write(lease).await {
            // Another node was given the same; there is another time.
            Err(Fault::Raced) => Vec::new(),
            leased => leased?,
        };
        let with_due = |row: &PgRow| Ok((rows::get::<i64>(row, 11)?, rows::intent_from(row)?));
        let mut leased = leased.iter().map(with_due).collect::<Result<Vec<_>, StoreError>>()?;
        leased.sort_by_key(|(was_due, intent)| (*was_due, intent.id));
        Ok(leased.into_iter().map(|(_, intent)| intent).collect())
    }
}

/// One answer for each lookup, in their order.
async fn conversations(lines: Arc<Lines>, asked: Vec<(Lookup, Timestamp)>) -> Result<Vec<Option<Conversation>>, Fault> {
    let (mut subscribers, mut legs) = (Vec::new(), Vec::new());
    for (lookup, _) in &asked {
        match lookup {
            Lookup::Subscriber(subscriber) => subscribers.push(subscriber.0),
            Lookup::Leg(leg) => legs.push(leg.0),
        }
    }
    let found = turns(&lines, sql::TURNS_OF, subscribers).await?;
    let by_subscriber: HashMap<KeyedHash, &Conversation> =
        found.iter().map(|conversation| (conversation.subscriber, conversation)).collect();
    let found = turns(&lines, sql::TURNS_ON, legs).await?;
    let mut by_leg: HashMap<KeyedHash, Vec<&Conversation>> = HashMap::new();
    for conversation in &found {
        by_leg.entry(conversation.leg).or_default().push(conversation);
    }
    let answer = |(lookup, now): (Lookup, Timestamp)| {
        let is_alive = |conversation: &&Conversation| conversation.expires >= now;
        let found = match lookup {
            Lookup::Subscriber(subscriber) => by_subscriber.get(&subscriber).copied().filter(is_alive),
            // The last one, where a gateway used a leg's id again for another number.
            Lookup::Leg(leg) => {
                let all = by_leg.get(&leg).into_iter().flatten().copied();
                all.filter(is_alive).max_by_key(|conversation| conversation.at)
            }
        };
        found.cloned()
    };
    Ok(asked.into_iter().map(answer).collect())
}

/// Those that a statement finds by these keys, which are few or none.
async fn turns(lines: &Lines, text: &'static str, keys: Vec<[u8; 16]>) -> Result<Vec<Conversation>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let found = lines.try_read(|| sqlx::query(text).bind(keys.clone())).await?;
    found.iter().map(|row| rows::conversation_from(row).map_err(Fault::from)).collect()
}

async fn subscribers(lines: Arc<Lines>, asked: Vec<KeyedHash>) -> Result<Vec<Option<SubscriberRecord>>, Fault> {
    let keys: Vec<[u8; 16]> = asked.iter().map(|subscriber| subscriber.0).collect();
    let found = lines.try_read(|| sqlx::query(sql::SUBSCRIBERS).bind(keys.clone())).await?;
    let found = found.iter().map(|row| rows::subscriber_from(row).map_err(Fault::from));
    let found = found.map(|found| found.map(|found| (found.subscriber, found)));
    let found = found.collect::<Result<HashMap<_, _>, _>>()?;
    Ok(asked.iter().map(|subscriber| found.get(subscriber).cloned()).collect())
}
