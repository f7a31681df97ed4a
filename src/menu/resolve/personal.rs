//! Where values go that are not for whoever holds the phone next: personal ones, from answers through slots, lists, other
//! menus and the profile to the screens that show them; and, on the same ways, what a call answered that was given a secret.

use crate::menu::expression::{Operand, Path, Root};
use crate::menu::ids::{MenuId, SlotId};
use crate::menu::program::{Program, Screen, Slot};
use crate::menu::verb::{Call, Place, RowSource, Rows, Verb};

/// Marks slots and profile fields that may hold such values, then the screens that show some.
pub(super) fn mark(program: &mut Program) {
    answered_to_secrets(program);
    for kind in [Kind::Personal, Kind::Guarded] {
        // Each round marks one more at least; marks never go away.
        while spread(program, kind) {}
        let mut shown = Vec::new();
        for (menu, m) in program.menus.iter().enumerate() {
            for (screen, s) in m.screens.iter().enumerate() {
                let templates = s.verb.texts().into_iter().flat_map(|text| text.languages.iter());
                if templates.flat_map(|template| template.paths()).any(|path| kind.is_in(program, menu, path)) {
                    shown.push((menu, screen));
                }
            }
        }
        for (menu, screen) in shown {
            *kind.of_screen(&mut program.menus[menu].screens[screen]) = true;
        }
    }
}

/// What is followed.
#[derive(Clone, Copy)]
enum Kind {
    Personal,
    Guarded,
}

impl Kind {
    fn is_in(self, program: &Program, menu: usize, path: &Path) -> bool {
        let menu = MenuId(super::world::index(menu));
        match self {
            Self::Personal => program.is_personal(menu, path),
            Self::Guarded => program.is_guarded(menu, path),
        }
    }

    fn is_held(self, slot: &Slot) -> bool {
        match self {
            Self::Personal => slot.personal,
            Self::Guarded => slot.guarded,
        }
    }

    fn of_slot(self, slot: &mut Slot) -> &mut bool {
        match self {
            Self::Personal => &mut slot.personal,
            Self::Guarded => &mut slot.guarded,
        }
    }

    fn of_screen(self, screen: &mut Screen) -> &mut bool {
        match self {
            Self::Personal => &mut screen.personal,
            Self::Guarded => &mut screen.guarded,
        }
    }
}

/// Marks the slots that are filled by calls which are given a secret.
fn answered_to_secrets(program: &mut Program) {
    for menu in &mut program.menus {
        let slots = &menu.slots;
        let is_secret = |operand: &Operand| match operand {
            Operand::Path(Path { root: Root::Slot(slot), .. }) => {
                slots.get(slot.index()).is_some_and(|slot| slot.secret)
            }
            _ => false,
        };
        let filled = |call: &Call| call.into.filter(|_| call.give.iter().any(is_secret));
        let calls = menu.screens.iter().filter_map(|screen| match &screen.verb {
            Verb::Call(call) => filled(call),
            _ => None,
        });
        for slot in calls.collect::<Vec<_>>() {
            menu.slots[slot.index()].guarded = true;
        }
    }
}

/// A slot of a menu, or a profile field, by index.
#[derive(Clone, Copy)]
enum Holder {
    Slot(usize, SlotId),
    Profile(usize),
}

/// Marks what is filled with such a value; says whether anything was new.
fn spread(program: &mut Program, kind: Kind) -> bool {
    let mut found = Vec::new();
    for (menu, m) in program.menus.iter().enumerate() {
        for screen in &m.screens {
            let is_one = |operand: &Operand| match operand {
                Operand::Path(path) => kind.is_in(program, menu, path),
                Operand::Literal(_) => false,
            };
            match &screen.verb {
                Verb::Set(set) => {
                    for (place, _) in set.assign.iter().filter(|(_, value)| is_one(value)) {
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
                        if is_one(value) {
                            found.push(Holder::Slot(called, SlotId(super::world::index(at))));
                        }
                    }
                    // The record as a whole: its fields are copies of slots.
                    let given = |slot: &SlotId| kind.is_held(&program.menus[called].slots[slot.index()]);
                    if program.menus[called].gives.iter().any(given) {
                        found.extend(run.into.map(|slot| Holder::Slot(menu, slot)));
                    }
                }
                verb => {
                    if let Some(Rows { source: RowSource::Answer(list), each, .. }) = verb.rows()
                        && kind.is_in(program, menu, list)
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
            Holder::Slot(menu, slot) => kind.of_slot(&mut program.menus[menu].slots[slot.index()]),
            Holder::Profile(field) => match kind {
                Kind::Personal => &mut program.profile[field].personal,
                // What is kept with a number is there for whoever calls from it, however it was come by.
                Kind::Guarded => continue,
            },
        };
        new |= !*mark;
        *mark = true;
    }
    new
}
