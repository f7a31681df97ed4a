//! What the machine gives at best, measured with the same client beside the server: a *bare* handler that reads a callback and
//! answers a fixed page, and a *floor* that does the same once as many bytes as a turn leaves are appended to a file and synced,
//! in groups.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use tokio::sync::oneshot;

use super::client::Address;
use super::meter::Counted;
use super::report::{grouped, millis};
use crate::gateway::{HttpReply, Profile, Reply, encode};
use crate::http::{self, Bounds, Listening, Shutdown};

/// About as long as real pages are.
const PAGE: &str = "Welcome. What do you need?\n1. PF balance\n2. PM-KISAN\n3. Gas cylinder\n4. Ration card\n5. Train PNR\n\
                    6. Language / Bhasha\n7. Electricity bill\n98 More";

/// A file to which records are appended in groups: each group is one write and one `fdatasync`, for all that came meanwhile.
#[derive(Clone, Debug)]
pub struct Floor(mpsc::Sender<oneshot::Sender<()>>);

/// What the thread behind a [`Floor`] did.
#[derive(Clone, Debug, Default)]
pub struct Synced {
    pub records: u64,
    pub groups: u64,
    /// How long each `fdatasync` took.
    pub syncs: Vec<Duration>,
}

impl Floor {
    /// Records of `bytes` each. The thread ends, and tells what it did, when the last clone is dropped or the disk fails.
    pub fn start(path: &Path, bytes: usize) -> io::Result<(Self, JoinHandle<io::Result<Synced>>)> {
        let (queue, jobs) = mpsc::channel::<oneshot::Sender<()>>();
        let mut file = File::create(path)?;
        let thread = std::thread::spawn(move || {
            let mut synced = Synced::default();
            while let Ok(first) = jobs.recv() {
                let group: Vec<_> = std::iter::once(first).chain(jobs.try_iter()).collect();
                file.write_all(&vec![0x5a; bytes * group.len()])?;
                let began = Instant::now();
                file.sync_data()?;
                synced.syncs.push(began.elapsed());
                synced.groups += 1;
                synced.records += group.len() as u64;
                for answer in group {
                    // Who waited may have gone away.
                    let _ = answer.send(());
                }
            }
            Ok(synced)
        });
        Ok((Self(queue), thread))
    }

    /// Durable when it returns; `false` where the disk failed.
    pub async fn append(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).is_ok() && answered.await.is_ok()
    }
}

/// What both handlers answer with.
#[derive(Clone, Debug)]
struct Fixed {
    reply: Arc<HttpReply>,
    floor: Option<Floor>,
}

/// A handler that answers a page of a gateway's protocol to whatever comes, once a floor has it where there is one.
pub fn bare(profile: &Profile, floor: Option<Floor>) -> Router {
    async fn page(State(fixed): State<Fixed>, body: Bytes) -> Response {
        // Read as far as it is there: what it says is not asked.
        drop(body);
        if let Some(floor) = &fixed.floor
            && !floor.append().await
        {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let mut response = Response::builder().status(fixed.reply.status);
        for (name, value) in &fixed.reply.headers {
            response = response.header(name, value);
        }
        let response = response.body(Body::from(fixed.reply.body.clone()));
        response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
    let reply = Arc::new(encode(profile, &[], Reply::Page { text: PAGE, more: true }));
    Router::new().route("/hooks/{*address}", any(page)).with_state(Fixed { reply, floor })
}

/// A handler that listens, on a port that the system chose.
#[derive(Debug)]
pub struct Beside {
    pub address: Address,
    listening: Listening,
    shutdown: Shutdown,
}

impl Beside {
    pub async fn start(router: Router, profile: &Profile) -> io::Result<Self> {
        let shutdown = Shutdown::default();
        let listening = http::listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), shutdown.clone()).await?;
        let socket = listening.address;
        let address = Address::new(socket, socket.to_string(), &profile.name, &"beside".into());
        Ok(Self { address, listening, shutdown })
    }

    pub async fn stop(self) {
        self.shutdown.begin();
        self.listening.finished().await;
    }
}

