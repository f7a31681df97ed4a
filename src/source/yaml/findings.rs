//! What the reader refuses, in words: one function a finding, so that each code stands once.

use saphyr_parser::ScanError;

use super::MAX_DEPTH;
use crate::source::{Diagnostic, FileId, Span, codes};

/// What the parser stumbled over, as far as the place tells; `here` is the character at it.
pub(super) fn not_yaml(span: Span, here: &str, error: &ScanError) -> Diagnostic {
    let (message, remedy) = match (here, error.info()) {
        // An alias to no anchor, and the parser's own bound on brackets that it must look past to find a key.
        ("*", _) => return alias(span),
        (_, "recursion limit exceeded") => return too_deep(span),
        (_, "comment intercepting the multiline text") => return comment(span),
        (":", _) => ("a second `: ` in the same text", "put a text that contains `: ` in quotes"),
        ("@" | "`" | "%" | "]" | "}" | ",", _) => {
            ("a text cannot begin with this character", "put the text in quotes, or delete the character")
        }
        ("\"" | "'", _) => ("a quote that does not end", "close it; inside double quotes a quote is written \\\""),
        ("-", _) => ("a list cannot begin here", "begin the list on a line of its own, or put the text in quotes"),
        (_, "simple key expect ':'") => ("a line without `:`", "write `key: value`, or indent the rest of a long text"),
        (_, info) if info.contains("did not find expected key") => (
            "this line begins at a place where none above it does",
            "let it begin as far in as the lines that it belongs to",
        ),
        (_, info) => {
            (info, "check the indentation and the line before; a text with special characters stands in quotes")
        }
    };
    Diagnostic::error(codes::NOT_YAML, span, format!("this is not YAML: {message}"), remedy).label("here")
}

/// What is read as a second `: ` in a text is most often a line that begins further in than the one above it.
pub(super) fn aligned(mut finding: Diagnostic, text: &str) -> Diagnostic {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let before = text.get(..finding.span.start as usize).unwrap_or_default();
    let (above, line) = before.rsplit_once('\n').unwrap_or(("", before));
    let above = above.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let (own, other) = (indent(line), indent(above));
    if finding.code == codes::NOT_YAML && own > other && above.contains(": ") && !line.trim().contains(": ") {
        finding.remedy = format!(
            "this line begins {own} spaces in, the one above it {other}: let both begin at the same place; or put a text that \
             contains `: ` in quotes"
        );
    }
    finding
}

pub(super) fn empty_file(file: FileId) -> Diagnostic {
    let start = Span { file, start: 0, end: 0 };
    Diagnostic::error(codes::EMPTY, start, "the file is empty", "write something into it, or delete it")
}

pub(super) fn comment(span: Span) -> Diagnostic {
    let message = "` #` inside a text that is not in quotes: YAML would cut the text off here";
    let remedy = "put the text in quotes, or the comment on a line of its own";
    Diagnostic::error(codes::COMMENT, span, message, remedy).label("text or comment?")
}

pub(super) fn duplicate_key(key: &str, span: Span, first: Span) -> Diagnostic {
    let message = format!("the key `{key}` stands twice in the same map");
    Diagnostic::error(codes::TWICE, span, message, "delete one of them, or rename it")
        .label("again here")
        .also(first, "first here")
}

pub(super) fn anchor(span: Span) -> Diagnostic {
    let remedy = "write the value where it is needed; a text that begins with `&` stands in quotes";
    Diagnostic::error(codes::ANCHOR, span, "anchors (`&name`) are not read here", remedy).label("anchor")
}

pub(super) fn alias(span: Span) -> Diagnostic {
    let remedy = "write the value where it is needed; a text that begins with `*` stands in quotes: \"*123#\"";
    Diagnostic::error(codes::ANCHOR, span, "aliases (`*name`) are not read here", remedy).label("alias")
}

pub(super) fn tag(span: Span) -> Diagnostic {
    let remedy = "delete it, every value is text; a text that begins with `!` stands in quotes";
    Diagnostic::error(codes::TAG, span, "tags (`!name`) are not read here", remedy).label("tag")
}

pub(super) fn second_document(span: Span) -> Diagnostic {
    let remedy = "put it into a file of its own, or delete the `---`";
    Diagnostic::error(codes::SECOND_DOCUMENT, span, "a second document in the same file", remedy)
        .label("a new document begins here")
}

pub(super) fn no_key(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NO_KEY, span, "a value without a key", "write a key before the `:`, or delete the line")
}

pub(super) fn key_is_no_text(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NO_KEY, span, "a key that is not a text", "a key is one word, or a text in quotes")
}

pub(super) fn merge_key(span: Span) -> Diagnostic {
    let remedy = "write the entries where they are needed";
    Diagnostic::error(codes::MERGE, span, "maps cannot be merged (`<<`) here", remedy).label("merge key")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("maps and lists nest deeper than {MAX_DEPTH}");
    Diagnostic::error(codes::TOO_DEEP, span, message, "split the file, or nest less")
}

pub(super) fn control_character(span: Span, c: char) -> Diagnostic {
    if c == '\t' {
        return Diagnostic::error(codes::UNSEEN, span, "a tab", "use spaces").label("tab");
    }
    let message = format!("a character that cannot be seen, U+{:04X}", u32::from(c));
    Diagnostic::error(codes::UNSEEN, span, message, "delete it").label("here")
}

pub(super) fn braces(span: Span) -> Diagnostic {
    let message = "a text that begins with `{{` and is not in quotes";
    Diagnostic::error(codes::BRACES, span, message, "put the whole text in quotes: \"{{ name }} …\"")
        .label("YAML reads these braces as maps")
}
