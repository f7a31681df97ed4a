//! What is wrong with a file, where, and what to do about it.

use super::{Files, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One finding. Its `code` never changes its meaning once published (`docs/diagnostics.md` lists them).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `Y…` the YAML reader, `M…` the menu language, `G…` gateway profiles, `L…` lengths, `P…` proofs about a program.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence that names what is wrong.
    pub message: String,
    pub span: Span,
    /// What stands at the place, in a few words, beside the caret; may be empty.
    pub label: String,
    /// Other places that matter, each with a few words.
    pub also: Vec<(Span, String)>,
    /// What to do about it.
    pub remedy: String,
}

impl Diagnostic {
    pub fn error(code: &'static str, span: Span, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            also: Vec::new(),
            remedy: remedy.into(),
        }
    }

    pub fn warning(code: &'static str, span: Span, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message, remedy) }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn also(mut self, span: Span, words: impl Into<String>) -> Self {
        self.also.push((span, words.into()));
        self
    }
}

/// All findings as a person reads them in a terminal: code, file, line, column, the line with a caret, the remedy.
pub fn render(_diagnostics: &[Diagnostic], _files: &Files, _colour: bool) -> String {
    unimplemented!()
}

/// The same as one JSON array, for editors and scripts.
pub fn to_json(_diagnostics: &[Diagnostic], _files: &Files) -> String {
    unimplemented!()
}
