//! What is to be simulated, and how that is written: `twice=0.01,late=0.005`, `2s..8s`, `10s,15s,30s`.

use std::ops::Range;
use std::time::Duration;

use fastrand::Rng;

use super::faults::Fault;
use crate::dialogue::{Action, Dialogue};
use crate::source::suggest;
use crate::text;

/// A run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// All that citizens do follows from it.
    pub seed: u64,
    /// Citizens at once, each on a connection of its own.
    pub connections: usize,
    pub rhythm: Rhythm,
    /// Over this time the first connections are opened, or the rate rises.
    pub ramp: Duration,
    pub duration: Duration,
    /// Ends the run after so many citizens, if that comes first.
    pub citizens: Option<u64>,
    pub mix: Mix,
    pub faults: Faults,
    /// When connections of the fault `cut` are closed.
    pub cuts: Vec<Duration>,
}

/// When a citizen's next turn comes.
#[derive(Clone, Debug, PartialEq)]
pub enum Rhythm {
    /// So long after the last answer; the more slowly the server answers the less is asked of it.
    Closed { think: Range<Duration> },
    /// At times of its own, so many turns a second in all, whether or not the last ones were answered.
    Open { per_second: f64 },
    /// So many citizens a second begin, whether or not those before them are served; each goes on so long after the last answer. Who
    /// is turned away at the beginning comes with no more turns, as on a network.
    Arrivals { per_second: f64, think: Range<Duration> },
}

/// How often a citizen walks by chance, and how often as each script says.
#[derive(Clone, Debug, Default)]
pub struct Mix {
    pub random: f64,
    /// With their weights.
    pub scripts: Vec<(Script, f64)>,
}

impl Script {
    /// `None` where nothing is dialled. What a dialogue says of time, departments and other gateways is left out: what must be
    /// shown follows from the program.
    pub fn of(dialogue: &Dialogue) -> Option<Self> {
        let actions = || dialogue.lines.iter().map(|line| &line.action);
        let (dialled, from) = actions().find_map(|action| match action {
            Action::Dial { dialled, from } => Some((dialled.clone(), from.clone())),
            _ => None,
        })?;
        let digit = |number: String| number.chars().last().and_then(|last| last.to_digit(10));
        let answers = actions().filter_map(|action| match action {
            Action::Answer(answer) => Some(answer.clone()),
            _ => None,
        });
        Some(Self {
            title: dialogue.title.clone(),
            dialled,
            last_digit: from.and_then(digit).and_then(|digit| u8::try_from(digit).ok()),
            answers: answers.collect(),
        })
    }
}

impl Mix {
    /// Scripts that share a weight.
    #[expect(clippy::cast_precision_loss, reason = "nobody has so many scripts")]
    pub fn add(&mut self, scripts: Vec<Script>, weight: f64) {
        let share = weight / scripts.len().max(1) as f64;
        self.scripts.extend(scripts.into_iter().map(|script| (script, share)));
    }

    pub fn is_empty(&self) -> bool {
        self.random <= 0.0 && self.scripts.iter().all(|(_, weight)| *weight <= 0.0)
    }

    /// What the next citizen walks by; `None` is chance.
    pub fn drawn(&self, rng: &mut Rng) -> Option<&Script> {
        let all: f64 = self.random + self.scripts.iter().map(|(_, weight)| weight).sum::<f64>();
        let mut at = rng.f64() * all - self.random;
        if at < 0.0 {
            return None;
        }
        let found = self.scripts.iter().find(|(_, weight)| {
            at -= weight;
            at < 0.0
        });
        found.map(|(script, _)| script)
    }
}

/// What a dialogue file makes a citizen do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    pub title: String,
    pub dialled: String,
    /// Of the number that calls: departments of sand go by it.
    pub last_digit: Option<u8>,
    pub answers: Vec<String>,
}

