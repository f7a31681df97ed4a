//! Opening a database: is it ours, and of which version.

use std::sync::Arc;

use sqlx::migrate::{Migrate as _, MigrateError, Migrator};
use sqlx::postgres::PgConnection;

use super::fault::{Fault, words};
use super::primary::Primary;
use super::{Address, rows, sql};
use crate::store::StoreError;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Finds the primary and migrates the database, one node at a time; gives a name that no other opening has.
pub(super) async fn open(address: &Address, primary: &Arc<Primary>) -> Result<Vec<u8>, StoreError> {
    let refuse = |reason: String| StoreError::Open { path: address.to_string(), reason };
    let connected = primary.connect(primary.deadline()).await;
    let (mut connection, _) = connected.map_err(|fault| match fault {
        Fault::Away(reason) => refuse(format!("no host can be used as the primary ({reason})")),
        fault => refuse(StoreError::from(fault).to_string()),
    })?;
    prepare(&mut connection).await.map_err(refuse)
}

async fn prepare(connection: &mut PgConnection) -> Result<Vec<u8>, String> {
    // The lock goes with the connection, whatever happens.
    connection.lock().await.map_err(|error| migration(&error))?;
    let found = sqlx::query(sql::RECOGNISE).fetch_one(&mut *connection).await.map_err(|error| words(&error))?;
    let read = |error: StoreError| error.to_string();
    let (tables, ours): (i64, bool) = (rows::get(&found, 0).map_err(read)?, rows::get(&found, 1).map_err(read)?);
    if tables > 0 && !ours {
        return Err("it holds tables of another application; nothing was changed. Name an empty database".to_owned());
    }
    // What `run` does; its future cannot be sent to another thread.
    MIGRATIONS.run_direct(None, connection, false).await.map_err(|error| migration(&error))?;
    connection.unlock().await.map_err(|error| migration(&error))?;
    rows::get(&found, 2).map_err(read)
}

fn migration(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => {
            "it was written by another, probably newer version of gramsetu; nothing was changed".to_owned()
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => words(error),
        _ => "its tables cannot be brought up to date".to_owned(),
    }
}
