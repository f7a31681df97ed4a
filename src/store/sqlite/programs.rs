//! The programs of a file, by connections of their own: they are looked at once a second and changed once a week, also by
//! other processes while a server has the file open. Theirs are tables of which the server remembers nothing, so that the
//! lock on the file, which keeps memory and file together, does not concern them.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnection, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Mutex;

use super::{open, rows, sql};
use crate::menu::Version;
use crate::store::{KeptProgram, Programs, PublishError, Published, StoreError};
use crate::types::{Later, Timestamp};

#[derive(Debug)]
pub(super) struct SqlitePrograms {
    path: PathBuf,
    /// Opened when first needed; taken away while it is used, so that one that failed is not used again.
    connection: Mutex<Option<SqliteConnection>>,
}

impl SqlitePrograms {
    pub(super) fn beside(path: &Path) -> Self {
        Self { path: path.to_path_buf(), connection: Mutex::new(None) }
    }

    async fn connect(&self) -> Result<SqliteConnection, StoreError> {
        let options = open::connect(&self.path).synchronous(SqliteSynchronous::Full).foreign_keys(true);
        options.pragma("wal_autocheckpoint", "0").connect().await.map_err(rows::failed)
    }

    /// The file is given back in order; whoever asks again opens it again.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            // Nothing is under way on it.
            drop(connection.close().await);
        }
    }

    async fn program(&self, version: Version) -> Result<Option<KeptProgram>, StoreError> {
        let mut place = self.connection.lock().await;
        let mut connection = self.take(&mut place).await?;
        let query = sqlx::query(sql::PROGRAM).bind(version.0.to_vec());
        let row = query.fetch_optional(&mut connection).await.map_err(rows::failed)?;
        *place = Some(connection);
        row.map(|row| Ok(KeptProgram { version, files: rows::get(&row, 0)? })).transpose()
    }

    async fn history(&self, at_most: u32) -> Result<Vec<Published>, StoreError> {
        let mut place = self.connection.lock().await;
        let mut connection = self.take(&mut place).await?;
        let found = sqlx::query(sql::PUBLISHED).bind(at_most).fetch_all(&mut connection).await.map_err(rows::failed)?;
        *place = Some(connection);
        found.iter().map(published_from).collect()
    }

    async fn publish(&self, program: KeptProgram, after: u64, now: Timestamp) -> Result<Published, PublishError> {
        let mut place = self.connection.lock().await;
        let mut connection = self.take(&mut place).await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(rows::failed)?;
        let last = sqlx::query(sql::PUBLISHED).bind(1).fetch_optional(&mut *transaction).await.map_err(rows::failed)?;
        let last = last.as_ref().map(published_from).transpose()?;
        if last.map_or(0, |last| last.number) != after {
            return Err(PublishError::Overtaken(last));
        }
        let published = Published { number: after + 1, version: program.version, at: now };
        let version = program.version.0.to_vec();
        let keep = sqlx::query(sql::PROGRAM_KEEP).bind(version.clone()).bind(now.0).bind(program.files);
        keep.execute(&mut *transaction).await.map_err(rows::failed)?;
        let publish = sqlx::query(sql::PUBLISH).bind(published.number.cast_signed()).bind(version).bind(now.0);
        publish.execute(&mut *transaction).await.map_err(rows::failed)?;
        transaction.commit().await.map_err(rows::failed)?;
        *place = Some(connection);
        Ok(published)
    }

    async fn take(&self, place: &mut Option<SqliteConnection>) -> Result<SqliteConnection, StoreError> {
        match place.take() {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        }
    }
}

impl Programs for SqlitePrograms {
    fn program(&self, version: Version) -> Later<'_, Result<Option<KeptProgram>, StoreError>> {
        Box::pin(self.program(version))
    }

    fn published(&self) -> Later<'_, Result<Option<Published>, StoreError>> {
        Box::pin(async move { Ok(self.history(1).await?.into_iter().next()) })
    }

    fn history(&self, at_most: u32) -> Later<'_, Result<Vec<Published>, StoreError>> {
        Box::pin(self.history(at_most))
    }

    fn publish(&self, program: KeptProgram, after: u64, now: Timestamp) -> Later<'_, Result<Published, PublishError>> {
        Box::pin(self.publish(program, after, now))
    }

    fn stirred(&self) -> Later<'_, ()> {
        // A file wakes nobody.
        Box::pin(std::future::pending())
    }
}

fn published_from(row: &SqliteRow) -> Result<Published, StoreError> {
    let number: i64 = rows::get(row, 0)?;
    Ok(Published {
        number: number.cast_unsigned(),
        version: Version(rows::hash(row, 1)?.0),
        at: Timestamp(rows::get(row, 2)?),
    })
}
