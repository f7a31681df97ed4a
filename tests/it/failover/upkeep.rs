//! What goes on beside turns is one node's work at a time, and another's when that one dies.

use super::load::Load;
use crate::phones::{Phone, profile, wire};
use crate::postgres;
use crate::server::{House, until};

/// Who does the upkeep, if anybody.
async fn holder(database: &postgres::Database) -> Option<Vec<u8>> {
    let holder = sqlx::query_scalar("SELECT holder FROM leases WHERE name = 'upkeep'");
    holder.fetch_optional(&database.pool).await.expect("a table of leases")
}

/// A day passes for all who have dialled, and they are forgotten. Gives how many.
async fn a_day_passes(database: &postgres::Database) -> u64 {
    let expired = sqlx::query("UPDATE conversations SET expires = 1, expires_hour = 0").execute(&database.pool).await;
    let expired = expired.expect("they are there").rows_affected();
    assert!(expired > 0, "somebody had dialled");
    until("they are forgotten", async || {
        let left = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM conversations");
        left.fetch_one(&database.pool).await.expect("a count") == 0
    })
    .await;
    expired
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_expired_is_forgotten_when_the_node_that_did_it_is_dead() {
    let database = postgres::database().await;
    let house = House::on(&database.address).await;
    let first = house.start().await;
    until("the first node does the upkeep", async || holder(&database).await.is_some()).await;
    let before = holder(&database).await;
    let nodes = [first, house.start().await];

    for n in 0..12 {
        let mut phone = Phone::new(&profile("hubtel"), &format!("+9198333300{n:02}"), n as u128);
        phone.dial(&wire(&nodes[n % 2]), "*123#").await.expect("it is served");
    }
    let mut forgotten = a_day_passes(&database).await;
    assert_eq!(holder(&database).await, before, "nobody takes the work from one who lives");

    let load = Load::begin(&nodes).await;
    load.answered(40).await;
    let [first, _second] = nodes;
    first.kill();
    load.answered(40).await;
    let tally = load.end().await;
    // A minute passes in which the dead node does not ask for the work again.
    let over = sqlx::query("UPDATE leases SET until = 1 WHERE name = 'upkeep'").execute(&database.pool).await;
    assert_eq!(over.expect("a table of leases").rows_affected(), 1);
    forgotten += a_day_passes(&database).await;
    assert_ne!(holder(&database).await, before, "the other node does it now");
    println!("1 node killed that did the upkeep: {forgotten} conversations forgotten in time; {tally}");
}
