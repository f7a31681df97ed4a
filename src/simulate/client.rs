//! An HTTP/1.1 client for replies with a content length, over one connection that is kept. It shares the machine with what it
//! measures: buffers are used again, and nothing of a reply is copied.

use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::gateway::{HttpReply, Outbound, WireReply};
use crate::types::Secret;

/// Larger than any head and body that a hook answers with.
const LARGEST: usize = 64 * 1024;

/// Servers close connections on which nothing comes; one that was silent for so long is opened anew.
const KEPT: Duration = Duration::from_secs(20);

/// Where requests go.
#[derive(Clone)]
pub struct Address {
    pub socket: SocketAddr,
    /// As the `Host` header names it.
    pub host: String,
    /// `/hooks/{gateway}/{secret}/{hook}`
    path: Secret,
}

impl Address {
    /// The hook for dialogues.
    pub fn new(socket: SocketAddr, host: impl Into<String>, gateway: &str, secret: &Secret) -> Self {
        Self::of(socket, host, gateway, secret, "ussd")
    }

    /// Any hook: `ussd`, `sms`.
    pub fn of(socket: SocketAddr, host: impl Into<String>, gateway: &str, secret: &Secret, hook: &str) -> Self {
        let path = format!("/hooks/{gateway}/{}/{hook}", secret.reveal());
        Self { socket, host: host.into(), path: path.into() }
    }

    /// The address as a server names itself that is called so.
    pub(super) fn here(&self, rest: &str) -> String {
        format!("https://{}{}{rest}", self.host, self.path.reveal())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("socket", &self.socket).finish_non_exhaustive()
    }
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    #[error("the connection cannot be opened: {0}")]
    Connect(String),
    #[error("the connection broke: {0}")]
    Broken(String),
    #[error("no reply came in time")]
    Late,
    #[error("what came is no HTTP reply with a content length: {0}")]
    NoHttp(&'static str),
}

/// A reply, as it lies in the client's buffer.
#[derive(Clone, Copy, Debug)]
pub struct Got<'a> {
    pub status: u16,
    /// Header lines without the status line.
    head: &'a str,
    pub body: &'a [u8],
}

impl Got<'_> {
    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.split("\r\n").filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
    }

    /// Whether it is this reply to the byte, with all of its headers.
    pub fn is(&self, reply: &HttpReply) -> bool {
        let has = |name: &str, value: &str| {
            self.headers().any(|(known, held)| known.eq_ignore_ascii_case(name) && held == value)
        };
        self.status == reply.status
            && self.body == reply.body
            && reply.headers.iter().all(|(name, value)| has(name, value.trim()))
    }

    pub fn to_wire(self) -> WireReply {
        let headers = self.headers().map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        WireReply { status: self.status, headers, body: self.body.to_vec() }
    }
}

#[derive(Debug)]
pub struct Client {
    address: Address,
    stream: Option<TcpStream>,
    used: Instant,
    patience: Duration,
    request: Vec<u8>,
    reply: Vec<u8>,
}

