//! The YAML reader: events of `saphyr-parser` into a tree of texts, refusing what people cannot read aloud.
//!
//! The parser decides what is YAML (1.2); what is refused beyond that is decided here. A file that is YAML but breaks
//! several of these rules gets all its findings in one run; the first place that is not YAML ends the reading.

mod findings;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::{Diagnostic, Entry, FileId, Files, Node, Span, Spanned, codes};
use crate::text::is_unseen;

/// The largest file that is read, in bytes. Menus have some kilobytes; the parser's time grows with the square of a list
/// that is written on one line, and at this size stays below a second.
pub const MAX_BYTES: usize = 1 << 18;

/// How deep maps and lists may nest. Menus need eight; whoever walks the tree may recurse.
const MAX_DEPTH: usize = 32;

/// Reading ends after so many findings: a file that is wrong on every line has one cause.
const MAX_FINDINGS: usize = 50;

/// Reads one file into a tree; all that is wrong with it otherwise (at least one finding).
///
/// A key without a value has an empty text. A block scalar keeps the line break at its end, as YAML says; its span begins
/// at its first letter. The span of a quoted scalar covers the quotes.
pub fn read(files: &Files, file: FileId) -> Result<Node, Vec<Diagnostic>> {
    let text = files.text(file, MAX_BYTES).map_err(|finding| vec![*finding])?;
    let unseen = unseen_characters(text, file);
    if !unseen.is_empty() {
        return Err(unseen);
    }
    let mut reader = Reader::new(text, file);
    reader.run();
    match reader.root {
        Some(root) if reader.findings.is_empty() => Ok(root),
        None if reader.findings.is_empty() => Err(vec![findings::empty_file(file)]),
        _ => Err(reader.findings),
    }
}

/// Tabs and other characters that nobody sees in an editor.
fn unseen_characters(text: &str, file: FileId) -> Vec<Diagnostic> {
    let unseen = |at: usize, c: char| match c {
        '\n' => false,
        '\r' => !text.get(at..).is_some_and(|rest| rest.starts_with("\r\n")),
        BYTE_ORDER_MARK => at > 0,
        _ => is_unseen(c),
    };
    let all = text.char_indices().filter(|&(at, c)| unseen(at, c)).take(MAX_FINDINGS);
    let span = |at: usize, c: char| Span { file, start: offset(at), end: offset(at + c.len_utf8()) };
    all.map(|(at, c)| findings::control_character(span(at, c), c)).collect()
}

/// Some editors write it at the start of a file, where it means nothing.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A byte offset, which [`MAX_BYTES`] keeps within 32 bits.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether reading goes on.
enum Go {
    On,
    Stop,
}

struct Reader<'a> {
    text: &'a str,
    places: Places,
    file: FileId,
    /// Maps and lists that have begun and not ended, the outermost first.
    open: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    findings: Vec<Diagnostic>,
}

/// A map or a list that has begun.
struct Frame {
    kind: FrameKind,
    /// Grows with what is read into it.
    span: Span,
    /// `{}` or `[]`, whose end the parser marks; a block ends where its last child does.
    flow: bool,
}

enum FrameKind {
    Map { entries: Vec<Entry>, seen: HashMap<String, Span>, key: Key },
    List(Vec<Node>),
}

