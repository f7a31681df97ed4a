//! Where personal values go: from answers through slots, lists, other menus and the profile to the screens that show them.

use crate::menu::expression::Operand;
use crate::menu::expression::Path;
use crate::menu::ids::SlotId;
use crate::menu::program::Program;
use crate::menu::verb::{Place, RowSource, Rows, Verb};

/// Marks slots and profile fields that may hold personal values, then the screens that show some.
pub(super) fn mark(program: &mut Program) {
    // Each round marks one more at least; marks never go away.
    while spread(program) {}
    let mut shown = Vec::new();
    for (menu, m) in program.menus.iter().enumerate() {
        for (screen, s) in m.screens.iter().enumerate() {
            let templates = s.verb.texts().into_iter().flat_map(|text| text.languages.iter());
            let personal = templates.flat_map(|template| template.paths()).any(|path| is_personal(program, menu, path));
            if personal {
                shown.push((menu, screen));
            }
        }
    }
    for (menu, screen) in shown {
        program.menus[menu].screens[screen].personal = true;
    }
}

fn is_personal(program: &Program, menu: usize, path: &Path) -> bool {
    program.is_personal(crate::menu::ids::MenuId(super::world::index(menu)), path)
}

/// A slot of a menu, or a profile field, by index.
#[derive(Clone, Copy)]
enum Holder {
    Slot(usize, SlotId),
    Profile(usize),
}

/// Marks what is filled with a personal value; says whether anything was new.
fn spread(program: &mut Program) -> bool {
    let mut found = Vec::new();
    for (menu, m) in program.menus.iter().enumerate() {
        for screen in &m.screens {
            let personal = |operand: &Operand| match operand {
                Operand::Path(path) => is_personal(program, menu, path),
                Operand::Literal(_) => false,
            };
            match &screen.verb {
                Verb::Set(set) => {
                    for (place, _) in set.assign.iter().filter(|(_, value)| personal(value)) {
                        match place {
                            Place::Slot(slot) => found.push(Holder::Slot(menu, *slot)),
                            Place::Profile(field) => found.push(Holder::Profile(field.index())),
                            Place::Language => {}
                        }
                    }
                }
                Verb::Run(run) => {
                    let called = run.menu.index();
                    for (at, value) in run.give.iter().enumerate() {
                        if personal(value) {
                            found.push(Holder::Slot(called, SlotId(super::world::index(at))));
                        }
                    }
                    // The record as a whole: its fields are copies of slots.
                    let given = |slot: &SlotId| program.menus[called].slots[slot.index()].personal;
                    if program.menus[called].gives.iter().any(given) {
                        found.extend(run.into.map(|slot| Holder::Slot(menu, slot)));
                    }
                }
                verb => {
                    if let Some(Rows { source: RowSource::Answer(list), each, .. }) = verb.rows()
                        && is_personal(program, menu, list)
                    {
                        found.push(Holder::Slot(menu, *each));
                    }
                }
            }
        }
    }
    let mut new = false;
    for holder in found {
        let mark = match holder {
            Holder::Slot(menu, slot) => &mut program.menus[menu].slots[slot.index()].personal,
            Holder::Profile(field) => &mut program.profile[field].personal,
        };
        new |= !*mark;
        *mark = true;
    }
    new
}
