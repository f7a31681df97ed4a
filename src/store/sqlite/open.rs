//! Opening a file: is it ours, does nobody else have it, and what was live when it was left.

use std::fs::File;
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous};

use super::checkpoint::Checkpoints;
use super::examine::Owner;
use super::journal::turns;
use super::line::Readers;
use super::live::Live;
use super::lock::lock;
use super::look::Found;
use super::place::Place;
use super::read::Reader;
use super::runs::Run;
use super::strangers::Known;
use super::write::Sqlite;
use super::{examine, look, rows, sql};
use crate::store::{Options, StoreError};
use crate::types::Timestamp;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Rows that may be under way between the writer's thread and us: the journal is read back faster when the two need not
/// take turns.
const ROWS: usize = 1024;

/// Bytes up to which a file is looked through at every start; `migrate --check` looks through any.
const LOOKED_THROUGH: u64 = 64 << 20;

/// How long a connection waits for another's lock. Only a checkpoint after which the log begins anew ever makes the writer wait.
const BUSY: Duration = Duration::from_secs(5);

/// The same for checkpoints: one after which the log begins anew holds the writer's lock while it waits for readers, and so all turns.
const CHECKPOINT_BUSY: Duration = Duration::from_millis(20);

pub(super) async fn open(path: &Path, options: Options, now: Timestamp) -> Result<(Sqlite, Reader), StoreError> {
    let (lock, connect, mut connection) = migrated(path).await?;
    let refuse = |error: sqlx::Error| refusal(path, &error);
    let doubt = sqlx::query(sql::INTENTS_DOUBT).bind(now.0);
    doubt.execute(&mut connection).await.map_err(refuse)?;
    let left = sqlx::query(sql::MESSAGES_LEFT).bind(now.0);
    left.execute(&mut connection).await.map_err(refuse)?;
    let Rebuilt { live, low, next } = rebuild(path, &mut connection).await?;
    let next_block = live.runs().last().map_or(1, |last| last.end());
    let astray = sqlx::query(sql::BLOCKS_ASTRAY).bind(next_block);
    astray.execute(&mut connection).await.map_err(refuse)?;
    let live = Arc::new(RwLock::new(live));

    let checkpoints = Checkpoints::start(connect.busy_timeout(CHECKPOINT_BUSY).connect().await.map_err(refuse)?);
    let readers = Readers::open(path).await.map_err(refuse)?;
    let place = Place::of(path).map_err(|error| refused(path, error.to_string()))?;
    let known = Arc::<Known>::default();
    let reader = Reader::start(readers.clone(), Arc::clone(&live), Arc::clone(&known));
    let engine = Sqlite {
        connection,
        place,
        live,
        known,
        low,
        next,
        folding: None,
        next_block,
        came: 0,
        pieces: 0,
        options,
        checkpoints,
        readers,
        _lock: lock,
    };
    Ok((engine, reader))
}

/// Makes the file ours, and of this version's schema; also says how else to connect to it.
pub(super) async fn migrated(path: &Path) -> Result<(File, SqliteConnectOptions, SqliteConnection), StoreError> {
    let lock = lock(path).await?;
    let (connect, mut connection) = connected(path).await?;
    let newer = "it was written by another, probably newer version of gramsetu; nothing was changed";
    MIGRATIONS.run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => refused(path, newer.to_owned()),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => refusal(path, &error),
        error => refused(path, error.to_string()),
    })?;
    Ok((lock, connect, connection))
}

/// A file that is locked by the caller and left as it is where it is not ours; says how else to connect to it.
pub(super) async fn connected(path: &Path) -> Result<(SqliteConnectOptions, SqliteConnection), StoreError> {
    recognise(path).await?;
    let connect = connect(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .row_buffer_size(ROWS)
        .pragma("wal_autocheckpoint", "0");
    let connection = connect.connect().await.map_err(|error| refusal(path, &error))?;
    Ok((connect, connection))
}

/// Statements are not logged: they are constant, and their parameters are nobody's business.
pub(super) fn connect(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).busy_timeout(BUSY).disable_statement_logging()
}

