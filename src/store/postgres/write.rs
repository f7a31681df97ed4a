//! The engine: writes each batch as one statement that compares and sets, and reads and judges only when that fails.
//!
//! Most batches meet nobody else's, so the statement goes out before anything is read. When a row is not what the batch
//! rests on, nothing is written; then what stands is read by keys, the batch is judged, and what stands of it is written.
//!
//! **Doubt**: when nobody knows whether the statement was done, the primary is found again (which takes a commit of its own,
//! so that what is there is replicated), what stands is read, and the traces of the statement tell ([`Attempt`]). If it
//! was not done it is done again; should the first still be under way on the server, one of the two finds its rows changed.

use std::collections::{BTreeMap, HashMap};

use sqlx::postgres::PgRow;
use tokio::time::Instant;

use super::fault::Fault;
use super::line::{Line, Statement};
use super::rows::Columns;
use super::{rows, sql};
use crate::store::judge::{Attempt, Books, Kept, judge};
use crate::store::messages::Early;
use crate::store::writer::Engine;
use crate::store::{
    Commit, CommitError, Conversation, Intent, JourneyRecord, KeyedHash, Mark, Message, MessageChange, StoreError,
    SubscriberRecord, TurnRecord,
};
use crate::store::{intents, messages};
use crate::types::Timestamp;

/// How often a batch may find that others were first: each time at least one of its commits was answered, or one of
/// theirs was written.
const ROUNDS: usize = 16;

/// Owns the one connection that writes turns.
pub(super) struct Postgres {
    pub(super) line: Line,
}

impl Engine for Postgres {
    async fn write(&mut self, batch: Vec<Commit>) -> Vec<Result<(), CommitError>> {
        match self.try_write(&batch).await {
            Ok(outcomes) => outcomes,
            Err(fault) => batch.iter().map(|_| Err(fault.clone().into())).collect(),
        }
    }

    /// Upkeep is no work of the writer's here.
    async fn tidy(&mut self, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn close(self) -> Result<(), StoreError> {
        self.line.close().await;
        Ok(())
    }
}

/// What stood before a batch, as far as it was read.
#[derive(Default)]
struct Known {
    turns: HashMap<KeyedHash, Conversation>,
    kept: Kept,
}

/// How much is read before a batch is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Only where a change rests on what is there: new messages and marks meet nobody else's, as a rule.
    First,
    Again,
}

impl Postgres {
    async fn try_write(&mut self, batch: &[Commit]) -> Result<Vec<Result<(), CommitError>>, Fault> {
        let deadline = self.line.deadline();
        let mut known = Known { kept: self.kept(batch, Look::First, deadline).await?, ..Known::default() };
        let mut doubt: Option<Attempt> = None;
        for _ in 0..ROUNDS {
            let prepared = prepare(batch, &known);
            let statement = match prepared.statement()? {
                Some(statement) => statement,
                // A cancelled wait for a standby lets others see what only the primary has.
                None if batch.iter().any(Commit::is_empty) => sqlx::query(sql::BARRIER),
                None => return Ok(prepared.outcomes),
            };
            match self.line.write(statement, deadline).await {
                Ok(_) => return Ok(prepared.outcomes),
                Err(Fault::Raced | Fault::Misplaced) => {}
                Err(Fault::Doubt(reason)) if Instant::now() >= deadline => return Err(Fault::Doubt(reason)),
                Err(Fault::Doubt(_)) => doubt = Some(prepared.into_attempt()),
                Err(fault) => return Err(fault),
            }
            let turns = self.turns_of(batch, deadline).await?;
            known = Known { turns, kept: self.kept(batch, Look::Again, deadline).await? };
            let written = |attempt: &Attempt| attempt.was_written(&known.turns, &Books::new(known.kept.clone()));
            if let Some(attempt) = doubt.take_if(|attempt| written(attempt)) {
                return Ok(attempt.outcomes);
            }
        }
        Err(Fault::Raced)
    }

