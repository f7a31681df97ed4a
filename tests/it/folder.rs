//! Folders of menus, read as the commands read them.

use std::path::Path;

use gramsetu::source::Files;

/// All files below a folder, by their paths within it, in the order of these.
pub(crate) fn read(folder: &Path) -> Files {
    let mut all = Vec::new();
    collect(folder, "", &mut all);
    all.sort();
    let mut files = Files::default();
    for (path, bytes) in all {
        files.add_bytes(path, bytes);
    }
    files
}

fn collect(folder: &Path, within: &str, all: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder that was opened can be read").path();
        let name = path.file_name().expect("an entry of a folder has a name").to_string_lossy();
        let within = format!("{within}{name}");
        if path.is_dir() {
            collect(&path, &format!("{within}/"), all);
        } else if within != "expected.txt" {
            all.push((within, std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))));
        }
    }
}

/// All of a folder into one that is not there yet.
pub(crate) fn copy(from: &Path, into: &Path) {
    std::fs::create_dir(into).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let to = into.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("a file is copied");
        }
    }
}
