//! The menu language: files → trees with places → resolved and typed → an immutable, compiled [`Program`].
//!
//! What needs more than the menu itself (lengths on a gateway, keys that collide, where secrets flow) is proved in `check`.

mod program;
mod system;
mod text;
mod value;

pub use program::*;
pub use system::SystemText;
pub use text::{Filter, Piece, Template, Text};
pub use value::{Field, Letters, Type, Value};

use crate::source::{Diagnostic, Files};

/// Compiles all files of a menus folder. Findings may hold warnings beside a program, and errors only without one.
pub fn compile(_files: &Files) -> (Option<Program>, Vec<Diagnostic>) {
    unimplemented!()
}

pub fn stamp(_files: &Files, _file: crate::source::FileId) -> Option<String> {
    unimplemented!()
}
