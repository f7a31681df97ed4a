//! What the store of the nodes holds of messages, looked at from outside.

use std::path::{Path, PathBuf};

use gramsetu::store::MessageState;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgPool};

/// As the migrations number them.
const STATES: [MessageState; 9] = [
    MessageState::Queued,
    MessageState::Claimed,
    MessageState::Sending,
    MessageState::Accepted,
    MessageState::Refused,
    MessageState::InDoubt,
    MessageState::Delivered,
    MessageState::Undelivered,
    MessageState::Expired,
];

const ALL: &str = "SELECT recipient, CAST(state AS BIGINT), CAST(attempt AS BIGINT), due FROM messages";
/// Somebody is at them, or will be by himself.
const WAITING: &str = "SELECT CAST(count(*) AS BIGINT) FROM messages WHERE due IS NOT NULL";
/// What somebody is at, and what is to be tried again; and, on PostgreSQL, who does the upkeep.
const A_MINUTE: &str = "UPDATE messages SET until = CASE WHEN until IS NULL THEN NULL ELSE 1 END, due = 1
    WHERE until IS NOT NULL OR (due IS NOT NULL AND state IN (4, 5))";
const ANOTHER_UPKEEP: &str = "UPDATE leases SET until = 1";

/// A message, as far as it can be read without its keys.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) recipient: Vec<u8>,
    pub(super) state: MessageState,
    pub(super) attempts: i64,
    /// When it goes out, if it does by itself.
    pub(super) due: Option<i64>,
}

/// The table of messages.
#[derive(Debug)]
pub(super) enum Rows {
    File(PathBuf),
    Postgres(PgPool),
}

impl Rows {
    pub(super) fn of_file(path: &Path) -> Self {
        Self::File(path.to_owned())
    }

    pub(super) fn of_postgres(pool: PgPool) -> Self {
        Self::Postgres(pool)
    }

    pub(super) async fn all(&self) -> Vec<Row> {
        let found: Vec<(Vec<u8>, i64, i64, Option<i64>)> = match self {
            Self::File(path) => {
                let mut file = open(path).await;
                let found = sqlx::query_as(ALL).fetch_all(&mut file).await;
                file.close().await.expect("it closes");
                found
            }
            Self::Postgres(pool) => sqlx::query_as(ALL).fetch_all(pool).await,
        }
        .expect("there are messages");
        let row = |(recipient, state, attempts, due)| {
            let state = STATES[usize::try_from(state).expect("a number of a state")];
            Row { recipient, state, attempts, due }
        };
        found.into_iter().map(row).collect()
    }

    /// How many still go somewhere by themselves.
    pub(super) async fn waiting(&self) -> i64 {
        match self {
            Self::File(path) => {
                let mut file = open(path).await;
                let found = sqlx::query_scalar(WAITING).fetch_one(&mut file).await;
                file.close().await.expect("it closes");
                found
            }
            Self::Postgres(pool) => sqlx::query_scalar(WAITING).fetch_one(pool).await,
        }
        .expect("there are messages")
    }

    /// Claims and attempts of those who died are over, and what is to be tried again may be. No node is alive.
    pub(super) async fn a_minute_passes(&self) {
        match self {
            Self::File(path) => {
                let mut file = open(path).await;
                sqlx::query(A_MINUTE).execute(&mut file).await.expect("time passes");
                file.close().await.expect("it closes");
            }
            Self::Postgres(pool) => {
                sqlx::query(A_MINUTE).execute(pool).await.expect("time passes");
                sqlx::query(ANOTHER_UPKEEP).execute(pool).await.expect("time passes");
            }
        }
    }
}

async fn open(path: &Path) -> sqlx::SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(crate::server::PATIENCE);
    options.disable_statement_logging().connect().await.expect("it opens")
}
