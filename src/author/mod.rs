//! Tools for the people who write menus: drawing them, and carrying their texts to translators and back.
//!
//! All is pure: programs and files' texts in, texts out. Reading and writing files is for the commands.

mod edit;
pub mod graph;
pub mod po;
pub mod translate;
