//! The real program on real sockets: started, killed, told to stop and started again on one database, while its departments
//! are served by this process. Everything is on loopback, on ports that the system chose, and ends with its owner.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gramsetu::ambient::SystemClock;
use gramsetu::department::sandbox::{self, Sandbox};
use gramsetu::http::{Bounds, Listening, Shutdown, listen};
use gramsetu::menu::{Program, SandboxFile, compile, sandboxes};
use gramsetu::store::seal::Keyring;
use gramsetu::types::{Clock, Later, Timestamp};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::folder;

/// The hook's secret, and the one before it: two may live at once. Unlike any other word, so that logs can be searched.
pub(crate) const SECRET: &str = "zq-hook-secret-present-4417";
pub(crate) const FORMER_SECRET: &str = "zq-hook-secret-former-9023";
/// What each department wants to see in a header.
pub(crate) const CREDENTIAL: &str = "zq-department-credential-7781";
pub(crate) const GATEWAYS: [&str; 6] = ["africastalking", "flares", "hubtel", "imimobile", "infobip", "mtech"];

/// Long enough for a machine that is busy with something else; nothing is measured by it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Rates that no test reaches by accident.
pub(crate) const NO_RATES: &str =
    "limits.number_burst = 1000000\nlimits.number_per_second = 1000000\nlimits.texts_per_day = 1000000\n";

/// A folder with settings and a database, and departments. Servers come and go; this stays.
#[derive(Debug)]
pub(crate) struct House {
    folder: TempDir,
    pub(crate) sandbox: Arc<Sandbox>,
    /// Requests that have reached the departments.
    called: Arc<AtomicUsize>,
    /// The keys of the settings, to be searched for.
    pub(crate) keys: [String; 2],
    shutdown: Shutdown,
    departments: Listening,
}

impl House {
    /// `more` is laid over the usual settings, one dotted key a line.
    pub(crate) async fn new(more: &str) -> Self {
        Self::build(None, more).await
    }

    /// With the patient menus and without rates, for servers that are killed.
    pub(crate) async fn patient() -> Self {
        Self::build_patient(None).await
    }

    /// The same on a PostgreSQL instead of a file: each server that is started is a node.
    pub(crate) async fn on(address: &str) -> Self {
        Self::build_patient(Some(address)).await
    }

    async fn build_patient(address: Option<&str>) -> Self {
        let house = Self::build(address, &format!("menus = \"menus\"\n{NO_RATES}")).await;
        patient_menus(&house.path("menus"));
        house
    }

