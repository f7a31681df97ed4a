//! A menu file: its name, what it takes and gives, its screens.

use super::names;
use super::screen::screen;
use super::text::Words;
use super::tree::{Declared, MenuTree};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::shapes;
use crate::source::{Entry, Node, Span};

/// Reads a menu file; `None` when it has not even a name.
pub(in crate::menu) fn menu(root: &Node, cx: &mut Context<'_>) -> Option<MenuTree> {
    let top = Span { end: root.span().start, ..root.span() };
    let mut fields = Fields::of(root, &shapes::MENU, top, cx)?;
    let name = fields.required_text("menu", cx).cloned();
    name.as_ref().map(|name| names::menu(name, cx));
    fields.place = name.as_ref().map_or(top, |name| name.span);
    let title = fields.text("title", cx).map(|title| Words::read(title, cx));
    // Who answers for the service: for the people who read the file.
    fields.text("department", cx);
    let takes = declared(fields.map("takes", cx), cx);
    let gives = declared(fields.map("gives", cx), cx);
    let start = fields.text("start", cx).cloned();
    let entries = fields.require("screens", cx).and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default();
    let mut screens = Vec::new();
    for entry in entries {
        // A bad name is kept: whoever leads here would be blamed otherwise.
        names::screen(&entry.key, cx);
        screens.push(screen(entry, cx));
    }
    fields.finish(cx);
    Some(MenuTree { name: name?, title, takes, gives, start, screens })
}

/// Names with type phrases: `takes`, `gives`, `profile`.
pub(super) fn declared(entries: &[Entry], cx: &mut Context<'_>) -> Vec<Declared> {
    let mut all = Vec::new();
    for entry in entries {
        names::slot(&entry.key, cx);
        all.push(Declared { name: entry.key.clone(), ty: fields::text(entry, cx).cloned() });
    }
    all
}

/// Reports one of two keys that cannot stand beside each other.
pub(super) fn clash(entry: &Entry, with: &str, remedy: &str, cx: &mut Context<'_>) {
    let message = format!("`{}` cannot stand beside `{with}`", entry.key.value);
    cx.error(codes::KEYS_CLASH, entry.key.span, message, remedy);
}
