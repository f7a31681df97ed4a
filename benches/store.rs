//! Durable turns per second beside the floor of the machine: the same bytes appended to a plain file with one `fdatasync`
//! for each group. Rounds alternate, since disks have moods; the ratio within a round is what counts. With many telephones
//! at once, then with one. A session begins as the bridge begins one: by reading its conversation and its subscriber.
//!
//! Upkeep goes on meanwhile, as in a server. Then a restart: how long it takes to read back the journal that is left.
//!
//! `-- --commits 20000`: so many turns and nothing else, for a profiler that counts.

mod support {
    //! What benches share.
    pub(crate) mod commits;
    pub(crate) mod figures;
}

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gramsetu::ambient::SystemClock;
use gramsetu::simulate::baseline::Floor;
use gramsetu::store::sqlite::open;
use gramsetu::store::{Lookup, Options, Store};
use gramsetu::types::{Clock as _, Timestamp};

use support::commits::{SEALED, commit, hash};
use support::figures::{median, millis, percentile};

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// Turns of a session.
const SESSION: u64 = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk that is measured");
    let path = folder.path().join("bench.db");
    let store = open(&path, Options::default(), NOW).await.expect("it opens");
    let upkeep = tokio::spawn(upkeep(Arc::clone(&store)));
    let mut arguments = std::env::args().skip_while(|argument| argument != "--commits").skip(1);
    if let Some(turns) = arguments.next() {
        let each = turns.parse::<u64>().expect("a number") / 64;
        let done = journal(&store, 64, 0, move |done, _| done < each).await;
        upkeep.abort();
        let observed = store.observed();
        println!("{} turns in {} batches", done.len(), observed.batches);
        return;
    }
    let mut before = 0;
    for concurrent in [64, 1] {
        for round in 1..=ROUNDS {
            let floor = floor(&folder.path().join("floor"), concurrent).await;
            before += 1;
            let end = Instant::now() + ROUND;
            let turns = journal(&store, concurrent, before, move |_, now| now < end).await;
            let count = |times: &[Duration]| f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX));
            let (done, floors) = (count(&turns), count(&floor));
            let p50 = |times: &[Duration]| median(times).unwrap_or_default();
            println!(
                "{concurrent} at once, round {round}: floor {:.0}/s, store {:.0}/s, {:.2} of it; p50 {}, {:.2} of its; p99 {}",
                floors / ROUND.as_secs_f64(),
                done / ROUND.as_secs_f64(),
                done / floors,
                millis(p50(&turns)),
                p50(&turns).as_secs_f64() / p50(&floor).as_secs_f64(),
                millis(percentile(&turns, 99).unwrap_or_default()),
            );
        }
    }
    println!("{:?}", store.observed());
    upkeep.abort();
    store.close().await.expect("closed");
    let began = Instant::now();
    let store = open(&path, Options::default(), NOW).await.expect("it opens again");
    println!("restart: {} conversations live, {:?}", store.observed().live, began.elapsed());
}

/// As in a server.
async fn upkeep(store: Arc<dyn Store>) {
    let mut now = NOW;
    loop {
        let pause = Duration::from_millis(200);
        SystemClock.sleep(pause).await;
        now = now.plus(pause);
        store.upkeep(now).await.expect("kept up");
    }
}

/// Tasks that each wait for their record's sync; how long each record waited.
async fn floor(path: &Path, concurrent: u64) -> Vec<Duration> {
    let (floor, thread) = Floor::start(path, SEALED + 100).expect("a file on the disk that is measured");
    let end = Instant::now() + ROUND;
    let tasks = (0..concurrent).map(|_| {
        let floor = floor.clone();
        tokio::spawn(async move {
            let mut waited = Vec::new();
            while Instant::now() < end {
                let began = Instant::now();
                assert!(floor.append().await, "synced");
                waited.push(began.elapsed());
            }
            waited
        })
    });
    let waited = all(tasks.collect()).await;
    drop(floor);
    thread.join().expect("the thread ended").expect("synced");
    waited
}

/// The same with turns, each with its journey, while there are to be `more` than were done.
async fn journal(
    store: &Arc<dyn Store>,
    concurrent: u64,
    before: u64,
    more: impl Fn(u64, Instant) -> bool + Copy + Send + 'static,
) -> Vec<Duration> {
    let tasks = (0..concurrent).map(|task| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let mut waited = Vec::new();
            while more(waited.len() as u64, Instant::now()) {
                let done = waited.len() as u64;
                let subscriber = (before << 32) + (task << 24) + done / SESSION;
                let began = Instant::now();
                if done.is_multiple_of(SESSION) {
                    let lookup = Lookup::Subscriber(hash(subscriber));
                    assert!(store.conversation(lookup, NOW).await.expect("readable").is_none());
                    assert!(store.subscriber(hash(subscriber)).await.expect("readable").is_none());
                }
                store.commit(commit(subscriber, done % SESSION + 1, NOW)).await.expect("it stands");
                waited.push(began.elapsed());
            }
            waited
        })
    });
    all(tasks.collect()).await
}

async fn all(tasks: Vec<tokio::task::JoinHandle<Vec<Duration>>>) -> Vec<Duration> {
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic"));
    }
    all
}
