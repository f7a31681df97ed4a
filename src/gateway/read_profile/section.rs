//! One map of a profile: takes its known keys out and reports what is unknown, missing or of the wrong shape; and reads the
//! simple values.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use crate::gateway::codes;
use crate::source::shape::{self, Map};
use crate::source::suggest::{list, nearest};
use crate::source::{Diagnostic, Entry, Node, Span, Spanned};

/// What is wrong with a profile.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Findings(Vec<Diagnostic>);

impl Findings {
    pub(in crate::gateway) fn push(&mut self, finding: Diagnostic) {
        self.0.push(finding);
    }

    pub(in crate::gateway) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Diagnostic::error(code, span, message, remedy));
    }

    pub(in crate::gateway) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::gateway) fn into_inner(self) -> Vec<Diagnostic> {
        self.0
    }

    /// One of the words of a closed list.
    pub(in crate::gateway) fn choice<T: Copy>(&mut self, text: &Spanned<String>, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(word, _)| *word == text.value).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let message = format!("`{}` is not one of {}", text.value, list(&words));
            let remedy = nearest(&text.value, words.iter().copied())
                .map_or_else(|| "write one of these words".to_owned(), |near| format!("did you mean `{near}`?"));
            self.error(codes::NOT_A_CHOICE, text.span, message, remedy);
        }
        found
    }

    pub(in crate::gateway) fn number<T>(&mut self, text: &Spanned<String>, range: RangeInclusive<T>) -> Option<T>
    where
        T: Copy + PartialOrd + FromStr + Display,
    {
        let number = text.value.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!("`{}` is not a number from {} to {}", text.value, range.start(), range.end());
            self.error(codes::BAD_AMOUNT, text.span, message, "write such a number in digits");
        }
        number
    }

    /// `500ms`, `10s`, `3m`, `1h`
    pub(in crate::gateway) fn duration(
        &mut self,
        text: &Spanned<String>,
        range: RangeInclusive<Duration>,
    ) -> Option<Duration> {
        let duration = crate::text::duration(&text.value).filter(|duration| range.contains(duration));
        if duration.is_none() {
            let (from, to) = (range.start().as_secs(), range.end().as_secs());
            let message = format!("`{}` is not a time from {from}s to {to}s", text.value);
            self.error(codes::BAD_AMOUNT, text.span, message, "write a whole number with `ms`, `s`, `m` or `h`: `10s`");
        }
        duration
    }
}

/// The keys of one map, as far as they have been asked for.
#[derive(Debug)]
pub(in crate::gateway) struct Section<'a> {
    entries: &'a [Entry],
    /// What the map is: `a profile`, `` `replies` ``.
    what: String,
    /// What it may hold; nothing for a map whose names are the file's own.
    map: Option<&'static Map>,
    span: Span,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// A map whose names are the file's own.
    pub(in crate::gateway) fn of(node: &'a Node, what: impl Into<String>, findings: &mut Findings) -> Option<Self> {
        Self::read(node, what.into(), None, findings)
    }

    /// A map of keys that its shape declares.
    pub(in crate::gateway) fn shaped(node: &'a Node, map: &'static Map, findings: &mut Findings) -> Option<Self> {
        Self::read(node, map.what.to_owned(), Some(map), findings)
    }

    fn read(node: &'a Node, what: String, map: Option<&'static Map>, findings: &mut Findings) -> Option<Self> {
        if let Node::Map(entries, span) = node {
            return Some(Self { entries, what, map, span: *span, known: Vec::new() });
        }
        let message = format!("{what} is a map of keys and values");
        findings.error(codes::WRONG_SHAPE, node.span(), message, "write `key: value` lines, indented below it");
        None
    }

    pub(in crate::gateway) fn span(&self) -> Span {
        self.span
    }

    pub(in crate::gateway) fn entries(&self) -> &'a [Entry] {
        self.entries
    }

    pub(in crate::gateway) fn get(&mut self, key: &'static str) -> Option<&'a Entry> {
        if let Some(map) = self.map {
            shape::asked(map, None, key);
        }
        self.known.push(key);
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// A text that may be there.
    pub(in crate::gateway) fn text(
        &mut self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<&'a Spanned<String>> {
        text(&self.get(key)?.value, findings)
    }

    /// A text that must be there.
    pub(in crate::gateway) fn required(
        &mut self,
        key: &'static str,
        findings: &mut Findings,
    ) -> Option<&'a Spanned<String>> {
        let entry = self.get(key).or_else(|| self.missing(key, findings))?;
        text(&entry.value, findings)
    }

    /// A map that must be there.
    pub(in crate::gateway) fn section(&mut self, key: &'static str, findings: &mut Findings) -> Option<Self> {
        let entry = self.get(key).or_else(|| self.missing(key, findings))?;
        Self::read(&entry.value, format!("`{key}`"), self.map.and_then(|map| map.below(key)), findings)
    }

    /// A map that may be there.
    pub(in crate::gateway) fn optional(&mut self, key: &'static str, findings: &mut Findings) -> Option<Self> {
        let entry = self.get(key)?;
        Self::read(&entry.value, format!("`{key}`"), self.map.and_then(|map| map.below(key)), findings)
    }

    /// Whether a key is there, whatever it holds.
    pub(in crate::gateway) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key.value == key)
    }

    /// Where to point when something of the map is missing: the whole of it would underline half the file.
    pub(in crate::gateway) fn place(&self) -> Span {
        self.entries.first().map_or(self.span, |entry| entry.key.span)
    }

    /// Reports that a key is missing; never anything, so that it can stand in for the key.
    pub(in crate::gateway) fn missing(&self, key: &str, findings: &mut Findings) -> Option<&'a Entry> {
        let message = format!("{} needs the key `{key}`", self.what);
        findings.error(codes::MISSING_KEY, self.place(), message, format!("add `{key}:`"));
        None
    }

    /// Reports the keys that nobody asked for.
    pub(in crate::gateway) fn finish(self, findings: &mut Findings) {
        for entry in self.entries {
            let key = entry.key.value.as_str();
            if self.known.contains(&key) {
                continue;
            }
            let message = format!("{} has no key `{key}`", self.what);
            let remedy = match nearest(key, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its keys are {}", list(&self.known)),
            };
            findings.error(codes::UNKNOWN_KEY, entry.key.span, message, remedy);
        }
    }
}

/// A text that is not empty.
pub(in crate::gateway) fn text<'a>(node: &'a Node, findings: &mut Findings) -> Option<&'a Spanned<String>> {
    match node {
        Node::Text(text) if text.value.trim().is_empty() => {
            findings.error(codes::WRONG_SHAPE, text.span, "an empty value", "write a value, or delete the key");
            None
        }
        Node::Text(text) => Some(text),
        _ => {
            let message = "several values where one is expected";
            findings.error(codes::WRONG_SHAPE, node.span(), message, "write one text after the colon");
            None
        }
    }
}

/// One text, or a list of them.
pub(in crate::gateway) fn texts<'a>(node: &'a Node, findings: &mut Findings) -> Option<Vec<&'a Spanned<String>>> {
    match node {
        Node::List(items, _) => items.iter().map(|item| text(item, findings)).collect(),
        _ => text(node, findings).map(|text| vec![text]),
    }
}

/// Whether a slot can be called so: small letters and underscores.
pub(in crate::gateway) fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
