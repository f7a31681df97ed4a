//! Whether turns stay as fast when much is stored: a file with few conversations beside one with a million folded ones, a
//! file with few subscribers beside one with 25 million; and what 300,000 live sessions take of memory.
//!
//! Of each pair of files twice: *whole turns* over sockets, of citizens whom nobody has met; and the *store* alone, where each session is of
//! somebody who is stored, and begins as the bridge begins one: by reading the conversation and the subscriber. That is the hardest that can come,
//! without all else that a turn takes. Rounds alternate between the two files; the ratio within a round is what counts.
//!
//! `-- --small`: a hundredth of everything, to see that it runs. At full size it takes 6 GB of disk and some minutes.

mod support {
    //! What benches share.
    pub(crate) mod commits;
    pub(crate) mod figures;
    pub(crate) mod round;
    pub(crate) mod script;
    pub(crate) mod site;
    pub(crate) mod talk;
}

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use gramsetu::ambient::SystemClock;
use gramsetu::house;
use gramsetu::http::{self, Shutdown};
use gramsetu::store::{KeyedHash, Lookup, Options, Store, sqlite};
use gramsetu::types::{Clock as _, Timestamp};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::runtime::{Builder, Runtime};

use support::commits::{commit, hash};
use support::figures::{median, millis};
use support::round::Round;
use support::script::MARKETS;
use support::site::{Bench, listen};

/// The program's own.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: u32 = 5;
const CONCURRENT: usize = 64;
/// When all began: what is stored is of today.
static NOW: LazyLock<Timestamp> = LazyLock::new(|| SystemClock.now());
const DAY: Duration = Duration::from_hours(24);
/// Turns of a session.
const SESSION: u32 = 5;
/// What is promised of the ratio, and of memory in MiB.
const FLAT: f64 = 0.9;
const RESIDENT: u64 = 600;

