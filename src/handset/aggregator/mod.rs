//! An aggregator made of sand: takes the bridge's messages, hands them to phones, and tells what became of them.
//!
//! It speaks whatever its [`Carrier`] speaks. Here is what it knows and decides; `mischief` is how it can be told to misbehave,
//! `http` how it is reached. Nothing is kept beyond the process.

mod http;
mod mischief;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub use http::{arrivals, router};
pub use mischief::{Answers, Mischief, MischiefError};

use crate::gateway::WireReply;
use crate::gateway::messages::{Again, Answer, Carrier, Receipt, ReceiptStatus, Sent, TakeError};
use crate::sync::lock;
use crate::types::{Chance, Clock, Msisdn};

/// Messages that are kept, the last ones of all phones.
const KEEPS: usize = 1000;
/// Keys under which a message is known again.
const KNOWS: usize = 10_000;
/// What it says who is to come again.
const BUSY_FOR: Duration = Duration::from_secs(5);

/// A message as a phone shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Counts up over all phones, from 1.
    pub number: u64,
    /// Its id at the aggregator.
    pub id: String,
    pub from: String,
    pub text: String,
    /// In India, as RFC 3339 writes it.
    pub at: String,
}

/// Shows neither whose it is nor what it says.
impl fmt::Debug for Arrived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrived").field("number", &self.number).field("from", &self.from).finish_non_exhaustive()
    }
}

/// What happened since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Requests to take a message.
    pub asked: u64,
    /// Messages that it took, each once.
    pub taken: u64,
    /// Requests for a message that it had taken already.
    pub repeated: u64,
    pub refused: u64,
    /// Receipts that the bridge has heard.
    pub receipts: u64,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// How long the bridge waits for it.
    pub after: Duration,
    /// `None`: the connection closes without one.
    pub answer: Option<WireReply>,
    /// What the bridge is told of the message afterwards.
    pub receipt: Option<Sent>,
}

/// One gateway, and the phones behind it.
#[derive(Debug)]
pub struct SandboxAggregator {
    carrier: Carrier,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    state: Mutex<State>,
    /// The number of the last message.
    last: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    mischief: Mischief,
    /// Where receipts go that no message brings an address for.
    receipts: Option<String>,
    kept: VecDeque<(Msisdn, Arrived)>,
    /// The ids of messages by the keys they came with, and the keys in the order in which they came.
    known: HashMap<String, String>,
    keys: VecDeque<String>,
    counts: Counts,
}

impl SandboxAggregator {
    pub fn new(carrier: Carrier, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { carrier, clock, chance, state: Mutex::default(), last: watch::Sender::new(0) }
    }

    pub fn misbehave(&self, mischief: Mischief) {
        lock(&self.state).mischief = mischief;
    }

    /// Receipts go to this hook, unless a message brings an address of its own.
    pub fn tell_receipts_to(&self, address: String) {
        lock(&self.state).receipts = Some(address);
    }

    pub fn counts(&self) -> Counts {
        lock(&self.state).counts
    }

