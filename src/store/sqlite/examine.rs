//! What is in a file and whether it is whole, found without changing it.

use std::collections::HashSet;
use std::path::Path;

use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::journal::turns;
use super::look::{Found, Look, look};
use super::open::{MIGRATIONS, damaged, refusal, refused};
use super::{rows, sql};
use crate::store::examined::{APPLIED, Applied};
use crate::store::{Examined, KeyedHash, StoreError};

/// `PRAGMA application_id` of our files, as the first migration sets it.
const APPLICATION: i64 = 0x6772_616d;

/// Whose a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Ours,
    Another,
    /// It has no tables.
    Nobody,
}

pub(super) async fn owner(connection: &mut SqliteConnection) -> Result<Owner, sqlx::Error> {
    let look = "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)";
    let (application, tables): (i64, i64) = sqlx::query_as(look).fetch_one(connection).await?;
    Ok(match (application, tables) {
        (APPLICATION, _) => Owner::Ours,
        (0, 0) => Owner::Nobody,
        _ => Owner::Another,
    })
}

/// What SQLite itself finds wrong: nothing where the file is whole. It names pages by the root of their tree, we by its table.
pub(super) async fn damage(connection: &mut SqliteConnection, check: &'static str) -> Result<Vec<String>, sqlx::Error> {
    let said: Vec<String> = sqlx::query_scalar(check).fetch_all(&mut *connection).await?;
    let said: Vec<&str> = said.iter().flat_map(|said| said.lines()).filter(|line| *line != "ok").collect();
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let trees = "SELECT rootpage, name FROM sqlite_schema WHERE rootpage > 0";
    let trees: Vec<(i64, String)> = sqlx::query_as(trees).fetch_all(connection).await.unwrap_or_default();
    let named = |line: &str| {
        let root = line.strip_prefix("Tree ").and_then(|rest| rest.split(' ').next()?.parse::<i64>().ok());
        let tree = trees.iter().find(|(page, _)| Some(*page) == root);
        tree.map_or_else(|| line.to_owned(), |(_, name)| format!("`{name}`: {line}"))
    };
    Ok(said.into_iter().filter(|line| !line.starts_with("***")).map(named).collect())
}

/// Looks at all of a file.
pub async fn examine(path: &Path, record: KeyedHash) -> Result<Examined, StoreError> {
    match look(path).await? {
        Found::Nothing => {
            let mut examined = Examined::default();
            examined.compare_schema(&[], &MIGRATIONS);
            Ok(examined)
        }
        Found::Wrong(reason) => Ok(Examined { exists: true, wrong: vec![reason], ..Examined::default() }),
        Found::Here(mut look) => {
            let examined = through(path, &mut look, record).await;
            // It was only read.
            let _ = look.connection.close().await;
            examined
        }
    }
}

/// Whether the tables of a file are those of this version, so that it can be used beside a server. One that is missing or
/// older, and in nobody's use, may be opened and so migrated; all others are refused.
pub(super) async fn is_up_to_date(path: &Path) -> Result<bool, StoreError> {
    let mut look = match look(path).await? {
        Found::Nothing => return Ok(false),
        Found::Wrong(reason) => return Err(refused(path, reason)),
        Found::Here(look) => look,
    };
    let refuse = |error: sqlx::Error| refusal(path, &error);
    let mut examined = Examined::default();
    match owner(&mut look.connection).await.map_err(refuse)? {
        Owner::Nobody => return Ok(false),
        Owner::Another => examined.wrong.push("it belongs to another application".to_owned()),
        Owner::Ours => schema(&mut examined, &mut look.connection).await.map_err(refuse)?,
    }
    match examined.wrong.into_iter().next() {
        Some(wrong) => Err(refused(path, wrong)),
        None if examined.missing.is_empty() => Ok(true),
        None if look.in_use => {
            let older =
                "it is of an older version of gramsetu, and a server has it open; restart that with this version first";
            Err(refused(path, older.to_owned()))
        }
        None => Ok(false),
    }
}

/// All of an open file.
pub(super) async fn through(path: &Path, look: &mut Look, record: KeyedHash) -> Result<Examined, StoreError> {
    let mut examined = Examined { exists: true, in_use: look.in_use, ..Examined::default() };
    if let Err(error) = fill(&mut examined, &mut look.connection, record).await {
        match rows::result_code(&error) {
            Some(11) => examined.wrong.push(damaged(&error.to_string())),
            Some(26) => examined.wrong.push("it is not an SQLite database, or its first bytes are damaged".to_owned()),
            _ => return Err(refusal(path, &error)),
        }
    }
    Ok(examined)
}

