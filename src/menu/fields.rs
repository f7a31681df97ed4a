//! Takes the known keys out of a map, and reports what is unknown, missing, empty or of the wrong shape.

use super::codes;
use super::context::Context;
use super::suggest;
use crate::source::shape::{self, Kind, Map};
use crate::source::{Diagnostic, Entry, Node, Span, Spanned};

/// Words of the language that later versions bring.
const LATER: &[&str] = &["pay", "call_back", "voice", "web"];

/// The keys of one map, as far as they have been asked for.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    entries: &'a [Entry],
    /// What the map may hold.
    map: &'static Map,
    /// What kind of map it turned out to be.
    kind: Option<&'static Kind>,
    /// Where a missing key is reported: at the name of what the map describes.
    pub place: Span,
    known: Vec<&'static str>,
    /// What is missing, with its finding: a key that is nearly spelled so has one of its own.
    lacking: Vec<(String, Diagnostic)>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(node: &'a Node, map: &'static Map, place: Span, cx: &mut Context<'_>) -> Option<Self> {
        let entries = entries(node, map.what, cx)?;
        Some(Self { entries, map, kind: None, place, known: Vec::new(), lacking: Vec::new() })
    }

    /// The entry of a key that may be there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Entry> {
        shape::asked(self.map, self.kind, key);
        self.known.push(key);
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// The entry of a key that must be there.
    pub(super) fn require(&mut self, key: &'static str, cx: &mut Context<'_>) -> Option<&'a Entry> {
        let found = self.get(key);
        if found.is_none() {
            self.missing(key, cx);
        }
        found
    }

    /// Reports that a key is missing; alternatives stand like `` options` or `from ``.
    pub(super) fn missing(&mut self, key: &str, cx: &mut Context<'_>) {
        let message = format!("{} needs `{key}`", self.map.what);
        let finding = Diagnostic::error(codes::MISSING_KEY, self.place, message, format!("add `{key}:`"));
        self.lacking.push((key.to_owned(), finding.clone()));
        cx.push(finding);
    }

    pub(super) fn text(&mut self, key: &'static str, cx: &mut Context<'_>) -> Option<&'a Spanned<String>> {
        self.get(key).and_then(|entry| text(entry, cx))
    }

    pub(super) fn required_text(&mut self, key: &'static str, cx: &mut Context<'_>) -> Option<&'a Spanned<String>> {
        self.require(key, cx).and_then(|entry| text(entry, cx))
    }

    /// `yes` or `no`; absent is no.
    pub(super) fn flag(&mut self, key: &'static str, cx: &mut Context<'_>) -> bool {
        let Some(text) = self.text(key, cx) else { return false };
        match text.value.as_str() {
            "yes" => true,
            "no" => false,
            other => {
                let message = format!("`{key}` is `yes` or `no`, not `{other}`");
                cx.error(codes::BAD_VALUE, text.span, message, "write `yes`, or leave the key out");
                false
            }
        }
    }

    /// The entries of a map that may be there, with names of the file's own as keys.
    pub(super) fn map(&mut self, key: &'static str, cx: &mut Context<'_>) -> &'a [Entry] {
        match self.get(key) {
            Some(entry) => entries_of(entry, cx).unwrap_or_default(),
            None => &[],
        }
    }

    /// Which of `keys` stand here.
    pub(super) fn among(&mut self, keys: &[&'static str]) -> Vec<&'a Entry> {
        keys.iter().filter_map(|key| self.get(key)).collect()
    }

    /// Which of the keys that decide what the map is stand here. The first does decide: what stands beside it may be asked for
    /// from here on.
    pub(super) fn kinds(&mut self) -> Vec<&'a Entry> {
        let found = self.among(&self.map.kind_names());
        self.kind =
            self.map.kinds.iter().find(|kind| found.first().is_some_and(|entry| entry.key.value == kind.key.name));
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Reports those of `keys` that stand here although `needed`, without which they mean nothing, does not.
    pub(super) fn only_beside(&mut self, needed: &str, keys: &[&'static str], cx: &mut Context<'_>) {
        for entry in self.among(keys) {
            let message = format!("`{}` needs `{needed}`", entry.key.value);
            cx.error(codes::KEYS_CLASH, entry.key.span, message, format!("add `{needed}:`, or delete it"));
        }
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, cx: &mut Context<'_>) {
        for entry in self.entries {
            let key = entry.key.value.as_str();
            if self.known.contains(&key) || cut_off(entry, cx) || not_yet(entry, cx) {
                continue;
            }
            // A slip in the name of a key that must be there is one finding, not two.
            let near = suggest::nearest(key, self.known.iter().copied());
            for (lacking, finding) in &self.lacking {
                if near.is_some_and(|near| lacking.split("` or `").any(|key| key == near)) {
                    cx.findings.retain(|other| other != finding);
                }
            }
            let remedy = suggest::remedy(key, self.known.iter().copied(), "delete it");
            cx.error(codes::UNKNOWN_KEY, entry.key.span, format!("{} has no key `{key}`", self.map.what), remedy);
        }
    }

    /// Reports the keys of later versions, and no other: what stands beside them is theirs.
    pub(super) fn only_later(self, cx: &mut Context<'_>) {
        for entry in self.entries {
            not_yet(entry, cx);
        }
    }
}

pub(super) fn is_later(key: &str) -> bool {
    LATER.contains(&key)
}

/// Reports a key of a later version; says whether it is one.
fn not_yet(entry: &Entry, cx: &mut Context<'_>) -> bool {
    let later = is_later(&entry.key.value);
    if later {
        let message = format!("`{}` is not known in this version", entry.key.value);
        cx.error(codes::NOT_YET, entry.key.span, message, "leave it out until the version that brings it");
    }
    later
}

/// Reports the rest of a text behind a comma; says whether it is one. `{end: Sorry, closed}` has a key `closed` for YAML.
fn cut_off(entry: &Entry, cx: &mut Context<'_>) -> bool {
    let key = &entry.key;
    let text = &cx.files.get(key.span.file).text;
    let behind = text.get(key.span.end as usize..).unwrap_or_default().trim_start();
    let alone = matches!(&entry.value, Node::Text(text) if text.value.is_empty()) && behind.starts_with([',', '}']);
    if alone {
        let message = format!("`{}` stands alone here, without a `:`", key.value);
        let remedy = "inside `{…}` a comma ends a text: put the text in quotes";
        cx.error(codes::UNKNOWN_KEY, key.span, message, remedy);
    }
    alone
}

/// A text that is not empty.
pub(super) fn text<'a>(entry: &'a Entry, cx: &mut Context<'_>) -> Option<&'a Spanned<String>> {
    if cut_off(entry, cx) { None } else { text_of(&entry.value, &entry.key, cx) }
}

/// The same, of a node under a key or in its list.
pub(super) fn text_of<'a>(node: &'a Node, key: &Spanned<String>, cx: &mut Context<'_>) -> Option<&'a Spanned<String>> {
    match node {
        Node::Text(text) if text.value.trim().is_empty() => {
            let span = if text.value.is_empty() { key.span } else { text.span };
            cx.error(codes::EMPTY, span, format!("`{}` is empty", key.value), "write its value, or delete the key");
            None
        }
        Node::Text(text) => Some(text),
        other => {
            wrong_shape(other, &format!("`{}`", key.value), "a text", cx);
            None
        }
    }
}

/// The items of a list under a key.
pub(super) fn list_of<'a>(entry: &'a Entry, cx: &mut Context<'_>) -> Option<&'a [Node]> {
    match &entry.value {
        Node::List(items, _) => Some(items),
        other => {
            wrong_shape(other, &format!("`{}`", entry.key.value), "a list", cx);
            None
        }
    }
}

/// The texts of a list under a key.
pub(super) fn texts_of<'a>(entry: &'a Entry, cx: &mut Context<'_>) -> Option<Vec<&'a Spanned<String>>> {
    let items = list_of(entry, cx)?;
    Some(items.iter().filter_map(|item| text_of(item, &entry.key, cx)).collect())
}

/// The entries of a map under a key, which may not be empty.
pub(super) fn entries_of<'a>(entry: &'a Entry, cx: &mut Context<'_>) -> Option<&'a [Entry]> {
    if matches!(&entry.value, Node::Text(text) if text.value.is_empty())
        || matches!(&entry.value, Node::Map(entries, _) if entries.is_empty())
    {
        let message = format!("`{}` is empty", entry.key.value);
        cx.error(codes::EMPTY, entry.key.span, message, "write its entries, or delete the key");
        return None;
    }
    match &entry.value {
        Node::Map(entries, _) => Some(entries),
        other => {
            wrong_shape(other, &format!("`{}`", entry.key.value), "a map of names and values", cx);
            None
        }
    }
}

fn entries<'a>(node: &'a Node, what: &str, cx: &mut Context<'_>) -> Option<&'a [Entry]> {
    match node {
        Node::Map(entries, _) => Some(entries),
        other => {
            wrong_shape(other, what, "a map of keys and values", cx);
            None
        }
    }
}

pub(super) fn wrong_shape(found: &Node, what: &str, wanted: &str, cx: &mut Context<'_>) {
    let is = match found {
        Node::Text(_) => "a text",
        Node::List(..) => "a list",
        Node::Map(..) => "a map",
    };
    let message = format!("{what} is {wanted}, not {is}");
    cx.error(codes::WRONG_SHAPE, found.span(), message, format!("write {wanted} here"));
}
