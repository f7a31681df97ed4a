//! The table of `check --lengths`.

use std::fmt::Write as _;

use super::Length;
use crate::text::{Alphabet, Measure};

/// All lengths as aligned columns: screen, language, size, pages on each gateway, and what was found. A `!` stands beside
/// the pages on those gateways for which it was found. Gateways on which everything takes the same share a column, under the
/// name of the first; who they are is said below.
pub fn table(lengths: &[Length]) -> String {
    let Some(first) = lengths.first() else { return String::new() };
    let columns = columns(first, lengths);
    let mut rows = vec![Vec::from(["screen", "language", "longest"].map(str::to_owned))];
    rows.extend(
        lengths.iter().map(|length| {
            vec![format!("{}/{}", length.menu, length.screen), length.language.clone(), size(length.size)]
        }),
    );
    for column in &columns {
        let cells = std::iter::once(column.head()).chain(column.cells.iter().cloned());
        rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
    }
    let found = std::iter::once("found".to_owned()).chain(lengths.iter().map(|length| length.found.join(" ")));
    rows.iter_mut().zip(found).for_each(|(row, cell)| row.push(cell));
    let mut out = aligned(&rows);
    for column in columns.iter().filter(|column| column.gateways.len() > 1) {
        let _ = writeln!(out, "{}: {}", column.head(), column.gateways.join(", "));
    }
    out
}

/// The gateways with the same cells in every row.
struct Column<'l> {
    gateways: Vec<&'l str>,
    cells: Vec<String>,
}

impl Column<'_> {
    /// `advanta`, `advanta +17`
    fn head(&self) -> String {
        let first = self.gateways.first().copied().unwrap_or_default();
        if self.gateways.len() > 1 { format!("{first} +{}", self.gateways.len() - 1) } else { first.to_owned() }
    }
}

fn columns<'l>(first: &'l Length, lengths: &[Length]) -> Vec<Column<'l>> {
    let mut columns: Vec<Column<'l>> = Vec::new();
    for (at, on) in first.pages.iter().enumerate() {
        let pages = lengths.iter().filter_map(|length| length.pages.get(at));
        let cells: Vec<_> = pages.map(|on| format!("{}{}", if on.refused { "!" } else { "" }, on.pages)).collect();
        match columns.iter_mut().find(|column| column.cells == cells) {
            Some(column) => column.gateways.push(&on.gateway),
            None => columns.push(Column { gateways: vec![&on.gateway], cells }),
        }
    }
    columns
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..columns).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    // Sizes and pages are numbers, which stand at the right of their columns.
    let numbers = 2..widths.len() - 1;
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

fn size(measure: Measure) -> String {
    match measure.alphabet {
        Alphabet::Gsm7 => format!("{} septets", measure.size),
        Alphabet::Ucs2 => format!("{} units", measure.size),
    }
}
