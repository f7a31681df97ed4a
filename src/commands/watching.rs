//! Looking at a folder of menus until something in it has changed: for `check --watch` and `demo`.
//!
//! The folder is read again every [`PAUSE`] and compared with what was given last. Reading some hundred small files from the
//! system's cache takes about a millisecond, works on every platform and on shared and container file systems where
//! notifications do not arrive, needs no crate, and cannot be deceived by editors that save by renaming, by clocks, or by two
//! saves within one tick of the file system's.
//!
//! A change counts once two readings agree, so that a file that is just being written is not found wrong.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ambient::SystemClock;
use crate::house::load;
use crate::source::Files;
use crate::types::Clock as _;

/// Between two readings. A save is found after one to two of them, and its findings are printed within 200 ms for menus as
/// large as the shipped ones.
const PAUSE: Duration = Duration::from_millis(40);
/// A large folder is read less often, so that watching takes at most about a tenth of a processor.
const SHARE: u32 = 9;

/// What a reading of the folder gave: its files, or why they cannot be read (a folder that is gone for a moment while a
/// branch is switched).
pub(super) type Reading = Result<Files, String>;

/// A folder that is looked at.
#[derive(Debug)]
pub(super) struct Watching {
    folder: PathBuf,
    settling: Settling,
    pause: Duration,
}

impl Watching {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), settling: Settling::default(), pause: Duration::ZERO }
    }

    /// Waits for a reading that differs from the one given last and has settled; the first is given at once. May be dropped
    /// at any time and asked again.
    pub(super) async fn next(&mut self) -> Reading {
        loop {
            SystemClock.sleep(self.pause).await;
            let began = Instant::now();
            let read = load::read(Some(&self.folder)).map_err(|error| error.to_string());
            self.pause = PAUSE.max(began.elapsed() * SHARE);
            if self.settling.is_new(Seen::of(&read)) {
                return read;
            }
        }
    }
}

/// A reading, to be compared: paths and texts, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen(Result<Vec<(String, Arc<str>)>, String>);

impl Seen {
    fn of(read: &Reading) -> Self {
        let all = |files: &Files| files.iter().map(|(_, file)| (file.path.clone(), file.text.clone())).collect();
        Self(read.as_ref().map(all).map_err(Clone::clone))
    }
}

/// Tells when something new has settled.
#[derive(Debug, Default)]
struct Settling {
    given: Option<Seen>,
    last: Option<Seen>,
}

impl Settling {
    /// Whether this reading is to be given: it is another than was given last, and the reading before it was the same. The
    /// first reading of all is given at once.
    fn is_new(&mut self, seen: Seen) -> bool {
        let is_first = self.given.is_none();
        let has_settled = self.last.as_ref() == Some(&seen);
        let is_new = (is_first || has_settled) && self.given.as_ref() != Some(&seen);
        if is_new {
            self.given = Some(seen.clone());
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
