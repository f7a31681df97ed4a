//! Whether a slip of the finger could change something: where a choice leads before a person is asked again.

use super::frame::{menu_at, screen_at};
use super::scope::Scope;
use crate::menu::{MenuId, Position, Program, Target, Verb};

/// Screens looked at before the answer is "perhaps".
const SCREENS: usize = 64;

/// Whether the way from the present screen to `target` may meet a call that changes something before another screen with
/// a person. Where it cannot be told, it may.
pub(super) fn may_change(scope: Scope<'_>, target: Target) -> bool {
    let Some(here) = scope.session.position() else { return true };
    let mut search = Search { program: scope.program, seen: Vec::new() };
    search.target(here.menu, target)
}

struct Search<'a> {
    program: &'a Program,
    seen: Vec<Position>,
}

impl Search<'_> {
    fn target(&mut self, menu: MenuId, target: Target) -> bool {
        match target {
            Target::Screen(screen) => self.screen(Position { menu, screen }),
            Target::Menu(menu) => self.start(menu),
            Target::Home => self.start(self.program.home),
            Target::Back | Target::Sorry => false,
            Target::Return => true,
        }
    }

    fn start(&mut self, menu: MenuId) -> bool {
        menu_at(self.program, menu).map_or(true, |found| self.screen(Position { menu, screen: found.start }))
    }

    fn screen(&mut self, at: Position) -> bool {
        if self.seen.contains(&at) {
            return false;
        }
        self.seen.push(at);
        let Ok(screen) = screen_at(self.program, at) else { return true };
        if self.seen.len() > SCREENS {
            return true;
        }
        match &screen.verb {
            Verb::Choose(_) | Verb::Ask(_) | Verb::Show(_) | Verb::End(_) => false,
            Verb::Call(call) => {
                let changes = self.program.operations.get(call.operation.index()).is_none_or(|o| o.changes);
                changes
                    || self.target(at.menu, call.next)
                    || call.fails.iter().any(|(_, target)| self.target(at.menu, *target))
            }
            Verb::Branch(arms) => arms.iter().any(|arm| self.target(at.menu, arm.go)),
            Verb::Set(set) => self.target(at.menu, set.next),
            Verb::Run(run) => self.start(run.menu) || self.target(at.menu, run.next),
        }
    }
}
