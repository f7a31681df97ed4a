//! Kannel's programs as its packages install them (Debian's kannel and kannel-extras): started in a folder with settings of the test's own,
//! on ports that the system chose, killed, started again. Whatever happens to this process, they end with it. The bench of messages has
//! them from here, too.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const FAKESMSC: &str = "/usr/lib/kannel/test/fakesmsc";

/// Starts what it is told in its own process group, says its id, and kills the whole group once its input is closed: smsbox forks another
/// smsbox when it loses its bearerbox, and goes.
const WATCH: &str = r#""$@" </dev/null & echo $!; cat >/dev/null; kill -KILL 0"#;

/// One of the programs, while it runs.
#[derive(Debug)]
pub(crate) struct Running {
    watch: Child,
    /// Of the process that was started.
    pub(crate) id: u32,
}

impl Running {
    /// What it says goes to `log`.
    fn start(program: &str, arguments: &[&str], log: &Path) -> Self {
        let log = File::create(log).expect("a file for its log");
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, "sh", program]).args(arguments).process_group(0);
        let mut watch = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).spawn().expect("a shell");
        let mut id = String::new();
        BufReader::new(watch.stdout.take().expect("its output")).read_line(&mut id).expect("it says an id");
        Self { watch, id: id.trim().parse().expect("an id") }
    }

    pub(crate) fn bearerbox(settings: &Path, more: &[&str], log: &Path) -> Self {
        Self::start(installed("/usr/sbin/bearerbox"), &[more, &[text(settings)]].concat(), log)
    }

    pub(crate) fn smsbox(settings: &Path, more: &[&str], log: &Path) -> Self {
        Self::start(installed("/usr/sbin/smsbox"), &[more, &[text(settings)]].concat(), log)
    }

    /// A phone behind an SMSC at this port of a bearerbox: sends its messages (`sender receiver type text`), `count` in all, and tells
    /// in its log what comes to it.
    pub(crate) fn fakesmsc(port: u16, more: &[&str], count: usize, messages: &[&str], log: &Path) -> Self {
        let (port, count) = (port.to_string(), count.to_string());
        let mut arguments = vec!["-H", "127.0.0.1", "-r", &port, "-m", &count];
        arguments.extend(more);
        arguments.extend(messages);
        Self::start(installed(FAKESMSC), &arguments, log)
    }

    /// SIGKILL, to it and to all that it started.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.watch.stdin.take());
        // It is our child, and kills itself with its group.
        let _ = self.watch.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

fn installed(program: &str) -> &str {
    assert!(
        Path::new(program).is_file(),
        "{program} is not there, without which nothing is tried with Kannel: ./test installs it (Debian's kannel and kannel-extras)"
    );
    program
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is a text")
}

/// Ports that were free a moment ago.
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    // All are held at once, so that no two are the same.
    let held = [(); N].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a free port"));
    held.map(|listener| listener.local_addr().expect("it has an address").port())
}

/// What came to a phone so far, by the log of its fakesmsc, each as `sender receiver type text`.
pub(crate) fn arrived(log: &str) -> Vec<String> {
    let lines = log.lines().filter_map(|line| line.split_once("Got message ")?.1.split_once(": <"));
    lines.filter_map(|(_, message)| Some(message.strip_suffix('>')?.to_owned())).collect()
}
