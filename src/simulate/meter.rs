//! What is counted while citizens walk: how long answers took, what was compared and how, what went wrong.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::client::ClientError;
use super::faults::Fault;
use crate::menu::SystemText;
use crate::sync::lock;

/// Latencies are counted in microseconds up to this, with three digits.
const LONGEST: u64 = 120_000_000;
const DIGITS: u8 = 3;
/// Wrong screens that are told in full; the others only count.
const TOLD: usize = 5;

/// What went wrong with a turn that is no wrong screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// No connection, or it broke.
    Connection,
    /// No reply in time.
    NoReply,
    /// What came is no reply of the gateway's protocol: the citizen would see the operator's own words, or nothing.
    Protocol,
    Busy,
    Sorry,
    TooMany,
}

impl Trouble {
    pub fn words(self) -> &'static str {
        match self {
            Self::Connection => "connections refused or broken",
            Self::NoReply => "no reply in time",
            Self::Protocol => "not of the gateway's protocol",
            Self::Busy => "\"busy\" pages",
            Self::Sorry => "\"sorry\" pages",
            Self::TooMany => "\"too many\" pages",
        }
    }
}

impl Trouble {
    /// For machines.
    pub fn key(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::NoReply => "no_reply",
            Self::Protocol => "protocol",
            Self::Busy => "busy",
            Self::Sorry => "sorry",
            Self::TooMany => "too_many",
        }
    }

    /// The server says that it has no room now: what it should say under more load than it holds.
    pub fn is_turned_away(self) -> bool {
        matches!(self, Self::Busy | Self::TooMany)
    }

    pub(super) fn of_excuse(text: SystemText) -> Self {
        match text {
            SystemText::Busy => Self::Busy,
            SystemText::TooMany => Self::TooMany,
            _ => Self::Sorry,
        }
    }
}

impl From<&ClientError> for Trouble {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Connect(_) | ClientError::Broken(_) => Self::Connection,
            ClientError::Late => Self::NoReply,
            ClientError::NoHttp(_) => Self::Protocol,
        }
    }
}

/// How a page was compared with what was foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compared {
    /// To the byte, the gateway's spelling and headers included.
    Exactly,
    /// To the letter, but for the server's own address, which a running server's settings may spell otherwise.
    ButAddress,
    /// To the letter, but for a receipt, which the server draws.
    ButReceipt,
    /// With the texts of the screens that may follow: a department answered what is not known here.
    ByPattern,
    /// As a reply of the protocol, since what was sent was spoilt.
    ByShape,
}

/// A page that is not what the program says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub citizen: u64,
    /// What was dialled, answered and done to the callbacks, the last at the end.
    pub journey: Vec<String>,
    pub expected: String,
    pub got: String,
}

#[derive(Debug)]
pub struct Meter {
    began: Instant,
    counted: Mutex<Counted>,
}

/// All that was counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// In microseconds, of turns that were served and of those that were never sent.
    pub latencies: Histogram<u64>,
    /// Turns that were answered with a page of the program.
    pub served: u64,
    /// Turns of an open loop that were due when the time was over, and waited behind others.
    pub never_sent: u64,
    pub citizens: u64,
    pub compared: BTreeMap<Compared, u64>,
    pub troubles: BTreeMap<Trouble, u64>,
    pub faults: BTreeMap<Fault, u64>,
    /// Department calls that failed though departments of sand do not.
    pub calls_failed: u64,
    pub wrong: u64,
    /// Right pages in replies that are not right to the byte.
    pub misspelt: u64,
    /// The first of them.
    pub told: Vec<Wrong>,
    /// What protocol errors were, the first of them.
    pub protocol: Vec<Wrong>,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            latencies: Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("bounds that a histogram takes"),
            served: 0,
            never_sent: 0,
            citizens: 0,
            compared: BTreeMap::new(),
            troubles: BTreeMap::new(),
            faults: BTreeMap::new(),
            calls_failed: 0,
            wrong: 0,
            misspelt: 0,
            told: Vec::new(),
            protocol: Vec::new(),
        }
    }
}

impl Counted {
    /// Served; what was turned away or went wrong is none.
    pub fn turns(&self) -> u64 {
        self.served
    }

    pub fn turned_away(&self) -> u64 {
        self.troubles_that(Trouble::is_turned_away)
    }

