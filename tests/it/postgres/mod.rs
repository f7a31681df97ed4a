//! PostgreSQL for tests: databases on one cluster of this test process, and clusters that a test may break.
//!
//! `cluster`: one cluster, from its making to its end; `machine`: the machine's binaries, and who may run them. What gramsetu
//! does with any of it is not tested here.

mod cluster;
mod machine;
mod tests;

use std::hash::{BuildHasher as _, RandomState};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};
use tokio::sync::OnceCell;

pub(crate) use cluster::{Cluster, Stop};

/// The address of a cluster that is there already, whose user may create databases: `postgres://user:password@host:port/db`.
const GIVEN: &str = "GRAMSETU_TEST_POSTGRES";

/// What most tests share: the cluster that the environment names, or one of this process.
#[derive(Debug)]
enum Shared {
    Given(String),
    Own(Cluster),
}

impl Shared {
    async fn find() -> Self {
        match std::env::var(GIVEN) {
            Ok(address) => Self::Given(address),
            Err(_) => Self::Own(Cluster::new().await),
        }
    }

    /// Of any database of the cluster.
    fn address(&self, database: &str) -> String {
        match self {
            Self::Given(address) => renamed(address, database),
            Self::Own(cluster) => cluster.address(database),
        }
    }

    /// Of the database from which others are made.
    fn first(&self) -> String {
        match self {
            Self::Given(address) => address.clone(),
            Self::Own(cluster) => cluster.address("postgres"),
        }
    }
}

/// The same address, with another database.
fn renamed(address: &str, database: &str) -> String {
    let (scheme, rest) = address.split_once("://").expect("an address");
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let query = rest.find('?').map_or("", |at| &rest[at..]);
    format!("{scheme}://{authority}/{database}{query}")
}

/// One connection that tells the log nothing.
pub(crate) async fn connect(address: &str) -> sqlx::Result<PgConnection> {
    let options: PgConnectOptions = address.parse()?;
    PgConnection::connect_with(&options.disable_statement_logging()).await
}

/// A database of its own on the shared cluster, empty at first. It is dropped with this, whoever is still connected.
#[derive(Debug)]
pub(crate) struct Database {
    /// As the setting `database` takes it.
    pub(crate) address: String,
    /// For looking into it.
    pub(crate) pool: PgPool,
    name: String,
    first: String,
}

/// An empty database.
pub(crate) async fn database() -> Database {
    static SHARED: OnceCell<Shared> = OnceCell::const_new();
    let shared = SHARED.get_or_init(Shared::find).await;
    // Others may use the same cluster.
    let name = format!("gramsetu_test_{:016x}", RandomState::new().hash_one(std::process::id()));
    let first = shared.first();
    let mut connection = connect(&first).await.expect("the shared cluster");
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(create).execute(&mut connection).await.expect("a database is created");
    let address = shared.address(&name);
    let options: PgConnectOptions = address.parse().expect("an address");
    let pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options.disable_statement_logging());
    Database { address, pool, name, first }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (first, name) = (self.first.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                // A cluster of our own takes it along at the end of the process.
                if let Ok(mut connection) = connect(&first).await {
                    let _ = sqlx::raw_sql(drop).execute(&mut connection).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
