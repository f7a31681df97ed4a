//! From octets to a text.

use thiserror::Error;

use super::septets::{septets_of_header, septets_of_octets, unpack};
use super::tables::Tables;
use super::{Part, Udh, UdhError};

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
    /// What a data coding scheme (TP-DCS) says of octets that came as over the air, and the number of septets where there are any. TS 23.038
    /// section 4.
    pub fn of(data_coding: u8, septets: Option<u16>) -> Result<Self, Unreadable> {
        const SEPTETS: u8 = 0;
        const EIGHT_BITS: u8 = 1;
        const UCS2: u8 = 2;
        let alphabet = match data_coding {
            // Compressed.
            0x20..=0x3f | 0x60..=0x7f => return Err(Unreadable::NoText(data_coding)),
            0x00..=0x7f => data_coding >> 2 & 3,
            0xe0..=0xef => UCS2,
            0xf0..=0xff if data_coding & 4 != 0 => EIGHT_BITS,
            // Reserved codings count as the default alphabet.
            _ => SEPTETS,
        };
        match alphabet {
            EIGHT_BITS => Err(Unreadable::NoText(data_coding)),
            UCS2 => Ok(Self::Ucs2),
            _ => Ok(Self::Packed { septets }),
        }
    }
}

/// Reads the user data of one segment. What a code has no character for is a space, as phones show it.
pub fn read(octets: &[u8], has_header: bool, coding: Coding) -> Result<Part, Unreadable> {
    let (header, taken) = if has_header { Udh::parse(octets)? } else { Default::default() };
    let tables = Tables::of(header.locking, header.single);
    let text = octets.get(taken..).unwrap_or_default();
    let units = match coding {
        Coding::Packed { septets } => {
            let begin = septets_of_header(taken);
            let end = match septets {
                Some(septets) if usize::from(septets) > septets_of_octets(octets.len()) => {
                    return Err(Unreadable::Short { septets, octets: octets.len() });
                }
                Some(septets) => septets.into(),
                None => without_fill(octets, begin),
            };
            tables.read(unpack(octets, begin, end))
        }
        Coding::Septets => match text.iter().find(|octet| **octet > 0x7f) {
            Some(&octet) => return Err(Unreadable::NoSeptet { octet }),
            None => tables.read(text.iter().copied()),
        },
        Coding::Ucs2 => {
            let (units, rest) = text.as_chunks();
            if !rest.is_empty() {
                return Err(Unreadable::Odd { octets: text.len() });
            }
            units.iter().copied().map(u16::from_be_bytes).collect()
        }
    };
    Ok(Part::of_units(units, header.concatenation))
}

/// Where septets end of which nobody has said how many there are. One of zeros that ends with the last octet may be an `@` as well as what
/// was left of the octet, which is likelier.
fn without_fill(octets: &[u8], begin: usize) -> usize {
    let end = septets_of_octets(octets.len());
    let is_fill = octets.len().is_multiple_of(7) && end > begin && unpack(octets, end - 1, end).eq([0]);
    if is_fill { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Concatenation, Reference};
    use super::*;

    const PACKED: Coding = Coding::Packed { septets: None };

    fn text(octets: &[u8], coding: Coding) -> String {
        read(octets, false, coding).unwrap_or_else(|error| panic!("{error}")).text()
    }

    #[test]
    fn what_data_codings_mean() {
        let septets = Ok(Coding::Packed { septets: Some(3) });
        for (data_coding, coding) in [
            (0x00, septets.clone()),
            (0x10, septets.clone()),
            (0x08, Ok(Coding::Ucs2)),
            (0x18, Ok(Coding::Ucs2)),
            (0x48, Ok(Coding::Ucs2)),
            (0x04, Err(Unreadable::NoText(0x04))),
            (0x20, Err(Unreadable::NoText(0x20))),
            (0x80, septets.clone()),
            (0xc8, septets.clone()),
            (0xd0, septets.clone()),
            (0xe8, Ok(Coding::Ucs2)),
            (0xf0, septets),
            (0xf5, Err(Unreadable::NoText(0xf5))),
        ] {
            assert_eq!(Coding::of(data_coding, Some(3)), coding, "{data_coding:02x}");
        }
    }

    #[test]
    fn texts_are_read_in_each_coding() {
        assert_eq!(text(&[0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37], PACKED), "hellohello");
        assert_eq!(text(b"Rs 5 \x1b\x65", Coding::Septets), "Rs 5 €");
        assert_eq!(text(&[0x09, 0x15, 0xd8, 0x3d, 0xde, 0x00], Coding::Ucs2), "क😀");
        assert_eq!(text(&[], PACKED), "");
    }

    #[test]
    fn a_header_says_which_part_it_is_and_in_which_tables() {
        let part = read(&[8, 0, 3, 0xcc, 2, 1, 0x25, 1, 6, 0x15, 0x50], true, Coding::Septets).expect("it is a part");
        assert_eq!(part.text(), "का");
        let concatenation = Concatenation { reference: Reference::Eight(0xcc), total: 2, number: 1 };
        assert_eq!(part.concatenation, Some(concatenation));
    }

    #[test]
    fn seven_zeros_at_the_end_are_fill_unless_somebody_counted() {
        let seven = [0x31, 0xd9, 0x8c, 0x56, 0xb3, 0xdd, 0x00];
        assert_eq!(text(&seven, PACKED), "1234567");
        assert_eq!(text(&seven, Coding::Packed { septets: Some(8) }), "1234567@");
        assert_eq!(text(&seven, Coding::Packed { septets: Some(2) }), "12");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let refused = |octets: &[u8], has_header, coding| read(octets, has_header, coding).map(|part| part.text());
        let cut_off = UdhError::CutOff { said: 5, there: 1 };
        assert_eq!(refused(&[5, 0], true, PACKED), Err(Unreadable::Header(cut_off)));
        assert_eq!(
            refused(&[0x31], false, Coding::Packed { septets: Some(2) }),
            Err(Unreadable::Short { septets: 2, octets: 1 })
        );
        assert_eq!(refused(&[0x31, 0x80], false, Coding::Septets), Err(Unreadable::NoSeptet { octet: 0x80 }));
        assert_eq!(refused(&[9, 0x15, 9], false, Coding::Ucs2), Err(Unreadable::Odd { octets: 3 }));
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_refused(
            octets in prop::collection::vec(prop_oneof![0..14_u8, Just(0x1b), any::<u8>()], 0..160),
            has_header: bool,
            septets in prop::option::of(0..200_u16),
            data_coding: u8,
        ) {
            for coding in Coding::of(data_coding, septets).into_iter().chain([Coding::Septets, PACKED]) {
                if let Ok(part) = read(&octets, has_header, coding) {
                    prop_assert!(part.text().chars().count() <= octets.len() * 8 / 7);
                    prop_assert!(part.concatenation.is_none_or(Concatenation::is_sound));
                }
            }
        }
    }
}
