//! The menus of a house: reading a folder, or the one that comes with the program, and compiling it with its gateway
//! profiles.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::check;
use crate::gateway::{self, Profile};
use crate::menu::{self, Program};
use crate::source::{Diagnostic, Files, Severity};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/menus");

/// Files that take part; anything else in the folder (notes, pictures) is left alone.
const ENDINGS: [&str; 3] = ["yaml", "csv", "dialogue"];
/// A menu file of a megabyte is a mistake.
const LARGEST_FILE: u64 = 1024 * 1024;
/// Folders in folders; deeper is a link that leads in a circle.
const DEEPEST: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("`{path}` cannot be read: {reason}")]
    Read { path: String, reason: String },
    #[error("`{0}` is not UTF-8 text; save it as UTF-8")]
    NotText(String),
    #[error("`{0}` is larger than a megabyte; a folder of menus holds small files")]
    TooLarge(String),
    #[error("`{0}` has too many folders within folders")]
    TooDeep(String),
    #[error("the folder `{0}` has no files of menus; begin with a `bridge.yaml`")]
    Empty(String),
    #[error("there is no folder `{0}`; name the folder of menus")]
    NoFolder(String),
}

/// A folder of menus, read, compiled and proved.
#[derive(Debug)]
pub struct Loaded {
    pub files: Files,
    pub program: Option<Program>,
    /// Shipped profiles, then those of the folder, which take the place of shipped ones of the same name.
    pub profiles: Vec<Profile>,
    pub findings: Vec<Diagnostic>,
    pub lengths: Vec<check::Length>,
}

impl Loaded {
    pub fn has_errors(&self) -> bool {
        self.program.is_none() || self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads a folder; `None` is the menus that come with the program.
pub fn read(folder: Option<&Path>) -> Result<Files, LoadError> {
    let mut found = Vec::new();
    match folder {
        Some(folder) if folder.is_dir() => walk(folder, folder, 0, &mut found)?,
        Some(folder) => return Err(LoadError::NoFolder(folder.display().to_string())),
        None => shipped(&SHIPPED, &mut found)?,
    }
    if let (Some(folder), true) = (folder, found.is_empty()) {
        return Err(LoadError::Empty(folder.display().to_string()));
    }
    found.sort();
    let mut files = Files::default();
    for (path, text) in found {
        files.add(path, text);
    }
    Ok(files)
}

/// Compiles and proves everything, all findings in one run.
pub fn load(files: Files) -> Loaded {
    let (program, mut findings) = menu::compile(&files);
    let mut profiles = gateway::shipped();
    let own = files.iter().filter(|(_, file)| file.path.starts_with("gateways/") && has_ending(&file.path, "yaml"));
    for (id, _) in own {
        match gateway::read_profile(&files, id) {
            Ok(profile) => {
                profiles.retain(|shipped| shipped.name != profile.name);
                profiles.push(profile);
            }
            Err(mut wrong) => findings.append(&mut wrong),
        }
    }
    let mut lengths = Vec::new();
    if let Some(program) = &program {
        let mut report = check::check(program, &profiles);
        findings.append(&mut report.findings);
        lengths = report.lengths;
    }
    findings.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    Loaded { files, program, profiles, findings, lengths }
}

/// The folder that a setting names: itself when it is there, the shipped menus when it is the default and is not.
pub fn folder(setting: &Path) -> Option<PathBuf> {
    let is_default = setting == Path::new("menus");
    (!is_default || setting.is_dir()).then(|| setting.to_path_buf())
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

fn walk(root: &Path, folder: &Path, depth: usize, found: &mut Vec<(String, String)>) -> Result<(), LoadError> {
    if depth > DEEPEST {
        return Err(LoadError::TooDeep(root.display().to_string()));
    }
    let unreadable = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| LoadError::Read { path, reason: error.to_string() }
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.is_dir() {
            walk(root, &path, depth + 1, found)?;
            continue;
        }
        if !path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            continue;
        }
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let name = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if std::fs::metadata(&path).map_err(unreadable(&path))?.len() > LARGEST_FILE {
            return Err(LoadError::TooLarge(name));
        }
        let bytes = std::fs::read(&path).map_err(unreadable(&path))?;
        let text = String::from_utf8(bytes).map_err(|_| LoadError::NotText(name.clone()))?;
        found.push((name, text));
    }
    Ok(())
}

fn shipped(folder: &Dir<'_>, found: &mut Vec<(String, String)>) -> Result<(), LoadError> {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if !ENDINGS.iter().any(|ending| has_ending(&path, ending)) {
            continue;
        }
        let text = file.contents_utf8().ok_or_else(|| LoadError::NotText(path.clone()))?;
        found.push((path.clone(), text.to_owned()));
    }
    folder.dirs().try_for_each(|inner| shipped(inner, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_menus_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("notes.txt"), "none").expect("a file");
        assert!(matches!(read(Some(folder.path())), Err(LoadError::Empty(_))));
    }
}