/// Of how many turns each fault befalls one, as a fraction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<(Fault, f64)>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("`{0}` is no fault; {1}")]
    Fault(String, String),
    #[error("`{0}` is no part of turns; write a fraction from 0 to 1, such as 0.01")]
    Rate(String),
    #[error("`{0}` befalls more turns than there are; write parts that make 1 at most")]
    Sum(String),
    #[error("`{0}` is no time; write 10s, 2m or 500ms")]
    Time(String),
    #[error("`{0}` ends before it begins; write the shorter time first: 2s..8s")]
    Span(String),
}

impl Faults {
    /// `all`, `all=0.02`, `twice=0.01,late=0.005`. What is named later holds.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let mut faults: Vec<(Fault, f64)> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, rate) = part.split_once('=').map_or((part, None), |(name, rate)| (name, Some(rate)));
            let rate = rate.map(|rate| share(rate).ok_or_else(|| PlanError::Rate(rate.to_owned()))).transpose()?;
            let named: Vec<Fault> =
                Fault::ALL.into_iter().filter(|fault| name == "all" || fault.name() == name).collect();
            if named.is_empty() {
                let known = Fault::ALL.map(Fault::name);
                return Err(PlanError::Fault(
                    name.to_owned(),
                    suggest::remedy(name, known, "write `all`, or name some"),
                ));
            }
            for fault in named {
                faults.retain(|(known, _)| *known != fault);
                faults.push((fault, rate.unwrap_or(fault.usual())));
            }
        }
        // Eight parts of 0.125 may be a little more than 1.
        if faults.iter().map(|(_, rate)| rate).sum::<f64>() > 1.0 + 1e-9 {
            return Err(PlanError::Sum(text.to_owned()));
        }
        Ok(Self(faults))
    }

    /// The fault that befalls a turn, if any does; `chance` is drawn from 0 to 1.
    pub fn drawn(&self, chance: f64) -> Option<Fault> {
        let mut below = 0.0;
        self.0
            .iter()
            .find(|(_, rate)| {
                below += rate;
                chance < below
            })
            .map(|(fault, _)| *fault)
    }
}

fn share(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|rate| (0.0..=1.0).contains(rate))
}

/// `500ms`, `10s`, `2m`
pub fn time(text: &str) -> Result<Duration, PlanError> {
    text::duration(text.trim()).ok_or_else(|| PlanError::Time(text.to_owned()))
}

/// `2s..8s`, or `2s` for always the same.
pub fn span(text: &str) -> Result<Range<Duration>, PlanError> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (time(from)?, time(to)?);
    if from > to { Err(PlanError::Span(text.to_owned())) } else { Ok(from..to) }
}

/// `10s,15s,30s`
pub fn times(text: &str) -> Result<Vec<Duration>, PlanError> {
    text.split(',').map(time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_and_drawn_as_often_as_they_say() {
        let faults = Faults::parse("all=0, twice=0.25,late=0.5").expect("faults");
        assert_eq!(faults.drawn(0.1), Some(Fault::Twice));
        assert_eq!(faults.drawn(0.3), Some(Fault::Late));
        assert_eq!(faults.drawn(0.8), None);
        assert!(Faults::parse("all=0.125").is_ok() && Faults::parse("twice=1,twice=0.5,late=0.5").is_ok());
        assert_eq!(Faults::default().drawn(0.0), None);
        assert!(Faults::parse("all").expect("faults").drawn(0.001).is_some());
        for wrong in ["twicely", "twice=2", "twice=", "late=-1", "twice=0.6,late=0.5", "all=0.2"] {
            let error = Faults::parse(wrong).expect_err(wrong);
            assert!(error.to_string().contains("write") || error.to_string().contains("mean"), "{error}");
        }
    }

    #[test]
    fn times_are_read() {
        assert_eq!(span("2s..8s"), Ok(Duration::from_secs(2)..Duration::from_secs(8)));
        assert_eq!(span("50ms"), Ok(Duration::from_millis(50)..Duration::from_millis(50)));
        assert!(span("8s..2s").is_err());
        assert_eq!(times("1s,30s"), Ok(vec![Duration::from_secs(1), Duration::from_secs(30)]));
        assert!(times("").is_err());
    }
}
