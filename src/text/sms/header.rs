//! The user data header: what stands before the text in a segment. 3GPP TS 23.040 section 9.2.3.24.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::National;

/// What a header says that matters for a text. Elements that say something else (ports, pictures) are passed over when a header is
/// read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Udh {
    pub concatenation: Option<Concatenation>,
    /// Element 0x24.
    pub single: Option<National>,
    /// Element 0x25.
    pub locking: Option<National>,
}

/// Which part of a long message a segment is: elements 0x00 and 0x08.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Concatenation {
    pub reference: Reference,
    /// How many parts there are, at least 1.
    pub total: u8,
    /// From 1 to `total`.
    pub number: u8,
}

/// What the parts of a message have in common. The same number in the other width is another reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reference {
    Eight(u8),
    Sixteen(u16),
}

/// Why octets do not begin with a header.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UdhError {
    #[error("the header is said to have {said} octets, of which {there} are there")]
    CutOff { said: usize, there: usize },
    #[error("element 0x{element:02X} of the header ends behind the header")]
    Overrun { element: u8 },
}

impl Udh {
    /// The header at the beginning of `octets`, and how many octets it takes, the one of its length included.
    ///
    /// As the specification has it, elements that are unknown, of another length or senseless (part 3 of 2, a reserved language) are
    /// passed over, and of two that say the same thing the last counts.
    pub fn parse(_octets: &[u8]) -> Result<(Self, usize), UdhError> {
        todo!()
    }

    /// The octets of the header, the one of its length first; none where there is nothing to say.
    pub fn write(&self) -> Vec<u8> {
        todo!()
    }
}
