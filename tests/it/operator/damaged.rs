//! Files that are damaged when a server is to begin: each is refused in words, and not a byte of any is changed.

use super::{files, folder, run};
use crate::phones::wire;
use crate::server::{House, NO_RATES};
use crate::walk::Crowd;

/// A house whose server was killed, so that there is a log, or has stopped in order.
async fn left(killed: bool) -> House {
    let house = House::new(NO_RATES).await;
    let server = house.start().await;
    drop(Crowd::gather(1, &wire(&server)).await);
    if killed {
        server.kill();
    } else {
        server.terminate();
        assert_eq!(server.finished().await.0.code(), Some(0));
    }
    house
}

fn change(house: &House, file: &str, how: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(house.path(file)).expect("readable");
    how(&mut bytes);
    std::fs::write(house.path(file), bytes).expect("written");
}

/// What comes of `serve`, which is ended where it is not refused.
fn served(house: &House) -> std::process::Output {
    let serve = house.command();
    let mut command = std::process::Command::new("timeout");
    house.prepare(&mut command);
    command.arg("60").arg(serve.get_program()).args(serve.get_args()).output().expect("it runs")
}

/// `serve` says so and ends; `migrate --check` finds it; both leave everything as it was.
fn refused(house: &House, words: &str) {
    let before = files(&folder(house));
    let output = served(house);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains(words) && told.contains("restore it from a backup"), "{told}");
    let (status, said, wrong) = run(house, &["migrate", "--check"]);
    assert!(status == 1 && said.contains("wrong     ") && said.contains(words), "{said}{wrong}");
    let (status, _, wrong) = run(house, &["migrate"]);
    assert!(status == 2 && wrong.contains(words), "{wrong}");
    let after = files(&folder(house));
    assert!(after == before, "of {:?} something was changed: {:?}", before.keys(), after.keys());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_bytes() {
    let house = left(false).await;
    change(&house, "gramsetu.db", |bytes| bytes[..16].fill(0));
    refused(&house, "not an SQLite database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_in_the_middle() {
    let house = left(false).await;
    change(&house, "gramsetu.db", |bytes| {
        let middle = bytes.len() / 8192 * 4096;
        bytes[middle..middle + 3 * 4096].fill(0xa5);
    });
    refused(&house, "it is damaged (");
    let (_, said, _) = run(&house, &["migrate", "--check"]);
    assert!(said.contains("page"), "it says where: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_cut() {
    let house = left(false).await;
    change(&house, "gramsetu.db", |bytes| bytes.truncate(bytes.len() / 2));
    refused(&house, "it is damaged (");
    let house = left(true).await;
    change(&house, "gramsetu.db", Vec::clear);
    refused(&house, "the file is missing or empty, and its log (`-wal`) is not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_cut_or_changed() {
    let house = left(true).await;
    change(&house, "gramsetu.db-wal", |bytes| bytes.truncate(32 + 24 + 4096));
    refused(&house, "its log (`-wal`) is damaged or cut");
    let house = left(true).await;
    change(&house, "gramsetu.db-wal", |bytes| bytes[32 + 24 + 100] ^= 1);
    refused(&house, "its log (`-wal`) is damaged or cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_database_is_whole_and_looking_at_it_changes_nothing() {
    let house = left(true).await;
    let before = files(&folder(&house));
    let (status, said, wrong) = run(&house, &["migrate", "--check"]);
    assert!(status == 0 && said.contains("whole     yes"), "{said}{wrong}");
    assert!(files(&folder(&house)) == before, "looking changed something");
    let (status, _, wrong) = run(&house, &["migrate", "--check", "--database", "no/such/folder/x.db"]);
    assert!(status == 2 && wrong.contains("its folder does not exist"), "{wrong}");
    let (status, said, _) = run(&house, &["migrate", "--check", "--database", "new.db"]);
    assert!(status == 1 && said.contains("there is none yet") && !house.path("new.db").exists(), "{said}");
    let (status, said, _) = run(&house, &["migrate", "--database", "new.db"]);
    assert!(status == 0 && said.contains("has this version's schema"), "{said}");
    let (status, said, _) = run(&house, &["migrate", "--check", "--database", "new.db"]);
    assert!(status == 0 && said.contains("it has seen none yet"), "{said}");
    house.start().await;
}
