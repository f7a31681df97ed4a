//! Messages of several nodes over one database: each is claimed by one of them, and what two of them know of one comes together.

use std::path::Path;
use std::sync::Arc;

use gramsetu::store::{
    Attempts, Commit, CommitError, Mark, MessageChange, MessageFilter, MessageId, MessageState, ReceiptOf,
    ReceiptStatus, Store,
};
use gramsetu::types::Priority;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::Node;
use crate::store_contract::messages::{accepted, lease, message, messages, queue, read, receipt, sending, state};
use crate::store_contract::{Engine as _, START, hash, later, mark};

async fn two(engine: &Node) -> (Arc<dyn Store>, Arc<dyn Store>) {
    (engine.open(START).await, engine.open(START).await)
}

#[tokio::test]
async fn a_message_goes_to_one_node_each_time() {
    let engine = Node::new().await;
    let (one, two) = two(&engine).await;
    for id in 1..=300_u128 {
        let priority = [Priority::Otp, Priority::Receipt, Priority::Notice][usize::try_from(id % 3).expect("small")];
        one.commit(queue(&gramsetu::store::Message { priority, ..message(id, START) })).await.expect("queued");
    }
    let claims = |node: &Arc<dyn Store>| {
        let node = Arc::clone(node);
        tokio::spawn(async move {
            let mut mine = Vec::new();
            // What the other is being given is passed over: an empty hand does not say that nothing is left.
            let mut empty = 0;
            while empty < 20 {
                let given = lease(&node, 5, 7).await;
                empty = if given.is_empty() { empty + 1 } else { 0 };
                for message in given {
                    assert_eq!((message.state, message.lease), (MessageState::Claimed, 1));
                    let sent = node.commit(messages(vec![sending(&message, later(200))])).await;
                    sent.expect("it is ours");
                    mine.push(message.id.0);
                }
            }
            mine
        })
    };
    let tasks = [claims(&one), claims(&two), claims(&one), claims(&two)];
    let mut all = Vec::new();
    for task in tasks {
        let mine = task.await.expect("no panic");
        assert!(!mine.is_empty(), "it had its share");
        all.extend(mine);
    }
    all.sort_unstable();
    assert_eq!(all, (1..=300).collect::<Vec<_>>(), "each once");
}

#[tokio::test]
async fn of_two_that_hold_it_one_after_the_other_only_the_second_sends() {
    let engine = Node::new().await;
    let (one, two) = two(&engine).await;
    for round in 0..20 {
        one.commit(queue(&message(round, START))).await.expect("queued");
        let (first, second) = (lease(&one, 0, 1).await, lease(&two, 100, 1).await);
        let (a, b) = tokio::join!(
            one.commit(messages(vec![sending(&first[0], later(300))])),
            two.commit(messages(vec![sending(&second[0], later(300))]))
        );
        assert!(matches!(a, Err(CommitError::LeaseLost)), "{a:?}");
        b.expect("it holds the lease");
        assert_eq!(read(&one, round).await.map(|message| message.attempt), Some(1));
    }
}

#[tokio::test]
async fn an_answer_and_its_receipt_at_two_nodes_come_together() {
    let engine = Node::new().await;
    let (one, two) = two(&engine).await;
    for id in 1..=40_u8 {
        one.commit(queue(&message(u128::from(id), START))).await.expect("queued");
    }
    let sent = lease(&one, 0, 99).await.iter().map(|message| sending(message, later(900))).collect();
    one.commit(messages(sent)).await.expect("sent");
    for id in 1..=40_u8 {
        let (a, b) = tokio::join!(
            one.commit(messages(vec![accepted(u128::from(id), 1, Some(hash(100 + id)))])),
            two.commit(receipt(hash(100 + id), ReceiptStatus::Delivered))
        );
        a.and(b).expect("they stand");
    }
    // Where neither saw the other.
    two.upkeep(later(60_000)).await.expect("kept up");
    for id in 1..=40 {
        assert_eq!(state(&one, id).await, MessageState::Delivered, "message {id}");
    }
    let early: i64 = sqlx::query_scalar("SELECT count(*) FROM early_receipts")
        .fetch_one(&engine.database.pool)
        .await
        .expect("counted");
    assert_eq!(early, 0);
}