/// Where a map stands between a key and its value.
enum Key {
    Wanted,
    Read(Spanned<String>),
    /// The key was refused; its value is read for its own findings and dropped.
    Refused,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, file: FileId) -> Self {
        Self { text, places: Places::of(text), file, open: Vec::new(), root: None, documents: 0, findings: Vec::new() }
    }

    fn run(&mut self) {
        let start = if self.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        for event in Parser::new_from_str(self.text.get(start..).unwrap_or_default()) {
            let go = match event {
                Ok((event, span)) => {
                    let span = self.span(span.start.index(), span.end.index());
                    self.event(event, span)
                }
                Err(error) => {
                    self.not_yaml(&error);
                    Go::Stop
                }
            };
            if matches!(go, Go::Stop) || self.findings.len() >= MAX_FINDINGS {
                return;
            }
        }
    }

    /// The parser counts characters; places are in bytes.
    fn span(&self, start: usize, end: usize) -> Span {
        let start = self.places.byte(start);
        Span { file: self.file, start, end: self.places.byte(end).max(start) }
    }

    fn source(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The text from a place to the end of its line.
    fn rest_of_line(&self, at: u32) -> &'a str {
        self.text.get(at as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Go {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Go::On,
            Event::DocumentStart(_) => self.document(span),
            Event::Alias(_) => {
                self.findings.push(findings::alias(span));
                Go::On
            }
            Event::Scalar(value, style, anchor, tag) => {
                self.decorations(span, anchor, tag.is_some());
                self.scalar(value.into_owned(), style, span);
                Go::On
            }
            Event::SequenceStart(anchor, tag) => {
                self.decorations(span, anchor, tag.is_some());
                self.begin(FrameKind::List(Vec::new()), span)
            }
            Event::MappingStart(anchor, tag) => {
                self.decorations(span, anchor, tag.is_some());
                let kind = FrameKind::Map { entries: Vec::new(), seen: HashMap::new(), key: Key::Wanted };
                self.begin(kind, span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(span);
                Go::On
            }
        }
    }

    fn document(&mut self, span: Span) -> Go {
        self.documents += 1;
        if self.documents == 1 {
            return Go::On;
        }
        self.findings.push(findings::second_document(span));
        Go::Stop
    }

    /// Anchors and tags, which may stand before any value.
    fn decorations(&mut self, span: Span, anchor: usize, tag: bool) {
        if anchor != 0 {
            self.findings.push(findings::anchor(span));
        }
        if tag {
            self.findings.push(findings::tag(span));
        }
    }

    fn scalar(&mut self, value: String, style: ScalarStyle, span: Span) {
        let span = match style {
            // The parser puts the empty text of `key:` at what follows it.
            ScalarStyle::Plain if value.is_empty() => {
                self.comment_for_text(span.start);
                Span { end: span.start, ..span }
            }
            ScalarStyle::Plain => {
                self.comment_after(span);
                span
            }
            // The parser ends a quoted text behind the comment that follows it.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                Span { end: span.start + offset(quoted_length(self.source(span))), ..span }
            }
            // The parser ends a block scalar where the next thing begins.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let length = self.source(span).trim_end().len();
                Span { end: span.start + offset(length), ..span }
            }
        };
        // Escapes in quotes can name what the file itself may not hold.
        if let Some(c) = value.chars().find(|c| c.is_control() && *c != '\n') {
            self.findings.push(findings::control_character(span, c));
        }
        let plain = style == ScalarStyle::Plain;
        let text = Spanned { value, span };
        match self.open.last() {
            Some(Frame { kind: FrameKind::Map { key: Key::Wanted, .. }, .. }) => self.key(text, plain),
            _ => self.place(Node::Text(text)),
        }
    }

    /// `price: Rs 5 # each`: YAML takes `# each` for a comment; whoever wrote it may have meant text.
    fn comment_after(&mut self, span: Span) {
        let rest = self.rest_of_line(span.end);
        let spaces = rest.len() - rest.trim_start().len();
        if spaces == 0 || !rest.trim_start().starts_with('#') {
            return;
        }
        let start = span.end + offset(spaces);
        let place = Span { start, end: span.end + offset(rest.trim_end().len()), ..span };
        self.findings.push(findings::comment(place).also(span, "the text that would be cut off"));
    }

    /// `colour: #fff`: where a text is expected, a hash with a letter right behind it may have been meant as one.
    fn comment_for_text(&mut self, at: u32) {
        let rest = self.rest_of_line(at);
        let hash = rest.trim_start_matches([':', ' ']);
        if hash.starts_with('#') && hash.trim_start_matches('#').starts_with(|c: char| !c.is_whitespace()) {
            let start = at + offset(rest.len() - hash.len());
            let end = at + offset(rest.trim_end().len());
            self.findings.push(findings::comment(Span { file: self.file, start, end }));
        }
    }

    /// Takes a text as the key of the innermost map.
    fn key(&mut self, text: Spanned<String>, plain: bool) {
        let Some(Frame { kind: FrameKind::Map { seen, key, .. }, span, .. }) = self.open.last_mut() else { return };
        span.end = span.end.max(text.span.end);
        let finding = if text.value.is_empty() {
            findings::no_key(text.span)
        } else if plain && text.value == "<<" {
            findings::merge_key(text.span)
        } else if let Some(&first) = seen.get(&text.value) {
            findings::duplicate_key(&text.value, text.span, first)
        } else {
            seen.insert(text.value.clone(), text.span);
            *key = Key::Read(text);
            return;
        };
        *key = Key::Refused;
        self.findings.push(finding);
    }

    /// Begins a map or list.
    fn begin(&mut self, kind: FrameKind, span: Span) -> Go {
        if let Some(Frame { kind: FrameKind::Map { key: Key::Wanted, .. }, .. }) = self.open.last() {
            return self.key_that_is_no_text(span);
        }
        if self.open.len() == MAX_DEPTH {
            self.findings.push(findings::too_deep(span));
            return Go::Stop;
        }
        let flow = span.start != span.end;
        self.open.push(Frame { kind, span, flow });
        Go::On
    }

    /// Ends the reading: such a file is usually a text that lacks its quotes, and the rest would be misread.
    fn key_that_is_no_text(&mut self, span: Span) -> Go {
        let start = span.start.saturating_sub(1);
        let finding = if self.rest_of_line(start).starts_with("{{") {
            findings::braces(Span { start, end: start + 2, ..span })
        } else {
            findings::key_is_no_text(span)
        };
        self.findings.push(finding);
        Go::Stop
    }

    /// Ends the innermost map or list.
    fn end(&mut self, span: Span) {
        let Some(frame) = self.open.pop() else { return };
        let mut whole = frame.span;
        if frame.flow {
            // One byte, the closing bracket: the parser's span goes on over a comment behind it.
            whole.end = whole.end.max(span.end.min(span.start + 1));
        }
        self.place(match frame.kind {
            FrameKind::Map { entries, .. } => Node::Map(entries, whole),
            FrameKind::List(items) => Node::List(items, whole),
        });
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: Node) {
        let Some(frame) = self.open.last_mut() else {
            // An explicit document without content (`---` alone) reads as an empty text.
            let nothing =
                matches!(&node, Node::Text(text) if text.value.is_empty() && text.span.start == text.span.end);
            self.root = (!nothing).then_some(node);
            return;
        };
        frame.span.end = frame.span.end.max(node.span().end);
        match &mut frame.kind {
            FrameKind::List(items) => items.push(node),
            FrameKind::Map { entries, key, .. } => {
                if let Key::Read(key) = std::mem::replace(key, Key::Wanted) {
                    entries.push(Entry { key, value: node });
                }
            }
        }
    }

    fn not_yaml(&mut self, error: &ScanError) {
        let at = error.marker().index();
        let span = self.span(at, at + 1);
        let finding = findings::not_yaml(span, self.source(span), error);
        let finding = findings::aligned(finding, self.text);
        // Of a comment inside a text on several lines the text itself has told already.
        let told = finding.code == codes::COMMENT && self.findings.iter().any(|other| other.code == codes::COMMENT);
        if !told {
            self.findings.push(finding);
        }
    }
}

