//! Carrying texts to translators and back: what is translated, PO files out, PO files in.
//!
//! Columns of tables (`name.hi`) are no part of it: they are translated in the table.

mod export;
mod import;
mod status;

pub use export::export;
pub use import::{Fate, ImportError, Imported, Note, Written, import};
pub use status::{Row, status, table, to_json};

use crate::menu::{Catalogue, Group, SourceText, Translated, fingerprint};

/// What there is of one text in one language.
#[derive(Clone, Copy, Debug)]
enum State<'a> {
    Fresh(&'a Translated),
    /// Made from an older text, or never stamped.
    Stale(&'a Translated),
    Missing,
}

/// `None` where nothing is there and nothing is wanted.
fn state<'a>(group: &'a Group, language: usize, text: &SourceText) -> Option<State<'a>> {
    let file = group.translations.get(language).and_then(Option::as_ref);
    match file.and_then(|file| file.find(&text.id)) {
        Some(found) if found.of.as_deref() == Some(fingerprint(&text.text).as_str()) => Some(State::Fresh(found)),
        Some(found) => Some(State::Stale(found)),
        None => text.wanted.then_some(State::Missing),
    }
}

/// How a PO file names a text: `lpg.refill/what.choose`, `system.back`.
fn context(group: &Group, id: &str) -> String {
    group.menu.as_ref().map_or_else(|| id.to_owned(), |menu| format!("{menu}/{id}"))
}

/// The text that a PO file names.
fn find<'a>(catalogue: &'a Catalogue, context: &str) -> Option<(&'a Group, &'a SourceText)> {
    let (menu, id) = context.split_once('/').map_or((None, context), |(menu, id)| (Some(menu), id));
    let group = catalogue.groups.iter().find(|group| group.menu.as_deref() == menu)?;
    Some((group, group.texts.iter().find(|text| text.id == id)?))
}

#[cfg(test)]
mod tests;
