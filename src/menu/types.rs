//! Types: the phrases that name them, which value goes where, and what a literal means beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::codes;
use super::context::Context;
use super::ids::TableId;
use super::suggest;
use super::syntax::Literal;
use super::syntax::values::{self, LONGEST};
use super::value::{Field, Letters, Type, Value};
use super::verb::Accept;
use crate::source::Spanned;
use crate::text::is_basic;

/// `number` without bounds: what nine digits hold.
const NUMBER: i64 = 999_999_999;

/// `amount` without a bound: nine digits of rupees, in paise.
const AMOUNT: i64 = 99_999_999_999;

/// A number in E.164 has at most 15 digits.
pub(super) const PHONE: u16 = 15;

/// A receipt number, as the bridge draws them, has at most so many characters.
pub(super) const RECEIPT: u16 = 12;

const PHRASES: &[&str] = &["text", "latin", "digits", "number", "amount", "date", "yes_no", "row"];

/// Reads a type phrase: `text 30`, `number 1-10`, `row districts`. `tables` has every table by name, and
/// `None` for one in which something is wrong.
pub(super) fn phrase(
    scalar: &Spanned<String>,
    tables: &BTreeMap<String, Option<TableId>>,
    cx: &mut Context<'_>,
) -> Option<Type> {
    let (kind, rest) = scalar.value.trim().split_once(' ').unwrap_or((scalar.value.trim(), ""));
    let rest = rest.trim();
    let length =
        || values::number(rest).filter(|n| (1..=i64::from(LONGEST)).contains(n)).and_then(|n| u16::try_from(n).ok());
    let text = |letters| length().map(|max| Type::Text { max, letters });
    let found = match (kind, rest) {
        ("text", _) => text(Letters::Any),
        ("latin", _) => text(Letters::Latin),
        ("digits", _) => text(Letters::Digits),
        ("number", "") => Some(Type::Number { min: -NUMBER, max: NUMBER }),
        ("number", range) => {
            let range = values::range(range, values::number).filter(|_| values::number(range).is_none());
            range.map(|(min, max)| Type::Number { min, max })
        }
        ("amount", "") => Some(Type::Amount { max: AMOUNT }),
        ("amount", max) => values::rupees(max).filter(|max| *max > 0).map(|max| Type::Amount { max }),
        ("date", "") => Some(Type::Date),
        ("yes_no", "") => Some(Type::YesNo),
        ("row", name) if !name.is_empty() => {
            let found = tables.get(name).copied();
            if found.is_none() {
                let message = format!("there is no table `{name}`");
                let otherwise = format!("add tables/{name}.csv, or correct the name");
                let remedy = suggest::remedy(name, tables.keys().map(String::as_str), &otherwise);
                cx.error(codes::UNKNOWN_TABLE, scalar.span, message, remedy);
            }
            return found.flatten().map(Type::Row);
        }
        _ => None,
    };
    if found.is_none() {
        let remedy = match suggest::nearest(kind, PHRASES.iter().copied()).filter(|near| *near != kind) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write `text 30`, `latin 30`, `digits 12`, `number 1-10`, `amount 5000`, `date`, `yes_no` or \
                     `row districts`"
                .to_owned(),
        };
        cx.error(codes::BAD_TYPE, scalar.span, format!("`{}` is no type", scalar.value), remedy);
    }
    found
}

/// The type of what an `ask` takes.
pub(super) fn of_accept(accept: &Accept) -> Type {
    match accept {
        Accept::Digits { max, .. } => Type::Text { max: *max, letters: Letters::Digits },
        Accept::Number { min, max } => Type::Number { min: *min, max: *max },
        Accept::Amount { min, max } => Type::Amount { max: max.abs().max(min.abs()) },
        Accept::Text { max } => Type::Text { max: *max, letters: Letters::Any },
        Accept::Pattern { max, letters, .. } => Type::Text { max: *max, letters: *letters },
        Accept::Date => Type::Date,
        Accept::Phone => Type::Text { max: PHONE, letters: Letters::Digits },
        Accept::OneOf(texts) => of_texts(texts.iter().map(String::as_str)),
        Accept::YesNo => Type::YesNo,
    }
}

