//! How this program makes HTTP requests of others: departments, and the routes on which messages go out.
//!
//! No redirects, no repeats behind anybody's back, no proxies from the environment, answers of bounded size. What failed is told apart
//! by the one thing that matters to who must not do anything twice: whether the other side can have seen the request.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, Response};

/// A connection that is not made by then never will be in time for a phone. Told apart from an answer that is late,
/// because then nothing was sent.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// Shorter than the idle time-outs of common servers (Apache's 5 s is the shortest): on a connection that the other side is
/// just closing, what became of a changing call would be in doubt.
const IDLE_FOR: Duration = Duration::from_secs(4);
const IDLE_PER_HOST: usize = 32;

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
    /// Nothing was sent: the other side cannot have done anything.
    #[error("no connection: {0}")]
    NotSent(String),
    /// It was sent, at least in part; what became of it is not known.
    #[error("the answer was lost: {0}")]
    Lost(String),
    #[error("there was no answer in time")]
    Late,
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// What every client here begins with; TLS is by ring. The system's certificates are only needed, and only missed where there are none, by
/// an address that is HTTPS.
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

/// A client with one pool of connections for all these addresses.
pub fn client<'a>(addresses: impl Iterator<Item = &'a str>) -> Result<Client, TransportError> {
    let builder = client_builder(addresses).pool_idle_timeout(IDLE_FOR).pool_max_idle_per_host(IDLE_PER_HOST);
    builder
        .build()
        .map_err(|error| TransportError::NotSent(format!("the HTTP client cannot be made: {}", chain(error))))
}

/// Sends a request and reads its answer, of at most `largest` bytes.
pub async fn exchange(request: RequestBuilder, largest: usize) -> Result<HttpAnswer, TransportError> {
    exchange_with_headers(request, largest).await.map(|(_, answer)| answer)
}

/// The same, for who must know the answer's headers.
pub async fn exchange_with_headers(
    request: RequestBuilder,
    largest: usize,
) -> Result<(HeaderMap, HttpAnswer), TransportError> {
    let mut answer = request.send().await.map_err(|error| {
        if error.is_connect() || error.is_builder() {
            TransportError::NotSent(chain(error))
        } else {
            TransportError::Lost(chain(error))
        }
    })?;
    let headers = std::mem::take(answer.headers_mut());
    Ok((headers, HttpAnswer { status: answer.status().as_u16(), body: body(answer, largest).await? }))
}

/// Reads a body piece by piece: a length may be declared wrongly, or not at all.
async fn body(mut answer: Response, largest: usize) -> Result<Vec<u8>, TransportError> {
    let too_large = || TransportError::TooLarge(largest);
    let declared = usize::try_from(answer.content_length().unwrap_or(0)).map_err(|_| too_large())?;
    if declared > largest {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(declared);
    while let Some(bytes) = answer.chunk().await.map_err(|error| TransportError::Lost(chain(error)))? {
        if bytes.len() > largest - body.len() {
            return Err(too_large());
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body)
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
