use std::time::Duration;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, Row as _, SqlSafeStr as _, SqliteConnection};
use tempfile::TempDir;

use super::write::Sqlite;
use super::*;
use crate::menu::Version;
use crate::store::writer::Engine as _;
use crate::store::{IntentChange, IntentState, JourneyRecord, Options, TurnRecord};

mod messages;
mod upkeep;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn after(duration: Duration) -> Timestamp {
    NOW.plus(duration)
}

async fn engine(folder: &TempDir) -> (Sqlite, Reader) {
    open::open(&folder.path().join("test.db"), Options::default(), NOW).await.expect("it opens")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Keys begin differently, as those do that are hashes.
fn hash(number: u128) -> KeyedHash {
    KeyedHash(number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes())
}

fn turn(subscriber: u128, number: u64, sealed: Vec<u8>) -> Commit {
    let (at, expires) = (NOW, after(Duration::from_mins(10)));
    let (subscriber, leg) = (hash(subscriber), hash(subscriber + 1000));
    let conversation = Conversation { subscriber, leg, turn: number, at, expires, sealed };
    Commit { turn: Some(TurnRecord { conversation, history: Some((3, hash(9))) }), ..Commit::default() }
}

async fn number(connection: &mut SqliteConnection, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(connection).await.expect(question)
}

#[tokio::test]
async fn every_statement_prepares() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite");
    let mut statements = 0;
    for file in std::fs::read_dir(files).expect("the folder of statements") {
        let path = file.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let lines = text.lines().filter(|line| !line.starts_with("--"));
        let text = lines.collect::<Vec<_>>().join("\n");
        for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let prepared = engine.connection.prepare(AssertSqlSafe(statement.to_owned()).into_sql_str()).await;
            prepared.unwrap_or_else(|error| panic!("{}: {error}\n{statement}", path.display()));
            statements += 1;
        }
    }
    assert!(statements > 20, "only {statements} statements were found");
}

/// What promise "a reply is durable before it is sent" rests on.
#[tokio::test]
async fn the_writer_syncs_each_commit_and_never_checkpoints() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let connection = &mut engine.connection;
    assert_eq!(number(connection, "PRAGMA synchronous").await, 2, "FULL");
    assert_eq!(number(connection, "PRAGMA wal_autocheckpoint").await, 0);
    assert_eq!(number(connection, "PRAGMA foreign_keys").await, 1);
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(connection).await.expect("a mode");
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_batch_that_the_database_refuses_fails_as_a_whole_and_shows_nothing() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    let first = engine.write(vec![turn(1, 1, vec![1])]).await;
    assert!(first.iter().all(Result::is_ok), "{first:?}");

    // As if the disk were full.
    let limit = sqlx::raw_sql("PRAGMA max_page_count = 1");
    limit.execute(&mut engine.connection).await.expect("the limit is what is there already");
    let batch = vec![turn(1, 2, vec![2]), turn(1, 2, vec![2]), turn(2, 1, vec![0; 1_000_000]), turn(3, 1, vec![3])];
    let outcomes = engine.write(batch).await;
    assert_eq!(outcomes.len(), 4);
    for outcome in outcomes {
        assert!(matches!(outcome, Err(CommitError::Store(StoreError::Database(_)))), "{outcome:?}");
    }
    assert_eq!(reader.live(), 1);
    let found = reader.conversation(Lookup::Subscriber(hash(1)), NOW).await.expect("readable");
    assert_eq!(found.map(|found| found.turn), Some(1));

    sqlx::raw_sql("PRAGMA max_page_count = 1000000").execute(&mut engine.connection).await.expect("space again");
    let outcomes = engine.write(vec![turn(1, 2, vec![2]), turn(2, 1, vec![0; 1_000_000])]).await;
    assert!(outcomes.iter().all(Result::is_ok), "it goes on where it was: {outcomes:?}");
}