#[tokio::test]
async fn what_neither_node_saw_is_matched_by_upkeep() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    store.commit(queue(&message(1, START))).await.expect("queued");
    let claimed = lease(&store, 0, 1).await;
    let sent = vec![sending(&claimed[0], later(900)), accepted(1, 1, Some(hash(100)))];
    store.commit(messages(sent)).await.expect("sent");
    // As the other node would have left it.
    let kept = "INSERT INTO early_receipts (foreign_id, status, reason, at) VALUES ($1, 1, 'absent', $2)";
    sqlx::query(kept).bind(hash(100).0).bind(START.0).execute(&engine.database.pool).await.expect("kept");
    store.upkeep(later(1)).await.expect("kept up");
    assert_eq!(state(&store, 1).await, MessageState::Undelivered);
    let early: i64 = sqlx::query_scalar("SELECT count(*) FROM early_receipts")
        .fetch_one(&engine.database.pool)
        .await
        .expect("counted");
    assert_eq!(early, 0);
}

#[tokio::test]
async fn of_two_nodes_that_see_it_happen_one_is_the_first() {
    let engine = Node::new().await;
    let (one, two) = two(&engine).await;
    for round in 0..40_u8 {
        let seen = |id: u128, sealed: u8| {
            let mark = Mark { sealed: vec![sealed], ..mark(round, later(10)) };
            Commit { marks: vec![mark], ..queue(&message(id, START)) }
        };
        let id = u128::from(round) * 2 + 1;
        let (a, b) = tokio::join!(one.commit(seen(id, 1)), two.commit(seen(id + 1, 2)));
        let first = match (a, b) {
            (Ok(()), Err(CommitError::Seen(key))) if key == hash(round) => 1,
            (Err(CommitError::Seen(key)), Ok(())) if key == hash(round) => 2,
            other => panic!("{other:?}"),
        };
        let found = one.mark(hash(round), START).await.expect("readable").expect("there");
        assert_eq!(found.sealed, [first]);
        let there = (read(&one, id).await.is_some(), read(&one, id + 1).await.is_some());
        assert_eq!(there, (first == 1, first == 2), "all of the second's failed");
    }
}

#[tokio::test]
async fn one_message_of_two_nodes_is_one() {
    let engine = Node::new().await;
    let (one, two) = two(&engine).await;
    for id in 0..20 {
        let (a, b) = tokio::join!(one.commit(queue(&message(id, START))), two.commit(queue(&message(id, START))));
        a.and(b).expect("both stand");
    }
    assert_eq!(one.message_counts().await.expect("readable").queued, 20);
}

#[tokio::test]
async fn receipts_that_come_to_two_nodes_say_the_same_in_any_order() {
    let engine = Node::new().await;
    let (one, two) = two(&engine).await;
    for id in 1..=20_u128 {
        one.commit(queue(&message(id, START))).await.expect("queued");
        let claimed = lease(&one, 0, 1).await;
        one.commit(messages(vec![sending(&claimed[0], later(900)), accepted(id, 1, None)])).await.expect("sent");
        let told = |status| {
            let by = ReceiptOf::Id(MessageId(id), Attempts::ALL);
            messages(vec![MessageChange::Receipt { by, status, reason: None, at: later(1) }])
        };
        let (a, b) = tokio::join!(one.commit(told(ReceiptStatus::Delivered)), two.commit(told(ReceiptStatus::Failed)));
        a.and(b).expect("they stand");
        assert_eq!(state(&one, id).await, MessageState::Delivered);
    }
}

