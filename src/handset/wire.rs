//! How a handset's requests reach the hooks.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;

use crate::gateway::messages::{Hook, Sent};
use crate::gateway::{Outbound, WireReply};
use crate::http::{Front, Peer};
use crate::types::{Later, Secret};

#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("the bridge cannot be reached: {0}")]
    Unreachable(String),
    #[error("the hook answered {0}: is the gateway open, and the secret right?")]
    Refused(u16),
}

/// Sends requests to the hooks of a gateway.
pub trait Wire: Send + Sync + fmt::Debug {
    /// A turn of USSD.
    fn send(&self, gateway: &str, request: Outbound) -> Later<'_, Result<WireReply, WireError>>;

    /// Where a gateway tells of messages and calls.
    fn address(&self, gateway: &str, hook: Hook) -> String;

    /// What is told there; whatever is replied.
    fn tell(&self, request: Sent) -> Later<'_, Result<WireReply, WireError>>;
}

/// The routes of this process, without a socket.
#[derive(Clone, Debug)]
pub struct InProcess {
    front: Front,
    secret: Secret,
}

impl InProcess {
    pub fn new(front: impl Into<Front>, secret: impl Into<Secret>) -> Self {
        Self { front: front.into(), secret: secret.into() }
    }

    /// A request to any address, whose host does not matter, with whatever it is answered.
    pub async fn exchange(
        &self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<WireReply, WireError> {
        let mut builder = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        let unreachable = |error: axum::http::Error| WireError::Unreachable(error.to_string());
        let request = builder.body(Body::from(body)).map_err(unreachable)?;
        let response = self.front.answer(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)), request).await;
        let (parts, body) = response.into_parts();
        let lost = |error: axum::Error| WireError::Unreachable(error.to_string());
        let body = body.collect().await.map_err(lost)?.to_bytes().to_vec();
        let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        Ok(WireReply { status: parts.status.as_u16(), headers, body })
    }
}

impl Wire for InProcess {
    fn send(&self, gateway: &str, request: Outbound) -> Later<'_, Result<WireReply, WireError>> {
        let target = target("", gateway, &self.secret, &request);
        Box::pin(async move {
            let Outbound { method, headers, body, .. } = request;
            accepted(self.exchange(&method, &target, &headers, body).await?)
        })
    }

    fn address(&self, gateway: &str, hook: Hook) -> String {
        address("", gateway, &self.secret, hook)
    }

    fn tell(&self, request: Sent) -> Later<'_, Result<WireReply, WireError>> {
        Box::pin(async move { self.exchange(request.method, &request.url, &request.headers, request.body).await })
    }
}

/// A running server.
#[derive(Clone, Debug)]
pub struct OverHttp {
    client: reqwest::Client,
    base: String,
    secret: Secret,
}

impl OverHttp {
    /// `base` is `http://127.0.0.1:8080`.
    pub fn new(base: &str, secret: impl Into<Secret>) -> Result<Self, WireError> {
        let client = client(base)?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), secret: secret.into() })
    }
}

impl Wire for OverHttp {
    fn send(&self, gateway: &str, request: Outbound) -> Later<'_, Result<WireReply, WireError>> {
        let target = target(&self.base, gateway, &self.secret, &request);
        Box::pin(async move {
            let Outbound { method, headers, body, .. } = request;
            accepted(requested(&self.client, &method, target, &headers, body).await?)
        })
    }

    fn address(&self, gateway: &str, hook: Hook) -> String {
        address(&self.base, gateway, &self.secret, hook)
    }

    fn tell(&self, request: Sent) -> Later<'_, Result<WireReply, WireError>> {
        Box::pin(exchange(&self.client, request))
    }
}

/// What makes requests of this server.
pub(super) fn client(base: &str) -> Result<reqwest::Client, WireError> {
    let builder = crate::outward::client_builder(std::iter::once(base)).timeout(Duration::from_secs(30));
    builder.build().map_err(|error| WireError::Unreachable(error.to_string()))
}

/// What a gateway tells, and what it is replied.
pub(super) async fn exchange(client: &reqwest::Client, request: Sent) -> Result<WireReply, WireError> {
    let Sent { method, url, headers, body } = request;
    requested(client, method, url, &headers, body).await
}

async fn requested(
    client: &reqwest::Client,
    method: &str,
    target: String,
    headers: &[(String, String)],
    body: Vec<u8>,
) -> Result<WireReply, WireError> {
    let lost = |error: reqwest::Error| WireError::Unreachable(error.without_url().to_string());
    let mut builder = client.request(method.parse().unwrap_or(reqwest::Method::POST), target);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let response = builder.body(body).send().await.map_err(lost)?;
    let status = response.status().as_u16();
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let body = response.bytes().await.map_err(lost)?.to_vec();
    Ok(WireReply { status, headers, body })
}

fn address(base: &str, gateway: &str, secret: &Secret, hook: Hook) -> String {
    let what = match hook {
        Hook::Sms => "sms",
        Hook::Receipt => "receipt",
        Hook::MissedCall => "missed-call",
    };
    format!("{base}/hooks/{gateway}/{}/{what}", secret.reveal())
}

fn target(base: &str, gateway: &str, secret: &Secret, request: &Outbound) -> String {
    let secret = secret.reveal();
    let mut target = format!("{base}/hooks/{gateway}/{secret}/ussd{}", request.rest);
    if !request.query.is_empty() {
        target.push('?');
        target.push_str(&request.query);
    }
    target
}

fn accepted(reply: WireReply) -> Result<WireReply, WireError> {
    if reply.status == 200 { Ok(reply) } else { Err(WireError::Refused(reply.status)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_secret() {
        let own = InProcess::new(axum::Router::new(), "zq-secret");
        let other = OverHttp::new("http://127.0.0.1:1", "zq-secret").expect("a client");
        let shown = format!("{own:?} {other:?}");
        assert!(!shown.contains("zq-"), "{shown}");
    }
}
