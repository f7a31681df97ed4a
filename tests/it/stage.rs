//! The hooks on a real socket, with everything behind them in this process: time that a test moves, a store that a test
//! breaks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use gramsetu::ambient::{SystemChance, SystemClock, VirtualClock};
use gramsetu::department::sandbox::{InProcess, Sandbox};
use gramsetu::gateway::messages::shipped_messages;
use gramsetu::gateway::{Profile, shipped};
use gramsetu::handset::OverHttp;
use gramsetu::house::{Plan, Sending};
use gramsetu::http::{self, Bounds, Gateway, GatewayError, Rate, Rates, Shutdown, Site, Turns, listen};
use gramsetu::menu;
use gramsetu::meters::Meters;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{
    Commit, CommitError, Conversation, Intent, IntentId, KeyedHash, Lookup, Mark, Message, MessageClaims,
    MessageCounts, MessageFilter, MessageGroup, MessageId, Observed, Options, Programs, Store, StoreError,
    SubscriberRecord, sqlite,
};
use gramsetu::types::{Clock, Later, Secret, Timestamp};

use crate::folder;
use crate::server::{SECRET, menus};

/// How the store behaves from now on.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum Behaves {
    Works,
    /// Reads work, commits fail.
    CommitsFail,
    Fails,
    IsFull,
    /// Commits wait until it behaves otherwise.
    CommitsWait,
    /// A defect in the program.
    Panics,
}

/// A store that can be told to break.
#[derive(Debug)]
struct Brittle {
    inner: Arc<dyn Store>,
    how: Arc<AtomicU8>,
}

impl Brittle {
    fn is(&self, how: Behaves) -> bool {
        self.how.load(Ordering::SeqCst) == how as u8
    }

    fn read<'a, T>(&'a self, read: Later<'a, Result<T, StoreError>>) -> Later<'a, Result<T, StoreError>> {
        assert!(!self.is(Behaves::Panics), "a defect on purpose");
        if self.is(Behaves::Fails) {
            return Box::pin(async { Err(StoreError::Database("broken on purpose".to_owned())) });
        }
        read
    }
}

impl Store for Brittle {
    fn conversation(&self, lookup: Lookup, now: Timestamp) -> Later<'_, Result<Option<Conversation>, StoreError>> {
        self.read(self.inner.conversation(lookup, now))
    }

    fn subscriber(&self, subscriber: KeyedHash) -> Later<'_, Result<Option<SubscriberRecord>, StoreError>> {
        self.read(self.inner.subscriber(subscriber))
    }

    fn commit(&self, commit: Commit) -> Later<'_, Result<(), CommitError>> {
        let fails = self.is(Behaves::Fails) || self.is(Behaves::CommitsFail);
        if self.is(Behaves::CommitsWait) {
            return Box::pin(async {
                while self.is(Behaves::CommitsWait) {
                    SystemClock.sleep(Duration::from_millis(1)).await;
                }
                self.inner.commit(commit).await
            });
        }
        if self.is(Behaves::IsFull) {
            return Box::pin(async { Err(CommitError::Busy) });
        }
        if fails {
            return Box::pin(async { Err(StoreError::Database("broken on purpose".to_owned()).into()) });
        }
        self.inner.commit(commit)
    }

    fn open_intent(&self, subscriber: KeyedHash, request: KeyedHash) -> Later<'_, Result<Option<Intent>, StoreError>> {
        self.read(self.inner.open_intent(subscriber, request))
    }

    fn intent(&self, id: IntentId) -> Later<'_, Result<Option<Intent>, StoreError>> {
        self.read(self.inner.intent(id))
    }

    fn lease_due(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u32,
        but: Vec<String>,
    ) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        self.read(self.inner.lease_due(now, until, at_most, but))
    }

    fn intents_of(&self, subscriber: KeyedHash, at_most: u32) -> Later<'_, Result<Vec<Intent>, StoreError>> {
        self.read(self.inner.intents_of(subscriber, at_most))
    }

    fn lease_messages(&self, claims: MessageClaims) -> Later<'_, Result<Vec<Message>, StoreError>> {
        self.read(self.inner.lease_messages(claims))
    }

    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>> {
        self.read(self.inner.message(id))
    }

    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>> {
        self.read(self.inner.messages(filter, at_most))
    }

    fn message_counts(&self) -> Later<'_, Result<MessageCounts, StoreError>> {
        self.read(self.inner.message_counts())
    }

    fn message_groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>> {
        self.read(self.inner.message_groups())
    }

    fn stirred_messages(&self) -> Later<'_, ()> {
        self.inner.stirred_messages()
    }

    fn mark(&self, key: KeyedHash, now: Timestamp) -> Later<'_, Result<Option<Mark>, StoreError>> {
        self.read(self.inner.mark(key, now))
    }

    fn marks(&self, keys: Vec<KeyedHash>, now: Timestamp) -> Later<'_, Result<Vec<Mark>, StoreError>> {
        self.read(self.inner.marks(keys, now))
    }

    fn programs(&self) -> &dyn Programs {
        self.inner.programs()
    }

    fn upkeep(&self, now: Timestamp) -> Later<'_, Result<(), StoreError>> {
        self.inner.upkeep(now)
    }

    fn observed(&self) -> Observed {
        self.inner.observed()
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        self.inner.close()
    }
}

