//! Health for operators and load balancers, metrics for operators.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Site;

pub(super) fn health(site: &Arc<Site>) -> Router {
    Router::new()
        .route("/health", get(well))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { (StatusCode::OK, "live\n") }))
        .with_state(Arc::clone(site))
}

pub(super) fn metrics(site: &Arc<Site>) -> Router {
    Router::new().route("/metrics", get(page)).with_state(Arc::clone(site))
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long nothing could be read, or nothing written, before operators are told: shorter troubles pass by themselves.
const LONG: Duration = Duration::from_secs(10);

/// For operators. 200 while all is well; 503 while starting and shutting down, while nothing could be read or written for long,
/// and once nothing can be written any more.
async fn well(State(site): State<Arc<Site>>) -> Response {
    let store = site.bridge.store().observed();
    let takes_turns = takes_turns(&site, store.alive);
    told(takes_turns && store.failing.is_none_or(|failing| failing < LONG), takes_turns)
}

/// For load balancers. A database that is away is no reason to take a node out: all have the same one, and a balancer without
/// nodes answers citizens with an error page, while each of them says sorry as the gateway wants it.
async fn ready(State(site): State<Arc<Site>>) -> Response {
    let takes_turns = takes_turns(&site, site.bridge.store().observed().alive);
    told(takes_turns, takes_turns)
}

fn takes_turns(site: &Site, alive: bool) -> bool {
    site.ready.load(Ordering::Acquire) && alive
}

fn told(well: bool, ready: bool) -> Response {
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = format!("{{\"live\":true,\"ready\":{ready},\"well\":{well}}}\n");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn page(State(site): State<Arc<Site>>) -> Response {
    let meters = site.bridge.meters();
    let observed = site.bridge.store().observed();
    meters.observe_store(&observed);
    // Where the store does not answer, what it said last stands.
    if let Ok(counts) = site.bridge.store().message_counts().await {
        meters.observe_messages(&counts, site.bridge.clock().now());
    }
    ([(header::CONTENT_TYPE, OPEN_METRICS)], meters.page()).into_response()
}
