//! The bridge over HTTP: hooks for aggregators, short links for browsers, health and metrics for operators.
//!
//! Nothing is decided here but who may speak and how much: bytes, headers and times are bounded, secrets compared, sources
//! and rates checked. What is said is the gateway's and the bridge's.

mod access;
mod admin;
mod hooks;
mod links;
mod messages;
mod rate;
mod serve;
mod turns;
mod ussd;

pub use access::{Access, Gateway, GatewayError};
pub use rate::{FORGET_EVERY, Rate, Rates};
pub use serve::{Bounds, Front, Listening, Peer, Shutdown, listen};
pub use turns::Turns;

use std::sync::Arc;

use axum::Router;

use crate::bridge::Bridge;
use crate::sync::Shared;

/// What the routes share.
#[derive(Debug)]
pub struct Site {
    pub bridge: Arc<Bridge>,
    /// Changes with the profiles that are published.
    pub access: Shared<Access>,
    /// How gateways reach the hooks, without a slash at the end; otherwise as they name us.
    pub public_url: Option<String>,
    pub rates: Rates,
    /// Largest body of a callback, in bytes.
    pub largest_body: usize,
    /// Whether the process takes new work: false while it starts and while it shuts down.
    pub ready: std::sync::atomic::AtomicBool,
    pub turns: Turns,
}

/// The listener that aggregators and browsers reach: hooks, short links and health.
pub fn public(site: &Arc<Site>) -> Front {
    Front::with_hooks(site, links::routes(site).merge(admin::health(site)))
}

/// The listener that only operators reach: health and metrics.
pub fn admin(site: &Arc<Site>) -> Router {
    admin::health(site).merge(admin::metrics(site))
}
