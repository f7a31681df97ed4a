//! Values as conditions and texts see them: borrowed from wherever they are held.

use chrono::NaiveDate;

use crate::menu::{LanguageId, Scalar, TableId, Value};

/// A value that stays where it is. Cheap to copy; a list is never copied to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    Text(&'a str),
    Number(i64),
    /// In paise.
    Amount(i64),
    Date(NaiveDate),
    YesNo(bool),
    Language(LanguageId),
    Row(TableId, u32),
    Record(&'a [Option<Value>]),
    List(&'a [Value]),
}

impl<'a> From<&'a Value> for Seen<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Number(number) => Self::Number(*number),
            Value::Amount(paise) => Self::Amount(*paise),
            Value::Date(day) => Self::Date(*day),
            Value::YesNo(yes) => Self::YesNo(*yes),
            Value::Language(language) => Self::Language(*language),
            Value::Row(table, row) => Self::Row(*table, *row),
            Value::Record(fields) => Self::Record(fields),
            Value::List(values) => Self::List(values),
        }
    }
}

impl<'a> Seen<'a> {
    /// The value to be written; `None` for rows, records and lists: only their fields are written, and the compiler refuses
    /// the whole.
    pub(super) fn scalar(self) -> Option<Scalar<'a>> {
        Some(match self {
            Self::Text(text) => Scalar::Text(text),
            Self::Number(number) => Scalar::Number(number),
            Self::Amount(paise) => Scalar::Amount(paise),
            Self::Date(day) => Scalar::Date(day),
            Self::YesNo(yes) => Scalar::YesNo(yes),
            Self::Language(language) => Scalar::Language(language),
            Self::Row(..) | Self::Record(_) | Self::List(_) => return None,
        })
    }

    pub(super) fn to_value(self) -> Value {
        match self {
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Number(number) => Value::Number(number),
            Self::Amount(paise) => Value::Amount(paise),
            Self::Date(day) => Value::Date(day),
            Self::YesNo(yes) => Value::YesNo(yes),
            Self::Language(language) => Value::Language(language),
            Self::Row(table, row) => Value::Row(table, row),
            Self::Record(fields) => Value::Record(fields.to_vec()),
            Self::List(values) => Value::List(values.to_vec()),
        }
    }
}