    /// Takes a message, or does not. The same key again is the same message, whatever else has changed.
    pub fn take(&self, path_and_query: &str, headers: &[(String, String)], body: &[u8]) -> Reply {
        let taken = self.carrier.take(path_and_query, headers, body);
        let mut state = lock(&self.state);
        state.counts.asked += 1;
        let Mischief { answers, receipts } = state.mischief;
        let known = taken.as_ref().ok().and_then(|taken| state.known.get(taken.key.as_ref()?).cloned());
        let refusal = match (&taken, answers) {
            (Err(error), _) => Some((word(error), Again::Never)),
            (Ok(_), _) if known.is_some() => None,
            (Ok(_), Answers::Refuses) => Some(("number", Again::Never)),
            (Ok(_), Answers::IsBusy) => Some(("busy", Again::Later(Some(BUSY_FOR)))),
            (Ok(_), Answers::Works | Answers::AnswersIn(_) | Answers::LosesTheAnswer) => None,
        };
        let taken = match (taken, refusal) {
            (Ok(taken), None) => taken,
            (_, refusal) => {
                state.counts.refused += 1;
                let (reason, again) = refusal.unwrap_or(("text", Again::Never));
                let answer = Answer::Refused { reason: reason.to_owned(), again };
                return Reply { after: Duration::ZERO, answer: self.carrier.answer(&answer), receipt: None };
            }
        };
        let is_new = known.is_none();
        let id = known.unwrap_or_else(|| format!("{:032x}", self.chance.draw()));
        let mut receipt = None;
        if is_new {
            state.counts.taken += 1;
            let number = state.counts.taken;
            if let Some(key) = &taken.key {
                state.remember(key.clone(), id.clone());
            }
            let at = self.clock.now().in_india().to_rfc3339();
            let arrived = Arrived { number, id: id.clone(), from: taken.header.clone(), text: taken.text.clone(), at };
            state.keep(taken.to.clone(), arrived);
            let told = Receipt {
                foreign: Some(id.clone()),
                id: taken.id.clone(),
                status: ReceiptStatus::Delivered,
                reason: None,
            };
            let address = taken.receipts.as_deref().or(state.receipts.as_deref()).filter(|_| receipts);
            receipt = address.and_then(|address| self.carrier.receipt(address, Some(&taken), &told));
            self.last.send_replace(number);
        } else {
            state.counts.repeated += 1;
        }
        drop(state);
        let answer = || self.carrier.answer(&Answer::Accepted { foreign: Some(id) });
        let (after, answer) = match answers {
            Answers::AnswersIn(time) => (time, answer()),
            Answers::LosesTheAnswer => (Duration::ZERO, None),
            Answers::Works | Answers::Refuses | Answers::IsBusy => (Duration::ZERO, answer()),
        };
        Reply { after, answer, receipt }
    }

    /// The messages of a phone that came after the one of this number, the oldest first. One that is beyond the last is of an
    /// aggregator before this one: then all of them.
    pub fn arrived(&self, phone: &Msisdn, after: u64) -> Vec<Arrived> {
        let state = lock(&self.state);
        let after = if after > state.counts.taken { 0 } else { after };
        let of_phone = state.kept.iter().filter(|(to, arrived)| to == phone && arrived.number > after);
        of_phone.map(|(_, arrived)| arrived.clone()).collect()
    }

    /// The number of the last message of all phones.
    pub fn last(&self) -> u64 {
        *self.last.borrow()
    }

    /// Until there is a message of a phone after the one of this number, or the time is over.
    async fn wait(&self, phone: &Msisdn, after: u64, at_most: Duration) {
        let mut last = self.last.subscribe();
        let there_is_one = async {
            // The sender lives in `self`, so that waiting cannot fail.
            while self.arrived(phone, after).is_empty() && last.changed().await.is_ok() {}
        };
        tokio::select! {
            () = there_is_one => {}
            () = self.clock.sleep(at_most) => {}
        }
    }

    fn receipt_was_heard(&self) {
        lock(&self.state).counts.receipts += 1;
    }
}

impl State {
    fn keep(&mut self, to: Msisdn, arrived: Arrived) {
        if self.kept.len() >= KEEPS {
            self.kept.pop_front();
        }
        self.kept.push_back((to, arrived));
    }

    fn remember(&mut self, key: String, id: String) {
        if self.keys.len() >= KNOWS
            && let Some(oldest) = self.keys.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.keys.push_back(key.clone());
        self.known.insert(key, id);
    }
}

/// What is wrong with a request, in the gateway's words.
fn word(error: &TakeError) -> &'static str {
    match error {
        TakeError::Number | TakeError::Missing("to") => "number",
        TakeError::Missing("header") => "sender",
        _ => "text",
    }
}

#[cfg(test)]
mod tests;
