//! The texts of one language as a PO file.

use super::{State, context, state};
use crate::author::po::{Entry, Po};
use crate::menu::{Catalogue, Group, SourceText};
use crate::source::{Files, Span};

/// All texts with what there is of them in a language, by its place in [`Catalogue::languages`]; of one menu, or all.
///
/// Stale translations are `fuzzy`. What they were made from is not known any more (a fingerprint is no text), so that there
/// is no `#| msgid`.
pub fn export(catalogue: &Catalogue, files: &Files, language: usize, menu: Option<&str>) -> Po {
    let code = catalogue.languages.get(language).map_or("", String::as_str);
    // gettext wants all of these. There is no date and no version: the same menus give the same file.
    let header = [
        ("Project-Id-Version", "menus"),
        ("PO-Revision-Date", ""),
        ("Last-Translator", ""),
        ("Language-Team", ""),
        ("Language", code),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("X-Generator", "gramsetu"),
        // Some tools write the other one in their own way: `hi@latin`.
        ("X-Gramsetu-Language", code),
    ];
    let groups = catalogue.groups.iter().filter(|group| menu.is_none_or(|menu| group.name() == menu));
    Po {
        header: header.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        entries: groups
            .flat_map(|group| group.texts.iter().filter_map(move |text| entry(group, text, language, files)))
            .collect(),
    }
}

fn entry(group: &Group, text: &SourceText, language: usize, files: &Files) -> Option<Entry> {
    let (translation, fuzzy) = match state(group, language, text)? {
        State::Fresh(found) => (found.text.clone(), false),
        State::Stale(found) => (found.text.clone(), true),
        State::Missing => (String::new(), false),
    };
    Some(Entry {
        notes: notes(text),
        reference: text.span.map(|span| place(span, files)),
        fuzzy,
        context: Some(context(group, &text.id)),
        source: text.text.clone(),
        translation,
        ..Entry::default()
    })
}

fn notes(text: &SourceText) -> Vec<String> {
    let mut notes = Vec::new();
    if text.id == "title" {
        notes.push("For the people who read the menu's file: no phone shows it.".to_owned());
    }
    if text.id.contains(".options.") {
        notes.push("The label of an option: its number stands before it.".to_owned());
    }
    if text.text.contains("{{") {
        notes.push("Keep what stands from {{ to }} as it is; it may stand elsewhere in the text.".to_owned());
    }
    notes
}

fn place(span: Span, files: &Files) -> String {
    let file = files.get(span.file);
    let before = file.text.get(..span.start as usize).unwrap_or_default();
    format!("{}:{}", file.path, before.matches('\n').count() + 1)
}
