//! The YAML reader.

use super::{Diagnostic, FileId, Files, Node};

/// Reads one file into a tree; all that is wrong with it otherwise (at least one finding).
pub fn read(_files: &Files, _file: FileId) -> Result<Node, Vec<Diagnostic>> {
    unimplemented!()
}
