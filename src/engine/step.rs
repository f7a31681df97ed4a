//! One step of a conversation.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::draw::View;
use super::frame::{Sorry, screen_at};
use super::scope::Scope;
use super::session::State;
use super::walk::Walk;
use super::{ScreenKind, Session};
use crate::menu::{Call, LanguageId, MessageId, OperationId, Position, ProfileId, Program, Value, Verb};
use crate::types::{Secret, Timestamp};

/// What a step may know of the world.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub at: Timestamp,
    /// The phone or gateway cannot show UCS-2: the language's plain form is used.
    pub plain: bool,
}

/// The answers dialled after the service code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialPath(pub Vec<String>);

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A new session's first.
    Begin(DialPath),
    /// A dropped session was dialled again without a path: asks whether to go on. The citizen's answer to that question
    /// arrives as an `Answer` like any other; the engine itself goes on or starts again.
    Redial,
    Answer(Reading),
    /// A request was performed.
    Done(WaitId, Outcome),
    /// The deadline of a request passed.
    Late(WaitId),
}

/// What the citizen did, as the channel reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A number, a word, a value; as typed, trimmed.
    Text(String),
    Back,
    Home,
}

/// Names one request of one session; a `Done` or `Late` for another is ignored and shows the present screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitId(pub u32);

#[derive(Clone, Debug)]
pub struct Step {
    pub effects: Vec<Effect>,
    pub next: Next,
}

#[derive(Clone, Debug)]
pub enum Next {
    /// A screen that [`present`] draws, as it does the last one.
    Show,
    End,
    Wait(WaitId, Request),
}

#[derive(Clone, Debug)]
pub enum Request {
    Call(CallRequest),
    Otp(OtpRequest),
}

/// What is to be done about the one-time password of the number that is calling. So many wrong ones, of all that were sent, lock the
/// number, and for so long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtpRequest {
    /// One is to be on its way. One that was sent and can still be typed will do, unless another is asked for (`again`).
    Send { again: bool, tries: u8, lock: Duration },
    /// Is this the one that was sent?
    Check { typed: Secret, tries: u8, lock: Duration },
}

/// A department is to be called.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRequest {
    pub operation: OperationId,
    /// In the order of [`crate::menu::Operation::takes`]; `None` is "not set".
    pub give: Vec<Option<Value>>,
    /// The screen's own `within`, else the operation's.
    pub within: Duration,
    /// The number that is calling, in E.164 without a plus sign, against which `registered` is compared.
    pub caller: String,
    /// Instead of failing by being late or unknown, it may be told later ([`Outcome::Later`]).
    pub late: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// The answer, a record of the operation's `answer_type`.
    Answered(Value),
    Failed(Failure),
    Otp(OtpOutcome),
    /// It is not known yet, and will be told by SMS; under this receipt number it can be asked after.
    Later {
        receipt: String,
    },
}

/// What came of an [`OtpRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OtpOutcome {
    /// One that can be typed is on its way, or has come.
    Sent,
    /// None is, and none can be sent now.
    Unsent,
    Verified,
    /// So many tries are left, one at least.
    Wrong {
        left: u8,
    },
    /// Too many were wrong.
    Locked,
    /// There is none any more that could be typed.
    Expired,
}

impl Outcome {
    /// For the log and the meters; what it holds is not told.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Failed(Failure::Down) => "down",
            Self::Failed(Failure::Refused) => "refused",
            Self::Failed(Failure::Late) => "late",
            Self::Failed(Failure::Unknown { .. }) => "unknown",
            Self::Failed(Failure::Named(_)) => "named",
            Self::Otp(OtpOutcome::Sent) => "sent",
            Self::Otp(OtpOutcome::Unsent) => "unsent",
            Self::Otp(OtpOutcome::Verified) => "verified",
            Self::Otp(OtpOutcome::Wrong { .. }) => "wrong",
            Self::Otp(OtpOutcome::Locked) => "locked",
            Self::Otp(OtpOutcome::Expired) => "expired",
            Self::Later { .. } => "later",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    Down,
    Refused,
    Late,
    /// Under this receipt number it will become known.
    Unknown {
        receipt: String,
    },
    /// One of the operation's own `errors`.
    Named(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    SetProfile(ProfileId, Option<Value>),
    SetLanguage(LanguageId),
    /// A message is to go out, once.
    Send {
        message: MessageId,
        /// Digits of the number that it goes to; `None` is the one that is calling.
        to: Option<String>,
        /// In the order of [`crate::menu::Message::takes`]; `None` is "not set".
        give: Vec<Option<Value>>,
        language: LanguageId,
    },
    /// For the journal of journeys: never holds an input.
    Record(Journey),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    pub from: Option<Position>,
    pub answer: AnswerClass,
    pub to: Option<Position>,
}

/// The class of what happened, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerClass {
    Begin,
    DialPath,
    Redial,
    /// An option, by number.
    Option(u16),
    /// A row of a list.
    Row,
    /// A value that was accepted.
    Value,
    /// Any answer, on a screen that only wants to be read.
    GoOn,
    /// First letters typed.
    Find,
    /// Nothing that was expected.
    Unexpected,
    Back,
    Home,
    /// A call was answered, or failed in the way named.
    Called(&'static str),
    /// What came of a one-time password.
    Otp(&'static str),
}

/// Whether, and how, a session may be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    No,
    /// Where it stood.
    Here,
    /// At its last `save` screen.
    AtSave,
}

/// One step. Runs until there is something to show or to wait for, within a bound on screens without a person.
pub fn step(program: &Program, session: &mut Session, now: Now, event: Event) -> Step {
    let mut walk = Walk::new(program, session, now);
    walk.take(event);
    let effects = walk.effects;
    let next = next(program, session).unwrap_or_else(|Sorry| {
        session.give_up();
        Next::End
    });
    Step { effects, next }
}

/// The screen on which the session stands, as it looked. The same session gives the same screen.
pub fn present<'a>(program: &'a Program, session: &'a Session, now: Now) -> View<'a> {
    View::of(program, session, now.plain).unwrap_or_else(|Sorry| View::sorry(program, session, now.plain))
}

/// Whether a session that was last touched at `touched` may be offered again.
pub fn resumable(program: &Program, session: &Session, touched: Timestamp, now: Timestamp) -> Resume {
    super::resume::resumable(program, session, touched, now)
}

/// What follows from where the session stands.
fn next(program: &Program, session: &Session) -> Result<Next, Sorry> {
    if let State::Waiting(wait) = session.state {
        return Ok(Next::Wait(wait, request(program, session)?));
    }
    let view = View::of(program, session, false)?;
    Ok(if view.head.kind == ScreenKind::End { Next::End } else { Next::Show })
}

/// The request that a waiting session waits for; the same each time it is asked.
fn request(program: &Program, session: &Session) -> Result<Request, Sorry> {
    let call = match &screen_at(program, session.position().ok_or(Sorry)?)?.verb {
        Verb::Call(call) => call,
        Verb::Verify(verify) => return Ok(Request::Otp(session.otp_request(verify))),
        _ => return Err(Sorry),
    };
    call_request(program, session, call).map(Request::Call)
}

/// What a department is asked by a call, as the session is now.
pub(super) fn call_request(program: &Program, session: &Session, call: &Call) -> Result<CallRequest, Sorry> {
    let operation = program.operations.get(call.operation.index()).ok_or(Sorry)?;
    Ok(CallRequest {
        operation: call.operation,
        give: Scope::new(program, session).with_secrets().operands(&call.give),
        within: call.within.unwrap_or(operation.within),
        caller: session.caller().digits().to_owned(),
        late: call.late.is_some(),
    })
}
