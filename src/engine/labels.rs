//! Comparing what was typed with a label: case, spaces and punctuation do not count, nor which of Unicode's spellings a
//! phone uses, and in a long label one slip of the finger is forgiven.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{to_ascii_digit, to_ascii_digits};

/// Shorter labels must be typed exactly: one slip away from a short word stands another word.
const LETTERS_FOR_A_SLIP: usize = 5;

/// How near a text is to a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Near {
    No,
    OneSlip,
    Exactly,
}

/// A text as it is compared: composed (NFC), in lower case, native digits as ASCII ones, without spaces and punctuation.
pub fn fold(text: &str) -> String {
    if text.is_ascii() { folded_ascii(text).collect() } else { folded(text).collect() }
}

/// Whether a text begins with letters that are folded already. Of the text only as much is folded as agrees: lists are
/// long, and most names differ in their first letter.
pub(super) fn starts_with_folded(text: &str, letters: &str) -> bool {
    let begins = |text: &mut dyn Iterator<Item = char>| letters.chars().all(|letter| text.next() == Some(letter));
    if text.is_ascii() { begins(&mut folded_ascii(text)) } else { begins(&mut folded(text)) }
}

fn folded_ascii(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_ignored(*c)).map(|c| c.to_ascii_lowercase())
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(to_ascii_digit).nfc().filter(|c| !is_ignored(*c)).flat_map(char::to_lowercase)
}

/// How near a folded, not empty answer is to a label. A number is never near: one digit off is another number.
pub(super) fn nearness(answer: &str, label: &str) -> Near {
    let label = fold(label);
    if answer == label {
        Near::Exactly
    } else if !answer.bytes().all(|b| b.is_ascii_digit())
        && one_slip(answer, &label)
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

/// White space, control characters and punctuation, but not the marks that belong to letters.
pub(super) fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        // General punctuation, with the joiners that Indic keyboards insert at will.
        || ('\u{2000}'..='\u{206f}').contains(&c)
        // Marks of Latin-1, then danda and double danda.
        || matches!(c, '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}')
        || matches!(c, '\u{964}' | '\u{965}')
}

/// Whether two texts differ by one letter too many, missing, other or by two neighbours that changed places: a
/// Damerau-Levenshtein distance of one.
fn one_slip(left: &str, right: &str) -> bool {
    let (mut left, mut right) = (left.chars(), right.chars());
    // What is the same at both ends does not matter.
    while left.clone().next().is_some_and(|letter| right.clone().next() == Some(letter)) {
        left.next();
        right.next();
    }
    while left.clone().next_back().is_some_and(|letter| right.clone().next_back() == Some(letter)) {
        left.next_back();
        right.next_back();
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.collect(), right.collect());
    match (left.as_slice(), right.as_slice()) {
        ([] | [_], [_]) | ([_], []) => true,
        ([first, second], [other_first, other_second]) => first == other_second && second == other_first,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_begins_as_its_folded_form_does(text in "[A-Za-z .कखप़ाि।०-९é]{0,12}", letters in "[abcकख़०é2]{0,3}") {
            let letters = fold(&letters);
            prop_assert_eq!(starts_with_folded(&text, &letters), fold(&text).starts_with(&letters));
        }
    }

    #[test]
    fn numbers_are_read_with_marks_around_them() {
        for text in ["1", " 1 ", "1.", "1#", "(1)", "*1#", "01", "१"] {
            assert_eq!(number(text), Some(1), "{text}");
        }
        for text in ["", "#", "1a", "one", "1.5", "1 2", "99999999999999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn case_spaces_and_punctuation_do_not_count() {
        assert_eq!(fold(" PF  Balance! "), "pfbalance");
        assert_eq!(fold("बैलेंस।"), "बैलेंस");
        assert_eq!(fold("कार्ड २"), "कार्ड2");
        // The nukta typed apart, and as one character.
        assert_eq!(fold("\u{915}\u{93c}"), fold("\u{958}"));
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