#[tokio::test]
async fn rows_hold_what_was_given() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let journey = JourneyRecord {
        at: NOW,
        session: hash(7),
        gateway: "a \"gate\" \u{1}".into(),
        channel: "ussd",
        program: Version([0xab; 16]),
        from: None,
        answer: "option".into(),
        to: Some("home/मंडी".into()),
    };
    let commit = Commit { journeys: vec![journey.clone(), journey], ..turn(1, u64::MAX, vec![0, 255]) };
    assert!(engine.write(vec![commit]).await.iter().all(Result::is_ok));
    let connection = &mut engine.connection;

    let row: Vec<u8> = sqlx::query_scalar("SELECT turns FROM journal").fetch_one(&mut *connection).await.expect("one");
    let found = journal::turns(&row).collect::<Result<Vec<_>, _>>().expect("readable");
    assert_eq!((found[0].subscriber, found[0].number, found[0].history), (hash(1), u64::MAX, Some((3, hash(9)))));
    assert_eq!((found[0].sealed, found.len()), (&[0, 255][..], 1));

    let rows = sqlx::query("SELECT * FROM journeys").fetch_all(connection).await.expect("two journeys");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get::<String, _>("gateway"), "a \"gate\" \u{1}");
    assert_eq!(rows[0].get::<String, _>("program"), Version([0xab; 16]).to_string());
    assert_eq!(rows[0].get::<Vec<u8>, _>("session"), hash(7).0);
    assert_eq!(rows[0].get::<Option<String>, _>("from_screen"), None);
    assert_eq!(rows[0].get::<String, _>("to_screen"), "home/मंडी");
}

/// What 0.1 kept before there was a journal of batches.
#[tokio::test]
async fn turns_and_conversations_of_before_go_on() {
    let folder = folder();
    let path = folder.path().join("test.db");
    let mut former = open::connect(&path).create_if_missing(true).connect().await.expect("opens");
    let migrator = sqlx::migrate::Migrator {
        migrations: open::MIGRATIONS.iter().filter(|migration| migration.version < 3).cloned().collect(),
        ..sqlx::migrate::Migrator::DEFAULT
    };
    migrator.run(&mut former).await.expect("migrated");
    let expires = after(Duration::from_mins(10)).0;
    let text = format!(
        "INSERT INTO conversations VALUES
             (x'{one}', x'{leg}', 4, {now}, {expires}, x'0a'), (x'{two}', x'{leg}', 9, {now}, {expires}, x'0b');
         INSERT INTO journeys VALUES
             (3, 4, x'{one}', 'g', 'ussd', 'p', NULL, 'a', 'b/c'), (9, 5, x'{two}', '\"', '', '', '', '', '');
         INSERT INTO turns VALUES
             (70, x'{one}', x'{other}', 5, {now}, {expires}, NULL, NULL, x'0c'),
             (71, x'{three}', x'{three}', -1, -5, {expires}, 7, x'{one}', x'')",
        one = "01".repeat(16),
        two = "02".repeat(16),
        three = "03".repeat(16),
        leg = "04".repeat(16),
        other = "05".repeat(16),
        now = NOW.0,
    );
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut former).await.expect("filled");
    former.close().await.expect("closed");

    let (mut engine, reader) = engine(&folder).await;
    let key = |byte| KeyedHash([byte; 16]);
    for (subscriber, leg, turn, at, sealed) in
        [(1, 5, 5, NOW.0, &[0x0c][..]), (2, 4, 9, NOW.0, &[0x0b]), (3, 3, u64::MAX, -5, &[])]
    {
        let expected = Conversation {
            subscriber: key(subscriber),
            leg: key(leg),
            turn,
            at: Timestamp(at),
            expires: Timestamp(expires),
            sealed: sealed.to_vec(),
        };
        for lookup in [Lookup::Subscriber(key(subscriber)), Lookup::Leg(key(leg))] {
            assert_eq!(reader.conversation(lookup, NOW).await.expect("readable").as_ref(), Some(&expected));
        }
    }
    assert!(engine.write(vec![turn(9, 1, vec![1])]).await.iter().all(Result::is_ok));
    let journeys = "SELECT * FROM journeys ORDER BY at";
    let journeys = sqlx::query(journeys).fetch_all(&mut engine.connection).await.expect("two journeys");
    assert_eq!((journeys.len(), journeys[0].get::<i64, _>("at")), (2, 4));
    assert_eq!(journeys[0].get::<Vec<u8>, _>("session"), [1; 16]);
    assert_eq!(journeys[0].get::<Option<String>, _>("from_screen"), None);
    assert_eq!(journeys[0].get::<String, _>("to_screen"), "b/c");
    assert_eq!(journeys[1].get::<String, _>("gateway"), "\"");
}

