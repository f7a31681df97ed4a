//! What the twin departments answered to a citizen's calls. What a reply may be is foreseen in several ways, and for a callback
//! that was cut off once more; a change must not be booked for each of them.

use std::sync::{Arc, Mutex};

use crate::engine::{CallRequest, Outcome};
use crate::sync::lock;

/// Clones share what they heard.
#[derive(Clone, Debug, Default)]
pub(in crate::simulate) struct Heard(Arc<Mutex<Vec<One>>>);

#[derive(Debug)]
struct One {
    /// How many turns were taken before the one that calls.
    turn: u32,
    /// Counted from 0 within the turn.
    at: usize,
    call: CallRequest,
    outcome: Outcome,
}

impl Heard {
    pub(super) fn outcome(&self, turn: u32, at: usize, call: &CallRequest) -> Option<Outcome> {
        let heard = lock(&self.0);
        let known = heard.iter().find(|one| (one.turn, one.at) == (turn, at) && one.call == *call);
        known.map(|one| one.outcome.clone())
    }

    pub(super) fn keep(&self, turn: u32, at: usize, call: CallRequest, outcome: Outcome) {
        lock(&self.0).push(One { turn, at, call, outcome });
    }

    /// Turns that are certain are not foreseen again.
    pub(in crate::simulate) fn forget_before(&self, turn: u32) {
        lock(&self.0).retain(|one| one.turn >= turn);
    }
}
