//! How much of a page a text takes.

use super::gsm7::septets_of_ascii;
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

/// Counts for a character that GSM-7 lacks, far above the septets of any text.
const FOREIGN: u64 = 1 << 32;

/// What each ASCII character counts, so that one sum says both how many septets a text takes and whether it has others.
const OF_ASCII: [u64; 256] = {
    let mut all = [FOREIGN; 256];
    let mut byte = 0;
    while byte < 128 {
        let septets = septets_of_ascii(byte);
        if septets > 0 {
            all[byte as usize] = septets as u64;
        }
        byte += 1;
    }
    all
};

/// A measure that grows with its text, for whoever asks after each piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    septets: usize,
    units: usize,
    /// A character is among them that GSM-7 lacks; septets say nothing then.
    foreign: bool,
}

impl Count {
    pub fn of(text: &str) -> Self {
        if !text.is_ascii() {
            return Self::of_any(text);
        }
        let sum: u64 = text.bytes().map(|byte| OF_ASCII[usize::from(byte)]).sum();
        let septets = usize::try_from(sum % FOREIGN).unwrap_or(usize::MAX);
        Self { septets, units: text.len(), foreign: sum >= FOREIGN }
    }

    /// The same of a text that is plain ([`super::is_plain`]): each of its bytes is a character of one septet.
    pub fn of_plain(text: &str) -> Self {
        Self { septets: text.len(), units: text.len(), foreign: false }
    }

    fn of_any(text: &str) -> Self {
        let mut septets = 0;
        let foreign = text.chars().any(|c| {
            let own = septets_of(c);
            septets += usize::from(own.unwrap_or_default());
            own.is_none()
        });
        Self { septets, units: units(text), foreign }
    }

    /// The count of what was counted and `text` after it.
    #[must_use]
    pub fn with(self, text: &str) -> Self {
        self.then(Self::of(text))
    }

    /// The count of two texts, one right after the other.
    #[inline]
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        Self {
            septets: self.septets + other.septets,
            units: self.units + other.units,
            foreign: self.foreign || other.foreign,
        }
    }

    /// The count of two texts, each on lines of its own; what is empty takes none.
    #[inline]
    #[must_use]
    pub fn above(self, below: Self) -> Self {
        let line_break = usize::from(self.units > 0 && below.units > 0);
        Self { septets: self.septets + line_break, units: self.units + line_break, ..self }.then(below)
    }

    /// Whether nothing was counted.
    pub fn is_empty(self) -> bool {
        self.units == 0
    }

    pub fn measure(self) -> Measure {
        if self.foreign {
            Measure { alphabet: Alphabet::Ucs2, size: self.units }
        } else {
            Measure { alphabet: Alphabet::Gsm7, size: self.septets }
        }
    }

    pub fn fits(self, limits: Limits) -> bool {
        self.measure().fits(limits)
    }

    /// Whether it does not fit, whatever else is counted with it: one alphabet may be left for the other, but not come back to.
    pub fn is_beyond(self, limits: Limits) -> bool {
        (self.foreign || self.septets > usize::from(limits.septets))
            && limits.units.is_none_or(|units| self.units > usize::from(units))
    }
}

/// UTF-16 code units: of UTF-8 each byte that begins a character, and once more those that begin one of four bytes.
fn units(text: &str) -> usize {
    text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::is_plain;

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
        fn what_is_beyond_a_page_never_fits(a in "[a-zक€\n]{0,12}", b in "[a-zक€\n]{0,4}", septets in 0..14_u16, units in prop::option::of(0..14_u16)) {
            let limits = Limits { septets, units };
            prop_assert!(!Count::of(&a).is_beyond(limits) || !fits(&(a + &b), limits));
        }

        #[test]
        fn a_plain_text_is_counted_by_its_length(text in "[ -~\n\ré]{0,6}") {
            prop_assert!(!is_plain(&text) || Count::of_plain(&text).measure() == measure(&text));
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
