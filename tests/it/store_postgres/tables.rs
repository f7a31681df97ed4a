//! The database itself: whose it is, what its tables are like, what its statements are.

use std::collections::BTreeMap;
use std::path::Path;

use gramsetu::store::postgres::{Address, open};
use gramsetu::store::{Options, StoreError};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _, SqlSafeStr as _};
use tokio::task::JoinSet;

use super::Node;
use crate::server::PATIENCE;
use crate::store_contract::{Engine as _, START, conversation, later, turn};

async fn run(engine: &Node, text: &'static str) {
    sqlx::raw_sql(text).execute(&engine.database.pool).await.expect(text);
}

async fn refusal(engine: &Node) -> String {
    match engine.try_open(Options::default()).await {
        Err(error @ StoreError::Open { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_statement_prepares() {
    let engine = Node::new().await;
    let _store = engine.open(START).await;
    let mut connection = engine.database.pool.acquire().await.expect("a connection");
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/postgres");
    let mut statements = 0;
    for file in std::fs::read_dir(files).expect("the folder of statements") {
        let path = file.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let text =
            text.replace("{day}", "20260131").replace("{from}", "1").replace("{to}", "2").replace("{fence}", "1");
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let mut several = connection.begin().await.expect("a transaction");
        for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let prepared = several.prepare(AssertSqlSafe(statement.to_owned()).into_sql_str()).await;
            prepared.unwrap_or_else(|error| panic!("{}: {error}\n{statement}", path.display()));
            // Those that come after it name what it makes.
            if statement.starts_with("CREATE") {
                let create = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
                create.execute(&mut *several).await.expect("made");
            }
            statements += 1;
        }
        several.rollback().await.expect("rolled back");
    }
    assert!(statements > 20, "only {statements} statements were found");
}

#[tokio::test]
async fn nodes_that_start_at_once_migrate_once() {
    let engine = Node::new().await;
    let mut nodes = JoinSet::new();
    for _ in 0..6 {
        let address: Address = engine.database.address.parse().expect("an address");
        nodes.spawn(async move {
            let options = Options { patience: PATIENCE, ..Options::default() };
            open(&address, options).await.expect("it opens").close().await
        });
    }
    for closed in nodes.join_all().await {
        closed.expect("closed");
    }
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let engine = Node::new().await;
    engine.open(START).await.close().await.expect("closed");
    run(
        &engine,
        "INSERT INTO _sqlx_migrations SELECT 9999, 'newer', now(), true, checksum, 0 FROM _sqlx_migrations LIMIT 1",
    )
    .await;
    let refusal = refusal(&engine).await;
    assert!(refusal.contains("newer version"), "{refusal}");
}

#[tokio::test]
async fn another_applications_database_is_refused_and_left_alone() {
    let engine = Node::new().await;
    run(&engine, "CREATE TABLE conversations (id bigint)").await;
    let refusal = refusal(&engine).await;
    assert!(refusal.contains("another application"), "{refusal}");
    assert!(!refusal.contains("zq-database-password"), "{refusal}");
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_one(&engine.database.pool)
        .await
        .expect("counted");
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn a_turn_stays_in_its_page_and_touches_no_index() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    for number in 1..=50 {
        store.commit(turn(&conversation(1, number, later(0)))).await.expect("it stands");
    }
    // The counts come from the writer's backend when it ends, or a while later.
    store.close().await.expect("closed");
    let counts = || async {
        let row =
            sqlx::query("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'conversations'");
        let row = row.fetch_one(&engine.database.pool).await.expect("counted");
        (row.get::<i64, _>(0), row.get::<i64, _>(1))
    };
    crate::server::until("the counts are there", async || counts().await.0 == 49).await;
    let (updates, hot) = counts().await;
    // The first page has room for more than is ever written at once; pruning may come late for one or the other.
    assert!(hot * 10 >= updates * 9, "{hot} of {updates} updates were hot");
}

#[tokio::test]
async fn plans_made_while_tables_are_small_go_by_their_indexes() {
    let engine = Node::new().await;
    let store = engine.open(START).await;
    for number in 1..=5 {
        store.commit(turn(&conversation(number, 1, START))).await.expect("it stands");
    }
    run(&engine, "ANALYZE").await;
    let mut connection = engine.database.pool.acquire().await.expect("a connection");
    let text = |name: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/postgres").join(name);
        std::fs::read_to_string(file).expect("a file of a statement")
    };
    connection.execute(sqlx::raw_sql(AssertSqlSafe(text("session.sql")))).await.expect("set");
    for name in ["turns_of", "turns_on", "subscribers"] {
        let prepare = format!("PREPARE {name} AS {}", text(&format!("{name}.sql")));
        connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await.expect("prepared");
        let explain = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE {name} ('{{}}')")));
        let plan = connection.fetch_all(explain).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
        let plan = plan.join("\n");
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{name}:\n{plan}");
    }
}

/// What is not a value of a record: the order of journals, the compare and the search of what PostgreSQL keeps.
const OWN: [(&str, &str); 3] = [("journeys", "seq"), ("conversations", "follows"), ("conversations", "expires_hour")];

/// Where a file has turns, folded conversations and journeys; a view shows the journeys.
const FILE_ONLY: [&str; 4] = ["journal", "journeys_kept", "runs", "blocks"];

#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let engine = Node::new().await;
    let _store = engine.open(START).await;
    let found = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' \
         FROM information_schema.columns WHERE table_schema = 'public'",
    );
    let found = found.fetch_all(&engine.database.pool).await.expect("columns");
    let mut here: BTreeMap<(String, String), (&str, bool)> = BTreeMap::new();
    for row in &found {
        let kind = match row.get::<String, _>(2).as_str() {
            "bytea" => "BLOB",
            "bigint" | "smallint" => "INTEGER",
            "text" => "TEXT",
            _ => "another",
        };
        here.insert((row.get(0), row.get(1)), (kind, row.get(3)));
    }

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.db");
    let store = gramsetu::store::sqlite::open(&file, Options::default(), START).await.expect("opens");
    store.close().await.expect("closed");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut sqlite = sqlx::SqliteConnection::connect_with(&options).await.expect("opens");
    let columns = sqlx::query(
        "SELECT t.name, c.name, c.type, c.\"notnull\", t.type = 'view' FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
         WHERE t.name NOT LIKE '\\_%' ESCAPE '\\'",
    );
    let mut there: BTreeMap<(String, String), (String, Option<bool>)> = BTreeMap::new();
    for row in columns.fetch_all(&mut sqlite).await.expect("columns") {
        let key: (String, String) = (row.get(0), row.get(1));
        if FILE_ONLY.contains(&key.0.as_str()) || key.0.starts_with("sqlite_") {
            continue;
        }
        // What a view shows may be null as far as SQLite knows.
        let nullable = (!row.get::<bool, _>(4)).then(|| row.get::<i64, _>(3) == 0);
        there.insert(key, (row.get(2), nullable));
    }
    assert!(there.keys().any(|(table, _)| table == "journeys"), "{there:?}");

    let own = |key: &(String, String)| OWN.contains(&(key.0.as_str(), key.1.as_str()));
    for (key, (kind, nullable)) in there.iter().filter(|(key, _)| !own(key)) {
        let column = here.get(key).unwrap_or_else(|| panic!("{key:?} is missing in PostgreSQL"));
        let Some(nullable) = nullable else { continue };
        // SQLite leaves it open for keys of integers, which are never null.
        let nullable = *nullable && key.1 != "number";
        assert_eq!(*column, (kind.as_str(), nullable), "{key:?}");
    }
    let common = |key: &&(String, String)| there.keys().any(|other| other.0 == key.0);
    for key in here.keys().filter(common).filter(|key| !own(key)) {
        assert!(there.contains_key(key), "{key:?} is missing in SQLite");
    }
}
