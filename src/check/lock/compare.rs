//! What a program breaks of a lock, and two locks told apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::text::{self, Line};
use super::{Dialled, Lock, name, walk};
use crate::check::codes;
use crate::menu::{Position, Program};
use crate::source::{Diagnostic, Files, Span, suggest};

/// What has changed between two locks, by path. In words, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths that are new, with their screens.
    pub added: BTreeMap<Dialled, BTreeSet<String>>,
    /// Paths that lead to other screens: those before, and those after.
    pub moved: BTreeMap<Dialled, (BTreeSet<String>, BTreeSet<String>)>,
    /// Paths that lead nowhere any more, with the screens to which they led.
    pub gone: BTreeMap<Dialled, BTreeSet<String>>,
}

/// What is new, other and gone in `new`.
pub fn changes(old: &Lock, new: &Lock) -> Changes {
    let mut changes = Changes::default();
    for (dialled, screens) in &new.paths {
        match old.paths.get(dialled) {
            None => _ = changes.added.insert(dialled.clone(), screens.clone()),
            Some(before) if before != screens => {
                changes.moved.insert(dialled.clone(), (before.clone(), screens.clone()));
            }
            Some(_) => {}
        }
    }
    let gone = old.paths.iter().filter(|(dialled, _)| !new.paths.contains_key(dialled));
    changes.gone = gone.map(|(dialled, screens)| (dialled.clone(), screens.clone())).collect();
    changes
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.moved.is_empty() && self.gone.is_empty()
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (dialled, screens) in &self.added {
            writeln!(f, "new: {dialled} leads to {}", listed(screens))?;
        }
        for (dialled, (before, after)) in &self.moved {
            writeln!(f, "moved: {dialled} led to {}, and leads to {}", listed(before), listed(after))?;
        }
        for (dialled, screens) in &self.gone {
            writeln!(f, "gone: {dialled} led to {}", listed(screens))?;
        }
        Ok(())
    }
}

fn listed(screens: &BTreeSet<String>) -> String {
    screens.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
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
    findings.extend(broken.iter().map(|broken| broken.finding(program)));
    findings
}

/// A path that does not lead where it led.
struct Broken {
    dialled: Dialled,
    /// The first screen to which it does not lead any more, and where the lock says so.
    screen: String,
    span: Span,
    leads: BTreeSet<Position>,
    /// How many longer paths do not either.
    behind: usize,
}

impl Broken {
    /// `lines` are all of one path.
    fn of(program: &Program, lines: &[Line]) -> Option<Self> {
        let dialled = lines.first()?.dialled.clone();
        let leads = walk::leads(program, &dialled);
        let names: BTreeSet<String> = leads.iter().map(|at| name(program, *at)).collect();
        let lost = lines.iter().find(|line| !names.contains(&line.screen))?;
        Some(Self { dialled, screen: lost.screen.clone(), span: lost.span, leads, behind: 0 })
    }

    fn finding(&self, program: &Program) -> Diagnostic {
        let Self { dialled, screen, .. } = self;
        let behind = match self.behind {
            0 => String::new(),
            1 => ", and one path behind it has changed as well".to_owned(),
            more => format!(", and {more} paths behind it have changed as well"),
        };
        let accept = format!("run `gramsetu check --accept-moved '{dialled}'`");
        if self.leads.is_empty() {
            let message = format!("`{dialled}` led to `{screen}`, and leads nowhere any more{behind}");
            let remedy = format!("let it lead there again; if nobody dials it any more, {accept}");
            return Diagnostic::error(codes::P_PATH_GONE, self.span, message, remedy);
        }
        let now: Vec<String> = self.leads.iter().map(|at| name(program, *at)).collect();
        let message = format!("`{dialled}` led to `{screen}`, and leads to {} now{behind}", suggest::list(&now));
        let remedy = format!(
            "let it lead to `{screen}` again, and give what is new another number; if the screen has only a new name, or \
             nobody dials this any more, {accept}"
        );
        let finding = Diagnostic::error(codes::P_PATH_MOVED, self.span, message, remedy);
        self.leads
            .iter()
            .take(1)
            .fold(finding, |finding, at| finding.also(program.screen(*at).span, "it leads here now"))
    }
}
