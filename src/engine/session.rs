//! A citizen's place in a program, and its encoding at rest.
//!
//! What the fields mean to a conversation is decided in `walk`; nothing here takes a step.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::frame::Frame;
use super::step::WaitId;
use super::undo::Undo;
use crate::menu::{LanguageId, MenuId, Position, Program, Value, Version};
use crate::packed;
use crate::types::{Channel, Msisdn, Secret, Timestamp};

/// The encoding that [`Session::encode`] writes. A change to any type below that alters its bytes takes the next number,
/// keeps a reader of this one and a fixture of both.
const ENCODING: u8 = 2;

/// The one before, in which a session ended before [`Session::verifying`].
const BEFORE_VERIFYING: u8 = 1;

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
///
/// `Debug` says where it is, never what it holds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    program: Version,
    id: SessionId,
    caller: Msisdn,
    pub(super) channel: Channel,
    /// Where it began, and begins again.
    pub(super) entry: MenuId,
    pub(super) language: LanguageId,
    pub(super) profile: Vec<Option<Value>>,
    /// The menus under way, each run by the one before it; the last is the running one. Empty before the first event and
    /// after the bridge's own ending.
    pub(super) frames: Vec<Frame>,
    pub(super) undo: Undo,
    pub(super) state: State,
    pub(super) place: Place,
    /// Dialled answers that no screen has taken yet, the next one last.
    pub(super) path: Vec<String>,
    /// The frames as they were on the last `save` screen.
    pub(super) saved: Option<Vec<Frame>>,
    /// The question whether to go on is open; what it is about waits below, untouched.
    pub(super) offering: Option<Offer>,
    /// Of the last call whose outcome is not known.
    pub(super) receipt: Option<String>,
    /// When a step last moved it. Conditions on `today` read this day, so that a screen looks the same whenever it is
    /// presented again.
    pub(super) touched: Timestamp,
    /// How many waits there have been; numbers the next one.
    pub(super) waits: u32,
    /// Screens passed without a person since one was last shown.
    pub(super) unattended: u16,
    pub(super) verifying: Verifying,
}

/// What `verify` needs of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verifying {
    /// The right one-time password was typed since the number was dialled.
    pub(super) is_done: bool,
    /// What it waits for while it waits on a `verify`.
    pub(super) asks: Asks,
    /// What was typed, while it is compared.
    #[serde(skip)]
    pub(super) typed: Typed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Asks {
    /// That a one-time password is on its way, be it one that was sent before.
    #[default]
    Send,
    /// That another one is.
    SendAgain,
    /// Whether the one that was typed is right.
    Check,
}

/// A one-time password that was typed. It is in memory alone, and no part of what makes two sessions equal: one that is kept
/// while it waits has to be told again.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed(pub(super) Option<Secret>);

impl PartialEq for Typed {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Typed {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// No event yet.
    New,
    /// A screen with a person is shown.
    Shown,
    /// What the present screen asks for is under way: a call, a one-time password or whether it is right.
    Waiting(WaitId),
    /// At an `end`.
    Ended,
    /// At the bridge's own ending.
    Sorry,
    /// At the bridge's own ending that tells the receipt number of an answer that comes later.
    Later,
}

/// What belongs to the present screen alone and begins afresh on the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The letters by which its list is narrowed.
    pub(super) find: Option<String>,
    pub(super) notice: Notice,
    /// Wrong answers in a row; on an `ask`, its tries used.
    pub(super) wrong: u8,
    pub(super) page: u16,
}

impl Place {
    /// Counts a wrong answer; the notice stands on the first page.
    pub(super) fn is_wrong(&mut self, notice: Notice) {
        self.wrong = self.wrong.saturating_add(1);
        self.notice = notice;
        self.page = 0;
    }

