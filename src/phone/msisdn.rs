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

/// Reads `+919812345670`, `919812345670`, `09812345670`, `9812345670`, `tel:+91…`, with spaces or hyphens, and with a
/// leading space where a form lost its plus sign. `home` says which country a national number belongs to.
pub fn parse(_text: &str, _home: &Country) -> Result<Msisdn, NumberError> {
    unimplemented!()
}