/// Looks, without writing, whether an existing file is ours, or empty, and whole as far as is seen in a moment.
async fn recognise(path: &Path) -> Result<(), StoreError> {
    if std::fs::metadata(path).is_ok_and(|file| file.permissions().readonly()) {
        return Err(refused(path, "the file is read-only; give this user the right to write it".to_owned()));
    }
    let mut look = match look::look_at_ours(path).await? {
        Found::Nothing => return Ok(()),
        Found::Wrong(reason) => return Err(refused(path, reason)),
        Found::Here(look) => look,
    };
    match examine::owner(&mut look.connection).await.map_err(|error| refusal(path, &error))? {
        Owner::Nobody => return Ok(()),
        Owner::Ours => {}
        Owner::Another => {
            return Err(refused(path, "it belongs to another application; nothing was changed".to_owned()));
        }
    }
    let length = look::length(path).map_err(|error| refused(path, error.to_string()))?;
    if length > LOOKED_THROUGH {
        return Ok(());
    }
    let wrong = examine::damage(&mut look.connection, "PRAGMA quick_check(1)").await;
    match wrong.map_err(|error| refusal(path, &error))?.first() {
        None => Ok(()),
        Some(wrong) => Err(refused(path, damaged(wrong))),
    }
}

/// What was left in a file: memory, the journal's first row, and its next.
struct Rebuilt {
    live: Live,
    low: i64,
    next: i64,
}

/// Reads the journal back into memory, from its end, so that of each subscriber's turns only the last is taken apart.
async fn rebuild(path: &Path, connection: &mut SqliteConnection) -> Result<Rebuilt, StoreError> {
    /// Rows of the journal that are read together: 6 MB where batches are full.
    const PAGE: i64 = 32;

    let refuse = |error: sqlx::Error| refusal(path, &error);
    let ends = sqlx::query_as(sql::ENDS).fetch_one(&mut *connection).await;
    let (low, last): (i64, i64) = ends.map_err(refuse)?;
    let mut live = Live::default();
    let found = sqlx::query(sql::RUNS).fetch_all(&mut *connection).await.map_err(refuse)?;
    let run = |row: &SqliteRow| {
        let (first, expires, per_block) =
            (rows::get(row, 0)?, Timestamp(rows::get(row, 1)?), rows::get::<i64>(row, 4)?);
        let per_block = u16::try_from(per_block).ok().and_then(NonZeroU16::new);
        let wrong = "the table `runs` has a number of conversations a block that none has";
        let per_block = per_block.ok_or_else(|| refused(path, damaged(wrong)))?;
        Ok(Arc::new(Run::read(first, per_block, expires, rows::get(row, 2)?, rows::get(row, 3)?)))
    };
    live.set_runs(found.iter().map(run).collect::<Result<_, StoreError>>()?);
    let mut before = i64::MAX;
    loop {
        let page = sqlx::query(sql::JOURNAL_BACK).bind(before).bind(PAGE).fetch_all(&mut *connection).await;
        let page = page.map_err(refuse)?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            before = rows::get(row, 0)?;
            let turns = turns(rows::get(row, 1)?).collect::<Result<Vec<_>, _>>();
            let turns = turns.map_err(|error| refused(path, damaged(&error.to_string())))?;
            turns.iter().rev().for_each(|turn| live.publish_earlier(before, turn));
        }
    }
    Ok(Rebuilt { live, low, next: last + 1 })
}

pub(super) fn refused(path: &Path, reason: String) -> StoreError {
    StoreError::Open { path: path.display().to_string(), reason }
}

pub(super) fn damaged(how: &str) -> String {
    format!("it is damaged ({how}); nothing was changed, restore it from a backup")
}

/// SQLite's words for what can be wrong with a file, and what to do.
pub(super) fn refusal(path: &Path, error: &sqlx::Error) -> StoreError {
    let reason = match rows::result_code(error) {
        Some(5 | 6) => "another program has it locked; end that program".to_owned(),
        Some(8) => "it cannot be written: the file or its folder is read-only".to_owned(),
        Some(11) => damaged(&error.to_string()),
        Some(13) => "there is no room left where it lies; make some".to_owned(),
        Some(14) => "the file cannot be opened: does its folder exist, and may this user write there?".to_owned(),
        Some(26) => {
            "it is not an SQLite database; nothing was changed. If it was one, its first bytes are damaged: restore \
                     it from a backup"
                .to_owned()
        }
        _ => error.to_string(),
    };
    refused(path, reason)
}
