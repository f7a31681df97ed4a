//! What `docs/menus.md` shows is what its example holds, and the example can be served; `docs/diagnostics.md` has every code.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use gramsetu::house::load;
use gramsetu::menu;
use gramsetu::source::Files;

use crate::folder;

const GUIDE: &str = include_str!("../../docs/menus.md");

/// The contents of the guide's blocks in their order, without the line that names a block's file.
fn blocks() -> Vec<String> {
    let parts: Vec<&str> = GUIDE.split("\n```").collect();
    // Every other part is inside a block; its first line says the block's language.
    let insides = parts.iter().skip(1).step_by(2).filter_map(|part| part.split_once('\n'));
    insides
        .map(|(_, block)| block.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n"))
        .collect()
}

#[test]
fn the_guide_shows_its_example_as_it_is() {
    let files = folder::read(Path::new("docs/examples/camps"));
    let blocks = blocks();
    for (_, file) in files.iter().filter(|(_, file)| !file.path.starts_with("system.")) {
        // A translation's fingerprints and a file's further dialogues are not shown.
        let shown = file.text.split("\nof:\n").next().and_then(|text| text.split("\n---\n").next()).unwrap_or_default();
        assert!(blocks.iter().any(|block| block.trim() == shown.trim()), "{} stands nowhere in the guide", file.path);
    }
}

#[test]
fn the_guides_example_has_no_findings() {
    let (program, findings) = menu::compile(&folder::read(Path::new("docs/examples/camps")));
    assert!(program.is_some() && findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_guides_dialogues_pass() {
    let play = Command::new(env!("CARGO_BIN_EXE_gramsetu")).args(["play", "docs/examples/camps"]).output();
    let played = String::from_utf8(play.expect("it runs").stdout).expect("UTF-8");
    assert!(played.ends_with("2 dialogues passed, 0 failed\n"), "{played}");
}

/// The guide checks before it translates: the words of the bridge that were copied are then all the Hindi that there is.
#[test]
fn the_guides_example_passes_before_it_is_translated() {
    let mut files = Files::default();
    for (_, file) in folder::read(Path::new("docs/examples/camps")).iter() {
        if file.path != "camps.hi.yaml" {
            files.add(file.path.clone(), file.text.clone());
        }
    }
    let loaded = load::load(files);
    assert!(!loaded.has_errors(), "{:#?}", loaded.findings);
}

/// Codes as they stand in the sources: a letter and three digits in quotes.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the sources are here") {
        let path = entry.expect("a folder that was opened can be read").path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).expect("sources are texts");
            let is_code = |word: &&str| {
                word.len() == 4
                    && word.starts_with(['Y', 'M', 'G', 'L', 'P', 'D'])
                    && word[1..].bytes().all(|b| b.is_ascii_digit())
            };
            found.extend(text.split('"').filter(is_code).map(str::to_owned));
        }
    }
}

#[test]
fn every_code_is_documented() {
    let mut codes = BTreeSet::new();
    codes_in(Path::new("src"), &mut codes);
    let list = include_str!("../../docs/diagnostics.md");
    let documented: BTreeSet<String> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.get(..4))
        .filter(|code| *code != "code")
        .map(str::to_owned)
        .collect();
    assert!(codes.len() > 50);
    assert_eq!(codes, documented);
}
