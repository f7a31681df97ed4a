//! What is counted while the bridge works, as `/metrics` shows it in the text format of Prometheus (`OpenMetrics` 1.0).
//!
//! Labels come from closed sets (gateway names of the settings, outcomes of enums), never from what a caller sends, so that
//! nobody can grow the registry from outside.

mod messages;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::menu::Version;
use crate::store::Observed;
use crate::types::Timestamp;

/// Seconds: from a turn that never left memory to beyond the longest that a gateway waits (15, Africa's Talking).
const LATENCIES: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TurnLabels {
    gateway: String,
    channel: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct GatewayLabels {
    gateway: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RefusalLabels {
    gateway: String,
    kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct CallLabels {
    department: String,
    operation: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct DepartmentLabels {
    department: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct IntentLabels {
    to: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct CameToLabels {
    to: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ProgramLabels {
    version: String,
}

/// All meters of one process.
#[derive(Debug)]
pub struct Meters {
    registry: Registry,
    turns: Family<TurnLabels, Counter>,
    turn_seconds: Family<GatewayLabels, Histogram>,
    refused: Family<RefusalLabels, Counter>,
    calls: Family<CallLabels, Counter>,
    call_seconds: Family<DepartmentLabels, Histogram>,
    breakers: Family<DepartmentLabels, Gauge>,
    intents: Family<IntentLabels, Counter>,
    otps: Family<CameToLabels, Counter>,
    races: Family<CameToLabels, Counter>,
    waits: Family<CameToLabels, Counter>,
    messages: messages::MessageMeters,
    programs: ProgramMeters,
    store: StoreMeters,
}

/// What the store tells of itself when the page is asked for.
#[derive(Clone, Debug, Default)]
struct StoreMeters {
    live_sessions: Gauge,
    queued: Gauge,
    queue_age: Gauge<f64, AtomicU64>,
    commits: Gauge,
    failed: Gauge,
    failing: Gauge<f64, AtomicU64>,
    refused: Gauge,
    batches: Gauge,
    batch_sizes: Family<SizeLabels, Gauge>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SizeLabels {
    at_most: u64,
}

/// What is served, and what was not.
#[derive(Clone, Debug, Default)]
struct ProgramMeters {
    /// One sample at a time: the version that new sessions begin on.
    served: Family<ProgramLabels, Gauge>,
    since: Gauge<f64, AtomicU64>,
    in_memory: Gauge,
    refused: Counter,
}

impl ProgramMeters {
    fn register(&self, registry: &mut Registry) {
        registry.register("program", "1 for the version that new sessions begin on", self.served.clone());
        registry.register_with_unit(
            "program_served_since",
            "When new sessions began to begin on it, as seconds since 1970",
            Unit::Seconds,
            self.since.clone(),
        );
        registry.register(
            "programs_in_memory",
            "Programs that sessions go on with or begin on",
            self.in_memory.clone(),
        );
        registry.register("programs_refused", "Published programs that this node cannot serve", self.refused.clone());
    }
}

fn latency_histogram() -> Histogram {
    Histogram::new(LATENCIES)
}

impl StoreMeters {
    fn register(&self, registry: &mut Registry) {
        registry.register("live_sessions", "Conversations that have not expired", self.live_sessions.clone());
        registry.register("store_queued", "Commits that wait to be written", self.queued.clone());
        registry.register_with_unit(
            "store_queue_age",
            "Age of the oldest commit that has no answer yet",
            Unit::Seconds,
            self.queue_age.clone(),
        );
        registry.register("store_commits", "Commits answered since the start", self.commits.clone());
        registry.register("store_failed", "Commits that failed since the start", self.failed.clone());
        registry.register_with_unit(
            "store_failing",
            "For how long nothing could be written; 0 while it can be",
            Unit::Seconds,
            self.failing.clone(),
        );
        registry.register("store_refused", "Commits refused since the start: the queue was full", self.refused.clone());
        registry.register("store_batches", "Transactions since the start", self.batches.clone());
        let sizes = "Transactions since the start, by commits: at most so many, more than half as many";
        registry.register("store_batch_size", sizes, self.batch_sizes.clone());
    }
}

impl Default for Meters {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gramsetu");
        let meters = Self {
            turns: Family::default(),
            turn_seconds: Family::new_with_constructor(latency_histogram),
            refused: Family::default(),
            calls: Family::default(),
            call_seconds: Family::new_with_constructor(latency_histogram),
            breakers: Family::default(),
            intents: Family::default(),
            otps: Family::default(),
            races: Family::default(),
            waits: Family::default(),
            messages: messages::MessageMeters::default(),
            programs: ProgramMeters::default(),
            store: StoreMeters::default(),
            registry: Registry::default(),
        };
        registry.register("turns", "Turns answered, by what came of them", meters.turns.clone());
        registry.register_with_unit(
            "turn_duration",
            "From a callback's arrival to its reply",
            Unit::Seconds,
            meters.turn_seconds.clone(),
        );
        registry.register(
            "refused_callbacks",
            "Callbacks that could not be read or were not allowed",
            meters.refused.clone(),
        );
        registry.register("department_calls", "Calls to departments, by outcome", meters.calls.clone());
        registry.register_with_unit(
            "department_call_duration",
            "From a call's first byte to its outcome, retries included",
            Unit::Seconds,
            meters.call_seconds.clone(),
        );
        registry.register(
            "department_breaker",
            "0 closed, 1 half open, 2 open: the department is not called",
            meters.breakers.clone(),
        );
        registry.register("intents", "Changing calls, by the state they came to", meters.intents.clone());
        registry.register("otps", "One-time passwords, by what came of asking for them", meters.otps.clone());
        let lost = "Turns that lost to another of the same subscriber, by what came of them";
        registry.register("lost_turns", lost, meters.races.clone());
        let waits = "Waits for a node that makes a changing call, by what came of them";
        registry.register("waits_for_nodes", waits, meters.waits.clone());
        meters.messages.register(&mut registry);
        meters.programs.register(&mut registry);
        meters.store.register(&mut registry);
        Self { registry, ..meters }
    }
}

impl Meters {
    /// A turn was answered.
    pub fn turn(&self, gateway: &str, channel: &'static str, outcome: &'static str, took: Duration) {
        self.told(gateway, channel, outcome);
        let labels = GatewayLabels { gateway: gateway.to_owned() };
        self.turn_seconds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A gateway told how a dialogue ended: nobody waited for a reply.
    pub fn told(&self, gateway: &str, channel: &'static str, outcome: &'static str) {
        self.turns.get_or_create(&TurnLabels { gateway: gateway.to_owned(), channel, outcome }).inc();
    }

    /// A callback could not be read, or was not allowed.
    pub fn refused(&self, gateway: &str, kind: &'static str) {
        self.refused.get_or_create(&RefusalLabels { gateway: gateway.to_owned(), kind }).inc();
    }

    pub fn called(&self, department: &str, operation: &str, outcome: &'static str, took: Duration) {
        let labels = CallLabels { department: department.to_owned(), operation: operation.to_owned(), outcome };
        self.calls.get_or_create(&labels).inc();
        let labels = DepartmentLabels { department: department.to_owned() };
        self.call_seconds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// `closed`, `trying` or `open`.
    pub fn breaker(&self, department: &str, state: &str) {
        self.breakers.get_or_create(&DepartmentLabels { department: department.to_owned() }).set(opened(state));
    }

    /// A changing call came to a state: `claimed`, `done`, `failed`, `doubtful`, `settled`.
    pub fn intent(&self, to: &'static str) {
        self.intents.get_or_create(&IntentLabels { to }).inc();
    }

    /// A one-time password: `sent`, `unsent`, `verified`, `wrong`, `locked`, `expired`.
    pub fn otp(&self, outcome: &'static str) {
        self.otps.get_or_create(&CameToLabels { to: outcome }).inc();
    }

    /// A turn was lost to another of the same subscriber, at another node: `repeat` (it was the same callback), `again` (it is
    /// conducted again), `given_up`.
    pub fn race(&self, to: &'static str) {
        self.races.get_or_create(&CameToLabels { to }).inc();
    }

    /// A callback has waited for the node that makes a changing call for the same subscriber: `known`, or `unknown` when it
    /// waited for nothing.
    pub fn waited(&self, to: &'static str) {
        self.waits.get_or_create(&CameToLabels { to }).inc();
    }

    /// New sessions begin on this program from now on.
    pub fn serves(&self, version: Version, now: Timestamp) {
        self.programs.served.clear();
        self.programs.served.get_or_create(&ProgramLabels { version: version.to_string() }).set(1);
        self.programs.since.set(Duration::from_millis(u64::try_from(now.0).unwrap_or(0)).as_secs_f64());
    }

    pub fn programs_in_memory(&self, programs: usize) {
        self.programs.in_memory.set(i64::try_from(programs).unwrap_or(i64::MAX));
    }

    /// A program that was published cannot be served here.
    pub fn program_refused(&self) {
        self.programs.refused.inc();
    }

    /// Takes over what the store tells of itself, just before the page is written.
    pub fn observe_store(&self, observed: &Observed) {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let size = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        self.store.live_sessions.set(size(observed.live));
        self.store.queued.set(size(observed.queued));
        self.store.failing.set(observed.failing.unwrap_or_default().as_secs_f64());
        self.store.queue_age.set(observed.oldest.as_secs_f64());
        self.store.commits.set(count(observed.commits));
        self.store.failed.set(count(observed.failed));
        self.store.refused.set(count(observed.refused));
        self.store.batches.set(count(observed.batches));
        for (place, batches) in (0..).zip(observed.batch_sizes) {
            self.store.batch_sizes.get_or_create(&SizeLabels { at_most: 1 << place }).set(count(batches));
        }
    }

    /// The page of `/metrics`.
    pub fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a string cannot fail; a half-written page would be worse than an empty one.
        if encode(&mut page, &self.registry).is_err() {
            page.clear();
        }
        page
    }
}

/// How far a breaker is open.
fn opened(state: &str) -> i64 {
    match state {
        "closed" => 0,
        "trying" => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_that_are_told_count_and_take_no_time() {
        let meters = Meters::default();
        meters.told("flares", "ussd", "aborted");
        let page = meters.page();
        assert!(page.contains("outcome=\"aborted\"} 1"), "{page}");
        assert!(!page.contains("turn_duration_seconds_count{"), "{page}");
        meters.turn("flares", "ussd", "late", Duration::from_millis(14_800));
        let page = meters.page();
        assert!(page.contains("turn_duration_seconds_bucket{le=\"10.0\",gateway=\"flares\"} 0"), "{page}");
        assert!(page.contains("turn_duration_seconds_bucket{le=\"20.0\",gateway=\"flares\"} 1"), "{page}");
    }
}
