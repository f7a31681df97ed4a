//! `check --watch`: checks again when a file of the folder is saved.
//!
//! The folder is read again every [`PAUSE`] and compared with what was checked last. Reading some hundred small files from the
//! system's cache takes about a millisecond, works on every platform and on shared and container file systems where
//! notifications do not arrive, needs no crate, and cannot be deceived by editors that save by renaming, by clocks, or by two
//! saves within one tick of the file system's.
//!
//! A change counts once two readings agree, so that a file that is just being written is not found wrong. What cannot be read
//! (a folder that is gone for a moment while a branch is switched) is said once and waited for.
//!
//! Ctrl-C ends it between two readings, with success: findings of menus that are being written are no failure of the watch.

use std::io::{IsTerminal as _, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::commands::serve::Signals;
use crate::commands::{CommandError, out};
use crate::house::load::{self, Loaded};
use crate::source::Files;

/// Between two readings. A save is found after one to two of them, and its findings are printed within 200 ms for menus as
/// large as the shipped ones.
const PAUSE: Duration = Duration::from_millis(40);
/// A large folder is read less often, so that watching takes at most about a tenth of a processor.
const SHARE: u32 = 9;
/// Clears a terminal and what was scrolled out of it, and goes to its top.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Returns when it is told to stop.
pub(super) fn watch(folder: Option<&Path>, page: impl Fn(&Loaded) -> String) -> Result<ExitCode, CommandError> {
    let folder =
        folder.ok_or_else(|| CommandError::Usage("--watch looks at a folder of menus; name one".to_owned()))?;
    // A folder that was never there is a slip of its name, and nothing to wait for.
    load::read(Some(folder))?;
    crate::commands::block_on(async move {
        let mut signals = Signals::listen().map_err(CommandError::io("listening for signals"))?;
        let mut settling = Settling::default();
        loop {
            let began = Instant::now();
            let read = load::read(Some(folder)).map_err(|error| error.to_string());
            let pause = PAUSE.max(began.elapsed() * SHARE);
            if settling.is_new(Seen::of(&read)) {
                show(&said(read, &page))?;
            }
            if timeout(pause, signals.next()).await.is_ok() {
                return Ok(ExitCode::SUCCESS);
            }
        }
    })
}

/// What is shown of a reading.
fn said(read: Result<Files, String>, page: impl Fn(&Loaded) -> String) -> String {
    match read {
        Ok(files) => {
            let began = Instant::now();
            let page = page(&load::load(files));
            let took = began.elapsed().as_millis();
            format!("{page}checked in {took} ms; waiting for a file to be saved (Ctrl-C ends)\n")
        }
        Err(error) => format!("gramsetu: {error}\nwaiting for it to come back (Ctrl-C ends)\n"),
    }
}

fn show(page: &str) -> Result<(), CommandError> {
    let clear = if stdout().is_terminal() { CLEAR } else { "" };
    out::tell(format!("{clear}{page}"), "the findings")
}

/// What a reading of the folder gave: paths and texts, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen(Result<Vec<(String, Arc<str>)>, String>);

impl Seen {
    fn of(read: &Result<Files, String>) -> Self {
        let all = |files: &Files| files.iter().map(|(_, file)| (file.path.clone(), file.text.clone())).collect();
        Self(read.as_ref().map(all).map_err(Clone::clone))
    }
}

/// Tells when something new has settled.
#[derive(Debug, Default)]
struct Settling {
    shown: Option<Seen>,
    last: Option<Seen>,
}

impl Settling {
    /// Whether this reading is to be shown: it is another than was shown last, and the reading before it was the same. The
    /// first reading of all is shown at once.
    fn is_new(&mut self, seen: Seen) -> bool {
        let is_first = self.shown.is_none();
        let has_settled = self.last.as_ref() == Some(&seen);
        let is_new = (is_first || has_settled) && self.shown.as_ref() != Some(&seen);
        if is_new {
            self.shown = Some(seen.clone());
        }
        self.last = Some(seen);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_once_it_has_settled() {
        let seen = |text: &str| Seen(Ok(vec![("home.yaml".to_owned(), text.into())]));
        let gone = || Seen(Err("there is no folder".to_owned()));
        let mut settling = Settling::default();
        let readings = [
            (seen("one"), true),
            (seen("one"), false),
            (seen(""), false),
            (seen("two"), false),
            (seen("two"), true),
            (seen("two"), false),
            (gone(), false),
            (seen("two"), false),
            (gone(), false),
            (gone(), true),
            (seen("two"), false),
            (seen("two"), true),
        ];
        for (at, (reading, is_new)) in readings.into_iter().enumerate() {
            assert_eq!(settling.is_new(reading), is_new, "reading {at}");
        }
    }
}
