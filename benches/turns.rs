//! Whole turns: from a callback on a socket to its durable reply, with the menus that come with the program, beside two
//! servers that do less with the same requests in the same run:
//!
//! * *bare* reads the form and answers a page of fixed text: what HTTP costs on this machine,
//! * *floor* does the same once as many bytes as a turn writes are appended to a file and synced, in groups: what being
//!   durable costs.
//!
//! With `GRAMSETU_BENCH_POSTGRES=postgres://user:password@host/name` (an empty database; `benches/with-postgres` makes one for
//! a command) the same turns are measured on PostgreSQL too, in the same rounds.
//!
//! Rounds alternate, since disks have moods; ratios are taken within a round, and the median of them counts. Clients have a
//! thread of their own on the same machine. Every reply is looked at: a wrong page ends the bench.
//!
//! `-- --connections 64` measures with so many alone, `-- --rounds 20` for longer. `-- --sessions 200 --at-once 32` only holds so many sessions on one thread, for a
//! profiler.

mod support {
    //! What benches share.
    pub(crate) mod figures;
    pub(crate) mod round;
    pub(crate) mod script;
    pub(crate) mod site;
    pub(crate) mod talk;
}

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use gramsetu::house;
use gramsetu::http::{self, Shutdown, Site};
use gramsetu::simulate::baseline::{Floor, Synced};
use gramsetu::simulate::client::Client;
use gramsetu::store::Observed;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use support::figures::{median, millis, percentile};
use support::round::Round;
use support::script::{Exchange, MARKETS};
use support::site::{Bench, Serving, listen};

/// The program's own.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Names a PostgreSQL to be measured beside SQLite.
const POSTGRES: &str = "GRAMSETU_BENCH_POSTGRES";
/// Unless it is told otherwise: many and short, since a machine's mood changes within seconds. After some more the file begins to fold
/// conversations, which takes its part of the machine.
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(1);
/// Longer than any reply takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Four turns with two calls, of which one changes something: its intent is committed before it is made.
const CYLINDER: &[Exchange] =
    &[("*123#", "Welcome. What do you need?"), ("3", "Gas no."), ("1", "Book 1 cylinder"), ("1", "Cylinder booked")];

fn main() {
    let told = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1).map(|count| count.parse().unwrap_or_else(|error| panic!("{name} {count}: {error}")))
    };
    if let Some(sessions) = told("--sessions") {
        hold(sessions, told("--at-once").unwrap_or(1));
    } else {
        let at_once = told("--connections").map_or(vec![64, 1], |connections| vec![connections]);
        compare(&at_once, told("--rounds").unwrap_or(ROUNDS));
    }
}

impl Bench {
    /// Bytes that a turn leaves in a database, its part of pages included.
    fn bytes_per_turn(&self, server: &Runtime, clients: &Runtime) -> usize {
        let site = server.block_on(self.site(&self.file("size.db")));
        let listening = listen(server, http::public(&site));
        let round =
            clients.block_on(Round::talk(&self.talk(MARKETS), &listening.address(), 64, Duration::from_secs(1)));
        listening.end(server);
        server.block_on(site.bridge.store().close()).expect("closed");
        let bytes = std::fs::metadata(self.path("size.db")).expect("the database is there").len();
        usize::try_from(bytes / round.turns()).expect("some hundred bytes")
    }
}

/// As many sessions as told, so many at once, server and clients on one thread.
fn hold(sessions: usize, at_once: usize) {
    let bench = Bench::new();
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let site = runtime.block_on(bench.site(&bench.file("hold.db")));
    let listening = listen(&runtime, http::public(&site));
    let talk = bench.talk(MARKETS);
    let _enter = runtime.enter();
    let telephones = (0..at_once).map(|telephone| {
        let (talk, mut client) = (talk.clone(), Client::new(listening.address(), PATIENCE));
        async move {
            for _ in (telephone..sessions).step_by(at_once) {
                talk.session(&mut client, &mut Vec::new()).await.expect("the server answers");
            }
        }
    });
    runtime.block_on(telephones.collect::<JoinSet<()>>().join_all());
    println!("{sessions} sessions, {} turns", sessions * MARKETS.len());
}

