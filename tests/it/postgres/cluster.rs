//! One cluster: made, started, stopped, killed, followed by a standby. It listens on loopback alone, on a port that the system
//! chose, and is gone with its folder when this process ends, however it ends.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row as _, ValueRef as _};

use super::connect;
use super::machine::{binary, children, done, folder, is_alive, signal};
use crate::server::{PATIENCE, pause, until};

const USER: &str = "gramsetu";
/// Unlike any other word, so that logs can be searched.
const PASSWORD: &str = "zq-database-password-6120";

/// Over PostgreSQL's own defaults. Small, since there are several at once; durable, since that is what is tested.
const SETTINGS: &str = "
fsync = on
max_connections = 200
shared_buffers = 16MB
max_wal_size = 128MB
wal_keep_size = 128MB
jit = off
huge_pages = off
wal_retrieve_retry_interval = 200ms
";

/// Waits for the end of the process that holds the other end of its input, then ends the cluster in the folder `$0` and
/// removes it.
const WATCH: &str = r#"
trap '' INT TERM HUP
cat >/dev/null
if process=$(cat "$0/process" 2>/dev/null); then
    kill -QUIT "$process" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill -0 "$process" 2>/dev/null || break
        sleep 0.2
    done
    kill -KILL "$process" 2>/dev/null
fi
rm -rf "$0" 2>/dev/null || { sleep 1; rm -rf "$0"; }
"#;

/// How a cluster is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// What is under way is rolled back and everything is written: the next start has nothing to recover.
    Fast,
    /// Like the loss of power, but that the processes are told.
    Immediate,
}

#[derive(Debug)]
pub(crate) struct Cluster {
    folder: PathBuf,
    pub(crate) port: u16,
    /// The postmaster, while it runs.
    running: Option<Child>,
    /// Ends and removes everything once its input is closed.
    watch: Child,
}

impl Cluster {
    /// An empty one, running.
    pub(crate) async fn new() -> Self {
        let mut cluster = Self::prepare();
        let password = cluster.folder.join("password");
        std::fs::write(&password, PASSWORD).expect("a file");
        let mut initdb = binary("initdb");
        initdb.args(["--no-sync", "--no-instructions", "--no-locale", "--encoding=UTF8", "--auth=scram-sha-256"]);
        initdb.arg(format!("--username={USER}")).arg("--pwfile").arg(password).arg("-D").arg(cluster.data());
        done(&mut initdb);
        let settings = cluster.data().join("postgresql.conf");
        let defaults = std::fs::read_to_string(&settings).expect("its settings");
        std::fs::write(&settings, defaults + SETTINGS).expect("its settings");
        cluster.start().await;
        cluster
    }

