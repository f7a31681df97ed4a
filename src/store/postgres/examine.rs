//! What operators ask of a database: which schema it has, and what the server itself knows to be wrong with it. Whether pages
//! are whole is the server's to prove (data checksums, `pg_amcheck`).

use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use super::fault::words;
use super::open::MIGRATIONS;
use super::primary::Primary;
use super::{Address, open, rows, sql};
use crate::store::examined::{APPLIED, Applied};
use crate::store::{Examined, KeyedHash, Options, StoreError};

/// Brings it to this version's schema, creating the tables where there are none.
pub async fn migrate(address: &Address) -> Result<(), StoreError> {
    let primary = Primary::find(address.clone(), Options::default().patience);
    let migrated = open::open(address, &primary).await;
    primary.close();
    migrated.map(drop)
}

/// Looks at it, without changing anything.
pub async fn examine(address: &Address, record: KeyedHash) -> Result<Examined, StoreError> {
    let refuse = |reason: String| StoreError::Open { path: address.to_string(), reason };
    let primary = Primary::find(address.clone(), Options::default().patience);
    let connected = primary.connect(primary.deadline()).await;
    primary.close();
    let (mut connection, _) = connected.map_err(|fault| refuse(StoreError::from(fault).to_string()))?;
    let mut examined = Examined { exists: true, ..Examined::default() };
    fill(&mut examined, &mut connection, record).await.map_err(|error| refuse(words(&error)))?;
    Ok(examined)
}

async fn fill(examined: &mut Examined, connection: &mut PgConnection, record: KeyedHash) -> Result<(), sqlx::Error> {
    let found = sqlx::query(sql::RECOGNISE).fetch_one(&mut *connection).await?;
    match (found.try_get::<i64, _>(0)?, found.try_get::<bool, _>(1)?) {
        (_, true) => {}
        (0, false) => {
            examined.exists = false;
            examined.compare_schema(&[], &MIGRATIONS);
            return Ok(());
        }
        (_, false) => {
            examined.wrong.push("it holds tables of another application".to_owned());
            return Ok(());
        }
    }
    schema(examined, connection).await?;
    if !examined.missing.is_empty() {
        return Ok(());
    }
    let broken: Vec<String> = sqlx::query_scalar(
        "SELECT indexrelid::regclass::text FROM pg_index
         INNER JOIN pg_class ON pg_class.oid = indrelid
         WHERE relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready)",
    )
    .fetch_all(&mut *connection)
    .await?;
    examined.wrong.extend(broken.iter().map(|index| format!("the index `{index}` is not valid; `REINDEX` it")));
    let failures = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()";
    let failures: i64 = sqlx::query_scalar(failures).fetch_one(&mut *connection).await?;
    if failures > 0 {
        let what = "pages were not what had been written (checksums): look at the disk, restore a backup or fail over";
        examined.wrong.push(format!("{failures} {what}"));
    }
    // As they are for a connection of ours: one database or user may have its own.
    let risks: Vec<String> = sqlx::query_scalar(
        "SELECT name || ' = ' || setting FROM pg_settings
         WHERE (name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off')
             OR (name = 'synchronous_commit' AND setting = 'local'
                 AND current_setting('synchronous_standby_names') <> '')
         ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await?;
    examined
        .wrong
        .extend(risks.iter().map(|risk| format!("`{risk}`: a turn may be lost after it was answered; set it to on")));
    let counts: (i64, i64, i64, i64, i64) =
        sqlx::query_as(sql::HOLDINGS).bind(record.0.to_vec()).fetch_one(&mut *connection).await?;
    examined.holdings = counts.into();
    let row = sqlx::query(sql::SUBSCRIBERS).bind(vec![record.0.to_vec()]).fetch_optional(connection).await?;
    match row.map(|row| rows::subscriber_from(&row)).transpose() {
        Ok(found) => examined.record = found,
        Err(error) => examined.wrong.push(error.to_string()),
    }
    Ok(())
}

/// Which migrations it went through, and which it lacks.
async fn schema(examined: &mut Examined, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let applied: Vec<Applied> = sqlx::query_as(APPLIED).fetch_all(connection).await?;
    examined.compare_schema(&applied, &MIGRATIONS);
    Ok(())
}
