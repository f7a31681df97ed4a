//! Who wrote or called, and which number was written to or called.

use super::types::Caller;
use crate::phone::{self, Country};

/// Words that stand where a number is withheld. Those of digits are words typed on a keypad, as Twilio passes them on:
/// ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, BLOCKED.
const WITHHELD: [&str; 5] = ["266696687", "7378742833", "86282452253", "8656696", "2562533"];

/// Whoever gives no number that could be answered has withheld it: a word, a header of letters, a short code, nothing.
pub(super) fn caller(text: &str, home: &Country) -> Caller {
    let Ok(number) = phone::parse(text, home) else { return Caller::Withheld };
    let bare = text.trim().trim_start_matches('+');
    let national = number.digits().strip_prefix(home.code).map(str::len);
    match national == Some(usize::from(home.digits)) {
        // One of the words is as long as a number of here without its country: such a number it is.
        true => Caller::Number(number),
        false if WITHHELD.contains(&bare) => Caller::Withheld,
        false => Caller::Foreign(number),
    }
}

/// A number that is written to or called, so that all spellings of it are equal: digits of E.164 where it is a telephone
/// number, else as it came without white space around it.
pub fn callee(text: &str, home: &Country) -> String {
    phone::parse(text, home).map_or_else(|_| text.trim().to_owned(), |number| number.digits().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_from_here_from_elsewhere_or_nobody() {
        let home = Country::by_iso("IN").expect("is in the table");
        for text in [
            "+919812345670",
            "09812345670",
            " 919812345670",
            "9812345670",
            "tel:+919812345670",
            "01123456789",
            "7378742833",
        ] {
            assert!(matches!(caller(text, home), Caller::Number(_)), "{text}");
        }
        for text in ["+254711000111", "254711000111", "+6591234567", "00254711000111", "+91123"] {
            let caller = caller(text, home);
            assert!(matches!(caller, Caller::Foreign(_)) == (text != "+91123"), "{text}: {caller:?}");
        }
        for text in [
            "anonymous",
            "Anonymous",
            "private",
            "unknown",
            "null",
            "None",
            "",
            " ",
            "+266696687",
            "266696687",
            "+7378742833",
            "86282452253",
            "VM-EPFOHO",
            "139",
            "51969",
            "restricted",
            "withheld",
            "undefined",
            "+",
            "<script>",
        ] {
            assert_eq!(caller(text, home), Caller::Withheld, "{text}");
        }
    }

    #[test]
    fn all_spellings_of_a_called_number_are_equal() {
        let home = Country::by_iso("IN").expect("is in the table");
        for text in ["9718397183", "09718397183", "+919718397183", " 919718397183", "+91 97183-97183"] {
            assert_eq!(callee(text, home), "919718397183");
        }
        assert_eq!(callee(" 51969 ", home), "51969");
        assert_eq!(callee("EPFOHO", home), "EPFOHO");
    }
}
