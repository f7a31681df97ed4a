//! What a file that people write may look like: its maps, their keys, and what each key holds and means.
//!
//! A shape is written once. Readers take the known keys of a map from it, so that they cannot read a key that it does not
//! have; schemas for editors and the page of all keys are written from it. It says less than a reader proves: a name that
//! nothing fills has the right shape.

/// A map of keys and values. Each has one name, `what`, in messages and in schemas.
#[derive(Debug)]
pub struct Map {
    /// With its article, as messages say it: `a screen`.
    pub what: &'static str,
    /// What it is for, in a sentence or two.
    pub means: &'static str,
    pub keys: &'static [Key],
    /// Exactly one of these keys stands in the map and decides what may stand beside it: the verb of a screen. Where two may
    /// stand together, the first in this order decides. Empty for a map of one kind.
    pub kinds: &'static [Kind],
    /// Keys of the file's own, such as names of screens.
    pub others: Option<Others>,
    pub rules: &'static [Rule],
}

/// A key that decides what a map is, and the keys that only this kind has.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub key: Key,
    pub beside: &'static [Key],
    pub rules: &'static [Rule],
}

#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub value: Value,
    /// What it means, in Markdown.
    pub means: &'static str,
    pub required: bool,
    /// Values as they are written.
    pub examples: &'static [&'static str],
}

/// Names that the file makes up itself, with what each holds.
#[derive(Clone, Copy, Debug)]
pub struct Others {
    pub names: Form,
    pub value: &'static Value,
}

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What it is, for the page of all keys: `a duration`.
    pub what: &'static str,
    /// A regular expression that JavaScript and Rust read alike. It may let through what a reader refuses, never the reverse.
    pub pattern: &'static str,
    /// What to write instead of what does not match.
    pub says: &'static str,
    /// Whether a number alone may be it: editors take `12` for one, readers for a text.
    pub number: bool,
    /// Whether an empty text may be it: where nothing is written editors take that for `null`, readers for a text.
    pub empty: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A text that is not empty; it may look like a number or a date.
    Text,
    /// Whatever can be written: the body of a request.
    Any,
    /// `yes` or `no`.
    Flag,
    /// One of some words.
    Words(&'static [&'static str]),
    Form(Form),
    /// A whole number between two.
    Whole(i64, i64),
    Map(&'static Map),
    /// A map with names of the file's own alone, and not empty.
    Named(Form, &'static Value),
    List(&'static Value),
    /// One of these, which differ in shape: a text or a map.
    Either(&'static [Value]),
}

/// What the keys of one map want of each other.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// At least one of these stands there.
    OneOf(&'static [&'static str]),
    /// The first means nothing without the second.
    Needs(&'static str, &'static str),
    /// The two cannot stand beside each other.
    Apart(&'static str, &'static str),
}

impl Map {
    /// A map whose keys are named here, all of one kind.
    pub const fn new(what: &'static str, means: &'static str, keys: &'static [Key]) -> Self {
        Self { what, means, keys, kinds: &[], others: None, rules: &[] }
    }

    #[must_use]
    pub const fn kinds(self, kinds: &'static [Kind]) -> Self {
        Self { kinds, ..self }
    }

    #[must_use]
    pub const fn rules(self, rules: &'static [Rule]) -> Self {
        Self { rules, ..self }
    }

    #[must_use]
    pub const fn others(self, names: Form, value: &'static Value) -> Self {
        Self { others: Some(Others { names, value }), ..self }
    }

    /// The names of the keys that decide.
    pub fn kind_names(&self) -> Vec<&'static str> {
        self.kinds.iter().map(|kind| kind.key.name).collect()
    }

    /// Whether it has this key, where `kind` is what has been decided.
    pub fn has(&self, name: &str, kind: Option<&Kind>) -> bool {
        let beside = kind.map_or(&[][..], |kind| kind.beside);
        let kinds = self.kinds.iter().map(|kind| &kind.key);
        self.keys.iter().chain(kinds).chain(beside).any(|key| key.name == name)
    }

    /// The map that stands under a key.
    pub fn below(&self, name: &str) -> Option<&'static Map> {
        self.keys.iter().find(|key| key.name == name).and_then(|key| match key.value {
            Value::Map(map) => Some(map),
            _ => None,
        })
    }
}

impl Kind {
    pub const fn new(key: Key, beside: &'static [Key]) -> Self {
        Self { key, beside, rules: &[] }
    }

    #[must_use]
    pub const fn rules(self, rules: &'static [Rule]) -> Self {
        Self { rules, ..self }
    }
}

impl Key {
    /// A key that may be left out.
    pub const fn new(name: &'static str, value: Value, means: &'static str) -> Self {
        Self { name, value, means, required: false, examples: &[] }
    }

    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    #[must_use]
    pub const fn like(self, examples: &'static [&'static str]) -> Self {
        Self { examples, ..self }
    }
}

/// The words of a reader's closed list.
pub const fn words<T: Copy, const N: usize>(choices: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut at = 0;
    while at < N {
        words[at] = choices[at].0;
        at += 1;
    }
    words
}

/// Told by readers of each key that they look for: a reader that looks for a key without a shape is a defect.
pub fn asked(map: &'static Map, kind: Option<&Kind>, key: &'static str) {
    debug_assert!(map.has(key, kind), "{} has no key `{key}` in its shape: declare it there", map.what);
    #[cfg(test)]
    record::note(map, kind, key);
}

/// What readers have looked for, so that a test can say which keys of a shape nobody reads.
#[cfg(test)]
pub mod record {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::{Kind, Map};

    thread_local! {
        static ASKED: RefCell<BTreeSet<(&'static str, &'static str, &'static str)>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(map: &Map, kind: Option<&Kind>, key: &'static str) {
        ASKED.with_borrow_mut(|asked| asked.insert((map.what, kind.map_or("", |kind| kind.key.name), key)));
    }

    /// Map, its kind or nothing, and key, as far as this thread has read.
    pub fn taken() -> BTreeSet<(&'static str, &'static str, &'static str)> {
        ASKED.take()
    }
}
