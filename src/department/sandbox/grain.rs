//! What the data are made of: numbers drawn from texts, mobile numbers, and ids that hide a mobile number in them.

use std::fmt;

use crate::phone;

/// Draws a number below `below` from texts: the same texts give the same number, for ever. FNV-1a over the texts, each
/// closed by a byte that no text has, and a last mixing as in `SplitMix64`.
pub(super) fn draw(from: &[&str], below: u64) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in from.iter().flat_map(|text| text.bytes().chain([0xff])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (hash ^ (hash >> 31)) % below.max(1)
}

/// An Indian mobile number without country code: ten digits, the first of them 6 to 9. Shown whole: nobody has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mobile(u64);

/// Ten digits.
const TEN_DIGITS: u64 = 10_000_000_000;
/// Coprime to ten, so that multiplying by it permutes all numbers of ten digits; and what undoes it.
const SCRAMBLE: u64 = 7_304_918_267;
const UNSCRAMBLE: u64 = 9_648_855_603;

impl Mobile {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = phone::parse(text, phone::home()).ok()?;
        Self::from_national(number.digits().strip_prefix("91")?.parse().ok()?)
    }

    fn from_national(number: u64) -> Option<Self> {
        (6_000_000_000..TEN_DIGITS).contains(&number).then_some(Self(number))
    }

    pub(super) fn last_digit(self) -> u64 {
        self.0 % 10
    }

    /// An id of ten digits that does not show the number, from which the number can be found again.
    pub(super) fn scrambled(self) -> String {
        format!("{:010}", modulo(self.0, SCRAMBLE))
    }

    pub(super) fn from_scrambled(id: &str) -> Option<Self> {
        let digits = id.len() == 10 && id.bytes().all(|b| b.is_ascii_digit());
        let id: u64 = id.parse().ok().filter(|_| digits)?;
        Self::from_national(modulo(id, UNSCRAMBLE))
    }
}

impl fmt::Display for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn modulo(number: u64, by: u64) -> u64 {
    let product = u128::from(number) * u128::from(by) % u128::from(TEN_DIGITS);
    u64::try_from(product).unwrap_or(0)
}

/// Paise as `852.50`.
pub(super) fn rupees(paise: u64) -> String {
    format!("{}.{:02}", paise / 100, paise % 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_drawn_never_changes() {
        assert_eq!(draw(&["a", "b"], 1000), 821);
        assert_ne!(draw(&["ab", ""], u64::MAX), draw(&["a", "b"], u64::MAX));
    }

    #[test]
    fn only_indian_mobile_numbers_are_read() {
        for text in ["919812345670", "+919812345670", "09812345670", "9812345670"] {
            assert_eq!(Mobile::parse(text), Some(Mobile(9_812_345_670)), "{text}");
        }
        for text in ["254711082123", "5812345670", "12", "", "+91"] {
            assert_eq!(Mobile::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn ids_give_their_number_back(number in 6_000_000_000..TEN_DIGITS) {
            let mobile = Mobile(number);
            prop_assert_eq!(Mobile::from_scrambled(&mobile.scrambled()), Some(mobile));
        }

        #[test]
        fn ids_never_panic(id in "[0-9+]{0,12}|.{0,12}") {
            let _ = Mobile::from_scrambled(&id);
        }
    }
}
