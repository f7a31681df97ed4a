//! The PostgreSQL store: the contract, and what only several nodes over one database can go through.

use std::sync::Arc;
use std::time::Duration;

use gramsetu::store::postgres::{Address, open};
use gramsetu::store::{Options, Store, StoreError};
use gramsetu::types::Timestamp;

use crate::postgres::{Database, database};
use crate::store_contract::{Engine, IDLE, contract};

mod away;
mod messages;
mod nodes;
mod tables;
mod upkeep;

contract!(Node::new().await);

/// A database of its own, which any number of stores may open.
pub(crate) struct Node {
    pub(crate) database: Database,
}

impl Node {
    pub(crate) async fn new() -> Self {
        Self { database: database().await }
    }

    pub(crate) async fn try_open(&self, options: Options) -> Result<Arc<dyn Store>, StoreError> {
        let address: Address = self.database.address.parse().expect("an address");
        open(&address, options).await
    }
}

impl Engine for Node {
    const FOLDS: bool = false;

    async fn open(&self, _: Timestamp) -> Arc<dyn Store> {
        let idle = Duration::from_millis(IDLE.unsigned_abs());
        // Far beyond what a machine that is busy with other tests takes.
        let options = Options { idle, patience: Duration::from_secs(30), ..Options::default() };
        self.try_open(options).await.expect("it opens")
    }

    /// The database lives on, and so does what it holds.
    fn kill(&mut self) {}
}
