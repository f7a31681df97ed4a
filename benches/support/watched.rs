//! From the save of a file to what `check --watch` says of it, by the program itself.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// What the last line of a page ends with.
const WAITS: &str = "(Ctrl-C ends)";

/// Saves `file` of the folder so many times, each time with other white space at its end; how long each took.
pub(crate) fn saves(folder: &Path, file: &str, times: usize) -> Vec<Duration> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    let mut child = command.args(["check", "--watch"]).arg(folder).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    page(&mut lines);
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).expect("a file of the folder");
    let took = (1..=times).map(|time| {
        std::fs::write(&path, format!("{text}{}", "\n".repeat(time))).expect("it can be saved");
        let saved = Instant::now();
        page(&mut lines);
        saved.elapsed()
    });
    let took = took.collect();
    ended(&mut child);
    took
}

fn page(lines: &mut Lines<BufReader<ChildStdout>>) {
    let found = lines.by_ref().map_while(Result::ok).any(|line| line.ends_with(WAITS));
    assert!(found, "the watch ended by itself");
}

fn ended(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}
