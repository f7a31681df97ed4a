//! Which file of a menus folder is what, and reading each as what it is.

use sha2::{Digest, Sha256};

use super::codes;
use super::context::Context;
use super::ids::Version;
use super::suggest;
use super::syntax::{self, Bridge, DepartmentFile, MenuTree, MessageTree, SystemFile, Translation};
use crate::source::{self, File, FileId, Files, Node, Span, Spanned};

/// Everything that was read, each kind in the order of its files' paths.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub bridge: Option<Bridge>,
    pub system: Option<SystemFile>,
    pub departments: Vec<DepartmentFile>,
    /// Tables by name; they are read when the languages are known.
    pub tables: Vec<(String, FileId)>,
    pub menus: Vec<MenuTree>,
    pub messages: Vec<MessageTree>,
    pub translations: Vec<(FileId, Translation)>,
    /// Every file could be read as what it is: nothing is missing because of a finding.
    pub whole: bool,
}

/// What a path says about a file.
enum Kind<'a> {
    Bridge,
    System,
    SystemTranslation,
    Department,
    /// Read when there is a program, by `sandbox`.
    Sandbox,
    Table(&'a str),
    Messages,
    /// The profile of a gateway: read by `gateway`, and published with the menus.
    Gateway,
    /// A menu or its translation: what stands in it decides.
    Menu,
    /// Something that people wrote as YAML under another name.
    OtherYaml,
    LostTable,
    /// Transcripts, notes: nobody's here.
    Other,
}

fn kind(path: &str) -> Kind<'_> {
    let (folder, name) = path.split_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let Some((stem, extension)) = name.rsplit_once('.') else { return Kind::Other };
    match (folder, extension) {
        (_, "yml") => Kind::OtherYaml,
        ("gateways", "yaml") => Kind::Gateway,
        ("gateways", _) => Kind::Other,
        ("", "yaml") if stem == "bridge" => Kind::Bridge,
        ("", "yaml") if stem == "system" => Kind::System,
        ("", "yaml") if stem.starts_with("system.") => Kind::SystemTranslation,
        ("departments", "yaml") if stem.ends_with(".sandbox") => Kind::Sandbox,
        ("departments", "yaml") => Kind::Department,
        ("messages", "yaml") => Kind::Messages,
        ("tables", "csv") => Kind::Table(stem),
        (_, "yaml") => Kind::Menu,
        (_, "csv") => Kind::LostTable,
        _ => Kind::Other,
    }
}

/// All files in the order of their paths, whatever the order in which they were added.
fn sorted(files: &Files) -> Vec<(FileId, &File)> {
    let mut all: Vec<_> = files.iter().collect();
    all.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
    all
}

/// The sandbox files, in the order of their paths.
pub(super) fn sandboxes(files: &Files) -> impl Iterator<Item = FileId> {
    sorted(files).into_iter().filter(|(_, file)| matches!(kind(&file.path), Kind::Sandbox)).map(|(id, _)| id)
}

/// Counts up whenever the same files compile to another numbering of menus, screens or slots: sessions hold these numbers, and
/// must not be gone on with in a program that numbers otherwise.
const COMPILER: u8 = 1;

/// The files that are published together, in the order of their paths: menus, departments, tables, languages and the
/// profiles of gateways.
pub(super) fn published(files: &Files) -> impl Iterator<Item = &File> {
    sorted(files).into_iter().map(|(_, file)| file).filter(|file| takes_part(&file.path))
}

/// Whether a file with this path is one of those.
pub(super) fn takes_part(path: &str) -> bool {
    !matches!(kind(path), Kind::Other | Kind::Sandbox)
}

