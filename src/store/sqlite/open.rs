//! Opening a file: is it ours, does nobody else have it, and what was live when it was left.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::checkpoint::Checkpoints;
use super::live::Live;
use super::read::Reader;
use super::write::Sqlite;
use super::{rows, sql};
use crate::store::columns::json;
use crate::store::{Options, StoreError};
use crate::types::Timestamp;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// `PRAGMA application_id` of our files, as the first migration sets it.
const APPLICATION: i64 = 0x6772_616d;

/// Readers: a session's first turn and folded conversations; everything else is answered from memory.
const READERS: u32 = 2;

/// Rows that may be under way between the writer's thread and us: the journal is read back faster when the two need not
/// take turns.
const ROWS: usize = 1024;

const NEWER: &str = "it was written by another, probably newer version of gramsetu; nothing was changed";

/// How long a connection waits for another's lock. Only a checkpoint that cuts the log ever makes the writer wait.
const BUSY: Duration = Duration::from_secs(5);

/// The same for checkpoints: one that cuts the log holds the writer's lock while it waits for readers, and so all turns.
const CHECKPOINT_BUSY: Duration = Duration::from_millis(20);

pub(super) async fn open(path: &Path, options: Options, now: Timestamp) -> Result<(Sqlite, Reader), StoreError> {
    let lock = lock(path).await?;
    recognise(path).await?;
    let refuse = |error: sqlx::Error| refusal(path, &error);

    let connect = connect(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .row_buffer_size(ROWS)
        .pragma("wal_autocheckpoint", "0");
    let mut connection = connect.connect().await.map_err(refuse)?;
    MIGRATIONS.run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => refused(path, NEWER.to_owned()),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => refusal(path, &error),
        error => refused(path, error.to_string()),
    })?;
    let doubt = sqlx::query(sql::INTENTS_DOUBT).bind(now.0);
    doubt.execute(&mut connection).await.map_err(refuse)?;
    let (live, next) = rebuild(path, &mut connection).await?;
    let live = Arc::new(RwLock::new(live));

    let checkpoints = Checkpoints::start(connect.busy_timeout(CHECKPOINT_BUSY).connect().await.map_err(refuse)?);
    let readers = SqlitePoolOptions::new().max_connections(READERS).test_before_acquire(false);
    let readers = readers.connect_with(self::connect(path).read_only(true)).await.map_err(refuse)?;
    let reader = Reader { pool: readers.clone(), live: Arc::clone(&live) };
    Ok((Sqlite { connection, live, next, options, checkpoints, readers, _lock: lock }, reader))
}

/// Statements are not logged: they are constant, and their parameters are nobody's business.
pub(super) fn connect(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).busy_timeout(BUSY).disable_statement_logging()
}

/// Whether the tables of a file are those of this version, so that it can be used beside a server. Such as are missing or
/// older, and in nobody's use, may be opened and so migrated; all others are refused.
pub(super) async fn is_up_to_date(path: &Path) -> Result<bool, StoreError> {
    recognise(path).await?;
    let known: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    let found = migrated(path).await?;
    if found.iter().any(|version| !known.contains(version)) {
        return Err(refused(path, NEWER.to_owned()));
    }
    if found.len() == known.len() {
        return Ok(true);
    }
    let older =
        "it is of an older version of gramsetu, and another process has it open; restart that with this version first";
    lock_unless_held(path).await?.map(|_| false).ok_or_else(|| refused(path, older.to_owned()))
}

/// The migrations that a file has seen, read without writing.
async fn migrated(path: &Path) -> Result<Vec<i64>, StoreError> {
    if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(Vec::new());
    }
    let refuse = |error: sqlx::Error| refusal(path, &error);
    let mut connection = connect(path).read_only(true).connect().await.map_err(refuse)?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut connection)
        .await
        .map_err(refuse)?;
    let versions = if tables == 0 {
        Vec::new()
    } else {
        let versions = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success");
        versions.fetch_all(&mut connection).await.map_err(refuse)?
    };
    connection.close().await.map_err(refuse)?;
    Ok(versions)
}