async fn fill(
    examined: &mut Examined,
    connection: &mut SqliteConnection,
    record: KeyedHash,
) -> Result<(), sqlx::Error> {
    match owner(connection).await? {
        Owner::Ours => {}
        Owner::Nobody => {
            examined.compare_schema(&[], &MIGRATIONS);
            return Ok(());
        }
        Owner::Another => {
            examined.wrong.push("it belongs to another application".to_owned());
            return Ok(());
        }
    }
    schema(examined, connection).await?;
    let found = match damage(connection, "PRAGMA integrity_check(20)").await {
        // Where it meets what it cannot read at all, what it found before that is lost; the first finding is not.
        Err(error) if rows::result_code(&error) == Some(11) => damage(connection, "PRAGMA integrity_check(1)").await?,
        found => found?,
    };
    examined.wrong.extend(found.iter().map(|found| damaged(found)));
    let strays: Vec<(String, Option<i64>, String)> =
        sqlx::query_as("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20")
            .fetch_all(&mut *connection)
            .await?;
    let stray = |(table, row, parent): (String, Option<i64>, String)| {
        format!("row {} of `{table}` names something that `{parent}` does not have", row.unwrap_or_default())
    };
    examined.wrong.extend(strays.into_iter().map(stray));
    count(examined, connection, record).await?;
    let row = sqlx::query(sql::SUBSCRIBER).bind(record.0.to_vec()).fetch_optional(connection).await?;
    match row.map(|row| rows::subscriber_from(&row)).transpose() {
        Ok(found) => examined.record = found,
        Err(error) => examined.wrong.push(error.to_string()),
    }
    Ok(())
}

/// What it holds; what the journal and the blocks of runs hold only they themselves tell.
async fn count(
    examined: &mut Examined,
    connection: &mut SqliteConnection,
    record: KeyedHash,
) -> Result<(), sqlx::Error> {
    /// Of files before the journal of batches, which are counted before they are replaced by a backup.
    const FORMER: &str =
        "SELECT count(*) FROM (SELECT subscriber FROM turns UNION SELECT subscriber FROM conversations)";
    /// Rows or blocks that are read together: 6 MB where batches are full.
    const PAGE: i64 = 32;

    let counts: (i64, i64, i64) =
        sqlx::query_as(sql::HOLDINGS).bind(record.0.to_vec()).fetch_one(&mut *connection).await?;
    let lacks = |number: &str| examined.missing.iter().any(|missing| missing.starts_with(number));
    let messages = "SELECT count(*) FROM messages";
    let messages: i64 =
        if lacks("0004") { 0 } else { sqlx::query_scalar(messages).fetch_one(&mut *connection).await? };
    let former = lacks("0003");
    let conversations: i64 = if former { sqlx::query_scalar(FORMER).fetch_one(&mut *connection).await? } else { 0 };
    examined.holdings = (conversations, counts.0, counts.1, counts.2, messages).into();
    if former {
        return Ok(());
    }
    let mut subscribers = HashSet::new();
    for statement in [sql::JOURNAL_BACK, sql::BLOCKS_BACK] {
        let mut before = i64::MAX;
        loop {
            let page: Vec<(i64, Vec<u8>)> =
                sqlx::query_as(statement).bind(before).bind(PAGE).fetch_all(&mut *connection).await?;
            for (number, bytes) in &page {
                before = *number;
                for turn in turns(bytes) {
                    match turn {
                        Ok(turn) => _ = subscribers.insert(turn.subscriber),
                        Err(error) => examined.wrong.push(damaged(&error.to_string())),
                    }
                }
            }
            if page.is_empty() {
                break;
            }
        }
    }
    examined.holdings.conversations = subscribers.len() as u64;
    Ok(())
}

/// Which migrations it went through, and which it lacks.
async fn schema(examined: &mut Examined, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let applied: Vec<Applied> = sqlx::query_as(APPLIED).fetch_all(connection).await?;
    examined.compare_schema(&applied, &MIGRATIONS);
    Ok(())
}
