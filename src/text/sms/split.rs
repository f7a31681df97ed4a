//! How many segments a text takes, and which.

use super::alphabet::Frame;
use super::choose::choose;
use super::clusters::{clusters, least_harm};
use super::septets::{pack, septets_of_header};
use super::tables::{Places, Tables};
use super::{Allowed, Alphabet, Concatenation, Reference, ReferenceWidth, Udh, Unfit};
use crate::text::septets_of;

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
///
/// `Debug` shows no text.
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
pub fn size(text: &str, allowed: Allowed) -> Result<Size, Unfit> {
    choose(text, allowed)
}

/// The segments that [`size`] counts. `reference` must be another for each message to the same number for a while; of a narrow one the
/// low octet counts.
///
/// Cut between letters as people see them, never in a pair of surrogates, in an escape or in a conjunct; only where one of these is longer
/// than a segment it is cut where it does the least harm.
pub fn split(text: &str, allowed: Allowed, reference: u16) -> Result<Vec<Segment<'_>>, Unfit> {
    let Size { alphabet, segments, .. } = choose(text, allowed)?;
    let [_, low] = reference.to_be_bytes();
    let reference = match allowed.reference {
        ReferenceWidth::Eight => Reference::Eight(low),
        ReferenceWidth::Sixteen => Reference::Sixteen(reference),
    };
    // There are at most 255.
    let total = u8::try_from(segments).unwrap_or(u8::MAX);
    if total == 1 {
        return Ok(vec![Segment::new(text, alphabet, None)]);
    }
    let part = |(number, text)| Segment::new(text, alphabet, Some(Concatenation { reference, total, number }));
    Ok((1..=total).zip(cuts(text, alphabet, Frame::of(alphabet, allowed.reference).each)).map(part).collect())
}

/// A text in pieces of at most `room` septets or UTF-16 units.
pub(super) fn cuts(text: &str, alphabet: Alphabet, room: u32) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let piece;
        (piece, rest) = rest.split_at(first(rest, alphabet, room));
        Some(piece).filter(|piece| !piece.is_empty())
    })
}

/// How many bytes of a text the first piece has.
fn first(text: &str, alphabet: Alphabet, room: u32) -> usize {
    let (mut end, mut left) = (0, room);
    for cluster in clusters(text) {
        let fitting = fitting(cluster, alphabet, &mut left);
        if fitting < cluster.len() {
            return if end == 0 { least_harm(cluster, fitting) } else { end };
        }
        end += cluster.len();
    }
    end
}

/// How many bytes of a cluster there is room for; what they take is taken of what is left.
fn fitting(cluster: &str, alphabet: Alphabet, left: &mut u32) -> usize {
    for (at, c) in cluster.char_indices() {
        match left.checked_sub(alphabet.units_of(c)) {
            Some(after) => *left = after,
            None => return at,
        }
    }
    cluster.len()
}

impl Alphabet {
    /// How many septets or UTF-16 units a character takes. What the alphabet lacks counts as a space, as which it would be written; nobody asks
    /// for one that [`choose`] has not found to hold all of the text.
    fn units_of(self, c: char) -> u32 {
        match self {
            Self::DEFAULT => septets_of(c).unwrap_or(1).into(),
            Self::Gsm7 { locking, single } => Places::of(c).septets(locking, single).unwrap_or(1),
            Self::Ucs2 if c.len_utf16() == 1 => 1,
            Self::Ucs2 => 2,
        }
    }
}

impl<'t> Segment<'t> {
    fn new(text: &'t str, alphabet: Alphabet, concatenation: Option<Concatenation>) -> Self {
        let header = alphabet.header(concatenation);
        let mut octets = header.write();
        let length = match alphabet {
            Alphabet::Gsm7 { locking, single } => {
                let tables = Tables::of(locking, single);
                let mut septets = Vec::with_capacity(160);
                for c in text.chars() {
                    if !tables.write(c, &mut septets) {
                        septets.push(b' ');
                    }
                }
                let length = septets_of_header(octets.len()) + septets.len();
                octets = pack(&octets, &septets);
                length
            }
            Alphabet::Ucs2 => {
                octets.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
                octets.len()
            }
        };
        // At most 160.
        let length = u8::try_from(length).unwrap_or(u8::MAX);
        Self { text, alphabet, header: Some(header).filter(|header| *header != Udh::default()), octets, length }
    }
}
