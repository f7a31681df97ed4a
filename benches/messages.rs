//! Messages: a text comes in, a keyword's menu runs, a message goes out and is accepted. How many of these a second, on each store, and beside
//! Kannel that does as much as it can of the same, on the same machine in the same rounds:
//!
//! * *Kannel, a handler*: fakesmsc → bearerbox → smsbox → a bare HTTP handler of this process, whose body smsbox sends back → fakesmsc,
//! * *Kannel, itself*: the same with a text of smsbox's settings instead of a handler. Kannel keeps nothing on disk in either,
//! * gramsetu: this process posts what Kannel would to the hook; it is durable before it is acknowledged. The message goes to a stub of an
//!   aggregator over HTTP, one request each, and is counted once it is durably accepted.
//!
//! With `GRAMSETU_BENCH_POSTGRES` as in `turns`. Rounds alternate; ratios are taken within a round, and their median counts.
//! `cargo bench --bench messages -- --hold 20000` only sends so many on SQLite, for a profiler; it needs no Kannel.

mod support {
    //! What benches share.
    #[path = "../../tests/it/kannel/boxes.rs"]
    pub(crate) mod boxes;
    pub(crate) mod figures;
    pub(crate) mod texts;
}

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::routing::get;
use gramsetu::house;
use gramsetu::http::{self, Bounds, Listening, Shutdown, Site};
use gramsetu::store::Database;
use tokio::runtime::{Builder, Runtime};

use support::boxes::{Running, arrived, free_ports};
use support::figures::{median, millis};
use support::texts::{ANSWER, House, ask, files};

/// The program's own.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Names a PostgreSQL to be measured beside SQLite.
const POSTGRES: &str = "GRAMSETU_BENCH_POSTGRES";
const ROUNDS: usize = 3;
/// Texts of a round.
const TEXTS: u64 = 5_000;
/// Texts under way at once on their way in.
const CONNECTIONS: u64 = 64;
/// Longer than any round takes.
const PATIENCE: Duration = Duration::from_mins(3);

fn main() {
    let server = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let clients = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _enter = server.enter();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk that is measured");
    let house = House::new(&files());
    let aggregator = Aggregator::listen(&server);
    let mut engines = vec![("SQLite", Database::Sqlite(folder.path().join("messages.db")))];
    let mut arguments = std::env::args().skip_while(|argument| argument != "--hold");
    let hold: Option<u64> = arguments.nth(1).and_then(|count| count.parse().ok());
    if let Ok(address) = std::env::var(POSTGRES)
        && hold.is_none()
    {
        engines.push(("PostgreSQL", address.parse().unwrap_or_else(|error| panic!("{POSTGRES}: {error}"))));
    }
    let shutdown = Shutdown::default();
    let mut background = Vec::new();
    let mut sites = Vec::new();
    for (engine, database) in &engines {
        let site = server.block_on(house.site(database, aggregator.address));
        background.extend(house::background(&site, &shutdown));
        sites.push((*engine, site));
    }
    let done = Measuring { server: &server, clients: &clients, aggregator: &aggregator, begun: AtomicU64::new(0) };
    match hold {
        Some(texts) => println!("{texts} texts, {:?}", done.gramsetu(&sites[0].1, texts)),
        None => compare(&done, &sites, folder.path()),
    }
    shutdown.begin();
    for task in background {
        clients.block_on(task).expect("no defect");
    }
    for (_, site) in sites {
        clients.block_on(site.bridge.store().close()).expect("closed");
    }
}

