//! The menus of a house: reading a folder, or the one that comes with the program, and compiling it with its gateway
//! profiles.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::check::{self, lock};
use crate::department::sandbox;
use crate::gateway::messages::{MessageProfile, shipped_messages};
use crate::gateway::{self, AnyProfile, Profile};
use crate::menu::{self, Program, SandboxFile};
use crate::source::{self, Diagnostic, Files, Span, suggest};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/menus");

/// Files that take part; anything else in the folder (notes, pictures) is left alone, and so is what is hidden: editors put
/// their locks and copies beside a file, under its name behind a point. `yml` is read to say that it should be `yaml`.
const ENDINGS: [&str; 4] = ["yaml", "yml", "csv", "dialogue"];
/// The largest transcript, in bytes.
const LARGEST_DIALOGUE: usize = 1 << 20;
/// Folders in folders; deeper is a link that leads in a circle.
const DEEPEST: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("`{path}` cannot be read: {reason}")]
    Read { path: String, reason: String },
    #[error("`{0}` lies in too many folders; look for a link that leads in a circle")]
    TooDeep(String),
    #[error("`{0}` is no file, and is named like one; move it out of the folder of menus")]
    NoFile(String),
    #[error("there is no folder `{path}`; {remedy}")]
    NoFolder { path: String, remedy: String },
}

/// A folder of menus, read, compiled and proved.
#[derive(Debug)]
pub struct Loaded {
    pub files: Files,
    pub program: Option<Program>,
    /// Shipped profiles, then those of the folder, which take the place of shipped ones of the same name.
    pub profiles: Vec<Profile>,
    /// The same of profiles of messages.
    pub messages: Vec<MessageProfile>,
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
        Some(folder) => return Err(no_folder(folder)),
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

/// The nearest folder beside the one that is not there is perhaps the one that was meant.
fn no_folder(missing: &Path) -> LoadError {
    let beside = missing.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(beside).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let name = missing.file_name().unwrap_or_default().to_string_lossy();
    let remedy = match suggest::nearest(&name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", missing.with_file_name(near).display()),
        None => "name the folder of menus".to_owned(),
    };
    LoadError::NoFolder { path: missing.display().to_string(), remedy }
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
        Some((_, "lock")) => lock::MAX_BYTES,
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
    let (profiles, messages) = profiles(&files, &mut findings);
    let (mut lengths, mut sandboxes) = (Vec::new(), Vec::new());
    if let Some(program) = &program {
        let (read, mut wrong) = menu::sandboxes(&files, program);
        findings.append(&mut wrong);
        findings.append(&mut sandbox::prove(program, &read));
        sandboxes = read;
        let mut report = check::check(program, &profiles);
        findings.append(&mut report.findings);
        findings.append(&mut check::messages::carried(program, &messages));
        findings.append(&mut lock::check(program, &files));
        lengths = report.lengths;
    }
    findings.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    Loaded { files, program, profiles, messages, sandboxes, findings, lengths }
}

/// The shipped profiles, and those of the files, which take the place of shipped ones of the same name.
pub(super) fn profiles(files: &Files, findings: &mut Vec<Diagnostic>) -> (Vec<Profile>, Vec<MessageProfile>) {
    let (mut profiles, mut messages) = (gateway::shipped(), shipped_messages());
    let own = files.iter().filter(|(_, file)| file.path.starts_with("gateways/") && has_ending(&file.path, "yaml"));
    for (id, _) in own {
        match gateway::read_any(files, id) {
            Ok(AnyProfile::Ussd(profile)) => {
                profiles.retain(|shipped| shipped.name != profile.name);
                profiles.push(*profile);
            }
            Ok(AnyProfile::Messages(profile)) => {
                messages.retain(|shipped| shipped.name != profile.name);
                messages.push(*profile);
            }
            Err(mut wrong) => findings.append(&mut wrong),
        }
    }
    (profiles, messages)
}

/// The folder that a setting names: itself when it is there, the shipped menus when it is the default and is not.
pub fn folder(setting: &Path) -> Option<PathBuf> {
    let is_default = setting == Path::new("menus");
    (!is_default || setting.is_dir()).then(|| setting.to_path_buf())
}

/// Of other programs' locks none is read.
fn takes_part(path: &str) -> bool {
    path == lock::FILE || ENDINGS.iter().any(|ending| has_ending(path, ending))
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

fn walk(root: &Path, folder: &Path, depth: usize, found: &mut Vec<(String, Content)>) -> Result<(), LoadError> {
    if depth > DEEPEST {
        return Err(LoadError::TooDeep(folder.display().to_string()));
    }
    let unreadable = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| LoadError::Read { path, reason: error.to_string() }
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, depth + 1, found)?;
            continue;
        }
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let name = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if !takes_part(&name) {
            continue;
        }
        let about = std::fs::metadata(&path).map_err(unreadable(&path))?;
        // A pipe or a device would be read for ever.
        if !about.is_file() {
            return Err(LoadError::NoFile(path.display().to_string()));
        }
        let bytes = about.len();
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
        if takes_part(&path) {
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
    fn a_misspelt_folder_has_a_nearest() {
        let outer = tempfile::tempdir().expect("a folder can be made");
        std::fs::create_dir(outer.path().join("menus")).expect("a folder can be made");
        let said = |name| read(Some(&outer.path().join(name))).expect_err("it is not there").to_string();
        assert!(said("menu").ends_with("/menus`?"));
        assert!(said("elsewhere").ends_with("name the folder of menus"));
    }

    #[test]
    fn what_editors_hide_beside_a_file_is_left_alone() {
        let home = ("home.yaml", &b"menu: home\nscreens: {top: {edn: Bye}}\n"[..]);
        assert_eq!(said(&[BRIDGE, home, ("._home.yaml", b"\xff"), (".git/a.yaml", b"[")]), ["M009"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_no_file_are_refused_and_not_read_for_ever() {
        use std::os::unix::fs::symlink;

        let refused = |link: &str, to: &str| {
            let folder = tempfile::tempdir().expect("a folder can be made");
            symlink(to, folder.path().join(link)).expect("a link can be made");
            read(Some(folder.path())).err()
        };
        // The lock of an editor leads nowhere.
        assert!(refused(".#home.yaml", "somebody@somewhere.1:2").is_none());
        assert!(matches!(refused("home.yaml", "somewhere"), Some(LoadError::Read { .. })));
        assert!(matches!(refused("home.yaml", "/dev/zero"), Some(LoadError::NoFile(_))));
        assert!(matches!(refused("circle", "."), Some(LoadError::TooDeep(path)) if path.ends_with("circle")));
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
