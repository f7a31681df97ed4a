//! Septets in octets: seven bits beside each other, the lowest first. 3GPP TS 23.038 section 6.1.2.1.

/// How many septets a header takes. Fill bits follow it up to the next whole septet.
pub(super) fn septets_of_header(octets: usize) -> usize {
    (octets * 8).div_ceil(7)
}

/// How many whole septets are in octets.
pub(super) fn septets_of_octets(octets: usize) -> usize {
    octets * 8 / 7
}

/// Septets behind a header.
pub(super) fn pack(header: &[u8], septets: &[u8]) -> Vec<u8> {
    let begin = septets_of_header(header.len());
    let mut octets = header.to_vec();
    octets.resize(((begin + septets.len()) * 7).div_ceil(8), 0);
    for (at, septet) in (begin..).zip(septets) {
        let [high, low] = (u16::from(septet & 0x7f) << (at * 7 % 8)).to_be_bytes();
        let octet = at * 7 / 8;
        octets[octet] |= low;
        // What does not reach into the next octet is zero.
        if high > 0 {
            octets[octet + 1] |= high;
        }
    }
    octets
}

/// The septets from `begin` up to `end`; those that the octets do not hold are left out.
pub(super) fn unpack(octets: &[u8], begin: usize, end: usize) -> impl Iterator<Item = u8> {
    (begin..end.min(septets_of_octets(octets.len()))).map(|at| {
        let octet = at * 7 / 8;
        let low = octets.get(octet).copied().unwrap_or_default();
        let high = octets.get(octet + 1).copied().unwrap_or_default();
        let [_, septet] = (u16::from_be_bytes([high, low]) >> (at * 7 % 8)).to_be_bytes();
        septet & 0x7f
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn packs_as_the_specification_draws_it() {
        assert_eq!(pack(&[], b"hellohello"), [0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37]);
        assert!(pack(&[], &[]).is_empty());
    }

    #[test]
    fn text_begins_on_a_whole_septet_behind_a_header() {
        // Six octets are 48 bits: one fill bit, then the letter.
        assert_eq!(pack(&[5, 0, 3, 0xcc, 2, 1], b"h"), [5, 0, 3, 0xcc, 2, 1, b'h' << 1]);
        // Seven are 56 bits: none.
        assert_eq!(pack(&[6, 8, 4, 0, 0xcc, 2, 1], b"h"), [6, 8, 4, 0, 0xcc, 2, 1, b'h']);
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(header in prop::collection::vec(any::<u8>(), 0..14), septets in prop::collection::vec(0..0x80_u8, 0..170)) {
            let octets = pack(&header, &septets);
            let begin = septets_of_header(header.len());
            prop_assert_eq!(&octets[..header.len()], &header);
            prop_assert_eq!(unpack(&octets, begin, begin + septets.len()).collect::<Vec<_>>(), septets);
        }

        #[test]
        fn any_octets_hold_some_septets(octets in prop::collection::vec(any::<u8>(), 0..20), begin in 0..40_usize, end in 0..40_usize) {
            let held = unpack(&octets, begin, end).count();
            prop_assert_eq!(held, end.min(septets_of_octets(octets.len())).saturating_sub(begin));
        }
    }
}
