//! What operators ask about a database that nobody need be serving: which schema it has, whether it is whole.

use super::{Database, KeyedHash, StoreError, SubscriberRecord, postgres, sqlite};

/// What a look at a database found. Nothing was changed by it.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Whether there is one at all.
    pub exists: bool,
    /// Whether a server has it open: of a file. A PostgreSQL is open to any number of nodes.
    pub in_use: bool,
    /// Migrations that it went through, oldest first: `0001 store`.
    pub applied: Vec<String>,
    /// Those of this version that it lacks.
    pub missing: Vec<String>,
    /// What is not as it should be, in words; empty where it is whole.
    pub wrong: Vec<String>,
    /// The record under the key that was named.
    pub record: Option<SubscriberRecord>,
    pub holdings: Holdings,
}

/// How many of what a database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    pub conversations: u64,
    pub subscribers: u64,
    pub intents: u64,
    pub journeys: u64,
}

/// Looks at a database, all of it, without changing anything. `record` names one that is wanted, and is not counted.
///
/// What is wrong with the database is in the answer; an error says why it could not be looked at.
pub async fn examine(database: &Database, record: KeyedHash) -> Result<Examined, StoreError> {
    match database {
        Database::Sqlite(path) => sqlite::examine(path, record).await,
        Database::Postgres(address) => postgres::examine(address, record).await,
    }
}

/// Brings a database to this version's schema; a file or tables that are missing are made.
pub async fn migrate(database: &Database) -> Result<(), StoreError> {
    match database {
        Database::Sqlite(path) => sqlite::migrate(path).await,
        Database::Postgres(address) => postgres::migrate(address).await,
    }
}
