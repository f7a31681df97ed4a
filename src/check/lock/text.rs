//! The file: a first line that says what it is, then a line for each path and place. Written in one way only, so that a
//! difference between two versions is a difference between their menus, and read back as strictly.

use std::fmt;

use super::{Dialled, Lock};
use crate::check::codes;
use crate::menu::is_menu_name;
use crate::source::{Diagnostic, FileId, Files, Span};

/// Its path in the folder of menus.
pub const FILE: &str = "published.lock";

/// The largest lock that is read, in bytes: that of fifty thousand paths.
pub const MAX_BYTES: usize = 8 << 20;

/// Between a screen that runs a menu and the place within that menu.
pub(super) const RUNS: &str = " > ";

/// What every version's first line begins with; its number comes next.
const MARK: &str = "# What dial paths mean, version ";
/// The whole first line of this version.
const FIRST: &str = "# What dial paths mean, version 1; written by gramsetu publish; commit it";

/// A line that was read: a path, a place that it leads to ([`super::name`]), and where that stands.
pub(super) struct Line {
    pub(super) dialled: Dialled,
    pub(super) place: String,
    pub(super) span: Span,
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST}")?;
        for (dialled, places) in &self.paths {
            places.iter().try_for_each(|place| writeln!(f, "{dialled} {place}"))?;
        }
        Ok(())
    }
}

/// The lock of a folder; `None` where it has none, otherwise what is wrong with it.
pub fn read(files: &Files) -> Result<Option<Lock>, Vec<Diagnostic>> {
    let (lines, findings) = lines(files);
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut lock = Lock::default();
    let Some(lines) = lines else { return Ok(None) };
    for line in lines {
        lock.paths.entry(line.dialled).or_default().insert(line.place);
    }
    Ok(Some(lock))
}

/// The lines that can be read, and what is wrong with the others; no lines where the folder has no such file.
pub(super) fn lines(files: &Files) -> (Option<Vec<Line>>, Vec<Diagnostic>) {
    let Some((id, _)) = files.iter().find(|(_, file)| file.path == FILE) else { return (None, Vec::new()) };
    let text = match files.text(id, MAX_BYTES) {
        Ok(text) => text,
        Err(finding) => return (None, vec![*finding]),
    };
    let (mut read, mut findings): (Vec<Line>, _) = (Vec::new(), Vec::new());
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        let span = span(id, start, line.len());
        start += whole.len();
        if number == 0 {
            if line != FIRST {
                findings.push(not_first(line, span));
                return (None, findings);
            }
            continue;
        }
        let Some((dialled, place)) = split(line) else {
            let message = "this is not a dial path and the screen that it leads to";
            let remedy = "write it like `*123*4# epfo.balance/list`, or `*123*5# mandi.prices/place > places.district/pick_state` \
                          where a screen runs the menu of another";
            findings.push(Diagnostic::error(codes::P_LOCK, span, message, remedy));
            continue;
        };
        if let Some(before) = read.last().filter(|before| (&before.dialled, &before.place) >= (&dialled, &place)) {
            let message = "this line does not stand behind the one that comes before it in order";
            let remedy = "sort the lines by what is dialled, each number by its size, and keep each line once";
            let finding = Diagnostic::error(codes::P_LOCK, span, message, remedy);
            findings.push(finding.also(before.span, "comes before it"));
            continue;
        }
        read.push(Line { dialled, place, span });
    }
    if text.is_empty() {
        findings.push(not_first("", span(id, 0, 0)));
    }
    (Some(read), findings)
}

fn split(line: &str) -> Option<(Dialled, String)> {
    let (dialled, place) = line.split_once(' ')?;
    let is_place = place.split(RUNS).all(is_screen);
    Some((Dialled::parse(dialled).filter(|_| is_place)?, place.to_owned()))
}

fn is_screen(text: &str) -> bool {
    // A screen is named as menus are, without dots.
    text.split_once('/').is_some_and(|(menu, name)| is_menu_name(menu) && is_menu_name(name) && !name.contains('.'))
}

fn not_first(line: &str, span: Span) -> Diagnostic {
    if line.starts_with(MARK) {
        let message = "this version of the lock is not known here";
        return Diagnostic::error(
            codes::P_LOCK,
            span,
            message,
            "use the version of gramsetu that wrote it, or a later one",
        );
    }
    let message = "the file does not begin as the lock of dial paths does";
    let remedy = "take it from the last commit in which it was whole, and do not write its first line by hand";
    Diagnostic::error(codes::P_LOCK, span, message, remedy)
}

fn span(file: FileId, start: usize, length: usize) -> Span {
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Span { file, start: at(start), end: at(start.saturating_add(length)) }
}
