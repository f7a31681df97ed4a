//! Health for load balancers, metrics for operators.

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
        .route("/health", get(ready))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { (StatusCode::OK, "live\n") }))
        .with_state(Arc::clone(site))
}

pub(super) fn metrics(site: &Arc<Site>) -> Router {
    Router::new().route("/metrics", get(page)).with_state(Arc::clone(site))
}

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long nothing could be read, or nothing written, before a load balancer is told: shorter troubles pass sooner than it would act.
const LONG: Duration = Duration::from_secs(10);

/// 200 while new turns are taken, 503 while starting and shutting down, while nothing could be read or written for long, and once
/// nothing can be written any more; live in either case.
async fn ready(State(site): State<Arc<Site>>) -> Response {
    let store = site.bridge.store().observed();
    let works = store.alive && store.failing.is_none_or(|failing| failing < LONG);
    let ready = site.ready.load(Ordering::Acquire) && works;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = format!("{{\"live\":true,\"ready\":{ready}}}\n");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn page(State(site): State<Arc<Site>>) -> Response {
    let meters = site.bridge.meters();
    let observed = site.bridge.store().observed();
    meters.observe_store(&observed);
    ([(header::CONTENT_TYPE, OPEN_METRICS)], meters.page()).into_response()
}
