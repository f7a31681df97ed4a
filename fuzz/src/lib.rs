//! What the targets share: the shipped program, values drawn from bytes, and a phone on the program whose every step is
//! checked against the laws of the engine and of the channel.

mod draw;
mod walk;

use std::path::Path;
use std::sync::LazyLock;

use gramsetu::menu::{Program, compile};
use gramsetu::source::{Files, render};

pub use draw::{Draw, typed, wild};
pub use walk::Phone;

/// The shipped menus.
pub static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let files = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../menus"));
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
});

/// Several texts in one input, divided by lines that begin with `mark`: what follows the mark in the line, and the text
/// below it.
pub fn divided<'t>(text: &'t str, mark: &str) -> Vec<(&'t str, &'t str)> {
    let mut parts = Vec::new();
    let mut rest = text.strip_prefix(mark);
    while let Some(part) = rest {
        let (name, below) = part.split_once('\n').unwrap_or((part, ""));
        let next = below.find(&format!("\n{mark}"));
        let (own, after) = below.split_at(next.map_or(below.len(), |at| at + 1));
        parts.push((name, own));
        rest = after.strip_prefix(mark);
    }
    parts
}

fn folder(root: &Path) -> Files {
    fn read(files: &mut Files, root: &Path, folder: &Path) {
        let entries = std::fs::read_dir(folder).expect("a folder of menus");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                read(files, root, &path);
            } else {
                let name = path.strip_prefix(root).expect("a path below the root").to_str().expect("a plain name");
                files.add(name, std::fs::read_to_string(&path).expect("a file of menus"));
            }
        }
    }
    let mut files = Files::default();
    read(&mut files, root, root);
    files
}
