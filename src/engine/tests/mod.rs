//! Tests of whole conversations: the laws on any program, and examples on the program in `tests/fixtures/engine`.

mod answers;
mod any_program;
mod bounds;
mod calls;
mod finding;
mod fixtures;
mod laws;
mod lists;
mod lookups;
mod moves;
mod phone;
mod resuming;
mod sending;
mod verifying;
mod words;
