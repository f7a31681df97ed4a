//! What operators do and meet: backups and their restoring, disks that fail, files that are damaged, messages that did not go out.

use std::collections::BTreeMap;
use std::path::Path;

use crate::server::House;

mod backups;
mod damaged;
mod failing;
mod messages;
#[cfg(unix)]
mod postgres;

/// Exit status, standard output and standard error of a command with the settings of a house.
fn run(house: &House, arguments: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    house.prepare(&mut command);
    let output = command.args(arguments).args(["--settings", "gramsetu.toml"]).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it ended by itself"), text(&output.stdout), text(&output.stderr))
}

/// The files of a database by name, and what they hold; the lock is nobody's data.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = entries.filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), path)));
    let ours = named.filter(|(name, _)| name.contains(".db") && !name.ends_with("-lock"));
    ours.map(|(name, path)| (name, std::fs::read(path).expect("readable"))).collect()
}

fn folder(house: &House) -> std::path::PathBuf {
    house.path("gramsetu.db").parent().expect("it lies in a folder").to_path_buf()
}
