//! Values that sessions hold, and their types, from which the longest text of every screen follows.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::{LanguageId, TableId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    Text(String),
    Number(i64),
    /// In paise.
    Amount(i64),
    Date(NaiveDate),
    YesNo(bool),
    Language(LanguageId),
    /// A row of a table, by index. Rows of a program never change, so the index is enough.
    Row(TableId, u32),
    /// Fields in the order of the type; `None` is "not set".
    Record(Vec<Option<Value>>),
    List(Vec<Value>),
}

/// A value that can be written by itself, borrowed from wherever it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar<'a> {
    Text(&'a str),
    Number(i64),
    /// In paise.
    Amount(i64),
    Date(NaiveDate),
    YesNo(bool),
    Language(LanguageId),
}

impl Value {
    /// The value to be written; `None` for rows, records and lists, of which only parts are.
    pub fn scalar(&self) -> Option<Scalar<'_>> {
        Some(match self {
            Self::Text(text) => Scalar::Text(text),
            Self::Number(number) => Scalar::Number(*number),
            Self::Amount(paise) => Scalar::Amount(*paise),
            Self::Date(day) => Scalar::Date(*day),
            Self::YesNo(yes) => Scalar::YesNo(*yes),
            Self::Language(language) => Scalar::Language(*language),
            Self::Row(..) | Self::Record(_) | Self::List(_) => return None,
        })
    }
}

/// Which alphabet a text keeps to; what `letters:` declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// Characters of the GSM 7-bit basic table only (one septet each): transliterated on arrival.
    Latin,
    /// 0 to 9.
    Digits,
    /// Any; at most [`crate::text::UNITS_PER_GRAPHEME`] UTF-16 units for each grapheme that is allowed.
    Any,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// At most `max` characters (graphemes for `Any`).
    Text {
        max: u16,
        letters: Letters,
    },
    Number {
        min: i64,
        max: i64,
    },
    /// In paise, from `-max` to `max`.
    Amount {
        max: i64,
    },
    Date,
    YesNo,
    Language,
    Row(TableId),
    Record(Arc<Vec<Field>>),
    List {
        of: Arc<Type>,
        at_most: u16,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub ty: Type,
    /// May only be shown to the person it is about.
    pub personal: bool,
}

impl Type {
    /// Whether a value of it may hold something that may only be shown to the person it is about.
    pub fn holds_personal(&self) -> bool {
        match self {
            Self::Record(fields) => fields.iter().any(|field| field.personal || field.ty.holds_personal()),
            Self::List { of, .. } => of.holds_personal(),
            _ => false,
        }
    }

    /// Whether a value kept by an earlier program is still one of this type. Texts that have become too long are not.
    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text { max, letters }, Value::Text(text)) => {
                let digits_only = *letters != Letters::Digits || text.bytes().all(|byte| byte.is_ascii_digit());
                digits_only && text.chars().count() <= usize::from(*max)
            }
            (Self::Number { min, max }, Value::Number(number)) => (min..=max).contains(&number),
            (Self::Amount { max }, Value::Amount(paise)) => paise.unsigned_abs() <= max.unsigned_abs(),
            (Self::Date, Value::Date(_)) | (Self::YesNo, Value::YesNo(_)) | (Self::Language, Value::Language(_)) => {
                true
            }
            // Rows are numbered by the program that wrote them.
            _ => false,
        }
    }
}
