//! Values as people type them, for an `ask`. Digits of any script count as 0 to 9 wherever digits are expected.

use chrono::{Datelike, NaiveDate};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::menu::{Accept, Program, SystemText, Text, Value};
use crate::phone;
use crate::text::{UNITS_PER_GRAPHEME, fold, folds_to, is_ignored, to_ascii_digits};

/// Years that a date may have. What citizens are asked for lies within.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A year of two digits is never further ahead than this; 85 then means 1985.
const YEARS_AHEAD: i32 = 20;

/// The value that was typed; `None` when it is not what the screen asks for.
pub fn read(program: &Program, accept: &Accept, typed: &str, today: NaiveDate) -> Option<Value> {
    let typed = typed.trim();
    match accept {
        Accept::Digits { min, max } => digits(typed, *min, *max).map(Value::Text),
        Accept::Number { min, max } => {
            let number = number(typed).or_else(|| in_words(program, typed));
            number.filter(|n| (*min..=*max).contains(n)).map(Value::Number)
        }
        Accept::Amount { min, max } => amount(typed).filter(|paise| (*min..=*max).contains(paise)).map(Value::Amount),
        Accept::Text { max } => text(typed, *max).map(Value::Text),
        Accept::Date => date(typed, today).map(Value::Date),
        Accept::Phone => {
            let number = phone::parse(&to_ascii_digits(typed), phone::home()).ok()?;
            Some(Value::Text(number.digits().to_owned()))
        }
        Accept::Pattern { pattern, max, .. } => described(pattern, typed, *max).map(Value::Text),
        Accept::OneOf(values) => {
            let folded = fold(typed);
            let found = values.iter().find(|value| value.as_str() == typed || folds_to(value, &folded))?;
            (!folded.is_empty()).then(|| Value::Text(found.clone()))
        }
        Accept::YesNo => yes_no(program, typed).map(Value::YesNo),
    }
}

/// 1 and 2 in digits or words, or yes and no in any language of the program.
fn yes_no(program: &Program, typed: &str) -> Option<bool> {
    let typed = fold(typed);
    let number = program.number_words.number(&typed);
    let is = |number_typed: u16, digit: &str, word| {
        number == Some(number_typed)
            || typed == digit
            || written_plainly(program.system.get(word as usize)).any(|word| folds_to(word, &typed))
    };
    match (is(1, "1", SystemText::Yes), is(2, "2", SystemText::No)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// A text without holes, in all its languages.
fn written_plainly(text: Option<&Text>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|text| text.languages.iter()).filter_map(|template| match template.pieces.as_slice() {
        [crate::menu::Piece::Text(word)] => Some(word.as_ref()),
        _ => None,
    })
}

/// `1234 5678 9012`, `1234-5678`, `12345#`
fn digits(typed: &str, min: u16, max: u16) -> Option<String> {
    let typed = to_ascii_digits(typed);
    let digits: String = typed.trim_matches(is_ignored).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let fits = (usize::from(min)..=usize::from(max)).contains(&digits.len());
    (fits && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// `twelve`, in any language of the program.
fn in_words(program: &Program, typed: &str) -> Option<i64> {
    program.number_words.number(&fold(typed)).map(i64::from)
}

/// `12`, `-3`, `1,200`, `12.`, `12#`
fn number(typed: &str) -> Option<i64> {
    let typed = to_ascii_digits(typed);
    let (negative, digits) = signed(typed.trim_start_matches(['#', '*', '(']).trim_end_matches(is_ignored));
    let value: i64 = ungrouped(digits)?.parse().ok()?;
    Some(if negative { -value } else { value })
}

/// Rupees in paise: `1,234.50`, `Rs 500`, `Rs.500/-`, `₹ 20`
fn amount(typed: &str) -> Option<i64> {
    let typed = to_ascii_digits(typed).to_lowercase();
    let typed = ["rs.", "rs", "inr", "₹"].iter().find_map(|mark| typed.strip_prefix(mark)).unwrap_or(&typed);
    let (negative, typed) = signed(typed.trim_start().trim_end_matches(is_ignored));
    let (rupees, fraction) = typed.split_once('.').unwrap_or((typed, ""));
    let rupees: i64 = ungrouped(rupees)?.parse().ok()?;
    let paise: i64 = match fraction.as_bytes() {
        [] => 0,
        [tens @ b'0'..=b'9'] => i64::from(tens - b'0') * 10,
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => i64::from(tens - b'0') * 10 + i64::from(ones - b'0'),
        _ => return None,
    };
    let value = rupees.checked_mul(100)?.checked_add(paise)?;
    Some(if negative { -value } else { value })
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Digits without the commas between them; `None` when there is anything else.
fn ungrouped(text: &str) -> Option<String> {
    let groups_are_digits = text.split(',').all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    groups_are_digits.then(|| text.replace(',', ""))
}

/// One line in composed form, 1 to `max` letters as a reader counts them, of no more UTF-16 units than the length proof
/// counts on.
fn text(typed: &str, max: u16) -> Option<String> {
    let max = usize::from(max);
    let units = max.saturating_mul(UNITS_PER_GRAPHEME);
    // Counted before anything is copied, so that an endless answer costs nothing. However far its letters are decomposed, a
    // text that fits is typed in fewer code points.
    let endless = typed.chars().nth(units.saturating_mul(3)).is_some();
    if endless || typed.chars().any(char::is_control) {
        return None;
    }
    let text: String = typed.nfc().collect();
    let fits = (1..=max).contains(&text.graphemes(true).count()) && text.encode_utf16().count() <= units;
    fits.then_some(text)
}

/// What a pattern describes, as typed or else in capitals, which are hard to type on a keypad; or else without the spaces and
/// hyphens with which long numbers are written.
fn described(pattern: &Regex, typed: &str, max: u16) -> Option<String> {
    let typed = to_ascii_digits(typed);
    let together = typed.replace([' ', '-'], "");
    // The pattern stands for the whole answer, wherever it would match within.
    let is_whole = |text: &String| pattern.find(text).is_some_and(|found| found.range() == (0..text.len()));
    [typed, together.into()]
        .iter()
        .filter_map(|typed| text(typed, max))
        .flat_map(|typed| {
            let capitals = typed.to_ascii_uppercase();
            [typed, capitals]
        })
        .find(is_whole)
}

/// `5-11-2026`, `05/11/2026`, `05.11.26`, `2026-11-05`, and without marks `05112026`, `5112026`, `051126`.
fn date(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let typed = to_ascii_digits(typed);
    let typed = typed.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '.' | '-' | '/'));
    let parts: Vec<&str> = typed.split(['-', '/', '.', ' ']).collect();
    let (day, month, year) = match parts.as_slice() {
        [whole] => {
            let (day, rest) = whole.split_at_checked(if whole.len() == 7 { 1 } else { 2 })?;
            let (month, year) = rest.split_at_checked(2)?;
            (day, month, year)
        }
        [year, month, day] if year.len() == 4 => (*day, *month, *year),
        [day, month, year] => (*day, *month, *year),
        _ => return None,
    };
    let part = |text: &str, lengths: &[usize]| -> Option<u32> {
        let fits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fits { text.parse().ok() } else { None }
    };
    let mut full = i32::try_from(part(year, &[2, 4])?).ok()?;
    if year.len() == 2 {
        full += if full + 2000 > today.year() + YEARS_AHEAD { 1900 } else { 2000 };
    }
    let day = NaiveDate::from_ymd_opt(full, part(month, &[1, 2])?, part(day, &[1, 2])?)?;
    YEARS.contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests;
