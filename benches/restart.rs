//! How long a citizen hears nothing when the server was killed: from starting the program to `/health` saying 200.
//!
//! The journal is as long as it may be before a part of it is folded; while that goes on it grows by what comes meanwhile.
//! The program itself serves on it, is killed with `SIGKILL` at full load, and started again on what is left; then killed as
//! soon as it is ready, and started again, so that each round finds the same.
//! Beside it: the same journal after an orderly end, and an empty database.

mod support {
    //! What benches share.
    pub(crate) mod commits;
    pub(crate) mod figures;
    pub(crate) mod script;
    pub(crate) mod talk;
}

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gramsetu::ambient::SystemClock;
use gramsetu::gateway;
use gramsetu::phone::ServiceCode;
use gramsetu::simulate::client::{Address, Client};
use gramsetu::store::{Options, sqlite};
use gramsetu::types::Clock as _;
use tokio::runtime::Builder;

use support::commits::commit;
use support::figures::{median, millis};
use support::script::{Exchange, MARKETS};
use support::talk::Talk;

const ROUNDS: usize = 3;
const CONNECTIONS: usize = 64;
/// How many turns are served before the kill.
const TURNS: u64 = 5_000;
/// What is promised for a restart after a kill at full load.
const PROMISED: Duration = Duration::from_secs(3);

/// All but the last turn.
const SCRIPT: &[Exchange] = MARKETS.split_at(5).0;

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on the disk that is measured");
    let took = |what: &str, rounds: &[Duration]| {
        let took = median(rounds).unwrap_or_default();
        let kept = if took <= PROMISED { "kept" } else { "BROKEN" };
        println!("| {what} | {} | {kept} |", millis(took));
    };
    println!("| a journal of {} turns | ready after | {} s |", Options::default().tail, PROMISED.as_secs());
    println!("|---|---|---|");
    for (turns, what) in [(5, "sessions of five turns"), (1, "sessions of one turn, the worst")] {
        let database = folder.path().join(format!("{turns}.db"));
        fill(&database, turns);
        let (mut server, _) = Server::start(&database);
        kill_at_full_load(&mut server);
        let mut killed = Vec::new();
        for _ in 0..ROUNDS {
            let (mut server, took) = Server::start(&database);
            server.kill();
            killed.push(took);
        }
        took(&format!("{what}, killed at full load"), &killed);
        Server::start(&database).0.end();
        let (server, orderly) = Server::start(&database);
        server.end();
        took(&format!("{what}, ended in order"), &[orderly]);
    }
    let (server, empty) = Server::start(&folder.path().join("empty.db"));
    server.end();
    took("none at all", &[empty]);
}

/// A journal as long as it may be before a part of it is folded, without the work of serving its turns.
fn fill(database: &Path, turns_each: u64) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let now = SystemClock.now();
        let store = sqlite::open(database, Options::default(), now).await.expect("a new database opens");
        let sessions = Options::default().tail as u64 / turns_each;
        // As many at once as a batch holds, each subscriber's turns one after the other.
        let mut subscribers = (0..sessions).peekable();
        while subscribers.peek().is_some() {
            let group: Vec<_> = subscribers.by_ref().take(Options::default().batch).collect();
            for turn in 1..=turns_each {
                let written = group.iter().map(|subscriber| {
                    let (store, commit) = (Arc::clone(&store), commit(*subscriber, turn, now));
                    tokio::spawn(async move { store.commit(commit).await })
                });
                for one in written.collect::<Vec<_>>() {
                    one.await.expect("no defect").expect("it stands");
                }
            }
        }
        store.close().await.expect("closed");
    });
}

/// `gramsetu demo`: the menus and sandbox departments that come with the program.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts it; how long until it is ready.
    fn start(database: &Path) -> (Self, Duration) {
        // Free a moment ago; nobody else takes ports here meanwhile.
        let port = || TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let (address, admin) = (port(), port());
        let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
        command.arg("demo").arg("--database").arg(database);
        command.args(["--listen", &address.to_string(), "--admin", &admin.to_string()]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let process = command.spawn().expect("the program starts");
        while !is_ready(address) {
            assert!(began.elapsed() < Duration::from_mins(2), "the server does not become ready");
            std::thread::sleep(Duration::from_millis(1));
        }
        (Self { process, address }, began.elapsed())
    }

    /// `SIGKILL`.
    fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it has ended");
    }

    /// `SIGTERM`, and all that an orderly end does.
    fn end(mut self) {
        let told = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(told.expect("kill is there").success());
        assert!(self.process.wait().expect("it has ended").success(), "an orderly end");
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        Ok(reply.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// Talks, and kills the process while everybody is talking.
fn kill_at_full_load(server: &mut Server) {
    let profile = gateway::shipped().into_iter().find(|profile| profile.name == "africastalking").expect("shipped");
    let talk = Talk {
        profile: Arc::new(profile),
        codes: ServiceCode::parse("*123#").into_iter().collect(),
        script: SCRIPT,
        sessions: Arc::default(),
    };
    let (answered, secret) = (Arc::new(AtomicU64::new(0)), "demo".into());
    let address = Address::new(server.address, "bench", "africastalking", &secret);
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let telephones: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (talk, answered) = (talk.clone(), Arc::clone(&answered));
            let mut client = Client::new(address.clone(), Duration::from_secs(30));
            runtime.spawn(async move {
                let mut latencies = Vec::new();
                // Until the server is killed.
                while talk.session(&mut client, &mut latencies).await.is_ok() {
                    answered.fetch_add(SCRIPT.len() as u64, Ordering::Relaxed);
                    latencies.clear();
                }
            })
        })
        .collect();
    while answered.load(Ordering::Relaxed) < TURNS {
        assert!(telephones.iter().all(|telephone| !telephone.is_finished()), "the server gave up before it was killed");
        std::thread::sleep(Duration::from_millis(1));
    }
    server.kill();
}