    /// No service, for another reason than that there was no room.
    pub fn errors(&self) -> u64 {
        self.troubles_that(|trouble| !trouble.is_turned_away())
    }

    fn troubles_that(&self, count: impl Fn(Trouble) -> bool) -> u64 {
        self.troubles.iter().filter(|(trouble, _)| count(**trouble)).map(|(_, times)| times).sum()
    }

    /// Whether anything at all answered.
    pub fn was_answered(&self) -> bool {
        let unheard = |trouble| matches!(trouble, Trouble::Connection | Trouble::NoReply);
        self.served + self.wrong + self.misspelt + self.troubles_that(|trouble| !unheard(trouble)) > 0
    }

    /// Adds what was counted in another run.
    pub fn add(&mut self, other: &Self) {
        let Self {
            latencies,
            served,
            never_sent,
            citizens,
            compared,
            troubles,
            faults,
            calls_failed,
            wrong,
            misspelt,
            told,
            protocol,
        } = other;
        // Both have the same bounds.
        let _ = self.latencies.add(latencies);
        self.served += served;
        self.never_sent += never_sent;
        self.citizens += citizens;
        added(&mut self.compared, compared);
        added(&mut self.troubles, troubles);
        added(&mut self.faults, faults);
        self.calls_failed += calls_failed;
        self.wrong += wrong;
        self.misspelt += misspelt;
        self.told.extend(told.iter().take(TOLD.saturating_sub(self.told.len())).cloned());
        self.protocol.extend(protocol.iter().take(TOLD.saturating_sub(self.protocol.len())).cloned());
    }

    /// Below it lie so many percent of the latencies.
    pub fn percentile(&self, percent: f64) -> Duration {
        Duration::from_micros(self.latencies.value_at_percentile(percent))
    }

    /// Whether citizens got something else than pages of the program and being turned away.
    pub fn is_failed(&self) -> bool {
        self.is_wrong() || self.errors() > 0
    }

    /// Whether something came that must not.
    pub fn is_wrong(&self) -> bool {
        self.wrong > 0 || self.misspelt > 0 || self.troubles.contains_key(&Trouble::Protocol)
    }
}

/// As histograms hold it.
fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1)
}

fn added<K: Copy + Ord>(to: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (what, count) in more {
        *to.entry(*what).or_default() += count;
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self { began: Instant::now(), counted: Mutex::default() }
    }
}

impl Meter {
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// What was counted so far.
    pub fn look<T>(&self, look: impl FnOnce(&Counted) -> T) -> T {
        look(&lock(&self.counted))
    }

    /// A page that was right came after this time.
    pub(super) fn served(&self, took: Duration, how: Compared) {
        let mut counted = lock(&self.counted);
        counted.latencies.saturating_record(micros(took));
        counted.served += 1;
        *counted.compared.entry(how).or_default() += 1;
    }

    /// So many turns waited so long in vain.
    pub(super) fn never_sent(&self, waited: Duration, times: u64) {
        let mut counted = lock(&self.counted);
        counted.latencies.saturating_record_n(micros(waited), times);
        counted.never_sent += times;
    }

    pub(super) fn citizen(&self) {
        lock(&self.counted).citizens += 1;
    }

    pub(super) fn trouble(&self, what: Trouble) {
        *lock(&self.counted).troubles.entry(what).or_default() += 1;
    }

    pub(super) fn fault(&self, fault: Fault) {
        *lock(&self.counted).faults.entry(fault).or_default() += 1;
    }

    pub(super) fn call_failed(&self) {
        lock(&self.counted).calls_failed += 1;
    }

    pub(super) fn wrong(&self, wrong: Wrong) {
        let mut counted = lock(&self.counted);
        counted.wrong += 1;
        if counted.told.len() < TOLD {
            counted.told.push(wrong);
        }
    }

    pub(super) fn misspelt(&self, wrong: Wrong) {
        let mut counted = lock(&self.counted);
        counted.misspelt += 1;
        if counted.told.len() < TOLD {
            counted.told.push(wrong);
        }
    }

    pub(super) fn not_protocol(&self, wrong: Wrong) {
        let mut counted = lock(&self.counted);
        *counted.troubles.entry(Trouble::Protocol).or_default() += 1;
        if counted.protocol.len() < TOLD {
            counted.protocol.push(wrong);
        }
    }
}
