//! Upkeep, which one of several nodes does for all.

use gramsetu::store::{Commit, Intent, IntentChange, IntentId, IntentState, Options};
use gramsetu::types::Timestamp;

use std::sync::Arc;
use std::time::Duration;

use super::Node;
use crate::server::{pause, until};
use crate::store_contract::{Engine as _, START, conversation, hash, later, turn};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

async fn count(engine: &Node, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(&engine.database.pool).await.expect(question)
}

async fn partitions(engine: &Node) -> Vec<String> {
    let names = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journeys'::regclass ORDER BY 1";
    sqlx::query_scalar(names).fetch_all(&engine.database.pool).await.expect("names")
}

#[tokio::test]
async fn one_node_does_it_and_another_takes_it_over() {
    let engine = Node::new().await;
    let (one, two) = (engine.open(START).await, engine.open(START).await);
    let expired = conversation(1, 1, START);
    one.commit(turn(&expired)).await.expect("it stands");
    one.commit(turn(&conversation(2, 1, later(9 * MINUTE)))).await.expect("it stands");
    one.upkeep(START).await.expect("kept up");
    two.upkeep(later(1)).await.expect("kept up");
    assert_eq!((one.observed().live, two.observed().live), (2, 2), "each counts for itself");
    let fence = "SELECT fence FROM leases WHERE name = 'upkeep'";
    assert_eq!(count(&engine, fence).await, 1);

    // The first has gone away; the second takes over once the lease has ended, and forgets what has expired.
    two.upkeep(later(30_000)).await.expect("kept up");
    assert_eq!(count(&engine, fence).await, 1);
    two.upkeep(later(11 * MINUTE)).await.expect("kept up");
    assert_eq!(count(&engine, fence).await, 2);
    assert_eq!(count(&engine, "SELECT count(*) FROM conversations").await, 1);
    assert_eq!((one.observed().live, two.observed().live), (2, 1));

    // The first comes back too late.
    one.upkeep(later(11 * MINUTE + 1)).await.expect("kept up");
    assert_eq!(count(&engine, fence).await, 2);
}

#[tokio::test]
async fn partitions_are_made_ahead_and_dropped_in_time_and_no_journey_is_lost() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    // 2023-11-14, before there is any partition.
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys_default").await, 1);
    store.upkeep(START).await.expect("kept up");
    let days = ["journeys_20231114", "journeys_20231115", "journeys_20231116", "journeys_20231117", "journeys_default"];
    assert_eq!(partitions(&engine).await, days);
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys_default").await, 0, "it was moved");
    store.commit(turn(&conversation(2, 1, later(DAY)))).await.expect("it stands");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys_20231115").await, 1);
    // Nobody kept it up for a week.
    store.commit(turn(&conversation(3, 1, later(9 * DAY)))).await.expect("it stands");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys_default").await, 1);
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys").await, 3);

    store.upkeep(later(90 * DAY)).await.expect("kept up");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys").await, 3, "the day is not over for all of it");
    store.upkeep(later(91 * DAY)).await.expect("kept up");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys").await, 2);
    assert!(!partitions(&engine).await.contains(&"journeys_20231114".to_owned()));
    store.upkeep(later(100 * DAY)).await.expect("kept up");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys").await, 0, "what no partition took goes as well");
}

/// Whether a statement waits for somebody's lock.
async fn somebody_waits(engine: &Node) -> bool {
    let waiting = "SELECT count(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    count(engine, waiting).await > 0
}

#[tokio::test]
async fn a_partition_is_made_although_journeys_come_meanwhile() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    let insert = "INSERT INTO journeys (at, session, gateway, channel, program, answer) \
                  VALUES ($1, decode(repeat('00', 16), 'hex'), 'g', 'ussd', 'p', 'begin')";
    let mut written = 0;
    // A machine that is busy may take longer than upkeep waits for others; each try meets a journey that is being written.
    for round in 0..20 {
        let mut writing = engine.database.pool.begin().await.expect("a transaction");
        sqlx::query(insert).bind(START.0).execute(&mut *writing).await.expect("inserted");
        let upkeep = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.upkeep(later(round * 10_000)).await }
        });
        until("upkeep waits, or has given up", async || upkeep.is_finished() || somebody_waits(&engine).await).await;
        writing.commit().await.expect("committed");
        written += 1;
        if upkeep.await.expect("it ends").is_ok() {
            break;
        }
        assert!(round < 19, "no partition is made while journeys come");
    }
    assert!(partitions(&engine).await.contains(&"journeys_20231114".to_owned()));
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys_default").await, 0, "it was moved");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys").await, written);
}

