//! One example folder for each code, of whatever kind, with what is said about it.
//!
//! `UPDATE=1 cargo test --test it diagnostics` writes what is said now: look at the difference before you keep it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gramsetu::check::messages::carried;
use gramsetu::check::{self, check, lock};
use gramsetu::department::sandbox::prove;
use gramsetu::gateway::messages::shipped_messages;
use gramsetu::gateway::{AnyProfile, CODES, read_any, shipped};
use gramsetu::menu::{codes, compile, sandboxes, stamp};
use gramsetu::source::{self, Diagnostic, Files, render};

use crate::folder;

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the examples are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    all.sort();
    all
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The code that an example is for: `M032` of `M032-unknown-target`.
fn code(path: &Path) -> &str {
    name(path).split('-').next().unwrap_or_default()
}

/// What is found by compiling, in the folder's gateways, and, where that gives a program, by proving it on these and the
/// shipped ones and its sandboxes.
fn found(files: &Files) -> Vec<Diagnostic> {
    let (program, mut findings) = compile(files);
    let mut profiles = shipped();
    for (id, _) in files.iter().filter(|(_, file)| file.path.starts_with("gateways/")) {
        match read_any(files, id) {
            Ok(AnyProfile::Ussd(profile)) => profiles.push(*profile),
            Ok(AnyProfile::Messages(_)) => {}
            Err(wrong) => findings.extend(wrong),
        }
    }
    if let Some(program) = program {
        findings.extend(check(&program, &profiles).findings);
        findings.extend(carried(&program, &shipped_messages()));
        let (sandboxes, wrong) = sandboxes(files, &program);
        findings.extend(wrong);
        findings.extend(prove(&program, &sandboxes));
        findings.extend(lock::check(&program, files));
    }
    findings
}

#[test]
fn every_example_says_what_is_expected() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for example in examples() {
        let files = folder::read(&example);
        let findings = found(&files);
        let said = render(&findings, &files, false);
        let file = example.join("expected.txt");
        if update {
            std::fs::write(&file, &said).expect("the expectation can be written");
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if said != expected {
            wrong.push(format!("{}: it says now\n{said}\nbut expected is\n{expected}", name(&example)));
        }
        if !findings.iter().any(|finding| finding.code == code(&example)) {
            wrong.push(format!("{}: this code is not found", name(&example)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A file that is too large has no place among examples; the readers' own tests make one.
const WITHOUT_EXAMPLE: &str = "Y011";

#[test]
fn every_code_has_an_example() {
    let examples = examples();
    let shown: BTreeSet<&str> = examples.iter().map(|example| code(example)).collect();
    let listed = [source::codes::ALL, codes::ALL, CODES, check::codes::ALL].concat();
    let listed: BTreeSet<&str> =
        listed.into_iter().map(|(code, _)| code).filter(|code| *code != WITHOUT_EXAMPLE).collect();
    assert_eq!(shown, listed);
}

/// What is not translated falls back; nothing else is to be said about it.
#[test]
fn the_fixture_that_uses_every_verb_compiles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/menus");
    let files = folder::read(&folder);
    if std::env::var_os("UPDATE").is_some() {
        for (id, file) in files.iter() {
            if let Some(stamped) = stamp(&files, id, true) {
                std::fs::write(folder.join(&file.path), stamped.text).expect("the fixture can be stamped");
            }
        }
    }
    let (program, findings) = compile(&folder::read(&folder));
    let other: Vec<_> = findings.into_iter().filter(|finding| finding.code != codes::UNTRANSLATED).collect();
    assert_eq!(render(&other, &files, false), "");
    assert!(program.is_some());
}
