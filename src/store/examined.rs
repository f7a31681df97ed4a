//! What operators ask about a database that nobody need be serving: which schema it has, whether it is whole.

use sqlx::migrate::Migrator;

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
    pub messages: u64,
}

/// A migration that a database went through: version, description, checksum, and whether it came to its end.
pub(super) type Applied = (i64, String, Vec<u8>, bool);

/// What both engines keep of migrations.
pub(super) const APPLIED: &str =
    "SELECT version, description, checksum, success FROM _sqlx_migrations ORDER BY version";

impl Examined {
    /// Compares the migrations that a database went through, oldest first, with those of this version.
    pub(super) fn compare_schema(&mut self, applied: &[Applied], known: &Migrator) {
        for (version, description, checksum, success) in applied {
            let name = name(*version, description);
            let ours = known.iter().find(|ours| ours.version == *version);
            if !ours.is_some_and(|ours| *ours.checksum == **checksum && *success) {
                let whose =
                    "is not this version's: the database was written by another, probably newer version of gramsetu";
                self.wrong.push(format!("the migration {name} {whose}"));
            }
            self.applied.push(name);
        }
        let has = |version: i64| applied.iter().any(|(applied, ..)| *applied == version);
        let missing = known.iter().filter(|known| !has(known.version));
        self.missing = missing.map(|known| name(known.version, &known.description)).collect();
    }
}

/// `0001 store`, as its file is called.
fn name(version: i64, description: &str) -> String {
    format!("{version:04} {description}")
}

impl From<(i64, i64, i64, i64, i64)> for Holdings {
    /// From counts in the order of its fields.
    fn from((conversations, subscribers, intents, journeys, messages): (i64, i64, i64, i64, i64)) -> Self {
        Self {
            conversations: conversations.cast_unsigned(),
            subscribers: subscribers.cast_unsigned(),
            intents: intents.cast_unsigned(),
            journeys: journeys.cast_unsigned(),
            messages: messages.cast_unsigned(),
        }
    }
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
