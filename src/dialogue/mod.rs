//! Dialogues: transcripts that anyone can read, which are the tests of menus.
//!
//! A file holds one or more, divided by lines of `---`. `parse` reads them, `play` performs one against a bridge in this
//! process, whose time is virtual and whose departments are sandboxes, `update` writes what the phone shows back.

mod parse;
mod play;
mod update;

pub use parse::{Action, Dialogue, Line, ParseError, parse};
pub use play::{Mismatch, Played, Stage, THINKS, USUAL_GATEWAY, play};
pub use update::update;
