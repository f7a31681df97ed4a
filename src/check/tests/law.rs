//! The law that ties the length proof to what phones show: whatever citizens type and departments answer within the declared
//! types, every page of a program that `check` accepts fits its gateway, no option or row is broken, and no screen but a list
//! has more than three pages.

use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use crate::channel::ussd::{KeyLabels, lay_out};
use crate::check::check;
use crate::engine::*;
use crate::gateway::{Profile, shipped};
use crate::menu::{Accept, LanguageId, Letters, Position, Program, Type, Value, Verb, compile};
use crate::phone::{Country, parse};
use crate::source::{Files, Severity, render};
use crate::text::{fits, to_gsm};
use crate::types::{Channel, Limits, Timestamp};

/// Screens that one conversation passes.
const TURNS: usize = 25;

static PROGRAMS: LazyLock<Vec<(Program, Vec<Profile>)>> = LazyLock::new(|| {
    let folders = ["menus", "docs/examples/camps", "tests/fixtures/menus", "tests/fixtures/engine"];
    let all: Vec<_> = folders.into_iter().map(accepted).collect();
    assert_eq!(all[0].1.len(), shipped().len(), "the shipped menus are accepted on every gateway");
    // A fixture that is accepted nowhere says nothing here.
    all.into_iter().filter(|(_, profiles)| !profiles.is_empty()).collect()
});

