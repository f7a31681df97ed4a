//! Files that are not ours, not whole or not free: each is refused in words, and left as it was.

use std::path::Path;

use gramsetu::menu::Version;
use gramsetu::store::Options;
use gramsetu::store::sqlite::{open, programs};
use gramsetu::store::{KeptProgram, StoreError};
use sqlx::{ConnectOptions as _, Connection as _};

use super::Files;
use crate::store_contract::{Engine as _, START, conversation, turn};

async fn refused(path: &Path) -> String {
    match open(path, Options::default(), START).await {
        Err(StoreError::Open { path: named, reason }) => {
            assert_eq!(named, path.display().to_string());
            reason
        }
        other => panic!("it should have been refused: {other:?}"),
    }
}

/// That it is refused, for this reason, and is afterwards what it was.
async fn refused_and_untouched(path: &Path, reason: &str) {
    let before = std::fs::read(path).expect("readable");
    let given = refused(path).await;
    assert!(given.contains(reason), "`{given}` does not say `{reason}`");
    assert!(std::fs::read(path).expect("readable") == before, "the file was changed");
}

async fn run(path: &Path, text: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = options.connect().await.expect("opens");
    sqlx::raw_sql(text).execute(&mut connection).await.expect(text);
    connection.close().await.expect("closes");
}

/// A closed database of ours with one turn.
async fn ours() -> Files {
    let files = Files::new();
    let store = files.open(START).await;
    store.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    store.close().await.expect("closed");
    files
}

#[tokio::test]
async fn a_file_of_another_kind() {
    let files = Files::new();
    std::fs::write(files.path(), "a shopping list, longer than the hundred bytes of a header\n".repeat(50))
        .expect("written");
    refused_and_untouched(&files.path(), "not an SQLite database; nothing was changed").await;
}

#[tokio::test]
async fn another_applications_database() {
    let files = Files::new();
    run(&files.path(), "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)").await;
    refused_and_untouched(&files.path(), "belongs to another application; nothing was changed").await;
    let marked = Files::new();
    run(&marked.path(), "PRAGMA application_id = 42").await;
    refused_and_untouched(&marked.path(), "belongs to another application; nothing was changed").await;
}

#[tokio::test]
async fn a_newer_versions_database() {
    let files = ours().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of the future', true, x'00', 0)";
    run(&files.path(), newer).await;
    let reason = refused(&files.path()).await;
    assert!(reason.contains("newer version of gramsetu"), "{reason}");
}

#[tokio::test]
async fn a_damaged_database() {
    let files = ours().await;
    let mut bytes = std::fs::read(files.path()).expect("readable");
    let pages = bytes.len() / 4096;
    assert!(pages > 4, "its pages are the default's 4 KiB");
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0xa5;
    }
    std::fs::write(files.path(), bytes).expect("written");
    refused_and_untouched(&files.path(), "damaged").await;
}

#[tokio::test]
async fn a_read_only_file() {
    let files = ours().await;
    let mut permissions = std::fs::metadata(files.path()).expect("there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(files.path(), permissions).expect("set");
    refused_and_untouched(&files.path(), "read-only").await;
}

#[tokio::test]
async fn a_folder_and_a_missing_folder() {
    let files = Files::new();
    let folder = files.path().parent().expect("it is in a folder").join("sub");
    assert!(refused(&folder.join("test.db")).await.contains("cannot be written"));
    std::fs::create_dir(&folder).expect("made");
    assert!(refused(&folder).await.contains("it is a folder"));
}

#[tokio::test]
async fn a_file_that_is_in_use() {
    let files = Files::new();
    let first = files.open(START).await;
    assert!(refused(&files.path()).await.contains("another process has it open"));
    first.close().await.expect("closed");
    files.open(START).await;
}

#[tokio::test]
async fn an_empty_file_is_as_good_as_none() {
    let files = Files::new();
    std::fs::write(files.path(), "").expect("written");
    files.open(START).await;
}

#[tokio::test]
async fn programs_are_published_beside_a_server_and_into_files_that_nobody_has_open() {
    let files = Files::new();
    let program = |byte| KeptProgram { version: Version([byte; 16]), files: vec![byte] };
    let beside = programs(&files.path()).await.expect("a file is made");
    beside.publish(program(1), 0, START).await.expect("published");

    let server = files.open(START).await;
    server.commit(turn(&conversation(1, 1, START))).await.expect("it stands");
    let beside = programs(&files.path()).await.expect("the lock is not asked for");
    beside.publish(program(2), 1, START).await.expect("published");
    assert_eq!(server.programs().published().await.expect("readable").map(|last| last.number), Some(2));
    server.commit(turn(&conversation(1, 2, START))).await.expect("it stands");
}

#[tokio::test]
async fn programs_of_a_file_of_another_version_are_left_alone_while_it_is_open() {
    let files = Files::new();
    let migrations = sqlx::migrate!("migrations/sqlite");
    let first = migrations.iter().filter(|migration| migration.version == 1).cloned().collect();
    let first = sqlx::migrate::Migrator { migrations: first, ..sqlx::migrate::Migrator::DEFAULT };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(files.path()).create_if_missing(true);
    let mut connection = options.connect().await.expect("opens");
    first.run(&mut connection).await.expect("an older file");
    connection.close().await.expect("closes");
    let mut lock = files.path().into_os_string();
    lock.push("-lock");
    let held = std::fs::File::create(lock).expect("a lock");
    held.lock().expect("nobody has it");
    let refused = programs(&files.path()).await.expect_err("it is open").to_string();
    assert!(refused.contains("older version of gramsetu, and a server has it open"), "{refused}");
    drop(held);
    let migrated = programs(&files.path()).await.expect("nobody has it open");
    assert_eq!(migrated.published().await.expect("readable"), None);

    run(&files.path(), "INSERT INTO _sqlx_migrations VALUES (999, 'later', 0, true, x'00', 0)").await;
    let refused = programs(&files.path()).await.expect_err("it is newer").to_string();
    assert!(refused.contains("probably newer version"), "{refused}");
}
