//! One conversation: `Session × Event → Step`. Pure: it opens no socket, reads no clock and draws no random number; all of
//! that arrives in the event or in [`Now`].
//!
//! How a screen looks on a phone is not decided here (`channel`), nor who calls a department (`bridge`).

mod accept;
mod answer;
mod condition;
mod draw;
pub(crate) mod expect;
mod frame;
mod labels;
mod path;
mod render;
mod resume;
mod rows;
mod scope;
mod screen;
mod seen;
mod session;
mod slips;
mod step;
mod undo;
mod verbs;
mod walk;

pub use screen::{Numbered, Screen, ScreenKind};
pub use session::{DecodeError, Facts, Session, SessionId};
pub use step::{
    AnswerClass, CallRequest, DialPath, Effect, Event, Failure, Journey, Next, Now, Outcome, Reading, Request, Resume,
    Step, WaitId, present, resumable, step,
};

#[cfg(test)]
mod tests;
