//! The shipped dialogues show on PostgreSQL what they say, in schemas that are gone afterwards.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::folder;
use crate::postgres;
use crate::server::menus;

fn camps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/camps")
}

fn play(menus: &Path, only: &str, database: &str) -> Output {
    let mut play = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    play.arg("play").arg(menus).args(["--only", only, "--database", database]);
    play.output().expect("the program starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shipped_dialogues_are_played_on_postgresql_and_leave_nothing() {
    let database = postgres::database().await;
    // A dialogue waits for disks more than it computes.
    let at_once = Arc::new(Semaphore::new(4));
    let mut playing = JoinSet::new();
    for menus in [menus(), camps()] {
        for (_, file) in folder::read(&menus).iter().filter(|(_, file)| file.path.ends_with(".dialogue")) {
            let (menus, only, address) = (menus.clone(), file.path.clone(), database.address.clone());
            let at_once = Arc::clone(&at_once);
            playing.spawn(async move {
                let _turn = at_once.acquire().await;
                tokio::task::spawn_blocking(move || play(&menus, &only, &address)).await.expect("no defect")
            });
        }
    }
    let mut passed = 0;
    while let Some(played) = playing.join_next().await {
        let played = played.expect("no defect");
        let (out, errors) = (String::from_utf8_lossy(&played.stdout), String::from_utf8_lossy(&played.stderr));
        assert!(played.status.success(), "{out}{errors}");
        passed += out.lines().filter(|line| line.starts_with("ok ")).count();
    }
    assert!(passed > 200, "they were played: {passed}");
    println!("{passed} dialogues passed on PostgreSQL");
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'gramsetu%'";
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    for left in [schemas, tables] {
        let left: i64 = sqlx::query_scalar(left).fetch_one(&database.pool).await.expect("a count");
        assert_eq!(left, 0, "dialogues leave nothing in a database of somebody else");
    }
}

#[test]
fn dialogues_begin_in_a_new_file_and_leave_one_that_is_there_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = folder.path().join("new.db");
    let played = play(&camps(), "camps", &new.display().to_string());
    assert!(played.status.success(), "{played:?}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left");
    std::fs::write(&new, "mine").expect("a file");
    let played = play(&camps(), "camps", &new.display().to_string());
    assert_eq!(played.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&played.stderr).contains("is there; name a new one"), "{played:?}");
    assert_eq!(std::fs::read(&new).expect("a file"), b"mine");
}
