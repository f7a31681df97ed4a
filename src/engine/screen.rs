//! What a citizen is to see or hear, before any channel lays it out.

use crate::menu::LanguageId;

/// A screen with all values in place, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    pub kind: ScreenKind,
    /// What was wrong with the last answer, or help after three of them; stands above the text.
    pub notice: Option<String>,
    pub text: String,
    /// Rows of a `show`, without numbers.
    pub rows: Vec<String>,
    /// In ascending order of their numbers, which may have holes.
    pub options: Vec<Numbered>,
    /// Beside a list with `find`: that first letters may be typed.
    pub hint: Option<String>,
    /// Whether the back key works here.
    pub back: bool,
    /// Whether the home key works here.
    pub home: bool,
    /// The language it is written in (the plain one where the phone has no UCS-2).
    pub language: LanguageId,
}

impl Screen {
    /// A text and nothing else: no notice, no options, no keys.
    pub fn bare(kind: ScreenKind, text: String, language: LanguageId) -> Self {
        Self {
            kind,
            notice: None,
            text,
            rows: Vec::new(),
            options: Vec::new(),
            hint: None,
            back: false,
            home: false,
            language,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenKind {
    /// One of the options.
    Choice,
    /// A value. A secret one is never shown, logged or taken from a dial path.
    Value { secret: bool },
    /// Text or rows without options of the menu: any answer goes on.
    Text,
    /// The last screen of the dialogue.
    End,
}

/// An option with the number that chooses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub number: u16,
    pub label: String,
}
