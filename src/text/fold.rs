//! Texts as answers are compared: case, spaces and punctuation do not count, nor which of Unicode's spellings a phone uses.
//!
//! A `+` or `-` counts where it means something, behind a letter: `A-` is another blood group than `A+`. Directly behind one
//! it must end the word (`A- blood`, not `kinds-of`), after spaces it must end the text (`A -`, not `form 31 - claims`).
//! Before a number it never counts (`+91`).

use unicode_normalization::UnicodeNormalization;

use super::to_ascii_digit;

/// A text as it is compared: composed (NFC), in lower case, native digits as ASCII ones, without spaces and punctuation, but
/// with the signs that count.
///
/// What is folded is not folded again: `A- blood` is `a-blood`, in which the sign would no longer end a word.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// The same behind what was written before.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(folded_ascii(text));
    } else {
        out.extend(folded(text));
    }
}

/// Whether a text begins with letters that are folded already. Of the text only as much is folded as agrees: lists are
/// long, and most names differ in their first letter.
pub fn starts_with_folded(text: &str, letters: &str) -> bool {
    let begins = |text: &mut dyn Iterator<Item = char>| letters.chars().all(|letter| text.next() == Some(letter));
    if text.is_ascii() { begins(&mut folded_ascii(text)) } else { begins(&mut folded(text)) }
}

/// Whether a text is these letters, which are folded already.
pub fn folds_to(text: &str, letters: &str) -> bool {
    if text.is_ascii() { folded_ascii(text).eq(letters.chars()) } else { folded(text).eq(letters.chars()) }
}

fn folded_ascii(text: &str) -> impl Iterator<Item = char> {
    counting(text.chars()).map(|c| c.to_ascii_lowercase())
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    counting(text.chars().map(to_ascii_digit).nfc()).flat_map(char::to_lowercase)
}

/// What of a text counts: its letters and digits, and signs behind letters.
fn counting(mut text: impl Iterator<Item = char> + Clone) -> impl Iterator<Item = char> {
    // Whether the last character that is no space is a letter, and whether spaces follow it.
    let (mut after_letter, mut spaced) = (false, false);
    std::iter::from_fn(move || {
        while let Some(c) = text.next() {
            // Most are these, of which no more need be asked.
            if c.is_ascii_alphanumeric() {
                (after_letter, spaced) = (c.is_ascii_alphabetic(), false);
                return Some(c);
            }
            if c.is_whitespace() {
                spaced = true;
                continue;
            }
            let is_sign = matches!(c, '+' | '-') && after_letter;
            let ends =
                || if spaced { text.clone().all(is_ignored) } else { text.clone().next().is_none_or(is_ignored) };
            let counts = !is_ignored(c) || (is_sign && ends());
            (after_letter, spaced) = (!is_ignored(c) && !c.is_numeric(), false);
            if counts {
                return Some(c);
            }
        }
        None
    })
}

/// White space, control characters and punctuation, but not the marks that belong to letters.
pub fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        // General punctuation, with the joiners that Indic keyboards insert at will.
        || ('\u{2000}'..='\u{206f}').contains(&c)
        // Marks of Latin-1, then danda and double danda.
        || matches!(c, '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}')
        || matches!(c, '\u{964}' | '\u{965}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same of ASCII, looked at letter by letter without a shortcut.
    fn folded_naively(text: &str) -> String {
        let all: Vec<char> = text.chars().collect();
        let counts = |at: usize| {
            let (before, after) = (&all[..at], &all[at + 1..]);
            let spaced = before.last().is_some_and(|c| c.is_whitespace());
            let behind_letter = before.iter().rfind(|c| !c.is_whitespace()).is_some_and(char::is_ascii_alphabetic);
            let ends = if spaced { after } else { &after[..after.len().min(1)] }.iter().all(|c| is_ignored(*c));
            !is_ignored(all[at]) || (matches!(all[at], '+' | '-') && behind_letter && ends)
        };
        (0..all.len()).filter(|at| counts(*at)).map(|at| all[at].to_ascii_lowercase()).collect()
    }

    proptest! {
        #[test]
        fn ascii_is_folded_as_it_is_told(text in "[A-Ca-c0-2 +.-]{0,12}|[ -~]{0,12}") {
            prop_assert_eq!(fold(&text), folded_naively(&text));
        }

        #[test]
        fn a_text_begins_as_its_folded_form_does(text in "[A-Ca-c +.कखप़ाि।०-९é-]{0,12}", letters in "[abcकख़०é2+ -]{0,4}") {
            let letters = fold(&letters);
            prop_assert_eq!(starts_with_folded(&text, &letters), fold(&text).starts_with(&letters));
            prop_assert_eq!(folds_to(&text, &letters), fold(&text) == letters);
            prop_assert!(folds_to(&text, &fold(&text)));
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
    fn a_sign_behind_a_letter_counts() {
        for (typed, folded) in [
            ("A+", "a+"),
            ("a -", "a-"),
            ("AB  +.", "ab+"),
            ("A-, perhaps", "a-perhaps"),
            ("ए+", "ए+"),
            ("का-", "का-"),
            ("C++", "c+"),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
        }
        for (typed, folded) in [
            ("kinds-of", "kindsof"),
            ("form 31 - claims", "form31claims"),
            ("form - claims", "formclaims"),
            ("+91 98", "9198"),
            ("-3", "3"),
            ("Rs 500/-", "rs500"),
            ("B-12", "b12"),
            ("B12-", "b12"),
            ("B.-", "b"),
            ("- A", "a"),
            ("+", ""),
            ("a - b -", "ab-"),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
        }
        assert!(starts_with_folded("A- (rare)", &fold("a -")) && !starts_with_folded("A+", "a-"));
    }
}
