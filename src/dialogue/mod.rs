//! Dialogues: transcripts that anyone can read, which are the tests of menus.
//!
//! A file holds one or more, divided by lines of `---`. `parse` reads them, `play` performs one against a bridge in this
//! process, whose time is virtual and whose departments are sandboxes, `update` writes what the phone shows back. `record`
//! writes one down while somebody dials.

mod parse;
mod play;
mod record;
mod update;

pub use parse::{Action, Dialogue, Line, ParseError, action, parse};
pub use play::{Backstage, Mismatch, PlayError, Played, Player, Stage, THINKS, USUAL_GATEWAY, USUAL_NUMBER, play};
pub use record::Record;
pub use update::update;
