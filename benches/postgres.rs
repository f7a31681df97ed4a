//! The store on PostgreSQL beside the floor of the machine, without HTTP and without menus: first commits alone, then turns as the
//! bridge makes them (a read of the conversation, then its commit), over many connections and over one.
//!
//! It needs `GRAMSETU_BENCH_POSTGRES=postgres://user:password@host/name`, an empty database, which `benches/with-postgres` makes
//! for a command:
//!
//! ```text
//! benches/with-postgres cargo bench --bench postgres
//! benches/with-postgres cargo bench --bench postgres -- --stored 1000000
//! ```
//!
//! `--stored` puts so many conversations there first; `--sessions 500` only holds so many sessions on one thread, for a profiler. Rounds alternate, since disks have moods; ratios are taken within a round, and
//! the median of them counts. Where the server runs on this Linux, its processor time is told too: all its processes', of each
//! turn, beside ours.

mod support {
    //! What benches share.
    pub(crate) mod commits;
    pub(crate) mod figures;
}

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gramsetu::ambient::SystemClock;
use gramsetu::store::{self, Database, Lookup, Options, Store};
use gramsetu::types::{Clock as _, Timestamp};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};

use gramsetu::simulate::baseline::Floor;
use support::commits::{SEALED, commit};
use support::figures::{median, millis, percentile};

const POSTGRES: &str = "GRAMSETU_BENCH_POSTGRES";
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;
/// Turns of a session.
const TURNS: u64 = 6;

fn main() {
    let Ok(address) = std::env::var(POSTGRES) else {
        println!("{POSTGRES} names no database: `benches/with-postgres cargo bench --bench postgres` makes one");
        return;
    };
    if let Some(sessions) = count("--sessions") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        return runtime.expect("a runtime").block_on(hold(&address, sessions));
    }
    let stored = count("--stored").unwrap_or(0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(compare(&address, stored));
}

/// The number that follows a name.
fn count(name: &str) -> Option<u32> {
    std::env::args().skip_while(|argument| argument != name).nth(1)?.parse().ok()
}

async fn open(address: &str) -> Arc<dyn Store> {
    let database: Database = address.parse().unwrap_or_else(|error| panic!("{POSTGRES}: {error}"));
    let now = SystemClock.now();
    let store = store::open(&database, Options::default(), now).await.unwrap_or_else(|error| panic!("{error}"));
    store.upkeep(now).await.expect("partitions are made");
    store
}

/// Sessions of 64 telephones, with their reads.
async fn hold(address: &str, sessions: u32) {
    let store = open(address).await;
    let tasks = (0..64).map(|telephone| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            for one in (0..u64::from(sessions)).filter(|one| one % 64 == telephone) {
                session(&*store, one, true, &mut latencies).await;
            }
            latencies
        })
    });
    let turns = gathered(tasks.collect()).await.len();
    println!("{turns} turns, {:?}", store.observed());
    store.close().await.expect("closed");
}

async fn compare(address: &str, stored: u32) {
    let store = open(address).await;
    let mut beside = PgConnection::connect(address).await.expect("it is there");
    fill(&mut beside, stored, SystemClock.now()).await;
    let bench = Bench { store, sessions: Arc::default() };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk that is measured");
    for telephones in [64, 1] {
        println!("\n{telephones} at once, {ROUNDS} rounds of {} s, {stored} others stored\n", ROUND.as_secs());
        let (mut floors, mut commits, mut turns) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            floors.push(floor(&folder.path().join("floor"), telephones).await);
            commits.push(bench.measure(&mut beside, telephones, false).await);
            turns.push(bench.measure(&mut beside, telephones, true).await);
        }
        println!("| what | a second | of floor | p50 | p99 | batch | of PostgreSQL's processor | of ours | log |");
        println!("|---|---|---|---|---|---|---|---|---|");
        print("floor", &floors, &floors);
        print("commits", &commits, &floors);
        print("reads and commits", &turns, &floors);
    }
    bench.store.close().await.expect("closed");
}

/// So many conversations that have nothing to do with those of the rounds.
async fn fill(beside: &mut PgConnection, stored: u32, now: Timestamp) {
    let (at, expires) = (now.0, now.plus(Duration::from_hours(24)).0);
    let text = format!(
        "INSERT INTO conversations (subscriber, leg, turn, follows, at, expires, expires_hour, sealed)
         SELECT decode(md5('s' || n), 'hex'), decode(md5('l' || n), 'hex'), 1, 0, {at}, {expires}, {expires} / 3600000,
             decode(repeat(md5(n::text), {SEALED} / 16), 'hex')
         FROM generate_series(1, {stored}) AS n;
         ANALYZE conversations;
         CHECKPOINT"
    );
    sqlx::raw_sql(AssertSqlSafe(text)).execute(beside).await.expect("filled");
}

struct Bench {
    store: Arc<dyn Store>,
    sessions: Arc<AtomicU64>,
}

