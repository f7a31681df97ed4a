//! Several nodes on one store: two sites in one process share a store and departments, and each has its own way there, on
//! which a test holds things back. So every race is forced, not hoped for.

mod calls;
mod gate;
mod kept;
mod schedules;
mod turns;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gramsetu::ambient::SystemChance;
use gramsetu::department::sandbox::Sandbox;
use gramsetu::gateway::{Outbound, shipped};
use gramsetu::handset::{InProcess, Wire as _};
use gramsetu::house::{Plan, Sending};
use gramsetu::http::{self, Gateway, Rate, Rates, Site, Turns};
use gramsetu::menu::{self, Program};
use gramsetu::meters::Meters;
use gramsetu::phone::{self, Country};
use gramsetu::store::seal::Keyring;
use gramsetu::store::{Options, Store, sqlite};
use gramsetu::types::{Clock, Msisdn, Secret, Timestamp};
use tokio::task::JoinHandle;

use self::gate::{Departments, Gate, Held, StoppedClock, What};
use crate::folder;
use crate::server::menus;

const BEGINS: Timestamp = Timestamp(1_768_453_200_000);

/// One node: a site with its way to what all share.
#[derive(Clone, Debug)]
struct Node {
    site: Arc<Site>,
    gate: Arc<Gate>,
    wire: InProcess,
}

impl Node {
    /// What Africa's Talking hears when it sends the whole history of a dialogue.
    async fn text(&self, text: &str) -> String {
        self.dialogue("ATUid_1", text).await
    }

    async fn dialogue(&self, id: &str, text: &str) -> String {
        let body = format!("sessionId={id}&phoneNumber=%2B919812345670&serviceCode=*123%23&text={text}");
        let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
        let request = Outbound { method: "POST".to_owned(), headers, body: body.into_bytes(), ..Outbound::default() };
        let reply = self.wire.send("africastalking", request).await.expect("a reply");
        String::from_utf8(reply.body).expect("text")
    }

    /// What Flares hears when it sends what was typed last, or tells of an end.
    async fn flares(&self, what: &str) -> String {
        let query = format!("SessionID=77&MSISDN=919812345670&{what}");
        let request = Outbound { method: "GET".to_owned(), query, ..Outbound::default() };
        let reply = self.wire.send("flares", request).await.expect("a reply");
        String::from_utf8(reply.body).expect("text")
    }

    /// Sends a history beside whatever the test does next.
    fn sends(&self, text: &str) -> JoinHandle<String> {
        let (node, text) = (self.clone(), text.to_owned());
        tokio::spawn(async move { node.text(&text).await })
    }

    fn hold(&self, what: What) -> Held {
        self.gate.hold(what)
    }

    /// A sample of this node's metrics; nothing is none.
    fn counted(&self, sample: &str) -> u32 {
        let page = self.site.bridge.meters().page();
        let line = page.lines().find_map(|line| line.strip_prefix("gramsetu_")?.strip_prefix(sample));
        line.map_or(0, |value| value.trim().parse().expect("a number"))
    }
}

/// Two nodes and what they share.
#[derive(Debug)]
struct Nodes {
    a: Node,
    b: Node,
    clock: Arc<StoppedClock>,
    sandbox: Arc<Sandbox>,
    store: Arc<dyn Store>,
    keys: (Secret, Secret),
    _folder: tempfile::TempDir,
}

impl Nodes {
    async fn new() -> Self {
        Self::with(&program(), None).await
    }

    /// `chaos` draws how everything is delayed.
    async fn with(program: &Arc<Program>, chaos: Option<u64>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("db");
        let store = sqlite::open(&path, Options::default(), BEGINS).await.expect("a store");
        let clock = Arc::new(StoppedClock::at(BEGINS));
        let sandbox = Arc::new(Sandbox::default());
        let keys = Keyring::draw();
        let node = |chaos: Option<u64>| {
            let time: Arc<dyn Clock> = Arc::<StoppedClock>::clone(&clock);
            let gate = Gate::new(Arc::clone(&store), Arc::clone(&sandbox), Arc::clone(&time), chaos);
            let gate = Arc::new(gate);
            let site = site(program, &gate, time, &keys);
            Node { wire: InProcess::new(http::public(&site), "s"), site, gate }
        };
        let (a, b) = (node(chaos), node(chaos.map(|drawn| !drawn)));
        Self { a, b, clock, sandbox, store, keys, _folder: folder }
    }

    /// One more, that knows nothing but this program.
    fn another(&self, program: &Arc<Program>) -> Node {
        let time: Arc<dyn Clock> = Arc::<StoppedClock>::clone(&self.clock);
        let gate = Gate::new(Arc::clone(&self.store), Arc::clone(&self.sandbox), Arc::clone(&time), None);
        let gate = Arc::new(gate);
        let site = site(program, &gate, time, &self.keys);
        Node { wire: InProcess::new(http::public(&site), "s"), site, gate }
    }

    /// To where a cylinder can be booked: `3*1*1` does it.
    async fn before_booking(&self) {
        self.a.text("").await;
        self.b.text("3").await;
        assert!(self.a.text("3*1").await.starts_with("CON Book 1 cylinder"));
    }

    /// Different calls that the department was told to make, and bookings that it made.
    fn booked(&self) -> (u64, u64) {
        let booked = self.sandbox.booked();
        booked.values().fold((0, 0), |(keys, bookings), one| (keys + one.keys, bookings + one.bookings))
    }

    /// Time passes.
    fn wait(&self, how_long: Duration) {
        self.clock.advance(how_long);
    }
}

/// Whose phone it is.
fn caller() -> Msisdn {
    phone::parse("+919812345670", Country::by_iso("IN").expect("a country")).expect("a number")
}

/// The shipped menus.
fn program() -> Arc<Program> {
    static COMPILED: OnceLock<Arc<Program>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| {
        let (program, findings) = menu::compile(&folder::read(&menus()));
        Arc::new(program.unwrap_or_else(|| panic!("{findings:?}")))
    });
    Arc::clone(compiled)
}

fn site(program: &Arc<Program>, gate: &Arc<Gate>, clock: Arc<dyn Clock>, keys: &(Secret, Secret)) -> Arc<Site> {
    let open = |profile| Gateway::new(Arc::new(profile), vec![Secret::new("s".to_owned())], Vec::new());
    Plan {
        program: Arc::clone(program),
        gateways: shipped().into_iter().map(open).collect::<Result<_, _>>().expect("gateways"),
        store: Arc::<Gate>::clone(gate) as Arc<dyn Store>,
        transport: Arc::new(Departments(Arc::clone(gate))),
        policies: Vec::new(),
        sending: Sending::default(),
        keyring: Keyring::new(&keys.0, &[(1, keys.1.clone())]).expect("keys"),
        clock,
        chance: Arc::new(SystemChance),
        meters: Arc::new(Meters::default()),
        rates: Rates::new(Rate::GATEWAY, Rate::GATEWAY),
        trusted_proxies: Vec::new(),
        public_url: None,
        largest_body: 16 * 1024,
        turns: Turns::default(),
    }
    .site()
}
