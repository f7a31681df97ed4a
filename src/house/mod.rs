//! Putting the house together: menus read and proved (`load`), the site that serves them, what goes on beside turns
//! (`beside`), and following what is published (`following`).
//!
//! Where the parts come from (settings and the network, or a stage with virtual time) is decided by whoever builds.

mod beside;
mod following;
pub mod load;
mod servable;

pub use beside::{background, follow};
pub use following::{Fit, Fitted, Following};
pub use servable::{Servable, UnservableError};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::bridge::{Bridge, Parts};
use crate::department::{Departments, Observer, Policies, Transport};
use crate::gateway::messages::OutRequest;
use crate::http::{Access, Gateway, Rates, Site, Turns};
use crate::menu::Program;
use crate::meters::Meters;
use crate::outbox::{self, Outbox, RouteAnswer, RouteSettings, Routes};
use crate::outward::TransportError;
use crate::store::Store;
use crate::store::seal::Keyring;
use crate::sync::Shared;
use crate::types::{Chance, Clock, Later};

/// What a site is built from: the same for a server, a demo, a dialogue and a bench.
#[derive(Debug)]
pub struct Plan {
    pub program: Arc<Program>,
    pub gateways: Vec<Gateway>,
    pub store: Arc<dyn Store>,
    pub transport: Arc<dyn Transport>,
    pub policies: Policies,
    pub sending: Sending,
    pub keyring: Keyring,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub meters: Arc<Meters>,
    pub rates: Rates,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// How gateways reach the hooks, without a slash at the end; otherwise as they name us.
    pub public_url: Option<String>,
    pub largest_body: usize,
    pub turns: Turns,
}

/// How messages go out.
#[derive(Debug)]
pub struct Sending {
    /// The preferred ones first.
    pub routes: Vec<RouteSettings>,
    pub transport: Arc<dyn outbox::Transport>,
}

impl Default for Sending {
    /// On no route at all.
    fn default() -> Self {
        Self { routes: Vec::new(), transport: Arc::new(Nowhere) }
    }
}

/// Where there is no route, nothing is sent.
#[derive(Debug)]
struct Nowhere;

impl outbox::Transport for Nowhere {
    fn send(&self, _: OutRequest, _: Duration) -> Later<'_, Result<RouteAnswer, TransportError>> {
        Box::pin(std::future::ready(Err(TransportError::NotSent("there is no route".to_owned()))))
    }
}

impl Plan {
    pub fn site(self) -> Arc<Site> {
        let departments = departments(self.transport, self.policies, &self.clock, &self.chance, &self.meters);
        let keyring = Arc::new(self.keyring);
        let outbox = Outbox::new(outbox::Parts {
            routes: Routes::new(self.sending.routes),
            transport: self.sending.transport,
            store: Arc::clone(&self.store),
            keyring: Arc::clone(&keyring),
            clock: Arc::clone(&self.clock),
            chance: Arc::clone(&self.chance),
            meters: Arc::clone(&self.meters),
        });
        let bridge = Bridge::new(Parts {
            program: self.program,
            store: self.store,
            departments,
            keyring,
            outbox: Arc::new(outbox),
            clock: self.clock,
            chance: self.chance,
            meters: self.meters,
        });
        Arc::new(Site {
            bridge: Arc::new(bridge),
            access: Shared::new(Access::new(self.gateways, self.trusted_proxies)),
            public_url: self.public_url,
            rates: self.rates,
            largest_body: self.largest_body,
            ready: AtomicBool::new(true),
            turns: self.turns,
        })
    }
}

fn departments(
    transport: Arc<dyn Transport>,
    policies: Policies,
    clock: &Arc<dyn Clock>,
    chance: &Arc<dyn Chance>,
    meters: &Arc<Meters>,
) -> Departments {
    let observer: Arc<dyn Observer> = Arc::new(Counting(Arc::clone(meters)));
    Departments::new(transport, Arc::clone(clock), Arc::clone(chance), policies).observed_by(observer)
}

/// Lets the meters see what departments do.
#[derive(Debug)]
struct Counting(Arc<Meters>);

impl Observer for Counting {
    fn called(&self, department: &str, operation: &str, outcome: &'static str, took: Duration) {
        self.0.called(department, operation, outcome, took);
    }

    fn breaker(&self, department: &str, state: &'static str) {
        self.0.breaker(department, state);
    }
}
