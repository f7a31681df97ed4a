//! The menu language: files → trees with places → resolved and typed → an immutable, compiled [`Program`].
//!
//! * `files` tells which file is what; `syntax` reads each into a tree in which names are still names; `resolve` looks them
//!   up, infers types and makes the program. `translate` decides which translations are fresh;
//!   `catalogue` lists all texts with their translations, for whoever carries them to translators.
//! * [`shapes`] declares which keys each map of a file has; the readers and the schemas for editors are held to it.
//! * [`codes`] lists every finding that can come of it.
//! * `bundle` packs the files of a program, so that it can be kept and compiled again elsewhere.
//! * `sandbox` reads what stands in for departments, which is no part of the program.
//! * `own` is what the bridge itself can be asked, as an operation of a department.
//! * `program`, `ids`, `expression`, `operation`, `table`, `text`, `message`, `keyword`, `short_link`, `lookup`, `system` and `value` are what comes out, which the floors above run.
//!
//! What needs more than the menu itself (lengths on a gateway, keys that collide, where personal data flow) is proved in
//! `check`.

mod bundle;
mod catalogue;
pub mod codes;
mod context;
mod csv;
mod expression;
mod fields;
mod files;
mod ids;
mod keyword;
mod languages;
mod lookup;
mod message;
mod number_words;
mod operation;
mod own;
mod program;
mod resolve;
mod sandbox;
pub mod shapes;
mod short_link;
mod syntax;
mod system;
mod system_message;
mod table;
mod text;
mod translate;
mod types;
mod value;
mod verb;

pub use bundle::{BundleError, pack, unpack};
pub use catalogue::{Catalogue, Group, MessageTexts, SourceText, Translated, TranslationFile, fingerprint, values};
pub use csv::MAX_BYTES as MAX_TABLE_BYTES;
pub use expression::{Comparison, Condition, Operand, Path, Root};
pub use files::version;
pub use ids::{
    DepartmentId, KeywordId, LanguageId, MenuId, MessageId, OperationId, ProfileId, ScreenId, ShortLinkId, SlotId,
    TableId, Version,
};
pub use keyword::{
    Argument, ArgumentKind, Command, CommandWords, Keyword, KeywordWord, MissedCall, MissedCallAction, keyword_form,
};
pub use lookup::{FoldedTexts, Lookups, ValueRows};
pub use message::{Message, RegisteredPiece, RegisteredText, Tag, Variable, Written};
pub use number_words::NumberWords;
pub use operation::*;
pub use own::{OWN_DEPARTMENT, Own};
pub use program::*;
pub use sandbox::{BodySyntax, CannedAnswer, CannedBody, Envelope, Pattern, SandboxFile, sandboxes};
pub use short_link::{Device, ShortLink, TOKEN_LETTERS};
pub use system::SystemText;
pub use system_message::SystemMessage;
pub use table::{Cell, Column, Table};
pub use text::{Filter, Piece, Template, Text, Word, write};
pub use translate::Stamped;
pub use value::{Field, Letters, Scalar, Type, Value};
pub use verb::*;

use std::collections::BTreeSet;

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

/// Whether a menu may have this name: plain names with dots between them.
pub fn is_menu_name(name: &str) -> bool {
    syntax::names::is_menu(name)
}

/// By file, place and code; each once. Translations come behind what they translate, and what they translate in vain is not told
/// while that has errors itself: it may only be misspelt there.
fn in_order(files: &Files, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let path = |finding: &Diagnostic| files.get(finding.span.file).path.as_str();
    let wrong: BTreeSet<String> = findings.iter().filter(|f| f.is_error()).map(|f| path(f).to_owned()).collect();
    findings.retain(|finding| {
        finding.code != codes::NOTHING_TO_TRANSLATE
            || translated_by(path(finding)).is_none_or(|of| !wrong.contains(&of))
    });
    findings.sort_by_cached_key(|finding| {
        let own = path(finding).to_owned();
        let of = translated_by(&own);
        (of.clone().unwrap_or_else(|| own.clone()), of.is_some(), own, finding.span.start, finding.code)
    });
    findings.dedup();
    findings
}

/// The file of which this one, by its name, is a translation: `a/home.yaml` of `a/home.hi.yaml`.
fn translated_by(path: &str) -> Option<String> {
    let (source, language) = path.strip_suffix(".yaml")?.rsplit_once('.')?;
    (!language.contains('/')).then(|| format!("{source}.yaml"))
}

/// All texts with their translations; otherwise the findings, errors among them. Names and types are not looked at: texts
/// can be translated while somebody still writes the screens that show them.
pub fn catalogue(files: &Files) -> Result<Catalogue, Vec<Diagnostic>> {
    let mut cx = context::Context::new(files);
    let sources = files::read(&mut cx);
    let catalogue = catalogue::catalogue(&sources, &mut cx);
    catalogue.filter(|_| !cx.has_errors()).ok_or(cx.findings)
}

/// Notes in a translation file which source texts its texts were made from: of those that have never been stamped, and where
/// `stale` of those whose source has changed since, too. `None` when the file is no translation, cannot be read, or has
/// nothing to stamp.
pub fn stamp(files: &Files, file: FileId, stale: bool) -> Option<Stamped> {
    translate::stamp(files, file, stale)
}

#[cfg(test)]
mod tests;
