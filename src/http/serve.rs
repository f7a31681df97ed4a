//! Listening: connections with bounded headers, times and number, and a shutdown that finishes what is under way.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

/// What one connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// Header lines of one request.
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

    /// Completes once [`Self::begin`] was called.
    pub async fn begun(&self) {
        // The sender lives in `self`, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}

/// Binds and serves in the background. Port 0 takes a free one; `Listening::address` says which.
pub async fn listen(
    address: SocketAddr,
    router: Router,
    bounds: Bounds,
    shutdown: Shutdown,
) -> std::io::Result<Listening> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(accept(listener, router, bounds, shutdown));
    Ok(Listening { address, task })
}

async fn accept(listener: TcpListener, router: Router, bounds: Bounds, shutdown: Shutdown) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let open = GracefulShutdown::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.begun() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = open.watch(connection(stream, peer.ip(), router.clone(), bounds));
                tokio::spawn(async move {
                    // A peer that breaks off or speaks no HTTP is its own affair.
                    let _ = connection.await;
                    drop(place);
                });
            }
            // Out of file descriptors, or a connection gone before it was taken: the next may do better.
            Err(error) => {
                tracing::warn!(%error, "A connection could not be accepted");
                tokio::task::yield_now().await;
            }
        }
    }
    drop(listener);
    if timeout(bounds.drain_within, open.shutdown()).await.is_err() {
        tracing::warn!("Requests were still under way when the time to finish them was over");
    }
}

fn connection(
    stream: TcpStream,
    peer: IpAddr,
    router: Router,
    bounds: Bounds,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Replies are small and answered at once: waiting to fill a segment would only delay them.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head_within)
        .max_headers(bounds.headers)
        .max_buf_size(bounds.head_bytes)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.layer(Extension(Peer(peer)))))
}
