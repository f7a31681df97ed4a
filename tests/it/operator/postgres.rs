//! The commands that `backup` and `restore` name for a PostgreSQL, run as they are printed.

use std::process::Command;

use sqlx::Row as _;

use super::run;
use crate::postgres::database;
use crate::server::House;

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
    let fill = "CREATE TABLE kept (subscriber bytea PRIMARY KEY, sealed bytea NOT NULL);
                INSERT INTO kept SELECT decode(md5(n::text), 'hex'), decode(repeat('a5', n), 'hex') FROM generate_series(1, 900) n";
    sqlx::raw_sql(fill).execute(&from.pool).await.expect("it is filled");
    let login = from.address.split_once("://").and_then(|(_, rest)| rest.split_once('@')).expect("a login").0;
    let (user, password) = login.split_once(':').expect("a password");

    for (address, command, tool) in [(&from.address, "backup", "pg_dump"), (&to.address, "restore", "pg_restore")] {
        let (status, said, wrong) = run(&house, &[command, "state.dump", "--database", address]);
        assert_eq!((status, said.as_str()), (2, ""), "nothing was done by it");
        assert!(!wrong.contains(password), "{wrong}");
        shell(&house, &named(&wrong, tool, user), password);
    }
    let summed = "SELECT count(*), md5(string_agg(encode(sealed, 'hex'), '' ORDER BY subscriber)) FROM kept";
    let mut sums = Vec::new();
    for database in [&from, &to] {
        let row = sqlx::query(summed).fetch_one(&database.pool).await.expect("it is there");
        sums.push((row.get::<i64, _>(0), row.get::<String, _>(1)));
    }
    assert_eq!((sums[0].0, &sums[0]), (900, &sums[1]));
}
