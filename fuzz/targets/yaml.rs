#![no_main]

use gramsetu::source::{Files, read, render};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut files = Files::default();
    let file = files.add("input.yaml", text);
    if let Err(findings) = read(&files, file) {
        render(&findings, &files, false);
    }
});