    async fn build(address: Option<&str>, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = Arc::new(shipped_departments());
        let shutdown = Shutdown::default();
        let called = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&called);
        let count = move |request: axum::extract::Request, next: axum::middleware::Next| {
            counter.fetch_add(1, Ordering::SeqCst);
            next.run(request)
        };
        let router = sandbox::router(Arc::clone(&sandbox), Arc::new(ThatDay));
        let router = router.layer(axum::middleware::from_fn(count));
        let listening = listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), shutdown.clone()).await;
        let departments = listening.expect("a port for the departments");

        let (hash, seal) = Keyring::draw();
        let keys = [hash.reveal().to_owned(), seal.reveal().to_owned()];
        let mut settings = vec![
            "listen = \"127.0.0.1:0\"".to_owned(),
            "admin = \"127.0.0.1:0\"".to_owned(),
            format!("database = {}", address.map_or_else(|| quoted(&folder.path().join("gramsetu.db")), text)),
            format!("keys.hash = \"{}\"", keys[0]),
            format!("keys.seal = [{{ id = 1, key = \"{}\" }}]", keys[1]),
        ];
        settings.extend(
            GATEWAYS.map(|gateway| format!("gateways.{gateway}.secrets = [\"{SECRET}\", \"{FORMER_SECRET}\"]")),
        );
        for name in sandbox.names() {
            settings.push(format!("departments.{name}.url = \"http://{}/{name}\"", departments.address));
            settings.push(format!("departments.{name}.headers.x-api-key = \"{CREDENTIAL}\""));
        }
        if !more.contains("menus = ") {
            settings.push(format!("menus = {}", quoted(&menus())));
        }
        settings.push(more.to_owned());
        std::fs::write(folder.path().join("gramsetu.toml"), settings.join("\n")).expect("the settings are written");
        Self { folder, sandbox, called, keys, shutdown, departments }
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// What a department answers to a question that is asked past the program.
    pub(crate) async fn ask(&self, target: &str) -> serde_json::Value {
        let heard = get(self.departments.address, target).await.expect("an answer");
        serde_json::from_slice(&heard.body).expect("it is JSON")
    }

    pub(crate) fn called(&self) -> usize {
        self.called.load(Ordering::SeqCst)
    }

    /// The program, about to serve this house. Nothing of the environment tells it anything.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
        self.prepare(&mut command);
        command.args(["serve", "--settings"]).arg(self.path("gramsetu.toml"));
        command
    }

    pub(crate) fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env_remove("RUST_LOG");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
            command.env_remove(name);
        }
    }

    pub(crate) async fn start(&self) -> Server {
        Server::start(self.command()).await
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

/// A path as a text of TOML.
fn quoted(path: &Path) -> toml::Value {
    text(&path.display().to_string())
}

fn text(text: &str) -> toml::Value {
    toml::Value::String(text.to_owned())
}

/// The menus that come with the program.
pub(crate) fn menus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("menus")
}

/// The shipped menus, with gateways on which a repeat is one for so long that a restart lies within it. Those that number
/// their turns or send histories know a repeat whenever it comes.
pub(crate) fn patient_menus(into: &Path) {
    folder::copy(&menus(), into);
    std::fs::create_dir(into.join("gateways")).expect("a folder");
    for name in ["flares.yaml", "imimobile.yaml", "infobip.yaml", "mtech.yaml"] {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gateway/profiles").join(name);
        let text = std::fs::read_to_string(shipped).expect("a shipped profile");
        let patient = text.replace("lasts: 180s}", "lasts: 180s, repeat_within: 60s}");
        assert_ne!(patient, text, "{name}");
        std::fs::write(into.join("gateways").join(name), patient).expect("written");
    }
}

/// The sandboxes of the shipped menus.
fn shipped_departments() -> Sandbox {
    static READ: OnceLock<(Program, Vec<SandboxFile>)> = OnceLock::new();
    let (program, files) = READ.get_or_init(|| {
        let files = folder::read(&menus());
        let (program, findings) = compile(&files);
        let program = program.unwrap_or_else(|| panic!("{findings:?}"));
        let (read, _) = sandboxes(&files, &program);
        (program, read)
    });
    Sandbox::new(program, files)
}

/// The departments' calendar stands still, so that a run over midnight shows the same prices; their waiting does not.
#[derive(Debug)]
struct ThatDay;

impl Clock for ThatDay {
    fn now(&self) -> Timestamp {
        Timestamp(1_768_453_200_000) // 15 January 2026
    }

    fn sleep(&self, how_long: Duration) -> Later<'_, ()> {
        Box::pin(async move { SystemClock.sleep(how_long).await })
    }
}

/// Waits a moment before something is looked at again.
pub(crate) async fn pause() {
    SystemClock.sleep(Duration::from_millis(20)).await;
}

/// Looks again and again until it holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let patient = async {
        while !holds().await {
            pause().await;
        }
    };
    tokio::time::timeout(PATIENCE, patient).await.unwrap_or_else(|_| panic!("it never came that {what}"));
}

