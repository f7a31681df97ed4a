//! Listening: connections with bounded headers, times and number, and a shutdown that finishes what is under way.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::{Site, hooks};

/// What one connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// Header lines of one request; hyper itself takes no more than a hundred.
    pub headers: usize,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// From a connection's opening, or the reply before, to the end of the next request's head.
    pub head_within: Duration,
    /// How long turns under way may take to finish at shutdown.
    pub drain_within: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 10_000,
            headers: 64,
            head_bytes: 16 * 1024,
            head_within: Duration::from_secs(30),
            drain_within: Duration::from_secs(20),
        }
    }
}

/// The address at the other end of a connection, as an extension of each of its requests.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What a listener serves: the hooks, to which nearly all requests come, and routes behind them. No router looks for a hook: that would
/// take longer than a hook needs to take its address apart, which it does itself.
#[derive(Clone, Debug)]
pub struct Front {
    hooks: Option<Arc<Site>>,
    routes: Router,
}

impl Front {
    pub(super) fn with_hooks(site: &Arc<Site>, routes: Router) -> Self {
        Self { hooks: Some(Arc::clone(site)), routes }
    }

    /// With these routes, too. None of them can lie under `/hooks/`, where the hooks are.
    #[must_use]
    pub fn beside(self, routes: Router) -> Self {
        Self { routes: self.routes.merge(routes), ..self }
    }

    /// Answers one request from this address.
    pub async fn answer(&self, peer: Peer, mut request: Request<Body>) -> Response {
        if let Some(site) = self.hooks.as_ref().filter(|_| hooks::is_hook(request.uri().path())) {
            return hooks::hook(site, peer, request).await;
        }
        request.extensions_mut().insert(peer);
        // The router cannot fail: its error type has no values.
        self.routes.clone().oneshot(request).await.unwrap_or_default()
    }
}

impl From<Router> for Front {
    fn from(routes: Router) -> Self {
        Self { hooks: None, routes }
    }
}

/// A listener that serves until it is told to stop.
#[derive(Debug)]
pub struct Listening {
    pub address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Listening {
    /// Waits until the listener has stopped and its requests are answered.
    pub async fn finished(self) {
        if let Err(error) = self.task.await {
            // Not the error itself: a defect's own words may quote what a caller sent.
            tracing::error!(panicked = error.is_panic(), "A listener ended in a defect");
        }
    }
}

/// Tells all listeners to stop.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Sender<bool>);

impl Default for Shutdown {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Shutdown {
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes once [`Self::begin`] was called.
    pub async fn begun(&self) {
        // The sender lives in `self`, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}

/// Binds and serves in the background. Port 0 takes a free one; `Listening::address` says which.
pub async fn listen(
    address: SocketAddr,
    front: impl Into<Front>,
    bounds: Bounds,
    shutdown: Shutdown,
) -> io::Result<Listening> {
    let front = front.into();
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(accept(listener, front, bounds, shutdown));
    Ok(Listening { address, task })
}

async fn accept(listener: TcpListener, front: Front, bounds: Bounds, shutdown: Shutdown) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let open = GracefulShutdown::new();
    let mut failures = Failures::default();
    let speaks = protocol(&bounds);
    loop {
        let next = async {
            // A place first: who has none waits in the system's queue, not in ours.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = shutdown.begun() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                failures.over();
                // Replies are small and answered at once: waiting to fill a segment would only delay them.
                let _ = stream.set_nodelay(true);
                let (front, peer) = (front.clone(), Peer(peer.ip()));
                let answer = service_fn(move |request: Request<Incoming>| {
                    let front = front.clone();
                    async move {
                        if request.headers().len() > bounds.headers {
                            return Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response());
                        }
                        Ok::<_, Infallible>(front.answer(peer, request.map(Body::new)).await)
                    }
                });
                let connection = open.watch(speaks.serve_connection(TokioIo::new(stream), answer));
                tokio::spawn(async move {
                    // A peer that breaks off or speaks no HTTP is its own affair.
                    let _ = connection.await;
                    drop(place);
                });
            }
            Err(error) if of_the_peer(&error) => {}
            Err(error) => {
                let pause = failures.another(&error);
                tokio::select! {
                    () = wait(pause) => {}
                    () = shutdown.begun() => break,
                }
            }
        }
    }
    drop(listener);
    if timeout(bounds.drain_within, open.shutdown()).await.is_err() {
        tracing::warn!("Requests were still under way when the time to finish them was over");
    }
}

#[expect(clippy::disallowed_methods, reason = "the system's descriptors do not live on our clock")]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// Whether a connection was gone before it was taken; the next may do better at once.
fn of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// An episode in which nothing can be accepted, mostly because there are no file descriptors left. Trying again at once would
/// only spin, and saying it each time fill the disk.
#[derive(Debug, Default)]
struct Failures {
    /// The pause before the present try; none while all is well.
    pause: Option<Duration>,
}

impl Failures {
    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(1);

