//! Durable turns per second beside the floor of the machine: the same bytes appended to a plain file with one `fdatasync`
//! for each group. Rounds alternate, since disks have moods; the ratio within a round is what counts.
//!
//! Then a restart: how long it takes to read back the journal that the rounds have left.

mod support {
    //! What benches share.
    pub(crate) mod commits;
}

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gramsetu::simulate::baseline::Floor;
use gramsetu::store::Options;
use gramsetu::store::Store;
use gramsetu::store::sqlite::open;
use gramsetu::types::Timestamp;

use support::commits::{SEALED, commit};

const CONCURRENT: u64 = 64;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk that is measured");
    let path = folder.path().join("bench.db");
    // Nothing is folded between rounds: the restart is to find all of it.
    let options = Options { tail: usize::MAX, ..Options::default() };
    let store = open(&path, options.clone(), NOW).await.expect("it opens");
    let mut turns = 0;
    for round in 1..=ROUNDS {
        let floor = floor(&folder.path().join("floor")).await;
        let commits = journal(&store, turns).await;
        turns += commits;
        let percent = commits * 100 / floor.max(1);
        let seconds = ROUND.as_secs();
        println!("round {round}: floor {}/s, store {}/s, {percent} % of it", floor / seconds, commits / seconds);
    }
    println!("{:?}", store.observed());
    store.close().await.expect("closed");
    let began = Instant::now();
    let store = open(&path, options, NOW).await.expect("it opens again");
    println!("restart: {turns} turns, {} conversations, {:?}", store.observed().live, began.elapsed());
}

/// Tasks that each wait for their record's sync; how many records became durable within the round.
async fn floor(path: &Path) -> u64 {
    let (floor, thread) = Floor::start(path, SEALED + 100).expect("a file on the disk that is measured");
    let end = Instant::now() + ROUND;
    let tasks = (0..CONCURRENT).map(|_| {
        let floor = floor.clone();
        tokio::spawn(async move {
            let mut done = 0;
            while Instant::now() < end {
                assert!(floor.append().await, "synced");
                done += 1;
            }
            done
        })
    });
    let done = sum(tasks.collect()).await;
    drop(floor);
    thread.join().expect("the thread ended").expect("synced");
    done
}

/// The same with turns, five to a session, each with its journey.
async fn journal(store: &Arc<dyn Store>, before: u64) -> u64 {
    let end = Instant::now() + ROUND;
    let tasks = (0..CONCURRENT).map(|task| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let mut done = 0;
            while Instant::now() < end {
                let subscriber = (before << 32) + (task << 24) + done / 5;
                store.commit(commit(subscriber, done % 5 + 1, NOW)).await.expect("it stands");
                done += 1;
            }
            done
        })
    });
    sum(tasks.collect()).await
}

async fn sum(tasks: Vec<tokio::task::JoinHandle<u64>>) -> u64 {
    let mut sum = 0;
    for task in tasks {
        sum += task.await.expect("no panic");
    }
    sum
}
