//! How a request reaches a gateway: over HTTP here; in dialogues the gateway is in the same process.

use std::fmt;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Method};

use crate::gateway::messages::OutRequest;
use crate::outward::{self, HttpAnswer, TransportError};
use crate::types::Later;

/// The largest answer of a gateway that is read, in bytes: an id or an error, never more than a page.
const LARGEST_ANSWER: usize = 64 * 1024;

/// What a gateway answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteAnswer {
    pub answer: HttpAnswer,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
}

/// Sends one request and waits at most `within`. No redirects, no retries.
pub trait Transport: Send + Sync + fmt::Debug {
    fn send(&self, request: OutRequest, within: Duration) -> Later<'_, Result<RouteAnswer, TransportError>>;
}

/// Over HTTP or HTTPS.
#[derive(Clone, Debug)]
pub struct Http(Client);

impl Http {
    /// For gateways at these addresses.
    pub fn new<'a>(addresses: impl Iterator<Item = &'a str>) -> Result<Self, TransportError> {
        Ok(Self(outward::client(addresses)?))
    }

    async fn exchange(&self, request: OutRequest) -> Result<RouteAnswer, TransportError> {
        let method = Method::from_bytes(request.method.as_bytes());
        let method = method.map_err(|_| TransportError::NotSent("the verb is none".to_owned()))?;
        let mut builder = self.0.request(method, request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let (headers, answer) = outward::exchange_with_headers(builder.body(request.body), LARGEST_ANSWER).await?;
        let retry_after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(RouteAnswer { answer, retry_after })
    }
}

impl Transport for Http {
    fn send(&self, request: OutRequest, within: Duration) -> Later<'_, Result<RouteAnswer, TransportError>> {
        Box::pin(async move {
            let answer = tokio::time::timeout(within, self.exchange(request)).await;
            answer.unwrap_or(Err(TransportError::Late))
        })
    }
}
