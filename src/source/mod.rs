//! Files that people write: their texts with places, read as YAML into a tree of texts, and what is wrong with them.
//!
//! Nothing here knows what a menu is. The reader takes a small YAML: maps, lists and texts; every scalar is text with its
//! place. Anchors, aliases, tags, several documents and duplicate keys are refused, and so is ` #` inside an unquoted text,
//! which YAML would cut off.

pub mod codes;
mod diagnostic;
pub mod shape;
pub mod suggest;
mod tree;
mod yaml;

pub use diagnostic::{Diagnostic, Severity, render, to_json};
pub use tree::{Entry, Node, Spanned};
pub use yaml::{MAX_BYTES, read};

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
    /// What stands in it; with marks in place of what is no text, and empty where it was not read. Who reads what people
    /// wrote takes [`Files::text`].
    pub text: Arc<str>,
    lost: Option<Lost>,
}

/// Why a file has not the text that it should.
#[derive(Clone, Copy, Debug)]
enum Lost {
    /// The bytes from here on are no UTF-8.
    NotText(u32),
    /// It was too large to be read.
    TooLarge(u64),
}

impl Files {
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File { path: path.into(), text: text.into(), lost: None });
        id
    }

    /// Adds a file as it is stored. That its bytes are no text is found by [`Files::text`].
    pub fn add_bytes(&mut self, path: impl Into<String>, bytes: Vec<u8>) -> FileId {
        match String::from_utf8(bytes) {
            Ok(text) => self.add(path, text),
            Err(error) => {
                let at = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
                let id = self.add(path, String::from_utf8_lossy(error.as_bytes()));
                self.lose(id, Lost::NotText(at))
            }
        }
    }

    /// Adds a file that is too large to be read, for the finding of [`Files::text`].
    pub fn add_too_large(&mut self, path: impl Into<String>, bytes: u64) -> FileId {
        let id = self.add(path, "");
        self.lose(id, Lost::TooLarge(bytes))
    }

    fn lose(&mut self, id: FileId, lost: Lost) -> FileId {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            file.lost = Some(lost);
        }
        id
    }

    /// The text of a file of at most `most` bytes, or what keeps it from being read.
    pub fn text(&self, id: FileId, most: usize) -> Result<&str, Box<Diagnostic>> {
        let file = self.get(id);
        let too_large = |bytes: u64| {
            let start = Span { file: id, start: 0, end: 0 };
            let message = format!("the file has {bytes} bytes, more than the {most} that are read");
            Box::new(Diagnostic::error(codes::TOO_LARGE, start, message, "split it into several files"))
        };
        match file.lost {
            Some(Lost::TooLarge(bytes)) => Err(too_large(bytes)),
            Some(Lost::NotText(at)) => {
                let span = Span { file: id, start: at, end: at.saturating_add(1) };
                let message = "the file is not UTF-8 text";
                let finding = Diagnostic::error(codes::NOT_TEXT, span, message, "save it again, as UTF-8");
                Err(Box::new(finding.label("here it cannot be read")))
            }
            None if file.text.len() > most => Err(too_large(u64::try_from(file.text.len()).unwrap_or(u64::MAX))),
            None => Ok(&file.text),
        }
    }

    pub fn get(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0..).map(FileId).zip(&self.files)
    }
}
