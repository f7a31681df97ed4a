//! A backup made under load, and what goes on from it.

use std::sync::Arc;

use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Semaphore;

use super::{files, folder, run};
use crate::phones::{Phone, profile, wire};
use crate::server::patient_menus;
use crate::server::{GATEWAYS, House, NO_RATES};
use crate::walk::Crowd;

/// A phone on each gateway that has come to the list of crops.
async fn phones(house: &crate::server::Server, first: u128) -> Vec<Phone> {
    let mut phones = Vec::new();
    for (n, gateway) in (first..).zip(GATEWAYS) {
        let mut phone = Phone::new(&profile(gateway), &format!("+9198222{n:05}"), n);
        phone.dial(&wire(house), "*123#").await.expect("it is served");
        for answer in ["8", "1", "haryana"] {
            phone.answer(&wire(house), answer).await.expect("it is served");
        }
        phones.push(phone);
    }
    phones
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conversations_go_on_from_a_backup_that_was_made_under_load() {
    let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
    patient_menus(&house.path("menus"));
    let mut server = house.start().await;
    let mut crowd = Crowd::gather(12, &wire(&server)).await;
    let mut kept = phones(&server, 1).await;
    let answered = Arc::new(Semaphore::new(0));
    let walking = crowd.walk(&wire(&server), &answered);
    drop(answered.acquire_many(60).await.expect("it stays open"));

    let (status, said, wrong) = run(&house, &["backup", "first.backup"]);
    assert_eq!((status, wrong.as_str()), (0, ""));
    assert!(said.starts_with("wrote first.backup: ") && said.contains(" conversations, "), "{said}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(house.path("first.backup")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is nobody else's business");
    }
    let first = std::fs::read(house.path("first.backup")).expect("readable");
    let (status, _, wrong) = run(&house, &["backup", "first.backup"]);
    assert!(status == 2 && wrong.contains("there already"), "{wrong}");
    assert!(std::fs::read(house.path("first.backup")).expect("readable") == first, "nothing was written over it");
    let (status, said, wrong) = run(&house, &["migrate", "--check"]);
    assert!(status == 0 && said.contains("a server has it open") && said.contains("open it"), "{said}{wrong}");
    let (status, _, wrong) = run(&house, &["restore", "--replace", "first.backup"]);
    assert!(status == 2 && wrong.contains("another process has it open"), "{wrong}");

    // These come after the backup: of them the restored database knows nothing.
    let mut later = phones(&server, 50).await;
    drop(answered.acquire_many(60).await.expect("it stays open"));
    server.kill();
    crowd.come_back(walking).await;
    let (status, _, wrong) = run(&house, &["restore", "first.backup"]);
    assert!(status == 2 && wrong.contains("--replace"), "{wrong}");
    let (status, said, wrong) = run(&house, &["restore", "--replace", "first.backup"]);
    assert_eq!((status, wrong.as_str()), (0, ""));
    assert!(said.contains("the former database is ") && said.contains("gramsetu.db.former-1"), "{said}");
    let left = files(&folder(&house));
    assert!(!left.contains_key("gramsetu.db-wal") && !left.contains_key("gramsetu.db-shm"), "{:?}", left.keys());
    let (status, said, wrong) = run(&house, &["migrate", "--check", "--database", "gramsetu.db.former-1"]);
    assert!(status == 0 && said.contains("whole     yes"), "what was there is whole: {said}{wrong}");

    server = house.start().await;
    let wire = wire(&server);
    for phone in &mut kept {
        phone.expect_repeat(&wire).await;
        phone.answer(&wire, "karnal").await.expect("it is served");
    }
    for phone in &mut later {
        phone.dial(&wire, "*123#").await.expect("who is unknown is met as a stranger");
    }
    assert!(!server.log().contains("\"level\":\"ERROR\"") && !server.log().contains(" ERROR "), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_take_the_place_of_a_database_is_refused_and_nothing_is_changed() {
    let house = House::new("").await;
    let server = house.start().await;
    drop(phones(&server, 1).await);
    assert_eq!(run(&house, &["backup", "good.backup"]).0, 0);
    server.kill();
    let good = std::fs::read(house.path("good.backup")).expect("readable");

    let mut damaged = good.clone();
    let middle = damaged.len() / 8192 * 4096;
    damaged[middle..middle + 8192].fill(0xa5);
    std::fs::write(house.path("damaged.backup"), damaged).expect("written");
    std::fs::write(house.path("cut.backup"), &good[..good.len() / 2]).expect("written");
    std::fs::write(house.path("list.backup"), "a shopping list\n".repeat(900)).expect("written");
    std::fs::write(house.path("empty.backup"), "").expect("written");
    alter(&house, "theirs.backup", b"", "CREATE TABLE theirs (a)").await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of the future', true, x'00', 0)";
    alter(&house, "newer.backup", &good, newer).await;
    let other = House::new("").await;
    other.start().await.kill();
    assert_eq!(run(&other, &["backup", "other.backup"]).0, 0);
    std::fs::copy(other.path("other.backup"), house.path("other.backup")).expect("copied");

    let before = files(&folder(&house));
    for (file, reason) in [
        ("damaged.backup", "is damaged"),
        ("cut.backup", "is damaged"),
        ("list.backup", "not an SQLite database"),
        ("empty.backup", "missing or empty"),
        ("nowhere.backup", "missing or empty"),
        ("theirs.backup", "belongs to another application"),
        ("newer.backup", "newer version of gramsetu"),
        ("other.backup", "keys of the settings do not open"),
        ("gramsetu.db", "it is the database itself"),
    ] {
        let (status, _, wrong) = run(&house, &["restore", "--replace", file]);
        assert!(status == 2 && wrong.contains(reason), "{file}: {wrong}");
        assert!(files(&folder(&house)) == before, "{file}: something was changed");
    }
    assert_eq!(run(&house, &["restore", "--replace", "good.backup"]).0, 0);
    house.start().await;
}

/// A file with these bytes on which a statement was run.
async fn alter(house: &House, name: &str, bytes: &[u8], statement: &'static str) {
    std::fs::write(house.path(name), bytes).expect("written");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.path(name));
    let mut connection = options.connect().await.expect("it opens");
    sqlx::raw_sql(statement).execute(&mut connection).await.expect(statement);
    connection.close().await.expect("it closes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_whose_log_is_damaged_is_kept_with_it() {
    let house = House::new("").await;
    let server = house.start().await;
    drop(phones(&server, 1).await);
    assert_eq!(run(&house, &["backup", "good.backup"]).0, 0);
    server.kill();
    let mut log = std::fs::read(house.path("gramsetu.db-wal")).expect("the killed server left it");
    // In the first page of the first frame.
    log[32 + 24 + 100] ^= 1;
    std::fs::write(house.path("gramsetu.db-wal"), &log).expect("written");
    let database = std::fs::read(house.path("gramsetu.db")).expect("readable");
    let (status, _, wrong) = run(&house, &["restore", "--replace", "good.backup"]);
    assert_eq!((status, wrong.as_str()), (0, ""));
    let left = files(&folder(&house));
    assert!(left["gramsetu.db.former-1"] == database && left["gramsetu.db.former-1-wal"] == log);
    assert!(!left.contains_key("gramsetu.db-wal"), "it is not applied to another database");
    let (status, said, _) = run(&house, &["migrate", "--check"]);
    assert!(status == 0 && said.contains("keys      those of the settings open it"), "{said}");
    house.start().await;
}
