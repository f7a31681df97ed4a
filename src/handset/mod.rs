//! A phone in somebody's hand: dials, answers and hangs up through any gateway's protocol, and reads what comes back.
//!
//! For `dial`, dialogues and tests. It plays the aggregator as well, so that every exchange goes through the same bytes as
//! a real one: [`Texting`] sends messages and rings, `aggregator` takes the bridge's messages, and [`Inbox`] sees them arrive.

pub mod aggregator;
mod inbox;
mod texting;
mod wire;

pub use inbox::{Inbox, InboxError};
pub use texting::Texting;
pub(crate) use texting::gateway_id;
pub use wire::{InProcess, OverHttp, Wire, WireError};

use std::sync::Arc;

use crate::gateway::{Aggregator, Doing, Outbound, Profile, ReadError};
use crate::phone::ServiceCode;
use crate::types::{Chance, Msisdn};

/// What the phone shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// The dialogue goes on: an answer is expected.
    pub more: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum HandsetError {
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("the reply is not of the gateway's protocol, so that a citizen would see nothing: {0}")]
    Reply(#[from] ReadError),
    #[error("no dialogue is open; dial first")]
    Idle,
    #[error("the gateway `{gateway}` does not tell of {what}; `sandbox` does")]
    TellsNothing { gateway: String, what: &'static str },
}

/// A phone with its number, on one gateway.
#[derive(Debug)]
pub struct Handset {
    wire: Arc<dyn Wire>,
    chance: Arc<dyn Chance>,
    profile: Arc<Profile>,
    number: Msisdn,
    /// Codes under which the bridge is reached.
    codes: Vec<ServiceCode>,
    dialogue: Option<Aggregator>,
    /// The last callback that was answered, and the dialogue as it was then.
    last: Option<(Aggregator, Outbound)>,
}

impl Handset {
    pub fn new(
        wire: Arc<dyn Wire>,
        chance: Arc<dyn Chance>,
        profile: Arc<Profile>,
        number: Msisdn,
        codes: Vec<ServiceCode>,
    ) -> Self {
        Self { wire, chance, profile, number, codes, dialogue: None, last: None }
    }

    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// Opens a dialogue, as a phone does when `*123#` or `*123*4*1#` is dialled. One that is open is left behind.
    pub async fn dial(&mut self, dialled: &str) -> Result<Shown, HandsetError> {
        let leg = self.chance.draw();
        let (profile, number) = (Arc::clone(&self.profile), self.number.clone());
        self.dialogue = Some(Aggregator::new(profile, number, leg, self.codes.clone()));
        self.exchange(Doing::Dial(dialled)).await
    }

    pub async fn answer(&mut self, answer: &str) -> Result<Shown, HandsetError> {
        self.exchange(Doing::Answer(answer)).await
    }

    /// The gateway sends the last callback once more, byte for byte, as it does when it has heard no reply.
    pub async fn repeat(&mut self) -> Result<Shown, HandsetError> {
        let (dialogue, request) = self.last.as_ref().ok_or(HandsetError::Idle)?;
        let reply = self.wire.send(&self.profile.name, request.clone()).await?;
        let (text, more) = dialogue.read(&reply)?;
        Ok(Shown { text, more })
    }

    pub fn is_open(&self) -> bool {
        self.dialogue.is_some()
    }

    /// The citizen hangs up. Gateways that say so are heard saying it.
    pub async fn hang_up(&mut self) -> Result<(), HandsetError> {
        self.close(Doing::HangUp).await
    }

    /// The network gives up waiting for an answer.
    pub async fn time_out(&mut self) -> Result<(), HandsetError> {
        self.close(Doing::TimeOut).await
    }

    async fn close(&mut self, how: Doing<'_>) -> Result<(), HandsetError> {
        let Some(mut dialogue) = self.dialogue.take() else { return Ok(()) };
        if let Some(request) = dialogue.request(how) {
            self.wire.send(&self.profile.name, request).await?;
        }
        Ok(())
    }

    async fn exchange(&mut self, doing: Doing<'_>) -> Result<Shown, HandsetError> {
        let dialogue = self.dialogue.as_mut().ok_or(HandsetError::Idle)?;
        let request = dialogue.request(doing).ok_or(HandsetError::Idle)?;
        let reply = self.wire.send(&self.profile.name, request.clone()).await?;
        let (text, more) = dialogue.read(&reply)?;
        self.last = Some((dialogue.clone(), request));
        if !more {
            self.dialogue = None;
        }
        Ok(Shown { text, more })
    }
}
