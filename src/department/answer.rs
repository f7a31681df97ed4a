//! A department's answer as typed, bounded values.

use super::HttpAnswer;
use crate::engine::Outcome;
use crate::menu::Operation;

/// Reads an answer: the operation's errors first, then its fields. An answer that is not what was declared is `Down`, and
/// the second value says why, without any of its content.
pub fn read_answer(_operation: &Operation, _answer: &HttpAnswer, _caller: &str) -> (Outcome, Option<String>) {
    unimplemented!()
}
