//! One menu under way: where it is and what its names hold.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::menu::{Menu, MenuId, Position, Program, Screen, ScreenId, Value};

/// A menu that runs. While it runs another one, it stands on its `run` screen, which says where to go on and what gets
/// the values given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frame {
    pub(super) menu: MenuId,
    pub(super) screen: ScreenId,
    /// Index `SlotId`.
    pub(super) slots: Vec<Option<Value>>,
}

/// The dialogue cannot go on: a failure without a screen of its own, a loop without a person, or a session that does not
/// fit its program. It ends with the bridge's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sorry;

impl Frame {
    /// A menu at its start; `given` fills the slots that it takes.
    pub(super) fn start(program: &Program, id: MenuId, given: Vec<Option<Value>>) -> Result<Self, Sorry> {
        let menu = menu_at(program, id)?;
        let mut slots = given;
        slots.truncate(usize::from(menu.takes));
        slots.resize(menu.slots.len(), None);
        Ok(Self { menu: id, screen: menu.start, slots })
    }

    pub(super) fn position(&self) -> Position {
        Position { menu: self.menu, screen: self.screen }
    }

    /// Forgets the values of secret slots, in memory too.
    pub(super) fn forget_secrets(&mut self, program: &Program) {
        let Ok(menu) = menu_at(program, self.menu) else { return };
        for (value, slot) in self.slots.iter_mut().zip(&menu.slots) {
            if slot.secret {
                wipe(value.take());
            }
        }
    }
}

/// Overwrites a secret before its memory is given back.
pub(super) fn wipe(value: Option<Value>) {
    if let Some(Value::Text(mut text)) = value {
        text.zeroize();
    }
}

/// Look-ups for positions that come from a session, which may be damaged or of another program.
pub(super) fn menu_at(program: &Program, id: MenuId) -> Result<&Menu, Sorry> {
    program.menus.get(id.index()).ok_or(Sorry)
}

pub(super) fn screen_at(program: &Program, at: Position) -> Result<&Screen, Sorry> {
    menu_at(program, at.menu)?.screens.get(at.screen.index()).ok_or(Sorry)
}