impl Client {
    /// It connects when it first sends, and again after a connection broke.
    pub fn new(address: Address, patience: Duration) -> Self {
        Self { address, stream: None, used: Instant::now(), patience, request: Vec::new(), reply: Vec::new() }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Another of the same kind, with a connection of its own.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.address.clone(), self.patience)
    }

    /// Sends a request and waits for its reply.
    pub async fn send(&mut self, outbound: &Outbound) -> Result<Got<'_>, ClientError> {
        self.write(outbound);
        let patience = self.patience;
        let end = match timeout(patience, self.exchange()).await {
            Ok(done) => done,
            Err(_) => Err(ClientError::Late),
        };
        let (status, body) = end.inspect_err(|_| self.stream = None)?;
        let head = self.reply.get(..body).and_then(|head| std::str::from_utf8(head).ok());
        let head = head.ok_or(ClientError::NoHttp("its head is no text"))?;
        let head = head.split_once("\r\n").map_or("", |(_, lines)| lines.trim_end());
        Ok(Got { status, head, body: self.reply.get(body..).unwrap_or_default() })
    }

    /// Sends a request, or only the first half of its bytes, and hears nothing any more: after so long the connection is closed.
    pub async fn send_and_cut(
        &mut self,
        outbound: &Outbound,
        half: bool,
        wait: impl Future<Output = ()>,
    ) -> Result<(), ClientError> {
        self.write(outbound);
        self.stream = None;
        let mut stream = self.open().await?;
        let sent = if half { self.request.len() / 2 } else { self.request.len() };
        let broken = |error: std::io::Error| ClientError::Broken(error.to_string());
        stream.write_all(self.request.get(..sent).unwrap_or_default()).await.map_err(broken)?;
        wait.await;
        Ok(())
    }

    fn write(&mut self, outbound: &Outbound) {
        let Outbound { method, rest, query, headers, body } = outbound;
        let mark = if query.is_empty() { "" } else { "?" };
        let (path, host) = (self.address.path.reveal(), &self.address.host);
        let out = &mut self.request;
        out.clear();
        // Writing into memory does not fail.
        let _ = write!(out, "{method} {path}{rest}{mark}{query} HTTP/1.1\r\nhost: {host}\r\n");
        let _ = write!(out, "content-length: {}\r\n", body.len());
        for (name, value) in headers {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(body);
    }

    async fn open(&self) -> Result<TcpStream, ClientError> {
        let stream = TcpStream::connect(self.address.socket).await;
        let stream = stream.map_err(|error| ClientError::Connect(error.to_string()))?;
        stream.set_nodelay(true).map_err(|error| ClientError::Connect(error.to_string()))?;
        Ok(stream)
    }

    /// The status, and where the body begins.
    async fn exchange(&mut self) -> Result<(u16, usize), ClientError> {
        if self.stream.is_none() || self.used.elapsed() > KEPT {
            self.stream = Some(self.open().await?);
        }
        let Some(stream) = &mut self.stream else { return Err(ClientError::NoHttp("no connection")) };
        let broken = |error: std::io::Error| ClientError::Broken(error.to_string());
        stream.write_all(&self.request).await.map_err(broken)?;
        self.reply.clear();
        loop {
            if stream.read_buf(&mut self.reply).await.map_err(broken)? == 0 {
                return Err(ClientError::Broken("it was closed before the reply".to_owned()));
            }
            if let Some(whole) = whole(&self.reply)? {
                self.used = Instant::now();
                return Ok(whole);
            }
            if self.reply.len() > LARGEST {
                return Err(ClientError::NoHttp("it does not end"));
            }
        }
    }
}

/// The status of a reply and where its body begins, once all of it is here.
fn whole(reply: &[u8]) -> Result<Option<(u16, usize)>, ClientError> {
    let Some(end) = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
    let head = reply.get(..end).and_then(|head| std::str::from_utf8(head).ok());
    let mut lines = head.ok_or(ClientError::NoHttp("its head is no text"))?.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let status = status.ok_or(ClientError::NoHttp("it has no status"))?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let begin = end + 4;
    let length = length.ok_or(ClientError::NoHttp("it has no content length"))?;
    let whole = begin.checked_add(length).ok_or(ClientError::NoHttp("its length"))?;
    if reply.len() > whole {
        return Err(ClientError::NoHttp("it is longer than it says"));
    }
    Ok((reply.len() == whole).then_some((status, begin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_whole_when_its_length_is_there() {
        let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nCON A";
        assert_eq!(whole(reply), Ok(Some((200, reply.len() - 5))));
        for cut in 0..reply.len() {
            assert_eq!(whole(&reply[..cut]), Ok(None), "{cut}");
        }
        for wrong in
            [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"what\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab"]
        {
            assert!(whole(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let address = Address::new(([127, 0, 0, 1], 1).into(), "here", "flares", &"zq-secret".into());
        let shown = format!("{:?}", Client::new(address, Duration::ZERO));
        assert!(!shown.contains("zq-"), "{shown}");
    }
}
