//! Countries by their calling code, as far as telling a national number from an international one needs it.

/// A country whose national numbers can be read. ITU-T E.164 assigned codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2: `IN`.
    pub iso: &'static str,
    /// `91`
    pub code: &'static str,
    /// How many digits a mobile number has without country code and trunk prefix.
    pub digits: u8,
    /// First digits that a mobile number may have; empty means any.
    pub mobile_first: &'static str,
}

impl Country {
    /// The country with this ISO code, whatever the case.
    pub fn by_iso(iso: &str) -> Option<&'static Self> {
        COUNTRIES.iter().find(|country| country.iso.eq_ignore_ascii_case(iso))
    }
}

const fn country(iso: &'static str, code: &'static str, digits: u8, mobile_first: &'static str) -> Country {
    Country { iso, code, digits, mobile_first }
}

const INDIA: Country = country("IN", "91", 10, "6789");

/// Where those live whom the bridge serves: a number without a country code is one of theirs.
pub fn home() -> &'static Country {
    const HOME: &Country = &INDIA;
    HOME
}

/// Where gateways of the kinds that are spoken here work. By ISO code; from the national numbering plans that the ITU
/// publishes under E.164.
const COUNTRIES: [Country; 25] = [
    country("AE", "971", 9, "5"),
    country("BD", "880", 10, "1"),
    country("BW", "267", 8, "7"),
    // Since 2021 with ten digits, of which the first is a zero that is no trunk prefix.
    country("CI", "225", 10, "0"),
    country("CM", "237", 9, "6"),
    country("ET", "251", 9, "79"),
    country("GB", "44", 10, "7"),
    country("GH", "233", 9, "25"),
    INDIA,
    country("KE", "254", 9, "17"),
    country("LK", "94", 9, "7"),
    country("MW", "265", 9, "89"),
    country("MZ", "258", 9, "8"),
    country("NG", "234", 10, "789"),
    country("NP", "977", 10, "9"),
    country("PK", "92", 10, "3"),
    country("RW", "250", 9, "7"),
    country("SL", "232", 8, ""),
    country("SN", "221", 9, "7"),
    country("TZ", "255", 9, "67"),
    country("UG", "256", 9, "7"),
    country("US", "1", 10, "23456789"),
    country("ZA", "27", 9, "678"),
    country("ZM", "260", 9, "79"),
    country("ZW", "263", 9, "7"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_whatever_the_case() {
        assert_eq!(Country::by_iso("in").map(|country| country.code), Some("91"));
        assert_eq!(Country::by_iso("KE").map(|country| country.code), Some("254"));
        assert_eq!(Country::by_iso("India"), None);
        assert_eq!(Country::by_iso(""), None);
    }

    #[test]
    fn every_country_stands_once_and_makes_possible_numbers() {
        for country in &COUNTRIES {
            assert_eq!(Country::by_iso(country.iso), Some(country), "{} stands twice", country.iso);
            assert!((7..=15).contains(&(country.code.len() + usize::from(country.digits))), "{}", country.iso);
            assert!(country.code.bytes().chain(country.mobile_first.bytes()).all(|b| b.is_ascii_digit()));
        }
    }
}
