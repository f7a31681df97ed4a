//! How many segments a text takes, and which.

use super::{Allowed, Alphabet, Udh, Unfit};

/// A header counts parts in one octet.
pub const MOST_SEGMENTS: u16 = 255;

/// What a text takes of a route in the alphabet that is cheapest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub alphabet: Alphabet,
    /// Septets or UTF-16 units of the text, without headers.
    pub units: u32,
    /// At least 1, also for an empty text.
    pub segments: u16,
}

/// One SMS of a message, as it goes over the air.
#[derive(Clone, PartialEq, Eq)]
pub struct Segment<'t> {
    /// The part of the text that it holds.
    pub text: &'t str,
    pub alphabet: Alphabet,
    /// Where it is one of several, or has national tables.
    pub header: Option<Udh>,
    /// The user data: header and text, packed. At most 140.
    pub octets: Vec<u8>,
    /// What TP-UDL says of them: septets, with the header and its fill bits, or octets.
    pub length: u8,
}

impl std::fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Segment");
        shown.field("alphabet", &self.alphabet).field("header", &self.header).field("length", &self.length);
        shown.finish_non_exhaustive()
    }
}

/// What the text takes in the cheapest alphabet that is right: of the fewest segments; among these the default alphabet before national
/// tables, and those before UCS-2.
pub fn size(_text: &str, _allowed: Allowed) -> Result<Size, Unfit> {
    todo!()
}

/// The segments that [`size`] counts. `reference` must be another for each message to the same number for a while; of a narrow one the
/// low octet counts.
///
/// Cut between letters as people see them, never in a pair of surrogates, in an escape or in a conjunct; only where one of these is longer
/// than a segment it is cut where it does the least harm.
pub fn split(_text: &str, _allowed: Allowed, _reference: u16) -> Result<Vec<Segment<'_>>, Unfit> {
    todo!()
}
