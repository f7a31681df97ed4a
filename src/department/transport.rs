//! How a request reaches a department: over HTTP, or in-process in dialogues.

use std::time::Duration;

use crate::menu::Method;
use crate::types::{Later, Secret};

#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The department's name, for metrics and the in-process transport.
    pub department: String,
    pub method: Method,
    /// Path and query, escaped; appended to the department's address.
    pub path: String,
    /// Content type and bytes.
    pub body: Option<(&'static str, Vec<u8>)>,
    pub idempotency_key: Option<String>,
    pub accept_language: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    pub status: u16,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nothing was sent: the department cannot have done anything.
    #[error("no connection to the department: {0}")]
    NotSent(String),
    /// It was sent, at least in part; what became of it is not known.
    #[error("the department's answer was lost: {0}")]
    Lost(String),
    #[error("the department did not answer in time")]
    Late,
    #[error("the department's answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// Sends one request and waits at most `within`. No redirects, no retries.
pub trait Transport: Send + Sync + std::fmt::Debug {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>>;
}

/// Over HTTP or HTTPS, with one pool of connections.
#[derive(Debug)]
pub struct Http {}

/// Where a department is and how it knows us; from `[departments.x]` of the settings.
#[derive(Clone, Debug)]
pub struct Address {
    /// `https://api.example.gov.in/v1`, without a slash at the end.
    pub url: String,
    /// Sent as they are with every request, such as `x-api-key`.
    pub headers: Vec<(String, Secret)>,
}

impl Http {
    pub fn new(_addresses: Vec<(String, Address)>, _largest_answer: usize) -> Result<Self, TransportError> {
        unimplemented!()
    }
}

impl Transport for Http {
    fn send(&self, _request: HttpRequest, _within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>> {
        unimplemented!()
    }
}
