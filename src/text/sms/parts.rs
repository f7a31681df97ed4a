//! Long messages, put together again from their parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Concatenation, Reference};

/// What one segment holds. Kept in UTF-16 units, since some phones cut a pair of surrogates in two.
///
/// `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub concatenation: Option<Concatenation>,
    units: Vec<u16>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("concatenation", &self.concatenation).finish_non_exhaustive()
    }
}

impl Part {
    /// A part of which somebody else, such as a gateway, has read the text.
    pub fn new(_text: &str, _concatenation: Option<Concatenation>) -> Self {
        todo!()
    }

    /// The text of this part alone; half of a pair becomes U+FFFD.
    pub fn text(&self) -> String {
        todo!()
    }
}

/// The parts of one message that have come so far, in whatever order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    reference: Reference,
    total: u8,
    units: BTreeMap<u8, Vec<u16>>,
}

/// Why a part does not belong to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Contradiction {
    #[error("the part is of another message")]
    Reference,
    #[error("the part says that there are {said} parts, earlier ones said {known}")]
    Total { known: u8, said: u8 },
    #[error("part {number} came twice, with different texts")]
    Text { number: u8 },
}

impl Parts {
    /// Begins with any part of a long message; `None` for a message that is whole by itself.
    pub fn begin(_part: &Part) -> Option<Self> {
        todo!()
    }

    /// All of these, which must be of one message; `None` where there are none, or the first is whole by itself.
    pub fn of<'p>(_parts: impl IntoIterator<Item = &'p Part>) -> Result<Option<Self>, Contradiction> {
        todo!()
    }

    /// Takes another part. The same part once more changes nothing; one that contradicts the others changes nothing either, and
    /// is refused.
    pub fn add(&mut self, _part: &Part) -> Result<(), Contradiction> {
        todo!()
    }

    /// The numbers of the parts that have not come.
    pub fn missing(&self) -> impl Iterator<Item = u8> {
        std::iter::empty()
    }

    /// The whole text, once all parts have come.
    pub fn text(&self) -> Option<String> {
        todo!()
    }
}
