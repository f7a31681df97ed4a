//! The floors of the house: a module uses what is on its own floor or below, never above, and no two use each other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Ground floor first, as `docs/architecture.md` draws them.
const FLOORS: [&[&str]; 13] = [
    &["types", "sync", "packed", "breaker", "text", "phone", "source", "xml", "outward"],
    &["menu"],
    &["engine"],
    &["channel"],
    &["gateway"],
    &["check"],
    &["author", "store", "department", "ambient"],
    &["meters"],
    &["outbox"],
    &["bridge"],
    &["http", "settings"],
    &["house"],
    &["handset", "dialogue", "simulate", "commands"],
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The first part of each path that begins with `crate::`, in braces or not.
fn used(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with("//") {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        assert!(!word.is_empty(), "`use crate::{{…}}` hides what is used: write one `use` for each module");
        found.insert(word);
    }
    found
}

fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let relative = file.strip_prefix(&root).expect("below src");
        let first = relative.components().next().expect("a name").as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        uses.entry(module.clone()).or_default().extend(used(&text).into_iter().filter(|other| *other != module));
    }
    uses
}

fn floor(module: &str) -> usize {
    let floor = FLOORS.iter().position(|modules| modules.contains(&module));
    floor.unwrap_or_else(|| panic!("`{module}` has no floor; give it one here and in docs/architecture.md"))
}

#[test]
fn nobody_uses_what_is_above() {
    for (module, used) in uses() {
        for other in used {
            assert!(floor(&other) <= floor(&module), "`{module}` uses `{other}`, which is above it");
        }
    }
}

#[test]
fn no_two_use_each_other() {
    let uses = uses();
    for (module, used) in &uses {
        for other in used {
            assert!(
                !uses.get(other).is_some_and(|back| back.contains(module)),
                "`{module}` and `{other}` use each other"
            );
        }
    }
}

/// The table of `docs/architecture.md`: rows of `| floor | names in backquotes | …`.
#[test]
fn the_map_has_the_same_floors() {
    let map = include_str!("../../docs/architecture.md");
    let mut drawn: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); FLOORS.len()];
    for row in map.lines() {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (Some(Ok(floor)), Some(names)) = (cells.next().map(str::parse::<usize>), cells.next()) else { continue };
        let names = names.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches('/'));
        drawn[floor].extend(names.filter(|name| *name != "main.rs"));
    }
    for (floor, modules) in FLOORS.iter().enumerate() {
        assert_eq!(
            drawn[floor],
            modules.iter().copied().collect(),
            "floor {floor} of the table in docs/architecture.md"
        );
    }
}
