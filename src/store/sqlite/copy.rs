//! Copies of a file: one beside a server that goes on writing, and one that takes the place of what is there.
//!
//! A copy is made under another name in the folder where it is to lie, synced, looked through, and only then given its name:
//! a power cut leaves either no file of that name or a whole one.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::NamedTempFile;

use super::examine::{examine, through};
use super::lock::{beside, lock};
use super::look::{Found, Look, length, look};
use super::{open, rows, sql};
use crate::store::{Examined, Holdings, KeyedHash, StoreError, SubscriberRecord};

/// Why there is no copy. Nothing that was there before was changed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("there is no database at `{0}`")]
    NoDatabase(String),
    #[error("`{0}` is there already, and nothing is written over it; name another file")]
    Exists(String),
    #[error("`{path}` cannot take the place of a database: {reason}")]
    Unfit { path: String, reason: String },
    #[error("`{path}` cannot be written: {reason}")]
    Write { path: String, reason: String },
    #[error(
        "there is a database at `{0}`; with `--replace` it is kept under another name, and the backup takes its place"
    )]
    InTheWay(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A copy that was made.
#[derive(Clone, Debug)]
pub struct Copied {
    pub bytes: u64,
    pub holdings: Holdings,
}

/// A backup that has taken its place.
#[derive(Clone, Debug)]
pub struct Restored {
    pub copied: Copied,
    /// Messages that waited at the backup and may have gone out since: they are in doubt now.
    pub doubted: u64,
    /// Where the former database is now.
    pub former: Option<PathBuf>,
}

/// Copies the file at `path`, which a server may have open and be writing to, to `target`, which is not there yet. The copy
/// is this user's alone. `record` is not counted.
pub async fn backup(path: &Path, target: &Path, record: KeyedHash) -> Result<Copied, CopyError> {
    if target.symlink_metadata().is_ok() {
        return Err(CopyError::Exists(target.display().to_string()));
    }
    let write = |error: io::Error| cannot_write(target, &error.to_string());
    let (file, copied) = copy(path, target, record).await?;
    match file.persist_noclobber(target) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(CopyError::Exists(target.display().to_string()));
        }
        Err(error) => return Err(write(error.error)),
    }
    sync_folder(target).map_err(write)?;
    Ok(copied)
}

/// A file that can take the place of a database: ours, of this version or an earlier one, and whole.
#[derive(Debug)]
pub struct Backup {
    path: PathBuf,
    examined: Examined,
    record: KeyedHash,
}

impl Backup {
    /// Looks at all of it.
    pub async fn examine(path: &Path, record: KeyedHash) -> Result<Self, CopyError> {
        let examined = examine(path, record).await?;
        let unfit = |reason: &str| CopyError::Unfit { path: path.display().to_string(), reason: reason.to_owned() };
        if examined.in_use {
            return Err(unfit("a server has it open; make a copy of it by `gramsetu backup`"));
        }
        if let Some(wrong) = examined.wrong.first() {
            return Err(unfit(wrong));
        }
        if !examined.exists || examined.applied.is_empty() {
            return Err(unfit("it is missing or empty"));
        }
        Ok(Self { path: path.to_path_buf(), examined, record })
    }

    /// The record that was named.
    pub fn record(&self) -> Option<&SubscriberRecord> {
        self.examined.record.as_ref()
    }

