//! An outbox on a file, with gateways of the test's own behind its routes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gramsetu::ambient::{SeededChance, VirtualClock};
use gramsetu::gateway::messages::{Answer, Carrier, MessageProfile, OutRequest, shipped_messages};
use gramsetu::meters::Meters;
use gramsetu::outbox::{Outbox, Parts, RouteAnswer, RouteSettings, Routes, Transport};
use gramsetu::outward::{HttpAnswer, TransportError};
use gramsetu::phone::{self, Country};
use gramsetu::store::seal::Keyring;
use gramsetu::store::{self, Commit, Database, MessageChange, MessageId, MessageState, Options, Store};
use gramsetu::text::sms::Allowed;
use gramsetu::types::{Clock, Later, MessageKind, OutMessage, Priority, Repeat, Secret, Timestamp};

/// 22 November 2026, 03:30 in India.
const BEGIN: Timestamp = Timestamp(1_795_298_400_000);

/// What a gateway does with a message.
#[derive(Clone, Debug)]
pub(super) enum Does {
    Take,
    Answer(Answer),
    TakeAndLose,
    NotReached,
}

#[derive(Debug, Default)]
struct Seen {
    does: HashMap<String, Does>,
    /// By gateway and text, each key once.
    taken: Vec<(String, String)>,
    keys: HashSet<String>,
    asked: usize,
    /// Our ids, as they were told with each request.
    ids: Vec<String>,
}

#[derive(Debug)]
struct Gateways {
    carriers: Vec<(String, Carrier)>,
    seen: Mutex<Seen>,
}

impl Gateways {
    fn answer(&self, request: &OutRequest) -> Result<RouteAnswer, TransportError> {
        let host = request.url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let (name, carrier) =
            self.carriers.iter().find(|(name, _)| host.starts_with(name.as_str())).expect("a gateway");
        let path = request.url.splitn(4, '/').nth(3).map_or("/".to_owned(), |path| format!("/{path}"));
        let taken =
            carrier.take(&path, &request.headers, &request.body).expect("it is written as the gateway wants it");
        let mut seen = self.seen.lock().expect("nobody panics");
        seen.asked += 1;
        seen.ids.extend(taken.id.clone());
        let does = seen.does.get(name).or_else(|| seen.does.get("")).cloned().unwrap_or(Does::Take);
        let mut keep = || {
            if taken.key.clone().is_none_or(|key| seen.keys.insert(key)) {
                seen.taken.push((name.clone(), taken.text.clone()));
            }
        };
        let answer = match does {
            Does::NotReached => return Err(TransportError::NotSent("refused".to_owned())),
            Does::TakeAndLose => {
                keep();
                return Err(TransportError::Lost("the connection was closed".to_owned()));
            }
            Does::Take => {
                keep();
                let foreign = Some(format!("{:032x}", seen.asked));
                Answer::Accepted { foreign }
            }
            Does::Answer(answer) => {
                if matches!(answer, Answer::Accepted { .. }) {
                    keep();
                }
                answer
            }
        };
        let reply = carrier.answer(&answer).expect("the gateway has a word for it");
        Ok(RouteAnswer { answer: HttpAnswer { status: reply.status, body: reply.body }, retry_after: None })
    }
}

impl Transport for Gateways {
    fn send(&self, request: OutRequest, _: Duration) -> Later<'_, Result<RouteAnswer, TransportError>> {
        let answer = self.answer(&request);
        Box::pin(std::future::ready(answer))
    }
}

/// Shows the time of another clock, and wakes nobody.
#[derive(Debug)]
struct Held(Arc<VirtualClock>);

impl Clock for Held {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, _: Duration) -> Later<'_, ()> {
        Box::pin(std::future::pending())
    }
}

pub(super) struct Stage {
    pub(super) outbox: Arc<Outbox>,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<VirtualClock>,
    gateways: Arc<Gateways>,
    _folder: tempfile::TempDir,
}

pub(super) fn profile(name: &str) -> MessageProfile {
    shipped_messages().into_iter().find(|profile| profile.name == name).expect("it is shipped")
}

/// A route to a gateway of the test's own; ten segments a second.
pub(super) fn route(name: &str) -> RouteSettings {
    let profile = profile(name);
    let credentials: BTreeMap<String, Secret> =
        profile.credentials().iter().map(|name| (name.clone(), Secret::from("x"))).collect();
    RouteSettings {
        name: name.to_owned(),
        profile: Arc::new(profile),
        url: Some(format!("http://{name}.example")),
        credentials,
        receipts: Some("https://us.example/receipt".to_owned()),
        sender: None,
        headers: if name == "sandbox" { vec!["SANDBX".to_owned()] } else { vec!["EPFOHO".to_owned()] },
        free_text: false,
        allowed: Allowed::default(),
        substitutes: true,
        segments_per_second: NonZeroU32::new(10).expect("a rate"),
        at_once: 16,
        within: Duration::from_secs(10),
    }
}

