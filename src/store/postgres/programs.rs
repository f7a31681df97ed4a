//! The programs of a database. Publishing tells all nodes at once (NOTIFY); a node that hears nothing looks by itself.

use std::fmt;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgPoolOptions, PgRow};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::fault::Fault;
use super::line::Lines;
use super::primary::Primary;
use super::{rows, sql};
use crate::menu::Version;
use crate::store::{KeptProgram, Programs, PublishError, Published, StoreError};
use crate::types::{Later, Timestamp};

/// As `publish.sql` says.
const CHANNEL: &str = "gramsetu_published";

/// Before listening again, when a connection broke.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct PostgresPrograms {
    lines: Arc<Lines>,
    /// Begins when somebody first waits.
    listening: OnceLock<Arc<Notify>>,
}

impl PostgresPrograms {
    pub(super) fn new(lines: Arc<Lines>) -> Self {
        Self { lines, listening: OnceLock::new() }
    }

    async fn program(&self, version: Version) -> Result<Option<KeptProgram>, StoreError> {
        let found = self.lines.read(|| sqlx::query(sql::PROGRAM).bind(version.0.to_vec())).await?;
        found.first().map(|row| Ok(KeptProgram { version, files: rows::get(row, 0)? })).transpose()
    }

    async fn history(&self, at_most: u32) -> Result<Vec<Published>, StoreError> {
        let found = self.lines.read(|| sqlx::query(sql::PUBLISHED).bind(i64::from(at_most))).await?;
        found.iter().map(published_from).collect()
    }

    async fn published(&self) -> Result<Option<Published>, StoreError> {
        Ok(self.history(1).await?.into_iter().next())
    }

    async fn publish(&self, program: KeptProgram, after: u64, now: Timestamp) -> Result<Published, PublishError> {
        /// A lost race is looked at each time; only a database that comes and goes takes more.
        const TRIES: usize = 4;

        let ours = Published { number: after + 1, version: program.version, at: now };
        let mut fault = Fault::Raced;
        for _ in 0..TRIES {
            let query = sqlx::query(sql::PUBLISH).bind(program.version.0.to_vec()).bind(now.0);
            match self.lines.write(query.bind(program.files.clone()).bind(after.cast_signed())).await {
                Ok(put) if !put.is_empty() => return Ok(ours),
                // Whether it was done is seen from what is there.
                Ok(_) | Err(Fault::Raced) => {}
                Err(Fault::Doubt(reason)) => fault = Fault::Doubt(reason),
                Err(other) => return Err(StoreError::from(other).into()),
            }
            let last = self.published().await?;
            if last == Some(ours) && matches!(fault, Fault::Doubt(_)) {
                return Ok(ours);
            }
            if last.map_or(0, |last| last.number) != after {
                return Err(PublishError::Overtaken(last));
            }
        }
        Err(StoreError::from(fault).into())
    }

    async fn stirred(&self) {
        let listening = self.listening.get_or_init(|| {
            let stirred = Arc::new(Notify::new());
            tokio::spawn(listen(Arc::downgrade(self.lines.primary()), Arc::downgrade(&stirred)));
            stirred
        });
        listening.notified().await;
    }
}

/// Listens until the store is closed or dropped. Where it cannot, it says so to nobody: it only wakes early.
async fn listen(primary: Weak<Primary>, stirred: Weak<Notify>) {
    loop {
        let Some(here) = primary.upgrade().filter(|primary| !primary.is_closed()) else { return };
        let mut changes = here.changes();
        let host = here.here(here.deadline()).await.map(|(host, _)| host.clone());
        drop(here);
        if let Ok(host) = host {
            // Of its own: the listener of sqlx wants a pool.
            let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(host);
            changes.mark_unchanged();
            tokio::select! {
                // Ends when the connection breaks.
                _ = hear(&pool, &stirred) => {}
                // The primary is lost, or the store is gone.
                _ = changes.changed() => {}
            }
            let _ = timeout(PAUSE, pool.close()).await;
        }
        #[expect(clippy::disallowed_methods, reason = "a database does not live on our clock")]
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear(pool: &PgPool, stirred: &Weak<Notify>) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    loop {
        let Some(stirred) = stirred.upgrade() else { return Ok(()) };
        // The first time for what was published while nobody listened.
        stirred.notify_one();
        drop(stirred);
        if listener.try_recv().await?.is_none() {
            return Ok(());
        }
    }
}

impl Programs for PostgresPrograms {
    fn program(&self, version: Version) -> Later<'_, Result<Option<KeptProgram>, StoreError>> {
        Box::pin(self.program(version))
    }

    fn published(&self) -> Later<'_, Result<Option<Published>, StoreError>> {
        Box::pin(self.published())
    }

    fn history(&self, at_most: u32) -> Later<'_, Result<Vec<Published>, StoreError>> {
        Box::pin(self.history(at_most))
    }

    fn publish(&self, program: KeptProgram, after: u64, now: Timestamp) -> Later<'_, Result<Published, PublishError>> {
        Box::pin(self.publish(program, after, now))
    }

    fn stirred(&self) -> Later<'_, ()> {
        Box::pin(self.stirred())
    }
}

impl fmt::Debug for PostgresPrograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresPrograms").finish_non_exhaustive()
    }
}

fn published_from(row: &PgRow) -> Result<Published, StoreError> {
    let number: i64 = rows::get(row, 0)?;
    Ok(Published {
        number: number.cast_unsigned(),
        version: Version(rows::hash(row, 1)?.0),
        at: Timestamp(rows::get(row, 2)?),
    })
}
