//! How values are written in columns, alike in every database: what is bytes, what is a number, what a row in JSON is.

use data_encoding::HEXLOWER;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::{IntentState, StoreError};

/// Bytes in JSON, as `unhex()` and `decode(…, 'hex')` read them.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A hash, as nearly all are, needs no memory of its own.
        let mut digits = [0; 32];
        match digits.get_mut(..2 * self.0.len()) {
            Some(digits) => {
                HEXLOWER.encode_mut(self.0, digits);
                serializer.serialize_str(std::str::from_utf8(digits).map_err(S::Error::custom)?)
            }
            None => serializer.serialize_str(&HEXLOWER.encode(self.0)),
        }
    }
}

/// The rows of one table, as one parameter.
pub(super) fn json<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> Result<String, StoreError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Database(error.to_string());
    // A journey has about 200 bytes.
    let mut text = Vec::with_capacity(256);
    serde_json::Serializer::new(&mut text).collect_seq(rows).map_err(|error| failed(&error))?;
    String::from_utf8(text).map_err(|error| failed(&error))
}

/// As the migrations say.
pub(super) fn state_number(state: IntentState) -> u8 {
    match state {
        IntentState::Claimed => 0,
        IntentState::Doubtful => 1,
        IntentState::Settled => 2,
        IntentState::Told => 3,
    }
}

pub(super) fn state_from(number: i64) -> Result<IntentState, StoreError> {
    match number {
        0 => Ok(IntentState::Claimed),
        1 => Ok(IntentState::Doubtful),
        2 => Ok(IntentState::Settled),
        3 => Ok(IntentState::Told),
        _ => Err(StoreError::Database(format!("an intent has state {number}, which does not exist"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hexadecimal_however_many() {
        for length in [0, 1, 15, 16, 17, 40] {
            let bytes: Vec<u8> = (0..length).map(|at| 250 - at).collect();
            assert_eq!(json([Hex(&bytes)]).expect("it is JSON"), format!("[\"{}\"]", HEXLOWER.encode(&bytes)));
        }
    }
}
