//! The standby is away, and somebody cancels the wait for it: PostgreSQL then says that the transaction is committed, while
//! only the primary has it.

use super::load::{Load, two_nodes};
use crate::postgres::{Cluster, Stop};
use crate::server::{House, pause};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_wait_for_the_standby_is_no_commit() {
    const CANCELS: u32 = 30;

    let mut primary = Cluster::new().await;
    let mut standby = primary.standby("second").await;
    primary.set("synchronous_standby_names", "second").await;
    let house = House::on(&primary.address_with(&standby, "postgres")).await;
    let nodes = two_nodes(&house).await;
    let load = Load::begin(&nodes).await;
    load.answered(150).await;

    standby.stop(Stop::Fast);
    let cancel = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let mut cancelled = 0;
    while cancelled < CANCELS {
        cancelled += primary.psql(cancel).await[0].parse::<u32>().expect("a number");
        pause().await;
    }
    load.apologies(10).await;
    primary.kill9();
    standby.start().await;
    standby.promote().await;
    load.answered(150).await;
    println!("{cancelled} cancelled waits for the standby, then 1 kill of the primary: {}", load.end().await);
}
