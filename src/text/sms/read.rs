//! From octets to a text.

use thiserror::Error;

use super::{Part, UdhError};

/// How octets hold a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Septets packed into octets, as over the air. With the number of septets, header and fill bits included (TP-UDL), where it is known;
    /// without it, a last `@` that fills the last octet is taken for fill bits.
    Packed { septets: Option<u16> },
    /// A septet an octet, as SMPP and HTTP gateways hand them over. A header stands before them in whole octets.
    Septets,
    /// UTF-16 units, big end first.
    Ucs2,
}

/// Why octets are no text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    #[error(transparent)]
    Header(#[from] UdhError),
    #[error("{octets} octets do not hold {septets} septets")]
    Short { septets: u16, octets: usize },
    #[error("an octet is 0x{octet:02X}, which is no septet")]
    NoSeptet { octet: u8 },
    #[error("the text has an odd number of octets ({octets}), which is no UCS-2")]
    Odd { octets: usize },
    #[error("data coding 0x{0:02X} is no text: it is compressed, or of eight bits without an alphabet")]
    NoText(u8),
}

impl Coding {
    /// What a data coding scheme (TP-DCS) says of octets that came as over the air. TS 23.038 section 4.
    pub fn of(_data_coding: u8, _septets: Option<u16>) -> Result<Self, Unreadable> {
        todo!()
    }
}

/// Reads the user data of one segment. What a code has no character for is a space, as phones show it.
pub fn read(_octets: &[u8], _has_header: bool, _coding: Coding) -> Result<Part, Unreadable> {
    todo!()
}
