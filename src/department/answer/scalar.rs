//! One value of an answer. Departments spell the same thing in many ways: what is clear is taken, what is not is refused.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};
use serde_json::Value as Json;
use unicode_segmentation::UnicodeSegmentation;

use crate::menu::{Letters, Type, Unit, Value};
use crate::text::{UNITS_PER_GRAPHEME, to_ascii_digits, to_gsm};
use crate::types::Timestamp;

/// Decimal digits that a binary64 number carries exactly, whichever they are (`DBL_DIG`).
const EXACT_DIGITS: usize = 15;

/// Reads a value of a simple type, an amount as it is counted there. `None` is a value that is there but says nothing: an empty text where a number, a date
/// or digits are declared.
pub(super) fn read(ty: &Type, unit: Unit, json: &Json) -> Result<Option<Value>, &'static str> {
    match ty {
        Type::Text { max, letters } => match letters {
            Letters::Digits => digits(json, usize::from(*max)),
            Letters::Latin => Ok(Some(Value::Text(latin(&text(json)?, usize::from(*max))))),
            Letters::Any => Ok(Some(Value::Text(graphemes(&text(json)?, usize::from(*max))))),
        },
        Type::Number { min, max } => {
            let number = spelled(json, |text| decimal(text, 0), "not a whole number")?;
            bounded(number, *min, *max).map(|number| number.map(Value::Number))
        }
        Type::Amount { max } => {
            let paise = match unit {
                Unit::Rupees => {
                    spelled(json, |text| decimal(text, 2), "not an amount in rupees with at most two decimals")?
                }
                Unit::Paise => spelled(json, |text| decimal(text, 0), "not an amount in whole paise")?,
            };
            bounded(paise, max.saturating_neg(), *max).map(|paise| paise.map(Value::Amount))
        }
        Type::Date => {
            if !json.is_string() {
                return Err("not a date");
            }
            Ok(spelled(json, date, "not a date")?.map(Value::Date))
        }
        Type::YesNo => match json {
            Json::Bool(yes) => Ok(Some(Value::YesNo(*yes))),
            _ => Ok(spelled(json, yes_no, "neither yes nor no")?.map(Value::YesNo)),
        },
        Type::Language | Type::Row(_) | Type::Record(_) | Type::List { .. } => Err("of a type that no answer has"),
    }
}

/// A text, number or truth value as a text; `None` for everything else.
pub(super) fn as_text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(json.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Reads a text or number by its spelling; an empty text gives `None`.
fn spelled<T>(
    json: &Json,
    read: impl Fn(&str) -> Option<T>,
    otherwise: &'static str,
) -> Result<Option<T>, &'static str> {
    let text = match json {
        Json::String(text) => to_ascii_digits(text.trim()),
        Json::Number(number) => number.to_string().into(),
        _ => return Err(otherwise),
    };
    // A number with a fraction arrives as a binary one, and is printed as the shortest decimal that means the same: the
    // one that was sent, as long as it has no more digits than a binary number carries.
    if json.is_f64() && text.bytes().filter(u8::is_ascii_digit).count() > EXACT_DIGITS {
        return Err("a number with more digits than JSON numbers carry exactly: the department should send it as text");
    }
    if text.is_empty() {
        return Ok(None);
    }
    read(&text).map(Some).ok_or(otherwise)
}

fn bounded(number: Option<i64>, min: i64, max: i64) -> Result<Option<i64>, &'static str> {
    match number {
        Some(number) if !(min..=max).contains(&number) => Err("outside its declared bounds"),
        number => Ok(number),
    }
}

