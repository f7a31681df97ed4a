//! How much of a page a text takes.

use super::septets_of;
use crate::types::Limits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    Gsm7,
    Ucs2,
}

/// A text that a program declares to have at most `n` letters (graphemes) has at most so many UTF-16 units for each of them: a
/// Devanagari letter with its vowel sign has two, a Hindi text 1.5 on average. How long a screen can become is computed with
/// it, so whoever lets a text in, from a phone or a department, keeps to it: letters piled up with marks without end are no
/// way around a limit.
pub const UNITS_PER_GRAPHEME: usize = 2;

/// A text's size in the smallest alphabet that carries all of it: septets, or UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub alphabet: Alphabet,
    pub size: usize,
}

impl Measure {
    /// Whether a text of this measure fits on one page.
    pub fn fits(self, limits: Limits) -> bool {
        match self.alphabet {
            Alphabet::Gsm7 => self.size <= usize::from(limits.septets),
            Alphabet::Ucs2 => limits.units.is_some_and(|units| self.size <= usize::from(units)),
        }
    }
}

pub fn measure(text: &str) -> Measure {
    Count::of(text).measure()
}

/// Whether a text fits on one page; a text that needs UCS-2 never fits where the gateway has none.
pub fn fits(text: &str, limits: Limits) -> bool {
    // A character takes one of either at least, so that of a long text only the beginning is looked at.
    let most = limits.septets.max(limits.units.unwrap_or(0));
    if text.chars().nth(most.into()).is_some() {
        return false;
    }
    Count::of(text).fits(limits)
}

/// A measure that grows with its text, for whoever asks after each piece.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// `None` from the first character that GSM-7 lacks.
    septets: Option<usize>,
    units: usize,
}

impl Default for Count {
    fn default() -> Self {
        Self { septets: Some(0), units: 0 }
    }
}

impl Count {
    pub fn of(text: &str) -> Self {
        Self::default().with(text)
    }

    /// The count of what was counted and `text` after it.
    #[must_use]
    pub fn with(self, text: &str) -> Self {
        text.chars().fold(self, |count, c| Self {
            septets: count.septets.zip(septets_of(c)).map(|(sum, septets)| sum + usize::from(septets)),
            units: count.units + c.len_utf16(),
        })
    }

    /// The count of two texts, each on lines of its own; what is empty takes none.
    #[must_use]
    pub fn above(self, below: Self) -> Self {
        let line_break = usize::from(self.units > 0 && below.units > 0);
        Self {
            septets: self.septets.zip(below.septets).map(|(above, below)| above + line_break + below),
            units: self.units + line_break + below.units,
        }
    }

    pub fn measure(self) -> Measure {
        match self.septets {
            Some(size) => Measure { alphabet: Alphabet::Gsm7, size },
            None => Measure { alphabet: Alphabet::Ucs2, size: self.units },
        }
    }

    pub fn fits(self, limits: Limits) -> bool {
        self.measure().fits(limits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sizes(text: &str) -> (Alphabet, usize) {
        let Measure { alphabet, size } = measure(text);
        (alphabet, size)
    }

    #[test]
    fn extension_characters_count_twice() {
        assert_eq!(sizes(""), (Alphabet::Gsm7, 0));
        assert_eq!(sizes("Rs 45,000.00"), (Alphabet::Gsm7, 12));
        assert_eq!(sizes("[€]"), (Alphabet::Gsm7, 6));
    }

    #[test]
    fn one_foreign_character_makes_all_of_it_ucs2() {
        assert_eq!(sizes("₹45"), (Alphabet::Ucs2, 3));
        assert_eq!(sizes("[€] ₹"), (Alphabet::Ucs2, 5));
        assert_eq!(sizes("नमस्ते"), (Alphabet::Ucs2, 6));
        assert_eq!(sizes("😀"), (Alphabet::Ucs2, 2), "a surrogate pair is two units");
    }

    #[test]
    fn a_page_is_full_at_its_limit() {
        let limits = Limits { septets: 4, units: Some(2) };
        assert!(fits("abcd", limits) && !fits("abcde", limits));
        assert!(fits("ab€", limits) && !fits("abc€", limits));
        assert!(fits("गा", limits) && !fits("गाँ", limits));
        assert!(!fits("ग", Limits { septets: 4, units: None }));
    }

    proptest! {
        #[test]
        fn agrees_with_a_naive_count(text in any::<String>()) {
            let naive = if text.chars().all(|c| septets_of(c).is_some()) {
                (Alphabet::Gsm7, text.chars().map(|c| usize::from(septets_of(c).unwrap_or_default())).sum())
            } else {
                (Alphabet::Ucs2, text.encode_utf16().count())
            };
            prop_assert_eq!(sizes(&text), naive);
        }

        #[test]
        fn counting_goes_on_where_it_stopped(a in any::<String>(), b in any::<String>()) {
            prop_assert_eq!(Count::of(&a).with(&b).measure(), measure(&(a + &b)));
        }

        #[test]
        fn lines_below_each_other_count_as_one_text(a in "[a-zक€\n]{0,4}", b in "[a-zक€\n]{0,4}") {
            let joined = [a.as_str(), &b].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
            prop_assert_eq!(Count::of(&a).above(Count::of(&b)).measure(), measure(&joined));
        }
    }
}
