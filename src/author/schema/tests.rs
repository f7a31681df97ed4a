//! The schemas against the readers: they let through what these read, and refuse nothing that these take.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::validator::Validator;
use super::*;
use crate::gateway::{self, read_any};
use crate::menu;
use crate::source::shape::record;
use crate::source::{self, FileId, Files, Node};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn add(folder: &Path, root: &Path, files: &mut Files) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, root, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.add(path.strip_prefix(root).expect("below it").to_string_lossy(), text);
        }
    }
}

fn folder(path: &Path) -> Files {
    let mut files = Files::default();
    add(path, path, &mut files);
    files
}

fn profiles() -> Files {
    let folder = folder(&at("src/gateway/profiles"));
    let mut files = Files::default();
    for (_, file) in folder.iter() {
        files.add(format!("gateways/{}", file.path), file.text.to_string());
    }
    files
}

/// What must pass: shipped menus and profiles, the documents' example, the fixture.
fn good() -> Vec<Files> {
    let folders = ["menus", "docs/examples/camps", "tests/fixtures/menus"];
    folders.iter().map(|path| folder(&at(path))).chain([profiles()]).collect()
}

fn examples() -> Vec<PathBuf> {
    let all = std::fs::read_dir(at("tests/diagnostics")).expect("the examples are there");
    let mut all: Vec<PathBuf> = all.map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    all
}

/// Compiles and reads profiles, as `check` does; the codes of what is found.
fn read(files: &Files) -> Vec<&'static str> {
    let (program, mut findings) = menu::compile(files);
    findings.extend(program.map(|program| menu::sandboxes(files, &program).1).unwrap_or_default());
    for (id, _) in files.iter().filter(|(_, file)| file.path.starts_with("gateways/")) {
        findings.extend(read_any(files, id).err().unwrap_or_default());
    }
    findings.into_iter().map(|finding| finding.code).collect()
}

/// What an editor hands to its validator: scalars without quotes are resolved by YAML 1.2 (section 10.3.2).
fn seen(node: &Node, files: &Files) -> Json {
    match node {
        Node::List(items, _) => items.iter().map(|item| seen(item, files)).collect(),
        Node::Map(entries, _) => {
            Json::Object(entries.iter().map(|entry| (entry.key.value.clone(), seen(&entry.value, files))).collect())
        }
        Node::Text(text) => {
            let source = files.get(text.span.file).text.get(text.span.start as usize..).unwrap_or_default();
            let value = text.value.as_str();
            if source.starts_with(['"', '\'', '|', '>']) && !source.starts_with(value) {
                return json!(value);
            }
            match value {
                "" | "null" | "Null" | "NULL" | "~" => Json::Null,
                "true" | "True" | "TRUE" => json!(true),
                "false" | "False" | "FALSE" => json!(false),
                ".inf" | ".nan" => json!(0.5),
                _ => number(value).unwrap_or_else(|| json!(value)),
            }
        }
    }
}

fn number(text: &str) -> Option<Json> {
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let whole = text.parse::<i64>().ok().map(|whole| json!(whole));
    whole.or_else(|| text.parse::<f64>().ok().map(|number| if number.is_finite() { json!(number) } else { json!(0.5) }))
}

fn kind(path: &str, root: &Node) -> Option<&'static Map> {
    let has = |key: &str| matches!(root, Node::Map(entries, _) if entries.iter().any(|entry| entry.key.value == key));
    let stem = path.strip_suffix(".yaml")?;
    Some(match stem.split_once('/').map_or(("", stem), |(folder, name)| (folder, name)) {
        ("gateways", _) if has("speaks") => &gateway::shapes::MESSAGES,
        ("gateways", _) => &gateway::shapes::PROFILE,
        ("departments", name) if name.ends_with(".sandbox") => &shapes::SANDBOX,
        ("departments", _) => &shapes::DEPARTMENT,
        ("messages", _) => &shapes::MESSAGES,
        ("", "bridge") => &shapes::BRIDGE,
        ("", "system") => &shapes::SYSTEM,
        ("", name) if name.starts_with("system.") => &shapes::SYSTEM_TRANSLATION,
        _ if has("language") => &shapes::TRANSLATION,
        _ => &shapes::MENU,
    })
}

fn is_yaml(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "yaml")
}