    async fn turns_of(
        &mut self,
        batch: &[Commit],
        deadline: Instant,
    ) -> Result<HashMap<KeyedHash, Conversation>, Fault> {
        let turns = batch.iter().filter_map(|commit| commit.turn.as_ref());
        let keys: Vec<[u8; 16]> = turns.map(|turn| turn.conversation.subscriber.0).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.line.read(|| sqlx::query(sql::TURNS_OF).bind(keys.clone()), deadline).await?;
        let found = found.iter().map(rows::conversation_from);
        found.map(|found| found.map(|found| (found.subscriber, found)).map_err(Fault::from)).collect()
    }

    /// What is stored of what the batch's changes can meet.
    async fn kept(&mut self, batch: &[Commit], look: Look, deadline: Instant) -> Result<Kept, Fault> {
        let mut kept = Kept::default();
        let (ids, wishes) = intents::wanted(batch.iter().flat_map(|commit| &commit.intents));
        if !ids.is_empty() {
            let ids: Vec<[u8; 16]> = ids.iter().map(|id| id.0.to_be_bytes()).collect();
            let (subscribers, requests): (Vec<_>, Vec<_>) =
                wishes.iter().map(|(subscriber, request)| (subscriber.0, request.0)).unzip();
            let query = || {
                let query = sqlx::query(sql::INTENTS_TOUCHED);
                query.bind(ids.clone()).bind(subscribers.clone()).bind(requests.clone())
            };
            kept.intents = all(&self.line.read(query, deadline).await?, rows::intent_from)?;
        }
        let changes = || batch.iter().flat_map(|commit| &commit.messages);
        let only_queues = changes().all(|change| matches!(change, MessageChange::Queue(_)));
        let (ids, foreigns) = messages::wanted(changes());
        if (!ids.is_empty() || !foreigns.is_empty()) && (look == Look::Again || !only_queues) {
            let ids: Vec<[u8; 16]> = ids.iter().map(|id| id.0.to_be_bytes()).collect();
            let foreigns: Vec<[u8; 16]> = foreigns.iter().map(|foreign| foreign.0).collect();
            let query = || sqlx::query(sql::MESSAGES_TOUCHED).bind(ids.clone()).bind(foreigns.clone());
            kept.messages.messages = all(&self.line.read(query, deadline).await?, rows::message_from)?;
            if !foreigns.is_empty() {
                let query = || sqlx::query(sql::EARLY_RECEIPTS).bind(foreigns.clone());
                kept.messages.early = all(&self.line.read(query, deadline).await?, rows::early_from)?;
            }
        }
        let keys: Vec<[u8; 16]> = batch.iter().flat_map(|commit| &commit.marks).map(|mark| mark.key.0).collect();
        if !keys.is_empty() && look == Look::Again {
            let query = || sqlx::query(sql::MARKS).bind(keys.clone()).bind(i64::MIN);
            kept.marks = all(&self.line.read(query, deadline).await?, rows::mark_from)?;
        }
        Ok(kept)
    }
}

fn all<T>(found: &[PgRow], read: impl Fn(&PgRow) -> Result<T, StoreError>) -> Result<Vec<T>, Fault> {
    found.iter().map(|row| read(row).map_err(Fault::from)).collect()
}

/// A batch as it is to be written, rows in the order of their keys.
struct Prepared<'a> {
    outcomes: Vec<Result<(), CommitError>>,
    /// The last turn of each subscriber, with the one that must stand before it.
    turns: Vec<(&'a TurnRecord, u64)>,
    journeys: Vec<&'a JourneyRecord>,
    subscribers: Vec<&'a SubscriberRecord>,
    /// Intents as they are to become, with what must stand before.
    changed: Vec<(Intent, Intent)>,
    claimed: Vec<Intent>,
    beside: Beside,
}

/// Messages, receipts and marks, in the order of their keys.
#[derive(Default)]
struct Beside {
    queued: Vec<Message>,
    /// As they are to become, with what must stand before.
    changed: Vec<(Message, Message)>,
    kept: Vec<Early>,
    matched: Vec<Early>,
    marks: Vec<Mark>,
}

impl Beside {
    fn of(books: &Books) -> Self {
        let (messages, marks) = (&books.messages, &books.marks);
        Self {
            queued: messages.queued().into_iter().cloned().collect(),
            changed: messages.changed().into_iter().map(|(now, was)| (now.clone(), was.clone())).collect(),
            kept: messages.kept().into_iter().cloned().collect(),
            matched: messages.matched().into_iter().cloned().collect(),
            marks: marks.changed().into_iter().cloned().collect(),
        }
    }