    /// From its first page and without wrong answers; a list stays narrowed.
    pub(super) fn begins_again(&mut self) {
        *self = Self { find: self.find.take(), ..Self::default() };
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Notice {
    #[default]
    None,
    /// Something else was expected.
    Unexpected,
    /// No row of the list begins with the letters typed.
    NoneBegin,
    /// The one-time password was wrong; so many tries are left.
    WrongOtp(u8),
    /// Another one was asked for.
    OtpUnderway,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Offer {
    /// Going on means the last `save` screen, not where it stood.
    pub(super) at_save: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the session's encoding has version {0}, which this program does not read")]
    Version(u8),
    #[error("the session's encoding is damaged")]
    Damaged,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("program", &self.program)
            .field("state", &self.state)
            .field("at", &self.position())
            .finish_non_exhaustive()
    }
}

impl Session {
    pub fn begin(program: &Program, facts: Facts) -> Self {
        Self {
            program: program.version,
            id: facts.id,
            caller: facts.caller,
            channel: facts.channel,
            entry: facts.entry,
            language: facts.language,
            profile: facts.profile,
            frames: Vec::new(),
            undo: Undo::default(),
            state: State::New,
            place: Place::default(),
            path: Vec::new(),
            saved: None,
            offering: None,
            receipt: None,
            touched: facts.at,
            waits: 0,
            unattended: 0,
            verifying: Verifying::default(),
        }
    }

    /// One whose entry takes values, in their order: who dials gives none, but a keyword does.
    pub fn begin_with(program: &Program, facts: Facts, given: Vec<Option<Value>>) -> Self {
        let frames = Frame::start(program, facts.entry, given).ok().into_iter().collect();
        Self { frames, ..Self::begin(program, facts) }
    }

    /// One byte of version, then the session. Holds personal data: whoever stores it seals it.
    #[expect(clippy::missing_panics_doc, reason = "writing known types into memory does not fail")]
    pub fn encode(&self) -> Vec<u8> {
        // Most fit.
        packed::pack(ENCODING, self, 512).expect("a session holds nothing that cannot be encoded")
    }

    /// The bytes are the engine's own: sealed before they leave memory, so nobody else can have shaped them.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match bytes.split_first() {
            Some((&ENCODING, session)) => whole(session),
            Some((&BEFORE_VERIFYING, session)) => {
                let behind = postcard::to_stdvec(&Verifying::default()).map_err(|_| DecodeError::Damaged)?;
                whole(&[session, &behind].concat())
            }
            Some((&version, _)) => Err(DecodeError::Version(version)),
            None => Err(DecodeError::Damaged),
        }
    }

    pub fn program(&self) -> Version {
        self.program
    }

    pub fn id(&self) -> SessionId {
        self.id
    }

    pub fn caller(&self) -> &Msisdn {
        &self.caller
    }

    pub fn language(&self) -> LanguageId {
        self.language
    }

    /// The menu that was dialled.
    pub fn entry(&self) -> MenuId {
        self.entry
    }

    /// The page of the present screen that the reader is on, from 0. The channel's own: a new screen begins at 0.
    pub fn page(&self) -> u16 {
        self.place.page
    }

    pub fn turn_to(&mut self, page: u16) {
        self.place.page = page;
    }

    /// Whether it has reached an end (whose pages may still be read).
    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended | State::Sorry | State::Later)
    }

    /// The receipt number of the answer that comes later, where that is how it has ended.
    pub fn told_later(&self) -> Option<&str> {
        self.receipt.as_deref().filter(|_| self.state == State::Later)
    }

    /// Ends it with the bridge's own words; nothing of the dialogue is kept.
    pub(super) fn give_up(&mut self) {
        self.end_by_itself(State::Sorry);
    }

    /// The same, with the words for `state`.
    pub(super) fn end_by_itself(&mut self, state: State) {
        self.state = state;
        self.frames.clear();
        self.undo.cut();
        self.path.clear();
        self.place = Place::default();
        self.saved = None;
        self.offering = None;
        self.verifying = Verifying::default();
    }

    /// The menus under way, each run by the one before it, by the screens on which they stand.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.frames.iter().map(Frame::position)
    }

    /// The screen on which it stands.
    pub(super) fn position(&self) -> Option<Position> {
        self.frames.last().map(Frame::position)
    }
}

/// A session of the present encoding, and nothing behind it.
fn whole(bytes: &[u8]) -> Result<Session, DecodeError> {
    match postcard::take_from_bytes(bytes) {
        Ok((session, [])) => Ok(session),
        Ok(_) | Err(_) => Err(DecodeError::Damaged),
    }
}
