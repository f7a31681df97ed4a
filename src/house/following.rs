//! A node follows what is published: it looks for it, proves what only a node can know, and swaps.
//!
//! Nobody waits for a swap: the program is read and compiled beside the turns, and what they read is replaced at once. A
//! program that this node cannot serve is refused, loudly and once, and it goes on with what it has.

use std::fmt::Debug;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::{Servable, UnservableError};
use crate::department::{Policies, Transport};
use crate::http::{Access, Site};
use crate::store::{Published, StoreError};
use crate::types::Chance;

/// What only a node knows: whether it can reach what a program calls, and who may speak to it.
pub trait Fit: Send + Sync + Debug {
    /// Why not, in words for an operator.
    fn fit(&self, servable: &Servable) -> Result<Fitted, String>;
}

/// What a node makes of a program.
#[derive(Debug)]
pub struct Fitted {
    pub access: Access,
    /// `None` where departments are called as before: breakers and caches keep what they know.
    pub departments: Option<(Arc<dyn Transport>, Policies)>,
}

/// Looks for what is published, for one site, and swaps to it.
#[derive(Debug)]
pub struct Following {
    site: Arc<Site>,
    fit: Box<dyn Fit>,
    chance: Arc<dyn Chance>,
    /// Held while one looks, so that nobody swaps back to what was published before.
    seen: Mutex<Seen>,
}

/// What was looked at last.
#[derive(Debug)]
struct Seen {
    /// Its number in the list.
    number: u64,
    /// The store did not answer: said once.
    blind: bool,
}

impl Following {
    /// From a site that serves what is published under `number`.
    pub fn new(site: Arc<Site>, fit: Box<dyn Fit>, chance: Arc<dyn Chance>, number: u64) -> Self {
        Self { site, fit, chance, seen: Mutex::new(Seen { number, blind: false }) }
    }

    /// Ends when it is worth looking earlier than the clock says, or never.
    pub async fn stirred(&self) {
        self.site.bridge.store().programs().stirred().await;
    }

    /// Swaps to what is published, if that is another than what was looked at last.
    pub async fn look(&self) {
        let mut seen = self.seen.lock().await;
        match self.look_again(&mut seen).await {
            Ok(()) => seen.blind = false,
            Err(error) if !seen.blind => {
                tracing::error!(%error, "What is published cannot be looked for; what is served stays");
                seen.blind = true;
            }
            Err(_) => {}
        }
    }

    async fn look_again(&self, seen: &mut Seen) -> Result<(), StoreError> {
        let programs = self.site.bridge.store().programs();
        let Some(published) = programs.published().await?.filter(|published| published.number != seen.number) else {
            return Ok(());
        };
        let servable = match Servable::kept(programs, published.version).await {
            Ok(servable) => servable,
            // It is not known what is wrong: looked at again.
            Err(UnservableError::Store(error)) => return Err(error),
            Err(error) => {
                self.refuse(published, &error.to_string());
                seen.number = published.number;
                return Ok(());
            }
        };
        seen.number = published.number;
        match self.swap(&servable) {
            Ok(()) => {
                tracing::info!(number = published.number, program = %published.version,
                    menus = servable.program.menus.len(), "New sessions begin on what was published");
            }
            Err(why) => self.refuse(published, &why),
        }
        Ok(())
    }

    /// Serves a program that this very process has just published under `number`, without waiting for the next look; not
    /// where what was published after it is served by now.
    pub async fn serve(&self, servable: &Servable, number: u64) -> Result<(), String> {
        let mut seen = self.seen.lock().await;
        if number < seen.number {
            return Ok(());
        }
        seen.number = number;
        self.swap(servable)
    }

    /// Swaps to a program, if this node can serve it; else says why not.
    fn swap(&self, servable: &Servable) -> Result<(), String> {
        let fitted = self.fit.fit(servable)?;
        let bridge = &self.site.bridge;
        if let Some((transport, policies)) = fitted.departments {
            let departments = super::departments(transport, policies, bridge.clock(), &self.chance, bridge.meters());
            bridge.call_through(departments);
        }
        self.site.access.replace(fitted.access);
        if bridge.program().version != servable.program.version {
            bridge.begin_on(Arc::clone(&servable.program));
        }
        Ok(())
    }

    fn refuse(&self, published: Published, why: &str) {
        self.site.bridge.meters().program_refused();
        tracing::error!(number = published.number, program = %published.version, why,
            "What was published cannot be served by this node; it goes on with what it has");
    }
}
