//! The messages that arrive for a phone, where a demo's aggregator tells of them.

use std::time::Duration;

use serde::Deserialize;

use super::aggregator::Arrived;
use super::wire::{self, WireError};
use crate::types::Msisdn;

/// Longer than the aggregator keeps anybody waiting.
const WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A real server: its messages go to real phones.
    #[error("the server has no sandbox aggregator")]
    None,
}

/// Of one phone, from when it was opened.
#[derive(Debug)]
pub struct Inbox {
    client: reqwest::Client,
    address: String,
    /// The number of the last message that was seen.
    after: u64,
}

#[derive(Deserialize)]
struct Page {
    last: u64,
    messages: Vec<Arrived>,
}

impl Inbox {
    /// What has arrived until now is not told. `base` is `http://127.0.0.1:8080`.
    pub async fn open(base: &str, phone: &Msisdn) -> Result<Self, InboxError> {
        let address = format!("{}/messages/{}", base.trim_end_matches('/'), phone.digits());
        let mut own = Self { client: wire::client(base)?, address, after: 0 };
        own.after = own.page("").await?.last;
        Ok(own)
    }

    /// What has arrived since the last time; after a few seconds, perhaps nothing.
    pub async fn next(&mut self) -> Result<Vec<Arrived>, InboxError> {
        let Page { last, messages } = self.page(&format!("?after={}", self.after)).await?;
        self.after = last;
        Ok(messages)
    }

    async fn page(&self, query: &str) -> Result<Page, InboxError> {
        let lost = |error: reqwest::Error| WireError::Unreachable(error.without_url().to_string());
        let request = self.client.get(format!("{}{query}", self.address)).timeout(WITHIN);
        let response = request.send().await.map_err(lost)?;
        if response.status().as_u16() != 200 {
            return Err(InboxError::None);
        }
        let body = response.bytes().await.map_err(lost)?;
        serde_json::from_slice(&body).map_err(|_| InboxError::None)
    }
}
