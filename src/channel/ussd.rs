//! Screens as USSD pages.

use crate::engine::{Reading, Screen};
use crate::menu::{LanguageId, Program};
use crate::types::Limits;

/// The keys of navigation and their labels in one language.
#[derive(Clone, Debug)]
pub struct Words {
    pub back_key: String,
    pub home_key: String,
    pub more_key: String,
    pub back: String,
    pub home: String,
    pub more: String,
}

impl Words {
    pub fn of(_program: &Program, _language: LanguageId) -> Self {
        unimplemented!()
    }
}

/// The pages of a screen, each complete with its navigation lines, each within the limits. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub pages: Vec<String>,
}

/// What a key press means on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Turns to this page, from 0.
    Page(u16),
    Answer(Reading),
}

/// Lays a screen out. Never fails: what cannot fit (which `check` refuses beforehand) is broken between graphemes; where
/// `limits.units` is `None`, characters outside GSM-7 are transliterated.
pub fn lay_out(_screen: &Screen, _limits: Limits, _words: &Words) -> Layout {
    unimplemented!()
}

/// Reads what was typed while `page` of the layout was on the phone.
pub fn read(_input: &str, _screen: &Screen, _layout: &Layout, _page: u16, _words: &Words) -> Pressed {
    unimplemented!()
}
