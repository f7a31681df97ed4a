//! A whole server with the shipped menus, for benches that talk to it over a socket.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use gramsetu::gateway::Profile;
use gramsetu::house::load;
use gramsetu::http::{self, Bounds, Front, Listening, Shutdown, Site};
use gramsetu::menu::{Program, SandboxFile};
use gramsetu::simulate::client::Address;
use gramsetu::simulate::server::{self, SECRET};
use gramsetu::store::Database;
use tokio::runtime::Runtime;

use super::script::Exchange;
use super::talk::Talk;

const GATEWAY: &str = "africastalking";

/// The house with all that stays the same from round to round.
pub(crate) struct Bench {
    program: Arc<Program>,
    profile: Arc<Profile>,
    sandboxes: Vec<SandboxFile>,
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
            sandboxes: loaded.sandboxes,
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
        let (program, profile) = (Arc::clone(&self.program), Arc::clone(&self.profile));
        let site = server::site(program, profile, &self.sandboxes, database).await;
        site.unwrap_or_else(|error| panic!("{error}"))
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
