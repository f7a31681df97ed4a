//! The floor of the machine: bytes appended to a plain file, with one `fdatasync` for all that came meanwhile.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// A file to which records are appended in groups.
#[derive(Clone, Debug)]
pub(crate) struct Floor(mpsc::Sender<oneshot::Sender<()>>);

/// What the thread behind a [`Floor`] did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Synced {
    pub(crate) records: u64,
    pub(crate) groups: u64,
    /// How long each `fdatasync` took.
    pub(crate) syncs: Vec<Duration>,
}

impl Floor {
    /// Records of `bytes` each. The thread ends, and tells what it did, when the last clone is dropped.
    pub(crate) fn start(path: &Path, bytes: usize) -> (Self, JoinHandle<Synced>) {
        let (queue, jobs) = mpsc::channel::<oneshot::Sender<()>>();
        let mut file = File::create(path).expect("a file on the disk that is measured");
        let thread = std::thread::spawn(move || {
            let mut synced = Synced::default();
            while let Ok(first) = jobs.recv() {
                let group: Vec<_> = std::iter::once(first).chain(jobs.try_iter()).collect();
                file.write_all(&vec![0x5a; bytes * group.len()]).expect("written");
                let began = Instant::now();
                file.sync_data().expect("synced");
                synced.syncs.push(began.elapsed());
                synced.groups += 1;
                synced.records += group.len() as u64;
                for answer in group {
                    // Who waited may have gone away.
                    let _ = answer.send(());
                }
            }
            synced
        });
        (Self(queue), thread)
    }

    /// Durable when it returns.
    pub(crate) async fn append(&self) {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).expect("the thread lives as long as this");
        answered.await.expect("the thread answers everybody");
    }
}
