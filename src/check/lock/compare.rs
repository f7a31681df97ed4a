//! What a program breaks of a lock, and two locks told apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::text::{self, Line};
use super::walk::{self, Place};
use super::{Dialled, Lock, name, names};
use crate::check::codes;
use crate::menu::{Position, Program};
use crate::source::{Diagnostic, Files, Span, suggest};

/// How many places a finding names.
const NAMED: usize = 3;

/// What has changed between two locks, by path. In words, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths that are new, with their places.
    pub added: BTreeMap<Dialled, BTreeSet<String>>,
    /// Paths that lead to other places: those before, and those after.
    pub moved: BTreeMap<Dialled, (BTreeSet<String>, BTreeSet<String>)>,
    /// Paths that lead nowhere any more, with the places to which they led.
    pub gone: BTreeMap<Dialled, BTreeSet<String>>,
}

/// What is new, other and gone in `new`.
pub fn changes(old: &Lock, new: &Lock) -> Changes {
    let mut changes = Changes::default();
    for (dialled, places) in &new.paths {
        match old.paths.get(dialled) {
            None => _ = changes.added.insert(dialled.clone(), places.clone()),
            Some(before) if before != places => {
                changes.moved.insert(dialled.clone(), (before.clone(), places.clone()));
            }
            Some(_) => {}
        }
    }
    let gone = old.paths.iter().filter(|(dialled, _)| !new.paths.contains_key(dialled));
    changes.gone = gone.map(|(dialled, places)| (dialled.clone(), places.clone())).collect();
    changes
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.moved.is_empty() && self.gone.is_empty()
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (dialled, places) in &self.added {
            writeln!(f, "new: {dialled} leads to {}", listed(places))?;
        }
        for (dialled, (before, after)) in &self.moved {
            writeln!(f, "moved: {dialled} led to {}, and leads to {}", listed(before), listed(after))?;
        }
        for (dialled, places) in &self.gone {
            writeln!(f, "gone: {dialled} led to {}", listed(places))?;
        }
        Ok(())
    }
}

fn listed(places: &BTreeSet<String>) -> String {
    places.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What the folder's lock promises and the program does not keep. Nothing where the folder has no lock.
pub fn check(program: &Program, files: &Files) -> Vec<Diagnostic> {
    let (lines, mut findings) = text::lines(files);
    let mut broken: Vec<Broken> = Vec::new();
    let lines = lines.unwrap_or_default();
    for same in lines.chunk_by(|line, next| line.dialled == next.dialled) {
        let Some(one) = Broken::of(program, same) else { continue };
        // Paths come before those behind them: whoever mends the shortest mends most of these.
        match broken.iter_mut().rev().find(|other| one.dialled.begins_with(&other.dialled)) {
            Some(shorter) => shorter.behind += 1,
            None => broken.push(one),
        }
    }
    // An option written in front of others moves all of them: that is one mistake.
    for moved in broken.chunk_by(Broken::moves) {
        match moved {
            [first, _, .., last] => findings.push(first.finding(program, Some((last, behind(moved))))),
            few => findings.extend(few.iter().map(|one| one.finding(program, None))),
        }
    }
    findings
}

/// How many longer paths have changed with these.
fn behind(broken: &[Broken]) -> usize {
    broken.iter().map(|broken| broken.behind).sum()
}

/// A path that does not lead where it led.
struct Broken {
    dialled: Dialled,
    /// All that the lock says of it, and which of that is so no more.
    before: BTreeSet<String>,
    lost: Vec<String>,
    /// Where the lock says the first that is lost.
    span: Span,
    leads: BTreeSet<Place>,
    now: BTreeSet<String>,
    /// How many longer paths do not either.
    behind: usize,
}

impl Broken {
    /// `lines` are all of one path.
    fn of(program: &Program, lines: &[Line]) -> Option<Self> {
        let dialled = lines.first()?.dialled.clone();
        let leads = walk::leads(program, &dialled);
        let now = names(program, &leads);
        let lost: Vec<&Line> = lines.iter().filter(|line| !now.contains(&line.place)).collect();
        let span = lost.first()?.span;
        let lost = lost.iter().map(|line| line.place.clone()).collect();
        let before = lines.iter().map(|line| line.place.clone()).collect();
        Some(Self { dialled, before, lost, span, leads, now, behind: 0 })
    }

    /// Whether the path beside it leads now where this one led.
    fn moves(&self, next: &Self) -> bool {
        !self.now.is_empty() && next.dialled.is_beside(&self.dialled) && self.before == next.now
    }

    /// `moved` is the last of several paths that have moved by one, this one the first, and how many behind all of them.
    fn finding(&self, program: &Program, moved: Option<(&Self, usize)>) -> Diagnostic {
        let dialled = &self.dialled;
        let beside = moved.map_or_else(String::new, |(last, _)| {
            format!("; the paths beside it, up to `{}`, each lead where the one before led", last.dialled)
        });
        let it = if moved.is_some() { "them" } else { "it" };
        let changed = match moved.map_or(self.behind, |(_, behind)| behind) {
            0 => beside,
            1 => format!("{beside}, and one path behind {it} has changed as well"),
            more => format!("{beside}, and {more} paths behind {it} have changed as well"),
        };
        let led = some(&self.lost);
        let each = if moved.is_some() { ", for each of them" } else { "" };
        let accept =
            format!("run `gramsetu check --accept-moved '{dialled}' FOLDER`, FOLDER being the folder of menus{each}");
        if self.leads.is_empty() {
            let message = format!("`{dialled}` led to {led}, and leads nowhere any more{changed}");
            let remedy = format!("let it lead there again; if nobody dials it any more, {accept}");
            return Diagnostic::error(codes::P_PATH_GONE, self.span, message, remedy);
        }
        let now: Vec<String> = self.now.iter().cloned().collect();
        let message = format!("`{dialled}` led to {led}, and leads to {} now{changed}", some(&now));
        let remedy = format!(
            "put a new option behind the others, so that this leads where it led; if the screen has only a new name, or \
             nobody dials this any more, {accept}"
        );
        let finding = Diagnostic::error(codes::P_PATH_MOVED, self.span, message, remedy);
        match self.new_screen(program) {
            Some(at) => finding.also(program.screen(at).span, "it leads here now"),
            None => finding,
        }
    }

    /// The first screen of a new place that was no part of the old ones: who runs a menu may be all that has changed.
    fn new_screen(&self, program: &Program) -> Option<Position> {
        let is_old = |at: &Position| {
            let screen = name(program, &[*at]);
            self.lost.iter().any(|place| place.split(text::RUNS).any(|old| old == screen))
        };
        let is_new = |place: &&Place| !self.before.contains(&name(program, place));
        let place = self.leads.iter().find(is_new).or(self.leads.first())?;
        place.iter().find(|at| !is_old(at)).or(place.last()).copied()
    }
}

/// `` `a`, `b`, `c` and 2 more ``
fn some(places: &[String]) -> String {
    match places.get(..NAMED) {
        Some(first) if places.len() > NAMED => format!("{} and {} more", suggest::list(first), places.len() - NAMED),
        _ => suggest::list(places),
    }
}