fn compare(at_once: &[usize], rounds: usize) {
    log_nowhere();
    let bench = Bench::new();
    let server = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let clients = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let bytes = bench.bytes_per_turn(&server, &clients);
    println!("A turn leaves {bytes} bytes in the database; the floor appends as many.");

    let _enter = server.enter();
    let shutdown = Shutdown::default();
    let mut engines = vec![("SQLite", bench.file("turns.db"))];
    if let Ok(address) = std::env::var(POSTGRES) {
        engines.push(("PostgreSQL", address.parse().unwrap_or_else(|error| panic!("{POSTGRES}: {error}"))));
    }
    let mut sites = Vec::new();
    let mut background = Vec::new();
    for (engine, database) in &engines {
        let site = server.block_on(bench.site(database));
        background.extend(house::background(&site, &shutdown));
        sites.push((*engine, site));
    }
    for &connections in at_once {
        println!("\n{connections} connections, {rounds} rounds of {} s\n", ROUND.as_secs());
        let mut rows = Rows::of(&sites);
        for _ in 0..rounds {
            round(&bench, &server, &clients, &sites, bytes, connections, &mut rows);
        }
        rows.print();
    }
    shutdown.begin();
    for task in background {
        clients.block_on(task).expect("no defect");
    }
    for (_, site) in sites {
        clients.block_on(site.bridge.store().close()).expect("closed");
    }
}

/// Each server once, one after the other.
fn round(
    bench: &Bench,
    server: &Runtime,
    clients: &Runtime,
    sites: &[(&str, Arc<Site>)],
    bytes: usize,
    connections: usize,
    rows: &mut Rows,
) {
    let talk = |serving: &Serving, script| {
        let before = processor();
        let round = clients.block_on(Round::talk(&bench.talk(script), &serving.address(), connections, ROUND));
        Measured::new(&round, processor().saturating_sub(before))
    };

    let serving = listen(server, bare(None));
    rows.bare.push(talk(&serving, MARKETS));
    serving.end(server);

    let (floor, thread) = Floor::start(&bench.path("floor"), bytes).expect("a file on the disk that is measured");
    let serving = listen(server, bare(Some(floor)));
    let measured = talk(&serving, MARKETS);
    serving.end(server);
    let writes = Some(thread.join().expect("the thread ended").expect("synced").into());
    rows.floor.push(Measured { writes, ..measured });

    for ((_, site), engine) in sites.iter().zip(&mut rows.engines) {
        let serving = listen(server, http::public(site));
        for (script, row) in [(MARKETS, &mut engine.markets), (CYLINDER, &mut engine.cylinder)] {
            let before = site.bridge.store().observed();
            let measured = talk(&serving, script);
            let writes = Some(Writes::between(&before, &site.bridge.store().observed()));
            row.push(Measured { writes, ..measured });
        }
        serving.end(server);
    }
}

/// Reads the form and answers the script's page, once the floor has it where there is one.
fn bare(floor: Option<Floor>) -> Router {
    async fn page(State(floor): State<Option<Floor>>, body: Bytes) -> String {
        let fields = form(&body);
        let answers = fields.iter().find(|(name, _)| name == "text").map_or("", |(_, text)| text);
        let turn = if answers.is_empty() { 0 } else { answers.split('*').count() };
        if let Some(floor) = floor {
            assert!(floor.append().await, "synced");
        }
        let (_, shows) = MARKETS.get(turn).expect("no more than the script has");
        // About as long as the real pages are.
        format!("CON {shows}\n1. One thing\n2. Another thing\n3. A third thing\n4. The last thing\n0 Back\n00 Home")
    }
    Router::new().route("/hooks/{gateway}/{secret}/ussd", post(page)).with_state(floor)
}

/// Names and values of a form, decoded.
fn form(body: &[u8]) -> Vec<(String, String)> {
    let decode = |part: &[u8]| {
        let mut bytes = Vec::with_capacity(part.len());
        let mut rest = part;
        while let Some((first, after)) = rest.split_first() {
            let escaped = after.get(..2).and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
            let (byte, after) = match (first, escaped) {
                (b'%', Some(byte)) => (byte, after.get(2..).unwrap_or_default()),
                (b'+', _) => (b' ', after),
                _ => (*first, after),
            };
            bytes.push(byte);
            rest = after;
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let pairs = body.split(|byte| *byte == b'&').map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        (decode(pair.get(..at).unwrap_or_default()), decode(pair.get(at + 1..).unwrap_or_default()))
    });
    pairs.collect()
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// How a server wrote: records in one sync, and how long that took.
#[derive(Clone, Copy, Debug)]
struct Writes {
    batch: f64,
    took: Duration,
}

impl Writes {
    /// What a store did meanwhile; a batch takes as long as its whole transaction.
    fn between(before: &Observed, after: &Observed) -> Self {
        let batches = after.batches - before.batches;
        let took = after.writing.saturating_sub(before.writing) / u32::try_from(batches.max(1)).unwrap_or(u32::MAX);
        Self { batch: ratio(after.commits - before.commits, batches), took }
    }
}

impl From<Synced> for Writes {
    fn from(synced: Synced) -> Self {
        Self { batch: ratio(synced.records, synced.groups), took: median(&synced.syncs).unwrap_or_default() }
    }
}

#[derive(Clone, Copy, Debug)]
struct Measured {
    per_second: u64,
    p50: Duration,
    p99: Duration,
    /// Of all threads, clients included, a turn.
    processor: Duration,
    writes: Option<Writes>,
}

impl Measured {
    fn new(round: &Round, processor: Duration) -> Self {
        let percent = |percent| percentile(&round.latencies, percent).unwrap_or_default();
        let turns = u32::try_from(round.turns()).unwrap_or(u32::MAX).max(1);
        Self {
            per_second: round.per_second(),
            p50: percent(50),
            p99: percent(99),
            processor: processor / turns,
            writes: None,
        }
    }
}

/// Processor time of this process so far, as Linux counts it in hundredths of a second; nothing elsewhere. It changes
/// less than turns a second when neighbours are busy.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name, in parentheses; the 14th and 15th are times in user and system mode.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let hundredths: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * hundredths)
}

