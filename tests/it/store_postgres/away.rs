//! The database goes away, and comes back; a commit whose replication is not waited for is not taken for done.

use std::sync::Arc;
use std::time::Duration;

use gramsetu::store::postgres::{Address, open};
use gramsetu::store::{Commit, CommitError, Lookup, Options, Store, StoreError};

use crate::postgres::{Cluster, Stop};
use crate::server::until;
use crate::store_contract::messages::{message, queue, read};
use crate::store_contract::{START, conversation, hash, later, mark, turn};

async fn store(address: &str, patience: Duration) -> Arc<dyn Store> {
    let address: Address = address.parse().expect("an address");
    open(&address, Options { patience, ..Options::default() }).await.expect("it opens")
}

fn words<T: std::fmt::Debug>(outcome: Result<T, CommitError>) -> String {
    match outcome {
        Err(CommitError::Store(error @ StoreError::Database(_))) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn killed_and_started_again_it_goes_on_by_itself() {
    let mut cluster = Cluster::new().await;
    let store = store(&cluster.address("postgres"), Duration::from_secs(2)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    cluster.kill9();
    let said = words(store.commit(turn(&conversation(1, 2, START))).await);
    assert!(!said.contains("zq-database-password"), "{said}");
    let read = store.conversation(Lookup::Subscriber(hash(1)), START).await;
    assert!(matches!(read, Err(StoreError::Database(_))), "{read:?}");
    cluster.start().await;
    until("it takes turns again", async || store.commit(turn(&conversation(2, 1, START))).await.is_ok()).await;
    let found = store.conversation(Lookup::Subscriber(hash(1)), START).await.expect("readable");
    assert_eq!(found, Some(conversation(1, 1, START)), "what failed was not written, what stood is there");
    store.commit(turn(&conversation(1, 2, START))).await.expect("it stands");
}

#[tokio::test]
async fn a_restart_between_is_not_even_seen() {
    let mut cluster = Cluster::new().await;
    let store = store(&cluster.address("postgres"), Duration::from_mins(1)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    let commits = async {
        for number in 2..=300 {
            store.commit(turn(&conversation(1, number, START))).await.expect("patience is long");
        }
    };
    tokio::join!(commits, cluster.restart(Stop::Immediate));
    let journeys = cluster.psql("SELECT count(*)::text FROM journeys").await;
    assert_eq!(journeys, ["300"], "nothing is lost, and nothing is written twice");
}

#[tokio::test]
async fn a_wait_for_replication_that_is_cancelled_is_no_success() {
    let cluster = Cluster::new().await;
    let store = store(&cluster.address("postgres"), Duration::from_secs(3)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    cluster.set("synchronous_standby_names", "nobody").await;
    let commit = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.commit(turn(&conversation(1, 2, START))).await }
    });
    let cancel = "SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    until("a commit waits", async || !cluster.psql(cancel).await.is_empty()).await;
    words(commit.await.expect("it ends"));
    // Nobody waits any more: it is there, and the standby that nobody has is not needed.
    cluster.set("synchronous_standby_names", "").await;
    until("it takes turns again", async || store.commit(turn(&conversation(2, 1, START))).await.is_ok()).await;
    let journeys = cluster.psql("SELECT count(*)::text FROM journeys").await;
    assert_eq!(journeys, ["3"]);
}

#[tokio::test]
async fn what_another_node_sees_of_a_cancelled_wait_is_no_more_durable_there() {
    let cluster = Cluster::new().await;
    let address = cluster.address("postgres");
    let (one, other) = (store(&address, Duration::from_secs(3)).await, store(&address, Duration::from_secs(3)).await);
    one.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    other.commit(Commit::default()).await.expect("all that can be read is durable");
    cluster.set("synchronous_standby_names", "nobody").await;
    let commit = tokio::spawn(async move { one.commit(turn(&conversation(1, 2, START))).await });
    let cancel = "SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    until("a commit waits", async || !cluster.psql(cancel).await.is_empty()).await;
    until("it is seen", async || {
        let found = other.conversation(Lookup::Subscriber(hash(1)), START).await.expect("readable");
        found.is_some_and(|found| found.turn == 2)
    })
    .await;
    words(other.commit(Commit::default()).await);
    cluster.set("synchronous_standby_names", "").await;
    until("it is durable", async || other.commit(Commit::default()).await.is_ok()).await;
    drop(commit.await.expect("it ends"));
}

#[tokio::test]
async fn a_commit_in_doubt_is_known_again() {
    let cluster = Cluster::new().await;
    let store = store(&cluster.address("postgres"), Duration::from_mins(1)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    cluster.set("synchronous_standby_names", "nobody").await;
    let commit = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.commit(turn(&conversation(1, 2, START))).await }
    });
    let end = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    until("a commit waits", async || !cluster.psql(end).await.is_empty()).await;
    assert!(!commit.is_finished());
    cluster.set("synchronous_standby_names", "").await;
    commit.await.expect("it ends").expect("it was written, and is not taken for somebody else's");
    let journeys = cluster.psql("SELECT count(*)::text FROM journeys").await;
    assert_eq!(journeys, ["2"], "it is written once");
}

