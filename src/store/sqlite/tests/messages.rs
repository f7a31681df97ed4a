//! What messages and marks are in a file.

use sqlx::Connection as _;

use super::*;
use crate::store::{MessageChange, MessageState};
use crate::types::Repeat;

fn message(id: u128) -> Message {
    Message::queued(MessageId(id), hash(id), NOW, after(Duration::from_hours(1)), vec![7, 0])
}

fn queue(id: u128) -> MessageChange {
    MessageChange::Queue(message(id))
}

fn of(messages: Vec<MessageChange>) -> Commit {
    Commit { messages, ..Commit::default() }
}

async fn stands(engine: &mut Sqlite, batch: Vec<Commit>) {
    let outcomes = engine.write(batch).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

/// Without comments and line breaks.
fn words(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_batch_is_written_alike_whatever_comes_with_it() {
    let [all, messages, most] = [sql::APPEND_ALL, sql::MESSAGES, sql::APPEND_MESSAGES].map(words);
    let records = all.strip_suffix("COMMIT;").expect("a transaction");
    let beside = messages.strip_prefix("BEGIN IMMEDIATE; ").expect("a transaction");
    assert_eq!(most, format!("{records}{beside}"));
}

#[tokio::test]
async fn what_is_of_messages_alone_writes_no_row_of_the_journal() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    stands(&mut engine, vec![of(vec![queue(1)])]).await;
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM journal").await, 0);
    let with_turn = Commit { messages: vec![queue(2)], ..turn(1, 1, vec![1]) };
    let claim = MessageChange::Claim { id: MessageId(1), lease: 0, until: after(Duration::from_mins(1)) };
    stands(&mut engine, vec![with_turn, of(vec![claim])]).await;
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM journal").await, 1);
    stands(&mut engine, vec![turn(1, 2, vec![2])]).await;
    let found = [1, 2].map(MessageId).map(|id| reader.message(id));
    let mut states = Vec::new();
    for found in found {
        states.extend(found.await.expect("readable").map(|message| message.state));
    }
    assert_eq!(states, [MessageState::Claimed, MessageState::Queued]);
    let lease = MessageChange::Claim { id: MessageId(1), lease: 0, until: NOW };
    let outcomes = engine.write(vec![of(vec![lease]), turn(2, 1, vec![3])]).await;
    assert!(matches!(outcomes[..], [Err(CommitError::LeaseLost), Ok(())]), "{outcomes:?}");
}

/// How SQLite goes about a statement.
async fn plan(connection: &mut SqliteConnection, statement: &str) -> String {
    let explain = format!("EXPLAIN QUERY PLAN {}", words(statement));
    let plan = sqlx::query(AssertSqlSafe(explain)).fetch_all(connection).await.expect("a plan");
    plan.iter().map(|line| line.get(3)).collect::<Vec<String>>().join("; ")
}

#[tokio::test]
async fn a_claim_goes_by_its_index() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let due = plan(&mut engine.connection, sql::MESSAGES_DUE).await;
    let search = "SEARCH messages USING INDEX messages_due (priority=? AND due<?)";
    assert_eq!(due.matches(search).count(), 3, "{due}");
    assert!(!due.contains("TEMP B-TREE") && !due.contains("SCAN messages"), "{due}");
    let touched = plan(&mut engine.connection, sql::MESSAGES_TOUCHED).await;
    assert!(touched.contains("messages_foreign") && !touched.contains("SCAN messages"), "{touched}");
    let update = sql::MESSAGES.split(';').find(|statement| statement.contains("UPDATE")).expect("it changes some");
    let update = plan(&mut engine.connection, update).await;
    assert!(update.contains("SEARCH messages USING") && !update.contains("SCAN messages"), "{update}");
}

#[tokio::test]
async fn messages_are_counted_by_indexes_and_a_bounded_number_of_rows() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let plan = plan(&mut engine.connection, sql::MESSAGE_COUNTS).await;
    let lines: Vec<&str> = plan.split("; ").filter(|line| line.contains(" messages ")).collect();
    let (whole, rows): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.contains("USING COVERING INDEX"));
    assert_eq!((whole.len(), rows.len()), (5, 3), "{plan}");
    assert!(
        rows.iter().all(|line| *line == "SEARCH messages USING INDEX messages_due (priority=? AND due>?)"),
        "{plan}"
    );
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    assert_eq!(words(sql::MESSAGE_COUNTS).matches("LIMIT 2000").count(), 3);
}