impl Bench {
    /// Sessions, one after the other, by so many telephones at once.
    async fn measure(&self, beside: &mut PgConnection, telephones: u64, reads: bool) -> Measured {
        let (log, processes) = (log(beside).await, processes(beside).await);
        let processor =
            || (processes.iter().map(|process| processor(&format!("/proc/{process}/task"))).sum::<u64>(), ours());
        let (before, (theirs, ours)) = (self.store.observed(), processor());
        let began = Instant::now();
        let tasks = (0..telephones).map(|_| {
            let (store, sessions) = (Arc::clone(&self.store), Arc::clone(&self.sessions));
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while began.elapsed() < ROUND {
                    session(&*store, sessions.fetch_add(1, Ordering::Relaxed), reads, &mut latencies).await;
                }
                latencies
            })
        });
        let latencies = gathered(tasks.collect()).await;
        let took = began.elapsed();
        let (after, (theirs_after, ours_after)) = (self.store.observed(), processor());
        let turns = latencies.len() as u64;
        Measured {
            batch: ratio(after.commits - before.commits, after.batches - before.batches),
            theirs: Duration::from_nanos((theirs_after - theirs) / turns),
            ours: Duration::from_nanos((ours_after - ours) / turns),
            log: (self::log(beside).await - log) / turns,
            ..Measured::new(&latencies, took)
        }
    }
}

/// One session's turns, each read (where told so) and committed.
async fn session(store: &dyn Store, session: u64, reads: bool, latencies: &mut Vec<Duration>) {
    for turn in 1..=TURNS {
        let began = Instant::now();
        let now = SystemClock.now();
        let mut commit = commit(session, turn, now);
        let conversation = &mut commit.turn.as_mut().expect("it has one").conversation;
        // As what is sealed is: like nothing before it.
        let seed = (session << 8) + turn;
        let noise =
            (0..).flat_map(|place: u64| ((seed << 6) + place).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        conversation.sealed.iter_mut().zip(noise).for_each(|(byte, noise)| *byte = noise);
        if reads {
            let found = store.conversation(Lookup::Subscriber(conversation.subscriber), now).await.expect("read");
            assert_eq!(found.map_or(0, |found| found.turn) + 1, turn, "the turn before it stands");
        }
        store.commit(commit).await.expect("it stands");
        latencies.push(began.elapsed());
    }
}

/// Tasks that each wait for their record's sync.
async fn floor(path: &Path, telephones: u64) -> Measured {
    let (floor, thread) = Floor::start(path, SEALED + 100).expect("a file on the disk that is measured");
    let began = Instant::now();
    let tasks = (0..telephones).map(|_| {
        let floor = floor.clone();
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while began.elapsed() < ROUND {
                let began = Instant::now();
                assert!(floor.append().await, "synced");
                latencies.push(began.elapsed());
            }
            latencies
        })
    });
    let latencies = gathered(tasks.collect()).await;
    let took = began.elapsed();
    drop(floor);
    let synced = thread.join().expect("the thread ended").expect("synced");
    Measured { batch: ratio(synced.records, synced.groups), ..Measured::new(&latencies, took) }
}

async fn gathered(tasks: Vec<tokio::task::JoinHandle<Vec<Duration>>>) -> Vec<Duration> {
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.expect("no panic"));
    }
    latencies
}

/// What came of a round.
#[derive(Clone, Copy, Debug, Default)]
struct Measured {
    per_second: f64,
    p50: Duration,
    p99: Duration,
    batch: f64,
    /// Processor time of a turn: the server's and ours.
    theirs: Duration,
    ours: Duration,
    /// Bytes of the server's log that a turn takes.
    log: u64,
}

impl Measured {
    fn new(latencies: &[Duration], took: Duration) -> Self {
        let percent = |percent| percentile(latencies, percent).unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let per_second = latencies.len() as f64 / took.as_secs_f64();
        Self { per_second, p50: percent(50), p99: percent(99), ..Self::default() }
    }
}

/// Medians; the ratio to the floor is each round's own.
fn print(what: &str, rounds: &[Measured], floors: &[Measured]) {
    let middle = |pick: fn(&Measured) -> f64| median(&rounds.iter().map(pick).collect::<Vec<_>>()).unwrap_or_default();
    let time =
        |pick: fn(&Measured) -> Duration| median(&rounds.iter().map(pick).collect::<Vec<_>>()).unwrap_or_default();
    let of_floor: Vec<f64> = rounds.iter().zip(floors).map(|(one, floor)| one.per_second / floor.per_second).collect();
    println!(
        "| {what} | {:.0} | {:.2} | {} | {} | {:.1} | {} µs | {} µs | {} |",
        middle(|round| round.per_second),
        median(&of_floor).unwrap_or_default(),
        millis(time(|round| round.p50)),
        millis(time(|round| round.p99)),
        middle(|round| round.batch),
        time(|round| round.theirs).as_micros(),
        time(|round| round.ours).as_micros(),
        median(&rounds.iter().map(|round| round.log).collect::<Vec<_>>()).unwrap_or_default(),
    );
}

#[expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// How long the server's log is.
async fn log(beside: &mut PgConnection) -> u64 {
    let length: i64 = sqlx::query_scalar("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
        .fetch_one(beside)
        .await
        .expect("a primary tells it");
    length.cast_unsigned()
}

/// The server's processes that live on from round to round, those that write in the background among them.
async fn processes(beside: &mut PgConnection) -> Vec<i32> {
    sqlx::query_scalar("SELECT pid FROM pg_stat_activity").fetch_all(beside).await.expect("it tells them")
}

/// Nanoseconds that we were at work.
fn ours() -> u64 {
    processor("/proc/self/task")
}

/// Nanoseconds that a process's threads were at work; 0 where nobody tells.
fn processor(tasks: &str) -> u64 {
    let threads = std::fs::read_dir(tasks).into_iter().flatten().flatten();
    let of = |thread: std::fs::DirEntry| {
        let told = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        told.split(' ').next()?.parse::<u64>().ok()
    };
    threads.filter_map(of).sum()
}