/// Two processes on one file would each decide by their own memory. The lock is on a file beside the database, since
/// closing any handle of the database itself would drop the locks that SQLite holds on it. It goes with the process,
/// however that ends; one that is just closing gets a moment.
async fn lock(path: &Path) -> Result<File, StoreError> {
    lock_unless_held(path).await?.ok_or_else(|| refused(path, "another process has it open".to_owned()))
}

/// `None` when another process holds it.
async fn lock_unless_held(path: &Path) -> Result<Option<File>, StoreError> {
    const TRIES: u32 = 40;
    const PAUSE: Duration = Duration::from_millis(50);

    let mut beside = path.as_os_str().to_owned();
    beside.push("-lock");
    let beside = PathBuf::from(beside);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
    let file = file.map_err(|error| refused(path, format!("`{}` cannot be written: {error}", beside.display())))?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            #[expect(clippy::disallowed_methods, reason = "another process does not live on our clock")]
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::Error(error)) => return Err(refused(path, format!("it cannot be locked: {error}"))),
        }
    }
    Ok(None)
}

/// Looks, without writing, whether an existing file is ours or empty.
async fn recognise(path: &Path) -> Result<(), StoreError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(refused(path, error.to_string())),
        Ok(file) if file.is_dir() => return Err(refused(path, "it is a folder; name a file in it".to_owned())),
        Ok(file) if file.permissions().readonly() => return Err(refused(path, "the file is read-only".to_owned())),
        Ok(file) if file.len() == 0 => return Ok(()),
        Ok(_) => {}
    }
    let refuse = |error: sqlx::Error| refusal(path, &error);
    let mut connection = connect(path).read_only(true).connect().await.map_err(refuse)?;
    let look = "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)";
    let row = sqlx::query(look).fetch_one(&mut connection).await.map_err(refuse)?;
    let (application, tables): (i64, i64) = (rows::get(&row, 0)?, rows::get(&row, 1)?);
    connection.close().await.map_err(refuse)?;
    if application == APPLICATION || (application == 0 && tables == 0) {
        return Ok(());
    }
    Err(refused(path, "it belongs to another application; nothing was changed".to_owned()))
}

/// Reads each subscriber's last turn out of the journal, a page at a time, into memory; also gives the journal's next row.
async fn rebuild(path: &Path, connection: &mut SqliteConnection) -> Result<(Live, i64), StoreError> {
    const PAGE: usize = 4096;

    let refuse = |error: sqlx::Error| refusal(path, &error);
    let row = sqlx::query(sql::LAST_TURNS).fetch_one(&mut *connection).await.map_err(refuse)?;
    let seqs: Vec<i64> = serde_json::from_str(rows::get(&row, 0)?).map_err(|error| refused(path, error.to_string()))?;
    let mut live = Live::default();
    for page in seqs.chunks(PAGE) {
        let query = sqlx::query(sql::TAIL).bind(json(page)?);
        for row in &query.fetch_all(&mut *connection).await.map_err(refuse)? {
            // Whether it was ever folded is not known any more.
            live.publish(rows::get(row, 0)?, rows::conversation_from(row, 1)?, true);
        }
    }
    Ok((live, seqs.last().map_or(1, |last| last + 1)))
}

fn refused(path: &Path, reason: String) -> StoreError {
    StoreError::Open { path: path.display().to_string(), reason }
}

/// SQLite's words for what can be wrong with a file, and what to do.
fn refusal(path: &Path, error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    // The low byte is the primary result code (https://www.sqlite.org/rescode.html).
    let reason = match code.map(|code| code & 0xff) {
        Some(8) => "it cannot be written: the file or its folder is read-only".to_owned(),
        Some(11) => format!("it is damaged ({error}); restore it from a backup"),
        Some(14) => "the file cannot be opened: does its folder exist, and may this user write there?".to_owned(),
        Some(26) => "it is not an SQLite database; nothing was changed".to_owned(),
        _ => error.to_string(),
    };
    refused(path, reason)
}