#[tokio::test]
async fn a_mark_and_a_message_in_doubt_are_known_again() {
    let cluster = Cluster::new().await;
    let store = store(&cluster.address("postgres"), Duration::from_mins(1)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    cluster.set("synchronous_standby_names", "nobody").await;
    let commit = tokio::spawn({
        let store = Arc::clone(&store);
        let commit = Commit { marks: vec![mark(70, later(10))], ..queue(&message(1, START)) };
        async move { store.commit(commit).await }
    });
    let end = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    until("a commit waits", async || !cluster.psql(end).await.is_empty()).await;
    cluster.set("synchronous_standby_names", "").await;
    commit.await.expect("it ends").expect("it is its own mark that is there");
    assert_eq!(read(&store, 1).await, Some(message(1, START)));
}

#[tokio::test]
async fn a_wrong_password_is_not_told() {
    let cluster = Cluster::new().await;
    let address = cluster.address("postgres").replace("database-password", "wrong-password");
    let address: Address = address.parse().expect("an address");
    let options = Options { patience: Duration::from_secs(3), ..Options::default() };
    let said = open(&address, options).await.expect_err("nobody has it").to_string();
    assert!(said.contains("user or password are not accepted"), "{said}");
    assert!(!said.contains("zq-") && !said.contains("gramsetu@"), "{said}");
}

#[tokio::test]
async fn each_host_says_what_is_wrong_with_it() {
    let (cluster, mut other) = tokio::join!(Cluster::new(), Cluster::new());
    other.stop(Stop::Fast);
    // In the order of the address, whichever of them answered last.
    for (one, two) in [(&cluster, &other), (&other, &cluster)] {
        let address = one.address_with(two, "postgres").replace("database-password", "wrong-password");
        let address: Address = address.parse().expect("an address");
        let options = Options { patience: Duration::from_secs(3), ..Options::default() };
        let said = open(&address, options).await.expect_err("nobody has it").to_string();
        let refused = format!("127.0.0.1:{}: user or password are not accepted (code 28P01)", cluster.port);
        let dead = format!("127.0.0.1:{}: connection refused", other.port);
        let told = if one.port == cluster.port { [refused, dead] } else { [dead, refused] };
        assert!(said.contains(&told.join("; ")), "{said}");
    }
}

#[tokio::test]
async fn a_primary_that_waits_for_its_standby_says_so() {
    let mut cluster = Cluster::new().await;
    let mut standby = cluster.standby("one").await;
    cluster.set("synchronous_standby_names", "one").await;
    let store = store(&cluster.address_with(&standby, "postgres"), Duration::from_secs(3)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    standby.stop(Stop::Fast);
    let waits = "it is the primary, and waits for a standby to take a commit (synchronous_standby_names)";
    let expected = format!("127.0.0.1:{}: {waits}; 127.0.0.1:{}: connection refused", cluster.port, standby.port);
    words(store.commit(turn(&conversation(1, 2, START))).await);
    until("the reason is told", async || {
        let said = words(store.commit(turn(&conversation(2, 1, START))).await);
        said.contains(&expected)
    })
    .await;
    standby.start().await;
    until("it takes turns again", async || store.commit(turn(&conversation(2, 1, START))).await.is_ok()).await;
    cluster.stop(Stop::Fast);
}

#[tokio::test]
async fn a_standby_that_takes_over_is_found() {
    let mut cluster = Cluster::new().await;
    let standby = cluster.standby("one").await;
    cluster.set("synchronous_standby_names", "one").await;
    let store = store(&cluster.address_with(&standby, "postgres"), Duration::from_mins(1)).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    cluster.kill9();
    let next = conversation(1, 2, START);
    let (written, ()) = tokio::join!(store.commit(turn(&next)), standby.promote());
    written.expect("the other one writes it");
    let found = store.conversation(Lookup::Subscriber(hash(1)), START).await.expect("readable");
    assert_eq!(found, Some(next));
}
