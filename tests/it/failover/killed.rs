//! PostgreSQL dies and comes back under load, again and again.

use std::time::Instant;

use super::load::{Load, two_nodes};
use crate::postgres::Cluster;
use crate::server::{House, Server, get, until};

const ROUNDS: usize = 3;

async fn health(server: &Server) -> u16 {
    get(server.admin, "/health").await.map_or(0, |heard| heard.status)
}

/// The gauge `gramsetu_store_failing_seconds`.
async fn failing(server: &Server) -> f64 {
    let page = get(server.admin, "/metrics").await.expect("a page").text();
    let gauge = page.lines().find_map(|line| line.strip_prefix("gramsetu_store_failing_seconds ")).expect("a gauge");
    gauge.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_stays_away_is_seen_by_health_though_nobody_dials() {
    let mut cluster = Cluster::new().await;
    let house = House::on(&cluster.address("postgres")).await;
    let node = house.start().await;
    assert_eq!((health(&node).await, failing(&node).await), (200, 0.0));
    cluster.kill9();
    until("operators are told", async || health(&node).await == 503).await;
    let ready = get(node.admin, "/health/ready").await.expect("a reply");
    assert_eq!(ready.status, 200, "a balancer goes on sending");
    assert!(failing(&node).await >= 10.0, "{}", failing(&node).await);
    cluster.start().await;
    until("it is well again", async || health(&node).await == 200 && failing(&node).await == 0.0).await;
}

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
