//! What a request is performed for: whose it is, by when it must be done, and what makes sure that it is done once.

use std::sync::atomic::Ordering;

use super::event::Occasion;
use super::turn::Passage;
use crate::engine::Now;
use crate::store::{KeyedHash, Mark};
use crate::types::Timestamp;

/// What stands behind a step's requests.
#[derive(Debug)]
pub(super) enum Ground<'a> {
    /// A callback with a citizen waiting behind it. The number of the subscriber's turn orders what is done.
    Turn(&'a Passage<'a>),
    /// Something that happened, and that nobody waits for. Its marks are written before anything is done for it.
    Occasion(&'a Occasion<'a>),
}

impl Ground<'_> {
    pub(super) fn subscriber(&self) -> KeyedHash {
        match self {
            Self::Turn(passage) => passage.subscriber,
            Self::Occasion(occasion) => occasion.happening.subscriber,
        }
    }

    pub(super) fn arrived(&self) -> Timestamp {
        match self {
            Self::Turn(passage) => passage.arrived,
            Self::Occasion(occasion) => occasion.happening.arrived,
        }
    }

    /// When requests must have been answered.
    pub(super) fn deadline(&self) -> Timestamp {
        match self {
            Self::Turn(passage) => passage.deadline,
            Self::Occasion(occasion) => occasion.deadline,
        }
    }

    pub(super) fn now(&self, at: Timestamp) -> Now {
        match self {
            Self::Turn(passage) => passage.now(at),
            Self::Occasion(_) => Now { at, plain: false },
        }
    }

    /// What is to be written with the first claim of a changing call.
    pub(super) fn marks(&self) -> Vec<Mark> {
        match self {
            Self::Turn(_) => Vec::new(),
            Self::Occasion(occasion) => occasion.unwritten(),
        }
    }

    /// A claim of a changing call was written, as a turn of its own or with these marks.
    pub(super) fn has_claimed(&self) {
        match self {
            Self::Turn(passage) => {
                passage.claims.fetch_add(1, Ordering::Relaxed);
            }
            Self::Occasion(occasion) => occasion.is_marked.store(true, Ordering::Relaxed),
        }
    }
}
