//! What every step of the compiler carries along: the files, for places, and the findings so far.

use crate::source::{Diagnostic, Files, Span, Spanned};

#[derive(Debug)]
pub(super) struct Context<'a> {
    pub files: &'a Files,
    pub findings: Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        Self { files, findings: Vec::new() }
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.findings.push(Diagnostic::error(code, span, message, remedy));
    }

    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub(super) fn has_errors(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }

    /// Whether a scalar stands in YAML's quotes and has none of its own: `"new card"`, but not `'"new card"'`.
    pub(super) fn is_quoted(&self, scalar: &Spanned<String>) -> bool {
        let text = &self.files.get(scalar.span.file).text;
        let first = |text: &str| text.chars().next().filter(|c| matches!(c, '"' | '\''));
        let source = text.get(scalar.span.start as usize..).unwrap_or_default();
        first(source).is_some() && first(&scalar.value).is_none()
    }

    /// Where the bytes of a scalar's value stand in its file.
    pub(super) fn places(&self, scalar: &Spanned<String>) -> Places {
        let text = &self.files.get(scalar.span.file).text;
        let source = text.get(scalar.span.start as usize..scalar.span.end as usize).unwrap_or_default();
        Places { whole: scalar.span, offsets: align(source, &scalar.value) }
    }
}

/// Maps a place in a scalar's value to its place in the file.
#[derive(Debug)]
pub(super) struct Places {
    whole: Span,
    /// For each byte of the value, and its end, the offset from the start of the scalar's source.
    offsets: Option<Vec<u32>>,
}

impl Places {
    /// The place of `start..end` of the value; the whole scalar where that cannot be told.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let Some(offsets) = &self.offsets else { return self.whole };
        // The end is where the last byte ends, not where the next begins: an indentation may stand between them.
        let last = if end > start { offsets.get(end - 1).map(|at| at + 1) } else { offsets.get(start).copied() };
        match (offsets.get(start), last) {
            (Some(&from), Some(to)) => {
                Span { start: self.whole.start + from, end: self.whole.start + to.max(from), ..self.whole }
            }
            _ => self.whole,
        }
    }
}

/// Walks a scalar's source beside its value: quotes, escapes, indentation and folded lines of the source are skipped.
/// `None` where the two do not match.
fn align(source: &str, value: &str) -> Option<Vec<u32>> {
    let quote = source.chars().next().filter(|c| matches!(c, '"' | '\''));
    let mut rest = source.char_indices().peekable();
    if quote.is_some() {
        rest.next();
    }
    let mut offsets = Vec::with_capacity(value.len() + 1);
    for wanted in value.chars() {
        let at = loop {
            let Some(&(at, found)) = rest.peek() else { break source.len() };
            if quote == Some('"') && found == '\\' {
                skip_escape(&mut rest)?;
                break at;
            }
            if found == wanted {
                rest.next();
                if found == '\'' && quote == Some('\'') {
                    rest.next();
                }
                break at;
            }
            // A folded line break counts as a space.
            if found == '\n' && wanted == ' ' {
                rest.next();
                break at;
            }
            if !found.is_whitespace() {
                // A block scalar's last line break is not part of its span.
                return None;
            }
            rest.next();
        };
        let at = u32::try_from(at).ok()?;
        offsets.extend((0..u32::try_from(wanted.len_utf8()).ok()?).map(|byte| at + byte));
    }
    offsets.push(rest.peek().map_or(u32::try_from(source.len()).ok()?, |(at, _)| u32::try_from(*at).unwrap_or(0)));
    Some(offsets)
}

/// Steps over `\n`, `\"`, `\x41`, `\u0905`, `\U0001F600` of a double-quoted scalar (YAML 1.2 section 5.7).
fn skip_escape(rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> Option<()> {
    rest.next();
    let (_, kind) = rest.next()?;
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        // An escaped line break stands for nothing, which cannot be matched with a character.
        '\n' => return None,
        _ => 0,
    };
    for _ in 0..digits {
        rest.next()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::align;

    /// The source at the place of `part` in `value`.
    fn found<'a>(source: &'a str, value: &str, part: &str) -> Option<&'a str> {
        let start = value.find(part)?;
        let offsets = align(source, value)?;
        let end = offsets[start + part.len() - 1] as usize + 1;
        source.get(offsets[start] as usize..end)
    }

    #[test]
    fn places_are_exact_in_every_style_of_scalar() {
        assert_eq!(found("Rs {{ a }}", "Rs {{ a }}", "a"), Some("a"));
        assert_eq!(found("\"Rs {{ ab }}\"", "Rs {{ ab }}", "ab"), Some("ab"));
        assert_eq!(found("'it''s {{ ab }}'", "it's {{ ab }}", "ab"), Some("ab"));
        assert_eq!(found("\"\\u0905\\n{{ ab }}\"", "अ\n{{ ab }}", "ab"), Some("ab"));
        assert_eq!(found("one\n    Rs {{ ab }}", "one\nRs {{ ab }}\n", "ab"), Some("ab"));
        assert_eq!(found("one\n      two {{ ab }}", "one two {{ ab }}", "ab"), Some("ab"));
    }

    #[test]
    fn what_does_not_match_has_no_places() {
        assert_eq!(align("abc", "xyz"), None);
        assert_eq!(align("", ""), Some(vec![0]));
    }
}
