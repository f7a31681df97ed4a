//! Why a line of a transcript cannot be performed, or what is not as it says.

use crate::bridge::PreferError;
use crate::department::sandbox::{MischiefError, UnknownDepartment};
use crate::handset::{HandsetError, WireError, aggregator};
use crate::phone::NumberError;
use crate::store::StoreError;

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
    #[error("no SMS has come that says `{0}`; lines before have read what did")]
    NoMessage(String),
    #[error("the next SMS does not say `{0}`")]
    OtherMessage(String),
    #[error("an SMS has come that no line has read")]
    AnotherMessage,
    #[error("nothing was captured as `{{{0}}}`; write it where a line before finds it: `sms: Your OTP is {{{0}}}`")]
    NotCaptured(String),
    #[error("the hook answered {0}: {1}")]
    Untold(u16, String),
    #[error("the gateway of messages tells of no {0}")]
    NoHook(&'static str),
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error(transparent)]
    Aggregator(#[from] aggregator::MischiefError),
}

impl PlayError {
    /// Whether the line only says something else than there is: what comes behind it can be performed all the same.
    pub(super) fn is_of_what_is_shown(&self) -> bool {
        use PlayError::{AnotherMessage, GoesOn, NoMessage, NotRepeated, NotShown, OtherMessage};
        matches!(self, NotShown(_) | GoesOn | NotRepeated | NoMessage(_) | OtherMessage(_) | AnotherMessage)
    }

    /// Whether it is about messages, and not about the page.
    pub(super) fn is_of_messages(&self) -> bool {
        matches!(self, Self::NoMessage(_) | Self::OtherMessage(_) | Self::AnotherMessage)
    }
}
