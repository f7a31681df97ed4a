//! Looking at a file without changing a byte of it, nor of what lies beside it: at what is damaged, at what others have
//! open, at what may not be ours.
//!
//! A reader of a write-ahead log makes an index beside it. So a file whose log is empty is read as one that cannot change,
//! and one whose log is not, through links in a folder of their own, where the index is made and thrown away.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;

use super::lock::{Holder, beside, holder};
use super::open::{connect, refusal, refused};
use super::wal;
use crate::store::StoreError;

/// A file that is looked at.
pub(super) struct Look {
    pub(super) connection: SqliteConnection,
    /// A server has it open, and goes on meanwhile.
    pub(super) in_use: bool,
    _links: Option<TempDir>,
    _holder: Holder,
}

/// What there is to be looked at.
pub(super) enum Found {
    /// No file, or an empty one: to be created.
    Nothing,
    Here(Look),
    /// What is wrong with the files, as far as it is seen without reading them as a database.
    Wrong(String),
}

/// The file, whoever has it. No server begins on it while it is looked at.
pub(super) async fn look(path: &Path) -> Result<Found, StoreError> {
    let holder = holder(path)?;
    if let Some(found) = from_outside(path)? {
        return Ok(found);
    }
    if matches!(holder, Holder::Server) {
        let refuse = |error: sqlx::Error| refusal(path, &error);
        let connection = connect(path).read_only(true).connect().await.map_err(refuse)?;
        return Ok(Found::Here(Look { connection, in_use: true, _links: None, _holder: holder }));
    }
    still(path, holder).await
}

/// The same of a file that is locked by us.
pub(super) async fn look_at_ours(path: &Path) -> Result<Found, StoreError> {
    match from_outside(path)? {
        Some(found) => Ok(found),
        None => still(path, Holder::Nobody(None)).await,
    }
}

/// What the file system tells.
fn from_outside(path: &Path) -> Result<Option<Found>, StoreError> {
    let log = length(&beside(path, "-wal")).map_err(|error| refused(path, error.to_string()))?;
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            if parent.is_some_and(|parent| !parent.is_dir()) {
                return Err(refused(path, "its folder does not exist; make it first".to_owned()));
            }
        }
        Err(error) => return Err(refused(path, error.to_string())),
        Ok(file) if file.is_dir() => return Err(refused(path, "it is a folder; name a file in it".to_owned())),
        Ok(file) if file.len() > 0 => return Ok(None),
        Ok(_) => {}
    }
    if log == 0 {
        return Ok(Some(Found::Nothing));
    }
    // SQLite would throw the log away.
    let reason = "it is damaged: the file is missing or empty, and its log (`-wal`) is not; nothing was changed, restore it \
                  from a backup";
    Ok(Some(Found::Wrong(reason.to_owned())))
}

/// A file that nobody else changes.
async fn still(path: &Path, holder: Holder) -> Result<Found, StoreError> {
    let io = |error: std::io::Error| refused(path, error.to_string());
    let log = beside(path, "-wal");
    if length(&log).map_err(io)? == 0 {
        let connection = connect(path).read_only(true).immutable(true).connect().await;
        let connection = connection.map_err(|error| refusal(path, &error))?;
        return Ok(Found::Here(Look { connection, in_use: false, _links: None, _holder: holder }));
    }
    if let Some(damage) = wal::damage(&log, &beside(path, "-shm")).map_err(io)? {
        return Ok(Found::Wrong(damage));
    }
    let (links, linked) = link(path).map_err(io)?;
    let connection = connect(&linked).read_only(true).connect().await.map_err(|error| refusal(path, &error))?;
    Ok(Found::Here(Look { connection, in_use: false, _links: Some(links), _holder: holder }))
}

/// The file and its log once more, in a folder of their own beside it; copies where there can be no links.
fn link(path: &Path) -> std::io::Result<(TempDir, PathBuf)> {
    let path = path.canonicalize()?;
    let mut folders = tempfile::Builder::new();
    let folders = folders.prefix(".gramsetu-look-");
    let folder = match path.parent() {
        Some(parent) => folders.tempdir_in(parent).or_else(|_| folders.tempdir())?,
        None => folders.tempdir()?,
    };
    let linked = folder.path().join("look.db");
    for ending in ["", "-wal"] {
        let (from, to) = (beside(&path, ending), beside(&linked, ending));
        if std::fs::hard_link(&from, &to).is_err() {
            std::fs::copy(&from, &to)?;
        }
    }
    Ok((folder, linked))
}

/// In bytes; nothing where there is no such file.
pub(super) fn length(path: &Path) -> std::io::Result<u64> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(file.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}