#[tokio::test]
async fn messages_from_before_some_were_forgiven_are_counted_and_go_out() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    stands(&mut engine, vec![of(vec![queue(1), queue(2)])]).await;
    let undo = "DROP INDEX messages_trouble; ALTER TABLE messages DROP COLUMN forgiven;
                CREATE INDEX messages_trouble ON messages (trouble, at) WHERE trouble IS NOT NULL;
                UPDATE messages SET state = 4, attempt = 1, reason = 'busy' WHERE id = unhex('00000000000000000000000000000001');
                DELETE FROM _sqlx_migrations WHERE version = 5";
    sqlx::raw_sql(undo).execute(&mut engine.connection).await.expect("as it was");
    engine.close().await.expect("closed");
    let (mut engine, reader) = self::engine(&folder).await;
    let counts = reader.message_counts().await.expect("counted");
    assert_eq!((counts.queued, counts.refused, counts.dead_letters), (1, 1, 0));
    let found = reader.message(MessageId(1)).await.expect("readable").expect("there");
    assert_eq!((found.attempt, found.forgiven), (1, 0));
    let claim = MessageChange::Claim { id: MessageId(1), lease: 0, until: after(Duration::from_mins(1)) };
    stands(&mut engine, vec![of(vec![claim])]).await;
    assert_eq!(reader.message_counts().await.expect("counted").refused, 0);
}

#[tokio::test]
async fn messages_that_were_not_delivered_before_they_were_listed_are_listed() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    stands(&mut engine, vec![of(vec![queue(1), queue(2)])]).await;
    let undo = "UPDATE messages SET state = 7, due = NULL, attempt = 1, reason = 'absent' WHERE id = unhex('00000000000000000000000000000001');
                DELETE FROM _sqlx_migrations WHERE version = 6";
    sqlx::raw_sql(undo).execute(&mut engine.connection).await.expect("as it was");
    engine.close().await.expect("closed");
    let (_engine, reader) = self::engine(&folder).await;
    let listed = reader.messages(MessageFilter::Undelivered, 9).await.expect("readable");
    assert_eq!(listed.iter().map(|message| message.id).collect::<Vec<_>>(), [MessageId(1)]);
}

#[tokio::test]
async fn what_waited_in_a_backup_that_is_put_back_is_in_doubt() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let harmless = MessageChange::Queue(Message { repeat: Repeat::Harmless, ..message(2) });
    stands(&mut engine, vec![of(vec![queue(1), harmless])]).await;
    let (path, copy) = (folder.path().join("test.db"), folder.path().join("copy.db"));
    let record = hash(99);
    backup(&path, &copy, record).await.expect("copied");
    engine.close().await.expect("closed");
    let restored = Backup::examine(&copy, record).await.expect("whole").restore(&path, true).await.expect("restored");
    assert_eq!((restored.copied.holdings.messages, restored.doubted), (2, 1));
    let (mut engine, reader) = self::engine(&folder).await;
    let states = "SELECT group_concat(state || coalesce('@' || due, '')) FROM (SELECT * FROM messages ORDER BY id)";
    let states: String = sqlx::query_scalar(states).fetch_one(&mut engine.connection).await.expect("states");
    assert_eq!(states, format!("5,0@{}", NOW.0));
    let doubtful = reader.messages(MessageFilter::Doubtful, 9).await.expect("readable");
    assert_eq!(doubtful.iter().map(|message| message.id).collect::<Vec<_>>(), [MessageId(1)]);
}

#[tokio::test]
async fn a_file_from_before_messages_is_restored_and_migrated() {
    let folder = folder();
    let (path, copy) = (folder.path().join("test.db"), folder.path().join("copy.db"));
    let (mut engine, _reader) = engine(&folder).await;
    stands(&mut engine, vec![turn(1, 1, vec![1])]).await;
    backup(&path, &copy, hash(99)).await.expect("copied");
    engine.close().await.expect("closed");
    let mut former = open::connect(&copy).connect().await.expect("opens");
    let undo = "DROP TABLE messages; DROP TABLE early_receipts; DROP TABLE marks; DROP INDEX intents_subscriber; ALTER TABLE runs DROP COLUMN per_block;
                DELETE FROM _sqlx_migrations WHERE version >= 4";
    sqlx::raw_sql(undo).execute(&mut former).await.expect("as it was");
    former.close().await.expect("closed");
    let restored = Backup::examine(&copy, hash(99)).await.expect("whole").restore(&path, true).await.expect("restored");
    assert_eq!((restored.copied.holdings.conversations, restored.doubted), (1, 0));
    let (mut engine, _reader) = self::engine(&folder).await;
    stands(&mut engine, vec![of(vec![queue(1)])]).await;
}
