//! Texts of people who take the number for a menu: what is dialled elsewhere, or a number alone, as one answers a screen with.

use crate::menu::Program;
use crate::phone::DialString;
use crate::text::to_ascii_digits;

/// Digits of an answer to a screen: options have three at the most, the keys of navigation two.
const ANSWER: usize = 3;

/// Whether a text that is no keyword asks for a menu: a service code of these menus, perhaps with a path behind it (`*123*4#`), or a number
/// of an option (`1`, `98`).
pub fn asks_for_a_menu(program: &Program, text: &str) -> bool {
    let text = to_ascii_digits(text.trim());
    let is_answer = (1..=ANSWER).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let is_dialled = || {
        let codes = program.codes();
        DialString::parse(&text, codes.iter()).is_some_and(|dialled| codes.contains(&dialled.code))
    };
    is_answer || is_dialled()
}
