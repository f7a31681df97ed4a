//! A whole server with the shipped menus, for benches that talk to it over a socket.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use gramsetu::ambient::{SystemChance, SystemClock};
use gramsetu::department::sandbox::{InProcess, Sandbox};
use gramsetu::gateway::Profile;
use gramsetu::house::{Plan, Sending, load};
use gramsetu::http::{self, Bounds, Front, Gateway, Listening, Rates, Shutdown, Site, Turns};
use gramsetu::menu::Program;
use gramsetu::meters::Meters;
use gramsetu::simulate::client::Address;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{self, Database, Options};
use gramsetu::types::{Clock, Secret};
use tokio::runtime::Runtime;

use super::talk::{Exchange, Talk};

const GATEWAY: &str = "africastalking";
const SECRET: &str = "bench";

/// Six turns that ask no department.
pub(crate) const MARKETS: &[Exchange] = &[
    ("*123#", "Welcome. What do you need?"),
    ("8", "Farming"),
    ("1", "Your state"),
    ("uttar p", "1. Uttar Pradesh"),
    ("1", "Your district"),
    ("luck", "1. Lucknow"),
];

/// The house with all that stays the same from round to round.
pub(crate) struct Bench {
    program: Arc<Program>,
    profile: Arc<Profile>,
    sessions: Arc<AtomicU64>,
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let loaded = load::load(load::read(None).expect("the menus are in the program"));
        let profile = loaded.profiles.into_iter().find(|profile| profile.name == GATEWAY).expect("it is shipped");
        Self {
            program: Arc::new(loaded.program.expect("the shipped menus compile")),
            profile: Arc::new(profile),
            sessions: Arc::default(),
            folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk that is measured"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn talk(&self, script: &'static [Exchange]) -> Talk {
        Talk {
            profile: Arc::clone(&self.profile),
            codes: self.program.codes(),
            script,
            sessions: Arc::clone(&self.sessions),
        }
    }

    /// A file of the bench's folder.
    pub(crate) fn file(&self, name: &str) -> Database {
        Database::Sqlite(self.path(name))
    }

    pub(crate) async fn site(&self, database: &Database) -> Arc<Site> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = store::open(database, Options::default(), clock.now()).await;
        let (hash, seal) = Keyring::draw();
        let gateway = Gateway::new(Arc::clone(&self.profile), vec![Secret::new(SECRET.to_owned())], Vec::new());
        let plan = Plan {
            program: Arc::clone(&self.program),
            gateways: vec![gateway.expect("the secret fits")],
            store: store.unwrap_or_else(|error| panic!("{error}")),
            transport: Arc::new(InProcess::new(Arc::new(Sandbox::default()), Arc::clone(&clock))),
            policies: Vec::new(),
            sending: Sending::default(),
            keyring: Keyring::new(&hash, &[(1, seal)]).expect("drawn keys fit"),
            clock,
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
            rates: Rates::default(),
            trusted_proxies: Vec::new(),
            public_url: None,
            largest_body: 16 * 1024,
            turns: Turns::default(),
        };
        plan.site()
    }
}

/// A listener, and the way to end it.
pub(crate) struct Serving {
    address: std::net::SocketAddr,
    listening: Listening,
    shutdown: Shutdown,
}

impl Serving {
    pub(crate) fn address(&self) -> Address {
        Address::new(self.address, "bench", GATEWAY, &SECRET.into())
    }

    pub(crate) fn end(self, server: &Runtime) {
        self.shutdown.begin();
        server.block_on(self.listening.finished());
    }
}

pub(crate) fn listen(server: &Runtime, front: impl Into<Front>) -> Serving {
    let shutdown = Shutdown::default();
    let listening = http::listen(([127, 0, 0, 1], 0).into(), front, Bounds::default(), shutdown.clone());
    let listening = server.block_on(listening).expect("a free port on the loopback");
    Serving { address: listening.address, listening, shutdown }
}
