//! Messages that must go out once: the queue, the routes, sending, receipts.
//!
//! Whoever causes a message has it [`queued`](Outbox::queued) in the commit of what caused it. Here it is claimed (`work`), given to a route
//! (`routes`, with its `pace`), written for its gateway and handed over (`send`), at the `hours` and with the `patience` that its kind allows; `receipts`
//! tell later what became of it. The states and who may change them are the store's; how a gateway spells things is `gateway`'s.

mod hours;
mod pace;
mod patience;
mod receipts;
mod record;
mod routes;
mod send;
mod transport;
mod work;

pub use record::{RecordError, open};
pub use routes::{Route, RouteSettings, Routes};
pub use transport::{Http, RouteAnswer, Transport};

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use crate::meters::Meters;
use crate::store::seal::Keyring;
use crate::store::{Message, MessageChange, MessageId, MessageState, Store};
use crate::sync::Shared;
use crate::types::{Chance, Clock, OutMessage};

/// What messages go out through.
#[derive(Debug)]
pub struct Outbox {
    routes: Shared<Routes>,
    transport: Arc<dyn Transport>,
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    meters: Arc<Meters>,
    /// Messages that were claimed here and have no route yet.
    unplaced: Arc<AtomicUsize>,
}

/// What an outbox is built from.
#[derive(Debug)]
pub struct Parts {
    pub routes: Routes,
    pub transport: Arc<dyn Transport>,
    pub store: Arc<dyn Store>,
    pub keyring: Arc<Keyring>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub meters: Arc<Meters>,
}

impl Outbox {
    pub fn new(parts: Parts) -> Self {
        let Parts { routes, transport, store, keyring, clock, chance, meters } = parts;
        Self { routes: Shared::new(routes), transport, store, keyring, clock, chance, meters, unplaced: Arc::default() }
    }

    /// A message that goes out once the change is committed, and not after `lives`.
    pub fn queued(&self, message: &OutMessage, lives: Duration) -> Result<MessageChange, RecordError> {
        let id = MessageId(self.chance.draw());
        Ok(MessageChange::Queue(record::queued(&self.keyring, id, message, self.clock.now(), lives)?))
    }

    /// Makes a message that was [`queued`](Self::queued) one that is handed to this gateway in the reply to what caused it: nobody
    /// sends it. Its text.
    pub fn in_reply(&self, message: &mut Message, gateway: &str) -> Result<String, RecordError> {
        let out = open(&self.keyring, message)?;
        message.state = MessageState::Accepted;
        message.route = Some(gateway.to_owned());
        Ok(out.text)
    }

    pub fn routes(&self) -> Arc<Routes> {
        self.routes.get()
    }

    /// Messages go out on these routes from now on; paces and breakers begin anew.
    pub fn send_through(&self, routes: Routes) {
        self.routes.replace(routes);
    }
}
