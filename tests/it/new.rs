//! `new`, by the real program, on a copy of the shipped menus: what it wrote passes as it is.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::folder;
use crate::server::menus;

/// A copy of the shipped menus, as the folder `menus` of another one.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (_, file) in folder::read(&menus()).iter() {
        let path = folder.path().join("menus").join(&file.path);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
        std::fs::write(path, file.text.as_bytes()).expect("a file can be written");
    }
    folder
}

/// Whether it went well, and all that it said.
fn gramsetu(within: &Path, arguments: &[&str]) -> (bool, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_gramsetu"))
        .current_dir(within)
        .args(arguments)
        .output()
        .expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("UTF-8"))
}

#[test]
fn what_is_new_passes_as_it_is() {
    let folder = copy();
    let within = folder.path();
    let (made, said) = gramsetu(within, &["new", "menu", "forest.permit"]);
    assert!(made, "{said}");
    for path in ["forest/permit.yaml", "departments/forest.yaml", "departments/forest.sandbox.yaml", "home.yaml"] {
        assert!(said.contains(&Path::new("menus").join(path).display().to_string()), "{said}");
    }
    let (passed, found) = gramsetu(within, &["check", "menus"]);
    assert!(passed, "{found}");
    let (passed, played) = gramsetu(within, &["play", "menus", "--only", "forest"]);
    assert!(passed && played.contains("2 dialogues passed, 0 failed"), "{played}");

    // The department is there now.
    let (made, said) = gramsetu(within, &["new", "menu", "forest.fire", "--into", "home.others"]);
    assert!(made && said.contains("kept"), "{said}");
    let (passed, found) = gramsetu(within, &["check", "menus"]);
    assert!(passed, "{found}");
    let (passed, played) = gramsetu(within, &["play", "menus", "--only", "forest/fire"]);
    assert!(passed && played.contains("1 dialogue passed, 0 failed"), "{played}");
}

#[test]
fn nothing_is_written_over_and_odd_names_are_refused() {
    let folder = copy();
    let within = folder.path();
    let before = folder::read(within);
    let (made, said) = gramsetu(within, &["new", "menu", "epfo.balance"]);
    assert!(!made && said.contains("`epfo/balance.yaml`"), "{said}");
    let (made, said) = gramsetu(within, &["new", "menu", "../balance"]);
    assert!(!made && said.contains("like `pds.card`"), "{said}");
    let (made, said) = gramsetu(within, &["new", "menu", "pds.card", "--into", "home.nowhere"]);
    assert!(!made && said.contains("home.services"), "{said}");
    let (made, said) = gramsetu(within, &["new", "menu", "pds.card", "--folder", "elsewhere"]);
    assert!(!made && said.contains("no folder `elsewhere`"), "{said}");
    let texts = |files: &gramsetu::source::Files| {
        files.iter().map(|(_, file)| (file.path.clone(), file.text.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(texts(&folder::read(within)), texts(&before));
}

/// A file that the menus do not know stays as well.
#[test]
fn a_file_in_the_way_stays() {
    let folder = copy();
    let path = folder.path().join("menus/pds/card.yaml");
    std::fs::create_dir_all(&path).expect("a folder can be made");
    let (made, said) = gramsetu(folder.path(), &["new", "menu", "pds.card"]);
    assert!(!made && said.contains("`pds/card.yaml` is there already"), "{said}");
    assert!(!folder.path().join("menus/departments/pds.yaml").exists());
}

#[test]
fn a_new_folder_passes_as_it_is_and_takes_a_menu() {
    let folder = tempfile::tempdir().expect("a folder");
    let within = folder.path();
    let (made, said) = gramsetu(within, &["new", "folder", "office"]);
    assert!(made, "{said}");
    let (passed, found) = gramsetu(within, &["check", "office"]);
    assert!(passed && found.contains("no errors, 0 warnings"), "{found}");
    let (passed, played) = gramsetu(within, &["play", "office"]);
    assert!(passed && played.contains("2 dialogues passed, 0 failed"), "{played}");

    let (made, said) = gramsetu(within, &["new", "menu", "pds.card", "--folder", "office"]);
    assert!(made && said.contains("an option in `home.services`"), "{said}");
    let (passed, found) = gramsetu(within, &["check", "office"]);
    assert!(passed, "{found}");
    let (passed, played) = gramsetu(within, &["play", "office"]);
    assert!(passed && played.contains("4 dialogues passed, 0 failed"), "{played}");

    let before = std::fs::read_to_string(within.join("office/home.yaml")).expect("it is there");
    let (made, said) = gramsetu(within, &["new", "folder", "office"]);
    assert!(!made && said.contains("the folder `office` is not empty"), "{said}");
    assert_eq!(std::fs::read_to_string(within.join("office/home.yaml")).expect("it is there"), before);
}
