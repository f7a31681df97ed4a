//! A citizen's place in a program, and its encoding at rest.

use serde::{Deserialize, Serialize};

use crate::menu::{LanguageId, MenuId, Program, Value, Version};
use crate::types::{Channel, Msisdn, Timestamp};

/// Random, drawn by whoever begins the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionId(pub u128);

/// What is known of the citizen when a session begins.
#[derive(Clone, Debug)]
pub struct Facts {
    pub id: SessionId,
    pub caller: Msisdn,
    pub channel: Channel,
    pub entry: MenuId,
    pub language: LanguageId,
    /// Index `ProfileId`; shorter than the program's list means "not set".
    pub profile: Vec<Option<Value>>,
    pub at: Timestamp,
}

/// A citizen's place in a program. Outlives legs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    // The engine's own; the methods below are what others need.
    program: Version,
    id: SessionId,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the session's encoding has version {0}, which this program does not read")]
    Version(u8),
    #[error("the session's encoding is damaged")]
    Damaged,
}

impl Session {
    pub fn begin(_program: &Program, _facts: Facts) -> Self {
        unimplemented!()
    }

    /// One byte of version, then the session.
    pub fn encode(&self) -> Vec<u8> {
        unimplemented!()
    }

    pub fn decode(_bytes: &[u8]) -> Result<Self, DecodeError> {
        unimplemented!()
    }

    pub fn program(&self) -> Version {
        self.program
    }

    pub fn id(&self) -> SessionId {
        self.id
    }

    pub fn caller(&self) -> &Msisdn {
        unimplemented!()
    }

    pub fn language(&self) -> LanguageId {
        unimplemented!()
    }

    /// The page of the present screen that the reader is on, from 0. The channel's own: a new screen begins at 0.
    pub fn page(&self) -> u16 {
        unimplemented!()
    }

    pub fn turn_to(&mut self, _page: u16) {
        unimplemented!()
    }

    /// Whether it has reached an end (whose pages may still be read).
    pub fn has_ended(&self) -> bool {
        unimplemented!()
    }
}
