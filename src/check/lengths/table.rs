//! The table of `check --lengths`.
//!
//! Many gateways have the same limits, and so the same column: each column stands once, under a letter, and the lines above
//! the table say whose it is.

use super::{Found, Length, Pages};
use crate::source::Severity;
use crate::text::{Alphabet, Measure};

/// All lengths as aligned columns: screen, language, size, pages on gateways, and what was found with how much is too much.
/// Beside the pages on those gateways for which it was found stands a `!`, or a `?` where it is a warning.
pub fn table(lengths: &[Length]) -> String {
    let Some(first) = lengths.first() else { return String::new() };
    let columns = columns(lengths);
    let mut out = String::new();
    for (number, gateways) in columns.iter().enumerate() {
        let names = gateways.iter().filter_map(|at| first.pages.get(*at)).map(|on| &*on.gateway);
        out.extend([&*letters(number), ": ", &*names.collect::<Vec<_>>().join(", "), "\n"]);
    }
    let mut head = vec!["screen".to_owned(), "language".to_owned(), "longest".to_owned()];
    head.extend((0..columns.len()).map(letters));
    head.push("found".to_owned());
    let mut rows = vec![head];
    rows.extend(lengths.iter().map(|length| row(length, &columns)));
    out.push_str(&aligned(&rows));
    if lengths.iter().any(|length| !length.found.is_empty()) {
        out.push_str("! is refused, ? is warned of\n");
    }
    out
}

/// Gateways by their place, those together that have the same in every row.
fn columns(lengths: &[Length]) -> Vec<Vec<usize>> {
    let gateways = lengths.first().map_or(0, |length| length.pages.len());
    let has_same = |one: usize, other: usize| {
        lengths.iter().all(|length| length.pages.get(one).map(cell) == length.pages.get(other).map(cell))
    };
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for gateway in 0..gateways {
        match columns.iter_mut().find(|column| column.first().is_some_and(|first| has_same(*first, gateway))) {
            Some(column) => column.push(gateway),
            None => columns.push(vec![gateway]),
        }
    }
    columns
}

/// `A` to `Z`, then `AA` and on, as spreadsheets count columns.
fn letters(number: usize) -> String {
    let last = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26]);
    let before = (number / 26).checked_sub(1).map(letters).unwrap_or_default();
    format!("{before}{last}")
}

fn row(length: &Length, columns: &[Vec<usize>]) -> Vec<String> {
    let mut row = vec![format!("{}/{}", length.menu, length.screen), length.language.clone(), size(length.size)];
    let first = columns.iter().map(|column| column.first().and_then(|at| length.pages.get(*at)));
    row.extend(first.map(|on| on.map_or_else(String::new, |on| format!("{}{}", mark(on.found), on.pages))));
    row.push(length.found.iter().map(found).collect::<Vec<_>>().join(", "));
    row
}

/// What stands in a column.
fn cell(on: &Pages) -> (u16, Option<Severity>) {
    (on.pages, on.found)
}

fn mark(found: Option<Severity>) -> &'static str {
    match found {
        Some(Severity::Error) => "!",
        Some(Severity::Warning) => "?",
        None => "",
    }
}

fn found(found: &Found) -> String {
    let over = found.over.map_or_else(String::new, |over| format!(" ({} too many)", size(over)));
    format!("{}{}{over}", mark(Some(found.severity)), found.code)
}

fn size(measure: Measure) -> String {
    let unit = match measure.alphabet {
        Alphabet::Gsm7 => "septet",
        Alphabet::Ucs2 => "unit",
    };
    format!("{} {unit}{}", measure.size, if measure.size == 1 { "" } else { "s" })
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    // Sizes and pages are numbers, which stand at the right of their columns.
    let numbers = 2..columns.saturating_sub(1);
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if numbers.contains(&column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}
