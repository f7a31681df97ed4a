//! PostgreSQL dies and comes back under load, again and again.

use std::time::Instant;

use super::load::{Load, two_nodes};
use crate::postgres::Cluster;
use crate::server::House;

const ROUNDS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_find_a_killed_postgresql_again_and_every_answered_turn_with_it() {
    let mut cluster = Cluster::new().await;
    let house = House::on(&cluster.address("postgres")).await;
    let nodes = two_nodes(&house).await;
    let load = Load::begin(&nodes).await;
    for round in 1..=ROUNDS {
        load.answered(150).await;
        cluster.kill9();
        load.apologies(10).await;
        let started = Instant::now();
        cluster.start().await;
        load.answered(1).await;
        println!("round {round}: turns are answered {:?} after PostgreSQL is started", started.elapsed());
    }
    load.answered(150).await;
    println!("{ROUNDS} kills of PostgreSQL: {}", load.end().await);
    for node in nodes {
        let log = node.kill();
        assert!(!log.contains("zq-database-password"), "the password is in the log");
    }
}
