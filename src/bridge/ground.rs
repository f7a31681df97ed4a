//! What a request is performed for: whose it is, by when it must be done, and what makes sure that it is done once.

use std::sync::atomic::Ordering;

use super::turn::Passage;
use crate::engine::Now;
use crate::store::KeyedHash;
use crate::types::Timestamp;

/// What stands behind a step's requests.
#[derive(Debug)]
pub(super) enum Ground<'a> {
    /// A callback with a citizen waiting behind it. The number of the subscriber's turn orders what is done.
    Turn(&'a Passage<'a>),
}

impl Ground<'_> {
    pub(super) fn subscriber(&self) -> KeyedHash {
        let Self::Turn(passage) = self;
        passage.subscriber
    }

    pub(super) fn arrived(&self) -> Timestamp {
        let Self::Turn(passage) = self;
        passage.arrived
    }

    /// When requests must have been answered.
    pub(super) fn deadline(&self) -> Timestamp {
        let Self::Turn(passage) = self;
        passage.deadline
    }

    pub(super) fn now(&self, at: Timestamp) -> Now {
        let Self::Turn(passage) = self;
        passage.now(at)
    }

    /// A claim of a changing call was written as a turn of its own.
    pub(super) fn has_claimed(&self) {
        let Self::Turn(passage) = self;
        passage.claims.fetch_add(1, Ordering::Relaxed);
    }
}
