//! A PO file that comes back from a translator.
//!
//! The fingerprint that is kept is that of the text which the translator saw: the PO file's `msgid`. Where the text has
//! changed since, the translation arrives as stale.

use std::collections::{BTreeMap, BTreeSet};

use super::find;
use crate::author::edit::{self, Keys};
use crate::author::po::{Entry, Po};
use crate::menu::{Catalogue, Group, SourceText, fingerprint, values};
use crate::source::Files;
use crate::text::is_unseen;

/// What becomes of a PO file.
#[derive(Debug, Default)]
pub struct Imported {
    /// Translation files that change, or are new, in the order of their menus.
    pub files: Vec<Written>,
    /// What a person should know, in the order of the PO file.
    pub notes: Vec<Note>,
    /// Entries that say what the files say already.
    pub same: usize,
    /// Entries without a translation.
    pub untranslated: usize,
    /// Entries that somebody should look at again.
    pub fuzzy: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    /// Within the folder of menus.
    pub path: String,
    pub text: String,
    /// Ids of the texts that are new or changed.
    pub texts: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Note {
    /// Of the PO file, from 1.
    pub line: usize,
    /// The entry's `msgctxt`.
    pub name: String,
    pub fate: Fate,
}

/// What became of an entry, where that is not what its translator expects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fate {
    #[error("imported, but the text has changed since the export: it is stale until somebody reads it again")]
    Stale,
    #[error("left out: it translates an older text, and the menus have a translation of the text as it is now")]
    Older,
    #[error("left out: there is no such text; it was renamed or removed since the export")]
    Unknown,
    #[error("left out: it is kept for a text that is gone (`#~`)")]
    Obsolete,
    #[error("left out: menus have no plural forms")]
    Plural,
    #[error("left out: an entry above it translates the same text")]
    Twice,
    #[error("left out: it has a tab or another character that nobody sees in an editor")]
    Unseen,
    #[error("left out: {0}")]
    Braces(String),
    #[error("left out: it does not show the same values as its text, which shows {0}")]
    Values(String),
    #[error("left out: the file `{0}` is laid out in a way that it cannot be put into; write it there by hand")]
    Layout(String),
}

impl Fate {
    /// Whether a translation was left out that its translator has finished.
    pub fn is_left_out(&self) -> bool {
        *self != Self::Stale
    }
}

/// Why nothing of a PO file can be imported.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("the file does not say its language; its header has neither `X-Gramsetu-Language` nor `Language`")]
    NoLanguage,
    #[error("the file is for `{code}`, into which nothing is translated here; there are {known}")]
    Language { code: String, known: String },
}

/// An entry that is going to be written.
struct Change<'a> {
    text: &'a SourceText,
    entry: &'a Entry,
    stamp: String,
}

/// Finds out what a PO file changes. Nothing is written here.
pub fn import(catalogue: &Catalogue, files: &Files, po: &Po) -> Result<Imported, ImportError> {
    let language = language(catalogue, po)?;
    let mut imported = Imported::default();
    let mut seen = BTreeSet::new();
    let mut changes: BTreeMap<&str, Vec<Change<'_>>> = BTreeMap::new();
    for entry in &po.entries {
        if entry.translation.trim().is_empty() {
            imported.untranslated += 1;
        } else if entry.fuzzy && !entry.obsolete {
            imported.fuzzy += 1;
        } else {
            let judged =
                found(catalogue, entry, &mut seen).and_then(|(group, text)| judge(group, text, language, entry));
            match judged {
                Ok(Some((group, change))) => {
                    if text_of(entry) != text_of_source(change.text) {
                        imported.note(entry, Fate::Stale);
                    }
                    changes.entry(group.name()).or_default().push(change);
                }
                Ok(None) => imported.same += 1,
                Err(fate) => imported.note(entry, fate),
            }
        }
    }
    for group in &catalogue.groups {
        if let Some(changes) = changes.get(group.name()) {
            let code = catalogue.languages.get(language).map_or("", String::as_str);
            write(group, (language, code), changes, files, &mut imported);
        }
    }
    imported.notes.sort_by_key(|note| note.line);
    Ok(imported)
}

impl Imported {
    fn note(&mut self, entry: &Entry, fate: Fate) {
        let name = entry.context.clone().unwrap_or_else(|| entry.source.clone());
        self.notes.push(Note { line: entry.line, name, fate });
    }
}

fn language(catalogue: &Catalogue, po: &Po) -> Result<usize, ImportError> {
    let named = |name| po.header(name).filter(|code| !code.is_empty());
    let code = named("X-Gramsetu-Language").or_else(|| named("Language")).ok_or(ImportError::NoLanguage)?;
    let at = catalogue.languages.iter().position(|known| known.eq_ignore_ascii_case(code)).filter(|at| *at > 0);
    at.ok_or_else(|| ImportError::Language {
        code: code.to_owned(),
        known: catalogue.languages.iter().skip(1).map(String::as_str).collect::<Vec<_>>().join(", "),
    })
}

