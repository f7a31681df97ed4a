//! The primary dies for good and its standby takes its place; then the dead one comes back and thinks that it is still the
//! primary.

use std::time::Instant;

use super::load::{Load, two_nodes};
use crate::phones::{Phone, profile, wire};
use crate::postgres::Cluster;
use crate::server::House;

/// Of all conversations together.
async fn turns(cluster: &Cluster) -> Vec<String> {
    cluster.psql("SELECT coalesce(sum(turn), 0) FROM conversations").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_go_over_to_the_standby_and_never_back() {
    let mut primary = Cluster::new().await;
    let standby = primary.standby("second").await;
    primary.set("synchronous_standby_names", "second").await;
    let house = House::on(&primary.address_with(&standby, "postgres")).await;
    let nodes = two_nodes(&house).await;
    let load = Load::begin(&nodes).await;
    load.answered(200).await;

    primary.kill9();
    load.apologies(10).await;
    let promoted = Instant::now();
    standby.promote().await;
    load.answered(1).await;
    println!("turns are answered {:?} after the standby is told to be the primary", promoted.elapsed());
    load.answered(150).await;

    // Nobody fenced it, and it waits for no standby any more: it would take whatever is written to it.
    primary.start().await;
    primary.set("synchronous_standby_names", "").await;
    assert_eq!(primary.psql("SELECT pg_is_in_recovery()").await, ["f"]);
    let before = turns(&primary).await;
    let others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let mut broken = 0;
    for _ in 0..3 {
        broken += standby.psql(others).await[0].parse::<u32>().expect("a number");
        load.answered(80).await;
    }
    assert!(broken > 0, "the nodes had to look for a primary again");
    let tally = load.end().await;
    // A node that is new has seen neither of them, and the old one is the first in its list.
    let late = house.start().await;
    let mut phone = Phone::new(&profile("hubtel"), "+919834440001", 1);
    phone.dial(&wire(&late), "*123#").await.expect("it is served");
    let shown = phone.answer(&wire(&nodes[0]), "8").await.expect("it is served");
    assert!(shown.text.starts_with("Farming"), "a new node keeps its turns elsewhere: {}", shown.text);
    assert_eq!(turns(&primary).await, before, "something was written to the old primary");
    println!("1 kill of the primary, {broken} connections broken beside the old one: {tally}");
}
