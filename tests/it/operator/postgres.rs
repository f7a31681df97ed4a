//! A PostgreSQL is looked at, carried over by the commands that `backup` and `restore` name, run as they are printed, and
//! conversations go on from what was carried over.

use std::process::Command;

use super::run;
use crate::phones::{Phone, profile, wire};
use crate::postgres::database;
use crate::server::{House, Server};

/// The line of what was said that begins with the name of a tool, as a shell takes it.
fn named(said: &str, tool: &str, user: &str) -> String {
    let line = said.lines().find(|line| line.trim_start().starts_with(tool));
    line.unwrap_or_else(|| panic!("{tool} is not named: {said}")).replace("USER", user)
}

/// Runs a line where the password is in the environment, as `.pgpass` would have it.
fn shell(house: &House, line: &str, password: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(house.path("")).env("PGPASSWORD", password);
    let output = command.output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_that_are_named_carry_a_database_over() {
    let house = House::new("").await;
    let (from, to) = (database().await, database().await);
    let check = |address: &str| run(&house, &["migrate", "--check", "--database", address]);
    let (status, said, wrong) = check(&from.address);
    assert!(status == 1 && said.contains("there is none yet"), "{said}{wrong}");
    let server = Server::start(on(&house, &from.address)).await;
    let mut phone = Phone::new(&profile("mtech"), "+919855500001", 1);
    phone.dial(&wire(&server), "*123#").await.expect("it is served");
    phone.answer(&wire(&server), "8").await.expect("it is served");
    let (status, said, wrong) = check(&from.address);
    assert!(status == 0 && said.contains("holds     1 conversation, "), "{said}{wrong}");
    assert!(said.contains("those of the settings open it"), "{said}");
    let login = from.address.split_once("://").and_then(|(_, rest)| rest.split_once('@')).expect("a login").0;
    let (user, password) = login.split_once(':').expect("a password");

    for (address, command, tool) in [(&from.address, "backup", "pg_dump"), (&to.address, "restore", "pg_restore")] {
        let (status, said, wrong) = run(&house, &[command, "state.dump", "--database", address]);
        assert_eq!((status, said.as_str()), (2, ""), "nothing was done by it");
        assert!(!wrong.contains(password), "{wrong}");
        shell(&house, &named(&wrong, tool, user), password);
    }
    server.kill();
    let (status, said, wrong) = check(&to.address);
    assert!(status == 0 && said.contains("holds     1 conversation, "), "{said}{wrong}");
    assert_eq!(run(&house, &["migrate", "--database", &to.address]).0, 0);
    let risk = "DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
    END $$";
    sqlx::query(risk).execute(&from.pool).await.expect("set");
    let (status, said, wrong) = check(&from.address);
    assert!(status == 1 && said.contains("wrong     `synchronous_commit = off`"), "{said}{wrong}");
    let server = Server::start(on(&house, &to.address)).await;
    phone.expect_repeat(&wire(&server)).await;
    assert!(phone.answer(&wire(&server), "1").await.expect("it is served").more, "it goes on");
}

/// The house's server on another database.
fn on(house: &House, address: &str) -> Command {
    let mut command = house.command();
    command.args(["--database", address]);
    command
}
