//! The connections that a server reads with: a [`Line`] each for what turns ask for all the time, and a few for the rest.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Mutex;

use super::open::connect;

/// Connections for the rest: intents, messages, marks, and what is counted for operators.
const SHARED: u32 = 2;

#[derive(Clone, Debug)]
pub(super) struct Readers {
    pub(super) shared: SqlitePool,
    pub(super) subscribers: Arc<Line>,
    pub(super) blocks: Arc<Line>,
}

impl Readers {
    /// All but one are connected: what cannot be opened is known at the start, and is the file that was opened there.
    pub(super) async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let connect = connect(path).read_only(true);
        let shared = SqlitePoolOptions::new().max_connections(SHARED).test_before_acquire(false);
        Ok(Self {
            shared: shared.connect_with(connect.clone()).await?,
            subscribers: Arc::new(Line::open(connect.clone()).await?),
            blocks: Arc::new(Line::open(connect).await?),
        })
    }

    /// Waits for reads that are under way; later ones fail.
    pub(super) async fn close(&self) {
        self.shared.close().await;
        self.subscribers.close().await;
        self.blocks.close().await;
    }
}

/// One connection. Under load a pool costs more than reading does: each connection that is given back to one is a task of its own.
pub(super) struct Line {
    connect: SqliteConnectOptions,
    end: Mutex<End>,
}

enum End {
    Open(SqliteConnection),
    /// In use; or it was left in the midst of a read, or broke, and is made anew by the next.
    Away,
    Closed,
}

impl Line {
    async fn open(connect: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let end = Mutex::new(End::Open(connect.connect().await?));
        Ok(Self { connect, end })
    }

    /// The rows of a statement with one parameter, an array in JSON. Fails with `PoolClosed` once it is closed.
    pub(super) async fn rows(&self, statement: &'static str, keys: String) -> Result<Vec<SqliteRow>, sqlx::Error> {
        let mut end = self.end.lock().await;
        let mut connection = match std::mem::replace(&mut *end, End::Away) {
            End::Open(connection) => connection,
            End::Away => self.connect.connect().await?,
            End::Closed => {
                *end = End::Closed;
                return Err(sqlx::Error::PoolClosed);
            }
        };
        let found = sqlx::query(statement).bind(keys).fetch_all(&mut connection).await;
        // A connection whose thread has ended answers nothing any more.
        if !matches!(found, Err(sqlx::Error::WorkerCrashed)) {
            *end = End::Open(connection);
        }
        found
    }

    async fn close(&self) {
        if let End::Open(connection) = std::mem::replace(&mut *self.end.lock().await, End::Closed) {
            // It only read: nothing is lost with it.
            let _ = connection.close().await;
        }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Poll;

    use sqlx::Row as _;

    use super::*;

    const KEYS: &str = "SELECT value FROM json_each(?)";

    async fn line() -> (tempfile::TempDir, Line) {
        let folder = tempfile::tempdir().expect("a folder");
        let connect = connect(&folder.path().join("a.db")).create_if_missing(true);
        (folder, Line::open(connect).await.expect("it opens"))
    }

    async fn read(line: &Line) -> Result<Vec<i64>, sqlx::Error> {
        let rows = line.rows(KEYS, "[7,8]".to_owned()).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    #[tokio::test]
    async fn one_that_was_left_in_the_midst_of_a_read_is_made_anew() {
        // Long enough that nobody has its rows at once.
        const LONG: &str = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300000) SELECT count(*) + json(?) FROM n";

        let (_folder, line) = line().await;
        {
            let mut left = pin!(line.rows(LONG, "0".to_owned()));
            let begun = std::future::poll_fn(|context| Poll::Ready(left.as_mut().poll(context).is_pending())).await;
            assert!(begun, "a thread of its own reads");
        }
        assert!(matches!(*line.end.lock().await, End::Away));
        assert_eq!(read(&line).await.expect("read"), [7, 8]);
        assert!(matches!(*line.end.lock().await, End::Open(_)));
    }

    #[tokio::test]
    async fn a_statement_that_fails_closes_nothing() {
        let (_folder, line) = line().await;
        assert!(line.rows(KEYS, "no JSON".to_owned()).await.is_err());
        assert!(matches!(*line.end.lock().await, End::Open(_)));
    }

    #[tokio::test]
    async fn closed_it_reads_nothing() {
        let (_folder, line) = line().await;
        for _ in 0..2 {
            line.close().await;
            assert!(matches!(read(&line).await, Err(sqlx::Error::PoolClosed)));
        }
    }
}
