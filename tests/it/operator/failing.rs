//! Disks and neighbours that fail while a server runs: citizens hear sorry, nothing answered is lost, the operator has a line,
//! and it goes on by itself once it can.

use std::process::Command;

use sqlx::{ConnectOptions as _, Connection as _};

use crate::phones::{Phone, profile, wire};
use crate::server::patient_menus;
use crate::server::{GATEWAYS, House, NO_RATES, Server, get, until};

const SORRY: &str = "Sorry, this service is not working now.";
const LINE: &str = "Nothing can be written";

async fn house() -> House {
    let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
    patient_menus(&house.path("menus"));
    house
}

/// A phone on each gateway that has come to the list of crops.
async fn phones(server: &Server, first: u128) -> Vec<Phone> {
    let mut phones = Vec::new();
    for (n, gateway) in (first..).zip(GATEWAYS) {
        let mut phone = Phone::new(&profile(gateway), &format!("+9198333{n:05}"), n);
        phone.dial(&wire(server), "*123#").await.expect("it is served");
        for answer in ["8", "1", "haryana"] {
            phone.answer(&wire(server), answer).await.expect("it is served");
        }
        phones.push(phone);
    }
    phones
}

/// Every one of them hears that it does not work, in the shape of its protocol.
async fn hear_sorry(server: &Server, first: u128) {
    for (n, gateway) in (first..).zip(GATEWAYS) {
        let mut phone = Phone::new(&profile(gateway), &format!("+9198444{n:05}"), n);
        let shown = phone.dial(&wire(server), "*123#").await.expect("it is served");
        assert!(shown.text.starts_with(SORRY) && !shown.more, "{gateway}: {}", shown.text);
    }
}

async fn health(server: &Server) -> u16 {
    get(server.admin, "/health").await.map_or(0, |heard| heard.status)
}

/// What was answered before is there, and dialogues go on.
async fn go_on(server: &Server, phones: &mut [Phone], answer: &str) {
    for phone in phones {
        phone.expect_repeat(&wire(server)).await;
        let shown = phone.answer(&wire(server), answer).await.expect("it is served");
        assert!(shown.more && !shown.text.starts_with(SORRY), "{}", shown.text);
    }
}

fn lines(server: &Server, what: &str) -> usize {
    server.log().lines().filter(|line| line.contains(what)).count()
}