fn journey(at: Timestamp) -> JourneyRecord {
    JourneyRecord {
        at,
        session: hash(7),
        gateway: "".into(),
        channel: "ussd",
        program: Version([0; 16]),
        from: None,
        answer: "".into(),
        to: None,
    }
}

#[tokio::test]
async fn journeys_and_told_intents_are_forgotten_in_time() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    let (id, open) = (IntentId(1), IntentId(2));
    let intent = |id, request| Intent {
        id,
        subscriber: hash(1),
        operation: "lpg.book".to_owned(),
        request: hash(request),
        receipt: "R".to_owned(),
        state: IntentState::Claimed,
        at: NOW,
        due: NOW,
        tries: 0,
        lease: 0,
        sealed: Vec::new(),
    };
    let intents = vec![
        IntentChange::Claim(intent(id, 60)),
        IntentChange::Claim(intent(open, 61)),
        IntentChange::Settle { id, sealed: Vec::new(), lease: None },
        IntentChange::Told { id },
    ];
    let day = Duration::from_hours(24);
    engine.write(vec![Commit { journeys: vec![journey(NOW)], intents, ..Commit::default() }]).await;
    engine.write(vec![Commit { journeys: vec![journey(after(day * 50))], ..Commit::default() }]).await;

    let kept = [(89, 2, true), (91, 1, false), (141, 0, false)];
    for (days, journeys, told) in kept {
        while engine.tidy(after(day * days)).await.expect("tidied") {}
        let left = number(&mut engine.connection, "SELECT count(*) FROM journeys").await;
        assert_eq!(left, journeys, "journeys after {days} days");
        assert_eq!(reader.intent(id).await.expect("readable").is_some(), told, "the told intent after {days} days");
    }
    assert!(reader.intent(open).await.expect("readable").is_some(), "one that nobody was told of stays");
}

#[tokio::test]
async fn an_intent_that_was_claimed_when_the_process_died_is_doubtful() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let intent = Intent {
        id: IntentId(1),
        subscriber: hash(1),
        operation: "lpg.book".to_owned(),
        request: hash(60),
        receipt: "R".to_owned(),
        state: IntentState::Claimed,
        at: NOW,
        due: after(Duration::from_mins(1)),
        tries: 0,
        lease: 0,
        sealed: Vec::new(),
    };
    engine.write(vec![Commit { intents: vec![IntentChange::Claim(intent)], ..Commit::default() }]).await;
    engine.close().await.expect("closed");
    let (_engine, reader) = self::engine(&folder).await;
    let due = reader.due_intents(NOW, 10, &[]).await.expect("readable");
    assert_eq!(due.iter().map(|intent| intent.state).collect::<Vec<_>>(), [IntentState::Doubtful]);
}

#[tokio::test]
async fn a_long_log_is_cut_back() {
    let folder = folder();
    let (Sqlite { mut connection, checkpoints, .. }, _reader) = engine(&folder).await;
    checkpoints.stop().await;
    let mut second = open::connect(&folder.path().join("test.db")).connect().await.expect("opens");
    let log = || std::fs::metadata(folder.path().join("test.db-wal")).expect("a log").len();

    for (megabytes, stays) in [("30", true), ("70", false)] {
        let grow = format!("INSERT INTO subscribers VALUES (randomblob(16), 0, zeroblob({megabytes} << 20))");
        sqlx::query(AssertSqlSafe(grow)).execute(&mut connection).await.expect("written");
        let length = log();
        assert!(length > 30 << 20);
        checkpoint::checkpoint(&mut second).await.expect("checkpointed");
        assert_eq!(log(), if stays { length } else { 0 });
    }
}