/// The type of some texts: the longest of them, and the smallest alphabet that has all.
pub(super) fn of_texts<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Type {
    let letters = if texts.clone().all(|text| text.bytes().all(|b| b.is_ascii_digit())) {
        Letters::Digits
    } else if texts.clone().all(|text| text.chars().all(is_basic)) {
        Letters::Latin
    } else {
        Letters::Any
    };
    let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
    Type::Text { max: u16::try_from(longest).unwrap_or(u16::MAX), letters }
}

/// The smallest type that holds the values of both; `None` when they are of different kinds.
pub(super) fn join(a: &Type, b: &Type) -> Option<Type> {
    Some(match (a, b) {
        (Type::Text { max, letters }, Type::Text { max: max_b, letters: letters_b }) => {
            Type::Text { max: (*max).max(*max_b), letters: wider(*letters, *letters_b) }
        }
        (Type::Number { min, max }, Type::Number { min: min_b, max: max_b }) => {
            Type::Number { min: (*min).min(*min_b), max: (*max).max(*max_b) }
        }
        (Type::Amount { max }, Type::Amount { max: max_b }) => Type::Amount { max: (*max).max(*max_b) },
        (Type::List { of, at_most }, Type::List { of: of_b, at_most: at_most_b }) => {
            Type::List { of: Arc::new(join(of, of_b)?), at_most: (*at_most).max(*at_most_b) }
        }
        (Type::Record(fields), Type::Record(fields_b)) => {
            if fields.len() != fields_b.len() {
                return None;
            }
            let joined = fields.iter().zip(fields_b.iter()).map(|(a, b)| {
                let same = a.name == b.name;
                let ty = join(&a.ty, &b.ty).filter(|_| same)?;
                Some(Field { name: a.name.clone(), ty, personal: a.personal || b.personal })
            });
            Type::Record(Arc::new(joined.collect::<Option<_>>()?))
        }
        _ if a == b => a.clone(),
        _ => return None,
    })
}

fn wider(a: Letters, b: Letters) -> Letters {
    match (a, b) {
        (Letters::Any, _) | (_, Letters::Any) => Letters::Any,
        (Letters::Latin, _) | (_, Letters::Latin) => Letters::Latin,
        (Letters::Digits, Letters::Digits) => Letters::Digits,
    }
}

/// Whether every value of `from` is a value of `into`.
pub(super) fn fits(from: &Type, into: &Type) -> bool {
    join(from, into).is_some_and(|joined| joined == *into)
}

/// A literal as a value of a type. Otherwise what it would have to be.
pub(super) fn literal(literal: &Literal, ty: &Type) -> Result<Value, &'static str> {
    match (literal, ty) {
        (Literal::Quoted(name), _) => self::literal(&Literal::Text(name.written()), ty),
        (Literal::Text(text), Type::Text { .. }) => Ok(Value::Text(text.clone())),
        (Literal::Text(text), Type::Date) => {
            let read = NaiveDate::parse_from_str(text, "%d-%m-%Y").ok().filter(|_| text.len() == "05-11-2026".len());
            read.map(Value::Date).ok_or("a date, written like \"05-11-2026\"")
        }
        (Literal::Number(digits), Type::Number { .. }) => {
            values::number(digits).map(Value::Number).ok_or("a whole number")
        }
        (Literal::Number(digits), Type::Amount { .. }) => {
            values::rupees(digits).map(Value::Amount).ok_or("an amount in rupees, with two decimals at most")
        }
        // Digits are text: the zeros in front of them count.
        (Literal::Number(digits), Type::Text { letters: Letters::Digits, .. })
            if digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            Ok(Value::Text(digits.clone()))
        }
        (Literal::YesNo(yes), Type::YesNo) => Ok(Value::YesNo(*yes)),
        (_, Type::Text { .. }) => Err("a text in quotes"),
        (_, Type::Date) => Err("a date, written like \"05-11-2026\""),
        (_, Type::Number { .. }) => Err("a number, without quotes"),
        (_, Type::Amount { .. }) => Err("an amount in rupees, without quotes"),
        (_, Type::YesNo) => Err("yes or no, without quotes"),
        (_, Type::Language | Type::Row(_) | Type::Record(_) | Type::List { .. }) => Err("a name of such a value"),
    }
}

