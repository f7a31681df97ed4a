//! `demo`: one command on a fresh machine, in an empty folder.

mod messages;

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::server::get;

/// A demo that runs until this goes.
pub(crate) struct Demo {
    child: Child,
    pub(crate) banner: String,
    /// On standard error, so far.
    said: Arc<Mutex<String>>,
}

impl Demo {
    pub(crate) fn start(within: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
            command.env_remove(name);
        }
        command.current_dir(within).args(["demo", "--listen", "127.0.0.1:0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let errors = BufReader::new(child.stderr.take().expect("its errors"));
        let said = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                into.lock().unwrap_or_else(PoisonError::into_inner).extend([line.as_str(), "\n"]);
            }
        });
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let mut banner = String::new();
        for line in output.lines().map_while(Result::ok) {
            banner.push_str(&line);
            banner.push('\n');
            if line.starts_with("Stop with") {
                break;
            }
        }
        Self { child, banner, said }
    }

    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The first address after these words.
    pub(crate) fn address(&self, after: &str) -> SocketAddr {
        let (_, rest) = self.banner.split_once(after).unwrap_or_else(|| panic!("{}", self.banner));
        let address = rest.trim_start().strip_prefix("http://").expect("an address");
        address.split(['/', ' ', ',']).next().and_then(|address| address.parse().ok()).expect("an address")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `gramsetu dial` on a running demo, with these answers typed.
pub(crate) fn dial(hooks: SocketAddr, dialled: &str, more: &[&str], typed: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = folder.path().join("answers");
    std::fs::write(&answers, typed).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_gramsetu"))
        .current_dir(folder.path())
        .args(["dial", dialled, "--url", &format!("http://{hooks}")])
        .args(more)
        .stdin(std::fs::File::open(answers).expect("a file"))
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_command_serves_and_a_second_run_goes_on_with_the_same_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(folder.path(), &[]);
    let hooks = demo.address("serving its menus on");
    let admin = demo.address("Health and metrics:");
    assert!(hooks.ip().is_loopback() && admin.ip().is_loopback() && hooks != admin, "{}", demo.banner);
    for (address, path) in [(hooks, "/health"), (admin, "/health"), (admin, "/metrics")] {
        assert_eq!(get(address, path).await.expect("a reply").status, 200, "{path}");
    }
    let talk = dial(hooks, "*123#", &[], "8\n1\nharyana\n");
    assert!(talk.contains("Welcome.") && talk.contains("Your district"), "{talk}");
    drop(demo);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let keys = std::fs::metadata(folder.path().join("gramsetu-demo.db.keys")).expect("the keys of the demo");
        assert_eq!(keys.permissions().mode() & 0o777, 0o600, "nobody else reads the keys");
    }
    let demo = Demo::start(folder.path(), &[]);
    let talk = dial(demo.address("serving its menus on"), "*123#", &[], "1\n");
    assert!(talk.contains("You had not finished last time.") && talk.contains("Your district"), "{talk}");
}
