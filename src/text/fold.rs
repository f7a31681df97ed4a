//! Texts as answers are compared: case, spaces and punctuation do not count, nor which of Unicode's spellings a phone uses.

use unicode_normalization::UnicodeNormalization;

use super::to_ascii_digit;

/// A text as it is compared: composed (NFC), in lower case, native digits as ASCII ones, without spaces and punctuation.
pub fn fold(text: &str) -> String {
    if text.is_ascii() { folded_ascii(text).collect() } else { folded(text).collect() }
}

/// Whether a text begins with letters that are folded already. Of the text only as much is folded as agrees: lists are
/// long, and most names differ in their first letter.
pub fn starts_with_folded(text: &str, letters: &str) -> bool {
    let begins = |text: &mut dyn Iterator<Item = char>| letters.chars().all(|letter| text.next() == Some(letter));
    if text.is_ascii() { begins(&mut folded_ascii(text)) } else { begins(&mut folded(text)) }
}

fn folded_ascii(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_ignored(*c)).map(|c| c.to_ascii_lowercase())
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(to_ascii_digit).nfc().filter(|c| !is_ignored(*c)).flat_map(char::to_lowercase)
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

    proptest! {
        #[test]
        fn a_text_begins_as_its_folded_form_does(text in "[A-Za-z .कखप़ाि।०-९é]{0,12}", letters in "[abcकख़०é2]{0,3}") {
            let letters = fold(&letters);
            prop_assert_eq!(starts_with_folded(&text, &letters), fold(&text).starts_with(&letters));
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
}