/// What a literal is by itself, where nothing else says its type.
pub(super) fn natural(literal: &Literal) -> (Type, Value) {
    match literal {
        Literal::Quoted(name) => natural(&Literal::Text(name.written())),
        Literal::Text(text) => (of_texts(std::iter::once(text.as_str())), Value::Text(text.clone())),
        Literal::YesNo(yes) => (Type::YesNo, Value::YesNo(*yes)),
        Literal::Number(digits) => {
            if let Some(value) = values::number(digits) {
                return (Type::Number { min: value, max: value }, Value::Number(value));
            }
            let paise = values::rupees(digits).unwrap_or(0);
            (Type::Amount { max: paise.abs() }, Value::Amount(paise))
        }
    }
}

/// The smallest type of one value; `None` for what no literal can be.
pub(super) fn of_value(value: &Value) -> Option<Type> {
    match value {
        Value::Text(text) => Some(of_texts(std::iter::once(text.as_str()))),
        Value::Number(value) => Some(Type::Number { min: *value, max: *value }),
        Value::Amount(paise) => Some(Type::Amount { max: paise.abs() }),
        Value::Date(_) => Some(Type::Date),
        Value::YesNo(_) => Some(Type::YesNo),
        Value::Language(_) => Some(Type::Language),
        Value::Row(..) | Value::Record(_) | Value::List(_) => None,
    }
}

/// Whether a value can be written and sent by itself.
pub(super) fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Text { .. } | Type::Number { .. } | Type::Amount { .. } | Type::Date | Type::YesNo)
}

/// A type in words, with its article: `a text of at most 30 letters`.
pub(super) fn described(ty: &Type) -> String {
    match ty {
        Type::Text { max, letters: Letters::Digits } => format!("a text of at most {max} digits"),
        Type::Text { max, letters: Letters::Latin } => format!("a text of at most {max} Latin letters"),
        Type::Text { max, letters: Letters::Any } => format!("a text of at most {max} letters"),
        Type::Number { min, max } => format!("a number from {min} to {max}"),
        Type::Amount { max } => format!("an amount of at most {}", crate::text::amount(*max)),
        Type::Date => "a date".to_owned(),
        Type::YesNo => "yes or no".to_owned(),
        Type::Language => "a language".to_owned(),
        Type::Row(_) => "a row of a table".to_owned(),
        Type::Record(_) => "a record".to_owned(),
        Type::List { .. } => "a list".to_owned(),
    }
}

/// Two types that cannot be joined, each in words that tell it from the other: records by the fields in which they differ.
pub(super) fn described_apart(a: &Type, b: &Type) -> (String, String) {
    match (a, b) {
        (Type::Record(fields), Type::Record(fields_b)) => differing(fields, fields_b),
        (Type::List { of, .. }, Type::List { of: of_b, .. }) => {
            let (a, b) = described_apart(of, of_b);
            (format!("a list, each {a}"), format!("a list, each {b}"))
        }
        _ => (described(a), described(b)),
    }
}

fn differing(a: &[Field], b: &[Field]) -> (String, String) {
    let lacks = |fields: &[Field], name: &str| !fields.iter().any(|field| field.name == name);
    let own = |fields: &[Field], other: &[Field]| {
        let names = fields.iter().filter(|field| lacks(other, &field.name)).map(|field| format!("`{}`", field.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let told = |own: String, lacking: &str| match (own.as_str(), lacking) {
        ("", lacking) => format!("a record without {lacking}"),
        (own, _) => format!("a record with {own}"),
    };
    let (only_a, only_b) = (own(a, b), own(b, a));
    if !only_a.is_empty() || !only_b.is_empty() {
        return (told(only_a.clone(), &only_b), told(only_b, &only_a));
    }
    let other = |field: &Field| b.iter().find(|other| other.name == field.name);
    let mut both = a.iter().filter_map(|field| Some((field, other(field)?)));
    match both.find(|(field, other)| join(&field.ty, &other.ty).is_none()) {
        Some((field, other)) => {
            let (a, b) = described_apart(&field.ty, &other.ty);
            (format!("a record whose `{}` is {a}", field.name), format!("a record whose `{}` is {b}", field.name))
        }
        None => ("a record".to_owned(), "a record with its fields in another order".to_owned()),
    }
}

#[cfg(test)]
mod tests;
