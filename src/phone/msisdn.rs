//! A subscriber's number, in any of the spellings in which gateways send it.

use super::Country;
use crate::types::Msisdn;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("the number is missing")]
    Missing,
    #[error("a number of {0} digits cannot be a telephone number with its country code")]
    Length(usize),
    #[error("a telephone number has digits only, with a plus sign, spaces or hyphens at most")]
    Characters,
}

/// How many digits a number may have with its country code. The most is E.164's; fewer than seven are short codes.
const E164_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Reads `+919812345670`, `919812345670`, `09812345670`, `9812345670`, `tel:+91…`, with spaces or hyphens, and with a
/// leading space where a form lost its plus sign. `home` says which country a national number belongs to.
///
/// Without a plus sign (or `00`), a number that could be a mobile number of `home` is one; any other is taken to begin with
/// its country code.
pub fn parse(text: &str, home: &Country) -> Result<Msisdn, NumberError> {
    let text = without_scheme(text);
    // In a form `+` is an encoded space, so a number sent with a bare plus sign arrives with a space in its place.
    let plus = text.starts_with(['+', ' ']);
    let text = text.trim();
    let digits = digits_of(text.strip_prefix('+').unwrap_or(text))?;
    let length = digits.len();
    let international = match digits.strip_prefix("00") {
        Some(rest) => with_country_code(rest.to_owned(), home),
        None if plus && !digits.starts_with('0') => with_country_code(digits, home),
        None => national(&digits, home).unwrap_or_else(|| with_country_code(digits, home)),
    };
    if international.starts_with('0') || !E164_DIGITS.contains(&international.len()) {
        return Err(NumberError::Length(length));
    }
    Ok(Msisdn::from_digits(international))
}

/// What follows `tel:`, without parameters (RFC 3966).
fn without_scheme(text: &str) -> &str {
    match text.trim_start().split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => rest.split(';').next().unwrap_or_default(),
        _ => text,
    }
}

fn digits_of(text: &str) -> Result<String, NumberError> {
    let digits: String = text.split(|c: char| c.is_whitespace() || c == '-').collect();
    if digits.is_empty() {
        return Err(NumberError::Missing);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Characters);
    }
    Ok(digits)
}

/// The number with its country code, if it is a national number of `home`, with the trunk prefix 0 or without.
fn national(digits: &str, home: &Country) -> Option<String> {
    let length = usize::from(home.digits);
    let mobile = home.mobile_first.is_empty() || digits.starts_with(|first| home.mobile_first.contains(first));
    let number = match digits.strip_prefix('0') {
        _ if digits.len() == length && mobile => digits,
        Some(rest) if rest.len() == length => rest,
        _ => return None,
    };
    Some(format!("{}{number}", home.code))
}

/// A number that begins with its country code, without the trunk prefix that some write behind it (`+91 0 98…`).
fn with_country_code(digits: String, home: &Country) -> String {
    let behind_code = digits.strip_prefix(home.code).and_then(|rest| rest.strip_prefix('0'));
    match behind_code {
        Some(number) if number.len() == usize::from(home.digits) => format!("{}{number}", home.code),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn home(iso: &str) -> &'static Country {
        Country::by_iso(iso).expect("is in the table")
    }

    fn read(text: &str, iso: &str) -> Result<String, NumberError> {
        parse(text, home(iso)).map(|number| number.digits().to_owned())
    }

    #[test]
    fn every_spelling_of_gateways_is_read() {
        for text in [
            "+919812345670",
            "919812345670",
            "09812345670",
            "9812345670",
            "tel:+919812345670",
            "TEL:919812345670;phone-context=example.in",
            " 919812345670",
            "+91 98123-45670",
            "+91 0 98123 45670",
            "00919812345670",
            "0 98123 45670\r\n",
            "+09812345670",
        ] {
            assert_eq!(read(text, "IN").as_deref(), Ok("919812345670"), "{text}");
        }
        for text in ["+254722000111", "254722000111", "0722000111", "722000111", "tel:254722000111", " 254722000111"] {
            assert_eq!(read(text, "KE").as_deref(), Ok("254722000111"), "{text}");
        }
    }

    #[test]
    fn numbers_of_other_countries_keep_their_code() {
        assert_eq!(read("233208183783", "IN").as_deref(), Ok("233208183783"));
        assert_eq!(read("+65 9123 4567", "IN").as_deref(), Ok("6591234567"), "ten digits, like a national number");
        assert_eq!(read(" 6591234567", "IN").as_deref(), Ok("6591234567"), "the space was a plus sign");
    }

    #[test]
    fn a_national_number_may_look_like_a_country_code() {
        assert_eq!(read("9198123456", "IN").as_deref(), Ok("919198123456"));
        assert_eq!(read("0701234567", "CI").as_deref(), Ok("2250701234567"), "no trunk prefix there");
        assert_eq!(read("+2250701234567", "CI").as_deref(), Ok("2250701234567"));
        assert_eq!(read("12025550123", "US").as_deref(), Ok("12025550123"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "  ", "+", "tel:", "-"] {
            assert_eq!(read(text, "IN"), Err(NumberError::Missing), "{text:?}");
        }
        for text in ["null", "98123x4567", "+91+9812345670", "९८१२३४५६७०", "(98123) 45670"] {
            assert_eq!(read(text, "IN"), Err(NumberError::Characters), "{text:?}");
        }
        assert_eq!(read("139", "IN"), Err(NumberError::Length(3)));
        assert_eq!(read("0981234567", "IN"), Err(NumberError::Length(10)));
        assert_eq!(read(&"9".repeat(16), "IN"), Err(NumberError::Length(16)));
    }

    proptest! {
        #[test]
        fn anything_is_a_number_or_refused(text in any::<String>()) {
            let _ = parse(&text, home("IN"));
        }

        #[test]
        fn numbers_are_e164(text in "[ +0-9-]{0,20}", iso in prop::sample::select(vec!["IN", "KE", "CI", "US", "SL"])) {
            if let Ok(number) = read(&text, iso) {
                prop_assert!(E164_DIGITS.contains(&number.len()) && !number.starts_with('0'));
                prop_assert_eq!(read(&format!("+{number}"), iso), Ok(number), "with a plus sign it is the same");
            }
        }

        #[test]
        fn all_spellings_of_a_number_are_the_same(number in "[6-9][0-9]{9}") {
            let expected = Ok(format!("91{number}"));
            let (operator, line) = number.split_at(5);
            for text in [number.clone(), format!("0{number}"), format!("91{number}"), format!("+91-{operator} {line}")] {
                prop_assert_eq!(read(&text, "IN"), expected.clone());
            }
        }
    }
}
