use std::path::PathBuf;

use sqlx::sqlite::{SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use super::super::open::connect;
use super::*;

/// A log of six transactions as a killed process leaves it, with its index; the connection goes on.
struct Left {
    folder: TempDir,
    connection: SqliteConnection,
}

impl Left {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = connect(&folder.path().join("left.db")).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Wal).pragma("wal_autocheckpoint", "0");
        let connection = options.connect().await.expect("a file");
        let mut left = Self { folder, connection };
        left.run("CREATE TABLE t (a)").await;
        for _ in 0..5 {
            left.run("INSERT INTO t VALUES (randomblob(9000))").await;
        }
        left
    }

    async fn run(&mut self, statement: &'static str) {
        sqlx::query(statement).execute(&mut self.connection).await.expect(statement);
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.path().join(format!("left.db{ending}"))
    }

    fn log(&self) -> Vec<u8> {
        std::fs::read(self.path("-wal")).expect("a log")
    }

    fn index(&self) -> Option<Counted> {
        counted(File::open(self.path("-shm")).expect("an index")).expect("it is read")
    }
}

fn verdict(log: &[u8], index: Option<Counted>) -> Option<String> {
    judge(log, index).expect("bytes are always read")
}

/// Where each transaction ends, in bytes.
fn ends(log: &[u8]) -> Vec<usize> {
    let frames = (HEADER..log.len()).step_by(FRAME_HEADER + 4096);
    frames.filter(|at| log[at + 4..at + 8] != [0; 4]).map(|at| at + FRAME_HEADER + 4096).collect()
}

#[tokio::test]
async fn a_whole_log_is_whole_and_so_is_one_without_its_last_transaction() {
    let left = Left::new().await;
    let (log, index) = (left.log(), left.index());
    assert!(index.is_some());
    assert_eq!(verdict(&log, index), None);
    assert_eq!(damage(&left.path("-wal"), &left.path("-shm")).expect("read"), None);
    let last = ends(&log)[4];
    for cut in [last, last + 1, last + FRAME_HEADER, log.len() - 1] {
        assert_eq!(verdict(&log[..cut], None), None, "as a power cut leaves it, {cut}");
    }
    for cut in [0, 1, HEADER - 1] {
        assert_eq!(verdict(&log[..cut], index), None, "there is no log, {cut}");
    }
    left.connection.close().await.expect("it closes");
}

#[tokio::test]
async fn a_cut_log_is_known_by_its_index() {
    let left = Left::new().await;
    let (log, index) = (left.log(), left.index());
    for cut in ends(&log).into_iter().take(5).chain([HEADER, log.len() - 1]) {
        let said = verdict(&log[..cut], index).unwrap_or_else(|| panic!("cut at {cut}"));
        assert!(said.contains("frames that were written"), "{said}");
    }
}

#[tokio::test]
async fn a_byte_that_was_changed_before_the_last_transaction_is_known_without_an_index() {
    let left = Left::new().await;
    let log = left.log();
    let last = ends(&log)[4];
    for at in (0..last).step_by(97) {
        // The lowest bit of the magic number tells the order of bytes; what else stands there is summed.
        let mut changed = log.clone();
        changed[at] ^= 0x40;
        assert!(verdict(&changed, None).is_some(), "byte {at} of {last}");
    }
    // No power cut turns a frame into the end of a transaction, and sums it as none.
    let is_mark = |at: &usize| (4..8).contains(&((at - HEADER) % (FRAME_HEADER + 4096)));
    for at in (last..log.len()).step_by(97).filter(|at| !is_mark(at)) {
        let mut changed = log.clone();
        changed[at] ^= 0x40;
        assert_eq!(verdict(&changed, None), None, "byte {at} may be of a transaction that nobody was answered");
        assert!(verdict(&changed, left.index()).is_some(), "byte {at}");
    }
}

/// After a log has begun anew, what follows is of the one before.
#[tokio::test]
async fn what_is_left_of_a_former_log_is_no_damage() {
    let mut left = Left::new().await;
    let before = left.log().len();
    left.run("PRAGMA wal_checkpoint(RESTART)").await;
    left.run("INSERT INTO t VALUES (1)").await;
    let log = left.log();
    assert_eq!(log.len(), before, "it was not cut");
    assert_eq!(verdict(&log, left.index()), None);
    assert!(verdict(&log[..HEADER], left.index()).is_some(), "the first frame is missing");
}
