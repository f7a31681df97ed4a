//! Which database: a file, or the hosts of a PostgreSQL.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use super::postgres::Address;
use super::{
    Commit, CommitError, KeptProgram, Mail, Message, MessageChange, MessageFilter, MessageGroup, MessageId, Options,
    Programs, PublishError, Published, Store, StoreError, postgres, sqlite,
};
use crate::menu::Version;
use crate::types::{Later, Timestamp};

/// Where the data is kept: what the setting `database` says.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file of one process.
    Sqlite(PathBuf),
    /// For any number of nodes.
    Postgres(Address),
}

/// Says what is wrong with the address of a database; never quotes it, since it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    #[error(
        "the address of the database cannot be read ({0}); write `postgres://user:password@host1,host2:5433/name`, other \
         signs than letters and digits in the password as `%40`"
    )]
    Address(String),
    #[error("the database is neither a file nor `postgres://…`; this program knows no `{0}`")]
    Scheme(String),
}

impl FromStr for Database {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once("://") {
            // A file of such a name would be made where a slash was forgotten, and its name hold the password.
            None if ["postgres:", "postgresql:"].iter().any(|scheme| text.starts_with(scheme)) => {
                Err(DatabaseError::Address("it lacks `//`".to_owned()))
            }
            None => Ok(Self::Sqlite(PathBuf::from(text))),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.parse()?)),
            Some((scheme, _)) => Err(DatabaseError::Scheme(scheme.to_owned())),
        }
    }
}

impl Database {
    /// A file that is not there yet: opening it makes it.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Sqlite(path) if !path.exists())
    }
}

/// Without user and password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

/// The programs of a database alone, also beside servers that have it open.
pub async fn open_programs(database: &Database, now: Timestamp) -> Result<Box<dyn Programs>, StoreError> {
    match database {
        Database::Sqlite(path) => sqlite::programs(path).await,
        Database::Postgres(_) => Ok(Box::new(Whole(open(database, Options::default(), now).await?))),
    }
}

/// The messages of a database alone, also beside servers that have it open.
pub async fn open_mail(database: &Database, now: Timestamp) -> Result<Box<dyn Mail>, StoreError> {
    match database {
        Database::Sqlite(path) => sqlite::mail(path).await,
        Database::Postgres(_) => Ok(Box::new(Whole(open(database, Options::default(), now).await?))),
    }
}

/// Of a store that any number of processes may have open.
#[derive(Debug)]
struct Whole(Arc<dyn Store>);

impl Programs for Whole {
    fn program(&self, version: Version) -> Later<'_, Result<Option<KeptProgram>, StoreError>> {
        self.0.programs().program(version)
    }

    fn published(&self) -> Later<'_, Result<Option<Published>, StoreError>> {
        self.0.programs().published()
    }

    fn history(&self, at_most: u32) -> Later<'_, Result<Vec<Published>, StoreError>> {
        self.0.programs().history(at_most)
    }

    fn publish(&self, program: KeptProgram, after: u64, now: Timestamp) -> Later<'_, Result<Published, PublishError>> {
        self.0.programs().publish(program, after, now)
    }

    fn stirred(&self) -> Later<'_, ()> {
        self.0.programs().stirred()
    }
}

impl Mail for Whole {
    fn groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>> {
        self.0.message_groups()
    }

    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>> {
        self.0.message(id)
    }

    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>> {
        self.0.messages(filter, at_most)
    }

    fn change(&self, messages: Vec<MessageChange>) -> Later<'_, Result<(), CommitError>> {
        self.0.commit(Commit { messages, ..Commit::default() })
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        self.0.close()
    }
}

/// Opens a database, creating a file or tables that are missing, and migrates it.
pub async fn open(database: &Database, options: Options, now: Timestamp) -> Result<Arc<dyn Store>, StoreError> {
    match database {
        Database::Sqlite(path) => sqlite::open(path, options, now).await,
        Database::Postgres(address) => postgres::open(address, options).await,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_is_nearly_an_address_is_no_file_and_is_not_quoted() {
        for file in ["gramsetu.db", "/var/lib/a:b@c.db", "postgres.db"] {
            assert!(matches!(file.parse(), Ok(Database::Sqlite(path)) if path == Path::new(file)), "{file}");
        }
        assert!(matches!("postgresql://u:secret@db1/state".parse(), Ok(Database::Postgres(_))));
        for wrong in ["postgres:u:secret@db1/state", "postgresql:/u:secret@db1/state", "mysql://u:secret@db1/state"] {
            let told = wrong.parse::<Database>().expect_err(wrong).to_string();
            assert!(!told.contains("secret") && !told.contains("db1"), "{told}");
        }
    }
}
