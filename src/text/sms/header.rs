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
    pub fn parse(octets: &[u8]) -> Result<(Self, usize), UdhError> {
        let said = usize::from(octets.first().copied().unwrap_or_default());
        let there = octets.len().saturating_sub(1);
        let Some(mut rest) = octets.get(1..=said) else { return Err(UdhError::CutOff { said, there }) };
        let mut header = Self::default();
        while let [element, length, behind @ ..] = rest {
            let Some((data, next)) = behind.split_at_checked((*length).into()) else {
                return Err(UdhError::Overrun { element: *element });
            };
            header.take(*element, data);
            rest = next;
        }
        match rest {
            [element] => Err(UdhError::Overrun { element: *element }),
            _ => Ok((header, said + 1)),
        }
    }

    fn take(&mut self, element: u8, data: &[u8]) {
        let concatenation = |reference, total, number| Concatenation { reference, total, number };
        let part = match (element, data) {
            (CONCATENATION_8, [reference, total, number]) => {
                concatenation(Reference::Eight(*reference), *total, *number)
            }
            (CONCATENATION_16, [high, low, total, number]) => {
                concatenation(Reference::Sixteen(u16::from_be_bytes([*high, *low])), *total, *number)
            }
            (SINGLE_SHIFT, [id]) => return self.single = National::from_id(*id).or(self.single),
            (LOCKING_SHIFT, [id]) => {
                return self.locking = National::from_id(*id).filter(|known| known.has_locking()).or(self.locking);
            }
            _ => return,
        };
        if part.is_sound() {
            self.concatenation = Some(part);
        }
    }

    /// The octets of the header, the one of its length first; none where there is nothing to say.
    pub fn write(&self) -> Vec<u8> {
        let mut octets = vec![0];
        if let Some(Concatenation { reference, total, number }) = self.concatenation {
            match reference {
                Reference::Eight(reference) => octets.extend([CONCATENATION_8, 3, reference]),
                Reference::Sixteen(reference) => {
                    octets.extend([CONCATENATION_16, 4]);
                    octets.extend(reference.to_be_bytes());
                }
            }
            octets.extend([total, number]);
        }
        for (element, language) in [(SINGLE_SHIFT, self.single), (LOCKING_SHIFT, self.locking)] {
            octets.extend(language.into_iter().flat_map(|language| [element, 1, language.id()]));
        }
        match octets.len() - 1 {
            0 => octets.clear(),
            // At most twelve.
            length => octets[0] = u8::try_from(length).unwrap_or(u8::MAX),
        }
        octets
    }
}

impl Concatenation {
    /// Whether a message can have such a part.
    pub fn is_sound(self) -> bool {
        (1..=self.total).contains(&self.number)
    }
}

const CONCATENATION_8: u8 = 0x00;
const CONCATENATION_16: u8 = 0x08;
const SINGLE_SHIFT: u8 = 0x24;
const LOCKING_SHIFT: u8 = 0x25;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND_OF_THREE: Concatenation = Concatenation { reference: Reference::Eight(0xcc), total: 3, number: 2 };

    fn headers() -> impl Strategy<Value = Udh> {
        let reference = prop_oneof![any::<u8>().prop_map(Reference::Eight), any::<u16>().prop_map(Reference::Sixteen)];
        let concatenation = (reference, 1..=u8::MAX, any::<u8>())
            .prop_map(|(reference, total, number)| Concatenation { reference, total, number: number % total + 1 });
        let language = || prop::option::of((1..=13_u8).prop_map(|id| National::from_id(id).expect("it is known")));
        (prop::option::of(concatenation), language(), language()).prop_map(|(concatenation, single, locking)| Udh {
            concatenation,
            single,
            locking: locking.filter(|language| language.has_locking()),
        })
    }

    fn parsed(octets: &[u8]) -> Udh {
        Udh::parse(octets).unwrap_or_else(|error| panic!("{octets:02x?}: {error}")).0
    }

    #[test]
    fn what_a_header_costs() {
        let octets = |header: Udh| header.write().len();
        assert_eq!(octets(Udh::default()), 0);
        let part = Udh { concatenation: Some(SECOND_OF_THREE), ..Udh::default() };
        assert_eq!(part.write(), [5, 0, 3, 0xcc, 3, 2]);
        let wide = Concatenation { reference: Reference::Sixteen(0xabcd), ..SECOND_OF_THREE };
        assert_eq!(Udh { concatenation: Some(wide), ..part }.write(), [6, 8, 4, 0xab, 0xcd, 3, 2]);
        let both = Udh { single: Some(National::Hindi), locking: Some(National::Hindi), ..part };
        assert_eq!(both.write(), [11, 0, 3, 0xcc, 3, 2, 0x24, 1, 6, 0x25, 1, 6]);
    }

    #[test]
    fn unknown_and_senseless_elements_are_passed_over() {
        let expected = Udh { concatenation: Some(SECOND_OF_THREE), ..Udh::default() };
        for octets in [
            &[5, 0, 3, 0xcc, 3, 2][..],
            // Ports before it, text behind it.
            &[11, 5, 4, 0x0b, 0x84, 0x23, 0xf0, 0, 3, 0xcc, 3, 2, b'h', b'i'],
            // Part 4 of 3, part 0, part 1 of 0 and one without a number after it.
            &[22, 0, 3, 0xcc, 3, 2, 0, 3, 1, 3, 4, 0, 3, 1, 3, 0, 0, 3, 1, 0, 1, 0, 0],
            // The last one counts.
            &[10, 0, 3, 0x11, 5, 1, 0, 3, 0xcc, 3, 2],
            // Reserved languages, and a locking table that Spanish does not have.
            &[14, 0x24, 1, 0, 0x25, 1, 14, 0x25, 1, 2, 0, 3, 0xcc, 3, 2],
        ] {
            assert_eq!(Udh::parse(octets), Ok((expected, usize::from(octets[0]) + 1)), "{octets:02x?}");
        }
        assert_eq!(parsed(&[0]), Udh::default());
    }

    #[test]
    fn a_header_that_is_not_whole_is_refused() {
        assert_eq!(Udh::parse(&[]), Err(UdhError::CutOff { said: 0, there: 0 }));
        assert_eq!(Udh::parse(&[5, 0, 3, 0xcc, 3]), Err(UdhError::CutOff { said: 5, there: 4 }));
        assert_eq!(Udh::parse(&[5, 0, 4, 0xcc, 3, 2]), Err(UdhError::Overrun { element: 0 }));
        assert_eq!(Udh::parse(&[6, 0, 3, 0xcc, 3, 2, 0x24]), Err(UdhError::Overrun { element: 0x24 }));
    }

    proptest! {
        #[test]
        fn a_header_is_read_as_it_was_written(header in headers(), behind in prop::collection::vec(any::<u8>(), 0..4)) {
            let octets = header.write();
            // A header that says nothing is not written at all.
            if header != Udh::default() {
                prop_assert_eq!(Udh::parse(&[octets.as_slice(), &behind].concat()), Ok((header, octets.len())));
            }
        }

        #[test]
        fn any_octets_are_read_or_refused(octets in prop::collection::vec(prop_oneof![0..14_u8, any::<u8>()], 0..40)) {
            if let Ok((header, taken)) = Udh::parse(&octets) {
                prop_assert!(taken <= octets.len());
                prop_assert!(header == Udh::default() || parsed(&header.write()) == header);
            }
        }
    }
}
