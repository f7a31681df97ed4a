//! What must not be cut: letters as people see them.
//!
//! Grapheme clusters (Unicode UAX #29), which since rule `GB9c` keep conjuncts of Devanagari, Bengali, Gujarati, Oriya, Telugu and Malayalam
//! together, and here those of Gurmukhi, Kannada and Tamil as well: consonant, virama, consonant.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::transliterate::{is_virama, place_in_block};

const JOINER: char = '\u{200d}';

/// The text in pieces that are better not cut.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = match rest.as_bytes() {
            // Between ASCII there is nothing to look up.
            [first, second, ..] if first.is_ascii() && second.is_ascii() && *first != b'\r' => 1,
            _ => first_cluster(rest)?,
        };
        let cluster;
        (cluster, rest) = rest.split_at(end);
        Some(cluster)
    })
}

fn first_cluster(text: &str) -> Option<usize> {
    let mut ends = text.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len());
    ends.find(|end| !is_in_conjunct(text, *end))
}

/// Whether what ends here is joined to what follows by a virama.
fn is_in_conjunct(text: &str, end: usize) -> bool {
    let (before, after) = text.split_at(end);
    let joins = before.chars().rev().find(|c| *c != JOINER).filter(|c| is_virama(*c));
    let joined = after.chars().next().filter(|c| c.is_alphabetic() && place_in_block(*c).is_some());
    // In one script: its blocks are of 128 characters.
    joins.zip(joined).is_some_and(|(virama, letter)| u32::from(virama) / 0x80 == u32::from(letter) / 0x80)
}

/// Where a cluster that is too long is cut: at most `most` bytes from its beginning, at least one character, and where it does the least harm.
pub(super) fn least_harm(cluster: &str, most: usize) -> usize {
    let last = |ends: &mut dyn Iterator<Item = usize>| ends.filter(|at| (1..=most).contains(at)).last();
    let places = || cluster.char_indices().map(|(at, _)| at);
    let begins = |at: &usize| cluster[*at..].starts_with(|c| c != JOINER && !is_combining_mark(c));
    // Between the letters of a conjunct; before what is no mark; anywhere.
    last(&mut cluster.grapheme_indices(true).map(|(at, _)| at))
        .or_else(|| last(&mut places().filter(begins)))
        .or_else(|| last(&mut places()))
        .unwrap_or_else(|| cluster.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_pieces(text: &str) -> Vec<&str> {
        clusters(text).collect()
    }

    #[test]
    fn conjuncts_of_every_script_stay_together() {
        for conjunct in [
            "क्षे",
            "स्त्री",
            "ক্ষ",
            "ক্ষ্ম",
            "ર્ય",
            "ક્ષ",
            "କ୍ଷ",
            "క్ష్మి",
            "ക്ഷ",
            "ಕ್ಷ",
            "ಸ್ತ್ರೀ",
            "ਪ੍ਰੇ",
            "ਸ੍ਵ",
            "க்ஷ",
            "ஸ்ரீ",
            "র‍্যা",
            "ರ‍್ಯ",
            "ನ್‍ನ",
        ] {
            assert_eq!(in_pieces(conjunct), [conjunct]);
            assert_eq!(in_pieces(&format!("a{conjunct}a")), ["a", conjunct, "a"]);
        }
    }

    #[test]
    fn what_is_no_conjunct_is_cut() {
        assert_eq!(in_pieces("नमस्ते"), ["न", "म", "स्ते"]);
        assert_eq!(in_pieces("ಕನ್ನಡ"), ["ಕ", "ನ್ನ", "ಡ"]);
        // The other joiner asks for a visible virama, and a space or another script ends it.
        assert_eq!(in_pieces("ಕ್\u{200c}ಷ"), ["ಕ್\u{200c}", "ಷ"]);
        assert_eq!(in_pieces("ಕ್ ಷ"), ["ಕ್", " ", "ಷ"]);
        assert_eq!(in_pieces("ಕ್क"), ["ಕ್", "क"]);
        assert_eq!(in_pieces("😀\r\né"), ["😀", "\r\n", "é"]);
    }

    #[test]
    fn a_cluster_without_end_is_cut_where_it_does_the_least_harm() {
        let letters = "ಕ್".repeat(5) + "ಷ";
        assert_eq!(in_pieces(&letters), [letters.as_str()]);
        assert_eq!(&letters[..least_harm(&letters, 15)], "ಕ್ಕ್", "not between a letter and its virama");
        let family = "👨\u{200d}👩\u{200d}👧";
        assert_eq!(&family[..least_harm(family, 15)], "👨\u{200d}👩\u{200d}", "before a face");
        let marked = "👨\u{301}\u{200d}👩\u{301}\u{200d}👧";
        assert_eq!(&marked[..least_harm(marked, 14)], "👨\u{301}\u{200d}", "with its marks");
        let tall = format!("a{}", "\u{301}".repeat(9));
        assert_eq!(least_harm(&tall, 6), 5, "between two marks, but not in one");
        assert_eq!(least_harm("😀", 1), 4, "at least one character");
    }

    proptest! {
        #[test]
        fn clusters_are_the_text(text in "[a-zकಕਪக\u{94d}\u{ccd}\u{bcd}ा\u{200d} 😀\r\n\u{301}]{0,30}|\\PC{0,30}") {
            prop_assert_eq!(clusters(&text).collect::<String>(), text.clone());
            prop_assert!(!text.is_ascii() || in_pieces(&text) == text.graphemes(true).collect::<Vec<_>>());
            let whole: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
            let mut at = 0;
            for cluster in clusters(&text) {
                prop_assert!(whole.contains(&at) && !cluster.is_empty());
                at += cluster.len();
            }
        }
    }
}
