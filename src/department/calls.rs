//! Performing calls within a budget.

use std::sync::Arc;
use std::time::Duration;

use super::Transport;
use crate::engine::{CallRequest, Outcome};
use crate::menu::Program;
use crate::types::Clock;

/// How departments are treated; the settings may say otherwise for each.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Calls under way at once; more are `Down` at once.
    pub at_once: usize,
    /// Failures in a row that open the breaker.
    pub breaks_after: u32,
    /// How long an open breaker waits before it lets one call try.
    pub mends_after: Duration,
    /// Retries of a reading call within its deadline.
    pub retries: u32,
    /// Answers kept for operations with `cache`.
    pub cached: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self { at_once: 64, breaks_after: 5, mends_after: Duration::from_secs(10), retries: 1, cached: 10_000 }
    }
}

/// Policies by department name; others get the default.
pub type Settings = Vec<(String, Policy)>;

/// How much time is left for the phone.
#[derive(Clone, Copy, Debug)]
pub struct Budget(pub Duration);

/// All departments, as the bridge calls them.
#[derive(Debug)]
pub struct Departments {}

impl Departments {
    pub fn new(_transport: Arc<dyn Transport>, _clock: Arc<dyn Clock>, _settings: Settings) -> Self {
        unimplemented!()
    }

    /// A reading call: cached, retried, cut off at the smaller of its `within` and the budget.
    pub async fn read(&self, _program: &Program, _call: &CallRequest, _budget: Budget) -> Outcome {
        unimplemented!()
    }

    /// A changing call, made once. When its answer is lost the outcome is `Unknown` with an empty receipt, which the bridge
    /// fills; when nothing was sent it is `Down`.
    pub async fn change(&self, _program: &Program, _call: &CallRequest, _key: &str, _budget: Budget) -> Outcome {
        unimplemented!()
    }

    /// Asks what became of a changing call, by its operation's `settled_by`. `None` while it is still not known.
    pub async fn ask_after(&self, _program: &Program, _call: &CallRequest, _key: &str) -> Option<Outcome> {
        unimplemented!()
    }
}
