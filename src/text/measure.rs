//! How much of a page a text takes.

use crate::types::Limits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    Gsm7,
    Ucs2,
}

/// A text's size in the smallest alphabet that carries all of it: septets, or UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub alphabet: Alphabet,
    pub size: usize,
}

pub fn measure(_text: &str) -> Measure {
    unimplemented!()
}

/// Whether a text fits on one page; a text that needs UCS-2 never fits where the gateway has none.
pub fn fits(_text: &str, _limits: Limits) -> bool {
    unimplemented!()
}
