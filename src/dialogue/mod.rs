//! Dialogues: transcripts that anyone can read, which are the tests of menus.
//!
//! A file holds one or more, divided by lines of `---`. `parse` reads them (`payment` one kind of line), `play` performs their lines against a
//! bridge in this process, whose time is virtual and whose departments and aggregator are sandboxes: calls there, `messages` beside them, `route`
//! carrying those. `names` is what lines have captured. `played` plays a whole one, `update` writes what the phone shows back. `record`
//! writes one down while somebody dials.

mod error;
mod messages;
mod names;
mod parse;
mod payment;
mod play;
mod played;
mod record;
mod route;
mod update;

pub use error::PlayError;
pub use messages::Messages;
pub use parse::{Action, Dialogue, Line, ParseError, action, parse};
pub use payment::Payment;
pub use play::{Backstage, Player, Stage, THINKS, USUAL_GATEWAY, USUAL_NUMBER};
pub use played::{Exchange, Mismatch, Played, play};
pub use record::Record;
pub use update::update;
