//! The menus of a house: reading a folder, or the one that comes with the program, and compiling it with its gateway
//! profiles.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::check;
use crate::department::sandbox;
use crate::gateway::{self, Profile};
use crate::menu::{self, Program, SandboxFile};
use crate::source::{self, Diagnostic, Files, Span};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/menus");

/// Files that take part; anything else in the folder (notes, pictures) is left alone. `yml` is read to say that it should be
/// `yaml`.
const ENDINGS: [&str; 4] = ["yaml", "yml", "csv", "dialogue"];
/// The largest transcript, in bytes.
const LARGEST_DIALOGUE: usize = 1 << 20;
/// Folders in folders; deeper is a link that leads in a circle.
const DEEPEST: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("`{path}` cannot be read: {reason}")]
    Read { path: String, reason: String },
    #[error("`{0}` has too many folders within folders")]
    TooDeep(String),
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
    /// What stands in for departments in `demo`, `dial` and `play`.
    pub sandboxes: Vec<SandboxFile>,
    pub findings: Vec<Diagnostic>,
    pub lengths: Vec<check::Length>,
}

impl Loaded {
    pub fn has_errors(&self) -> bool {
        self.program.is_none() || self.findings.iter().any(Diagnostic::is_error)
    }
}

/// Reads a folder; `None` is the menus that come with the program.
pub fn read(folder: Option<&Path>) -> Result<Files, LoadError> {
    let mut found = Vec::new();
    match folder {
        Some(folder) if folder.is_dir() => walk(folder, folder, 0, &mut found)?,
        Some(folder) => return Err(LoadError::NoFolder(folder.display().to_string())),
        None => shipped(&SHIPPED, &mut found),
    }
    found.sort();
    let mut files = Files::default();
    for (path, content) in found {
        match content {
            Content::Read(bytes) => files.add_bytes(path, bytes),
            Content::TooLarge(bytes) => files.add_too_large(path, bytes),
        };
    }
    Ok(files)
}

/// What a file holds, as far as it is worth reading.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    Read(Vec<u8>),
    TooLarge(u64),
}

/// How many bytes a file may have: each reader says it for its own kind.
fn most_bytes(path: &str) -> usize {
    match path.rsplit_once('.') {
        Some((_, "csv")) => menu::MAX_TABLE_BYTES,
        Some((_, "dialogue")) => LARGEST_DIALOGUE,
        _ => source::MAX_BYTES,
    }
}

/// Compiles and proves everything, all findings in one run.
pub fn load(mut files: Files) -> Loaded {
    let (program, mut findings) = menu::compile(&files);
    if files.iter().next().is_none() {
        let place = Span { file: files.add("bridge.yaml", ""), start: 0, end: 0 };
        let message = "the folder holds no menus, not even a `bridge.yaml`";
        findings.push(Diagnostic::error(menu::codes::NO_BRIDGE, place, message, "name the folder that holds them"));
    }
    let transcripts = files.iter().filter(|(_, file)| has_ending(&file.path, "dialogue"));
    findings.extend(transcripts.filter_map(|(id, _)| files.text(id, LARGEST_DIALOGUE).err().map(|finding| *finding)));
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
    let (mut lengths, mut sandboxes) = (Vec::new(), Vec::new());
    if let Some(program) = &program {
        let (read, mut wrong) = menu::sandboxes(&files, program);
        findings.append(&mut wrong);
        findings.append(&mut sandbox::prove(program, &read));
        sandboxes = read;
        let mut report = check::check(program, &profiles);
        findings.append(&mut report.findings);
        lengths = report.lengths;
    }
    findings.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    Loaded { files, program, profiles, sandboxes, findings, lengths }
}

/// The folder that a setting names: itself when it is there, the shipped menus when it is the default and is not.
pub fn folder(setting: &Path) -> Option<PathBuf> {
    let is_default = setting == Path::new("menus");
    (!is_default || setting.is_dir()).then(|| setting.to_path_buf())
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

fn walk(root: &Path, folder: &Path, depth: usize, found: &mut Vec<(String, Content)>) -> Result<(), LoadError> {
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
        let bytes = std::fs::metadata(&path).map_err(unreadable(&path))?.len();
        let content = if usize::try_from(bytes).is_ok_and(|bytes| bytes <= most_bytes(&name)) {
            Content::Read(std::fs::read(&path).map_err(unreadable(&path))?)
        } else {
            Content::TooLarge(bytes)
        };
        found.push((name, content));
    }
    Ok(())
}

fn shipped(folder: &Dir<'_>, found: &mut Vec<(String, Content)>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if ENDINGS.iter().any(|ending| has_ending(&path, ending)) {
            found.push((path, Content::Read(file.contents().to_vec())));
        }
    }
    folder.dirs().for_each(|inner| shipped(inner, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of what is said about a folder with these files.
    fn said(files: &[(&str, &[u8])]) -> Vec<&'static str> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (path, bytes) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
            std::fs::write(path, bytes).expect("a file can be written");
        }
        let loaded = load(read(Some(folder.path())).expect("the folder is there"));
        assert!(loaded.has_errors());
        loaded.findings.iter().map(|finding| finding.code).collect()
    }

    const BRIDGE: (&str, &[u8]) = ("bridge.yaml", b"languages: {en: English}\nussd: {\"*1#\": home}\n");
    const HOME: (&str, &[u8]) = ("home.yaml", b"menu: home\nscreens: {top: {end: Bye}}\n");

    #[test]
    fn an_empty_folder_is_a_finding() {
        assert_eq!(said(&[]), ["M012"]);
        assert_eq!(said(&[("notes.txt", b"later")]), ["M012"]);
    }

    #[test]
    fn files_under_the_wrong_name_are_findings() {
        assert_eq!(said(&[BRIDGE, HOME, ("other.yml", b"menu: other")]), ["M011"]);
        assert_eq!(said(&[BRIDGE, HOME, ("gateways/own.yml", b"name: own")]), ["M011"]);
    }

    #[test]
    fn what_is_no_text_is_a_finding_of_its_file_alone() {
        let home = ("home.yaml", &b"menu: home\nscreens: {top: {edn: Bye}}\n"[..]);
        assert_eq!(said(&[BRIDGE, home, ("tables/a.csv", b"code\n\xff\n")]), ["M009", "Y014"]);
        assert_eq!(said(&[BRIDGE, HOME, ("a.dialogue", b"\xff")]), ["Y014"]);
        let large = vec![b'#'; source::MAX_BYTES + 1];
        assert_eq!(said(&[BRIDGE, HOME, ("a.yaml", &large)]), ["Y011"]);
    }
}
