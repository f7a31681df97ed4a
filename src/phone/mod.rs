//! Numbers that people dial: subscribers' numbers to E.164, and service codes with what is dialled after them.
//!
//! Nothing here knows a gateway; which country a number without a country code belongs to is told by whoever asks.

mod country;
mod dial;
mod msisdn;

pub use country::{Country, home};
pub use dial::{DialString, ServiceCode};
pub use msisdn::{NumberError, parse};
