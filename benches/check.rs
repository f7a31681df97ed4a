//! How long an author waits for `check`: 5,000 screens and the shipped menus, each on all shipped gateways.
//!
//! Beside it stands only reading the same YAML, which nobody who checks menus can do without. With `--write FOLDER` the
//! large menus are written there, for `gramsetu check` and a profiler.

mod support {
    //! What benches share.
    pub(crate) mod figures;
    pub(crate) mod menus;
    pub(crate) mod watched;
}

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gramsetu::house::load;
use gramsetu::source::{self, Files};

use support::figures::{median, millis};
use support::{menus, watched};

/// How often a file is saved under the eyes of `check --watch`.
const SAVES: usize = 20;
const ROUNDS: usize = 3;
const SCREENS: usize = 5_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--write") {
        let folder = arguments.get(at + 1).map(PathBuf::from).expect("--write FOLDER");
        return write(&folder, &menus::with_screens(SCREENS));
    }
    println!("| menus | screens | gateways | check | only reading the YAML | ratio | promised |");
    println!("|---|---|---|---|---|---|---|");
    row("generated", &menus::with_screens(SCREENS), Duration::from_secs(2));
    row("shipped", &shipped(), Duration::from_millis(200));
    watch(&shipped());
}

/// From saving a file of these menus to reading what is found.
fn watch(files: &[(String, String)]) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), files);
    let took = watched::saves(folder.path(), "home.yaml", SAVES);
    let worst = took.iter().max().copied().unwrap_or_default();
    let median = median(&took).unwrap_or_default();
    println!("\nfrom a save to its findings, {} files: {}, at worst {}", files.len(), millis(median), millis(worst));
}

/// One line of the table: rounds of both alternate, and medians are told.
fn row(what: &str, files: &[(String, String)], promised: Duration) {
    let (mut checked, mut read) = (Vec::new(), Vec::new());
    let (mut screens, mut gateways) = (0, 0);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let loaded = load::load(added(files));
        checked.push(began.elapsed());
        assert!(!loaded.has_errors(), "{}", source::render(&loaded.findings, &loaded.files, false));
        screens = loaded.program.map_or(0, |program| program.menus.iter().map(|menu| menu.screens.len()).sum());
        gateways = loaded.profiles.len();
        let again = added(files);
        let began = Instant::now();
        for (id, _) in
            again.iter().filter(|(_, file)| Path::new(&file.path).extension().is_some_and(|ending| ending == "yaml"))
        {
            assert!(source::read(&again, id).is_ok());
        }
        read.push(began.elapsed());
    }
    let (checked, read) = (median(&checked).unwrap_or_default(), median(&read).unwrap_or_default());
    let kept = if checked <= promised { "kept" } else { "BROKEN" };
    println!(
        "| {what} | {screens} | {gateways} | {} | {} | {:.1} | {} s: {kept} |",
        millis(checked),
        millis(read),
        checked.as_secs_f64() / read.as_secs_f64().max(f64::EPSILON),
        promised.as_secs_f64(),
    );
}

fn added(files: &[(String, String)]) -> Files {
    let mut all = Files::default();
    for (path, text) in files {
        all.add(path.clone(), text.clone());
    }
    all
}

fn shipped() -> Vec<(String, String)> {
    let files = load::read(None).expect("the shipped menus are in the binary");
    files.iter().map(|(_, file)| (file.path.clone(), file.text.to_string())).collect()
}

fn write(folder: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
}
