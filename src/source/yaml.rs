//! The YAML reader: events of `saphyr-parser` into a tree of texts, refusing what people cannot read aloud.
//!
//! The parser decides what is YAML (1.2); what is refused beyond that is decided here. A file that is YAML but breaks
//! several of these rules gets all its findings in one run; the first place that is not YAML ends the reading.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::{Diagnostic, Entry, FileId, Files, Node, Span, Spanned};

/// The largest file that is read, in bytes. Menus have some kilobytes; the bound keeps an accident (a dump, a video)
/// from being scanned, and byte offsets within 32 bits.
const MAX_BYTES: usize = 1 << 20;

/// How deep maps and lists may nest. Menus need eight; whoever walks the tree may recurse.
const MAX_DEPTH: usize = 32;

/// Reading ends after so many findings: a file that is wrong on every line has one cause.
const MAX_FINDINGS: usize = 50;

/// Reads one file into a tree; all that is wrong with it otherwise (at least one finding).
///
/// A key without a value has an empty text. A block scalar keeps the line break at its end, as YAML says; its span begins
/// at its first letter. The span of a quoted scalar covers the quotes.
pub fn read(files: &Files, file: FileId) -> Result<Node, Vec<Diagnostic>> {
    let text: &str = &files.get(file).text;
    let mut findings = characters(text, file);
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut reader = Reader::new(text, file);
    reader.run();
    findings.append(&mut reader.findings);
    match reader.root {
        Some(root) if findings.is_empty() => Ok(root),
        None if findings.is_empty() => Err(vec![empty_file(file)]),
        _ => Err(findings),
    }
}

fn empty_file(file: FileId) -> Diagnostic {
    let start = Span { file, start: 0, end: 0 };
    Diagnostic::error("Y002", start, "the file is empty", "write something into it, or delete it")
}

/// What is wrong with a file before any YAML: its size, and characters that nobody sees.
fn characters(text: &str, file: FileId) -> Vec<Diagnostic> {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than the {MAX_BYTES} that are read", text.len());
        return vec![Diagnostic::error(
            "Y011",
            Span { file, start: 0, end: 0 },
            message,
            "split it into several files",
        )];
    }
    let mut wrong = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let line_break = c == '\n' || (c == '\r' && rest.peek().is_some_and(|&(_, next)| next == '\n'));
        let byte_order_mark = c == BYTE_ORDER_MARK && at == 0;
        if line_break || byte_order_mark || !(c.is_control() || c == BYTE_ORDER_MARK) {
            continue;
        }
        if wrong.len() == MAX_FINDINGS {
            break;
        }
        let span = Span { file, start: offset(at), end: offset(at + c.len_utf8()) };
        wrong.push(match c {
            '\t' => Diagnostic::error("Y012", span, "a tab", "use spaces").label("tab"),
            _ => control_character(span, c),
        });
    }
    wrong
}

