//! The routes on which messages go out.

use std::collections::BTreeMap;
use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

use serde::Deserialize;

use super::masks;
use crate::types::Secret;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the settings, with yes or no for an answer")]
pub struct Route {
    /// The gateway, by its profile's name; the route's own name where it is left out.
    pub gateway: Option<String>,
    pub url: Option<String>,
    #[serde(default)]
    pub credentials: BTreeMap<String, Secret>,
    pub sender: Option<String>,
    #[serde(default)]
    pub headers: Vec<String>,
    #[serde(default)]
    pub free_text: bool,
    #[serde(default = "yes")]
    pub unicode: bool,
    #[serde(default)]
    pub national: bool,
    #[serde(default = "yes")]
    pub substitutes: bool,
    pub segments_per_second: Option<NonZeroU32>,
    pub at_once: Option<NonZeroU16>,
    /// Seconds.
    pub within: Option<NonZeroU16>,
    pub rank: Option<u16>,
}

fn yes() -> bool {
    true
}

/// Without what an address may hold besides.
impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.as_deref().map(masks::without_credentials);
        f.debug_struct("Route").field("gateway", &self.gateway).field("url", &url).finish_non_exhaustive()
    }
}
