//! Whatever stands in the files, compiling says what is wrong and never panics.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::source::{Node, Severity, Span, read};

/// Files of the fixture that uses every verb.
fn fixture() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/menus");
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the fixture is there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("it is within").to_string_lossy().into_owned();
                all.push((name, std::fs::read_to_string(&path).expect("it is text")));
            }
        }
    }
    all.sort();
    all
}

fn add_all(all: &[(String, String)]) -> Files {
    let mut files = Files::default();
    for (path, text) in all {
        files.add(path.as_str(), text.as_str());
    }
    files
}

/// The places of all texts of a file, keys included.
fn scalars(node: &Node, all: &mut Vec<Span>) {
    match node {
        Node::Text(text) => all.push(text.span),
        Node::List(items, _) => items.iter().for_each(|item| scalars(item, all)),
        Node::Map(entries, _) => {
            for entry in entries {
                all.push(entry.key.span);
                scalars(&entry.value, all);
            }
        }
    }
}

/// Compiles, shows the findings, and holds to: no program without an error, and no error beside a program.
fn compiles_or_says_why(files: &Files) {
    let (program, findings) = compile(files);
    let errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_ne!(program.is_some(), errors, "{findings:?}");
    // A few are enough to show any kind of place, and showing takes longer than finding.
    render(&findings[..findings.len().min(3)], files, true);
    if let Some((translation, _)) = files.iter().find(|(_, file)| file.path == "home.hi.yaml") {
        stamp(files, translation, true);
    }
}

/// Texts of which menus are made, so that many of them mean something at the place where they are put.
fn word() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "home",
        "back",
        "return",
        "top",
        "caller",
        "language",
        "languages",
        "districts",
        "member",
        "member.name",
        "profile",
        "profile.district",
        "district.name",
        "one.bags",
        "yes",
        "no",
        "4-6",
        "-1",
        "12",
        "date",
        "phone",
        "text 40",
        "row districts",
        "{{ caller }}",
        "{{ pin }}",
        "{{ one.bags | amount }}",
        "a = b",
        "pin = 1 and not x",
        "\"x\"",
        "/a/{{ b }}",
        "shop.order",
        "shop.rating",
        "shop.member",
        "choose",
        "options",
        "next",
        "into",
        "of",
        "hi",
        "en",
        "5m",
        "",
        " ",
        "{a: b}",
        "[a, b]",
        "|\n  x",
    ];
    prop_oneof![
        3 => prop::sample::select(KNOWN).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => ".{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_in_place_of_any_other(picks in prop::collection::vec((any::<prop::sample::Index>(), word(), any::<bool>()), 1..4)) {
        let mut all = fixture();
        for (pick, word, quoted) in picks {
            let files = add_all(&all);
            let mut places = Vec::new();
            for (id, _) in files.iter().filter(|(_, file)| !file.path.starts_with("tables/")) {
                if let Ok(root) = read(&files, id) {
                    scalars(&root, &mut places);
                }
            }
            if places.is_empty() {
                continue;
            }
            let place = places[pick.index(places.len())];
            let word = if quoted { format!("\"{}\"", word.replace(['\\', '"'], "")) } else { word };
            let text = &mut all[place.file.0 as usize].1;
            text.replace_range(place.start as usize..place.end as usize, &word);
        }
        compiles_or_says_why(&add_all(&all));
    }

    #[test]
    fn any_bytes_as_any_file(
        path in prop::sample::select(&[
            "bridge.yaml", "system.yaml", "system.hi.yaml", "home.yaml", "home.hi.yaml", "departments/shop.yaml",
            "tables/districts.csv", "new.yaml", "new.ta.yaml", "tables/new.csv", "a.yml", "odd", "",
        ][..]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut all = fixture();
        all.retain(|(known, _)| known != path);
        all.push((path.to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
        compiles_or_says_why(&add_all(&all));
    }

    #[test]
    fn any_line_gone(pick in any::<prop::sample::Index>(), file in any::<prop::sample::Index>()) {
        let mut all = fixture();
        let text = &mut all[file.index(fixture().len())].1;
        let lines: Vec<&str> = text.lines().collect();
        let gone = pick.index(lines.len());
        let kept = lines.iter().copied().enumerate().filter(|(at, _)| *at != gone);
        *text = kept.flat_map(|(_, line)| [line, "\n"]).collect();
        compiles_or_says_why(&add_all(&all));
    }
}
