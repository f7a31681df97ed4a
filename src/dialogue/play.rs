//! Performing what transcripts say, line by line.

use std::sync::Arc;
use std::time::Duration;

use super::parse::{Action, Dialogue};
use crate::ambient::VirtualClock;
use crate::bridge::{Bridge, PreferError};
use crate::department::sandbox::{Mischief, MischiefError, Sandbox, UnknownDepartment};
use crate::gateway::Profile;
use crate::handset::{Handset, HandsetError, Shown, Wire};
use crate::phone::{self, Country, DialString, NumberError, ServiceCode};
use crate::source::suggest;
use crate::store::StoreError;
use crate::types::{Chance, Msisdn};

/// The caller where no line says another.
pub const USUAL_NUMBER: &str = "+919812345670";

/// How long a person reads and types: long enough that pressing 1 twice is two answers and no repeat.
pub const THINKS: Duration = Duration::from_secs(4);

/// The gateway where no line says another: an Indian one that carries Hindi.
pub const USUAL_GATEWAY: &str = "flares";

/// Where phones are: what they reach, and through which gateways.
#[derive(Debug)]
pub struct Stage {
    pub wire: Arc<dyn Wire>,
    pub chance: Arc<dyn Chance>,
    pub profiles: Vec<Arc<Profile>>,
    /// Codes under which the bridge is reached.
    pub codes: Vec<ServiceCode>,
    /// `None` on a server of its own, whose time and departments nobody moves from here.
    pub behind: Option<Backstage>,
}

/// A bridge in this process, whose time and departments a transcript moves.
#[derive(Debug)]
pub struct Backstage {
    pub bridge: Arc<Bridge>,
    pub clock: Arc<VirtualClock>,
    pub sandbox: Arc<Sandbox>,
}

