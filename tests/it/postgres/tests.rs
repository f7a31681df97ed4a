//! That the rig itself does what it says.

use super::{Cluster, Stop, database, renamed};
use crate::server::until;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_is_empty_takes_a_table_and_goes() {
    let (one, other) = (database().await, database().await);
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let count = async |pool| sqlx::query_scalar::<_, i64>(tables).fetch_one(pool).await.expect("a count");
    assert_eq!(count(&one.pool).await, 0);
    sqlx::raw_sql("CREATE TABLE a_table (a int)").execute(&one.pool).await.expect("a table");
    assert_eq!((count(&one.pool).await, count(&other.pool).await), (1, 0));
    let name = one.name.clone();
    drop(one);
    let there = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM pg_database WHERE datname = $1").bind(name);
    assert_eq!(there.fetch_one(&other.pool).await.expect("a count"), 0, "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_follows_its_primary_and_takes_its_place() {
    let mut primary = Cluster::new().await;
    let standby = primary.standby("second").await;
    primary.set("synchronous_standby_names", "second").await;
    primary.psql("CREATE TABLE numbers (n int)").await;
    primary.psql("INSERT INTO numbers VALUES (1)").await;
    until("the row is there", async || standby.psql("SELECT n FROM numbers").await == ["1"]).await;
    assert!(standby.psql_in("postgres", "INSERT INTO numbers VALUES (2)").await.is_err(), "it only reads");
    primary.kill9();
    standby.promote().await;
    standby.psql("INSERT INTO numbers VALUES (3)").await;
    assert_eq!(standby.psql("SELECT n FROM numbers ORDER BY n").await, ["1", "3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_comes_back_from_any_end_and_leaves_nothing() {
    let mut cluster = Cluster::new().await;
    cluster.psql("CREATE TABLE numbers (n int)").await;
    cluster.psql("INSERT INTO numbers VALUES (1)").await;
    cluster.restart(Stop::Fast).await;
    cluster.restart(Stop::Immediate).await;
    cluster.kill9();
    assert!(cluster.psql_in("postgres", "SELECT 1").await.is_err(), "it is gone");
    cluster.start().await;
    assert_eq!(cluster.psql("SELECT n FROM numbers").await, ["1"], "{}", cluster.log());
    let folder = cluster.folder().to_owned();
    drop(cluster);
    assert!(!folder.exists());
}

#[test]
fn an_address_is_renamed() {
    assert_eq!(renamed("postgres://u:p@h:1/old?sslmode=disable", "new"), "postgres://u:p@h:1/new?sslmode=disable");
    assert_eq!(renamed("postgres://h", "new"), "postgres://h/new");
}
