//! Where dial paths lead, followed as the engine follows them (`engine/path.rs`), but without a citizen: nothing is known of
//! who dials, so that every way is followed that the keys alone may take.
//!
//! * A branch may go any of its ways, a list may be empty, and a menu that is run comes back: one path may lead to several
//!   screens.
//! * A department is taken to answer: where its failures lead is no meaning of a path.
//! * An option that is only there under a condition counts as there.
//! * A path ends in front of an answer of the citizen's own (a value, a row), of what is only there to be read, and of what
//!   changes something. Words in the place of numbers are not promised, nor is `back`, which leads where somebody came from.
//! * A screen that lists the languages, where a code begins, takes no key.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::Dialled;
use crate::menu::{Among, ChoiceOption, Entry, Position, Program, RowSource, Screen, Target, Verb};
use crate::phone::DialString;

/// Keys behind a code; nobody prints longer ones.
const MOST_KEYS: usize = 12;
/// Paths of a program. The shortest come first, so that it is the longest ones that are left out.
const MOST_PATHS: usize = 50_000;
/// Menus that may be under way at once, as many as the engine's.
const MENUS_DEEP: usize = 16;
/// Places looked at between two screens with a person; programs that `check` passes stay far below.
const MOST_PASSED: usize = 1_000;

/// Where a dialogue stands: the menus under way, each but the last on its `run`. Never empty.
pub(super) type Place = Vec<Position>;

/// The places to which a path leads; none where it leads nowhere.
pub(super) fn leads(program: &Program, dialled: &Dialled) -> BTreeSet<Place> {
    let Some((entry, keys)) = split(program, dialled) else { return BTreeSet::new() };
    let walker = Walker { program, entry };
    let mut places = walker.begin();
    for key in &keys {
        places = walker.press(&places, |pressed| pressed == *key).remove(key).unwrap_or_default();
    }
    places.into_iter().collect()
}

/// Every path of options, with the places to which it leads. Of several ways to the same place only the shortest is followed
/// on: menus lead to each other and back home, and what comes behind is the same by every way.
pub(super) fn all(program: &Program) -> BTreeMap<Dialled, BTreeSet<Place>> {
    let mut found = BTreeMap::new();
    let mut followed: HashSet<(&str, Vec<Place>)> = HashSet::new();
    let mut open: VecDeque<(Walker<'_>, Vec<u16>, Vec<Place>)> = VecDeque::new();
    for entry in &program.ussd {
        let walker = Walker { program, entry };
        open.push_back((walker, Vec::new(), walker.begin()));
    }
    while let Some((walker, keys, places)) = open.pop_front() {
        let dialled = Dialled::of(&walker.entry.code, &keys);
        // What is dialled may belong to another, longer code.
        let is_own = split(program, &dialled).is_some_and(|(entry, _)| entry.code == walker.entry.code);
        if places.is_empty() || !is_own {
            continue;
        }
        if found.len() == MOST_PATHS {
            break;
        }
        found.insert(dialled, places.iter().cloned().collect());
        if keys.len() == MOST_KEYS || !followed.insert((walker.entry.code.bare(), places.clone())) {
            continue;
        }
        for (key, places) in walker.press(&places, |_| true) {
            open.push_back((walker, keys.iter().copied().chain([key]).collect(), places));
        }
    }
    found
}

/// The entry that is dialled and the keys behind it; `None` where no code is so, or a key is none of a phone's options.
fn split<'p>(program: &'p Program, dialled: &Dialled) -> Option<(&'p Entry, Vec<u16>)> {
    let codes = program.ussd.iter().map(|entry| &entry.code);
    let dialled = DialString::parse(&dialled.to_string(), codes)?;
    let keys = dialled.path.iter().map(|key| key.parse().ok()).collect::<Option<_>>()?;
    Some((program.entry(&dialled.code)?, keys))
}

/// Dials one code.
#[derive(Clone, Copy)]
struct Walker<'p> {
    program: &'p Program,
    entry: &'p Entry,
}

impl<'p> Walker<'p> {
    fn start(&self) -> Position {
        let menu = self.entry.menu;
        Position { menu, screen: self.program.menu(menu).start }
    }

