//! Several nodes over one database: who is second loses, and nothing is done twice.

use std::sync::Arc;

use gramsetu::menu::Version;
use gramsetu::store::{
    Commit, CommitError, Intent, IntentChange, IntentId, IntentState, KeptProgram, Lookup, PublishError, Store,
};

use super::Node;
use crate::server::until;
use crate::store_contract::{Engine as _, START, conversation, hash, later, turn};

fn claim(id: u128, request: u8) -> Commit {
    let intent = Intent {
        id: IntentId(id),
        subscriber: hash(1),
        operation: "lpg.book".to_owned(),
        request: hash(request),
        receipt: "R".to_owned(),
        state: IntentState::Claimed,
        at: START,
        due: later(10),
        tries: 0,
        lease: 0,
        sealed: vec![1],
    };
    Commit { intents: vec![IntentChange::Claim(intent)], ..Commit::default() }
}

#[tokio::test]
async fn of_two_nodes_the_second_loses_to_the_first() {
    let engine = Node::new().await;
    let (one, two) = tokio::join!(engine.open(START), engine.open(START));
    let first = conversation(1, 1, START);
    one.commit(turn(&first)).await.expect("it stands");
    match two.commit(turn(&conversation(1, 1, later(1)))).await {
        Err(CommitError::Lost(winner)) => assert_eq!(*winner, first),
        other => panic!("{other:?}"),
    }
    two.commit(turn(&conversation(1, 2, later(2)))).await.expect("it follows");
    let found = one.conversation(Lookup::Subscriber(hash(1)), later(2)).await.expect("readable");
    assert_eq!(found, Some(conversation(1, 2, later(2))), "a node remembers nothing");
}

#[tokio::test]
async fn what_was_queued_with_the_loser_is_written() {
    let engine = Node::new().await;
    let (one, two) = (engine.open(START).await, engine.open(START).await);
    for round in 0..20 {
        let subscriber = |place: u8| round * 4 + place;
        let ours = conversation(subscriber(0), 1, START);
        let mut theirs = ours.clone();
        theirs.sealed = b"theirs".to_vec();
        let (a, b, c, d) =
            (turn(&ours), turn(&theirs), conversation(subscriber(1), 1, START), conversation(subscriber(2), 1, START));
        let (a, b, c, d) = tokio::join!(one.commit(a), two.commit(b), one.commit(turn(&c)), two.commit(turn(&d)));
        assert!(a.is_ok() != b.is_ok(), "one of them stands: {a:?} {b:?}");
        c.and(d).expect("nobody is in their way");
    }
    let journeys: i64 = count(&engine, "SELECT count(*) FROM journeys").await;
    assert_eq!(journeys, 60, "three turns a round stand");
}

async fn count(engine: &Node, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(&engine.database.pool).await.expect(question)
}

#[tokio::test]
async fn a_request_is_open_once_whichever_node_is_asked() {
    let engine = Node::new().await;
    let (one, two) = (engine.open(START).await, engine.open(START).await);
    for round in 0..20_u8 {
        let id = u128::from(round) * 2 + 1;
        let (a, b) = tokio::join!(one.commit(claim(id, round)), two.commit(claim(id + 1, round)));
        match (a, b) {
            (Ok(()), Err(CommitError::AlreadyOpen(open))) => assert_eq!(open.id, IntentId(id)),
            (Err(CommitError::AlreadyOpen(open)), Ok(())) => assert_eq!(open.id, IntentId(id + 1)),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn due_intents_go_to_one_node_each() {
    let engine = Node::new().await;
    let (one, two) = (engine.open(START).await, engine.open(START).await);
    for id in 1..=40_u8 {
        one.commit(claim(u128::from(id), id)).await.expect("claimed");
    }
    let lease = |node: &Arc<dyn Store>| {
        let node = Arc::clone(node);
        async move {
            let mut leased = Vec::new();
            loop {
                let given = node.lease_due(later(10), later(1000), 3, Vec::new()).await.expect("leased");
                if given.is_empty() {
                    return leased;
                }
                leased.extend(given.iter().map(|intent| intent.id.0));
            }
        }
    };
    let (mine, theirs) = tokio::join!(lease(&one), lease(&two));
    let mut all = [mine, theirs].concat();
    all.sort_unstable();
    // What one was being given is passed over by the other, not waited for.
    assert_eq!(all, (1..=40).collect::<Vec<u128>>(), "each once");
}

#[tokio::test]
async fn an_opening_node_takes_no_call_from_the_one_that_makes_it() {
    let engine = Node::new().await;
    let one = engine.open(START).await;
    one.commit(claim(1, 60)).await.expect("claimed");
    let two = engine.open(later(1)).await;
    let found = two.intent(IntentId(1)).await.expect("readable").expect("there");
    assert_eq!((found.state, found.due), (IntentState::Claimed, later(10)));
    assert!(two.lease_due(later(9), later(20), 9, Vec::new()).await.expect("leased").is_empty());
    assert_eq!(two.lease_due(later(10), later(20), 9, Vec::new()).await.expect("leased").len(), 1);
}

#[tokio::test]
async fn what_one_publishes_wakes_the_other() {
    let engine = Node::new().await;
    let (one, two) = (engine.open(START).await, engine.open(START).await);
    let program = |byte| KeptProgram { version: Version([byte; 16]), files: vec![byte] };
    // Once it listens it is woken, since something may have been published before.
    two.programs().stirred().await;
    one.programs().publish(program(1), 0, START).await.expect("nothing came in between");
    two.programs().stirred().await;
    assert_eq!(two.programs().published().await.expect("readable").map(|last| last.number), Some(1));
    let late = two.programs().publish(program(2), 0, later(1)).await;
    assert!(matches!(late, Err(PublishError::Overtaken(Some(last))) if last.number == 1));

    // Its connection dies, and it listens again.
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    until("somebody listens", async || {
        !sqlx::query(end).fetch_all(&engine.database.pool).await.expect("ended").is_empty()
    })
    .await;
    two.programs().stirred().await;
    one.programs().publish(program(3), 1, later(2)).await.expect("nothing came in between");
    two.programs().stirred().await;
}
