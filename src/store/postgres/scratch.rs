//! A schema of its own for a while, in a database that may hold anything else. What is in it need not outlast a crash.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::Address;
use crate::store::{Database, StoreError};

/// An empty schema. It stays until it is removed.
#[derive(Debug)]
pub struct Scratch {
    address: Address,
    name: String,
}

impl Scratch {
    /// `id` tells it from all others.
    pub async fn make(address: &Address, id: u128) -> Result<Self, StoreError> {
        let scratch = Self { address: address.clone(), name: format!("gramsetu_scratch_{id:032x}") };
        scratch.say("CREATE SCHEMA").await?;
        Ok(scratch)
    }

    /// What a store opens in order to be in this schema alone.
    pub fn database(&self) -> Database {
        Database::Postgres(self.address.within(&self.name))
    }

    /// With everything in it.
    pub async fn remove(self) -> Result<(), StoreError> {
        self.say("DROP SCHEMA IF EXISTS").await
    }

    /// On the first host that can do it, which is the primary.
    async fn say(&self, what: &str) -> Result<(), StoreError> {
        let cascade = if what.starts_with("DROP") { " CASCADE" } else { "" };
        // The name is made of our own letters and digits.
        let statement = format!("{what} {}{cascade}", self.name);
        let mut refused = String::new();
        for host in self.address.hosts() {
            let said = async {
                let mut connection = PgConnection::connect_with(host).await?;
                sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut connection).await?;
                connection.close().await
            };
            match said.await {
                Ok(()) => return Ok(()),
                Err(error) => refused = error.to_string(),
            }
        }
        Err(StoreError::Open { path: self.address.to_string(), reason: refused })
    }
}
