//! How values are written in columns, alike in every database: what is bytes, what is a number, what a row in JSON is.

use serde::{Serialize, Serializer};

use super::{IntentState, StoreError};

/// Bytes in JSON, as `unhex()` and `decode(…, 'hex')` read them.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&data_encoding::HEXLOWER.encode_display(self.0))
    }
}

/// The rows of one table, as one parameter.
pub(super) fn json<Row: Serialize>(rows: impl IntoIterator<Item = Row>) -> Result<String, StoreError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Database(error.to_string());
    let mut text = Vec::new();
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