/// What one server did in one round.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
}

impl Stretch {
    #[expect(clippy::cast_precision_loss, reason = "figures are shown with few digits")]
    pub fn new(counted: &Counted, took: Duration) -> Self {
        let per_second = counted.turns() as f64 / took.as_secs_f64().max(0.001);
        Self { per_second, p50: counted.percentile(50.0), p99: counted.percentile(99.0) }
    }
}

type Figure = fn(&Stretch) -> f64;

const RATE: Figure = |stretch| stretch.per_second;
const P50: Figure = |stretch| stretch.p50.as_secs_f64();
const P99: Figure = |stretch| stretch.p99.as_secs_f64();

/// The rounds of each server, in the same order.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    pub bare: Vec<Stretch>,
    pub floor: Vec<Stretch>,
    pub server: Vec<Stretch>,
}

impl Rounds {
    /// A table of medians. Ratios are taken within a round, since disks and neighbours have moods, and the median of them counts.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate of at least nothing")]
    pub fn table(&self) -> String {
        let mut out = "| server | turns/s | of bare | of floor | p50 | of floor | p99 | of floor |\n".to_owned();
        out.push_str("|---|---|---|---|---|---|---|---|\n");
        for (name, rounds) in [("bare", &self.bare), ("floor", &self.floor), ("server", &self.server)] {
            let ratio = |base: &[Stretch], of: Figure| {
                median(rounds.iter().zip(base).map(|(one, base)| of(one) / of(base).max(f64::MIN_POSITIVE)))
            };
            let time = |of: Figure| millis(Duration::from_secs_f64(median(rounds.iter().map(of))));
            // Writing into memory does not fail.
            let _ = writeln!(
                out,
                "| {name} | {} | {:.2} | {:.2} | {} | {:.1} | {} | {:.1} |",
                grouped(median(rounds.iter().map(RATE)).round() as u64),
                ratio(&self.bare, RATE),
                ratio(&self.floor, RATE),
                time(P50),
                ratio(&self.floor, P50),
                time(P99),
                ratio(&self.floor, P99),
            );
        }
        out
    }
}

/// The middle one; of an even number the lower of the two.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_a_round() {
        let stretch = |per_second, millis| Stretch {
            per_second,
            p50: Duration::from_millis(millis),
            p99: Duration::from_millis(3 * millis),
        };
        let rounds = Rounds {
            bare: vec![stretch(100.0, 1), stretch(50.0, 2), stretch(200.0, 1)],
            floor: vec![stretch(50.0, 2), stretch(25.0, 4), stretch(80.0, 2)],
            server: vec![stretch(25.0, 4), stretch(12.5, 8), stretch(40.0, 6)],
        };
        insta::assert_snapshot!(rounds.table(), @r"
        | server | turns/s | of bare | of floor | p50 | of floor | p99 | of floor |
        |---|---|---|---|---|---|---|---|
        | bare | 100 | 1.00 | 2.00 | 1.00 ms | 0.5 | 3.00 ms | 0.5 |
        | floor | 50 | 0.50 | 1.00 | 2.00 ms | 1.0 | 6.00 ms | 1.0 |
        | server | 25 | 0.25 | 0.50 | 6.00 ms | 2.0 | 18.00 ms | 2.0 |
        ");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_floor_syncs_what_waits_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let (floor, thread) = Floor::start(&folder.path().join("floor"), 100).expect("a file");
        let all: Vec<_> = (0..20)
            .map(|_| {
                tokio::spawn({
                    let floor = floor.clone();
                    async move { floor.append().await }
                })
            })
            .collect();
        for appended in all {
            assert!(appended.await.expect("no defect"));
        }
        drop(floor);
        let synced = thread.join().expect("no defect").expect("a disk");
        assert_eq!(synced.records, 20);
        assert!((1..=20).contains(&synced.groups));
        assert_eq!(std::fs::metadata(folder.path().join("floor")).expect("it is there").len(), 2000);
    }
}
