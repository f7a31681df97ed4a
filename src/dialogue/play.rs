//! Performing what transcripts say, line by line.

use std::sync::Arc;
use std::time::Duration;

use super::error::PlayError;
use super::messages::{Messages, Read};
use super::names::Names;
use super::parse::Action;
use crate::ambient::VirtualClock;
use crate::bridge::Bridge;
use crate::department::sandbox::{Mischief, Sandbox};
use crate::gateway::Profile;
use crate::gateway::messages::Sent;
use crate::handset::{Handset, Shown, Wire};
use crate::phone::{self, DialString, ServiceCode};
use crate::source::suggest;
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
    pub messages: Messages,
}

#[expect(clippy::disallowed_methods, reason = "a server of its own lives in the time of clocks on walls")]
async fn really_wait(how_long: Duration) {
    tokio::time::sleep(how_long).await;
}

/// Somebody with a phone.
#[derive(Debug)]
pub struct Player<'a> {
    pub(super) stage: &'a Stage,
    profile: Option<Arc<Profile>>,
    pub(super) number: String,
    dialled: String,
    /// What whoever dials next has chosen before.
    language: Option<String>,
    handset: Option<Handset>,
    shown: Shown,
    /// What `<` lines are about: the page, or a message that was read after it; and how far they have been found in it.
    looked_at: (String, usize),
    pub(super) names: Names,
    pub(super) read: Read,
    /// What the hooks were told last, where that was no part of a call.
    pub(super) told: Option<Sent>,
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
            looked_at: (String::new(), 0),
            names: Names::default(),
            read: Read::default(),
            told: None,
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

    pub(super) fn looked_at(&self) -> &str {
        &self.looked_at.0
    }

    /// What a line has captured under this name.
    pub(super) fn captured(&self, name: &str) -> Option<&str> {
        self.names.get(name)
    }

    /// Gives what the phone shows after an exchange.
    pub async fn perform(&mut self, action: &Action) -> Result<Option<Shown>, PlayError> {
        let shown = self.act(action).await?;
        if action.does_something() {
            self.send_due().await?;
        }
        Ok(shown)
    }

    async fn act(&mut self, action: &Action) -> Result<Option<Shown>, PlayError> {
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
                let answer = self.filled(answer)?;
                if let Some(behind) = &self.stage.behind {
                    behind.clock.advance(THINKS);
                }
                let shown = self.handset.as_mut().ok_or(PlayError::NothingDialled)?.answer(&answer).await?;
                self.told = None;
                Ok(Some(self.show(shown)))
            }
            Action::Repeat => {
                if let Some(told) = self.told.clone() {
                    return self.tell(told).await.map(|()| None);
                }
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
                self.show(Shown::default());
                self.handset.as_mut().ok_or(PlayError::NothingDialled)?.hang_up().await?;
                Ok(None)
            }
            Action::TimeOut => {
                self.show(Shown::default());
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
            Action::Aggregator(does) => self.behind("aggregator")?.misbehave(does).map(|()| None),
            Action::FreeText(any) => {
                self.behind("aggregator")?.carry_free_text(*any);
                Ok(None)
            }
            Action::Sms { text, to, from } => self.send_sms(text, to, from.as_deref()).await.map(|()| None),
            Action::MissedCall { to, from } => self.ring_once(to, from.as_deref()).await.map(|()| None),
            Action::Payment(payment) => self.pay(payment).await.map(|()| None),
            Action::Message(expected) => self.expect_message(expected).map(|()| None),
            Action::NoMessage => self.expect_no_message().map(|()| None),
        }
    }

    pub(super) fn behind(&self, what: &'static str) -> Result<&'a Backstage, PlayError> {
        self.stage.behind.as_ref().ok_or(PlayError::NotHere(what))
    }

    fn no_gateway(&self, name: &str) -> PlayError {
        let known: Vec<&str> = self.stage.profiles.iter().map(|profile| profile.name.as_str()).collect();
        let near = suggest::nearest(name, known.iter().copied());
        let remedy =
            near.map_or_else(|| format!("there are: {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        PlayError::NoGateway(name.to_owned(), remedy)
    }

    /// The phone's number, as people in India write theirs.
    pub(super) fn phone(&self) -> Result<Msisdn, PlayError> {
        let number = phone::parse(&self.number, phone::home());
        number.map_err(|error| PlayError::Number(self.number.clone(), error))
    }

    /// What whoever is about to do something chose some other day.
    pub(super) async fn choose_language(&mut self, behind: &Backstage, phone: &Msisdn) -> Result<(), PlayError> {
        match self.language.take() {
            Some(code) => Ok(behind.bridge.prefer(phone, &code).await?),
            None => Ok(()),
        }
    }

    pub(super) fn filled(&self, line: &str) -> Result<String, PlayError> {
        self.names.fill(line).map_err(PlayError::NotCaptured)
    }

    async fn dial(&mut self) -> Result<Shown, PlayError> {
        let profile = Arc::clone(self.profile.as_ref().ok_or(PlayError::NothingDialled)?);
        if self.dialled.is_empty() {
            return Err(PlayError::NothingDialled);
        }
        if DialString::parse(&self.dialled, self.stage.codes.iter()).is_none() {
            return Err(PlayError::NoCode(self.dialled.clone()));
        }
        let caller = self.phone()?;
        if let Some(behind) = &self.stage.behind {
            self.choose_language(behind, &caller).await?;
            behind.clock.advance(THINKS);
        }
        let (wire, chance) = (Arc::clone(&self.stage.wire), Arc::clone(&self.stage.chance));
        let handset = Handset::new(wire, chance, profile, caller, self.stage.codes.clone());
        let dialled = self.dialled.clone();
        self.told = None;
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
            self.show(Shown::default());
        }
        if let Some(behind) = &self.stage.behind {
            behind.bridge.settle_due().await?;
        }
        Ok(())
    }

    fn show(&mut self, shown: Shown) -> Shown {
        self.look_at(shown.text.clone(), 0);
        self.shown = shown;
        self.shown.clone()
    }

    pub(super) fn look_at(&mut self, text: String, found: usize) {
        self.looked_at = (text, found);
    }

    fn expect(&mut self, expected: &str) -> Result<(), PlayError> {
        let (text, found) = &mut self.looked_at;
        let rest = text.get(*found..).unwrap_or_default();
        let end = self.names.recognise(expected, rest).ok_or_else(|| PlayError::NotShown(expected.to_owned()))?;
        *found += end;
        Ok(())
    }
}
