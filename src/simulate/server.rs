//! A whole server in this process, with sandbox departments: what is simulated against where nobody names a server.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::client::Address;
use crate::ambient::{SystemChance, SystemClock};
use crate::department::sandbox::{self, Sandbox};
use crate::gateway::Profile;
use crate::house::{self, Plan as House, Sending};
use crate::http::{self, Bounds, Gateway, GatewayError, Listening, Rate, Rates, Shutdown, Site, Turns};
use crate::menu::{Program, SandboxFile};
use crate::meters::Meters;
use crate::store::seal::{KeyError, Keyring};
use crate::store::{self, Database, Options, StoreError};
use crate::types::{Clock, Secret};

/// Nobody outside of this machine reaches it, and nobody else is told.
pub const SECRET: &str = "simulate";

#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no port of this machine can be listened on: {0}")]
    Listen(#[from] std::io::Error),
}

/// A site on sandbox departments, which serves one gateway.
pub async fn site(
    program: Arc<Program>,
    profile: Arc<Profile>,
    sandboxes: &[SandboxFile],
    database: &Database,
) -> Result<Arc<Site>, ServerError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = store::open(database, Options::default(), clock.now()).await?;
    let sandbox = Arc::new(Sandbox::new(&program, sandboxes));
    let (hash, seal) = Keyring::draw();
    let house = House {
        gateways: vec![Gateway::new(profile, vec![Secret::from(SECRET)], Vec::new())?],
        store,
        transport: Arc::new(sandbox::InProcess::new(sandbox, Arc::clone(&clock))),
        policies: sandbox::policies(&program, sandboxes),
        sending: Sending::default(),
        keyring: Keyring::new(&hash, &[(1, seal)])?,
        clock,
        chance: Arc::new(SystemChance),
        meters: Arc::new(Meters::default()),
        // The rates of people do not apply to citizens who do not think.
        rates: Rates::new(Rate::GATEWAY, Rate::GATEWAY),
        trusted_proxies: Vec::new(),
        public_url: None,
        largest_body: 16 * 1024,
        turns: Turns::default(),
        program,
    };
    Ok(house.site())
}

/// A site that listens, on a port that the system chose.
#[derive(Debug)]
pub struct Own {
    pub site: Arc<Site>,
    pub address: Address,
    listening: Listening,
    shutdown: Shutdown,
    background: Vec<JoinHandle<()>>,
}

impl Own {
    pub async fn start(site: Arc<Site>, profile: &Profile) -> Result<Self, ServerError> {
        let shutdown = Shutdown::default();
        let port: SocketAddr = ([127, 0, 0, 1], 0).into();
        let listening = http::listen(port, http::public(&site), Bounds::default(), shutdown.clone()).await?;
        let socket = listening.address;
        let address = Address::new(socket, socket.to_string(), &profile.name, &SECRET.into());
        let background = house::background(&site, &shutdown);
        Ok(Self { site, address, listening, shutdown, background })
    }

    /// Finishes what is under way, and closes the store.
    pub async fn stop(self) -> Result<(), ServerError> {
        self.shutdown.begin();
        self.listening.finished().await;
        self.site.turns.finished().await;
        for task in self.background {
            // A task that ended in a defect has said so.
            drop(task.await);
        }
        Ok(self.site.bridge.store().close().await?)
    }
}