/// Hooks that listen.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) hooks: SocketAddr,
    pub(crate) site: Arc<Site>,
    clock: Arc<VirtualClock>,
    store: Arc<AtomicU8>,
    shutdown: Shutdown,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(Turns::default()).await
    }

    /// With room for so many turns.
    pub(crate) async fn with(turns: Turns) -> Self {
        Self::bounded(turns, Rates::new(Rate::GATEWAY, Rate::GATEWAY)).await
    }

    /// The same, and as much as these let in.
    pub(crate) async fn bounded(turns: Turns, rates: Rates) -> Self {
        let begins = Timestamp(1_768_453_200_000);
        let folder = tempfile::tempdir().expect("a folder");
        let (program, findings) = menu::compile(&folder::read(&menus()));
        let program = Arc::new(program.unwrap_or_else(|| panic!("{findings:?}")));
        let options = Options::default();
        let inner = sqlite::open(&folder.path().join("stage.db"), options, begins).await.expect("a database");
        let how = Arc::new(AtomicU8::new(Behaves::Works as u8));
        let clock = Arc::new(VirtualClock::starting_at(begins));
        let time: Arc<dyn Clock> = Arc::<VirtualClock>::clone(&clock);
        let transport = InProcess::new(Arc::new(Sandbox::default()), Arc::clone(&time));
        let (hash, seal) = Keyring::draw();
        let of_messages = |name: &str| shipped_messages().into_iter().find(|of| of.name == name && !of.is_signed());
        let open = |profile: Profile| {
            let of_messages = of_messages(&profile.name);
            let gateway = Gateway::new(Arc::new(profile), vec![Secret::new(SECRET.to_owned())], Vec::new())?;
            match of_messages {
                Some(of_messages) => gateway.with_messages(Arc::new(of_messages), Vec::new()),
                None => Ok(gateway),
            }
        };
        let gateways = shipped().into_iter().map(open).collect::<Result<_, GatewayError>>().expect("gateways");
        let site = Plan {
            program,
            gateways,
            store: Arc::new(Brittle { inner, how: Arc::clone(&how) }),
            transport: Arc::new(transport),
            policies: Vec::new(),
            sending: Sending::default(),
            keyring: Keyring::new(&hash, &[(1, seal)]).expect("keys"),
            clock: time,
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
            rates,
            trusted_proxies: Vec::new(),
            public_url: None,
            largest_body: 16 * 1024,
            turns,
        }
        .site();
        let shutdown = Shutdown::default();
        let address = ([127, 0, 0, 1], 0).into();
        let listening = listen(address, http::public(&site), Bounds::default(), shutdown.clone()).await;
        let hooks = listening.expect("a port").address;
        Self { hooks, site, clock, store: how, shutdown, _folder: folder }
    }

    pub(crate) fn wire(&self) -> OverHttp {
        OverHttp::new(&format!("http://{}", self.hooks), SECRET).expect("an address")
    }

    /// Time passes.
    pub(crate) fn wait(&self, how_long: Duration) {
        self.clock.advance(how_long);
    }

    /// Waits until so many turns are under way.
    pub(crate) async fn under_way(&self, turns: usize) {
        let reached = async {
            while self.site.turns.under_way() != turns {
                SystemClock.sleep(Duration::from_millis(1)).await;
            }
        };
        let reached = tokio::time::timeout(Duration::from_mins(1), reached).await;
        assert!(reached.is_ok(), "{turns} were to be under way, and not {}", self.site.turns.under_way());
    }

    pub(crate) fn store(&self, how: Behaves) {
        self.store.store(how as u8, Ordering::SeqCst);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}
