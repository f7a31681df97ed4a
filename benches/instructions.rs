//! Instructions that a turn takes, as valgrind counts them: they do not depend on neighbours, so growth is seen at once.
//!
//! * *engine*: reading a key, stepping and laying out, over journeys through the shipped menus;
//! * *turn*: from a callback's bytes to the reply's, through the routes, the bridge and a SQLite file, without sockets and
//!   with each turn alone in its batch.
//!
//! Each is counted over so many turns and over twice as many: what the second takes beyond the first is free of starting up.
//! What is recorded in `benches/instructions.txt` may be exceeded by a tenth; beyond that this fails. `UPDATE=1` records.
//!
//! `cargo bench --profile counted --bench instructions`, as `./test` does: what is recorded is of that profile.

mod support {
    //! What benches share.
    #[expect(dead_code, reason = "another bench stores sessions between turns")]
    pub(crate) mod journeys;
    pub(crate) mod script;
    pub(crate) mod shipped;
}

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use gramsetu::gateway::{Aggregator, Doing, Profile};
use gramsetu::handset::{InProcess, Wire as _};
use gramsetu::house::load::{self, Loaded};
use gramsetu::http;
use gramsetu::phone::{self, ServiceCode};
use gramsetu::simulate::server;
use gramsetu::store::Database;

use support::journeys::{Hall, Recorded};
use support::script::MARKETS;
use support::shipped::JOURNEYS;

/// Counted by name: what a turn of it takes, over so many turns.
const COUNTED: [(&str, usize); 2] = [("engine", 680), ("turn", 600)];

/// Growth in hundredths that is let pass: counts differ by one or two from run to run.
const GROWTH: u64 = 10;

/// The program's own.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let of = |name: &str| {
        let at = arguments.iter().position(|argument| argument == &format!("--{name}"))?;
        arguments.get(at + 1)?.parse().ok()
    };
    match (of("engine"), of("turn")) {
        (Some(turns), _) => engine(turns),
        (_, Some(turns)) => whole(turns),
        // `cargo bench` runs all benches, in a profile of which nothing is recorded.
        _ if !is_counted() => {
            println!("Instructions are counted by `cargo bench --profile counted --bench instructions`.");
        }
        _ => return compare(),
    }
    ExitCode::SUCCESS
}

/// Takes so many turns of the engine and nothing else.
fn engine(turns: usize) {
    let loaded = load::load(load::read(None).expect("the menus are in the program"));
    let program = loaded.program.as_ref().expect("the shipped menus compile");
    let hall = Hall::of(&loaded, program);
    let recorded: Vec<_> = JOURNEYS.iter().map(|journey| Recorded::new(journey, program, &hall)).collect();
    let mut taken = 0;
    for recorded in recorded.iter().cycle() {
        let mut replay = recorded.replay();
        while let Some(page) = replay.turn() {
            black_box(page);
            taken += 1;
            if taken == turns {
                return;
            }
        }
    }
}

/// Takes so many whole turns.
fn whole(turns: usize) {
    let Loaded { program, profiles, sandboxes, .. } =
        load::load(load::read(None).expect("the menus are in the program"));
    let program = Arc::new(program.expect("the shipped menus compile"));
    let profile = profiles.into_iter().find(|profile| profile.name == "africastalking").expect("it is shipped");
    let profile = Arc::new(profile);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let database = Database::Sqlite(folder.path().join("turns.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let site = server::site(Arc::clone(&program), Arc::clone(&profile), &sandboxes, &database).await;
        let site = site.expect("a site");
        let wire = InProcess::new(http::public(&site), server::SECRET);
        for session in 0..turns.div_ceil(MARKETS.len()) {
            talk(&wire, &profile, program.codes(), session).await;
        }
        site.bridge.store().close().await.expect("closed");
    });
}

async fn talk(wire: &InProcess, profile: &Arc<Profile>, codes: Vec<ServiceCode>, session: usize) {
    let number = format!("+9198{session:07}0");
    let number = phone::parse(&number, profile.home).expect("a mobile number of India");
    let leg = (session as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let mut dialogue = Aggregator::new(Arc::clone(profile), number, leg, codes);
    for (turn, (said, shows)) in MARKETS.iter().enumerate() {
        let doing = if turn == 0 { Doing::Dial(said) } else { Doing::Answer(said) };
        let request = dialogue.request(doing).expect("every gateway carries this");
        let reply = wire.send(&profile.name, request).await.expect("a reply");
        let page = String::from_utf8_lossy(&reply.body);
        assert!(page.contains(shows), "`{shows}` was to be shown after `{said}`: {page}");
    }
}

/// Built in the profile of which counts are recorded.
fn is_counted() -> bool {
    std::env::current_exe().is_ok_and(|this| this.iter().any(|part| part == "counted"))
}

fn compare() -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt");
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    let (mut now, mut grown, mut fell) = (String::new(), false, false);
    println!("| what | instructions a turn | recorded | of it |\n|---|---|---|---|");
    for (name, turns) in COUNTED {
        let (once, twice) = (instructions(name, turns), instructions(name, 2 * turns));
        let each = (twice - once) / turns as u64;
        let _ = writeln!(now, "{name} {each}");
        let before = recorded.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        let percent = before.map(|before| each * 100 / before.max(1));
        let shown = |value: Option<u64>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
        println!("| {name} | {each} | {} | {} % |", shown(before), shown(percent));
        grown |= percent.is_none_or(|percent| percent > 100 + GROWTH);
        fell |= percent.is_some_and(|percent| percent < 100 - GROWTH);
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, now).expect("it can be written");
        return ExitCode::SUCCESS;
    }
    if grown {
        eprintln!(
            "A turn takes over {GROWTH} % more instructions than recorded. `valgrind --tool=callgrind` of this bench with `--engine 680` or \
             `--turn 600` shows where; where it is worth it, record it: UPDATE=1 cargo bench --profile counted --bench instructions"
        );
        return ExitCode::FAILURE;
    }
    if fell {
        eprintln!(
            "A turn takes far fewer instructions than recorded: record that, or growth up to there goes unseen (UPDATE=1)"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// What so many turns take, starting up included.
fn instructions(name: &str, turns: usize) -> u64 {
    let out: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("callgrind.{name}.{turns}"));
    let this = std::env::current_exe().expect("this program");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(this)
        .args([format!("--{name}"), turns.to_string()])
        .output()
        .expect("valgrind is installed: `apt-get install valgrind`");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let counted = std::fs::read_to_string(&out).expect("what valgrind has written");
    let total = counted.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
    total.expect("a total")
}
