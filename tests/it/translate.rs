//! Exports are PO files for gettext's own tools, and come back from them as they went.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use gramsetu::author::po::{self, Po};
use gramsetu::author::translate::{export, import};
use gramsetu::menu::{self, Catalogue};
use gramsetu::source::Files;

use crate::folder;

/// What one of gettext's tools makes of a file; panics where it complains.
fn through(tool: &str, arguments: &[&str], text: &str) -> String {
    let mut command = Command::new(tool);
    command.args(arguments).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|_| panic!("`{tool}` of gettext is missing: ./test installs it"));
    let mut input = child.stdin.take().expect("it is piped");
    let text = text.to_owned();
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let done = child.wait_with_output().expect("the tool ends");
    writing.join().expect("no panic").expect("the tool reads");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.is_empty(), "{tool}: {said}");
    String::from_utf8(done.stdout).expect("it is UTF-8")
}

fn shipped() -> (Files, Catalogue) {
    let files = folder::read(Path::new("menus"));
    let catalogue = menu::catalogue(&files).unwrap_or_else(|findings| panic!("{findings:#?}"));
    (files, catalogue)
}

/// Entries without what tools may change: lines, comments.
fn entries(po: &Po) -> Vec<(Option<String>, String, String, bool)> {
    let entry =
        |entry: &po::Entry| (entry.context.clone(), entry.source.clone(), entry.translation.clone(), entry.fuzzy);
    po.entries.iter().map(entry).collect()
}

fn passes_through_gettext(po: &Po) -> Po {
    let text = po::write(po);
    through("msgfmt", &["--check", "--output-file=/dev/null"], &text);
    // With narrow lines, so that every text is broken somewhere.
    let back = po::read(&through("msgcat", &["--width=20"], &text)).expect("msgcat writes PO");
    assert_eq!(entries(&back), entries(po));
    back
}

#[test]
fn every_shipped_export_passes_through_gettext() {
    let (files, catalogue) = shipped();
    for language in 1..catalogue.languages.len() {
        let back = passes_through_gettext(&export(&catalogue, &files, language, None));
        let imported = import(&catalogue, &files, &back).expect("the language is known");
        assert!(imported.files.is_empty() && imported.notes.is_empty(), "{imported:?}");
        assert_eq!(imported.same + imported.untranslated + imported.fuzzy, back.entries.len());
        assert!(imported.same > 50);
    }
}

#[test]
fn any_character_passes_through_gettext() {
    let (files, catalogue) = shipped();
    let mut po = export(&catalogue, &files, 1, None);
    let texts = [
        "one\n\n two",
        "\t\"quoted\" \\n \\",
        "हाँ \u{200d} क्ष",
        "%s %1$d {{ }} #~ msgid",
        "\u{1}\u{1b}\u{7f}",
        "😀 ~ #, fuzzy",
    ];
    let translated = po.entries.iter_mut().filter(|entry| !entry.fuzzy);
    for (entry, text) in translated.zip(texts.iter().cycle()) {
        entry.translation = format!("x{text}x");
    }
    passes_through_gettext(&po);
}