/// The hash of every file that takes part, with its path. What compiles to a program with this version are these files.
pub fn version(files: &Files) -> Version {
    let mut hash = Sha256::new();
    hash.update([COMPILER]);
    for file in published(files) {
        for part in [file.path.as_bytes(), file.text.as_bytes()] {
            // Lengths keep the parts apart: no two sets of files give the same bytes.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
    }
    let mut version = [0; 16];
    version.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    Version(version)
}

pub(super) fn read(cx: &mut Context<'_>) -> Sources {
    let mut sources = Sources { whole: true, ..Sources::default() };
    for (id, file) in sorted(cx.files) {
        let known = match kind(&file.path) {
            Kind::Other | Kind::Sandbox | Kind::Gateway => true,
            Kind::Table(name) => {
                let name = Spanned { value: name.to_owned(), span: top(id) };
                syntax::names::plain(&name, cx);
                sources.tables.push((name.value, id));
                true
            }
            Kind::OtherYaml => lost(id, "a `.yml` file", "name it `.yaml`", cx),
            Kind::LostTable => lost(id, "a table outside `tables/`", "put it into the folder `tables`", cx),
            kind => match source::read(cx.files, id) {
                Ok(root) => yaml(&kind, id, file, &root, &mut sources, cx),
                Err(mut findings) => {
                    cx.findings.append(&mut findings);
                    false
                }
            },
        };
        sources.whole &= known;
    }
    sources
}

fn yaml(kind: &Kind<'_>, id: FileId, file: &File, root: &Node, sources: &mut Sources, cx: &mut Context<'_>) -> bool {
    let has = |key: &str| matches!(root, Node::Map(entries, _) if entries.iter().any(|entry| entry.key.value == key));
    match kind {
        Kind::Bridge => {
            sources.bridge = syntax::bridge(root, cx);
            sources.bridge.is_some()
        }
        Kind::System => {
            sources.system = syntax::system(root, cx);
            sources.system.is_some()
        }
        Kind::Department => {
            let department = syntax::department(root, cx);
            let read = department.is_some();
            sources.departments.extend(department);
            read
        }
        Kind::Messages => {
            let messages = syntax::messages(root, cx);
            let read = messages.is_some();
            sources.messages.extend(messages.unwrap_or_default());
            read
        }
        Kind::SystemTranslation => translation(id, file, root, true, sources, cx),
        _ if has("language") => translation(id, file, root, false, sources, cx),
        _ if has("menu") => {
            let menu = syntax::menu(root, cx);
            let read = menu.is_some();
            sources.menus.extend(menu);
            read
        }
        _ if has("sandbox") => {
            let remedy = "put it into the folder `departments`, as `<department>.sandbox.yaml`";
            lost(id, "a sandbox under another name", remedy, cx)
        }
        _ if has("messages") => {
            lost(id, "a file of messages outside `messages/`", "put it into the folder `messages`", cx)
        }
        _ => {
            let slip = match root {
                Node::Map(entries, _) => {
                    entries.iter().find(|entry| suggest::nearest(&entry.key.value, ["menu"]).is_some())
                }
                Node::Text(_) | Node::List(..) => None,
            };
            match slip {
                Some(entry) => {
                    let message = "a file without `menu:` is not read";
                    cx.error(codes::UNKNOWN_FILE, entry.key.span, message, "did you mean `menu`?");
                    false
                }
                None => lost(id, "a file without `menu:`", "a menu begins with its name: `menu: epfo.balance`", cx),
            }
        }
    }
}

/// Reads a translation. Its name must end in its language, so that a folder can be read without opening its files.
fn translation(
    id: FileId,
    file: &File,
    root: &Node,
    is_system: bool,
    sources: &mut Sources,
    cx: &mut Context<'_>,
) -> bool {
    let Some(translation) = syntax::translation(root, is_system, cx) else { return false };
    let language = &translation.language;
    if !file.path.ends_with(&format!(".{}.yaml", language.value)) {
        let message = format!("the file holds `{}`, but is not named so", language.value);
        cx.error(codes::BAD_VALUE, language.span, message, format!("name it `….{}.yaml`", language.value));
    }
    sources.translations.push((id, translation));
    true
}

fn top(file: FileId) -> Span {
    Span { file, start: 0, end: 0 }
}

fn lost(file: FileId, what: &str, remedy: &str, cx: &mut Context<'_>) -> bool {
    cx.error(codes::UNKNOWN_FILE, top(file), format!("{what} is not read"), remedy);
    false
}