/// The largest size that files of this process may have, which the system refuses to go beyond as it refuses to fill a full
/// disk, in any container and for any user.
fn room(server: &Server, bytes: &str) {
    let id = server.id().to_string();
    let set = Command::new("prlimit").args(["--pid", &id, &format!("--fsize={bytes}")]).status();
    assert!(set.expect("util-linux is there").success());
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_no_more_and_then_takes_it_again() {
    let house = house().await;
    let serve = house.command();
    let mut command = Command::new("sh");
    house.prepare(&mut command);
    // Or the first byte too many would end the process.
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(serve.get_program()).args(serve.get_args());
    let server = Server::start(command).await;
    let mut kept = phones(&server, 1).await;
    room(&server, "1:unlimited");
    for round in 0..4 {
        hear_sorry(&server, 100 * (round + 1)).await;
    }
    assert_eq!(lines(&server, LINE), 1, "one line, not one a turn:\n{}", server.log());
    let line = server.log().lines().find(|line| line.contains(LINE)).unwrap_or_default().to_owned();
    assert!(line.contains("disk"), "it says what to do: {line}");
    until("health says so", async || health(&server).await == 503).await;
    assert_eq!(get(server.admin, "/health/live").await.expect("a reply").status, 200);
    assert!(failing(&server).await >= 10.0);
    for phone in &kept {
        phone.expect_repeat(&wire(&server)).await;
    }

    room(&server, "unlimited:unlimited");
    until("it is well again, though nobody dials", async || health(&server).await == 200).await;
    assert_eq!((lines(&server, LINE), lines(&server, "It can be written again")), (1, 1), "{}", server.log());
    go_on(&server, &mut kept, "karnal").await;
    let mut later = phones(&server, 50).await;
    server.kill();
    let server = house.start().await;
    go_on(&server, &mut kept, "2").await;
    go_on(&server, &mut later, "karnal").await;
}

/// The gauge `gramsetu_store_failing_seconds`.
async fn failing(server: &Server) -> f64 {
    let page = get(server.admin, "/metrics").await.expect("a page").text();
    let gauge = page.lines().find_map(|line| line.strip_prefix("gramsetu_store_failing_seconds ")).expect("a gauge");
    gauge.parse().expect("a number")
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_taken_away_and_put_back() {
    let house = house().await;
    let server = house.start().await;
    let mut kept = phones(&server, 1).await;
    let (path, away) = (house.path("gramsetu.db"), house.path("away.db"));
    // As good as deleted, to the server.
    std::fs::rename(&path, &away).expect("moved");
    hear_sorry(&server, 100).await;
    assert_eq!(lines(&server, LINE), 1, "{}", server.log());
    let line = server.log().lines().find(|line| line.contains(LINE)).unwrap_or_default().to_owned();
    assert!(line.contains("the file is gone") && line.contains("stop the server and restore a backup"), "{line}");
    until("health says so", async || health(&server).await == 503).await;
    assert!(failing(&server).await >= 10.0);
    std::fs::rename(&away, &path).expect("put back");
    until("it is well again, though nobody dials", async || health(&server).await == 200).await;
    assert!(failing(&server).await.abs() < f64::EPSILON);
    go_on(&server, &mut kept, "karnal").await;
}

/// In bytes, as SQLite makes them.
#[cfg(unix)]
const PAGE: usize = 4096;

/// Pages of the file are written over while it is served: the operator is told, and it is not taken for well again by what
/// lies on other pages.
#[cfg(unix)]
async fn is_damaged(house: &House, server: &Server, pages: &[usize]) {
    let file = std::fs::File::options().write(true).open(house.path("gramsetu.db")).expect("it opens");
    for page in pages {
        let at = u64::try_from((page - 1) * PAGE).expect("a small file");
        std::os::unix::fs::FileExt::write_all_at(&file, &[0; PAGE], at).expect("written over");
    }
    hear_sorry(server, 100).await;
    assert!(server.log().contains("the file is damaged; stop the server"), "{}", server.log());
    until("health says so", async || health(server).await == 503).await;
    assert!(failing(server).await >= 10.0);
    hear_sorry(server, 200).await;
    assert_eq!(health(server).await, 503, "and goes on saying so");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_overwritten() {
    let house = house().await;
    let server = house.start().await;
    phones(&server, 1).await;
    moved(&house).await;
    let length = std::fs::metadata(house.path("gramsetu.db")).expect("it is there").len();
    let pages: Vec<usize> = (1..=usize::try_from(length).expect("a small file") / PAGE).collect();
    is_damaged(&house, &server, &pages).await;
}

/// Waits until all that was written lies in the file: what still is in the log is read from there.
#[cfg(unix)]
async fn moved(house: &House) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.path("gramsetu.db"));
    let mut connection = options.connect().await.expect("it opens");
    loop {
        let state: (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut connection).await.expect("it is done");
        if state.0 == 0 && state.1 == state.2 {
            break;
        }
    }
    connection.close().await.expect("it lets go");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_which_one_table_is_damaged() {
    let house = house().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.path("gramsetu.db"));
    let server = house.start().await;
    phones(&server, 1).await;
    let mut connection = options.connect().await.expect("it opens");
    let roots = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'subscribers' AND rootpage > 0";
    let roots: Vec<i64> = sqlx::query_scalar(roots).fetch_all(&mut connection).await.expect("readable");
    connection.close().await.expect("it lets go");
    let pages: Vec<usize> = roots.into_iter().map(|root| usize::try_from(root).expect("a page")).collect();
    is_damaged(&house, &server, &pages).await;
}

/// Another program that holds the database.
async fn hold(house: &House) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(house.path("gramsetu.db"));
    let mut connection = options.connect().await.expect("it opens");
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await.expect("it is free");
    connection
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_program_has_locked() {
    let house = house().await;
    let server = house.start().await;
    let mut kept = phones(&server, 1).await;

    let holder = hold(&house).await;
    let (wire_held, mut phone) = (wire(&server), kept.remove(0));
    let waiting = tokio::spawn(async move {
        let shown = phone.answer(&wire_held, "karnal").await;
        (phone, shown)
    });
    let waits = async || {
        let page = get(server.admin, "/metrics").await.expect("a page").text();
        let age = page.lines().find_map(|line| line.strip_prefix("gramsetu_store_queue_age_seconds "));
        age.and_then(|age| age.parse::<f64>().ok()).is_some_and(|age| age > 0.3)
    };
    until("the turn waits", waits).await;
    holder.close().await.expect("it lets go");
    let (phone, shown) = waiting.await.expect("no defect");
    let shown = shown.expect("a turn that waited for a moment gets its page");
    assert!(shown.more && !shown.text.starts_with(SORRY), "{}", shown.text);
    assert_eq!(lines(&server, LINE), 0, "{}", server.log());

    let holder = hold(&house).await;
    let mut caller = Phone::new(&profile("hubtel"), "+919844499999", 999);
    let wire_held = wire(&server);
    let shown = caller.dial(&wire_held, "*123#").await.expect("it is served");
    assert!(!shown.more, "sorry, or busy where the gateway waits less than the store: {}", shown.text);
    until("the line is there", async || lines(&server, LINE) == 1).await;
    assert!(server.log().contains("another program holds a lock"), "{}", server.log());
    holder.close().await.expect("it lets go");
    until("it can be written again", async || lines(&server, "It can be written again") == 1).await;
    assert_eq!(health(&server).await, 200);
    go_on(&server, &mut kept, "karnal").await;
    phone.expect_repeat(&wire(&server)).await;
}

/// Rights are asked when a file is opened; a server has opened what it needs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_that_are_taken_while_it_runs_matter_at_the_next_start() {
    let house = house().await;
    let server = house.start().await;
    let mut kept = phones(&server, 1).await;
    let path = house.path("gramsetu.db");
    let rights = std::fs::metadata(&path).expect("it is there").permissions();
    let mut taken = rights.clone();
    taken.set_readonly(true);
    std::fs::set_permissions(&path, taken).expect("set");
    go_on(&server, &mut kept, "karnal").await;
    server.terminate();
    assert_eq!(server.finished().await.0.code(), Some(0));
    let output = house.command().output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && told.contains("the file is read-only; give this user"), "{told}");
    std::fs::set_permissions(&path, rights).expect("set");
    go_on(&house.start().await, &mut kept, "2").await;
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    let command = command.args(["migrate", "--database", "no/such/folder.db"]).current_dir(folder.path());
    let output = command.output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("make its folder first"), "{told}");
}
