//! The SQLite store: the contract, and what only a file can go through.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gramsetu::store::Options;
use gramsetu::store::Store;
use gramsetu::store::sqlite::open;
use gramsetu::types::Timestamp;
use tempfile::TempDir;

use crate::store_contract::{Engine, IDLE, contract};

mod files;
mod killed;
mod model;

contract!(Files::new());

/// A database in a folder of its own.
pub(crate) struct Files {
    folder: TempDir,
    /// Of stores that were left open.
    former: Vec<TempDir>,
    /// Journal rows before what is not idle is folded.
    pub(crate) tail: usize,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), former: Vec::new(), tail: 1000 }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }
}

impl Engine for Files {
    const FOLDS: bool = true;

    async fn open(&self, now: Timestamp) -> Arc<dyn Store> {
        let idle = Duration::from_millis(IDLE.unsigned_abs());
        let options = Options { idle, tail: self.tail, run: 1, ..Options::default() };
        open(&self.path(), options, now).await.expect("it opens")
    }

    /// What the files hold now is what a kill would leave: the database first, then its log, which until the next commit
    /// still holds every page that a checkpoint moves meanwhile.
    fn kill(&mut self) {
        let image = tempfile::tempdir().expect("a temporary folder");
        for file in ["test.db", "test.db-wal"] {
            copy(&self.folder.path().join(file), &image.path().join(file));
        }
        self.former.push(std::mem::replace(&mut self.folder, image));
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).expect("copied");
}