/// A folder of the repository with the gateways on which its lengths are accepted.
fn accepted(folder: &str) -> (Program, Vec<Profile>) {
    let mut files = Files::default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    read(&mut files, &root, &root);
    let (program, findings) = compile(&files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
    let is_accepted = |profile: &Profile| {
        let findings = check(&program, std::slice::from_ref(profile)).findings;
        findings.iter().all(|finding| !finding.code.starts_with('L') || finding.severity != Severity::Error)
    };
    let profiles = shipped().into_iter().filter(is_accepted).collect();
    (program, profiles)
}

fn read(files: &mut Files, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(files, root, &path);
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "csv") {
            let name = path.strip_prefix(root).expect("a path below the root").to_str().expect("a plain name");
            files.add(name, std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

/// Values at random within their types, most of them as large as these allow.
struct Dice(u64);

impl Dice {
    /// `SplitMix64`: a number below `sides`.
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }

    /// Up to `most`, which is what comes most often.
    fn count(&mut self, most: usize) -> usize {
        if self.below(4) > 0 { most } else { self.below(most + 1) }
    }

    fn between(&mut self, min: i64, max: i64) -> i64 {
        match self.below(4) {
            0 => max,
            1 => min,
            _ => min + i64::try_from(self.below(usize::try_from(max - min).unwrap_or(usize::MAX))).unwrap_or(0),
        }
    }

    fn text(&mut self, max: u16, letters: Letters) -> String {
        let max = usize::from(max);
        let alphabet: &[&str] = match letters {
            Letters::Digits => &["9", "0", "4"],
            Letters::Latin => &["W", "i", "Ä", "ñ", "@", "Δ", " ", "-"],
            Letters::Any if self.below(2) == 0 => &["W", "a", " "],
            Letters::Any => &["म", "मे", "मे", "छा", "छा", "ळ", " "],
        };
        // KeyLabels of a name, not letters without end.
        let count = self.count(max);
        let mut text = String::new();
        for at in 0..count {
            let letter = if at % 9 == 8 && letters != Letters::Digits { " " } else { self.of(alphabet) };
            text.push_str(letter);
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() { "7".repeat(max.min(1)) } else { text }
    }

    fn value(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Text { max, letters } => Value::Text(self.text(*max, *letters)),
            Type::Number { min, max } => Value::Number(self.between(*min, *max)),
            Type::Amount { max } => Value::Amount(self.between(-max, *max)),
            Type::Date => Value::Date(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default()),
            Type::YesNo => Value::YesNo(self.below(2) == 0),
            Type::List { of, at_most } => {
                let count = self.count(usize::from(*at_most));
                Value::List((0..count).map(|_| self.value(of)).collect())
            }
            Type::Record(fields) => Value::Record(fields.iter().map(|field| Some(self.value(&field.ty))).collect()),
            Type::Language | Type::Row(_) => panic!("no answer has this type"),
        }
    }

    /// What a citizen types where a value is asked.
    fn typed(&mut self, accept: &Accept) -> String {
        match accept {
            Accept::Digits { min, max } => {
                "8".repeat(usize::from(*min) + self.count(usize::from(max.saturating_sub(*min))))
            }
            Accept::Number { min, max } => self.between(*min, *max).to_string(),
            Accept::Amount { min, max } => {
                let paise = self.between(*min, *max);
                format!("{}.{:02}", paise / 100, paise % 100)
            }
            Accept::Text { max } => self.text(*max, Letters::Any),
            Accept::Pattern { max, letters, .. } => self.text(*max, *letters),
            Accept::Date => "31-12-1999".to_owned(),
            Accept::Phone => "9812345670".to_owned(),
            Accept::OneOf(values) => self.of(values).clone(),
            Accept::YesNo => self.of(&["1", "2"]).to_string(),
        }
    }

    fn outcome(&mut self, answer: &Type) -> Outcome {
        match self.below(8) {
            0 => Outcome::Failed(Failure::Down),
            1 => Outcome::Failed(Failure::Unknown { receipt: "GS-4F7K2M9Q".to_owned() }),
            _ => Outcome::Answered(self.value(answer)),
        }
    }

    fn otp(&mut self) -> OtpOutcome {
        *self.of(&[
            OtpOutcome::Sent,
            OtpOutcome::Sent,
            OtpOutcome::Unsent,
            OtpOutcome::Verified,
            OtpOutcome::Wrong { left: 8 },
            OtpOutcome::Locked,
            OtpOutcome::Expired,
        ])
    }

    fn input(&mut self, program: &Program, at: Option<Position>, screen: &Screen) -> Reading {
        let typed = match at.map(|at| &program.screen(at).verb) {
            Some(Verb::Ask(ask)) if self.below(8) > 0 => self.typed(&ask.accept),
            Some(Verb::Verify(_)) if self.below(4) > 0 => "123456".to_owned(),
            _ if screen.options.is_empty() || self.below(12) == 0 => "?".to_owned(),
            _ => self.of(&screen.options).number.to_string(),
        };
        Reading::Text(typed)
    }
}

/// Whether a screen's pages are as the proof says.
fn holds(program: &Program, at: Option<Position>, screen: &Screen, limits: Limits) -> Result<(), TestCaseError> {
    let layout = lay_out(screen, limits, &KeyLabels::of(program, screen.language));
    for page in &layout.pages {
        prop_assert!(fits(page, limits), "a page does not fit {limits:?}:\n{page}");
    }
    let options = screen.options.iter().map(|option| format!("{}. {}", option.number, option.label));
    for line in options.chain(screen.rows.iter().cloned()) {
        let line = line.trim();
        let line = if limits.units.is_none() { to_gsm(line).trim().to_owned() } else { line.to_owned() };
        prop_assert!(layout.pages.iter().any(|page| page.contains(&line)), "broken on {limits:?}: {line}");
    }
    let is_list = at.is_some_and(|at| program.screen(at).verb.rows().is_some());
    let pages = layout.pages.len();
    prop_assert!(is_list || pages <= 3, "{pages} pages on {limits:?}:\n{}", layout.pages.join("\n----\n"));
    Ok(())
}

fn conversation(program: &Program, profiles: &[Profile], language: LanguageId, seed: u64) -> Result<(), TestCaseError> {
    let mut dice = Dice(seed);
    let plain = dice.below(4) == 0;
    let now = Now { at: Timestamp(1_795_000_000_000), plain };
    let facts = Facts {
        id: SessionId(1),
        caller: parse("919812345670", Country::by_iso("IN").expect("India")).expect("a number"),
        channel: Channel::Ussd,
        entry: program.home,
        language,
        profile: program.profile.iter().map(|field| dice.kept(&field.ty)).collect(),
        at: now.at,
    };
    let mut session = Session::begin(program, facts);
    let mut event = Event::Begin(DialPath::default());
    let mut at = None;
    for _ in 0..TURNS {
        let step = step(program, &mut session, now, event);
        for effect in &step.effects {
            if let Effect::Record(Journey { to, .. }) = effect {
                at = *to;
            }
        }
        event = match step.next {
            Next::Wait(wait, Request::Call(call)) => {
                let operation = program.operation(call.operation);
                Event::Done(wait, dice.outcome(&operation.answer_type))
            }
            Next::Wait(wait, Request::Otp(_)) => Event::Done(wait, Outcome::Otp(dice.otp())),
            Next::Show | Next::End => {
                let screen = present(program, &session, now).whole();
                for profile in profiles {
                    let now = Now { plain: profile.limits.units.is_none(), ..now };
                    holds(program, at, &present(program, &session, now).whole(), profile.limits)?;
                }
                if screen.kind == ScreenKind::End {
                    return Ok(());
                }
                Event::Answer(dice.input(program, at, &screen))
            }
        };
    }
    Ok(())
}

impl Dice {
    /// What may be kept in a field of the profile: not rows, which are numbered by their program.
    fn kept(&mut self, ty: &Type) -> Option<Value> {
        match ty {
            Type::Row(_) | Type::Language => None,
            ty => (self.below(2) == 0).then(|| self.value(ty)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_phones_show_is_never_longer_than_proved(seed in any::<u64>(), which in 0..9_usize, language in 0..9_usize) {
        let (program, profiles) = &PROGRAMS[which % PROGRAMS.len()];
        let language = LanguageId(u16::try_from(language % program.languages.len()).expect("few"));
        conversation(program, profiles, language, seed)?;
    }
}