    /// How long to wait before the next try.
    fn another(&mut self, error: &io::Error) -> Duration {
        let pause = match self.pause {
            None => {
                tracing::warn!(%error, "Connections cannot be accepted; they wait until they can");
                Self::FIRST
            }
            Some(before) => (before * 2).min(Self::LONGEST),
        };
        self.pause = Some(pause);
        pause
    }

    fn over(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!("Connections are accepted again");
        }
    }
}

/// HTTP/1.1 within these bounds but that of header lines, which is looked at when they are read: told of it, hyper would clear room for them
/// anew with each request.
fn protocol(bounds: &Bounds) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head_within)
        .max_buf_size(bounds.head_bytes)
        // Who hangs up is answered all the same, since what was begun goes on; their place is free once they are, which takes no longer than
        // a hook lets anybody wait. To look out for them hyper would make room to read into with each request that waits.
        .half_close(true)
        // Head and body are copied together: that is less than what the system takes for two pieces.
        .writev(false);
    protocol
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    /// Long enough for a machine that is busy with something else; nothing is measured by it.
    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn a_stop_is_heard_while_every_place_is_taken() {
        let (shutdown, bounds) = (Shutdown::default(), Bounds { connections: 1, ..Bounds::default() });
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let listening = listen(([127, 0, 0, 1], 0).into(), router, bounds, shutdown.clone()).await.expect("a port");
        let mut only = TcpStream::connect(listening.address).await.expect("a connection");
        only.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("written");
        only.read_u8().await.expect("a reply: the one place is taken, and stays so");
        shutdown.begin();
        timeout(PATIENCE, listening.finished()).await.expect("it stops");
    }

    /// A listener with one place, whose answers wait until they are told.
    async fn one_place() -> (Listening, Arc<Semaphore>) {
        let told = Arc::new(Semaphore::new(0));
        let waits = Arc::clone(&told);
        let handler = move || {
            let waits = Arc::clone(&waits);
            async move { waits.acquire().await.map_or("closed", |_| "here") }
        };
        let router = Router::new().route("/", axum::routing::get(handler));
        let bounds = Bounds { connections: 1, ..Bounds::default() };
        let listening = listen(([127, 0, 0, 1], 0).into(), router, bounds, Shutdown::default()).await.expect("a port");
        (listening, told)
    }

    async fn ask(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("written");
        stream
    }

    async fn hears_all(stream: &mut TcpStream) -> String {
        let mut heard = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut heard)).await.expect("in time").expect("a reply");
        heard
    }

    #[tokio::test]
    async fn who_says_no_more_hears_the_whole_answer() {
        let (listening, told) = one_place().await;
        let mut stream = ask(listening.address).await;
        stream.shutdown().await.expect("its half is closed");
        told.add_permits(1);
        assert!(hears_all(&mut stream).await.ends_with("here"));
    }

    #[tokio::test]
    async fn the_place_of_who_has_gone_is_free_once_they_are_answered() {
        let (listening, told) = one_place().await;
        drop(ask(listening.address).await);
        let mut next = ask(listening.address).await;
        next.shutdown().await.expect("its half is closed");
        told.add_permits(2);
        assert!(hears_all(&mut next).await.ends_with("here"));
    }

    #[test]
    fn pauses_grow_to_a_second_and_begin_anew_after_an_episode() {
        let mut failures = Failures::default();
        let error = io::Error::other("no descriptors");
        let pauses: Vec<_> = (0..6).map(|_| failures.another(&error).as_millis()).collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1000, 1000]);
        failures.over();
        assert_eq!(failures.another(&error), Failures::FIRST);
    }
}
