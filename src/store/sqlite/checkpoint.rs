//! Checkpoints, from a connection of their own: on the writer's they would stand between a turn and its reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::rows;
use crate::store::{StoreError, Trouble};

/// How often what was written moves from the write-ahead log into the file.
const EVERY: Duration = Duration::from_millis(100);

/// Frames (pages of 4 KiB, so 16 MiB) from which on the log is written from its beginning again. A passive checkpoint never leads
/// to that while turns keep coming: it neither waits for the writer nor makes it wait. The file stays as long as it was: a sync
/// of what is written over needs not write where the file ends, too.
const LONG: i64 = 4096;

/// From here on (64 MiB), as after a reader that stayed for long, the file is cut back to nothing as well.
const TOO_LONG: i64 = 16_384;

/// The task that makes them. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Whether anything was written since the last one.
    dirty: Arc<AtomicBool>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Checkpoints {
    pub(super) fn start(connection: SqliteConnection) -> Self {
        // What a killed process left in the log is checkpointed as well.
        let dirty = Arc::new(AtomicBool::new(true));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(connection, Arc::clone(&dirty), stopped));
        Self { dirty, stop, task }
    }

    /// Says that something was written.
    pub(super) fn mark(&self) {
        self.dirty.store(true, Ordering::Relaxed);
    }

    /// Ends the task and closes its connection.
    pub(super) async fn stop(self) {
        drop(self.stop);
        // It can only fail by a panic, after which there is nothing left to stop.
        let _ = self.task.await;
    }
}

async fn run(mut connection: SqliteConnection, dirty: Arc<AtomicBool>, mut stopped: oneshot::Receiver<()>) {
    let trouble = Trouble::default();
    while tokio::time::timeout(EVERY, &mut stopped).await.is_err() {
        if !dirty.swap(false, Ordering::Relaxed) {
            continue;
        }
        match checkpoint(&mut connection).await {
            Ok(Rewound::NotNeeded | Rewound::Done) => drop(trouble.worked()),
            Ok(Rewound::Hindered) => dirty.store(true, Ordering::Relaxed),
            Err(error) => {
                // The log goes on growing and nothing is lost; the next round tries again.
                if trouble.failed().is_some() {
                    tracing::warn!(%error, "What was written cannot be moved from the log into the file; it is tried again");
                }
                dirty.store(true, Ordering::Relaxed);
            }
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the connection for checkpoints did not close");
    }
}

/// Whether the log will be written from its beginning again, by the next who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rewound {
    NotNeeded,
    Done,
    /// A reader or the writer was at it for longer than this connection waits; the next round tries again.
    Hindered,
}

pub(super) async fn checkpoint(connection: &mut SqliteConnection) -> Result<Rewound, StoreError> {
    checkpoint_from(connection, LONG).await
}

/// What is not in the file yet after a passive checkpoint is what was written during it, or since a reader began that is still
/// there: behind a reader all else would only hold the writer up.
async fn checkpoint_from(connection: &mut SqliteConnection, long: i64) -> Result<Rewound, StoreError> {
    // Columns: whether it was hindered, frames in the log, frames of these that are in the file.
    let passive = "PRAGMA wal_checkpoint(PASSIVE)";
    let row = sqlx::query(passive).fetch_one(&mut *connection).await.map_err(rows::failed)?;
    let (frames, moved) = (rows::get::<i64>(&row, 1)?, rows::get::<i64>(&row, 2)?);
    let rewind = match frames {
        frames if frames <= long => return Ok(Rewound::NotNeeded),
        frames if frames - moved > long / 2 => return Ok(Rewound::Hindered),
        frames if frames > TOO_LONG => "PRAGMA wal_checkpoint(TRUNCATE)",
        _ => "PRAGMA wal_checkpoint(RESTART)",
    };
    let row = sqlx::query(rewind).fetch_one(&mut *connection).await.map_err(rows::failed)?;
    Ok(if rows::get::<i64>(&row, 0)? == 0 { Rewound::Done } else { Rewound::Hindered })
}

#[cfg(test)]
mod tests {
    use sqlx::ConnectOptions as _;

    use super::super::open::connect;
    use super::*;

    #[tokio::test]
    async fn a_log_that_a_reader_keeps_is_rewound_when_it_is_gone() {
        /// Fewer frames than the rows below make.
        const LONG: i64 = 8;

        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.db");
        let length = || std::fs::metadata(path.with_extension("db-wal")).expect("a log").len();
        let options = connect(&path).create_if_missing(true).busy_timeout(Duration::ZERO);
        let options = options.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
        let mut writer = options.connect().await.expect("a file");
        sqlx::query("CREATE TABLE t (a)").execute(&mut writer).await.expect("a table");
        let mut reader = options.connect().await.expect("the same file");
        let mut reading = reader.begin().await.expect("a transaction");
        sqlx::query("SELECT count(*) FROM t").fetch_one(&mut *reading).await.expect("it reads");
        for _ in 0..=LONG {
            sqlx::query("INSERT INTO t VALUES (1)").execute(&mut writer).await.expect("a row");
        }

        let mut own = options.connect().await.expect("the same file");
        assert_eq!(checkpoint_from(&mut own, LONG).await.expect("it is tried"), Rewound::Hindered);
        reading.rollback().await.expect("it ends");
        assert_eq!(checkpoint_from(&mut own, LONG).await.expect("it is tried"), Rewound::Done);
        let before = length();
        sqlx::query("INSERT INTO t VALUES (1)").execute(&mut writer).await.expect("a row");
        assert_eq!(length(), before, "it is written over");
        assert_eq!(checkpoint_from(&mut own, LONG).await.expect("it is tried"), Rewound::NotNeeded);
    }
}