#[tokio::test]
async fn a_turn_that_is_written_while_its_partition_is_made_is_written() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    // As upkeep does, held between two of its statements.
    let mut making = engine.database.pool.begin().await.expect("a transaction");
    let (from, to) = (START.0.div_euclid(DAY) * DAY, START.0.div_euclid(DAY) * DAY + DAY);
    let begin = "CREATE TABLE journeys_20231114 (LIKE journeys INCLUDING ALL);
                 LOCK TABLE journeys_default IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(begin).execute(&mut *making).await.expect("made");
    let commit = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.commit(turn(&conversation(1, 1, START))).await }
    });
    until("the turn is on its way to the default partition", async || somebody_waits(&engine).await).await;
    let attach = format!("ALTER TABLE journeys ATTACH PARTITION journeys_20231114 FOR VALUES FROM ({from}) TO ({to})");
    sqlx::raw_sql(sqlx::AssertSqlSafe(attach)).execute(&mut *making).await.expect("attached");
    making.commit().await.expect("committed");
    commit.await.expect("it ends").expect("it stands");
    assert_eq!(count(&engine, "SELECT count(*) FROM journeys_20231114").await, 1);
}

#[tokio::test]
async fn slow_upkeep_says_nothing_about_the_primary() {
    const PATIENCE: Duration = Duration::from_secs(4);

    let engine = Node::new().await;
    let store = engine.try_open(Options { patience: PATIENCE, ..Options::default() }).await.expect("it opens");
    let mut busy = engine.database.pool.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE leases IN ACCESS EXCLUSIVE MODE").execute(&mut *busy).await.expect("locked");
    let upkeep = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.upkeep(START).await }
    });
    until("upkeep waits", async || somebody_waits(&engine).await).await;
    // Longer than any statement of a turn is waited for, which is half of that.
    let since = std::time::Instant::now();
    while since.elapsed() < PATIENCE * 3 / 4 {
        assert!(!upkeep.is_finished(), "{:?}", upkeep.await);
        pause().await;
    }
    busy.rollback().await.expect("released");
    upkeep.await.expect("it ends").expect("kept up");
    assert!(partitions(&engine).await.contains(&"journeys_20231114".to_owned()));
}

#[tokio::test]
async fn told_intents_are_forgotten_and_open_ones_are_not() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    let intent = |id: u8| Intent {
        id: IntentId(u128::from(id)),
        subscriber: hash(1),
        operation: "lpg.book".to_owned(),
        request: hash(id),
        receipt: "R".to_owned(),
        state: IntentState::Claimed,
        at: START,
        due: later(10),
        tries: 0,
        lease: 0,
        sealed: vec![1],
    };
    let settle = |id| IntentChange::Settle { id, sealed: vec![2], lease: None };
    let changes = vec![
        IntentChange::Claim(intent(1)),
        IntentChange::Claim(intent(2)),
        settle(IntentId(1)),
        IntentChange::Told { id: IntentId(1) },
    ];
    store.commit(Commit { intents: changes, ..Commit::default() }).await.expect("it stands");
    let kept = i64::try_from(Options::default().intents.as_millis()).expect("it fits");
    store.upkeep(later(kept)).await.expect("kept up");
    assert_eq!(count(&engine, "SELECT count(*) FROM intents").await, 2);
    store.upkeep(Timestamp(START.0 + kept + 2 * MINUTE)).await.expect("kept up");
    assert_eq!(count(&engine, "SELECT count(*) FROM intents WHERE state < 3").await, 1);
    assert_eq!(count(&engine, "SELECT count(*) FROM intents").await, 1);
}
