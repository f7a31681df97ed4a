//! The few words that every floor speaks: time, numbers of phones, channels, limits and secrets.
//!
//! Nothing here does anything: parsing a number lives in `phone`, counting a text in `text`. What lives here is only what
//! two floors would otherwise have to define twice.

mod message;

pub use message::{MessageKind, OutMessage, Priority, Repeat};

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroize;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `by` later, at most the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar day in India (UTC+05:30, no daylight saving), which is the day that citizens mean.
    pub fn day_in_india(self) -> NaiveDate {
        self.in_india().date_naive()
    }

    /// Date and time in India.
    pub fn in_india(self) -> DateTime<FixedOffset> {
        const HALF_PAST_FIVE: i32 = 5 * 3600 + 1800;
        let utc = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        match FixedOffset::east_opt(HALF_PAST_FIVE) {
            Some(ist) => utc.with_timezone(&ist),
            None => utc.fixed_offset(),
        }
    }
}

/// A future that owns what it needs.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where time comes from. Dialogues run on a virtual clock, on which waiting takes no time.
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> Timestamp;
    /// Waits; on a virtual clock, moves it.
    fn sleep(&self, how_long: Duration) -> Later<'_, ()>;
}

/// Where random numbers come from: ids, keys of intents, receipt numbers. Dialogues draw from a seed.
pub trait Chance: Send + Sync + fmt::Debug {
    fn draw(&self) -> u128;
}

/// A phone's number in E.164 without the plus sign: 7 to 15 digits, the first not zero. Made by `phone::Msisdn::parse`.
///
/// `Debug` and `Display` show it masked, so that it cannot slip into a log; `digits` gives all of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Msisdn(String);

impl Msisdn {
    /// Takes digits that are known to be E.164; whoever calls this has checked them.
    pub(crate) fn from_digits(digits: String) -> Self {
        debug_assert!(Self::holds(&digits));
        Self(digits)
    }

    fn holds(digits: &str) -> bool {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
    }

    /// All digits, with the country code, without a plus sign.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// Of a record that is damaged: nothing that was encoded here.
#[derive(Debug, thiserror::Error)]
#[error("a telephone number has 7 to 15 digits, the first not zero")]
pub struct NoNumber;

impl TryFrom<String> for Msisdn {
    type Error = NoNumber;

    fn try_from(digits: String) -> Result<Self, NoNumber> {
        if Self::holds(&digits) { Ok(Self(digits)) } else { Err(NoNumber) }
    }
}

impl fmt::Display for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = &self.0[self.0.len().saturating_sub(4)..];
        write!(f, "XX{tail}")
    }
}

impl fmt::Debug for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Msisdn({self})")
    }
}

/// How a citizen and the bridge exchange screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    Ussd,
    Sms,
    Voice,
    Web,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ussd => "ussd",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Web => "web",
        }
    }
}

/// How much text one page may hold, as the gateway and the networks behind it take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limits {
    /// Septets of the GSM 7-bit default alphabet (3GPP TS 23.038 section 6.2.1); extension characters count two.
    pub septets: u16,
    /// UTF-16 code units when the text needs UCS-2; `None` where the gateway cannot carry it.
    pub units: Option<u16>,
}

/// A value that no log, error or debug output may show, and that memory forgets when it is dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself: the only way to it, so that a search for this word finds every use.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

/// A whole number or a truth is taken as its text: a credential may well be digits alone.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;

        impl Visitor<'_> for Scalar {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E>(self, value: &str) -> Result<Secret, E> {
                Ok(value.into())
            }

            fn visit_string<E>(self, value: String) -> Result<Secret, E> {
                Ok(value.into())
            }

            fn visit_i64<E>(self, value: i64) -> Result<Secret, E> {
                Ok(value.to_string().into())
            }

            fn visit_u64<E>(self, value: u64) -> Result<Secret, E> {
                Ok(value.to_string().into())
            }

            fn visit_bool<E>(self, value: bool) -> Result<Secret, E> {
                Ok(value.to_string().into())
            }
        }

        deserializer.deserialize_any(Scalar)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_none_is_not_read() {
        for text in ["91981234567é", "", "0919812345670", "9198123456701234"] {
            assert!(postcard::from_bytes::<Msisdn>(&postcard::to_stdvec(text).expect("a text")).is_err(), "{text}");
        }
        let number = Msisdn::from_digits("919812345670".to_owned());
        assert_eq!(postcard::from_bytes(&postcard::to_stdvec(&number).expect("a number")), Ok(number));
    }
}