#[tokio::test]
async fn a_claim_goes_by_its_index_also_where_much_is_done_with_or_not_due() {
    let engine = Node::new().await;
    let _store = engine.open(START).await;
    let mut connection = engine.database.pool.acquire().await.expect("a connection");
    let text = |name: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/postgres").join(name);
        std::fs::read_to_string(file).expect("a file of a statement")
    };
    // Twenty thousand that are done with, as many notices for tomorrow, and three that are due.
    let fill = "INSERT INTO messages (recipient, id, priority, repeat, state, attempt, lease, at, due, expires, sealed) \
                SELECT decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), n % 3, 0, \
                    CASE WHEN n % 2 = 0 THEN 6 ELSE 0 END, 1, 1, n, CASE WHEN n <= 3 THEN 1 WHEN n % 2 = 1 THEN 1000000 END, 1, '' \
                FROM generate_series(1, 40000) AS n; ANALYZE messages";
    connection.execute(sqlx::raw_sql(fill)).await.expect("filled");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(text("session.sql")))).await.expect("set");
    let prepare = format!("PREPARE lease AS {}", text("lease_messages.sql"));
    connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await.expect("prepared");
    let explain =
        "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) EXECUTE lease (10, 20, 100, 9223372036854775807)";
    let plan = connection.fetch_all(sqlx::raw_sql(explain)).await.expect("a plan");
    let plan = plan.iter().map(|line| line.get(0)).collect::<Vec<String>>().join("\n");
    assert!(plan.contains("messages_due") && !plan.contains("Seq Scan"), "{plan}");
    let passed_over = plan.lines().filter_map(|line| line.split_once("Removed by Filter: ")?.1.trim().parse().ok());
    assert!(passed_over.max().unwrap_or(0_u32) < 10, "{plan}");
    let claimed: i64 = sqlx::query_scalar("SELECT count(*) FROM messages WHERE state = 1")
        .fetch_one(&mut *connection)
        .await
        .expect("counted");
    assert_eq!(claimed, 3, "{plan}");
    connection.execute(sqlx::raw_sql("VACUUM (ANALYZE) messages")).await.expect("tidied");
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) {}", text("message_counts.sql")));
    let plan = connection.fetch_all(sqlx::raw_sql(explain)).await.expect("a plan");
    let plan = plan.iter().map(|line| line.get(0)).collect::<Vec<String>>().join("\n");
    assert_eq!(plan.matches("Index Only Scan using messages_trouble").count(), 4, "{plan}");
    assert!(plan.contains("Index Only Scan using messages_due"), "{plan}");
    assert!(plan.contains("Limit") && !plan.contains("Seq Scan") && !plan.contains("Bitmap"), "{plan}");
    for (name, given) in [("messages_touched", "'{}', '{}'"), ("marks", "'{}', 0"), ("early_receipts", "'{}'")] {
        let prepare = format!("PREPARE {name} AS {}", text(&format!("{name}.sql")));
        connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await.expect("prepared");
        let explain = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE {name} ({given})")));
        let plan = connection.fetch_all(explain).await.expect("a plan");
        let plan = plan.iter().map(|line| line.get(0)).collect::<Vec<String>>().join("\n");
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{name}:\n{plan}");
    }
}

#[tokio::test]
async fn a_messages_way_touches_indexes_only_where_it_waits_and_ends() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    for id in 1..=50 {
        store.commit(queue(&message(id, START))).await.expect("queued");
    }
    for message in lease(&store, 0, 50).await {
        let id = message.id.0;
        store.commit(messages(vec![sending(&message, later(900))])).await.expect("sent");
        store
            .commit(messages(vec![accepted(id, 1, Some(hash(u8::try_from(id).expect("small"))))]))
            .await
            .expect("taken");
        store.commit(receipt(hash(u8::try_from(id).expect("small")), ReceiptStatus::Delivered)).await.expect("told");
    }
    // The counts come from the backends when they end, or a while later.
    store.close().await.expect("closed");
    let counts = || async {
        let row = sqlx::query("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'messages'");
        let row = row.fetch_one(&engine.database.pool).await.expect("counted");
        (row.get::<i64, _>(0), row.get::<i64, _>(1))
    };
    crate::server::until("the counts are there", async || counts().await.0 == 200).await;
    let (updates, hot) = counts().await;
    // All but the one that takes it out of the queue; pruning may come late for one or the other. With an index on what changes at
    // each step there were one of four at most.
    assert!(hot * 10 >= updates * 4, "{hot} of {updates} updates were hot");
}

#[tokio::test]
async fn messages_that_were_not_delivered_before_they_were_listed_are_listed() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    for id in 1..=2 {
        store.commit(queue(&message(id, START))).await.expect("queued");
    }
    store.close().await.expect("closed");
    let undo = "UPDATE messages SET state = 7, due = NULL, attempt = 1 WHERE id = decode('00000000000000000000000000000001', 'hex'); \
                DELETE FROM _sqlx_migrations WHERE version = 5";
    sqlx::raw_sql(undo).execute(&engine.database.pool).await.expect("as it was");
    let store = engine.open(START).await;
    let listed = store.messages(MessageFilter::Undelivered, 9).await.expect("readable");
    assert_eq!(listed.iter().map(|message| message.id).collect::<Vec<_>>(), [MessageId(1)]);
}
