//! What `back` needs: the screens that were passed and, between them, what changed.
//!
//! A value is moved here when another takes its place, never copied; so a list that was fetched once is held once, however
//! many screens were shown since.

use serde::{Deserialize, Serialize};

use super::frame::Frame;
use crate::menu::{Position, ScreenId, SlotId, Value};

/// How many screens `back` can return over. Enough for the deepest service; bounds what a session holds.
pub(super) const SCREENS_BACK: usize = 16;

/// Begins with a screen that was passed, unless it is empty: what changed before the first one is of no use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Undo {
    changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Change {
    Passed(Passed),
    /// A slot of the running menu got another value.
    Filled {
        slot: SlotId,
        before: Option<Value>,
    },
    /// A menu was run.
    Entered,
    /// The running menu returned to the one that stood at `ran_at`.
    Returned {
        frame: Frame,
        ran_at: ScreenId,
    },
    /// All menus under way were left for another.
    Jumped {
        frames: Vec<Frame>,
    },
}

/// A screen that was shown, or answered by a dial path, and left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Passed {
    pub(super) at: Position,
    /// The letters by which its list was narrowed.
    pub(super) find: Option<String>,
}

impl Undo {
    /// Notes a screen that is being left; forgets the earliest beyond [`SCREENS_BACK`].
    pub(super) fn pass(&mut self, screen: Passed) {
        self.changes.push(Change::Passed(screen));
        let mut marks = self.changes.iter().enumerate().filter(|(_, change)| matches!(change, Change::Passed(_)));
        if let Some((second, _)) = marks.nth(1)
            && marks.count() + 2 > SCREENS_BACK
        {
            self.changes.drain(..second);
        }
    }

    pub(super) fn filled(&mut self, slot: SlotId, before: Option<Value>) {
        self.push(Change::Filled { slot, before });
    }

    pub(super) fn entered(&mut self) {
        self.push(Change::Entered);
    }

    /// `frame` has no secrets any more.
    pub(super) fn returned(&mut self, frame: Frame, ran_at: ScreenId) {
        self.push(Change::Returned { frame, ran_at });
    }

    /// `frames` have no secrets any more.
    pub(super) fn jumped(&mut self, frames: Vec<Frame>) {
        self.push(Change::Jumped { frames });
    }

    /// Nothing before this moment can be returned to.
    pub(super) fn cut(&mut self) {
        self.changes.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Takes back what changed since the last screen that was passed, and gives that screen. `None` without one, or where
    /// the frames are not those in which the changes happened (a damaged session).
    pub(super) fn back(&mut self, frames: &mut Vec<Frame>) -> Option<Passed> {
        while let Some(change) = self.changes.pop() {
            match change {
                Change::Passed(screen) => {
                    let top = frames.last_mut().filter(|top| top.menu == screen.at.menu)?;
                    top.screen = screen.at.screen;
                    return Some(screen);
                }
                Change::Filled { slot, before } => *frames.last_mut()?.slots.get_mut(slot.index())? = before,
                Change::Entered => {
                    frames.pop()?;
                }
                Change::Returned { frame, ran_at } => {
                    frames.last_mut()?.screen = ran_at;
                    frames.push(frame);
                }
                Change::Jumped { frames: before } => *frames = before,
            }
        }
        None
    }

    fn push(&mut self, change: Change) {
        if !self.changes.is_empty() {
            self.changes.push(change);
        }
    }
}
