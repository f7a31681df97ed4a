//! Files that people write: their texts with places, read as YAML into a tree of texts, and what is wrong with them.
//!
//! Nothing here knows what a menu is. The reader takes a small YAML: maps, lists and texts; every scalar is text with its
//! place. Anchors, aliases, tags, several documents and duplicate keys are refused, and so is ` #` inside an unquoted text,
//! which YAML would cut off.

mod diagnostic;
pub mod suggest;
mod tree;
mod yaml;

pub use diagnostic::{Diagnostic, Severity, render, to_json};
pub use tree::{Entry, Node, Spanned};
pub use yaml::read;

use std::sync::Arc;

/// A file among those read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A place in a file, in bytes. `start == end` is a place between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

/// All files of one reading, kept so that diagnostics can show lines of them.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

/// A file's path as the person knows it (relative to the folder given, with `/`) and its text.
#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub text: Arc<str>,
}

impl Files {
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File { path: path.into(), text: text.into() });
        id
    }

    pub fn get(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0..).map(FileId).zip(&self.files)
    }
}
