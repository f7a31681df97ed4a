//! Two nodes over one database: a dialogue is one, wherever its callbacks go.

use super::load::{Load, two_nodes};
use crate::phones::{profile, wire};
use crate::postgres;
use crate::server::{GATEWAYS, House};
use crate::walk::{Reference, Walker};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_turn_of_a_leg_may_go_to_another_node() {
    let database = postgres::database().await;
    let house = House::on(&database.address).await;
    let nodes = two_nodes(&house).await;
    let load = Load::begin(&nodes).await;
    load.answered(400).await;
    println!("two nodes: {}", load.end().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_callback_at_two_nodes_at_once_is_one_turn_with_one_page() {
    const TURNS: i64 = 20;

    let database = postgres::database().await;
    let house = House::on(&database.address).await;
    let nodes = two_nodes(&house).await;
    let (one, other) = (wire(&nodes[0]), wire(&nodes[1]));
    for (n, name) in GATEWAYS.iter().enumerate() {
        let profile = profile(name);
        let reference = Reference::walk(&profile, &format!("+9198000000{n:02}"), &one).await;
        let before = turns(&database).await;
        let mut walker = Walker::new(&profile, &format!("+91981{n:07}"), n as u128);
        for _ in 0..TURNS {
            walker.prepare();
            let mut twin = Walker { phone: walker.phone.clone(), next: walker.next };
            let (first, second) = tokio::join!(walker.step_as(&reference, &one), twin.step_as(&reference, &other));
            first.and(second).expect("both are served");
            walker.phone.expect_same_reply(&twin.phone);
        }
        assert_eq!(turns(&database).await - before, TURNS, "{name}: a callback was more than one turn");
    }
    println!(
        "two nodes: {TURNS} callbacks on each of {} gateways, sent to both at once, were one turn each",
        GATEWAYS.len()
    );
}

/// Of all conversations together.
async fn turns(database: &postgres::Database) -> i64 {
    let sum = sqlx::query_scalar("SELECT coalesce(sum(turn), 0)::bigint FROM conversations");
    sum.fetch_one(&database.pool).await.expect("a sum")
}
