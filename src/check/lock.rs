//! `published.lock`: what dial paths mean, so that those on posters, in phones and in people's messages go on meaning it.
//!
//! A *dial path* is a service code and keys of options behind it: `*123*4*1#`. The lock has a line for each place that one
//! leads to: a screen, behind those that run its menu. Who runs a menu is part of what a path means: many ask for a district
//! by the same menu, and go on to other things. The lock is written by `gramsetu publish`, and kept in the folder of menus;
//! every check compares it with what the menus say now. New paths are told by whoever publishes; one that has moved or is
//! gone is refused, until somebody accepts it.
//!
//! * `walk` says where a path leads, and finds all that are worth a promise; what is promised and what is not stands there.
//! * `text` writes the file and reads it back.
//! * `compare` finds what a program breaks of a lock, and tells two locks apart in words.
//!
//! Nothing here writes to a disk. The file is no part of a program: its version is the same with and without it.

mod compare;
mod dialled;
mod text;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::walk::Place;
use crate::menu::{Position, Program};

pub use compare::{Changes, changes, check};
pub use dialled::Dialled;
pub use text::{FILE, MAX_BYTES, read};

/// What dial paths mean: each with the places that it leads to, written `menu/screen`, or `menu/screen > menu/screen` where
/// the first runs the menu of the second. There are several where a branch decides; one is never without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    paths: BTreeMap<Dialled, BTreeSet<String>>,
}

/// The dial paths of a program.
pub fn of(program: &Program) -> Lock {
    let paths = walk::all(program).into_iter();
    Lock { paths: paths.map(|(dialled, places)| (dialled, names(program, &places))).collect() }
}

impl Lock {
    /// What is to be promised once `program` is published: its own paths, and what was promised before and still holds. Of
    /// several ways to a screen only the shortest is followed on by [`of`]; what was once promised stays so, though another
    /// way may be the shortest now.
    #[must_use]
    pub fn renewed(&self, program: &Program) -> Self {
        let mut renewed = of(program);
        for (dialled, screens) in &self.paths {
            let leads = names(program, &walk::leads(program, dialled));
            if screens.iter().any(|screen| leads.contains(screen)) {
                renewed.paths.insert(dialled.clone(), leads);
            }
        }
        renewed
    }

    /// Accepts that a path, and all behind it, lead elsewhere or nowhere now. What has changed by that; `None` where the
    /// lock has no such path.
    pub fn accept(&mut self, program: &Program, moved: &Dialled) -> Option<Changes> {
        if !self.paths.contains_key(moved) {
            return None;
        }
        let before = self.clone();
        let behind: Vec<Dialled> = self.paths.keys().filter(|path| path.begins_with(moved)).cloned().collect();
        for path in behind {
            let leads = names(program, &walk::leads(program, &path));
            if leads.is_empty() {
                self.paths.remove(&path);
            } else {
                self.paths.insert(path, leads);
            }
        }
        Some(changes(&before, self))
    }

    /// Every path with the places that it leads to, in the order of the file.
    pub fn paths(&self) -> impl Iterator<Item = (&Dialled, &BTreeSet<String>)> {
        self.paths.iter()
    }
}

fn names(program: &Program, places: &BTreeSet<Place>) -> BTreeSet<String> {
    places.iter().map(|place| name(program, place)).collect()
}

/// `mandi.prices/place > places.district/pick_state`: a screen, with those that run its menu in front of it.
pub fn name(program: &Program, place: &[Position]) -> String {
    let screens = place.iter().map(|at| format!("{}/{}", program.menu(at.menu).name, program.screen(*at).name));
    screens.collect::<Vec<_>>().join(text::RUNS)
}
