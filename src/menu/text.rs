//! Texts, compiled: per language a list of pieces.

use std::borrow::Cow;
use std::sync::Arc;

use super::expression::Path;
use super::ids::LanguageId;
use super::value::Scalar;
use crate::source::Span;
use crate::text::{mask, spoken, upper, write_amount, write_date, write_number};

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

    /// Whether its translation into a language is missing: another language takes its place, and it has words to translate.
    pub fn is_missing_in(&self, language: LanguageId) -> bool {
        let shown = self.of(language);
        shown.language != language && shown.literal().chars().any(char::is_alphabetic)
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
    /// The values that it shows.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(path, _) => Some(path),
            Piece::Text(_) => None,
        })
    }

    /// What is written without values: all of it for a text that has no slots.
    pub fn literal(&self) -> Cow<'_, str> {
        if let [Piece::Text(text)] = self.pieces.as_slice() {
            return Cow::Borrowed(text);
        }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

impl Filter {
    /// The filters that a text may name.
    pub(super) const NAMES: [&'static str; 5] = ["amount", "date", "mask", "upper", "spoken"];

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "amount" => Self::Amount,
            "date" => Self::Date,
            "mask" => Self::Mask,
            "upper" => Self::Upper,
            "spoken" => Self::Spoken,
            _ => return None,
        })
    }
}

/// A word that a value needs of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Yes,
    No,
    /// A language's name for itself.
    Language(LanguageId),
}

/// Writes a value as a filter says. `word` is asked for the words that some values need.
///
/// Both what phones show and the proof of how long that can be are written here.
pub fn write<W: AsRef<str>>(value: Scalar<'_>, filter: Filter, word: impl FnOnce(Word) -> W, out: &mut String) {
    let marked = match filter {
        Filter::None | Filter::Amount | Filter::Date => return write_plainly(value, filter, word, out),
        Filter::Mask => mask,
        Filter::Upper => upper,
        Filter::Spoken => spoken,
    };
    let mut plain = String::new();
    write_plainly(value, filter, word, &mut plain);
    out.push_str(&marked(&plain));
}

fn write_plainly<W: AsRef<str>>(value: Scalar<'_>, filter: Filter, word: impl FnOnce(Word) -> W, out: &mut String) {
    match value {
        Scalar::Text(text) => out.push_str(text),
        // A number that is shown as an amount counts rupees.
        Scalar::Number(rupees) if filter == Filter::Amount => write_amount(rupees.saturating_mul(100), out),
        Scalar::Number(number) => write_number(number, out),
        Scalar::Amount(paise) => write_amount(paise, out),
        Scalar::Date(day) => write_date(day, out),
        Scalar::YesNo(yes) => out.push_str(word(if yes { Word::Yes } else { Word::No }).as_ref()),
        Scalar::Language(language) => out.push_str(word(Word::Language(language)).as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: Scalar<'_>, filter: Filter) -> String {
        let mut out = String::new();
        write(value, filter, |word| format!("{word:?}"), &mut out);
        out
    }

    #[test]
    fn values_are_written_as_their_filter_says() {
        let text = Scalar::Text("ab123456");
        assert_eq!(written(text, Filter::None), "ab123456");
        assert_eq!(written(text, Filter::Mask), "XX3456");
        assert_eq!(written(text, Filter::Upper), "AB123456");
        assert_eq!(written(text, Filter::Spoken), "a b 1 2 3 4 5 6");
        assert_eq!(written(Scalar::Amount(12_345_670), Filter::None), "1,23,456.70");
        assert_eq!(written(Scalar::Number(500), Filter::Amount), "500.00");
        assert_eq!(written(Scalar::Number(500), Filter::None), "500");
        assert_eq!(written(Scalar::YesNo(true), Filter::None), "Yes");
        assert_eq!(written(Scalar::Language(LanguageId(1)), Filter::None), "Language(LanguageId(1))");
    }
}