fn control_character(span: Span, c: char) -> Diagnostic {
    let message = format!("a character that cannot be seen, U+{:04X}", u32::from(c));
    Diagnostic::error("Y012", span, message, "delete it").label("here")
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
                self.findings.push(alias(span));
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
        let message = "a second document in the same file";
        let finding = Diagnostic::error("Y007", span, message, "put it into a file of its own, or delete the `---`");
        self.findings.push(finding.label("a new document begins here"));
        Go::Stop
    }

    /// Anchors and tags, which may stand before any value.
    fn decorations(&mut self, span: Span, anchor: usize, tag: bool) {
        if anchor != 0 {
            let remedy = "write the value where it is needed; a text that begins with `&` stands in quotes";
            let finding = Diagnostic::error("Y005", span, "anchors (`&name`) are not read here", remedy);
            self.findings.push(finding.label("anchor"));
        }
        if tag {
            let remedy = "delete it, every value is text; a text that begins with `!` stands in quotes";
            let finding = Diagnostic::error("Y006", span, "tags (`!name`) are not read here", remedy);
            self.findings.push(finding.label("tag"));
        }
    }

    fn scalar(&mut self, value: String, style: ScalarStyle, span: Span) {
        let span = match style {
            // The parser puts the empty text of `key:` at what follows it.
            ScalarStyle::Plain if value.is_empty() => Span { end: span.start, ..span },
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
            self.findings.push(control_character(span, c));
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
        self.findings.push(comment(place).also(span, "the text that would be cut off"));
    }

    /// Takes a text as the key of the innermost map.
    fn key(&mut self, text: Spanned<String>, plain: bool) {
        let Some(Frame { kind: FrameKind::Map { seen, key, .. }, span, .. }) = self.open.last_mut() else { return };
        span.end = span.end.max(text.span.end);
        let finding = if text.value.is_empty() {
            let remedy = "write a key before the `:`, or delete the line";
            Diagnostic::error("Y008", text.span, "a value without a key", remedy)
        } else if plain && text.value == "<<" {
            let remedy = "write the entries where they are needed";
            Diagnostic::error("Y009", text.span, "maps cannot be merged (`<<`) here", remedy).label("merge key")
        } else if let Some(&first) = seen.get(&text.value) {
            let message = format!("the key `{}` stands twice in the same map", text.value);
            Diagnostic::error("Y004", text.span, message, "delete one of them, or rename it")
                .label("again here")
                .also(first, "first here")
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
            self.findings.push(too_deep(span));
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
            let braces = Span { start, end: start + 2, ..span };
            let message = "a text that begins with `{{` and is not in quotes";
            Diagnostic::error("Y013", braces, message, "put the whole text in quotes: \"{{ name }} …\"")
                .label("YAML reads these braces as maps")
        } else {
            Diagnostic::error("Y008", span, "a key that is not a text", "a key is one word, or a text in quotes")
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

    /// Says in our words what the parser stumbled over, as far as its place tells.
    fn not_yaml(&mut self, error: &ScanError) {
        let at = error.marker().index();
        let span = self.span(at, at + 1);
        let info = error.info();
        let here = self.source(span);
        if here == "*" {
            self.findings.push(alias(span));
            return;
        }
        // The parser has a bound of its own on brackets that it must look past to find a key.
        if info == "recursion limit exceeded" {
            self.findings.push(too_deep(span));
            return;
        }
        if info.starts_with("comment intercepting") {
            if !self.findings.iter().any(|finding| finding.code == "Y003") {
                self.findings.push(comment(span));
            }
            return;
        }
        let (message, remedy) = match (here, info) {
            (":", _) => ("a second `: ` in the same text", "put a text that contains `: ` in quotes"),
            ("@" | "`" | "%" | "]" | "}" | ",", _) => {
                ("a text cannot begin with this character", "put the text in quotes, or delete the character")
            }
            ("\"" | "'", _) => ("a quote that does not end", "close it; inside double quotes a quote is written \\\""),
            ("-", _) => ("a list cannot begin here", "begin the list on a line of its own, or put the text in quotes"),
            (_, "simple key expect ':'") => {
                ("a line without `:`", "write `key: value`, or indent the rest of a long text")
            }
            _ => (info, "check the indentation and the line before; a text with special characters stands in quotes"),
        };
        let message = format!("this is not YAML: {message}");
        self.findings.push(Diagnostic::error("Y001", span, message, remedy).label("here"));
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

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("maps and lists nest deeper than {MAX_DEPTH}");
    Diagnostic::error("Y010", span, message, "split the file, or nest less")
}

fn alias(span: Span) -> Diagnostic {
    let remedy = "write the value where it is needed; a text that begins with `*` stands in quotes: \"*123#\"";
    Diagnostic::error("Y005", span, "aliases (`*name`) are not read here", remedy).label("alias")
}

fn comment(span: Span) -> Diagnostic {
    let message = "` #` inside a text that is not in quotes: YAML would cut the text off here";
    let remedy = "put the text in quotes, or the comment on a line of its own";
    Diagnostic::error("Y003", span, message, remedy).label("text or comment?")
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
