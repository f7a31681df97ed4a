//! The page of all keys, `docs/keys.md`: written from the shapes that the readers are held to.
//!
//! `UPDATE=1 cargo test --test it keys` writes it.

use std::fmt::Write as _;
use std::path::Path;

use gramsetu::gateway::shapes::PROFILE;
use gramsetu::menu::shapes;
use gramsetu::settings::SETTINGS;
use gramsetu::source::shape::{Key, Map, Value};

const HEAD: &str = "\
# Every key of every file

For looking things up; `docs/menus.md` and `docs/gateways.md` explain. This page, what editors show (`docs/authors.md`) and what the
readers know are one declaration (`src/menu/shapes/`, `src/gateway/shapes.rs`, `src/settings/shape.rs`). Keys in bold must be there.
";

#[derive(Default)]
struct Page {
    text: String,
    /// What has its table already.
    done: Vec<&'static str>,
}

impl Page {
    /// The table of a map, then those of the maps in it.
    fn map(&mut self, map: &'static Map, level: &str) {
        if self.done.contains(&map.what) {
            return;
        }
        self.done.push(map.what);
        let _ = write!(self.text, "\n{level} {}\n\n{}\n", capital(map.what), map.means);
        if !map.keys.is_empty() {
            self.table(map.keys.iter());
        }
        for kind in map.kinds {
            // Kinds with nothing beside them share the table below.
            if !kind.beside.is_empty() {
                let _ = write!(self.text, "\nWith `{}`:\n", kind.key.name);
                self.table(std::iter::once(&kind.key).chain(kind.beside));
            }
        }
        let alone: Vec<&Key> = map.kinds.iter().filter(|kind| kind.beside.is_empty()).map(|kind| &kind.key).collect();
        if !alone.is_empty() {
            let _ = write!(self.text, "\nOne of these, with nothing of its own beside it:\n");
            self.table(alone.into_iter());
        }
        let beside = map.kinds.iter().flat_map(|kind| std::iter::once(&kind.key).chain(kind.beside));
        for key in map.keys.iter().chain(beside) {
            self.below(&key.value);
        }
    }

    fn below(&mut self, value: &Value) {
        match value {
            Value::Map(map) => self.map(map, "###"),
            Value::Named(_, of) | Value::List(of) => self.below(of),
            Value::Either(any) => any.iter().for_each(|value| self.below(value)),
            _ => {}
        }
    }

    fn table<'a>(&mut self, keys: impl Iterator<Item = &'a Key>) {
        self.text.push_str("\n| key | value | meaning |\n|---|---|---|\n");
        for key in keys {
            let name = if key.required { format!("**`{}`**", key.name) } else { format!("`{}`", key.name) };
            let examples: Vec<String> = key.examples.iter().map(|example| format!("`{example}`")).collect();
            let like = if examples.is_empty() { String::new() } else { format!(" Like {}", examples.join(", ")) };
            let means = key.means.replace('|', "\\|");
            let row = format!("| {name} | {} | {means}{like} |\n", value(&key.value));
            self.text.push_str(&row);
        }
    }
}

fn value(of: &Value) -> String {
    match of {
        Value::Text => "text".to_owned(),
        Value::Any => "anything".to_owned(),
        Value::Flag => "`yes` or `no`".to_owned(),
        Value::Words(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Value::Form(form) => form.what.to_owned(),
        Value::Whole(from, i64::MAX) => format!("number from {from}"),
        Value::Whole(from, to) => format!("number from {from} to {to}"),
        Value::Map(map) => map.what.to_owned(),
        Value::Named(_, of) => format!("by name: {}", value(of)),
        Value::List(of) => format!("list: {}", value(of)),
        Value::Either(any) => any.iter().map(value).collect::<Vec<_>>().join(", or "),
    }
}

/// `A screen` of `a screen`.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[test]
fn the_page_of_all_keys_is_what_the_shapes_say() {
    let mut page = Page { text: HEAD.to_owned(), ..Page::default() };
    let files: [&'static Map; 10] = [
        &shapes::MENU,
        &shapes::TRANSLATION,
        &shapes::BRIDGE,
        &shapes::SYSTEM,
        &shapes::SYSTEM_TRANSLATION,
        &shapes::DEPARTMENT,
        &shapes::MESSAGES,
        &shapes::SANDBOX,
        &PROFILE,
        &SETTINGS,
    ];
    for file in files {
        page.map(file, "##");
    }
    // A bar inside a cell would end it.
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(page.text.lines().filter(|line| line.starts_with('|')).all(|line| bars(line) == 4));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page.text).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(&path).expect("the page is there; UPDATE=1 writes it");
    assert!(kept == page.text, "docs/keys.md is not what the shapes say; UPDATE=1 writes it");
}
