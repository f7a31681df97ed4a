//! Meters of messages: what went out, on which route, and what waits.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::store::MessageCounts;
use crate::types::Timestamp;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReceiptLabels {
    gateway: String,
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct LinkLabels {
    link: String,
    device: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct LinkRefusalLabels {
    kind: &'static str,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MessageMeters {
    links: Family<LinkLabels, Counter>,
    links_refused: Family<LinkRefusalLabels, Counter>,
    attempts: Family<OutcomeLabels, Counter>,
    segments: Family<RouteLabels, Counter>,
    breakers: Family<RouteLabels, Gauge>,
    receipts: Family<ReceiptLabels, Counter>,
    waiting: Family<StateLabels, Gauge>,
    age: Gauge<f64, AtomicU64>,
}

impl MessageMeters {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("messages", "Messages that were claimed, by what came of it", self.attempts.clone());
        registry.register("message_segments", "Segments that gateways accepted", self.segments.clone());
        registry.register(
            "route_breaker",
            "0 closed, 1 half open, 2 open: the route is not used",
            self.breakers.clone(),
        );
        registry.register("message_receipts", "Receipts of gateways, by what they say", self.receipts.clone());
        registry.register("messages_waiting", "Messages that want something done, by state", self.waiting.clone());
        registry.register("links", "Short links that were followed, by the kind of phone", self.links.clone());
        registry.register(
            "links_refused",
            "Short links that led nowhere: unknown, over, or asked for too often",
            self.links_refused.clone(),
        );
        registry.register_with_unit(
            "messages_age",
            "For how long the message that waits longest might have been sent",
            Unit::Seconds,
            self.age.clone(),
        );
    }
}

impl super::Meters {
    /// A message that was claimed came to this: `accepted`, `refused`, `not_sent`, `in_doubt`, `waits`, `hours`, `expired`, `lease_lost`, or why no
    /// route carries it.
    pub fn message(&self, outcome: &'static str) {
        self.messages.attempts.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    pub fn segments(&self, route: &str, segments: u64) {
        self.messages.segments.get_or_create(&RouteLabels { route: route.to_owned() }).inc_by(segments);
    }

    /// `closed`, `trying` or `open`.
    pub fn route_breaker(&self, route: &str, state: &str) {
        self.messages.breakers.get_or_create(&RouteLabels { route: route.to_owned() }).set(super::opened(state));
    }

    /// `underway`, `delivered`, `failed`, `unknown` (a word that the profile does not know) or `nobodys` (it names no message).
    pub fn receipt(&self, gateway: &str, status: &'static str) {
        self.messages.receipts.get_or_create(&ReceiptLabels { gateway: gateway.to_owned(), status }).inc();
    }

    /// A short link was followed; `device` is `kaios` or `other`.
    pub fn link(&self, link: &str, device: &'static str) {
        self.messages.links.get_or_create(&LinkLabels { link: link.to_owned(), device }).inc();
    }

    /// `unknown`, `over` or `rate`.
    pub fn link_refused(&self, kind: &'static str) {
        self.messages.links_refused.get_or_create(&LinkRefusalLabels { kind }).inc();
    }

    /// Takes over what the store tells of messages.
    pub fn observe_messages(&self, counts: &MessageCounts, now: Timestamp) {
        let states = [
            ("queued", counts.queued),
            ("claimed", counts.claimed),
            ("sending", counts.sending),
            ("refused", counts.refused),
            ("in_doubt", counts.in_doubt),
            ("dead_letters", counts.dead_letters),
        ];
        for (state, count) in states {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.messages.waiting.get_or_create(&StateLabels { state }).set(count);
        }
        self.messages.age.set(counts.oldest.map_or(0.0, |oldest| now.since(oldest).as_secs_f64()));
    }
}
