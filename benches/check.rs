//! How long an author waits for `check`: 5,000 screens, and the shipped menus on as many gateways as a country has.
//!
//! Beside it stands only reading the same YAML, which nobody who checks menus can do without. With `--write FOLDER` the
//! large menus are written there, for `gramsetu check` and a profiler.

mod support {
    //! What benches share.
    pub(crate) mod figures;
    pub(crate) mod menus;
}

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gramsetu::gateway;
use gramsetu::house::load;
use gramsetu::source::{self, Files};

use support::figures::{median, millis};
use support::menus;

const ROUNDS: usize = 3;
const SCREENS: usize = 5_000;
const GATEWAYS: usize = 22;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--write") {
        let folder = arguments.get(at + 1).map(PathBuf::from).expect("--write FOLDER");
        return write(&folder);
    }
    println!("| menus | screens | gateways | check | only reading the YAML | ratio | promised |");
    println!("|---|---|---|---|---|---|---|");
    let large = || menus::with_screens(SCREENS);
    row("generated", &large(), Duration::from_secs(2));
    let on_many = |mut files: Vec<(String, String)>| {
        files.extend(more_gateways());
        files
    };
    row("generated", &on_many(large()), Duration::from_secs(2));
    row("shipped", &shipped(), Duration::from_millis(200));
    row("shipped", &on_many(shipped()), Duration::from_millis(200));
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

/// Copies of the shipped profiles under other names, up to [`GATEWAYS`].
fn more_gateways() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gateway/profiles");
    let shipped = gateway::shipped();
    let copies = shipped.iter().cycle().zip(0..GATEWAYS.saturating_sub(shipped.len()));
    copies
        .map(|(profile, copy)| {
            let text = std::fs::read_to_string(folder.join(format!("{}.yaml", profile.name))).expect("a profile");
            let own = text.replace(&format!("gateway: {}\n", profile.name), &format!("gateway: copy{copy}\n"));
            (format!("gateways/copy{copy}.yaml"), own)
        })
        .collect()
}

fn write(folder: &Path) {
    for (path, text) in menus::with_screens(SCREENS) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
}