fn compare(measuring: &Measuring<'_>, sites: &[(&str, Arc<Site>)], folder: &Path) {
    println!("{ROUNDS} rounds of {TEXTS} texts, {CONNECTIONS} at once on their way in\n");
    let kannel = Kannel::start(measuring.server, folder);
    let mut rows = vec![("Kannel, a handler", Vec::new()), ("Kannel, itself", Vec::new())];
    rows.extend(sites.iter().map(|(engine, _)| (*engine, Vec::new())));
    for _ in 0..ROUNDS {
        rows[0].1.push(kannel.measure("handler"));
        rows[1].1.push(kannel.measure("itself"));
        for ((_, site), row) in sites.iter().zip(&mut rows[2..]) {
            row.1.push(measuring.gramsetu(site, TEXTS));
        }
    }
    println!(
        "| what | messages/s | of Kannel with a handler | texts taken/s | processor a message | batch | a transaction |"
    );
    println!("|---|---|---|---|---|---|---|");
    let base = rows[0].1.clone();
    for (name, rounds) in &rows {
        let ratios: Vec<f64> = rounds.iter().zip(&base).map(|(one, base)| one.per_second / base.per_second).collect();
        let middle = |pick: fn(&Measured) -> Option<f64>| median(&rounds.iter().filter_map(pick).collect::<Vec<_>>());
        let shown =
            |value: Option<f64>, digits: usize| value.map_or(String::new(), |value| format!("{value:.digits$}"));
        println!(
            "| {name} | {} | {} | {} | {} µs | {} | {} |",
            shown(middle(|round| Some(round.per_second)), 0),
            shown(median(&ratios), 2),
            shown(middle(|round| round.taken), 0),
            shown(middle(|round| Some(round.processor)), 0),
            shown(middle(|round| Some(round.writes?.0)), 1),
            median(&rounds.iter().filter_map(|round| Some(round.writes?.1)).collect::<Vec<_>>())
                .map_or_else(String::new, millis),
        );
    }
    for (name, rounds) in &rows {
        let all: Vec<String> = rounds.iter().map(|round| format!("{:.0}", round.per_second)).collect();
        println!("{name}, each round: {}", all.join(", "));
    }
}

#[derive(Clone, Copy, Debug)]
struct Measured {
    /// Messages, from the first text to the last that was accepted.
    per_second: f64,
    /// Texts that were acknowledged, while they came.
    taken: Option<f64>,
    /// Microseconds of all processes that take part but PostgreSQL's, a message.
    processor: f64,
    /// Commits in one transaction, and how long that took.
    writes: Option<(f64, Duration)>,
}

struct Measuring<'a> {
    server: &'a Runtime,
    clients: &'a Runtime,
    aggregator: &'a Aggregator,
    /// Texts so far: each comes from a number of its own.
    begun: AtomicU64,
}

impl Measuring<'_> {
    fn gramsetu(&self, site: &Arc<Site>, texts: u64) -> Measured {
        let shutdown = Shutdown::default();
        let listening =
            http::listen(([127, 0, 0, 1], 0).into(), http::public(site), Bounds::default(), shutdown.clone());
        let listening = self.server.block_on(listening).expect("a free port on the loopback");
        let first = self.begun.fetch_add(texts, Ordering::Relaxed);
        let (before, processor, taken) = (site.bridge.store().observed(), ours(), self.aggregator.taken());
        let accepted = accepted(site);
        let began = Instant::now();
        self.clients.block_on(async {
            let each = texts / CONNECTIONS;
            let mut clients = Vec::new();
            for connection in 0..CONNECTIONS {
                let from = first + connection * each;
                let to = if connection + 1 == CONNECTIONS { first + texts } else { from + each };
                clients.push(tokio::spawn(ask(listening.address, from..to)));
            }
            for client in clients {
                client.await.expect("every text is acknowledged");
            }
        });
        let came = began.elapsed();
        until(|| accepted_since(site, accepted) >= texts);
        let took = began.elapsed();
        assert_eq!(self.aggregator.taken() - taken, texts, "each once");
        let after = site.bridge.store().observed();
        let batches = after.batches - before.batches;
        let writing = after.writing.saturating_sub(before.writing);
        shutdown.begin();
        self.server.block_on(listening.finished());
        Measured {
            per_second: per(texts, took),
            taken: Some(per(texts, came)),
            processor: micros(ours().saturating_sub(processor), texts),
            writes: Some((
                float(after.commits - before.commits) / float(batches.max(1)),
                writing / u32::try_from(batches.max(1)).unwrap_or(u32::MAX),
            )),
        }
    }
}

/// Messages that were durably accepted so far.
fn accepted(site: &Site) -> u64 {
    let page = site.bridge.meters().page();
    let mut lines = page.lines().filter_map(|line| line.split_once("messages_total{outcome=\"accepted\"} "));
    lines.next().and_then(|(_, count)| count.parse().ok()).unwrap_or(0)
}

fn accepted_since(site: &Site, before: u64) -> u64 {
    accepted(site) - before
}

/// Looks again and again, a hundredth of a second apart.
fn until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "messages are missing");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Takes every message, as Kannel's sendsms would say it.
struct Aggregator {
    address: std::net::SocketAddr,
    taken: Arc<AtomicU64>,
    _listening: Listening,
}

