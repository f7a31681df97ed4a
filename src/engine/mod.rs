//! One conversation: `Session × Event → Step`. Pure: it opens no socket, reads no clock and draws no random number; all of
//! that arrives in the event or in [`Now`].
//!
//! * `walk` takes an event and moves the session; `verbs` are the screens that nobody sees, `path` what was dialled behind
//!   the service code, `verify` one-time passwords, `late` answers that come by SMS, `resume` a dropped session that is dialled again.
//! * `answer` reads what was typed on a screen, with `labels` for words and `accept` for values. It moves nothing.
//! * `draw` draws the `screen` on which a session stands, with `render` for texts and `expect` for what was expected.
//! * `scope` says what names mean, `condition` what holds, `rows` which rows of a list there are. They copy no values.
//! * `session` holds it all, with `frame` for a menu under way and `undo` for the way back.
//!
//! A session may be damaged or meet a program that it does not fit: whatever it names is looked up with a check, and what
//! is not there ends the dialogue with the bridge's own words.
//!
//! How a screen looks on a phone is not decided here (`channel`), nor who calls a department (`bridge`).

mod accept;
mod answer;
mod condition;
mod draw;
pub(crate) mod expect;
mod frame;
mod labels;
mod late;
mod path;
mod render;
mod resume;
mod rows;
mod scope;
mod screen;
mod seen;
mod session;
mod step;
mod undo;
mod verbs;
pub(crate) mod verify;
mod walk;

pub use accept::read as read_value;
pub use draw::View;
pub use late::{late_call, late_message};
pub use resume::ends_for_anybody;
pub use screen::{Canvas, Head, Numbered, Part, Screen, ScreenKind};
pub use session::{DecodeError, Facts, Session, SessionId};
pub use step::{
    AnswerClass, CallRequest, DialPath, Effect, Event, Failure, Journey, Next, Now, OtpOutcome, OtpRequest, Outcome,
    Reading, Request, Resume, Step, WaitId, present, resumable, step,
};

#[cfg(test)]
mod tests;
