//! The engine alone: reading a key, stepping and laying out the page on which the reader is, over journeys through the shipped
//! menus. No store, no sockets, no sealing; departments have answered before.
//!
//! Times are told as multiples of hashing the same pages in the same run, since machines and neighbours differ; allocations
//! do not depend on either. *stored* has the session written and read again after each turn, as the bridge does. Beside them:
//! the same menus with 50 and 5,000 screens, whose turns must cost the same.

mod support {
    //! What benches share.
    #[expect(dead_code, reason = "other benches write milliseconds")]
    pub(crate) mod figures;
    pub(crate) mod journeys;
    pub(crate) mod menus;
    pub(crate) mod shipped;
}

use std::alloc::System;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::hint::black_box;
use std::time::{Duration, Instant};

use gramsetu::house::load::{self, Loaded};
use gramsetu::menu::Program;
use gramsetu::source::Files;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use support::figures::median;
use support::journeys::{Hall, Journey, Recorded};
use support::menus;
use support::shipped::JOURNEYS;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 7;
/// Of one journey in one round.
const SESSIONS: usize = 200;

/// Of generated menus.
const SERVICE: Journey = Journey {
    name: "service",
    language: "en",
    entry: "service.s1",
    caller: "600",
    wide: true,
    script: &[
        ("", "What do you need?"),
        ("2", "Your state"),
        ("uttar p", "1. Uttar Pradesh"),
        ("1", "Your district"),
        ("luck", "1. Lucknow"),
        ("0", "Your district"),
        ("00", ""),
    ],
};

fn main() {
    let loaded = load::load(load::read(None).expect("the menus are in the program"));
    let program = program(&loaded);
    let hall = Hall::of(&loaded, program);
    println!(
        "| journey | turns | ns/turn | of hashing its pages | allocations | ns stored | of hashing | allocations |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut sum = Cost::default();
    for journey in JOURNEYS {
        let recorded = Recorded::new(journey, program, &hall);
        let cost = Cost::of(&recorded);
        cost.print(journey.name);
        sum = sum.plus(&cost);
    }
    sum.print("**all**");
    println!();
    for screens in [50, 5_000] {
        let loaded = load::load(added(&menus::with_screens(screens)));
        let program = self::program(&loaded);
        Cost::of(&Recorded::new(&SERVICE, program, &hall)).print(&format!("{screens} screens"));
    }
}

fn program(loaded: &Loaded) -> &Program {
    loaded.program.as_ref().expect("the menus compile")
}

fn added(files: &[(String, String)]) -> Files {
    let mut all = Files::default();
    for (path, text) in files {
        all.add(path, text.clone());
    }
    all
}

/// What all turns of a journey cost together.
#[derive(Clone, Debug, Default)]
struct Cost {
    turns: usize,
    engine: Duration,
    stored: Duration,
    hashing: Duration,
    allocations: usize,
    allocations_stored: usize,
}

impl Cost {
    fn of(recorded: &Recorded<'_>) -> Self {
        let pages = {
            let mut replay = recorded.replay();
            std::iter::from_fn(|| replay.turn()).collect::<Vec<_>>()
        };
        let (mut engine, mut stored, mut hashing) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            engine.push(each_session(|| session(recorded, false).0));
            stored.push(each_session(|| session(recorded, true).0));
            hashing.push(each_session(|| {
                let began = Instant::now();
                for page in &pages {
                    let mut hasher = DefaultHasher::new();
                    page.hash(&mut hasher);
                    black_box(hasher.finish());
                }
                began.elapsed()
            }));
        }
        Self {
            turns: recorded.len(),
            engine: median(&engine).unwrap_or_default(),
            stored: median(&stored).unwrap_or_default(),
            hashing: median(&hashing).unwrap_or_default(),
            allocations: session(recorded, false).1,
            allocations_stored: session(recorded, true).1,
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            turns: self.turns + other.turns,
            engine: self.engine + other.engine,
            stored: self.stored + other.stored,
            hashing: self.hashing + other.hashing,
            allocations: self.allocations + other.allocations,
            allocations_stored: self.allocations_stored + other.allocations_stored,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn print(&self, name: &str) {
        let turns = self.turns as f64;
        let nanos = |time: Duration| time.as_secs_f64() * 1e9 / turns;
        let ratio = |time: Duration| time.as_secs_f64() / self.hashing.as_secs_f64();
        println!(
            "| {name} | {} | {:.0} | {:.1} | {:.1} | {:.0} | {:.1} | {:.1} |",
            self.turns,
            nanos(self.engine),
            ratio(self.engine),
            self.allocations as f64 / turns,
            nanos(self.stored),
            ratio(self.stored),
            self.allocations_stored as f64 / turns,
        );
    }
}

/// What one of many sessions took.
fn each_session(session: impl Fn() -> Duration) -> Duration {
    let sum: Duration = (0..SESSIONS).map(|_| session()).sum();
    sum / u32::try_from(SESSIONS).unwrap_or(u32::MAX)
}

/// One session: what its turns took and how often they asked for memory.
fn session(recorded: &Recorded<'_>, stored: bool) -> (Duration, usize) {
    let mut replay = recorded.replay();
    let region = Region::new(COUNTED);
    let began = Instant::now();
    while let Some(page) = replay.turn() {
        black_box(page);
        if stored {
            replay.is_stored();
        }
    }
    let took = began.elapsed();
    let change = region.change();
    (took, change.allocations + change.reallocations)
}
