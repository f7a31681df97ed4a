//! The table of `check --lengths`.

use super::Length;
use crate::text::{Alphabet, Measure};

/// All lengths as aligned columns: screen, language, size, pages on each gateway, and what was found. A `!` stands beside
/// the pages on those gateways for which it was found.
pub fn table(lengths: &[Length]) -> String {
    let Some(first) = lengths.first() else { return String::new() };
    let mut head = vec!["screen".to_owned(), "language".to_owned(), "longest".to_owned()];
    head.extend(first.pages.iter().map(|on| on.gateway.clone()));
    head.push("found".to_owned());
    let mut rows = vec![head];
    rows.extend(lengths.iter().map(row));
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    // Sizes and pages are numbers, which stand at the right of their columns.
    let numbers = 2..widths.len() - 1;
    let mut out = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if numbers.contains(&column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn row(length: &Length) -> Vec<String> {
    let mut row = vec![format!("{}/{}", length.menu, length.screen), length.language.clone(), size(length.size)];
    row.extend(length.pages.iter().map(|on| format!("{}{}", if on.refused { "!" } else { "" }, on.pages)));
    row.push(length.found.join(" "));
    row
}

fn size(measure: Measure) -> String {
    match measure.alphabet {
        Alphabet::Gsm7 => format!("{} septets", measure.size),
        Alphabet::Ucs2 => format!("{} units", measure.size),
    }
}
