//! Whose a file is: a lock that goes with the process, however that ends.
//!
//! Two processes on one file would each decide by their own memory. The lock is on a file beside the database, since closing
//! any handle of the database itself would drop the locks that SQLite holds on it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::open::refused;
use crate::store::StoreError;

/// A file that belongs to the database: `gramsetu.db-wal`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes the file ours; a process that is just closing it gets a moment.
pub(super) async fn lock(path: &Path) -> Result<File, StoreError> {
    const TRIES: u32 = 40;
    const PAUSE: Duration = Duration::from_millis(50);

    let own = beside(path, "-lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&own);
    let file = file.map_err(|error| {
        let what = if error.kind() == ErrorKind::NotFound {
            "make its folder first".to_owned()
        } else {
            format!("{error}; may this user write in the folder?")
        };
        refused(path, format!("`{}` cannot be written: {what}", own.display()))
    })?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            #[expect(clippy::disallowed_methods, reason = "another process does not live on our clock")]
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::Error(error)) => return Err(refused(path, format!("it cannot be locked: {error}"))),
        }
    }
    Err(refused(path, "another process has it open".to_owned()))
}

/// Who has the file, as far as can be told without writing anything.
#[derive(Debug)]
pub(super) enum Holder {
    /// It stays so while this is kept. Where no lock was ever made, there is none to be kept.
    Nobody(#[expect(dead_code, reason = "it is kept for what its end does")] Option<File>),
    Server,
}

pub(super) fn holder(path: &Path) -> Result<Holder, StoreError> {
    let own = beside(path, "-lock");
    let file = match File::open(&own) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Holder::Nobody(None)),
        Err(error) => return Err(refused(path, format!("`{}` cannot be read: {error}", own.display()))),
    };
    match file.try_lock() {
        Ok(()) => Ok(Holder::Nobody(Some(file))),
        Err(TryLockError::WouldBlock) => Ok(Holder::Server),
        Err(TryLockError::Error(error)) => Err(refused(path, format!("it cannot be locked: {error}"))),
    }
}
