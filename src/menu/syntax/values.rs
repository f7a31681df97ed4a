//! Numbers, ranges, amounts of money and durations, as menus write them.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::menu::codes;
use crate::menu::context::Context;
use crate::source::Spanned;
use crate::text;

/// Numbers have at most 15 digits, so that nothing that is done with them overflows.
pub(in crate::menu) const MOST: i64 = 999_999_999_999_999;

/// The longest text or digits that a value may have: several pages of a phone.
pub(in crate::menu) const LONGEST: u16 = 500;

/// `42`, `-7`
pub(in crate::menu) fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|value| (-MOST..=MOST).contains(value))
}

/// Rupees with at most two decimals, as paise: `500`, `99.50`.
pub(in crate::menu) fn rupees(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    if decimals.is_empty() || decimals.len() > 2 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let paise: i64 = format!("{decimals:0<2}").parse().ok()?;
    let whole_paise = number(whole)?.checked_mul(100)?;
    let all = if whole.starts_with('-') { whole_paise - paise } else { whole_paise + paise };
    (-MOST..=MOST).contains(&all).then_some(all)
}

/// `4-6`, or `6` for `6-6`; a sign may stand before each.
pub(in crate::menu) fn range(text: &str, one: impl Fn(&str) -> Option<i64>) -> Option<(i64, i64)> {
    let text = text.trim();
    if let Some(value) = one(text) {
        return Some((value, value));
    }
    let dash = text.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at)?;
    let (min, max) = (one(text.get(..dash)?.trim_end())?, one(text.get(dash + 1..)?.trim_start())?);
    (min <= max).then_some((min, max))
}

/// A whole number within bounds, or a finding.
pub(in crate::menu) fn whole<T>(
    scalar: &Spanned<String>,
    bounds: RangeInclusive<i64>,
    cx: &mut Context<'_>,
) -> Option<T>
where
    T: TryFrom<i64>,
{
    let found = number(&scalar.value).filter(|value| bounds.contains(value)).and_then(|value| T::try_from(value).ok());
    if found.is_none() {
        let message = format!("`{}` is not a number from {} to {}", scalar.value, bounds.start(), bounds.end());
        cx.error(codes::BAD_VALUE, scalar.span, message, "write such a number");
    }
    found
}

/// `500ms`, `3s`, `10m`, `24h`, `2d`: more than nothing and at most `most`.
pub(in crate::menu) fn duration(scalar: &Spanned<String>, most: Duration, cx: &mut Context<'_>) -> Option<Duration> {
    let found = text::duration(&scalar.value).filter(|value| !value.is_zero() && *value <= most);
    if found.is_none() {
        let message = format!("`{}` is not a duration of at most {} seconds", scalar.value, most.as_secs());
        cx.error(codes::BAD_VALUE, scalar.span, message, "write it like `500ms`, `3s`, `10m`, `24h` or `2d`");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rupees_are_paise_with_two_decimals_at_most() {
        assert_eq!(rupees("500"), Some(50_000));
        assert_eq!(rupees("99.5"), Some(9_950));
        assert_eq!(rupees("-0.05"), Some(-5));
        assert_eq!(rupees("1.234"), None);
        assert_eq!(rupees("1."), None);
        assert_eq!(rupees(".5"), None);
        assert_eq!(rupees("99999999999999999999"), None);
    }

    #[test]
    fn a_range_is_one_number_or_two_in_order() {
        assert_eq!(range("4-6", number), Some((4, 6)));
        assert_eq!(range("12", number), Some((12, 12)));
        assert_eq!(range("-5--2", number), Some((-5, -2)));
        assert_eq!(range("-5 - 10", number), Some((-5, 10)));
        assert_eq!(range("6-4", number), None);
        assert_eq!(range("four", number), None);
        assert_eq!(range("अ-4", number), None);
    }
}
