//! What a regular expression can match: how many letters at most, and of which alphabet. From this an answer to a `pattern` has a
//! type that fits where `digits 6` or `latin 16` is wanted.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::menu::value::Letters;
use crate::text::{is_basic, to_ascii_digit};

/// The most letters of a match, and the smallest alphabet that has them all. `None` where a match may have any number of
/// letters, or letters outside the plain alphabet of phones: then only what stands beside the pattern bounds it.
pub(super) fn matched(pattern: &str) -> Option<(u16, Letters)> {
    let (longest, letters) = bounds(&regex_syntax::parse(pattern).ok()?)?;
    // Nothing at all is no answer.
    Some((u16::try_from(longest).ok()?.max(1), letters))
}

fn bounds(hir: &Hir) -> Option<(usize, Letters)> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some((0, Letters::Digits)),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some((text.chars().count(), letters_of(text.chars())?))
        }
        HirKind::Class(Class::Unicode(class)) => {
            Some((1, letters_of(class.iter().flat_map(|range| range.start()..=range.end()))?))
        }
        HirKind::Class(Class::Bytes(class)) => {
            Some((1, letters_of(class.iter().flat_map(|range| range.start()..=range.end()).map(char::from))?))
        }
        HirKind::Repetition(repeated) => {
            let (longest, letters) = bounds(&repeated.sub)?;
            Some((longest.checked_mul(usize::try_from(repeated.max?).ok()?)?, letters))
        }
        HirKind::Capture(capture) => bounds(&capture.sub),
        HirKind::Concat(parts) => all(parts, usize::checked_add),
        HirKind::Alternation(parts) => all(parts, |a, b| Some(a.max(b))),
    }
}

/// The bounds of several parts, their lengths taken together.
fn all(parts: &[Hir], together: impl Fn(usize, usize) -> Option<usize>) -> Option<(usize, Letters)> {
    parts.iter().try_fold((0, Letters::Digits), |(longest, letters), part| {
        let (of_part, letters_of_part) = bounds(part)?;
        Some((together(longest, of_part)?, if letters == Letters::Digits { letters_of_part } else { letters }))
    })
}

/// The smallest alphabet of all letters; `None` where one is outside the plain alphabet. Answers are matched with the digits of
/// every script as 0 to 9, so other digits (in `\d`) never occur.
fn letters_of(letters: impl Iterator<Item = char>) -> Option<Letters> {
    letters.map(to_ascii_digit).try_fold(Letters::Digits, |known, letter| match letter {
        '0'..='9' => Some(known),
        _ if is_basic(letter) => Some(Letters::Latin),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pattern_knows_its_letters_and_how_many() {
        for (pattern, expected) in [
            ("[1-9][0-9]{5}", Some((6, Letters::Digits))),
            (r"\d{4,6}", Some((6, Letters::Digits))),
            ("[A-Z]{5}[0-9]{4}[A-Z]", Some((10, Letters::Latin))),
            ("[0-9]{2}([A-Z]{2})?|[0-9]{8}", Some((8, Letters::Latin))),
            ("(?:12|345)-?7", Some((5, Letters::Latin))),
            ("^[0-9]$", Some((1, Letters::Digits))),
            ("é{2}", Some((2, Letters::Latin))),
            ("", Some((1, Letters::Digits))),
            ("[0-9]+", None),
            ("[0-9]{3,}", None),
            ("[क-ह]{3}", None),
            (".{3}", None),
            (r"\w{3}", None),
            ("[^0-9]", None),
            // One of its letters is outside GSM-7's basic table, and takes two septets.
            ("[0-9]€", None),
            // Without case, K is also the sign for kelvin.
            ("(?i)k", None),
            ("((1{60}){60}){60}", None),
        ] {
            assert_eq!(matched(pattern), expected, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn what_matches_is_within_the_bounds(
            pattern in prop::sample::select(vec!["[1-9][0-9]{0,5}", "[A-F]{2}(1|22){1,3}", r"\d?[x-z]{2,4}|7{9}"]),
            answer in "[A-Fx-z0-9]{0,12}",
        ) {
            let (longest, letters) = matched(pattern).expect("bounded");
            let whole = regex::Regex::new(&format!("^(?:{pattern})$")).expect("a pattern");
            if whole.is_match(&answer) {
                prop_assert!(answer.chars().count() <= usize::from(longest));
                prop_assert!(letters == Letters::Latin || answer.bytes().all(|b| b.is_ascii_digit()));
            }
        }
    }
}
