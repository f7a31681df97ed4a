//! Breaking a long text between words, or between graphemes where one word is too long.

use crate::types::Limits;

/// Breaks a text into parts that each fit on a page beside `reserve` (the navigation line that stands below, with its
/// line break). The alphabet is decided by each part together with its reserve. Never inside a grapheme; white space at a
/// break is dropped. A text that fits gives one part.
pub fn break_lines(_text: &str, _limits: Limits, _reserve: &str) -> Vec<String> {
    unimplemented!()
}
