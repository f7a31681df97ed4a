//! The menu language: files → trees with places → resolved and typed → an immutable, compiled [`Program`].
//!
//! * `files` tells which file is what; `syntax` reads each into a tree in which names are still names; `resolve` looks them
//!   up, infers types and makes the program. `translate` decides which translations are fresh.
//! * [`codes`] lists every finding that can come of it.
//! * `sandbox` reads what stands in for departments, which is no part of the program.
//! * `program`, `ids`, `expression`, `operation`, `table`, `text`, `system` and `value` are what comes out, which the floors above run.
//!
//! What needs more than the menu itself (lengths on a gateway, keys that collide, where personal data flow) is proved in
//! `check`.

pub mod codes;
mod context;
mod csv;
mod expression;
mod fields;
mod files;
mod ids;
mod languages;
mod number_words;
mod operation;
mod program;
mod resolve;
mod sandbox;
mod syntax;
mod system;
mod table;
mod text;
mod translate;
mod types;
mod value;
mod verb;

pub use csv::MAX_BYTES as MAX_TABLE_BYTES;
pub use expression::{Comparison, Condition, Operand, Path, Root};
pub use ids::{DepartmentId, LanguageId, MenuId, OperationId, ProfileId, ScreenId, SlotId, TableId, Version};
pub use number_words::NumberWords;
pub use operation::*;
pub use program::*;
pub use sandbox::{BodySyntax, CannedAnswer, CannedBody, Envelope, Pattern, SandboxFile, sandboxes};
pub use system::SystemText;
pub use table::{Cell, Column, Table};
pub use text::{Filter, Piece, Template, Text, Word, write};
pub use translate::Stamped;
pub use value::{Field, Letters, Scalar, Type, Value};
pub use verb::*;

use crate::source::suggest;
use crate::source::{Diagnostic, FileId, Files};

/// Compiles all files of a menus folder. Findings may hold warnings beside a program, and errors only without one; neither
/// comes of no files at all.
pub fn compile(files: &Files) -> (Option<Program>, Vec<Diagnostic>) {
    let mut cx = context::Context::new(files);
    let sources = files::read(&mut cx);
    let program = resolve::program(&sources, &mut cx);
    let findings = in_order(files, cx.findings);
    let failed = findings.iter().any(Diagnostic::is_error);
    (program.filter(|_| !failed), findings)
}

/// By file, place and code; each once.
fn in_order(files: &Files, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|a, b| {
        let place =
            |finding: &Diagnostic| (files.get(finding.span.file).path.as_str(), finding.span.start, finding.code);
        place(a).cmp(&place(b))
    });
    findings.dedup();
    findings
}

/// Notes in a translation file which source texts its texts were made from: of those that have never been stamped, and where
/// `stale` of those whose source has changed since, too. `None` when the file is no translation, cannot be read, or has
/// nothing to stamp.
pub fn stamp(files: &Files, file: FileId, stale: bool) -> Option<Stamped> {
    translate::stamp(files, file, stale)
}

#[cfg(test)]
mod tests;