fn text_of(entry: &Entry) -> &str {
    entry.source.trim()
}

fn text_of_source(text: &SourceText) -> &str {
    text.text.trim()
}

/// The text that an entry translates.
fn found<'a>(
    catalogue: &'a Catalogue,
    entry: &Entry,
    seen: &mut BTreeSet<String>,
) -> Result<(&'a Group, &'a SourceText), Fate> {
    if entry.obsolete {
        return Err(Fate::Obsolete);
    }
    if entry.plural {
        return Err(Fate::Plural);
    }
    let context = entry.context.as_deref().ok_or(Fate::Unknown)?;
    let found = find(catalogue, context).ok_or(Fate::Unknown)?;
    if seen.insert(context.to_owned()) { Ok(found) } else { Err(Fate::Twice) }
}

/// Whether an entry is written: `None` where the files say the same already.
fn judge<'a>(
    group: &'a Group,
    text: &'a SourceText,
    language: usize,
    entry: &'a Entry,
) -> Result<Option<(&'a Group, Change<'a>)>, Fate> {
    let new = entry.translation.trim();
    if new.contains(|c: char| c != '\n' && is_unseen(c)) {
        return Err(Fate::Unseen);
    }
    let wanted = values(&entry.source).map_err(Fate::Braces)?;
    if values(new).map_err(Fate::Braces)? != wanted {
        let none = "none".to_owned();
        let list = wanted.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
        return Err(Fate::Values(if wanted.is_empty() { none } else { list }));
    }
    let stamp = fingerprint(&entry.source);
    let now = fingerprint(&text.text);
    let file = group.translations.get(language).and_then(Option::as_ref);
    if let Some(old) = file.and_then(|file| file.find(&text.id)) {
        let is_fresh = old.of.as_ref() == Some(&now);
        if old.text == new && (is_fresh || old.of.as_ref() == Some(&stamp)) {
            return Ok(None);
        }
        if is_fresh && stamp != now {
            return Err(Fate::Older);
        }
    }
    Ok(Some((group, Change { text, entry, stamp })))
}

/// The keys that lead to a text in a translation file.
fn keys(group: &Group, id: &str) -> Keys {
    let inside = if group.menu.is_some() && id != "title" { Some("screens") } else { None };
    inside.into_iter().chain(id.split('.')).map(str::to_owned).collect()
}

/// Brings one translation file up to date; where it cannot take all together, each text by itself.
fn write(group: &Group, (at, code): (usize, &str), changes: &[Change<'_>], files: &Files, imported: &mut Imported) {
    let of = |id: &str| vec!["of".to_owned(), id.to_owned()];
    let head = ["menu", "language"].map(|key| vec![key.to_owned()]);
    let texts = group.texts.iter().map(|text| keys(group, &text.id));
    let order: Vec<Keys> = head.into_iter().chain(texts).chain(group.texts.iter().map(|text| of(&text.id))).collect();
    let known = group.translations.get(at).and_then(Option::as_ref);
    let file = known.map(|known| files.get(known.file));
    let path = file.map_or_else(|| new_path(group, code, files), |file| file.path.clone());
    let before = file.map_or_else(|| head_of(group, code), |file| file.text.to_string());
    let puts = |change: &Change<'_>| {
        let id = &change.text.id;
        let text = (keys(group, id), change.entry.translation.trim().to_owned());
        let old = known.and_then(|known| known.find(id)).is_some_and(|old| old.text == text.1);
        let stamp = (of(id), change.stamp.clone());
        if old { vec![stamp] } else { vec![text, stamp] }
    };
    let mut now = before;
    let mut written = Vec::new();
    if let Some(all) = edit::put(&now, &changes.iter().flat_map(puts).collect::<Vec<_>>(), &order) {
        now = all;
        written.extend(changes.iter().map(|change| change.text.id.clone()));
    } else {
        for change in changes {
            match edit::put(&now, &puts(change), &order) {
                Some(next) => {
                    now = next;
                    written.push(change.text.id.clone());
                }
                None => imported.note(change.entry, Fate::Layout(path.clone())),
            }
        }
    }
    if !written.is_empty() {
        let text = if now.ends_with('\n') { now } else { now + "\n" };
        imported.files.push(Written { path, text, texts: written });
    }
}

/// `lpg/refill.hi.yaml` beside `lpg/refill.yaml`.
fn new_path(group: &Group, code: &str, files: &Files) -> String {
    let source = group.file.map_or("system.yaml", |file| files.get(file).path.as_str());
    format!("{}.{code}.yaml", source.strip_suffix(".yaml").unwrap_or(source))
}

fn head_of(group: &Group, code: &str) -> String {
    let menu = group.menu.as_ref().map_or_else(String::new, |menu| format!("menu: {menu}\n"));
    format!("{menu}language: {code}\n")
}
