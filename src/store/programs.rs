//! Programs by version: what sessions hold on to, and which program new ones begin on.
//!
//! A program is kept as the files it was compiled from, under its content hash, so that any node can compile it again for
//! the sessions that began with it. What is published is a list that only grows; its last entry counts.

use std::fmt::Debug;

use super::StoreError;
use crate::menu::Version;
use crate::types::{Later, Timestamp};

/// A program as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptProgram {
    pub version: Version,
    /// Its files, as whoever publishes packs them; opaque here.
    pub files: Vec<u8>,
}

/// An entry of the list of what was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// From 1, without gaps.
    pub number: u64,
    pub version: Version,
    pub at: Timestamp,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// With the entry that came in between; `None` when there is none at all.
    #[error("something else was published meanwhile; look at it, then publish again")]
    Overtaken(Option<Published>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The programs of a database. Used beside a running server, too: nothing here rests on what a process remembers.
pub trait Programs: Send + Sync + Debug {
    /// The files of a program, as they were packed.
    fn program(&self, version: Version) -> Later<'_, Result<Option<KeptProgram>, StoreError>>;
    /// What new sessions begin on; `None` before anything was published.
    fn published(&self) -> Later<'_, Result<Option<Published>, StoreError>>;
    /// The last entries of the list, newest first.
    fn history(&self, at_most: u32) -> Later<'_, Result<Vec<Published>, StoreError>>;
    /// Keeps the program, unless it is there, and puts it at the end of the list, if that still ends with number `after`
    /// (0: is empty). Both together, and durable when it returns.
    fn publish(&self, program: KeptProgram, after: u64, now: Timestamp) -> Later<'_, Result<Published, PublishError>>;
    /// Ends when something may have been published, or never: it only wakes early who looks from time to time.
    fn stirred(&self) -> Later<'_, ()>;
}