/// A decimal in units of its last of `places` decimals, exactly: `1,234.5` with two places is 123450. Further decimals
/// must be zeros; commas may group the digits before the point.
fn decimal(text: &str, places: usize) -> Option<i64> {
    // So that cutting after so many bytes is cutting after so many digits.
    if !text.is_ascii() {
        return None;
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let dangling = whole.starts_with(',') || whole.ends_with(',');
    if dangling || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (kept, rest) = fraction.split_at_checked(places).unwrap_or((fraction, ""));
    if rest.bytes().any(|b| b != b'0') {
        return None;
    }
    let padding = std::iter::repeat_n('0', places.saturating_sub(kept.len()));
    let digits = whole.chars().filter(|c| *c != ',').chain(kept.chars()).chain(padding);
    let units = digits.map(|c| c.to_digit(10)).try_fold(0_i64, |units, digit| {
        // Counted downwards, so that the least number of all is read as well.
        units.checked_mul(10)?.checked_sub(i64::from(digit?))
    })?;
    if negative { Some(units) } else { units.checked_neg() }
}

/// `2026-11-30` and `30-11-2026` or `30/11/2026`; of a date with a time, the day (in India, when it says its offset).
fn date(text: &str) -> Option<NaiveDate> {
    if let Some(day) = day(text) {
        return Some(day);
    }
    let (first, rest) = text.split_at_checked(10)?;
    let day = day(first)?;
    let time = rest.strip_prefix(['T', 't', ' '])?;
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        // The last hours of year 9999 are in year 10000 in India, which no longer has the length that a date is proved to have.
        return Some(Timestamp(moment.timestamp_millis()).day_in_india()).filter(|day| day.year() <= 9999);
    }
    let local = |format| NaiveTime::parse_from_str(time, format).is_ok();
    (first.as_bytes().get(4) == Some(&b'-') && (local("%H:%M:%S%.f") || local("%H:%M"))).then_some(day)
}

fn day(text: &str) -> Option<NaiveDate> {
    let part = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let separated = |one: usize, two: usize, by: u8| {
        let bytes = text.as_bytes();
        bytes.len() == 10 && bytes.get(one) == Some(&by) && bytes.get(two) == Some(&by)
    };
    let (year, month, day) = if separated(4, 7, b'-') {
        (part(0, 4)?, part(5, 7)?, part(8, 10)?)
    } else if separated(2, 5, b'-') || separated(2, 5, b'/') {
        (part(6, 10)?, part(3, 5)?, part(0, 2)?)
    } else {
        return None;
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

fn yes_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "1" => Some(true),
        "n" | "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// A number of digits that names something. Never cut: half of such a number names something else.
fn digits(json: &Json, max: usize) -> Result<Option<Value>, &'static str> {
    let keep = |text: &str| {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        (digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
    };
    match spelled(json, keep, "not digits only")? {
        Some(digits) if digits.len() > max => Err("more digits than declared"),
        digits => Ok(digits.filter(|digits| !digits.is_empty()).map(Value::Text)),
    }
}

fn text(json: &Json) -> Result<String, &'static str> {
    match json {
        Json::String(text) => Ok(clean(text)),
        Json::Number(number) => Ok(number.to_string()),
        _ => Err("not a text"),
    }
}

fn latin(text: &str, max: usize) -> String {
    let cut: String = clean(&to_gsm(text)).chars().take(max).collect();
    cut.trim_end().to_owned()
}

/// Cut to `max` graphemes; a little sooner where they have more marks than the length proof counts on.
fn graphemes(text: &str, max: usize) -> String {
    let mut units = max.saturating_mul(UNITS_PER_GRAPHEME);
    let fits = |grapheme: &&str| {
        let left = units.checked_sub(grapheme.encode_utf16().count());
        units = left.unwrap_or(0);
        left.is_some()
    };
    let cut: String = text.graphemes(true).take(max).take_while(fits).collect();
    cut.trim_end().to_owned()
}

/// One line: white space and control characters become single spaces, marks that turn the direction of text or show
/// nothing are dropped. Joiners stay, which Indic scripts are spelled with.
fn clean(text: &str) -> String {
    let visible = text.chars().filter(|c| {
        !matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    });
    let spaced: String = visible.map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
