//! gramsetu lets a person with a keypad phone use public services.
//!
//! `docs/architecture.md` is the map; the modules below stand in the order of its floors, ground floor first.

// They panic when nobody reads what is printed; `commands::out` does not.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod breaker;
pub mod outward;
pub mod packed;
pub mod sync;
pub mod types;

pub mod phone;
pub mod source;
pub mod text;
pub mod xml;

pub mod menu;

pub mod engine;

pub mod channel;

pub mod gateway;

pub mod check;

pub mod author;

pub mod store;

pub mod department;

pub mod ambient;

pub mod meters;

pub mod outbox;

pub mod bridge;

pub mod http;

pub mod settings;

pub mod house;

pub mod handset;

pub mod dialogue;

pub mod simulate;

pub mod commands;
