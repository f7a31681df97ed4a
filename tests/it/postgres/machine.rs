//! The machine's PostgreSQL: where its binaries are, and as whom they run.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The folder of the newest server's binaries.
fn binaries() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let complete = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file());
        // As Debian and its kin install several versions side by side.
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut versions: Vec<(u32, PathBuf)> = versions
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
            .filter(|(_, folder)| complete(folder))
            .collect();
        versions.sort();
        let configured = || {
            let output = Command::new("pg_config").arg("--bindir").output().ok()?;
            Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())).filter(complete)
        };
        let newest = versions.pop().map(|(_, folder)| folder).or_else(configured);
        newest
            .expect("this machine has no PostgreSQL server, without which its store is not tested: ./test installs one")
    })
}

/// A folder for a cluster, which belongs to the one who runs it. Nothing removes it here.
pub(super) fn folder() -> PathBuf {
    let made = tempfile::Builder::new().prefix("gramsetu-postgres-").tempdir().expect("a folder").keep();
    if is_root(&made) {
        done(Command::new("chown").arg("postgres:postgres").arg(&made));
    }
    made
}

/// A process's own folder tells who it is.
fn is_root(made: &Path) -> bool {
    std::fs::metadata(made).expect("a folder").uid() == 0
}

/// One of the binaries. PostgreSQL refuses to run as root: then it runs as the user whom its package made.
pub(super) fn binary(name: &str) -> Command {
    static ROOT: OnceLock<bool> = OnceLock::new();
    let root = *ROOT.get_or_init(|| is_root(tempfile::tempdir().expect("a folder").path()));
    let path = binaries().join(name);
    let mut command = if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    // Nothing of the environment says where another cluster is.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    command.current_dir("/");
    command
}

/// Runs it to its end, which is a success.
pub(super) fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

/// Sends a signal, named as `kill` names it, to one who may have ended by itself.
pub(super) fn signal(name: &str, process: u32) {
    let mut told = Command::new("sh");
    told.args(["-c", "kill -\"$0\" \"$1\" 2>/dev/null", name, &process.to_string()]);
    let _ = told.status().expect("a shell");
}

/// Whether it still does anything: one that has ended and that nobody has waited for does not.
pub(super) fn is_alive(process: u32) -> bool {
    let shown = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().expect("ps");
    let state = String::from_utf8_lossy(&shown.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// The processes whose parent this is.
pub(super) fn children(parent: u32) -> Vec<u32> {
    let listed = done(Command::new("ps").args(["-A", "-o", "pid=", "-o", "ppid="]));
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let pairs = listed.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
    let ours = pairs.filter(|(_, of)| of.trim() == parent.to_string());
    ours.filter_map(|(child, _)| child.parse().ok()).collect()
}
