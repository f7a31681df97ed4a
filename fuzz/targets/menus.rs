//! A folder of menus: files divided by lines `=== path`. It compiles or is found fault with; what compiles is walked.
#![no_main]

use gramsetu::menu::{compile, stamp};
use gramsetu::source::{Files, Severity, render, to_json};
use gramsetu_fuzz::{Phone, divided};

/// Pressed on whatever compiles.
const KEYS: [&str; 8] = ["#", "1", "98", "2", "abc", "0", "@", "00"];

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut files = Files::default();
    let ids: Vec<_> = divided(text, "=== ").into_iter().map(|(path, text)| files.add(path, text)).collect();
    if ids.is_empty() {
        return;
    }
    let (program, findings) = compile(&files);
    if !findings.is_empty() {
        render(&findings, &files, true);
        to_json(&findings, &files);
    }
    let failed = findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(program.is_none(), failed, "a program or at least one error");
    assert!(findings.iter().all(|finding| !finding.remedy.is_empty()));
    for id in ids {
        stamp(&files, id, true);
    }
    if let Some(program) = program {
        let mut phone = Phone::of_any(&program);
        for key in KEYS {
            phone.line(key.as_bytes());
        }
    }
});
