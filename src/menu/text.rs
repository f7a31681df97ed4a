//! Texts, compiled: per language a list of pieces.

use std::sync::Arc;

use super::program::{LanguageId, Path};
use crate::source::Span;

/// A text in all languages of the program. Falling back has already happened: every language has a template, and those
/// that fall back share it.
#[derive(Clone, Debug)]
pub struct Text {
    /// Index [`LanguageId`].
    pub languages: Box<[Arc<Template>]>,
}

impl Text {
    pub fn of(&self, language: LanguageId) -> &Template {
        &self.languages[language.index()]
    }
}

#[derive(Debug)]
pub struct Template {
    pub pieces: Vec<Piece>,
    /// The language it is really written in, which differs from the one asked for when that one fell back.
    pub language: LanguageId,
    pub span: Span,
}

impl Template {
    /// What is written without values: all of it for a text that has no slots.
    pub fn literal(&self) -> String {
        let literal = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => &**text,
            Piece::Slot(..) => "",
        });
        literal.collect()
    }
}

#[derive(Clone, Debug)]
pub enum Piece {
    Text(Box<str>),
    Slot(Path, Filter),
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// As its type is written by default: texts as they are, amounts and dates as below.
    None,
    /// `1,23,456.70`: Indian grouping, no currency sign.
    Amount,
    /// `05-11-2026`
    Date,
    /// `XX6789`: the last four characters.
    Mask,
    Upper,
    /// Digits apart, for a voice to read one by one.
    Spoken,
}
