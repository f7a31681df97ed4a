//! Many citizens and a misbehaving operator at once: load that is a test of correctness. Every answer is compared with the
//! program that the server is told to serve.
//!
//! ```text
//! plan      what is to be simulated           citizen   one citizen's business, and what befalls it
//! world     what all citizens share           walker    what somebody answers to a page; `values` to a question
//! model     what the server must answer       check     whether it did
//! pace      when turns come                   faults    how operators misbehave
//! client    requests over a kept connection   meter     what is counted; `report` tells it
//! ```
//! `server` is a whole server on sandbox departments, where no other is named; `baseline` is what the machine gives at best.
//!
//! All that a citizen does follows from the seed, from which citizen it is and from what it is shown, so that the same seed sends
//! each citizen's requests again. Where a server's database is, and where figures are printed, is not decided here
//! (`commands`).

pub mod baseline;
mod check;
mod citizen;
pub mod client;
pub mod faults;
pub mod meter;
mod model;
mod pace;
pub mod plan;
pub mod report;
pub mod server;
mod values;
mod walker;
pub mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use citizen::{Citizen, Cut, End};
use client::{Address, Client};
use meter::Meter;
use pace::Pace;
use plan::Plan;
pub use values::Values;
use world::World;

/// The longest that an aggregator waits for a reply.
const PATIENCE: Duration = Duration::from_secs(30);

/// A run, shared by all of its citizens.
#[derive(Debug)]
pub struct Run {
    plan: Plan,
    world: Arc<World>,
    values: Arc<Values>,
    pace: Pace,
    meter: Arc<Meter>,
    citizens: AtomicU64,
    /// Replies are taken for what they should be: of a server that does not walk menus, to compare its speed.
    trusts: bool,
}

impl Run {
    pub fn new(plan: Plan, world: Arc<World>, values: Arc<Values>, meter: Arc<Meter>) -> Self {
        let pace = Pace::new(&plan, Arc::clone(world.clock()));
        Self { plan, world, values, pace, meter, citizens: AtomicU64::new(0), trusts: false }
    }

    /// The same with citizens whom nobody has met before, behind those that a run before had.
    #[must_use]
    pub fn from_citizen(self, first: u64) -> Self {
        Self { citizens: AtomicU64::new(first), ..self }
    }

    /// Until the last turn had ended. Who was cut off may wait long after that.
    pub fn took(&self) -> Duration {
        self.pace.took()
    }

    /// How many citizens there were, with those of the runs before.
    pub fn citizens(&self) -> u64 {
        self.citizens.load(Ordering::Relaxed)
    }

    /// The same against a server that answers any page.
    #[must_use]
    pub fn trusting(self) -> Self {
        Self { trusts: true, ..self }
    }

    /// Turns under way are finished, and no more begin.
    pub fn stop(&self) {
        self.pace.stop();
    }

    /// Until the time is over, and those who are cut off have been answered.
    pub async fn run(self: &Arc<Self>, address: &Address) {
        let mut connections = JoinSet::new();
        for connection in 0..self.plan.connections {
            let (run, address) = (Arc::clone(self), address.clone());
            connections.spawn(async move { run.connection(connection, address).await });
        }
        connections.join_all().await;
        // Where everybody has come and gone, nobody is left to send anything.
        if self.plan.citizens.is_none_or(|most| self.citizens() < most) {
            for (waited, times) in self.pace.never_sent() {
                self.meter.never_sent(waited, times);
            }
        }
    }

    async fn connection(self: Arc<Self>, connection: usize, address: Address) {
        self.pace.ramp(connection, self.plan.connections).await;
        let mut client = Client::new(address, PATIENCE);
        let mut cut_off = JoinSet::new();
        while !self.pace.is_over() {
            let index = self.citizens.fetch_add(1, Ordering::Relaxed);
            if self.plan.citizens.is_some_and(|most| index >= most) {
                break;
            }
            match Citizen::new(&self, index).walk(&self, &mut client).await {
                End::Over => {}
                End::TimeIsUp => break,
                End::Cut(cut) => {
                    cut_off.spawn(Arc::clone(&self).cut_off(cut, client.another()));
                }
            }
        }
        cut_off.join_all().await;
    }

    /// Who was cut off waits on a connection of its own.
    async fn cut_off(self: Arc<Self>, mut cut: Box<Cut>, mut client: Client) {
        while let End::Cut(again) = cut.go_on(&self, &mut client).await {
            cut = again;
        }
    }
}
