//! The explanations of findings (`docs/diagnostics/`): the wrong example gives exactly its code, the mended one nothing, and
//! what is said to be printed is what is printed.
//!
//! `UPDATE=1 cargo test --test it explained` writes what is printed now: look at the difference before you keep it.

use std::collections::BTreeMap;
use std::path::Path;

use gramsetu::author::explain::{self, Explanation, Form};
use gramsetu::house::load::{self, Loaded};
use gramsetu::source::{Files, MAX_BYTES, render};

/// What an example has that does not show the file itself.
const PLAIN: [(&str, &str); 2] = [
    ("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n"),
    ("home.yaml", "menu: home\nscreens: {top: {end: Bye}}\n"),
];

/// An example is checked beside the plain files and the bridge's own texts in the languages that it translates into.
fn checked(one: &Explanation<'_>, form: Form) -> Loaded {
    let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (path, text) in PLAIN {
        all.insert(path.to_owned(), text.as_bytes().to_vec());
    }
    for example in one.example() {
        all.remove(example.path);
        if let Some(text) = example.text(form) {
            all.insert(example.path.to_owned(), as_stored(&text));
        }
    }
    let bridge = String::from_utf8_lossy(all.get("bridge.yaml").map_or(&[][..], Vec::as_slice)).into_owned();
    for (_, file) in load::read(None).expect("the shipped menus").iter() {
        let language = file.path.strip_prefix("system.").and_then(|rest| rest.strip_suffix(".yaml"));
        let is_source = file.path == "system.yaml" && bridge.contains(", hi");
        if is_source || language.is_some_and(|language| bridge.contains(&format!(", {language}:"))) {
            all.insert(file.path.clone(), file.text.as_bytes().to_vec());
        }
    }
    let mut files = Files::default();
    for (path, bytes) in all {
        files.add_bytes(path, bytes);
    }
    load::load(files)
}

/// The bytes that a text stands for: `�` for one that is no UTF-8, a line `⋮` for the line above it, very many times.
fn as_stored(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut above = "";
    for line in text.lines() {
        if line == "⋮" {
            bytes.extend_from_slice(format!("{above}\n").repeat(MAX_BYTES / above.len() + 1).as_bytes());
            continue;
        }
        for letter in line.chars() {
            match letter {
                '\u{fffd}' => bytes.push(0xe9),
                letter => bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes.push(b'\n');
        above = line;
    }
    bytes
}

fn codes(loaded: &Loaded) -> Vec<&'static str> {
    let mut codes: Vec<_> = loaded.findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics");

/// Codes with their texts, as they stand in the folder now.
fn explanations() -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(FOLDER).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let code = |path: &Path| path.file_stem().expect("files have names").to_string_lossy().into_owned();
    entries.map(|path| (code(&path), std::fs::read_to_string(&path).expect("explanations are texts"))).collect()
}

#[test]
fn every_explanation_is_true() {
    let mut untrue = Vec::new();
    for (code, text) in explanations() {
        let one = Explanation::new(&code, &text);
        let wrong = checked(&one, Form::Wrong);
        let mended = checked(&one, Form::Mended);
        let printed = render(&wrong.findings, &wrong.files, false);
        if codes(&wrong) != [one.code] {
            untrue.push(format!("{}: the wrong example gives\n{printed}", one.code));
        }
        if mended.has_errors() || !mended.findings.is_empty() {
            let printed = render(&mended.findings, &mended.files, false);
            untrue.push(format!("{}: the mended example gives\n{printed}", one.code));
        }
        let printed = format!("{}\n", printed.trim_end());
        let said = one.said().unwrap_or_default();
        if std::env::var_os("UPDATE").is_some() {
            let path = Path::new(FOLDER).join(format!("{code}.md"));
            let text = text.replace(&format!("```text\n{said}```"), &format!("```text\n{printed}```"));
            std::fs::write(path, text).expect("the explanation can be written");
        } else if said != printed {
            untrue.push(format!("{}: it prints now\n{printed}", one.code));
        }
    }
    assert!(untrue.is_empty(), "{}", untrue.join("\n\n"));
}

#[test]
fn every_code_is_explained_by_its_meaning() {
    let list = include_str!("../../docs/diagnostics.md");
    let rows = list.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let listed: Vec<String> =
        rows.filter(|(code, _)| *code != "code").map(|(code, meaning)| format!("{code}: {meaning}")).collect();
    let explained: Vec<String> = explain::all().iter().map(|one| one.title().to_owned()).collect();
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        these.iter().filter(|title| !others.contains(title)).cloned().collect()
    };
    assert_eq!(only(&listed, &explained), [""; 0], "listed, and explained in other words or not at all");
    assert_eq!(only(&explained, &listed), [""; 0], "explained, and not listed");
}