impl Aggregator {
    fn listen(server: &Runtime) -> Self {
        async fn take(State(taken): State<Arc<AtomicU64>>, uri: Uri) -> (StatusCode, &'static str) {
            let text = uri.query().unwrap_or_default();
            assert!(text.contains("text=Your+balance") || text.contains("text=Your%20balance"), "{text}");
            taken.fetch_add(1, Ordering::Relaxed);
            (StatusCode::ACCEPTED, "0: Accepted for delivery")
        }
        let taken = Arc::<AtomicU64>::default();
        let router = Router::new().route("/cgi-bin/sendsms", get(take)).with_state(Arc::clone(&taken));
        let listening = serve(server, router);
        Self { address: listening.address, taken, _listening: listening }
    }

    fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

fn serve(server: &Runtime, router: Router) -> Listening {
    let listening = http::listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), Shutdown::default());
    server.block_on(listening).expect("a free port on the loopback")
}

/// Kannel, with a service that asks a handler of this process and one that answers by itself.
struct Kannel {
    folder: std::path::PathBuf,
    smsc: u16,
    bearerbox: Running,
    smsbox: Running,
    _handler: Listening,
}

impl Kannel {
    fn start(server: &Runtime, folder: &Path) -> Self {
        let handler = serve(server, Router::new().route("/sms", get(async || ANSWER)));
        let [admin, boxes, smsc, sendsms] = free_ports();
        let settings = folder.join("kannel.conf");
        let address = handler.address;
        let text = format!(
            "group = core\nadmin-port = {admin}\nadmin-password = bench\nsmsbox-port = {boxes}\nbox-allow-ip = 127.0.0.1\n\n\
             group = smsc\nsmsc = fake\nsmsc-id = FAKE\nport = {smsc}\nconnect-allow-ip = 127.0.0.1\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {sendsms}\n\n\
             group = sms-service\nkeyword = handler\n\
             get-url = \"http://{address}/sms?from=%p&to=%P&text=%b&coding=%c&id=%I&at=%T&udh=%u\"\n\n\
             group = sms-service\nkeyword = itself\ntext = \"{ANSWER}\"\n\n\
             group = sms-service\nkeyword = default\nmax-messages = 0\ntext = none\n"
        );
        std::fs::write(&settings, text).expect("written");
        let quiet = ["-v", "3"];
        let bearerbox = Running::bearerbox(&settings, &quiet, Path::new("/dev/null"));
        until(|| std::net::TcpStream::connect(("127.0.0.1", boxes)).is_ok());
        let smsbox = Running::smsbox(&settings, &quiet, Path::new("/dev/null"));
        until(|| std::net::TcpStream::connect(("127.0.0.1", sendsms)).is_ok());
        Self { folder: folder.to_owned(), smsc, bearerbox, smsbox, _handler: handler }
    }

    fn measure(&self, keyword: &str) -> Measured {
        let log = self.folder.join("phones.log");
        let processor = |phones: Option<&Running>| -> Duration {
            let all = [Some(&self.bearerbox), Some(&self.smsbox), phones];
            ours() + all.into_iter().flatten().map(|one| of_process(one.id)).sum::<Duration>()
        };
        let before = processor(None);
        let texts = usize::try_from(TEXTS).expect("some thousands");
        let message = format!("+9198 51969 text {keyword}");
        // Each from a number of its own, as fast as it can. Its start is counted, some thousandths of a second.
        let began = Instant::now();
        let phones = Running::fakesmsc(self.smsc, &["-i", "0", "-z", "1"], texts, &[&message], &log);
        let mut told = String::new();
        until(|| {
            told = std::fs::read_to_string(&log).expect("its log");
            told.lines().filter(|line| line.contains("Got message")).count() >= texts
        });
        let took = began.elapsed();
        let processor = processor(Some(&phones)).saturating_sub(before);
        phones.kill();
        let arrived = arrived(&told);
        assert!(
            arrived.len() == texts && arrived.iter().all(|message| message.ends_with(ANSWER)),
            "{:?}",
            arrived.first()
        );
        Measured { per_second: per(TEXTS, took), taken: None, processor: micros(processor, TEXTS), writes: None }
    }
}

fn per(count: u64, took: Duration) -> f64 {
    float(count) / took.as_secs_f64()
}

fn micros(processor: Duration, messages: u64) -> f64 {
    processor.as_secs_f64() * 1e6 / float(messages)
}

#[expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]
fn float(count: u64) -> f64 {
    count as f64
}

/// Processor time of this process so far, as Linux counts it in hundredths of a second; nothing elsewhere.
fn ours() -> Duration {
    of_process(std::process::id())
}

fn of_process(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The second field is a name, in parentheses; the 14th and 15th are times in user and system mode.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let hundredths: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * hundredths)
}
