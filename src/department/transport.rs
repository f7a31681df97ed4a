//! How a request reaches a department: over HTTP here, in-process in dialogues (`sandbox`).

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url};

use crate::menu::Method;
use crate::types::{Later, Secret};

/// A connection that is not made by then never will be in time for a phone. Told apart from an answer that is late,
/// because then nothing was sent.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// Shorter than the idle time-outs of common servers (Apache's 5 s is the shortest): on a connection that the other side is
/// just closing, what became of a changing call would be in doubt.
const IDLE_FOR: Duration = Duration::from_secs(4);
const IDLE_PER_DEPARTMENT: usize = 32;

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

#[derive(Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// The body holds personal data, so only its length is shown.
impl fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpAnswer({}, {} bytes)", self.status, self.body.len())
    }
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

/// How this program makes HTTP requests: no redirects, no repeats behind anybody's back, no proxies from the environment, TLS
/// by ring. The system's certificates are only needed, and only missed where there are none, by an address that is HTTPS.
pub fn client_builder<'a>(mut addresses: impl Iterator<Item = &'a str>) -> reqwest::ClientBuilder {
    // Fails only when another part of the process has chosen a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(CONNECT_WITHIN)
        .user_agent(concat!("gramsetu/", env!("CARGO_PKG_VERSION")));
    if addresses.any(|address| address.starts_with("https:")) { builder } else { builder.tls_certs_only([]) }
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
        let client = client_builder(departments.values().map(|destination| destination.url.as_str()))
            .pool_idle_timeout(IDLE_FOR)
            .pool_max_idle_per_host(IDLE_PER_DEPARTMENT)
            .build()
            .map_err(|error| TransportError::NotSent(format!("the HTTP client cannot be made: {}", chain(error))))?;
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
        let answer = builder.send().await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                TransportError::NotSent(chain(error))
            } else {
                TransportError::Lost(chain(error))
            }
        })?;
        Ok(HttpAnswer { status: answer.status().as_u16(), body: self.body(answer).await? })
    }

    /// Reads a body piece by piece: a length may be declared wrongly, or not at all.
    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, TransportError> {
        let too_large = || TransportError::TooLarge(self.largest_answer);
        let declared = usize::try_from(answer.content_length().unwrap_or(0)).map_err(|_| too_large())?;
        if declared > self.largest_answer {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(declared);
        while let Some(bytes) = answer.chunk().await.map_err(|error| TransportError::Lost(chain(error)))? {
            if bytes.len() > self.largest_answer - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&bytes);
        }
        Ok(body)
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

/// An error with its causes, without its URL, which holds what citizens gave.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
