//! Texts, compiled: per language a list of pieces.

use std::sync::Arc;

use super::expression::Path;
use super::ids::LanguageId;
use super::value::Value;
use crate::source::Span;
use crate::text::{amount, date, mask, spoken, upper};

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

/// Writes a single value as a filter says, and says whether it could. Yes and no, languages and rows need words of the
/// program: whoever has it writes those.
pub fn write(value: &Value, filter: Filter, out: &mut String) -> bool {
    let written = match (value, filter) {
        (Value::Text(text), Filter::Mask) => mask(text),
        (Value::Text(text), Filter::Upper) => upper(text),
        (Value::Text(text), Filter::Spoken) => spoken(text),
        (Value::Text(text), _) => {
            out.push_str(text);
            return true;
        }
        // A number that is shown as an amount counts rupees.
        (Value::Number(rupees), Filter::Amount) => amount(rupees.saturating_mul(100)),
        (Value::Number(number), _) => number.to_string(),
        (Value::Amount(paise), _) => amount(*paise),
        (Value::Date(day), _) => date(*day),
        (Value::YesNo(_) | Value::Language(_) | Value::Row(..) | Value::Record(_) | Value::List(_), _) => return false,
    };
    out.push_str(&written);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &Value, filter: Filter) -> Option<String> {
        let mut out = String::new();
        write(value, filter, &mut out).then_some(out)
    }

    #[test]
    fn values_are_written_as_their_filter_says() {
        let text = Value::Text("ab123456".to_owned());
        assert_eq!(written(&text, Filter::None).as_deref(), Some("ab123456"));
        assert_eq!(written(&text, Filter::Mask).as_deref(), Some("XX3456"));
        assert_eq!(written(&text, Filter::Upper).as_deref(), Some("AB123456"));
        assert_eq!(written(&Value::Amount(12_345_670), Filter::None).as_deref(), Some("1,23,456.70"));
        assert_eq!(written(&Value::Number(500), Filter::Amount).as_deref(), Some("500.00"));
        assert_eq!(written(&Value::Number(500), Filter::None).as_deref(), Some("500"));
        assert_eq!(written(&Value::YesNo(true), Filter::None), None);
    }
}
