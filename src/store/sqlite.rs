//! The SQLite store: one file.

use std::path::Path;
use std::sync::Arc;

use super::{Store, StoreError};
use crate::types::Timestamp;

/// How the writer behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Commits that may wait for the writer; more are `Busy`.
    pub queue: usize,
    /// Commits written by one transaction at most.
    pub batch: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { queue: 4096, batch: 512 }
    }
}

/// Opens (creating it where it is missing) and migrates the file, rebuilds live conversations from the journal's tail.
pub async fn open(_path: &Path, _options: Options, _now: Timestamp) -> Result<Arc<dyn Store>, StoreError> {
    unimplemented!()
}
