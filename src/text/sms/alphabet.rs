//! The alphabets of an SMS, and which of them a route carries.

use thiserror::Error;

use super::septets::{septets_of_header, septets_of_octets};
use super::{Concatenation, Reference, Udh};

/// A language with tables of its own, by its identifier in TS 23.038 section 6.2.1.2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum National {
    Turkish = 1,
    /// Has no locking shift table.
    Spanish,
    Portuguese,
    /// Assamese, too.
    Bengali,
    Gujarati,
    /// Every language in Devanagari.
    Hindi,
    Kannada,
    Malayalam,
    Oriya,
    /// In Gurmukhi.
    Punjabi,
    Tamil,
    Telugu,
    Urdu,
}

impl National {
    pub const ALL: [Self; 13] = [
        Self::Turkish,
        Self::Spanish,
        Self::Portuguese,
        Self::Bengali,
        Self::Gujarati,
        Self::Hindi,
        Self::Kannada,
        Self::Malayalam,
        Self::Oriya,
        Self::Punjabi,
        Self::Tamil,
        Self::Telugu,
        Self::Urdu,
    ];

    /// The identifier that stands in a header.
    pub fn id(self) -> u8 {
        self as u8
    }

    /// `None` for identifiers that are reserved.
    pub fn from_id(id: u8) -> Option<Self> {
        Self::ALL.get(usize::from(id).checked_sub(1)?).copied()
    }

    /// Whether the language has a table that takes the place of the default alphabet.
    pub fn has_locking(self) -> bool {
        self != Self::Spanish
    }
}

/// How the characters of a text are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// In septets. `locking` takes the place of the default alphabet, `single` that of its extension table (what stands behind an escape); both
    /// are told to the phone in a header.
    Gsm7 { locking: Option<National>, single: Option<National> },
    /// In UTF-16 units, big end first: what the specification calls UCS-2, with pairs of surrogates, as every phone reads it.
    Ucs2,
}

impl Alphabet {
    /// What every phone and every route knows.
    pub const DEFAULT: Self = Self::Gsm7 { locking: None, single: None };

    /// TP-DCS, which is also SMPP's `data_coding` (TS 23.038 section 4).
    pub fn data_coding(self) -> u8 {
        match self {
            Self::Gsm7 { .. } => 0x00,
            Self::Ucs2 => 0x08,
        }
    }
}

impl Alphabet {
    /// What stands before a text in this alphabet.
    pub(super) fn header(self, concatenation: Option<Concatenation>) -> Udh {
        match self {
            Self::Gsm7 { locking, single } => Udh { concatenation, single, locking },
            Self::Ucs2 => Udh { concatenation, ..Udh::default() },
        }
    }
}

/// How many septets or UTF-16 units of a text there is room for in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// In one that is the whole message.
    pub(super) alone: u32,
    /// In each of several.
    pub(super) each: u32,
}

impl Frame {
    pub(super) fn of(alphabet: Alphabet, width: ReferenceWidth) -> Self {
        let reference = match width {
            ReferenceWidth::Eight => Reference::Eight(0),
            ReferenceWidth::Sixteen => Reference::Sixteen(0),
        };
        let room = |concatenation| {
            let header = alphabet.header(concatenation).write().len();
            let room = match alphabet {
                Alphabet::Gsm7 { .. } => septets_of_octets(OCTETS) - septets_of_header(header),
                Alphabet::Ucs2 => (OCTETS - header) / 2,
            };
            u32::try_from(room).unwrap_or(0)
        };
        Self { alone: room(None), each: room(Some(Concatenation { reference, total: 1, number: 1 })) }
    }
}

/// The user data of an SMS. TS 23.040 section 9.2.3.24.
const OCTETS: usize = 140;

/// What a route carries beside the default alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// National tables. Old phones show them wrong, and most gateways cannot hand them over: only where somebody knows better.
    pub national: bool,
    pub ucs2: bool,
    pub reference: ReferenceWidth,
}

impl Default for Allowed {
    /// What gateways do when nothing is said: the default alphabet or UCS-2, and references of eight bits.
    fn default() -> Self {
        Self { national: false, ucs2: true, reference: ReferenceWidth::Eight }
    }
}

/// How wide the number is that the parts of a long message have in common. A wide one costs an octet in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReferenceWidth {
    #[default]
    Eight,
    Sixteen,
}

/// Why a text cannot be sent over a route.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error("U+{:04X} cannot be written in the alphabets of this route; write it otherwise, or allow the route UCS-2", u32::from(*character))]
    Foreign {
        character: char,
        /// Its place in the text, in bytes.
        at: usize,
    },
    #[error("the text takes more than {most} segments, which is the most that a message can have; shorten it", most = super::MOST_SEGMENTS)]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_in_a_segment() {
        let (hindi, plain) = (Some(National::Hindi), None);
        let septets = |locking, single| Alphabet::Gsm7 { locking, single };
        for (alphabet, alone, eight, sixteen) in [
            (Alphabet::DEFAULT, 160, 153, 152),
            (septets(plain, hindi), 155, 149, 148),
            (septets(hindi, plain), 155, 149, 148),
            (septets(hindi, hindi), 152, 146, 145),
            (Alphabet::Ucs2, 70, 67, 66),
        ] {
            assert_eq!(Frame::of(alphabet, ReferenceWidth::Eight), Frame { alone, each: eight }, "{alphabet:?}");
            assert_eq!(Frame::of(alphabet, ReferenceWidth::Sixteen), Frame { alone, each: sixteen }, "{alphabet:?}");
        }
    }

    #[test]
    fn languages_are_known_by_their_identifiers() {
        for language in National::ALL {
            assert_eq!(National::from_id(language.id()), Some(language));
        }
        assert_eq!((National::Turkish.id(), National::Urdu.id()), (1, 13));
        assert_eq!((National::from_id(0), National::from_id(14), National::from_id(255)), (None, None, None));
    }
}
