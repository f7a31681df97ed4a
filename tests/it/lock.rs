//! The lock of the shipped menus is true: each path, dialled into the engine, leads to a place that the lock names, by the
//! menus that the engine has under way there. And the commands keep it: what has moved is refused, until it is accepted.
//!
//! `UPDATE=1 cargo test --test it lock` adds to `menus/published.lock` what is new in the shipped menus.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use chrono::NaiveDate;
use gramsetu::check::lock::{self, Lock};
use gramsetu::engine::{
    AnswerClass, DialPath, Effect, Event, Facts, Next, Now, OtpOutcome, Outcome, Request, Session, SessionId, step,
};
use gramsetu::menu::{LanguageId, Letters, Program, Type, Value, compile};
use gramsetu::phone::{Country, DialString, parse};
use gramsetu::types::{Channel, Timestamp};

use crate::folder;
use crate::server::{House, NO_RATES};

fn compiled(path: &str) -> Program {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let (program, findings) = compile(&folder::read(&folder));
    program.unwrap_or_else(|| panic!("{findings:#?}"))
}

fn kept(folder: &Path) -> Lock {
    lock::read(&folder::read(folder)).expect("it can be read").expect("it is there")
}

#[test]
fn the_lock_of_the_shipped_menus_has_all_their_paths() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("menus");
    let program = compiled("menus");
    if std::env::var_os("UPDATE").is_some() {
        let old = lock::read(&folder::read(&folder)).expect("it can be read").unwrap_or_default();
        std::fs::write(folder.join(lock::FILE), old.renewed(&program).to_string()).expect("it can be written");
    }
    let kept = kept(&folder);
    assert_eq!(lock::changes(&kept, &kept.renewed(&program)).to_string(), "");
}

/// The texts with which the menus of a folder compare: `= "paid"`.
fn compared(folder: &Path) -> Vec<String> {
    let files = folder::read(folder);
    let texts = files.iter().flat_map(|(_, file)| file.text.split("= \"").skip(1));
    texts.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// Choices that are other ones for another seed, among texts that menus compare with.
struct Dice<'a>(u64, &'a [String]);

impl Dice<'_> {
    fn below(&mut self, sides: u64) -> u64 {
        // Knuth's multiplier; the high bits are the better ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// Some value of a type; none where it need not be set.
    fn value(&mut self, program: &Program, ty: &Type) -> Option<Value> {
        Some(match ty {
            _ if self.below(6) == 0 => return None,
            Type::Text { max, letters: Letters::Digits } => Value::Text("1".repeat((*max).into())),
            Type::Text { max, .. } => {
                let among = u64::try_from(self.1.len()).ok()?;
                let word = self.1.get(usize::try_from(self.below(among + 1)).ok()?);
                let word = word.filter(|word| word.chars().count() <= usize::from(*max));
                Value::Text(word.cloned().unwrap_or_else(|| "A".repeat((*max).min(3).into())))
            }
            Type::Number { min, max } => Value::Number(if self.below(2) == 0 { *min } else { *max }),
            Type::Amount { max } => Value::Amount(if self.below(2) == 0 { 0 } else { *max }),
            Type::Date => NaiveDate::from_ymd_opt(2026, 1, 1 + u32::try_from(self.below(28)).ok()?).map(Value::Date)?,
            Type::YesNo => Value::YesNo(self.below(2) == 0),
            Type::Language => Value::Language(LanguageId(0)),
            Type::Row(table) => {
                let rows = u64::try_from(program.table(*table).rows.len()).ok()?;
                Value::Row(*table, u32::try_from(self.below(rows)).ok()?)
            }
            Type::Record(_) => return self.record(program, ty),
            Type::List { of, at_most } => {
                let rows = self.below(u64::from(*at_most).min(3) + 1);
                Value::List((0..rows).filter_map(|_| self.record(program, of)).collect())
            }
        })
    }

    /// A record that is there, whatever of its fields is.
    fn record(&mut self, program: &Program, ty: &Type) -> Option<Value> {
        let Type::Record(fields) = ty else { return self.value(program, ty) };
        let fields: Arc<_> = Arc::clone(fields);
        Some(Value::Record(fields.iter().map(|field| self.value(program, &field.ty)).collect()))
    }
}

/// How often a path is dialled, each time by somebody else.
const SEEDS: u64 = 100;
/// … and how often at most where conditions kept all these from its end.
const MOST_SEEDS: u64 = 20_000;

