//! What the files of a menus folder look like: one declaration for each map that a reader of `syntax` takes apart.
//!
//! A key is declared here first: a reader that asks for another stops every test that comes by. What a value means beyond
//! its shape (that a name is filled, that a target exists) is the readers' and `resolve`'s.

mod bridge;
mod department;
mod entry;
pub(super) mod forms;
mod menu;
mod message;
mod sandbox;
mod screen;
mod translation;

pub use bridge::{BRIDGE, CODE, LANGUAGE, NAVIGATION, NAVIGATION_USSD};
pub use department::{DEPARTMENT, ERROR, FIELD, OPERATION, REGISTERED};
pub use entry::{ARGUMENT, KEYWORD, MISSED_CALL, SHORT_LINK};
pub use menu::MENU;
pub use message::{MESSAGE, MESSAGE_TEXT, MESSAGES};
pub use sandbox::{SANDBOX, SANDBOX_ANSWER};
pub use screen::{ACCEPT, AMOUNT_RANGE, LATE, LATE_MESSAGE, OPTION, RANGE, SCREEN, WAY};
pub use translation::{SCREEN_TEXTS, SYSTEM, SYSTEM_TEXTS, SYSTEM_TRANSLATION, TRANSLATION};
