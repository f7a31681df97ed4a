//! One more line among the options of a screen, without touching any other.

use crate::menu::{Position, Program};
use crate::source::{self, Entry, Files, Node};

/// The path and the new text of the file in which a screen stands; `None` where its options are not written one below the
/// other.
pub(super) fn option(files: &Files, program: &Program, at: Position, line: &str) -> Option<(String, String)> {
    let file = program.screen(at).span.file;
    let root = source::read(files, file).ok()?;
    let screen = get(get(&root, "screens")?, &program.screen(at).name)?;
    let Node::Map(options, _) = get(screen, "options")? else { return None };
    let text = &files.get(file).text;
    let indents: Option<Vec<&str>> = options.iter().map(|entry| indent(text, entry)).collect();
    let indent = *indents?.last()?;
    let end = usize::try_from(options.last().map(last_byte)?).ok()?;
    let behind = text.get(end..)?;
    // A block scalar ends with its line break.
    let rest = if text.get(..end)?.ends_with('\n') { 0 } else { behind.find('\n').map_or(behind.len(), |at| at + 1) };
    let (before, after) = text.split_at_checked(end + rest)?;
    let joint = if before.ends_with('\n') { "" } else { "\n" };
    Some((files.get(file).path.clone(), format!("{before}{joint}{indent}{line}\n{after}")))
}

fn get<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let Node::Map(entries, _) = node else { return None };
    entries.iter().find(|entry| entry.key.value == key).map(|entry| &entry.value)
}

/// The spaces before a key that is the first thing on its line.
fn indent<'a>(text: &'a str, entry: &Entry) -> Option<&'a str> {
    let before = text.get(..usize::try_from(entry.key.span.start).ok()?)?;
    let line = before.rsplit('\n').next()?;
    line.bytes().all(|byte| byte == b' ').then_some(line)
}

/// Where the last text of an entry ends.
fn last_byte(entry: &Entry) -> u32 {
    fn of(node: &Node) -> u32 {
        match node {
            Node::Text(text) => text.span.end,
            Node::List(items, _) => items.iter().map(of).max().unwrap_or_default(),
            Node::Map(entries, _) => entries.iter().map(last_byte).max().unwrap_or_default(),
        }
    }
    of(&entry.value).max(entry.key.span.end)
}
