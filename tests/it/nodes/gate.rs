//! What stands between a node and what all share, and holds things back at moments that a test chooses.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gramsetu::ambient::SystemClock;
use gramsetu::department::sandbox::{InProcess, Sandbox};
use gramsetu::department::{HttpRequest, Transport};
use gramsetu::outward::{HttpAnswer, TransportError};
use gramsetu::store::{
    Commit, CommitError, Conversation, Intent, IntentChange, IntentId, KeyedHash, Lookup, Mark, Message, MessageClaims,
    MessageCounts, MessageFilter, MessageGroup, MessageId, Observed, Programs, Store, StoreError, SubscriberRecord,
};
use gramsetu::types::{Clock, Later, Timestamp};
use tokio::sync::{oneshot, watch};

/// What can be held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A commit with a turn, unless that claims a call.
    Turn,
    /// A commit with a claim.
    Claim,
    /// A commit with the outcome of a call, and no turn.
    Settle,
    /// A changing call, before the department has heard of it.
    Call,
    /// The same, once the department has answered.
    Answer,
    /// What is kept about a number, once it is read.
    Known,
}

/// Who is held, until it is let go.
#[derive(Debug)]
pub(super) struct Held {
    reached: oneshot::Receiver<()>,
    go_on: Option<oneshot::Sender<()>>,
}

impl Held {
    /// Waits until somebody has come by and is held.
    pub(super) async fn reached(&mut self) {
        let patience = Duration::from_mins(1);
        tokio::time::timeout(patience, &mut self.reached).await.expect("it comes by").expect("the gate is there");
    }

    pub(super) fn let_go(mut self) {
        let go_on = self.go_on.take().expect("it is let go once");
        go_on.send(()).expect("somebody is held");
    }
}

type Waiting = (What, oneshot::Sender<()>, oneshot::Receiver<()>);

#[derive(Debug, Default)]
struct Holds(Mutex<Vec<Waiting>>);

impl Holds {
    fn hold(&self, what: What) -> Held {
        let (arrives, reached) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((what, arrives, goes_on));
        Held { reached, go_on: Some(go_on) }
    }

    /// Holds whoever comes by, once for each hold.
    async fn pass(&self, what: What) {
        let found = {
            let mut holds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            holds.iter().position(|(held, ..)| *held == what).map(|at| holds.remove(at))
        };
        if let Some((_, arrives, goes_on)) = found {
            let _ = arrives.send(());
            let _ = goes_on.await;
        }
    }
}

/// A node's way to the store and to the departments.
#[derive(Debug)]
pub(super) struct Gate {
    store: Arc<dyn Store>,
    departments: InProcess,
    holds: Holds,
    /// What is kept about numbers is read as if its key were lost.
    pub(super) spoils: AtomicBool,
    /// Lets other tasks in before and after everything: so often at most, drawn from these numbers.
    chaos: Option<Mutex<u64>>,
}

impl Gate {
    pub(super) fn new(store: Arc<dyn Store>, sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>, chaos: Option<u64>) -> Self {
        let departments = InProcess::new(sandbox, clock);
        Self {
            store,
            departments,
            holds: Holds::default(),
            spoils: AtomicBool::new(false),
            chaos: chaos.map(Mutex::new),
        }
    }

    /// Holds back the next one.
    pub(super) fn hold(&self, what: What) -> Held {
        self.holds.hold(what)
    }

    /// A moment in which others may come first.
    async fn dither(&self) {
        let Some(chaos) = &self.chaos else { return };
        let drawn = {
            let mut state = chaos.lock().unwrap_or_else(PoisonError::into_inner);
            // The constants of Knuth's MMIX; the high bits are the better ones.
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *state >> 60
        };
        for _ in 0..drawn {
            tokio::task::yield_now().await;
        }
        if drawn > 12 {
            SystemClock.sleep(Duration::from_millis(drawn - 12)).await;
        }
    }

    async fn commits(&self, commit: Commit) -> Result<(), CommitError> {
        let claims = commit.intents.iter().any(|change| matches!(change, IntentChange::Claim(_)));
        let settles = commit.intents.iter().any(|change| matches!(change, IntentChange::Settle { .. }));
        if claims {
            self.holds.pass(What::Claim).await;
        } else if commit.turn.is_some() {
            self.holds.pass(What::Turn).await;
        } else if settles {
            self.holds.pass(What::Settle).await;
        }
        self.dither().await;
        let done = self.store.commit(commit).await;
        self.dither().await;
        done
    }

    fn read<'a, T: Send + 'a>(&'a self, read: Later<'a, T>) -> Later<'a, T> {
        Box::pin(async move {
            self.dither().await;
            let found = read.await;
            self.dither().await;
            found
        })
    }
}

