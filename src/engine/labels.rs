//! How near what was typed is to a label: in a long one, one slip of the finger is forgiven.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{fold_into, is_ignored, one_slip, to_ascii_digits};

/// Shorter labels must be typed exactly: one slip away from a short word stands another word.
const LETTERS_FOR_A_SLIP: usize = 5;

/// How near an answer is to what a citizen can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Near {
    No,
    /// To its label, or to a word for its number.
    OneSlip,
    /// A word for its number.
    Number,
    /// Its label: `Do` may be one, and not mean two.
    Exactly,
}

impl Near {
    /// As near to the word for a number.
    pub(super) fn of_a_number(self) -> Self {
        if self == Self::Exactly { Self::Number } else { self }
    }
}

/// How near a folded, not empty answer is to the nearest of some labels. They are folded one after the other in `folded`,
/// whatever is there.
pub(super) fn nearest<'a>(answer: &str, labels: impl Iterator<Item = Cow<'a, str>>, folded: &mut String) -> Near {
    let near = |label: Cow<'_, str>| {
        folded.clear();
        fold_into(&label, folded);
        nearness_of_folded(answer, folded)
    };
    labels.map(near).max().unwrap_or(Near::No)
}

/// The same, to a label that is folded already. A number is never near: one digit off is another number.
pub(super) fn nearness_of_folded(answer: &str, label: &str) -> Near {
    if answer == label {
        Near::Exactly
    } else if !answer.bytes().all(|b| b.is_ascii_digit())
        && one_slip(answer, label)
        && label.graphemes(true).count() >= LETTERS_FOR_A_SLIP
    {
        Near::OneSlip
    } else {
        Near::No
    }
}

/// The number that was typed, perhaps with marks around it (`1.`, `1#`, `(1)`), in digits of any script.
pub(super) fn number(text: &str) -> Option<u16> {
    let text = to_ascii_digits(text);
    let digits = text.trim_matches(is_ignored);
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_marks_around_them() {
        for text in ["1", " 1 ", "1.", "1#", "(1)", "*1#", "01", "१"] {
            assert_eq!(number(text), Some(1), "{text}");
        }
        for text in ["", "#", "1a", "one", "1.5", "1 2", "99999999999999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    fn nearness(answer: &str, label: &str) -> Near {
        nearest(answer, std::iter::once(label.into()), &mut "of another".to_owned())
    }

    #[test]
    fn one_slip_is_a_letter_more_less_other_or_swapped() {
        for typed in ["balanc", "blance", "balannce", "balence", "ablance", "balanec", "xbalance", "balancex"] {
            assert_eq!(nearness(typed, "Balance"), Near::OneSlip, "{typed}");
        }
        assert_eq!(nearness("balance", "Balance"), Near::Exactly);
        for typed in ["balan", "alanceb", "blanec", "", "cardnumber"] {
            assert_eq!(nearness(typed, "Balance"), Near::No, "{typed}");
        }
    }

    #[test]
    fn a_short_label_forgives_nothing() {
        assert_eq!(nearness("hme", "Home"), Near::No);
        assert_eq!(nearness("homed", "Home"), Near::No, "the label's letters count, not the answer's");
        assert_eq!(nearness("खाते", "खाता"), Near::No);
    }

    #[test]
    fn a_number_is_never_forgiven() {
        assert_eq!(nearness("11000", "110001"), Near::No);
    }
}
