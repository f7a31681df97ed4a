//! One conversation: `Session × Event → Step`. Pure: it opens no socket, reads no clock and draws no random number; all of
//! that arrives in the event or in [`Now`].
//!
//! How a screen looks on a phone is not decided here (`channel`), nor who calls a department (`bridge`).

mod screen;
mod session;
mod step;

pub use screen::{Numbered, Screen, ScreenKind};
pub use session::{DecodeError, Facts, Session, SessionId};
pub use step::{
    AnswerClass, CallRequest, DialPath, Effect, Event, Failure, Journey, Next, Now, Outcome, Reading, Request, Resume,
    Step, WaitId, present, resumable, step,
};