/// Why a line cannot be performed, or what is not as it says.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    #[error("nothing was dialled yet")]
    NothingDialled,
    #[error("`{0}` cannot be dialled; write a code, such as `*123#`, or `*123*3*1#` with answers")]
    NoCode(String),
    #[error("there is no gateway `{0}`; {1}")]
    NoGateway(String, String),
    #[error("`{0}`: {1}")]
    Number(String, NumberError),
    #[error("`{0}` cannot be done on a running server, only with menus in this process")]
    NotHere(&'static str),
    #[error(transparent)]
    Handset(#[from] HandsetError),
    #[error(transparent)]
    Language(#[from] PreferError),
    #[error(transparent)]
    Settling(#[from] StoreError),
    #[error(transparent)]
    Mischief(#[from] MischiefError),
    #[error(transparent)]
    NoDepartment(#[from] UnknownDepartment),
    #[error("the phone does not show `{0}` (or not in this order)")]
    NotShown(String),
    #[error("the dialogue goes on: the phone waits for an answer")]
    GoesOn,
    #[error("the gateway sent its last callback again, and the phone shows something else than the first time")]
    NotRepeated,
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
        match player.perform(&line.action).await {
            Ok(Some(shown)) => result.shown.push((line.number, shown.text)),
            Ok(None) => {}
            Err(error) => {
                let mismatch = |shown: &Shown| Mismatch {
                    number: line.number,
                    what: error.to_string(),
                    shown: shown.text.clone(),
                };
                result.mismatches.push(mismatch(&player.shown));
                if !matches!(error, PlayError::NotShown(_) | PlayError::GoesOn | PlayError::NotRepeated) {
                    break;
                }
            }
        }
    }
    result
}

#[expect(clippy::disallowed_methods, reason = "a server of its own lives in the time of clocks on walls")]
async fn really_wait(how_long: Duration) {
    tokio::time::sleep(how_long).await;
}

/// Somebody with a phone.
#[derive(Debug)]
pub struct Player<'a> {
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
    pub fn new(stage: &'a Stage) -> Self {
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

    /// The gateway through which is dialled next.
    pub fn profile(&self) -> Option<&Arc<Profile>> {
        self.profile.as_ref()
    }

    /// The number from which is dialled next, as it was given.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// What the phone shows now; nothing where the call was dropped.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Gives what the phone shows after an exchange.
    pub async fn perform(&mut self, action: &Action) -> Result<Option<Shown>, PlayError> {
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
                if let Some(behind) = &self.stage.behind {
                    behind.clock.advance(THINKS);
                }
                let shown = self.handset.as_mut().ok_or(PlayError::NothingDialled)?.answer(answer).await?;
                Ok(Some(self.show(shown)))
            }
            Action::Repeat => {
                let again = self.handset.as_mut().ok_or(PlayError::NothingDialled)?.repeat().await?;
                if again != self.shown {
                    self.show(again);
                    return Err(PlayError::NotRepeated);
                }
                Ok(Some(again))
            }
            Action::Shown(expected) => self.expect(expected).map(|()| None),
            Action::End if self.shown.more => Err(PlayError::GoesOn),
            Action::End => Ok(None),
            Action::HangUp => {
                self.shown = Shown::default();
                self.handset.as_mut().ok_or(PlayError::NothingDialled)?.hang_up().await?;
                Ok(None)
            }
            Action::TimeOut => {
                self.shown = Shown::default();
                self.handset.as_mut().ok_or(PlayError::NothingDialled)?.time_out().await?;
                Ok(None)
            }
            Action::Wait(how_long) => self.wait(*how_long).await.map(|()| None),
            Action::Language(code) => {
                self.behind("language")?;
                self.language = Some(code.clone());
                Ok(None)
            }
            Action::Gateway(name) => {
                let known = self.stage.profiles.iter().find(|profile| profile.name == *name);
                self.profile = Some(Arc::clone(known.ok_or_else(|| self.no_gateway(name))?));
                Ok(None)
            }
            Action::Department { name, does } => {
                let mischief = does.parse::<Mischief>()?;
                self.behind("department")?.sandbox.misbehave(name, mischief)?;
                Ok(None)
            }
        }
    }

    fn behind(&self, what: &'static str) -> Result<&'a Backstage, PlayError> {
        self.stage.behind.as_ref().ok_or(PlayError::NotHere(what))
    }

    fn no_gateway(&self, name: &str) -> PlayError {
        let known: Vec<&str> = self.stage.profiles.iter().map(|profile| profile.name.as_str()).collect();
        let near = suggest::nearest(name, known.iter().copied());
        let remedy =
            near.map_or_else(|| format!("there are: {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        PlayError::NoGateway(name.to_owned(), remedy)
    }

    fn caller(&self, profile: &Profile) -> Result<Msisdn, PlayError> {
        let home = Country::by_iso("IN").unwrap_or(profile.home);
        phone::parse(&self.number, home).map_err(|error| PlayError::Number(self.number.clone(), error))
    }

    async fn dial(&mut self) -> Result<Shown, PlayError> {
        let profile = Arc::clone(self.profile.as_ref().ok_or(PlayError::NothingDialled)?);
        if self.dialled.is_empty() {
            return Err(PlayError::NothingDialled);
        }
        if DialString::parse(&self.dialled, self.stage.codes.iter()).is_none() {
            return Err(PlayError::NoCode(self.dialled.clone()));
        }
        let caller = self.caller(&profile)?;
        if let Some(behind) = &self.stage.behind {
            if let Some(code) = self.language.take() {
                behind.bridge.prefer(&caller, &code).await?;
            }
            behind.clock.advance(THINKS);
        }
        let (wire, chance) = (Arc::clone(&self.stage.wire), Arc::clone(&self.stage.chance));
        let handset = Handset::new(wire, chance, profile, caller, self.stage.codes.clone());
        let dialled = self.dialled.clone();
        let shown = self.handset.insert(handset).dial(&dialled).await?;
        Ok(self.show(shown))
    }

    /// Time passes: an open dialogue is dropped once the network has waited long enough, and what is due in the
    /// background is done. On a server of its own it really passes.
    async fn wait(&mut self, how_long: Duration) -> Result<(), PlayError> {
        match &self.stage.behind {
            Some(behind) => behind.clock.advance(how_long),
            None => really_wait(how_long).await,
        }
        if let Some(handset) = self.handset.as_mut().filter(|handset| handset.is_open())
            && how_long > handset.profile().idle
        {
            handset.time_out().await?;
            self.shown = Shown::default();
        }
        if let Some(behind) = &self.stage.behind {
            behind.bridge.settle_due(|| true).await?;
        }
        Ok(())
    }

    fn show(&mut self, shown: Shown) -> Shown {
        self.found = 0;
        self.shown = shown;
        self.shown.clone()
    }

    fn expect(&mut self, expected: &str) -> Result<(), PlayError> {
        let rest = self.shown.text.get(self.found..).unwrap_or_default();
        let at = rest.find(expected).ok_or_else(|| PlayError::NotShown(expected.to_owned()))?;
        self.found += at + expected.len();
        Ok(())
    }
}