/// How many bytes a text in quotes takes, up to and with its closing quote.
fn quoted_length(source: &str) -> usize {
    let Some(quote) = source.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return source.len() };
    let mut rest = source.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        let escaped =
            if quote == '"' { c == '\\' } else { c == quote && rest.peek().is_some_and(|&(_, c)| c == quote) };
        if escaped {
            rest.next();
        } else if c == quote {
            return at + quote.len_utf8();
        }
    }
    source.len()
}

/// Byte offsets of a text's characters.
struct Places {
    /// One for each character after the byte order mark, and the end; empty when all are one byte.
    bytes: Vec<u32>,
    length: u32,
}

impl Places {
    fn of(text: &str) -> Self {
        let length = offset(text.len());
        if text.is_ascii() {
            return Self { bytes: Vec::new(), length };
        }
        let skip = usize::from(text.starts_with(BYTE_ORDER_MARK));
        Self { bytes: text.char_indices().skip(skip).map(|(at, _)| offset(at)).collect(), length }
    }

    /// Where the character with this index begins, at most the end of the text.
    fn byte(&self, index: usize) -> u32 {
        if self.bytes.is_empty() {
            return offset(index).min(self.length);
        }
        self.bytes.get(index).copied().unwrap_or(self.length)
    }
}

#[cfg(test)]
mod tests;