impl Store for Gate {
    fn conversation(&self, lookup: Lookup, now: Timestamp) -> Later<'_, Result<Option<Conversation>, StoreError>> {
        self.read(self.store.conversation(lookup, now))
    }

    fn subscriber(&self, subscriber: KeyedHash) -> Later<'_, Result<Option<SubscriberRecord>, StoreError>> {
        Box::pin(async move {
            let mut found = self.read(self.store.subscriber(subscriber)).await;
            self.holds.pass(What::Known).await;
            if self.spoils.load(Ordering::SeqCst)
                && let Ok(Some(record)) = &mut found
            {
                record.sealed.reverse();
            }
            found
        })
    }

    fn commit(&self, commit: Commit) -> Later<'_, Result<(), CommitError>> {
        Box::pin(self.commits(commit))
    }

    fn open_intent(&self, subscriber: KeyedHash, request: KeyedHash) -> Later<'_, Result<Option<Intent>, StoreError>> {
        self.read(self.store.open_intent(subscriber, request))
    }

    fn intent(&self, id: IntentId) -> Later<'_, Result<Option<Intent>, StoreError>> {
        self.read(self.store.intent(id))
    }

    fn lease_due(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u32,
        but: Vec<String>,
    ) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        self.read(self.store.lease_due(now, until, at_most, but))
    }

    fn intents_of(&self, subscriber: KeyedHash, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        self.read(self.store.intents_of(subscriber, at_most))
    }

    fn lease_messages(&self, claims: MessageClaims) -> Later<'_, Result<Vec<Message>, StoreError>> {
        self.read(self.store.lease_messages(claims))
    }

    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>> {
        self.read(self.store.message(id))
    }

    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>> {
        self.read(self.store.messages(filter, at_most))
    }

    fn message_counts(&self) -> Later<'_, Result<MessageCounts, StoreError>> {
        self.read(self.store.message_counts())
    }

    fn message_groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>> {
        self.read(self.store.message_groups())
    }

    fn stirred_messages(&self) -> Later<'_, ()> {
        self.store.stirred_messages()
    }

    fn mark(&self, key: KeyedHash, now: Timestamp) -> Later<'_, Result<Option<Mark>, StoreError>> {
        self.read(self.store.mark(key, now))
    }

    fn marks(&self, keys: Vec<KeyedHash>, now: Timestamp) -> Later<'_, Result<Vec<Mark>, StoreError>> {
        self.read(self.store.marks(keys, now))
    }

    fn programs(&self) -> &dyn Programs {
        self.store.programs()
    }

    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>> {
        self.store.upkeep(now)
    }

    fn observed(&self) -> Observed {
        self.store.observed()
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        self.store.close()
    }
}

/// The departments behind the same gate.
#[derive(Debug)]
pub(super) struct Departments(pub(super) Arc<Gate>);

impl Transport for Departments {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>> {
        let changes = request.idempotency_key.is_some();
        Box::pin(async move {
            if changes {
                self.0.holds.pass(What::Call).await;
            }
            self.0.dither().await;
            let answer = self.0.departments.send(request, within).await;
            if changes {
                self.0.holds.pass(What::Answer).await;
            }
            answer
        })
    }
}

/// Time that moves only when a test says so; who sleeps lets others work until then.
#[derive(Debug)]
pub(super) struct StoppedClock {
    now: AtomicI64,
    sleeps: watch::Sender<usize>,
}

impl StoppedClock {
    pub(super) fn at(start: Timestamp) -> Self {
        Self { now: AtomicI64::new(start.0), sleeps: watch::Sender::default() }
    }

    pub(super) fn advance(&self, by: Duration) {
        self.now.store(self.now().plus(by).0, Ordering::SeqCst);
    }

    /// Waits until somebody waits.
    pub(super) async fn somebody_waits(&self) {
        let mut sleeps = self.sleeps.subscribe();
        let patience = Duration::from_mins(1);
        tokio::time::timeout(patience, sleeps.changed()).await.expect("somebody waits").expect("the clock is there");
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn sleep(&self, how_long: Duration) -> Later<'_, ()> {
        // Who looks again and again may look at once; who waits for a moment waits for the clock.
        let until = self.now().plus(how_long);
        self.sleeps.send_modify(|sleeps| *sleeps += 1);
        Box::pin(async move {
            SystemClock.sleep(Duration::from_millis(1)).await;
            while how_long > Duration::from_millis(50) && self.now() < until {
                SystemClock.sleep(Duration::from_millis(1)).await;
            }
        })
    }
}
