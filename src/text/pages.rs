//! Breaking a long text between words, or between graphemes where one word is too long.

use unicode_segmentation::UnicodeSegmentation;

use super::measure::Count;
use crate::types::Limits;

/// Breaks a text into parts that each fit on a page beside `reserve` (the navigation line that stands below, with its
/// line break). The alphabet is decided by each part together with its reserve. Never inside a grapheme; white space at a
/// break is dropped. A text that fits gives one part; there is always at least one.
///
/// Two things cannot be kept and are not asked for by any checked program: a grapheme that alone is larger than a page is
/// broken between its characters, and where not even one character fits (a page of no size, or one without UCS-2 for a
/// text that was not made GSM-7 first) each part has one character.
pub fn break_lines(text: &str, limits: Limits, reserve: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = break_off(rest, limits, Count::of(reserve));
        rest = after.trim_start_matches(breakable);
        // White space that fills a page of its own is no part.
        if rest.is_empty() || !part.is_empty() {
            parts.push(part.to_owned());
        }
        if rest.is_empty() {
            return parts;
        }
    }
}

/// White space at which a line may be broken.
fn breakable(c: char) -> bool {
    const NO_BREAK: [char; 3] = ['\u{a0}', '\u{2007}', '\u{202f}'];
    c.is_whitespace() && !NO_BREAK.contains(&c)
}

/// The first part of [`break_lines`] and what comes after it, white space included. Takes something from any text that is
/// not empty; the part is empty only where that was white space.
pub fn break_off(text: &str, limits: Limits, reserve: Count) -> (&str, &str) {
    let mut count = reserve;
    // Asked first, since a beginning may not fit where the whole does: extension characters take two septets, one unit.
    if count.with(text).fits(limits) {
        return (text, "");
    }
    // Where the last word that fits ends.
    let mut word_end = None;
    let mut in_word = false;
    for (at, grapheme) in text.grapheme_indices(true) {
        if grapheme.chars().all(breakable) {
            if in_word {
                word_end = Some(at);
            }
            in_word = false;
        } else {
            in_word = true;
        }
        let longer = count.with(grapheme);
        if !longer.fits(limits) {
            let cut = match word_end {
                Some(end) => end,
                None if at > 0 => at,
                None => first_characters(grapheme, count, limits),
            };
            let (part, after) = text.split_at(cut);
            return (part.trim_end_matches(breakable), after);
        }
        count = longer;
    }
    (text, "")
}

/// How many bytes of a grapheme that is larger than a page go on it: as many characters as fit, at least one.
fn first_characters(grapheme: &str, mut count: Count, limits: Limits) -> usize {
    let mut end = 0;
    for c in grapheme.chars() {
        count = count.with(c.encode_utf8(&mut [0; 4]));
        if end > 0 && !count.fits(limits) {
            break;
        }
        end += c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::fits;

    const SMALL: Limits = Limits { septets: 12, units: Some(8) };

    #[test]
    fn breaks_between_words() {
        assert_eq!(break_lines("Your claim is settled", SMALL, ""), ["Your claim", "is settled"]);
        assert_eq!(break_lines("Your claim is settled", SMALL, "\n98"), ["Your", "claim is", "settled"]);
        assert_eq!(break_lines("fits", SMALL, ""), ["fits"]);
        assert_eq!(break_lines("", SMALL, ""), [""]);
    }

    #[test]
    fn breaks_a_word_only_when_it_is_longer_than_a_page() {
        assert_eq!(break_lines("a 123456789012345", SMALL, ""), ["a", "123456789012", "345"]);
        let limits = Limits { septets: 20, units: Some(10) };
        assert_eq!(break_lines("of Rs\u{a0}45,000 paid", limits, ""), ["of", "Rs\u{a0}45,000", "paid"]);
    }

    #[test]
    fn the_reserve_decides_the_alphabet_too() {
        assert_eq!(break_lines("abcdef ghij", SMALL, ""), ["abcdef ghij"]);
        assert_eq!(break_lines("abcdef ghij", SMALL, "और"), ["abcdef", "ghij"]);
    }

    #[test]
    fn each_part_has_its_own_alphabet() {
        assert_eq!(break_lines("twelve chars and गाँव", SMALL, ""), ["twelve chars", "and गाँव"]);
    }

    #[test]
    fn never_inside_a_conjunct_or_a_surrogate_pair() {
        assert_eq!(break_lines("क्षेत्रक्षेत्र", Limits { septets: 8, units: Some(5) }, ""), ["क्षे", "त्र", "क्षे", "त्र"]);
        assert_eq!(break_lines("😀😀", Limits { septets: 8, units: Some(3) }, ""), ["😀", "😀"]);
    }

    #[test]
    fn white_space_at_a_break_is_dropped() {
        let spaces = " ".repeat(50);
        assert_eq!(break_lines(&format!("a{spaces}\n\nb"), SMALL, ""), ["a", "b"]);
        assert_eq!(break_lines(&format!("{spaces}b{spaces}"), SMALL, ""), ["b"]);
        assert_eq!(break_lines(&spaces, SMALL, ""), [""]);
    }

    #[test]
    fn what_cannot_fit_still_comes_to_an_end() {
        let nothing = Limits { septets: 0, units: None };
        assert_eq!(break_lines("aग", nothing, "x"), ["a", "ग"]);
        let tall = format!("a{}", "\u{301}".repeat(20));
        assert_eq!(break_lines(&tall, SMALL, "").concat(), tall);
        assert!(break_lines(&tall, SMALL, "").iter().all(|part| fits(part, SMALL)));
    }

    fn texts() -> impl Strategy<Value = String> {
        let word = prop_oneof!["[a-z€\\[]{0,15}", "[क-ह़ा-्]{0,12}", Just("😀".to_owned()), any::<String>()];
        let gap = prop_oneof![Just(" "), Just("\n"), Just("   "), Just("\u{a0}"), Just("\r\n")];
        prop::collection::vec((word, gap), 0..12)
            .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
    }

    fn limits() -> impl Strategy<Value = Limits> {
        (10..200_u16, 6..100_u16).prop_map(|(septets, units)| Limits { septets, units: Some(units) })
    }

    proptest! {
        #[test]
        fn every_part_fits_beside_its_reserve(text in texts(), limits in limits(), reserve in "(\n98|\nऔर)?") {
            for part in break_lines(&text, limits, &reserve) {
                prop_assert!(fits(&format!("{part}{reserve}"), limits), "{part:?}");
            }
        }

        /// The parts are the text, but for white space between them.
        #[test]
        fn only_white_space_at_breaks_is_lost(text in texts(), limits in limits()) {
            let mut rest = text.as_str();
            for part in break_lines(&text, limits, "") {
                let at = rest.find(&part).expect("every part stands in the text");
                prop_assert!(rest[..at].chars().all(breakable));
                rest = &rest[at + part.len()..];
            }
            prop_assert!(rest.chars().all(breakable));
        }

        #[test]
        fn a_text_that_fits_is_left_as_it_is(text in texts(), limits in limits()) {
            let parts = break_lines(&text, limits, "");
            prop_assert!(!fits(&text, limits) || parts == [text]);
        }

        #[test]
        fn breaks_stand_between_graphemes(text in "[a-zक-ह़ा-् 😀]{0,80}", limits in limits()) {
            let count = |text: &str| text.graphemes(true).filter(|g| !g.chars().all(breakable)).count();
            let parts = break_lines(&text, limits, "");
            let tall = text.graphemes(true).any(|grapheme| !fits(grapheme, limits));
            prop_assert!(tall || parts.iter().map(|part| count(part)).sum::<usize>() == count(&text));
        }
    }
}
