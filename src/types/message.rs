//! A message: an SMS that the bridge sends by itself, as everybody between the menu that asks for it and the route that
//! carries it needs it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Msisdn;

/// What the regulator calls the category of a message (TRAI, TCCCPR 2018): it decides at which hours it may go out, and whether a citizen
/// can refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MessageKind {
    Transactional,
    Service,
    /// From 10:00 to 21:00 in India only.
    Promotional,
    Government,
}

impl MessageKind {
    pub const ALL: [Self; 4] = [Self::Transactional, Self::Service, Self::Promotional, Self::Government];

    /// The names of all, in their order.
    pub const NAMES: [&'static str; 4] =
        [Self::ALL[0].name(), Self::ALL[1].name(), Self::ALL[2].name(), Self::ALL[3].name()];

    /// As files have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transactional => "transactional",
            Self::Service => "service",
            Self::Promotional => "promotional",
            Self::Government => "government",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is done with a message of which nobody knows whether it went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Repeat {
    Never,
    /// To have it twice does no harm: it is sent again.
    Harmless,
}

/// Which messages go out before which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Somebody waits with the phone in the hand.
    Otp,
    /// What was done, or asked for.
    Receipt,
    Notice,
}

/// A message as a route needs it: rendered, with what the Indian registries (DLT) want to know of it.
///
/// `Debug` shows neither text nor number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutMessage {
    pub to: Msisdn,
    pub text: String,
    /// The sender that the phone shows: `EPFOHO`.
    pub header: String,
    pub kind: MessageKind,
    pub priority: Priority,
    pub repeat: Repeat,
    /// The registered sender's id, of 19 digits.
    pub entity: Option<String>,
    /// The registered text's id, of 19 digits.
    pub template: Option<String>,
    /// The code of the language that it is written in.
    pub language: String,
}

impl fmt::Debug for OutMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutMessage")
            .field("to", &self.to)
            .field("header", &self.header)
            .field("kind", &self.kind)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}
