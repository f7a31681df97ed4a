//! How far each language is.

use std::fmt::Write as _;

use serde_json::json;

use super::{State, state};
use crate::menu::Catalogue;

/// One menu in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub language: String,
    /// The menu's name, `system`, or `messages`.
    pub menu: String,
    pub translated: usize,
    /// Ids of texts.
    pub missing: Vec<String>,
    pub stale: Vec<String>,
}

/// By language, then by menu, the bridge's own texts last.
pub fn status(catalogue: &Catalogue) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, language) in catalogue.languages.iter().enumerate().skip(1) {
        for group in &catalogue.groups {
            let (language, menu) = (language.clone(), group.name().to_owned());
            let mut row = Row { language, menu, translated: 0, missing: Vec::new(), stale: Vec::new() };
            for text in &group.texts {
                match state(group, at, text) {
                    Some(State::Fresh(_)) => row.translated += 1,
                    Some(State::Stale(_)) => row.stale.push(text.id.clone()),
                    Some(State::Missing) => row.missing.push(text.id.clone()),
                    None => {}
                }
            }
            rows.push(row);
        }
        if !catalogue.messages.is_empty() {
            rows.push(messages(catalogue, language));
        }
    }
    rows
}

/// Messages have all their texts in one file, and none is stale. Missing are their names.
fn messages(catalogue: &Catalogue, language: &String) -> Row {
    let (translated, missing): (Vec<_>, Vec<_>) =
        catalogue.messages.iter().partition(|message| message.languages.contains(language));
    Row {
        language: language.clone(),
        menu: "messages".to_owned(),
        translated: translated.len(),
        missing: missing.into_iter().map(|message| message.name.clone()).collect(),
        stale: Vec::new(),
    }
}

/// For people: a line for each row, and one for each language.
pub fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.menu.len()).max().unwrap_or_default().max("all menus".len());
    let mut out = String::new();
    let mut line = |language: &str, menu: &str, counts: [&dyn std::fmt::Display; 3]| {
        let [translated, missing, stale] = counts;
        // Writing to a text never fails.
        let _ = writeln!(out, "{language:<10} {menu:<width$} {translated:>10} {missing:>8} {stale:>6}");
    };
    line("language", "menu", [&"translated", &"missing", &"stale"]);
    for language in rows.chunk_by(|a, b| a.language == b.language) {
        let mut total = [0, 0, 0];
        for row in language {
            let counts = [row.translated, row.missing.len(), row.stale.len()];
            line(&row.language, &row.menu, [&counts[0], &counts[1], &counts[2]]);
            total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        if let Some(first) = language.first() {
            line(&first.language, "all menus", [&total[0], &total[1], &total[2]]);
        }
    }
    out
}

/// The same for scripts: an array of objects with `language`, `menu`, `translated` (a number), `missing` and `stale` (ids).
pub fn to_json(rows: &[Row]) -> String {
    let object = |row: &Row| {
        json!({
            "language": row.language,
            "menu": row.menu,
            "translated": row.translated,
            "missing": row.missing,
            "stale": row.stale,
        })
    };
    rows.iter().map(object).collect::<serde_json::Value>().to_string()
}
