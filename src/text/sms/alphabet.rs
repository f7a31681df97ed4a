//! The alphabets of an SMS, and which of them a route carries.

use thiserror::Error;

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
