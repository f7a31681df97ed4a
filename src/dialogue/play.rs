//! Performing a transcript.

use std::sync::Arc;
use std::time::Duration;

use super::parse::{Action, Dialogue};
use crate::ambient::VirtualClock;
use crate::bridge::Bridge;
use crate::department::sandbox::{Mischief, Sandbox};
use crate::gateway::Profile;
use crate::handset::{Handset, InProcess, Shown};
use crate::phone::{self, Country};
use crate::source::suggest;
use crate::types::Chance;

/// The caller where no line says another.
const USUAL_NUMBER: &str = "+919812345670";

/// How long a person reads and types: long enough that pressing 1 twice is two answers and no repeat.
pub const THINKS: Duration = Duration::from_secs(4);

/// The gateway where no line says another: an Indian one that carries Hindi.
pub const USUAL_GATEWAY: &str = "flares";

/// Where a dialogue is performed: a bridge of its own, whose time and departments the transcript moves.
#[derive(Debug)]
pub struct Stage {
    pub bridge: Arc<Bridge>,
    pub clock: Arc<VirtualClock>,
    pub chance: Arc<dyn Chance>,
    pub sandbox: Arc<Sandbox>,
    pub profiles: Vec<Arc<Profile>>,
    pub wire: InProcess,
}

/// Something that is not as the transcript says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Line of the file.
    pub number: usize,
    pub what: String,
    /// What the phone showed at that moment.
    pub shown: String,
}

/// What came of one dialogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    pub mismatches: Vec<Mismatch>,
    /// For each exchange: the line of the file that did it, and the whole of what the phone showed.
    pub shown: Vec<(usize, String)>,
}

/// Performs one dialogue to its end; a line that cannot be performed ends it.
pub async fn play(stage: &Stage, dialogue: &Dialogue) -> Played {
    let mut player = Player::new(stage);
    let mut result = Played::default();
    for line in &dialogue.lines {
        let done = player.perform(&line.action).await;
        match done {
            Ok(Some(shown)) => result.shown.push((line.number, shown)),
            Ok(None) => {}
            Err(what) => {
                let is_fatal = !matches!(line.action, Action::Shown(_) | Action::End);
                result.mismatches.push(Mismatch { number: line.number, what, shown: player.shown.text.clone() });
                if is_fatal {
                    break;
                }
            }
        }
    }
    result
}

struct Player<'a> {
    stage: &'a Stage,
    profile: Option<Arc<Profile>>,
    number: String,
    dialled: String,
    /// What whoever dials next has chosen before.
    language: Option<String>,
    handset: Option<Handset>,
    shown: Shown,
    /// How far into the shown text the lines have been found.
    found: usize,
}

impl<'a> Player<'a> {
    fn new(stage: &'a Stage) -> Self {
        let usual = stage.profiles.iter().find(|profile| profile.name == USUAL_GATEWAY).cloned();
        Self {
            stage,
            profile: usual.or_else(|| stage.profiles.first().cloned()),
            number: USUAL_NUMBER.to_owned(),
            dialled: String::new(),
            language: None,
            handset: None,
            shown: Shown::default(),
            found: 0,
        }
    }

    /// Gives what the phone shows after an exchange.
    async fn perform(&mut self, action: &Action) -> Result<Option<String>, String> {
        match action {
            Action::Dial { dialled, from } => {
                if let Some(from) = from {
                    self.number.clone_from(from);
                }
                self.dialled.clone_from(dialled);
                self.dial().await.map(Some)
            }
            Action::Redial => self.dial().await.map(Some),
            Action::Answer(answer) => {
                self.stage.clock.advance(THINKS);
                let handset = self.handset.as_mut().ok_or("nothing was dialled yet")?;
                let shown = handset.answer(answer).await.map_err(|error| error.to_string())?;
                Ok(Some(self.show(shown)))
            }
            Action::Shown(expected) => self.expect(expected).map(|()| None),
            Action::End if self.shown.more => Err("the dialogue goes on: the phone waits for an answer".to_owned()),
            Action::End => Ok(None),
            Action::HangUp => self.hang_up().await.map(|()| None),
            Action::Wait(how_long) => self.wait(*how_long).await.map(|()| None),
            Action::Language(code) => {
                self.language = Some(code.clone());
                Ok(None)
            }
            Action::Gateway(name) => {
                let known = self.stage.profiles.iter().find(|profile| profile.name == *name);
                let unknown = || {
                    let names = self.stage.profiles.iter().map(|profile| profile.name.as_str());
                    format!("there is no gateway `{name}`; {}", suggest::remedy(name, names, "name one of them"))
                };
                self.profile = Some(Arc::clone(known.ok_or_else(unknown)?));
                Ok(None)
            }
            Action::Department { name, does } => {
                let mischief = does.parse::<Mischief>().map_err(|error| error.to_string())?;
                self.stage.sandbox.misbehave(name, mischief).map(|()| None).map_err(|error| error.to_string())
            }
        }
    }

    fn caller(&self) -> Result<crate::types::Msisdn, String> {
        let profile = self.profile.as_ref().ok_or("there is no gateway to dial through")?;
        let home = Country::by_iso("IN").unwrap_or(profile.home);
        phone::parse(&self.number, home).map_err(|error| format!("`{}`: {error}", self.number))
    }

    async fn dial(&mut self) -> Result<String, String> {
        if self.dialled.is_empty() {
            return Err("nothing was dialled yet".to_owned());
        }
        let profile = Arc::clone(self.profile.as_ref().ok_or("there is no gateway to dial through")?);
        let caller = self.caller()?;
        if let Some(code) = self.language.take() {
            self.stage.bridge.prefer(&caller, &code).await.map_err(|error| error.to_string())?;
        }
        self.stage.clock.advance(THINKS);
        let codes = self.stage.bridge.program().codes();
        let chance = Arc::clone(&self.stage.chance);
        let handset = Handset::new(Box::new(self.stage.wire.clone()), chance, profile, caller, codes);
        let dialled = self.dialled.clone();
        let shown = self.handset.insert(handset).dial(&dialled).await.map_err(|error| error.to_string())?;
        Ok(self.show(shown))
    }

    async fn hang_up(&mut self) -> Result<(), String> {
        let handset = self.handset.as_mut().ok_or("nothing was dialled yet")?;
        self.shown = Shown::default();
        handset.hang_up().await.map_err(|error| error.to_string())
    }

    /// Time passes: an open dialogue is dropped once the network has waited long enough, and what is due in the
    /// background is done.
    async fn wait(&mut self, how_long: Duration) -> Result<(), String> {
        self.stage.clock.advance(how_long);
        if let Some(handset) = self.handset.as_mut().filter(|handset| handset.is_open())
            && how_long > handset.profile().idle
        {
            handset.time_out().await.map_err(|error| error.to_string())?;
            self.shown = Shown::default();
        }
        self.stage.bridge.settle_due(|| true).await.map(|_| ()).map_err(|error| error.to_string())
    }

    fn show(&mut self, shown: Shown) -> String {
        self.found = 0;
        self.shown = shown;
        self.shown.text.clone()
    }

    fn expect(&mut self, expected: &str) -> Result<(), String> {
        let rest = self.shown.text.get(self.found..).unwrap_or_default();
        match rest.find(expected) {
            Some(at) => {
                self.found += at + expected.len();
                Ok(())
            }
            None => Err(format!("the phone does not show `{expected}` (or not in this order)")),
        }
    }
}
