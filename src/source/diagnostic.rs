//! What is wrong with a file, where, and what to do about it.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use serde_json::json;

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

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
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

/// All findings as a person reads them in a terminal, by file and place: code, file, line, column, the line with a
/// caret, the remedy; then an empty line.
pub fn render(diagnostics: &[Diagnostic], files: &Files, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in sorted(diagnostics) {
        out.push_str(&renderer.render(&[report(diagnostic, files)]));
        out.push_str("\n\n");
    }
    out
}

fn report<'a>(diagnostic: &'a Diagnostic, files: &'a Files) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // Messages, labels and paths quote what files say: what could steer a terminal is made visible. Of titles and source
    // lines the renderer does so itself.
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code);
    let caret = AnnotationKind::Primary.span(range(diagnostic.span, files)).label(label(&diagnostic.label));
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        diagnostic.also.iter().partition(|(span, _)| span.file == diagnostic.span.file);
    let context =
        |(span, words): &'a (Span, String)| AnnotationKind::Context.span(range(*span, files)).label(label(words));
    let mut group =
        title.element(snippet(diagnostic.span, files).annotation(caret).annotations(here.into_iter().map(context)));
    for place in elsewhere {
        group = group.element(snippet(place.0, files).annotation(context(place)));
    }
    if diagnostic.remedy.is_empty() {
        return group;
    }
    group.element(Level::HELP.message(normalize_untrusted_str(&diagnostic.remedy)))
}

fn snippet(span: Span, files: &Files) -> Snippet<'_, Annotation<'_>> {
    let file = files.get(span.file);
    Snippet::source(&*file.text).path(normalize_untrusted_str(&file.path))
}

fn label(words: &str) -> Option<String> {
    (!words.is_empty()).then(|| normalize_untrusted_str(words))
}

/// A span's bytes, moved into the text and onto the borders of characters where they are not.
fn range(span: Span, files: &Files) -> Range<usize> {
    let text = &files.get(span.file).text;
    let start = text.floor_char_boundary(span.start as usize);
    start..text.ceil_char_boundary(span.end as usize).max(start)
}

/// The same as one JSON array, for editors and scripts: objects with `code`, `severity` (`error`, `warning`), `message`,
/// `file`, `line`, `column`, `end_line`, `end_column`, `label`, `help` and `also` (objects with `file`, `line`, `column`,
/// `message`). Lines and columns count from 1, columns in characters; the end is the place after the last character.
pub fn to_json(diagnostics: &[Diagnostic], files: &Files) -> String {
    sorted(diagnostics)
        .into_iter()
        .map(|diagnostic| finding(diagnostic, files))
        .collect::<serde_json::Value>()
        .to_string()
}

fn finding(diagnostic: &Diagnostic, files: &Files) -> serde_json::Value {
    let file = files.get(diagnostic.span.file);
    let range = range(diagnostic.span, files);
    let (line, column) = line_and_column(&file.text, range.start);
    let (end_line, end_column) = line_and_column(&file.text, range.end);
    json!({
        "code": diagnostic.code,
        "severity": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": diagnostic.message,
        "file": file.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "label": diagnostic.label,
        "help": diagnostic.remedy,
        "also": diagnostic.also.iter().map(|(span, words)| place(*span, words, files)).collect::<Vec<_>>(),
    })
}

fn place(span: Span, message: &str, files: &Files) -> serde_json::Value {
    let file = files.get(span.file);
    let (line, column) = line_and_column(&file.text, range(span, files).start);
    json!({"file": file.path, "line": line, "column": column, "message": message})
}

/// Both from 1, the column in characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// By file and place.
fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut all: Vec<_> = diagnostics.iter().collect();
    all.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    all
}

#[cfg(test)]
mod tests;