/// Dials, and answers for departments: the menus under way where the path ends, if none of its keys was left over.
fn dialled(program: &Program, path: &str, dice: &mut Dice<'_>) -> Option<String> {
    let dialled = DialString::parse(path, program.codes().iter()).expect("a dial string");
    let keys = dialled.path.len();
    let now = Now { at: Timestamp(1_795_000_000_000), plain: false };
    let facts = Facts {
        id: SessionId(7),
        caller: parse("919812345670", Country::by_iso("IN").expect("India")).expect("a number"),
        channel: Channel::Ussd,
        entry: program.entry(&dialled.code).expect("an entry").menu,
        language: LanguageId(0),
        profile: program.profile.iter().map(|field| dice.value(program, &field.ty)).collect(),
        at: now.at,
    };
    let mut session = Session::begin(program, facts);
    let mut event = Event::Begin(DialPath(dialled.path));
    let (mut taken, mut at) = (0, None);
    loop {
        let done = step(program, &mut session, now, event);
        for effect in done.effects {
            if let Effect::Record(journey) = effect {
                taken += usize::from(journey.answer == AnswerClass::DialPath);
                at = journey.to;
            }
        }
        match done.next {
            Next::Wait(wait, Request::Call(call)) => {
                let answer = dice.record(program, &program.operation(call.operation).answer_type);
                event = Event::Done(wait, Outcome::Answered(answer.expect("a record")));
            }
            Next::Wait(wait, Request::Otp(_)) => event = Event::Done(wait, Outcome::Otp(OtpOutcome::Sent)),
            Next::Show | Next::End => break,
        }
    }
    let at = at.filter(|_| taken == keys)?;
    let stack: Vec<_> = session.positions().collect();
    assert_eq!(stack.last(), Some(&at), "{path}: where it stands is where it was last said to go");
    Some(lock::name(program, &stack))
}

#[test]
fn every_path_leads_to_a_place_that_the_lock_names() {
    for name in ["menus", "tests/fixtures/menus", "docs/examples/camps"] {
        let program = compiled(name);
        let texts = compared(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
        for (path, places) in lock::of(&program).paths() {
            let mut come = 0;
            for seed in 0..MOST_SEEDS {
                let end = dialled(&program, &path.to_string(), &mut Dice(seed, &texts));
                if let Some(end) = end {
                    come += 1;
                    assert!(places.contains(&end), "{name}: {path} led to {end}, and not to one of {places:?}");
                }
                if seed >= SEEDS && come > 0 {
                    break;
                }
            }
            assert!(come > 0, "{name}: nobody came to the end of {path}");
        }
    }
}

fn run(within: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gramsetu")).current_dir(within).args(arguments).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_path_that_moved_is_refused_until_it_is_accepted() {
    let outer = tempfile::tempdir().expect("a folder");
    let menus = outer.path().join("menus");
    std::fs::create_dir(&menus).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(menus.join(name), text).expect("written");
    write("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    write(
        "home.yaml",
        "menu: home\nscreens:\n  top: {choose: What?, options: {a: A, b: B}}\n  a: {end: A}\n  b: {end: B}\n",
    );
    let (program, _) = compile(&folder::read(&menus));
    write(lock::FILE, &lock::of(&program.expect("it compiles")).to_string());
    assert!(run(outer.path(), &["check", "menus"]).status.success());

    write(
        "home.yaml",
        "menu: home\nscreens:\n  top: {choose: What?, options: {b: B, a: A}}\n  a: {end: A}\n  b: {end: B}\n",
    );
    let refused = run(outer.path(), &["check", "menus"]);
    assert!(!refused.status.success());
    assert_eq!(said(&refused).matches("error[P051]").count(), 2, "{}", said(&refused));

    let half = said(&run(outer.path(), &["check", "--accept-moved", "*1*1#", "menus"]));
    assert_eq!(half.matches("error[P051]").count(), 1, "{half}");
    let slip = said(&run(outer.path(), &["check", "--accept-moved", "*1*12#", "menus"]));
    assert!(slip.contains("`*1*12#` was never published; did you mean `*1*1#`?"), "{slip}");
    let no_path = said(&run(outer.path(), &["check", "--accept-moved", "1*2", "menus"]));
    assert!(no_path.contains("is no dial path"), "{no_path}");
    let accepted = run(outer.path(), &["check", "--accept-moved", "*1*2#", "menus"]);
    assert!(accepted.status.success());
    assert!(said(&accepted).contains("moved: *1*2# led to home/b, and leads to home/a\n"));
    let kept = std::fs::read_to_string(menus.join(lock::FILE)).expect("it is there");
    assert!(kept.ends_with("\n*1# home/top\n*1*1# home/b\n*1*2# home/a\n"), "{kept}");
}

#[tokio::test]
async fn a_server_that_publishes_says_what_no_lock_notes() {
    let home = "menu: home\nscreens:\n  top: {choose: What?, options: {a: A, b: B}}\n  a: {end: A}\n  b: {end: B}\n";
    let advice = "to write it: gramsetu publish menus";
    for has_lock in [false, true] {
        let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
        let menus = house.path("menus");
        std::fs::create_dir(&menus).expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(menus.join(name), text).expect("written");
        write("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
        write("home.yaml", home);
        if has_lock {
            let (program, _) = compile(&folder::read(&menus));
            write(lock::FILE, &lock::of(&program.expect("it compiles")).to_string());
        }
        let server = house.start().await;
        assert_eq!(server.log().contains(advice), !has_lock, "{}", server.log());
        assert_eq!(menus.join(lock::FILE).exists(), has_lock, "it writes none");
    }
}
