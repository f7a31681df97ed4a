//! Answers dialled after the service code, taken before anything is shown.

use super::answer::{self, Leaving, Meaning};
use super::frame::{Sorry, menu_at};
use super::step::DialPath;
use super::walk::Walk;
use crate::menu::{Among, MenuId, Position, Program, Screen, SlotId, Verb};

/// Answers taken from one dial path, more than any phone can dial; the rest is dropped.
const DIALLED_ANSWERS: usize = 32;

impl<'a> Walk<'a> {
    /// Keeps the answers until screens take them, the next one last.
    pub(super) fn will_answer(&mut self, path: DialPath) {
        self.session.path = path.0;
        self.session.path.truncate(DIALLED_ANSWERS);
        self.session.path.reverse();
    }

    /// How the next answer of the dial path leaves a screen; `None` where the path stops.
    pub(super) fn dialled(&mut self, screen: &'a Screen, at: Position) -> Result<Option<Leaving>, Sorry> {
        if self.session.path.is_empty() {
            return Ok(None);
        }
        if at == self.entry_start()
            && let Some(leaving) = answer::present_language(self.scope(), screen)
            && !leaving.changes
        {
            // Takes nothing from the path, so a loop of such screens must be bounded like one without a person.
            self.unattended()?;
            return Ok(Some(leaving));
        }
        if stops_a_path(self.program, screen, at) {
            return Ok(None);
        }
        let Some(typed) = self.session.path.pop() else { return Ok(None) };
        match answer::read(self.scope(), screen, &typed)? {
            // What changes something is not done before the citizen has seen what is asked.
            Meaning::Leaves(leaving) => Ok((!leaving.changes).then_some(leaving)),
            Meaning::Finds(_) | Meaning::Nothing(_) => Ok(None),
        }
    }

    fn entry_start(&self) -> Position {
        let menu = self.session.entry;
        let screen = self.program.menus.get(menu.index()).map_or(crate::menu::ScreenId(0), |menu| menu.start);
        Position { menu, screen }
    }
}

/// A path stops in front of a list, whose numbers may be others tomorrow, at a secret, which must not be dialled, at what is
/// only there to be read, and at an end.
fn stops_a_path(program: &Program, screen: &Screen, at: Position) -> bool {
    match &screen.verb {
        Verb::Choose(choose) => matches!(choose.among, Among::List { .. }),
        Verb::Show(show) => show.rows.is_some() || show.options.is_empty(),
        Verb::Ask(ask) => is_secret(program, at.menu, ask.into),
        _ => true,
    }
}

fn is_secret(program: &Program, menu: MenuId, slot: SlotId) -> bool {
    menu_at(program, menu).ok().and_then(|menu| menu.slots.get(slot.index())).is_none_or(|slot| slot.secret)
}