/// The schemas of all kinds by name, and the one of any file.
struct Schemas(BTreeMap<&'static str, Validator>, Validator);

impl Schemas {
    fn all() -> Self {
        let kinds: [&'static Map; 10] = KINDS;
        let each = kinds.map(|map| (map.what, Validator::new(&schema(map, Dialect::Yaml))));
        Self(each.into_iter().collect(), Validator::new(&any_of_a_folder()))
    }

    /// What the schema of its kind says about a file, each with its place.
    fn refusals(&self, files: &Files, id: FileId) -> Vec<String> {
        let path = &files.get(id).path;
        let Ok(root) = source::read(files, id) else { return Vec::new() };
        let Some(map) = kind(path, &root) else { return Vec::new() };
        let json = seen(&root, files);
        match (self.0[map.what].refuses(&json), self.1.refuses(&json)) {
            (Some(error), _) => vec![format!("{path}: {error}")],
            (None, Some(_)) => vec![format!("{path}: only the schema of any file refuses it")],
            (None, None) => Vec::new(),
        }
    }
}

const KINDS: [&Map; 10] = [
    &shapes::MENU,
    &shapes::TRANSLATION,
    &shapes::BRIDGE,
    &shapes::MESSAGES,
    &shapes::SYSTEM,
    &shapes::SYSTEM_TRANSLATION,
    &shapes::DEPARTMENT,
    &shapes::SANDBOX,
    &gateway::shapes::PROFILE,
    &gateway::shapes::MESSAGES,
];

#[test]
fn what_is_shipped_and_shown_has_the_right_form() {
    let schemas = Schemas::all();
    let mut files_seen = 0;
    for files in good() {
        for (id, file) in files.iter() {
            assert_eq!(schemas.refusals(&files, id), [""; 0], "{}", file.path);
            files_seen += usize::from(is_yaml(&file.path));
        }
    }
    assert!(files_seen > 40, "{files_seen} files are too few to be all");
}

/// The codes whose examples a schema refuses, and those that it cannot see. What is about more than one value, file or
/// reading of YAML is `check`'s alone.
#[test]
fn what_a_schema_sees_and_what_it_cannot() {
    let schemas = Schemas::all();
    let (mut visible, mut invisible) = (Vec::new(), Vec::new());
    for example in examples() {
        let files = folder(&example);
        let refused = files.iter().any(|(id, _)| !schemas.refusals(&files, id).is_empty());
        let name = example.file_name().expect("a name").to_string_lossy().into_owned();
        if refused { visible.push(name) } else { invisible.push(name) }
    }
    insta::assert_snapshot!(format!("refused:\n{}\n\nnot seen:\n{}", visible.join("\n"), invisible.join("\n")));
}

/// A reader that asks for a key without a shape stops with an assertion; this is the other direction.
#[test]
fn every_key_of_a_schema_is_read() {
    fn keys(map: &'static Map, all: &mut BTreeSet<(&'static str, &'static str, &'static str)>) {
        let own = map.keys.iter().map(|key| ("", key));
        let kinds = map.kinds.iter().map(|kind| ("", &kind.key));
        let beside = map.kinds.iter().flat_map(|kind| kind.beside.iter().map(|key| (kind.key.name, key)));
        for (kind, key) in own.chain(kinds).chain(beside) {
            if all.insert((map.what, kind, key.name)) {
                values(&key.value, all);
            }
        }
        if let Some(others) = map.others {
            values(others.value, all);
        }
    }
    fn values(value: &Value, all: &mut BTreeSet<(&'static str, &'static str, &'static str)>) {
        match value {
            Value::Map(map) => keys(map, all),
            Value::Named(_, of) | Value::List(of) => values(of, all),
            Value::Either(any) => any.iter().for_each(|value| values(value, all)),
            _ => {}
        }
    }
    let mut declared = BTreeSet::new();
    for map in KINDS {
        keys(map, &mut declared);
    }
    // Read by their names, by which what is said and what is sent is known.
    let named = [shapes::SYSTEM_TEXTS.what, gateway::shapes::FIELDS.what];
    record::taken();
    for files in good().into_iter().chain(examples().iter().map(|example| folder(example))) {
        read(&files);
    }
    let mut codes = Files::default();
    codes.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": {menu: m, language: en}}\n");
    read(&codes);
    // A key of a kind may be asked for before the kind is known, where it is one that decides too; one of every kind after.
    let asked = record::taken();
    let is_asked = |(what, kind, key): &(&str, &str, &str)| {
        asked.iter().any(|(map, decided, name)| {
            map == what && name == key && (kind.is_empty() || decided.is_empty() || decided == kind)
        })
    };
    let idle: Vec<_> =
        declared.iter().filter(|(what, ..)| !named.contains(what)).filter(|key| !is_asked(key)).collect();
    assert!(idle.is_empty(), "no reader asks for these keys: {idle:?}");
}

#[test]
fn a_sandbox_file_has_its_form() {
    let good = "sandbox: pds\nenvelope: umang\nanswers:\n  card:\n    - {given: {card: \"*9\"}, status: 404}\n    - given: \
                {mobile: \"*1\"}\n      json: |\n        {\"on\": \"{{ today }}\"}\n    - json: '{\"cards\": []}'\n";
    let schemas = Schemas::all();
    let refusals = |text: &str| {
        let mut files = Files::default();
        let id = files.add("departments/pds.sandbox.yaml", text);
        schemas.refusals(&files, id)
    };
    assert_eq!(refusals(good), [""; 0]);
    for (right, wrong) in [
        ("status: 404", "status: many"),
        ("given:", "give:"),
        ("sandbox: pds", "sandboks: pds"),
        ("  card:\n    -", "  card: 5\n  x:\n    -"),
    ] {
        assert!(!refusals(&good.replacen(right, wrong, 1)).is_empty(), "{wrong}");
    }
}

#[test]
fn what_editors_take_for_numbers_and_dates_is_not_refused() {
    let menu = "menu: m\ntitle: 2026-12-05\nscreens:\n  a: {ask: 007, accept: {digits: 12}, into: n, next: b, secret: yes}\n  \
                b: {choose: true, options: {yes: 1, no: {label: 2.5, key: \"9\", go: home}}}\n  c: {ask: Q, accept: \
                {number: {min: 1, max: \"50\"}}, into: x, next: b}\n";
    let mut files = Files::default();
    let id = files.add("m.yaml", menu);
    assert_eq!(Schemas::all().refusals(&files, id), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whoever sees a line under a word finds a finding for it: the schema is never stricter than `check`.
    #[test]
    fn what_a_schema_refuses_check_refuses(
        which in any::<prop::sample::Index>(), line in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
        how in 0..5,
    ) {
        thread_local! {
            static SCHEMAS: Schemas = Schemas::all();
            static GOOD: Vec<Files> = [folder(&at("tests/fixtures/menus")), profiles()].into();
        }
        let (refusals, codes, text) = GOOD.with(|good| {
            let all: Vec<(&Files, FileId)> = good
                .iter()
                .flat_map(|files| files.iter().map(move |(id, _)| (files, id)))
                .filter(|(files, id)| is_yaml(&files.get(*id).path))
                .collect();
            let (files, id) = all[which.index(all.len())];
            let text = spoilt(&files.get(id).text, line, other, how);
            let mut spoilt = Files::default();
            for (each, file) in files.iter() {
                spoilt.add(file.path.clone(), if each == id { text.clone() } else { file.text.to_string() });
            }
            (SCHEMAS.with(|schemas| schemas.refusals(&spoilt, id)), read(&spoilt), text)
        });
        // `null` is a word for a reader and nothing for an editor.
        prop_assume!(!text.contains("null"));
        prop_assert!(refusals.is_empty() || codes.iter().any(|code| *code != menu::codes::UNTRANSLATED), "{refusals:?}\n{text}");
    }
}

/// A line more, less or twice, the value of another key, or a scalar that is one of several.
fn spoilt(text: &str, at: prop::sample::Index, other: prop::sample::Index, how: i32) -> String {
    const VALUES: [&str; 12] =
        ["12", "1-5", "yes", "true", "\"\"", "2026-12-05", "3s", "{a: b}", "[a, b]", "home", "text 4", "/a/b"];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (at, from) = (at.index(lines.len()), other.index(lines.len()));
    let value = lines[from].split_once(':').map_or("", |(_, value)| value).to_owned();
    let key = lines[at].split(':').next().unwrap_or_default().to_owned();
    match how {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[from].clone()),
        2 => lines.swap(at, from),
        3 => lines[at] = format!("{key}:{value}"),
        _ => lines[at] = format!("{key}: {}", VALUES[other.index(VALUES.len())]),
    }
    lines.join("\n") + "\n"
}