    /// Puts a copy of it in the place of the database at `path`, which no server has open. With `replace`, what is there is
    /// kept under another name.
    ///
    /// A log that lies beside belongs to the file of its name, and would be written into whichever that is. So it is folded
    /// into the former file, or where that cannot be, kept with it, before the copy gets the name.
    pub async fn restore(self, path: &Path, replace: bool) -> Result<Restored, CopyError> {
        let write = |error: io::Error| cannot_write(path, &error.to_string());
        let is_there = ["", "-wal"].iter().any(|ending| beside(path, ending).symlink_metadata().is_ok());
        if is_there && !replace {
            return Err(CopyError::InTheWay(path.display().to_string()));
        }
        let _lock = lock(path).await?;
        let same = |one: &Path, other: &Path| one.canonicalize().ok().zip(other.canonicalize().ok());
        if same(&self.path, path).is_some_and(|(one, other)| one == other) {
            let reason = "it is the database itself".to_owned();
            return Err(CopyError::Unfit { path: self.path.display().to_string(), reason });
        }
        let (file, copied) = copy(&self.path, path, self.record).await?;
        let doubted = doubt(file.path()).await?;
        inherit(file.path(), path).map_err(write)?;
        let former = if is_there {
            settle(path).await;
            Some(set_aside(path).map_err(write)?)
        } else {
            None
        };
        for ending in ["-wal", "-shm", "-journal"] {
            match std::fs::remove_file(beside(path, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(write(error)),
                _ => {}
            }
        }
        // The log must be gone before the name changes hands, also on the disk.
        sync_folder(path).map_err(write)?;
        file.persist(path).map_err(|error| write(error.error))?;
        sync_folder(path).map_err(write)?;
        Ok(Restored { copied, doubted, former })
    }
}

/// A copy under a name of its own in the folder of `target`: synced, looked through, readable by this user alone. It is
/// removed where it is not given another name.
async fn copy(path: &Path, target: &Path, record: KeyedHash) -> Result<(NamedTempFile, Copied), CopyError> {
    let write = |error: io::Error| cannot_write(target, &error.to_string());
    let mut source = match look(path).await? {
        Found::Here(look) => look,
        Found::Nothing => return Err(CopyError::NoDatabase(path.display().to_string())),
        Found::Wrong(reason) => return Err(open::refused(path, reason).into()),
    };
    let folder = folder_of(target).canonicalize().map_err(|_| cannot_write(target, "its folder does not exist"))?;
    let file = tempfile::Builder::new().prefix(".gramsetu-").suffix(".partial").tempfile_in(folder).map_err(write)?;
    let name = file.path().to_str().ok_or_else(|| cannot_write(target, "the name of its folder is no UTF-8"))?;
    let copied = sqlx::query("VACUUM INTO ?1").bind(name.to_owned()).execute(&mut source.connection).await;
    // It was only read.
    let _ = source.connection.close().await;
    copied.map_err(|error| match rows::result_code(&error) {
        Some(10 | 13) => cannot_write(target, &format!("{error}; is there room on its disk?")),
        _ => CopyError::from(open::refusal(path, &error)),
    })?;
    File::open(file.path()).and_then(|copy| copy.sync_all()).map_err(write)?;
    let mut copy: Look = match look(file.path()).await? {
        Found::Here(look) => look,
        _ => return Err(cannot_write(target, "the copy is empty")),
    };
    let examined = through(file.path(), &mut copy, record).await?;
    let _ = copy.connection.close().await;
    if let Some(wrong) = examined.wrong.first() {
        return Err(cannot_write(target, &format!("the copy is not whole: {wrong}")));
    }
    if examined.applied.is_empty() {
        return Err(open::refused(path, "it is no database of gramsetu's".to_owned()).into());
    }
    let bytes = length(file.path()).map_err(write)?;
    Ok((file, Copied { bytes, holdings: examined.holdings }))
}

/// What waited to be sent at the backup was sent since, for all that is known: it must not go out by itself. How many.
async fn doubt(copy: &Path) -> Result<u64, CopyError> {
    let refuse = |error: sqlx::Error| CopyError::from(open::refusal(copy, &error));
    let mut connection = open::connect(copy).connect().await.map_err(refuse)?;
    // Of an older version there are none.
    let table = "SELECT count(*) FROM sqlite_schema WHERE name = 'messages'";
    let has_messages: bool = sqlx::query_scalar(table).fetch_one(&mut connection).await.map_err(refuse)?;
    let doubted = if has_messages {
        sqlx::query(sql::MESSAGES_RESTORED).execute(&mut connection).await.map_err(refuse)?.rows_affected()
    } else {
        0
    };
    connection.close().await.map_err(refuse)?;
    File::open(copy).and_then(|copy| copy.sync_all()).map_err(|error| cannot_write(copy, &error.to_string()))?;
    Ok(doubted)
}

/// Closes a database that was killed, so that its log is in it; one that is damaged stays as it is.
async fn settle(path: &Path) {
    if let Ok((_, connection)) = open::connected(path).await {
        let _ = connection.close().await;
    }
}

/// Gives what is there a second name, with its log where it has one: `gramsetu.db.former-1`.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let free = |name: &PathBuf| name.symlink_metadata().is_err();
    let mut names = (1..10_000_u32).map(|number| beside(path, &format!(".former-{number}")));
    let name = names.find(free).ok_or_else(|| io::Error::other("too many former databases are kept beside it"))?;
    // The log first: where the file is there, all of it is.
    for ending in ["-shm", "-wal", ""] {
        let from = beside(path, ending);
        if from.symlink_metadata().is_ok() {
            let to = beside(&name, ending);
            std::fs::hard_link(&from, &to).or_else(|_| std::fs::copy(&from, &to).map(drop))?;
            File::open(&to)?.sync_all()?;
        }
    }
    sync_folder(path)?;
    Ok(name)
}

/// The copy belongs to whom the former file belongs, or else its folder, so that the server may open what another restored.
fn inherit(copy: &Path, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};

        let own = std::fs::metadata(copy)?;
        let former = std::fs::metadata(path).or_else(|_| std::fs::metadata(folder_of(path)))?;
        if (own.uid(), own.gid()) != (former.uid(), former.gid()) {
            chown(copy, Some(former.uid()), Some(former.gid()))?;
        }
    }
    if let Ok(former) = std::fs::metadata(path) {
        std::fs::set_permissions(copy, former.permissions())?;
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes names durable.
fn sync_folder(of: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder_of(of))?.sync_all() } else { Ok(()) }
}

fn cannot_write(path: &Path, reason: &str) -> CopyError {
    CopyError::Write { path: path.display().to_string(), reason: reason.to_owned() }
}