/// A running program. It is killed when this goes.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) hooks: SocketAddr,
    pub(crate) admin: SocketAddr,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts it and waits until it is ready for turns.
    pub(crate) async fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let errors = BufReader::new(child.stderr.take().expect("its log"));
        let log = Arc::new(Mutex::new(String::new()));
        let (said, addresses) = oneshot::channel();
        let into = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            let mut said = Some(said);
            for line in errors.split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                if let Some(addresses) = serving(&line)
                    && let Some(said) = said.take()
                {
                    // Who asked may have lost patience.
                    let _ = said.send(addresses);
                }
                let mut log = into.lock().unwrap_or_else(PoisonError::into_inner);
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut server = Self {
            child,
            hooks: ([127, 0, 0, 1], 0).into(),
            admin: ([127, 0, 0, 1], 0).into(),
            log,
            reader: Some(reader),
        };
        match tokio::time::timeout(PATIENCE, addresses).await {
            Ok(Ok((hooks, admin))) => (server.hooks, server.admin) = (hooks, admin),
            _ => panic!("the program does not serve:\n{}", server.log()),
        }
        let hooks = server.hooks;
        until("the program is ready", async || get(hooks, "/health").await.is_ok_and(|heard| heard.status == 200))
            .await;
        server
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.hooks)
    }

    /// Of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// SIGKILL: it hears nothing of it.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().expect("it was alive");
        self.ended().1
    }

    /// SIGTERM, by its own id.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        let told = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().expect("a shell");
        assert!(told.success(), "the program was gone before it was told to stop");
    }

    /// Waits for its end, without blocking those who wait for replies.
    pub(crate) async fn finished(mut self) -> (ExitStatus, String) {
        let waiting = tokio::task::spawn_blocking(move || self.ended());
        tokio::time::timeout(PATIENCE, waiting).await.expect("it stops").expect("it could be waited for")
    }

    fn ended(&mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("it is our child");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the log was read to its end");
        }
        (status, self.log())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            println!("what the program at {} logged before the test failed:\n{}", self.hooks, self.log());
        }
    }
}

/// The addresses in the line that says so, in either form of log.
fn serving(line: &str) -> Option<(SocketAddr, SocketAddr)> {
    if !line.contains("Serving") {
        return None;
    }
    let after = |name: &str| {
        let rest = line.split_once(&format!("{name}\":\"")).or_else(|| line.split_once(&format!(" {name}=")))?.1;
        rest.split(['"', ' ']).next()?.parse().ok()
    };
    Some((after("address")?, after("admin")?))
}

/// A reply as it came.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    /// Status line and headers, as they came.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// Without the line that says when it was written.
    pub(crate) fn undated(&self) -> (String, Vec<u8>) {
        let head = self.head.lines().filter(|line| !line.starts_with("date: "));
        (head.collect::<Vec<_>>().join("\n"), self.body.clone())
    }
}

pub(crate) async fn get(address: SocketAddr, target: &str) -> std::io::Result<Heard> {
    send(address, "GET", target, &[], b"").await
}

/// One request on a connection of its own.
pub(crate) async fn send(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Heard> {
    let mut head = vec![format!("{method} {target} HTTP/1.1"), format!("host: {address}")];
    head.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    head.push(format!("connection: close\r\ncontent-length: {}\r\n\r\n", body.len()));
    send_raw(address, &[head.join("\r\n").as_bytes(), body].concat()).await
}

/// Bytes as they are. The reply is what comes until the connection is closed.
pub(crate) async fn send_raw(address: SocketAddr, request: &[u8]) -> std::io::Result<Heard> {
    let mut stream = TcpStream::connect(address).await?;
    // A server that refuses early may close before it has read everything; its reply is still there to be read.
    let _ = stream.write_all(request).await;
    hear(stream).await
}

pub(crate) async fn hear(mut stream: TcpStream) -> std::io::Result<Heard> {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Err(end.err().unwrap_or_else(|| std::io::ErrorKind::UnexpectedEof.into()));
    };
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Heard { status, head, body: bytes[at + 4..].to_vec() })
}