    fn is_empty(&self) -> bool {
        let Self { queued, changed, kept, matched, marks } = self;
        queued.is_empty() && changed.is_empty() && kept.is_empty() && matched.is_empty() && marks.is_empty()
    }

    fn columns(&self, columns: Columns) -> Columns {
        let columns = columns.queued_messages(&self.queued).changed_messages(&self.changed);
        columns.early(&self.kept, &self.matched).marks(&self.marks)
    }
}

impl Prepared<'_> {
    /// `None` where there is nothing to write.
    fn statement(&self) -> Result<Option<Statement>, StoreError> {
        let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        let has_turns = !self.turns.is_empty() || !self.journeys.is_empty();
        let has_records = !self.subscribers.is_empty() || !self.changed.is_empty() || !self.claimed.is_empty();
        let turns = || Columns::default().turns(&self.turns).journeys(&self.journeys);
        let records =
            || turns().subscribers(&self.subscribers).changed_intents(&self.changed).new_intents(&self.claimed);
        let (messages, marks) = (count(self.beside.changed.len()), count(self.beside.marks.len()));
        let statement = match (has_turns, has_records, !self.beside.is_empty()) {
            (false, false, false) => return Ok(None),
            (true, false, false) => turns().statement(sql::WRITE)?,
            (_, true, false) => records().statement(sql::WRITE_ALL)?.bind(count(self.changed.len())),
            (false, false, true) => {
                self.beside.columns(Columns::default()).statement(sql::MESSAGES)?.bind(messages).bind(marks)
            }
            (_, _, true) => {
                let statement = self.beside.columns(records()).statement(sql::WRITE_MESSAGES)?;
                statement.bind(count(self.changed.len())).bind(messages).bind(marks)
            }
        };
        Ok(Some(statement))
    }

    /// What is asked for when nobody knows whether it was written.
    fn into_attempt(self) -> Attempt {
        Attempt {
            outcomes: self.outcomes,
            turns: self.turns.iter().map(|(turn, _)| turn.conversation.clone()).collect(),
            intents: self.changed.into_iter().map(|(intent, _)| intent).chain(self.claimed).collect(),
            messages: self.beside.changed.into_iter().map(|(message, _)| message).collect(),
            queued: self.beside.queued.iter().map(|message| message.id).collect(),
            marks: self.beside.marks,
        }
    }
}

/// Judges a batch against what is known; what stands of it is to be written.
fn prepare<'a>(batch: &'a [Commit], known: &Known) -> Prepared<'a> {
    let mut books = Books::new(known.kept.clone());
    let outcomes = judge(batch, &known.turns, &mut books);
    let standing = || batch.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(commit, _)| commit);

    // Each subscriber's last turn, and what must stand before it: what was read, or what the first one rests on.
    let mut turns: BTreeMap<KeyedHash, (&TurnRecord, u64)> = BTreeMap::new();
    let mut subscribers = BTreeMap::new();
    for commit in standing() {
        if let Some(turn) = &commit.turn {
            let key = turn.conversation.subscriber;
            let read = known.turns.get(&key).map(|last| last.turn);
            let follows = read.unwrap_or(turn.conversation.turn.wrapping_sub(1));
            turns.entry(key).and_modify(|(last, _)| *last = turn).or_insert((turn, follows));
        }
        if let Some(subscriber) = &commit.subscriber {
            subscribers.insert(subscriber.subscriber, subscriber);
        }
    }
    let mut written: Vec<&Intent> = books.intents.changed();
    written.sort_by_key(|intent| (intent.subscriber, intent.id));
    let (mut changed, mut claimed) = (Vec::new(), Vec::new());
    for intent in written {
        match known.kept.intents.iter().find(|was| was.id == intent.id) {
            Some(was) => changed.push((intent.clone(), was.clone())),
            None => claimed.push(intent.clone()),
        }
    }
    let journeys = standing().flat_map(|commit| &commit.journeys).collect();
    Prepared {
        turns: turns.into_values().collect(),
        journeys,
        subscribers: subscribers.into_values().collect(),
        changed,
        claimed,
        beside: Beside::of(&books),
        outcomes,
    }
}