    fn screen(&self, place: &[Position]) -> Option<&'p Screen> {
        place.last().map(|at| self.program.screen(*at))
    }

    /// Where the code alone leads.
    fn begin(&self) -> Vec<Place> {
        self.meets([vec![self.start()]])
    }

    /// By key, where the options of these places lead; those of other keys than wanted are left out.
    fn press(&self, places: &[Place], wanted: impl Fn(u16) -> bool) -> BTreeMap<u16, Vec<Place>> {
        let mut pressed: BTreeMap<u16, Vec<Place>> = BTreeMap::new();
        let mut passed: HashSet<Place> = HashSet::new();
        let mut open: Vec<Place> = places.to_vec();
        while let Some(place) = open.pop() {
            let Some(screen) = self.screen(&place) else { continue };
            if let Some(next) = self.in_the_present_language(&place, screen) {
                if passed.len() < MOST_PASSED && passed.insert(place.clone()) {
                    open.extend(self.meets(self.go(place, next)));
                }
                continue;
            }
            for (number, option) in (1..=u16::MAX).zip(pressable(screen)) {
                let key = option.key.unwrap_or(number);
                if wanted(key) && !option.changes {
                    pressed.entry(key).or_default().extend(self.go(place.clone(), option.go));
                }
            }
        }
        let met = pressed.into_iter().map(|(key, places)| (key, self.meets(places)));
        met.filter(|(_, places)| !places.is_empty()).collect()
    }

    /// Where the languages are passed without a key.
    fn in_the_present_language(&self, place: &[Position], screen: &Screen) -> Option<Target> {
        let Verb::Choose(choose) = &screen.verb else { return None };
        match &choose.among {
            Among::List { list, next, changes: false, .. }
                if place.last() == Some(&self.start()) && matches!(list.source, RowSource::Languages) =>
            {
                Some(*next)
            }
            _ => None,
        }
    }

    /// The places with a person that come next, in a stable order.
    fn meets(&self, from: impl IntoIterator<Item = Place>) -> Vec<Place> {
        let mut met = BTreeSet::new();
        let mut passed: HashSet<Place> = HashSet::new();
        let mut open: Vec<Place> = from.into_iter().collect();
        while let Some(place) = open.pop() {
            let Some(screen) = self.screen(&place) else { continue };
            if passed.len() == MOST_PASSED || !passed.insert(place.clone()) {
                continue;
            }
            if screen.verb.has_a_person() {
                let none = screen.verb.rows().and_then(|rows| rows.none);
                open.extend(none.and_then(|none| self.go(place.clone(), none)));
                met.insert(place);
                continue;
            }
            match &screen.verb {
                Verb::Call(call) => open.extend(self.go(place, call.next)),
                Verb::Branch(arms) => open.extend(arms.iter().filter_map(|arm| self.go(place.clone(), arm.go))),
                Verb::Set(set) => open.extend(self.go(place, set.next)),
                Verb::Run(run) if place.len() < MENUS_DEEP => {
                    let mut inside = place;
                    inside.push(Position { menu: run.menu, screen: self.program.menu(run.menu).start });
                    open.push(inside);
                }
                _ => {}
            }
        }
        met.into_iter().collect()
    }

    /// Where a target leads from a place; `None` where that is not known from keys alone.
    fn go(&self, mut place: Place, target: Target) -> Option<Place> {
        let start = |menu| Position { menu, screen: self.program.menu(menu).start };
        match target {
            Target::Screen(screen) => place.last_mut()?.screen = screen,
            Target::Menu(menu) => place = vec![start(menu)],
            Target::Home => place = vec![start(self.program.home)],
            Target::Return => {
                place.pop();
                let Some(runs) = place.last() else { return Some(vec![start(self.program.home)]) };
                let Verb::Run(run) = &self.program.screen(*runs).verb else { return None };
                // At most as deep again as menus are under way: each `return` leaves one.
                return self.go(place, run.next);
            }
            Target::Back | Target::Sorry => return None,
        }
        Some(place)
    }
}

/// The options that a dial path may choose; none where it stops.
fn pressable(screen: &Screen) -> &[ChoiceOption] {
    if screen.verb.rows().is_some() { &[] } else { screen.verb.options() }
}
