//! Tests of whole conversations: the laws on any program, and examples on the program in `tests/fixtures/engine`.

mod any_program;
mod laws;
