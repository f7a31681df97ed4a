//! How a request reaches a department: over HTTP here, in-process in dialogues (`sandbox`).

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};

use crate::menu::Method;
use crate::outward::{self, HttpAnswer, TransportError};
use crate::types::{Later, Secret};

#[derive(Clone)]
pub struct HttpRequest {
    /// The department's name, for metrics and the in-process transport.
    pub department: String,
    pub method: Method,
    /// Path and query, escaped; appended to the department's address.
    pub path: String,
    /// Content type and bytes.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Headers of this request, in lower case: what it accepts, and those of an envelope.
    pub headers: Vec<(&'static str, String)>,
    pub idempotency_key: Option<String>,
}

/// Path and body hold personal data, headers credentials, so neither is shown.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("department", &self.department)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Sends one request and waits at most `within`. No redirects, no retries.
pub trait Transport: Send + Sync + fmt::Debug {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>>;
}

/// Over HTTP or HTTPS, with one pool of connections.
#[derive(Debug)]
pub struct Http {
    client: Client,
    departments: HashMap<String, Destination>,
    /// In bytes.
    largest_answer: usize,
}

/// Where a department is and how it knows us; from `[departments.x]` of the settings.
#[derive(Clone, Debug)]
pub struct Address {
    /// `https://api.example.gov.in/v1`, without a slash at the end.
    pub url: String,
    /// Sent as they are with every request, such as `x-api-key`.
    pub headers: Vec<(String, Secret)>,
}

/// An [`Address`] that has been checked.
#[derive(Debug)]
struct Destination {
    url: String,
    /// Marked as sensitive, so that debug output leaves them out.
    headers: HeaderMap,
}

impl Http {
    /// Checks every address, so that a mistake in the settings is found at the start and not by a citizen. Proxies named in
    /// the environment are not used, redirects not followed.
    pub fn new(addresses: Vec<(String, Address)>, largest_answer: usize) -> Result<Self, TransportError> {
        let departments = addresses
            .into_iter()
            .map(|(name, address)| match Destination::new(&address) {
                Ok(destination) => Ok((name, destination)),
                Err(why) => Err(TransportError::NotSent(format!("[departments.{name}] {why}"))),
            })
            .collect::<Result<HashMap<_, Destination>, _>>()?;
        let client = outward::client(departments.values().map(|destination| destination.url.as_str()))?;
        Ok(Self { client, departments, largest_answer })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpAnswer, TransportError> {
        let destination = self.departments.get(&request.department).ok_or_else(|| {
            TransportError::NotSent(format!("[departments.{}] is missing in the settings", request.department))
        })?;
        let url = Url::parse(&format!("{}{}", destination.url, request.path))
            .map_err(|error| TransportError::NotSent(format!("the request's path is not one: {error}")))?;
        let mut builder = self.client.request(method(request.method), url).headers(destination.headers.clone());
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some((content_type, bytes)) = request.body {
            builder = builder.header(CONTENT_TYPE, content_type).body(bytes);
        }
        if let Some(key) = request.idempotency_key {
            builder = builder.header("idempotency-key", key);
        }
        outward::exchange(builder, self.largest_answer).await
    }
}

impl Transport for Http {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>> {
        Box::pin(async move {
            tokio::time::timeout(within, self.exchange(request)).await.unwrap_or(Err(TransportError::Late))
        })
    }
}

impl Destination {
    fn new(address: &Address) -> Result<Self, String> {
        let url = Url::parse(&address.url).map_err(|error| format!("url: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("url: write it as https://host/path".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("url: leave out the user and password, and give them as a header".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("url: leave out what begins with ? or #; operations add their own paths to it".to_owned());
        }
        let mut headers = HeaderMap::new();
        for (name, secret) in &address.headers {
            let parsed = HeaderName::from_bytes(name.as_bytes());
            let parsed = parsed.map_err(|_| format!("headers: `{name}` is not a header's name"))?;
            let mut value = HeaderValue::from_str(secret.reveal())
                .map_err(|_| format!("headers: the value of `{name}` has characters that no header may have"))?;
            value.set_sensitive(true);
            headers.append(parsed, value);
        }
        Ok(Self { url: url.as_str().trim_end_matches('/').to_owned(), headers })
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

#[cfg(test)]
mod tests;