/// A registered text that goes out at any time, and never twice.
pub(super) fn message(text: &str) -> OutMessage {
    OutMessage {
        to: phone::parse("+919812345670", Country::by_iso("IN").expect("a country")).expect("a number"),
        text: text.to_owned(),
        header: "EPFOHO".to_owned(),
        kind: MessageKind::Service,
        priority: Priority::Notice,
        repeat: Repeat::Never,
        entity: Some("1101000000000000001".to_owned()),
        template: Some("1107000000000000001".to_owned()),
        language: "en".to_owned(),
    }
}

pub(super) fn promotion(text: &str) -> OutMessage {
    OutMessage { kind: MessageKind::Promotional, ..message(text) }
}

impl Stage {
    pub(super) async fn new(routes: &[&str]) -> Self {
        Self::through(routes.iter().map(|name| route(name)).collect()).await
    }

    pub(super) async fn through(routes: Vec<RouteSettings>) -> Self {
        let clock = Arc::new(VirtualClock::starting_at(BEGIN));
        Self::with(routes, &clock, Arc::clone(&clock) as Arc<dyn Clock>).await
    }

    /// The outbox has a clock on which nothing that waits for a time ever goes on.
    pub(super) async fn held(routes: Vec<RouteSettings>) -> Self {
        let clock = Arc::new(VirtualClock::starting_at(BEGIN));
        Self::with(routes, &clock, Arc::new(Held(Arc::clone(&clock)))).await
    }

    async fn with(routes: Vec<RouteSettings>, clock: &Arc<VirtualClock>, the_outboxs: Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::Sqlite(folder.path().join("outbox.db"));
        let store = store::open(&database, Options::default(), clock.now()).await.expect("a database");
        let (hash, seal) = Keyring::draw();
        let carriers =
            routes.iter().map(|route| (route.name.clone(), Carrier::new(Arc::clone(&route.profile), None))).collect();
        let gateways = Arc::new(Gateways { carriers, seen: Mutex::default() });
        let outbox = Outbox::new(Parts {
            routes: Routes::new(routes),
            transport: Arc::clone(&gateways) as Arc<dyn Transport>,
            store: Arc::clone(&store),
            keyring: Arc::new(Keyring::new(&hash, &[(1, seal)]).expect("keys")),
            clock: the_outboxs,
            chance: Arc::new(SeededChance::new(6)),
            meters: Arc::new(Meters::default()),
        });
        Self { outbox: Arc::new(outbox), store, clock: Arc::clone(clock), gateways, _folder: folder }
    }

    pub(super) async fn queue(&self, message: &OutMessage) -> MessageId {
        self.queue_for(message, Duration::from_hours(1)).await
    }

    pub(super) async fn queue_for(&self, message: &OutMessage, lives: Duration) -> MessageId {
        // One after the other, so that the order is theirs.
        self.clock.advance(Duration::from_millis(1));
        let queued = self.outbox.queued(message, lives).expect("it can be kept");
        let MessageChange::Queue(queued_message) = &queued else { panic!("{queued:?}") };
        let id = queued_message.id;
        self.store.commit(Commit { messages: vec![queued], ..Commit::default() }).await.expect("it is kept");
        id
    }

    pub(super) async fn requeue(&self, id: MessageId) {
        let (due, expires) = (self.clock.now(), self.clock.now().plus(Duration::from_hours(1)));
        let change = MessageChange::Requeue { id, due, expires };
        self.store.commit(Commit { messages: vec![change], ..Commit::default() }).await.expect("it is kept");
    }

    pub(super) async fn send_due(&self) -> usize {
        self.outbox.send_due().await.expect("the store answers")
    }

    pub(super) async fn state(&self, id: MessageId) -> MessageState {
        self.store.message(id).await.expect("the store answers").expect("it is there").state
    }

    /// What all gateways do from now on.
    pub(super) fn does(&self, does: Does) {
        self.route_does("", does);
    }

    pub(super) fn route_does(&self, gateway: &str, does: Does) {
        self.gateways.seen.lock().expect("nobody panics").does.insert(gateway.to_owned(), does);
    }

    pub(super) fn taken(&self) -> Vec<String> {
        self.gateways.seen.lock().expect("nobody panics").taken.iter().map(|(_, text)| text.clone()).collect()
    }

    pub(super) fn taken_on(&self, gateway: &str) -> Vec<String> {
        let seen = self.gateways.seen.lock().expect("nobody panics");
        seen.taken.iter().filter(|(name, _)| name == gateway).map(|(_, text)| text.clone()).collect()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.gateways.seen.lock().expect("nobody panics").ids.clone()
    }

    pub(super) fn asked(&self) -> usize {
        self.gateways.seen.lock().expect("nobody panics").asked
    }
}