    /// A folder, a port, and somebody who looks after both.
    fn prepare() -> Self {
        let folder = folder();
        let watch = Command::new("sh")
            .args(["-c", WATCH])
            .arg(&folder)
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        Self { folder, port: free.expect("a port").port(), running: None, watch }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Of one of its databases, as the setting `database` takes it.
    pub(crate) fn address(&self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Of one database on two clusters, of which one is the primary.
    pub(crate) fn address_with(&self, other: &Self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{},127.0.0.1:{}/{database}", self.port, other.port)
    }

    /// Starts it and waits until it takes connections.
    pub(crate) async fn start(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        let ready = async {
            loop {
                let mut child = self.spawn();
                while child.try_wait().expect("it is our child").is_none() {
                    if connect(&self.address("postgres")).await.is_ok() {
                        return child;
                    }
                    pause().await;
                }
                // While it was down, somebody may have had its port for a moment.
                pause().await;
            }
        };
        let started = tokio::time::timeout(PATIENCE, ready).await;
        self.running = Some(started.unwrap_or_else(|_| panic!("PostgreSQL does not start:\n{}", self.log())));
    }

    fn spawn(&self) -> Child {
        let log = File::options().append(true).create(true).open(self.folder.join("log")).expect("its log");
        let mut postgres = binary("postgres");
        postgres.arg("-D").arg(self.data()).arg("-p").arg(self.port.to_string());
        postgres.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
        postgres.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = postgres.spawn().expect("PostgreSQL starts");
        std::fs::write(self.folder.join("process"), child.id().to_string()).expect("a file");
        child
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read(self.folder.join("log")).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    pub(crate) fn stop(&mut self, how: Stop) {
        let name = match how {
            Stop::Fast => "INT",
            Stop::Immediate => "QUIT",
        };
        self.end(|postmaster| signal(name, postmaster));
    }

    /// SIGKILL to the postmaster and, since they live on for a while, to all who work for it.
    pub(crate) fn kill9(&mut self) {
        self.end(|postmaster| {
            // It takes nobody new while they are counted.
            signal("STOP", postmaster);
            let workers = children(postmaster);
            signal("KILL", postmaster);
            for worker in workers {
                signal("KILL", worker);
                while is_alive(worker) {
                    std::thread::yield_now();
                }
            }
        });
    }

    fn end(&mut self, tell: impl FnOnce(u32)) {
        let mut child = self.running.take().expect("it runs");
        tell(child.id());
        child.wait().expect("it is our child");
        // The number may be another's from now on.
        std::fs::remove_file(self.folder.join("process")).expect("it was written at the start");
    }

    pub(crate) async fn restart(&mut self, how: Stop) {
        self.stop(how);
        self.start().await;
    }

    /// A second cluster that follows this one by streaming, under the name that `synchronous_standby_names` may hold.
    pub(crate) async fn standby(&self, name: &str) -> Self {
        let mut standby = Self::prepare();
        let source =
            format!("host=127.0.0.1 port={} user={USER} password={PASSWORD} application_name={name}", self.port);
        let mut backup = binary("pg_basebackup");
        backup.args(["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync", "-D"]);
        done(backup.arg(standby.data()).arg("-d").arg(source));
        standby.start().await;
        let follows =
            format!("SELECT 1 FROM pg_stat_replication WHERE application_name = '{name}' AND state = 'streaming'");
        until("the standby follows", async || !self.psql(&follows).await.is_empty()).await;
        standby
    }

    /// Makes a primary of a standby, and waits until it is one.
    pub(crate) async fn promote(&self) {
        self.psql("SELECT pg_promote(true, 60)").await;
        until("it is a primary", async || self.psql("SELECT pg_is_in_recovery()").await == ["f"]).await;
    }

    /// Runs statements in the database `postgres` and gives the first column of each row as a text, NULL as an empty one.
    pub(crate) async fn psql(&self, sql: &str) -> Vec<String> {
        self.psql_in("postgres", sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The same in another database, and it may fail.
    pub(crate) async fn psql_in(&self, database: &str, sql: &str) -> sqlx::Result<Vec<String>> {
        let mut connection = connect(&self.address(database)).await?;
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await?;
        rows.iter().map(first).collect()
    }

    /// For good, and at once where PostgreSQL can.
    pub(crate) async fn set(&self, setting: &str, value: &str) {
        // Two queries: ALTER SYSTEM is refused where several statements are one transaction.
        self.psql(&format!("ALTER SYSTEM SET {setting} = '{value}'")).await;
        self.psql("SELECT pg_reload_conf()").await;
        let shown = format!("SHOW {setting}");
        until("the setting is heard", async || self.psql(&shown).await == [value]).await;
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

fn first(row: &PgRow) -> sqlx::Result<String> {
    let value = row.try_get_raw(0)?;
    let text = if value.is_null() { "" } else { value.as_str().map_err(sqlx::Error::Decode)? };
    Ok(text.to_owned())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            signal("QUIT", child.id());
            let _ = child.wait();
            let _ = std::fs::remove_file(self.folder.join("process"));
        }
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
    }
}
