//! What the bridge itself says, and translations: texts by id, with the fingerprints of the texts that they translate.

use super::text::Words;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::shapes;
use crate::source::{Entry, Node, Span, Spanned};

/// `system.yaml`: the bridge's own texts in the first language.
#[derive(Debug)]
pub(in crate::menu) struct SystemFile {
    pub texts: Vec<Translated>,
}

/// `claim.hi.yaml`, `system.hi.yaml`.
#[derive(Debug)]
pub(in crate::menu) struct Translation {
    /// The menu's name; `None` in a translation of the system's texts.
    pub menu: Option<Spanned<String>>,
    pub language: Spanned<String>,
    pub texts: Vec<Translated>,
    /// Fingerprints by text id, as the file has them.
    pub of: Vec<(Spanned<String>, String)>,
}

#[derive(Debug)]
pub(in crate::menu) struct Translated {
    /// `list.options.by_sms`
    pub id: String,
    /// Of a screen's texts, the screen's name.
    pub screen: Option<Spanned<String>>,
    pub key: Span,
    pub words: Words,
}

/// Verbs that have a text, and the texts beside them.
const TEXTS: &[&str] = &["choose", "ask", "show", "end", "row", "prompt", "wrong"];

pub(in crate::menu) fn system(root: &Node, cx: &mut Context<'_>) -> Option<SystemFile> {
    let mut fields = Fields::of(root, &shapes::SYSTEM, root.span(), cx)?;
    let mut texts = Vec::new();
    if let Some(entry) = fields.require("system", cx) {
        keyed(entry, "system", None, &mut texts, cx);
    }
    fields.finish(cx);
    Some(SystemFile { texts })
}

/// Reads a translation; `system` says whether it is one of the bridge's own texts.
pub(in crate::menu) fn translation(root: &Node, is_system: bool, cx: &mut Context<'_>) -> Option<Translation> {
    let top = Span { end: root.span().start, ..root.span() };
    let map = if is_system { &shapes::SYSTEM_TRANSLATION } else { &shapes::TRANSLATION };
    let mut fields = Fields::of(root, map, top, cx)?;
    let language = fields.required_text("language", cx).cloned();
    let mut texts = Vec::new();
    let mut menu = None;
    if is_system {
        if let Some(entry) = fields.require("system", cx) {
            keyed(entry, "system", None, &mut texts, cx);
        }
    } else {
        menu = Some(fields.required_text("menu", cx).cloned());
        if let Some(title) = fields.get("title") {
            translated(title, "title".to_owned(), None, &mut texts, cx);
        }
        for screen in fields.map("screens", cx) {
            screen_texts(screen, &mut texts, cx);
        }
    }
    let mut of = Vec::new();
    for entry in fields.map("of", cx) {
        if let Some(text) = fields::text(entry, cx) {
            of.push((entry.key.clone(), text.value.clone()));
        }
    }
    fields.finish(cx);
    Some(Translation { menu: menu.map_or(Some(None), |menu| menu.map(Some))?, language: language?, texts, of })
}

/// The block of fingerprints, which is the file's last entry.
pub(in crate::menu) fn of_block(root: &Node) -> Option<&Entry> {
    let Node::Map(entries, _) = root else { return None };
    entries.iter().find(|entry| entry.key.value == "of")
}

fn screen_texts(screen: &Entry, texts: &mut Vec<Translated>, cx: &mut Context<'_>) {
    let name = &screen.key.value;
    let Some(mut fields) = Fields::of(&screen.value, &shapes::SCREEN_TEXTS, screen.key.span, cx) else { return };
    for entry in fields.among(TEXTS) {
        translated(entry, format!("{name}.{}", entry.key.value), Some(&screen.key), texts, cx);
    }
    if let Some(options) = fields.get("options") {
        keyed(options, &format!("{name}.options"), Some(&screen.key), texts, cx);
    }
    fields.finish(cx);
}

/// Texts under names of the file's own.
fn keyed(
    entry: &Entry,
    prefix: &str,
    screen: Option<&Spanned<String>>,
    texts: &mut Vec<Translated>,
    cx: &mut Context<'_>,
) {
    for entry in fields::entries_of(entry, cx).unwrap_or_default() {
        translated(entry, format!("{prefix}.{}", entry.key.value), screen, texts, cx);
    }
}

fn translated(
    entry: &Entry,
    id: String,
    screen: Option<&Spanned<String>>,
    texts: &mut Vec<Translated>,
    cx: &mut Context<'_>,
) {
    if let Some(text) = fields::text(entry, cx) {
        texts.push(Translated { id, screen: screen.cloned(), key: entry.key.span, words: Words::read(text, cx) });
    }
}