/// Two files, and how much is stored in each.
type Files = [(&'static str, u64); 2];

fn main() {
    let server = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let clients = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let part = if std::env::args().any(|argument| argument == "--small") { 100 } else { 1 };
    let bench = Bench::new();
    server.block_on(live(&bench.path("live.db"), 300_000 / part));

    println!("| stored | | turns/s | of those with 1,000 | promised |");
    println!("|---|---|---|---|---|");
    let files = [("few.db", 1_000), ("many.db", 1_000_000 / part)];
    for (name, count) in files {
        server.block_on(conversations(&bench.path(name), count));
    }
    whole(&bench, (&server, &clients), "folded conversations", files);
    server.block_on(stored(&bench, "folded conversations", files, hash));
    let files = [("known.db", 1_000), ("crowd.db", 25_000_000 / part)];
    for (name, count) in files {
        server.block_on(subscribers(&bench.path(name), count));
    }
    whole(&bench, (&server, &clients), "subscribers", files);
    server.block_on(stored(&bench, "subscribers", files, spread));
}

/// What so many live sessions take of memory.
async fn live(path: &Path, sessions: u64) {
    let before = resident();
    let store = sqlite::open(path, Options::default(), *NOW).await.expect("it opens");
    fill(&store, sessions).await;
    let observed = store.observed().live;
    let after = resident();
    let kept = if after <= RESIDENT { "kept" } else { "BROKEN" };
    println!("{observed} live sessions: {after} MiB resident, {before} before; {RESIDENT} promised: {kept}\n");
    store.close().await.expect("closed");
}

/// One turn each, as many at once as a batch holds.
async fn fill(store: &Arc<dyn Store>, sessions: u64) {
    let tasks = (0..512).map(|task| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for subscriber in (task..sessions).step_by(512) {
                let mut commit = commit(subscriber, 1, *NOW);
                if let Some(turn) = &mut commit.turn {
                    turn.conversation.expires = NOW.plus(DAY);
                }
                store.commit(commit).await.expect("it stands");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("no panic");
    }
}

/// A file in which so many are folded, a run for each so many as sessions of five turns would leave.
async fn conversations(path: &Path, count: u64) {
    let options = Options { tail: 80_000, run: 20_000, ..Options::default() };
    let store = sqlite::open(path, options, *NOW).await.expect("it opens");
    let filled = fill(&store, count);
    tokio::pin!(filled);
    loop {
        tokio::select! {
            () = &mut filled => break,
            () = SystemClock.sleep(Duration::from_millis(100)) => store.upkeep(*NOW).await.expect("kept up"),
        }
    }
    store.close().await.expect("closed");
    let options = Options { idle: Duration::ZERO, run: 1, ..Options::default() };
    let store = sqlite::open(path, options, *NOW).await.expect("it opens again");
    store.upkeep(*NOW).await.expect("kept up");
    assert_eq!(store.observed().live, 0);
    store.close().await.expect("closed");
}

/// The key of a subscriber, in the order of numbers.
fn spread(number: u64) -> KeyedHash {
    let mut key = [0; 16];
    let (high, low) = key.split_at_mut(8);
    high.copy_from_slice(&(number * STEP).to_be_bytes());
    low.copy_from_slice(&number.to_be_bytes());
    KeyedHash(key)
}

/// Between two keys that follow each other: so that 25 million use all the room.
const STEP: u64 = u64::MAX / 2 / 25_000_000;

/// A file with so many, written in their order.
async fn subscribers(path: &Path, count: u64) {
    /// Rows of one statement, and so of one transaction.
    const PART: u64 = 250_000;

    sqlite::migrate(path).await.expect("made");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = options.disable_statement_logging().connect().await.expect("it opens");
    for first in (0..count).step_by(usize::try_from(PART).expect("a small number")) {
        let fill = "INSERT INTO subscribers
                    WITH RECURSIVE n (i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
                    SELECT unhex(printf('%016X%016X', i * ?3, i)), ?4, zeroblob(60) FROM n";
        let query = sqlx::query(fill).bind(first.cast_signed()).bind((first + PART).min(count).cast_signed());
        let query = query.bind(STEP.cast_signed()).bind(NOW.0);
        query.execute(&mut connection).await.expect("written");
    }
    connection.close().await.expect("closed");
}

/// Turns a second of both files, round by round.
#[derive(Debug, Default)]
struct Rates {
    few: Vec<f64>,
    many: Vec<f64>,
    ratios: Vec<f64>,
}

impl Rates {
    fn add(&mut self, [few, many]: [f64; 2]) {
        self.few.push(few);
        self.many.push(many);
        self.ratios.push(many / few);
    }

    fn print(&self, what: &str, of: &str, files: Files, is_promised: bool) {
        let [few, many, ratio] = [&self.few, &self.many, &self.ratios].map(|all| median(all).unwrap_or_default());
        let kept = if ratio >= FLAT { "kept" } else { "BROKEN" };
        let promised = if is_promised { format!("{FLAT}: {kept}") } else { String::new() };
        println!("| {} {what} | {of} | {few:.0} | | |", files[0].1);
        println!("| {} {what} | {of} | {many:.0} | {ratio:.2} | {promised} |", files[1].1);
    }
}

/// Whole turns over sockets, in alternated rounds.
fn whole(bench: &Bench, (server, clients): (&Runtime, &Runtime), what: &str, files: Files) {
    let _enter = server.enter();
    let shutdown = Shutdown::default();
    let sites = files.map(|(name, _)| server.block_on(bench.site(&bench.file(name))));
    let background: Vec<_> = sites.iter().flat_map(|site| house::background(site, &shutdown)).collect();
    let mut rates = Rates::default();
    for round in 0..=ROUNDS {
        let both = sites.each_ref().map(|site| {
            let serving = listen(server, http::public(site));
            let (talk, address) = (bench.talk(MARKETS), serving.address());
            let done = clients.block_on(Round::talk(&talk, &address, CONCURRENT, ROUND));
            serving.end(server);
            f64::from(u32::try_from(done.per_second()).unwrap_or(u32::MAX))
        });
        // The first warms up.
        if round > 0 {
            rates.add(both);
        }
    }
    rates.print(what, "whole turns", files, true);
    shutdown.begin();
    for task in background {
        clients.block_on(task).expect("no defect");
    }
    for site in sites {
        clients.block_on(site.bridge.store().close()).expect("closed");
    }
}

/// The store alone, in alternated rounds.
async fn stored(bench: &Bench, what: &str, files: Files, key: fn(u64) -> KeyedHash) {
    let mut stores = Vec::new();
    for (name, count) in files {
        let began = Instant::now();
        let store = sqlite::open(&bench.path(name), Options::default(), *NOW).await.expect("it opens");
        println!("<!-- {count} {what}: opened after {} -->", millis(began.elapsed()));
        stores.push((store, count));
    }
    let mut rates = Rates::default();
    for round in 0..=ROUNDS {
        let mut both = [0.0; 2];
        for ((store, count), done) in stores.iter().zip(&mut both) {
            *done = f64::from(turns(store, *count, round, key).await) / ROUND.as_secs_f64();
        }
        if round > 0 {
            rates.add(both);
        }
    }
    rates.print(what, "the store", files, false);
    for (store, _) in stores {
        store.close().await.expect("closed");
    }
}

/// Sessions of somebody who is stored, each telephone's of others than those of the rest.
async fn turns(store: &Arc<dyn Store>, stored: u64, round: u32, key: fn(u64) -> KeyedHash) -> u32 {
    let end = Instant::now() + ROUND;
    let upkeep = tokio::spawn({
        let store = Arc::clone(store);
        async move {
            while Instant::now() < end {
                store.upkeep(*NOW).await.expect("kept up");
                SystemClock.sleep(Duration::from_millis(200)).await;
            }
        }
    });
    let at_once = CONCURRENT as u64;
    let tasks = (0..at_once).map(|task| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let (mut done, mut random) = (0, (u64::from(round) << 32) | task);
            while Instant::now() < end {
                // Knuth's generator: whoever it is, it is somebody else the next time.
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let subscriber = ((random >> 33) % (stored / at_once) * at_once + task) % stored;
                let found = store.conversation(Lookup::Subscriber(key(subscriber)), *NOW).await.expect("readable");
                let first = found.map_or(1, |found| found.turn + 1);
                let known = store.subscriber(key(subscriber)).await.expect("readable");
                assert!(first > 1 || known.is_some(), "{subscriber} is stored");
                for number in first..first + u64::from(SESSION) {
                    let mut commit = commit(subscriber, number, *NOW);
                    if let Some(turn) = &mut commit.turn {
                        turn.conversation.subscriber = key(subscriber);
                        turn.conversation.expires = NOW.plus(DAY);
                    }
                    store.commit(commit).await.expect("it stands");
                }
                done += SESSION;
            }
            done
        })
    });
    let mut done = 0;
    for task in tasks.collect::<Vec<_>>() {
        done += task.await.expect("no panic");
    }
    upkeep.await.expect("no panic");
    done
}

/// Of this process, in MiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