/// Each server's rounds.
#[derive(Debug, Default)]
struct Rows {
    bare: Vec<Measured>,
    floor: Vec<Measured>,
    engines: Vec<EngineRows>,
}

/// The rounds of gramsetu on one engine.
#[derive(Debug)]
struct EngineRows {
    name: String,
    markets: Vec<Measured>,
    cylinder: Vec<Measured>,
}

impl Rows {
    fn of(sites: &[(&str, Arc<Site>)]) -> Self {
        let empty =
            |(name, _): &(&str, _)| EngineRows { name: (*name).to_owned(), markets: Vec::new(), cylinder: Vec::new() };
        Self { engines: sites.iter().map(empty).collect(), ..Self::default() }
    }

    /// Medians; ratios within a round, then their median.
    fn print(&self) {
        println!(
            "| server | turns/s | of bare | of floor | p50 | p50 of floor's | p99 | p99 of floor's | processor a turn | batch \
             | a sync or transaction |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|");
        let mut rows = vec![("bare".to_owned(), &self.bare), ("floor".to_owned(), &self.floor)];
        for engine in &self.engines {
            rows.push((format!("{}, no calls", engine.name), &engine.markets));
            rows.push((format!("{}, 2 calls in 4 turns", engine.name), &engine.cylinder));
        }
        for (name, rounds) in rows {
            let of = |base: &[Measured], figure: fn(&Measured) -> u64| {
                let ratios: Vec<f64> =
                    rounds.iter().zip(base).map(|(one, base)| ratio(figure(one), figure(base))).collect();
                median(&ratios).unwrap_or_default()
            };
            let middle = |pick: fn(&Measured) -> Duration| {
                millis(median(&rounds.iter().map(pick).collect::<Vec<_>>()).unwrap_or_default())
            };
            let per_second: Vec<u64> = rounds.iter().map(|round| round.per_second).collect();
            let writes: Vec<Writes> = rounds.iter().filter_map(|round| round.writes).collect();
            let batch = median(&writes.iter().map(|writes| writes.batch).collect::<Vec<_>>());
            let took = median(&writes.iter().map(|writes| writes.took).collect::<Vec<_>>());
            println!(
                "| {name} | {} | {:.2} | {:.2} | {} | {:.2} | {} | {:.2} | {} µs | {} | {} |",
                median(&per_second).unwrap_or_default(),
                of(&self.bare, |round| round.per_second),
                of(&self.floor, |round| round.per_second),
                middle(|round| round.p50),
                of(&self.floor, |round| nanos(round.p50)),
                middle(|round| round.p99),
                of(&self.floor, |round| nanos(round.p99)),
                median(&rounds.iter().map(|round| round.processor.as_micros()).collect::<Vec<_>>()).unwrap_or_default(),
                batch.map_or_else(String::new, |batch| format!("{batch:.1}")),
                took.map_or_else(String::new, millis),
            );
        }
    }
}

/// Logs as a server does, a line for each turn, to where nobody reads it.
fn log_nowhere() {
    use tracing_subscriber::fmt::format::FmtSpan;
    let nowhere = std::fs::OpenOptions::new().write(true).open(Path::new("/dev/null")).expect("it is there");
    tracing_subscriber::fmt()
        .with_env_filter("warn,gramsetu=info,sqlx=error")
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(std::sync::Mutex::new(nowhere))
        .init();
}
