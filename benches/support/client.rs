//! An HTTP/1.1 client for replies with a content length, over one connection that is kept.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use gramsetu::gateway::Outbound;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Larger than any head and body that is read here.
const LARGEST: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    reply: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::new(), reply: Vec::new() })
    }

    /// The status, and the body as text.
    pub(crate) async fn send(&mut self, path: &str, outbound: &Outbound) -> Result<(u16, &str)> {
        use std::io::Write as _;
        let Outbound { method, rest, query: _, headers, body } = outbound;
        self.request.clear();
        write!(self.request, "{method} {path}{rest} HTTP/1.1\r\nhost: bench\r\ncontent-length: {}\r\n", body.len())?;
        for (name, value) in headers {
            write!(self.request, "{name}: {value}\r\n")?;
        }
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request).await?;

        self.reply.clear();
        loop {
            if self.stream.read_buf(&mut self.reply).await? == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
            if let Some((status, body)) = whole(&self.reply)? {
                let text = std::str::from_utf8(self.reply.get(body..).unwrap_or_default());
                return Ok((status, text.map_err(|_| bad("a body that is not UTF-8"))?));
            }
            if self.reply.len() > LARGEST {
                return Err(bad("a reply that does not end"));
            }
        }
    }
}

/// The status of a reply and where its body begins, once all of it is here.
fn whole(reply: &[u8]) -> Result<Option<(u16, usize)>> {
    let Some(end) = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
    let head = reply.get(..end).and_then(|head| std::str::from_utf8(head).ok()).ok_or_else(|| bad("a head"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| bad("a status line"))?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.ok_or_else(|| bad("no content length"))?;
    let begin = end + 4;
    Ok((reply.len() >= begin + length).then_some((status, begin)))
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}
