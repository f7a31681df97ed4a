//! What is counted while the bridge works, as `/metrics` shows it in the text format of Prometheus (OpenMetrics 1.0).
//!
//! Labels come from closed sets (gateway names of the settings, outcomes of enums), never from what a caller sends, so that
//! nobody can grow the registry from outside.

use std::sync::atomic::AtomicI64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Seconds: from a turn that never left memory to the longest that a gateway waits.
const LATENCIES: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

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
    live_sessions: Gauge<i64, AtomicI64>,
    queue_age: Gauge<f64, std::sync::atomic::AtomicU64>,
    batches: Histogram,
}

fn latency_histogram() -> Histogram {
    Histogram::new(LATENCIES)
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
            live_sessions: Gauge::default(),
            queue_age: Gauge::default(),
            batches: Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0]),
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
        registry.register("live_sessions", "Conversations that have not expired", meters.live_sessions.clone());
        registry.register_with_unit(
            "store_queue_age",
            "Age of the oldest commit that waits to be written",
            Unit::Seconds,
            meters.queue_age.clone(),
        );
        registry.register("store_batch_size", "Commits written by one transaction", meters.batches.clone());
        Self { registry, ..meters }
    }
}

impl Meters {
    /// A turn was answered.
    pub fn turn(&self, gateway: &str, channel: &'static str, outcome: &'static str, took: Duration) {
        self.turns.get_or_create(&TurnLabels { gateway: gateway.to_owned(), channel, outcome }).inc();
        let labels = GatewayLabels { gateway: gateway.to_owned() };
        self.turn_seconds.get_or_create(&labels).observe(took.as_secs_f64());
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

    /// 0 closed, 1 half open, 2 open.
    pub fn breaker(&self, department: &str, state: i64) {
        self.breakers.get_or_create(&DepartmentLabels { department: department.to_owned() }).set(state);
    }

    /// A changing call came to a state: `claimed`, `done`, `failed`, `doubtful`, `settled`.
    pub fn intent(&self, to: &'static str) {
        self.intents.get_or_create(&IntentLabels { to }).inc();
    }

    pub fn live_sessions(&self, live: usize) {
        self.live_sessions.set(i64::try_from(live).unwrap_or(i64::MAX));
    }

    pub fn queue_age(&self, age: Duration) {
        self.queue_age.set(age.as_secs_f64());
    }

    pub fn batch(&self, commits: usize) {
        self.batches.observe(f64::from(u32::try_from(commits).unwrap_or(u32::MAX)));
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
