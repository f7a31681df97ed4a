//! Reads tables: CSV whose first line names the columns, `code,name,name.hi,population:number`.

use super::codes;
use super::context::Context;
use super::languages::fallbacks;
use super::program::Language;
use super::suggest;
use super::syntax::names;
use super::table::{Cell, Column, Table, read_cell};
use super::types;
use super::value::{Type, Value};
use crate::source::{FileId, Span, Spanned};

/// The largest table that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// More rows than anybody pages through, and enough for all post offices of the country.
const MOST_ROWS: usize = 200_000;

/// More columns than any row shows.
const MOST_COLUMNS: usize = 200;

/// The longest cell, in bytes.
const LONGEST: usize = 500;

/// What the first line says of one column.
#[derive(Debug)]
struct Head {
    name: String,
    /// Index of the language whose texts it holds; `None` for the column itself.
    language: Option<usize>,
    kind: Option<Type>,
    place: Span,
}

/// A line of the table with its place.
#[derive(Debug)]
struct Line<'a> {
    cells: csv::StringRecord,
    /// The file's text from the line's first character on.
    rest: &'a str,
    /// Where that begins in the file.
    start: usize,
    file: FileId,
}

impl Line<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(self.start + at).unwrap_or(u32::MAX);
        Span { file: self.file, start: offset(start), end: offset(end) }
    }

    fn whole(&self) -> Span {
        self.span(0, self.rest.lines().next().map_or(0, str::len))
    }

    /// The place of a cell, with its quotes and without the spaces around it.
    fn cell(&self, at: usize) -> Span {
        let (mut cell, mut start, mut end, mut quoted) = (0, 0, self.rest.len(), false);
        for (i, c) in self.rest.char_indices() {
            match c {
                // A quote in the middle of a cell is only a quote.
                '"' if quoted || i == start => quoted = !quoted,
                ',' if !quoted && cell < at => {
                    cell += 1;
                    start = i + 1;
                }
                ',' | '\n' if !quoted => {
                    end = i;
                    break;
                }
                _ => {}
            }
        }
        let raw = self.rest.get(start..end).unwrap_or_default();
        let text = raw.trim();
        let start = start + (raw.len() - raw.trim_start().len());
        self.span(start, start + text.len())
    }
}

/// Reads a table; `None` when something is wrong with it.
pub(super) fn table(name: String, file: FileId, languages: &[Language], cx: &mut Context<'_>) -> Option<Table> {
    let before = cx.findings.len();
    let files = cx.files;
    let text = files.text(file, MAX_BYTES).map_err(|finding| cx.push(*finding)).ok()?;
    let lines = lines(text, file, cx)?;
    let (first, rows) = lines.split_first()?;
    let heads = heads(first, languages, cx)?;
    let columns: Vec<usize> = (0..heads.len()).filter(|&at| heads[at].language.is_none()).collect();
    let mut table = Table { name, columns: Vec::new(), rows: Vec::with_capacity(rows.len()) };
    for row in rows {
        if row.cells.len() != heads.len() {
            let message = format!("cells in this row: {}, in the first line: {}", row.cells.len(), heads.len());
            let remedy = "write one cell for each column; a cell with a comma in quotes";
            cx.error(codes::BAD_TABLE, row.whole(), message, remedy);
            continue;
        }
        table.rows.push(columns.iter().map(|&at| cell(&heads, at, row, languages, cx)).collect());
    }
    for (at, &head) in columns.iter().enumerate() {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let ty = column_type(heads[head].kind.as_ref(), cells);
        table.columns.push(Column { name: heads[head].name.clone(), ty });
    }
    (cx.findings.len() == before).then_some(table)
}

/// All lines, the first of which names the columns. Empty ones are none.
fn lines<'a>(whole: &'a str, file: FileId, cx: &mut Context<'_>) -> Option<Vec<Line<'a>>> {
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let line = |start: u64, cells: csv::StringRecord| {
        let rest = text.get(usize::try_from(start).unwrap_or(usize::MAX)..).unwrap_or_default();
        // The reader begins a line behind the last one, before the empty lines between them.
        let rest = rest.trim_start_matches(['\r', '\n']);
        Line { cells, rest, start: whole.len() - rest.len(), file }
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut all = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let start = reader.position().byte();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let span = line(start, csv::StringRecord::new()).whole();
                cx.error(codes::BAD_TABLE, span, format!("this is not CSV: {error}"), "save the table as CSV in UTF-8");
                return None;
            }
        }
        all.push(line(record.position().map_or(start, csv::Position::byte), record.clone()));
        if all.len() > MOST_ROWS {
            let message = format!("the table has more than {MOST_ROWS} rows");
            let span = all.last().map_or(Span { file, start: 0, end: 0 }, Line::whole);
            cx.error(codes::TOO_MANY, span, message, "ask a department for its rows instead");
            return None;
        }
    }
    if all.is_empty() {
        let message = "the table has no line that names its columns";
        let span = Span { file, start: 0, end: 0 };
        cx.error(codes::BAD_TABLE, span, message, "begin it with a line like `code,name`");
        return None;
    }
    Some(all)
}

fn heads(first: &Line<'_>, languages: &[Language], cx: &mut Context<'_>) -> Option<Vec<Head>> {
    let before = cx.findings.len();
    let mut all: Vec<Head> = Vec::new();
    if first.cells.len() > MOST_COLUMNS {
        let message = format!("the table has {} columns, more than {MOST_COLUMNS}", first.cells.len());
        cx.error(codes::TOO_MANY, first.whole(), message, "make several tables of it");
        return None;
    }
    if first.cells.len() == 1 && first.rest.lines().next().is_some_and(|line| line.contains([';', '\t'])) {
        let message = "the first line has one column, and marks that separate columns elsewhere";
        cx.error(codes::BAD_TABLE, first.whole(), message, "saved with semicolons or tabs? save it with commas");
        return None;
    }
    let mut good_names = true;
    for (at, cell) in first.cells.iter().enumerate() {
        let place = first.cell(at);
        let (label, kind) = cell.split_once(':').map_or((cell, None), |(label, kind)| (label, Some(kind)));
        let (name, code) = label.split_once('.').map_or((label, None), |(name, code)| (name, Some(code)));
        good_names &= names::plain(&Spanned { value: name.to_owned(), span: place }, cx);
        let kind = kind.and_then(|kind| column_kind(kind, place, cx));
        let language = match code {
            None => None,
            Some(code) => {
                let Some(at) = languages.iter().position(|language| language.code == code) else {
                    let message = format!("the column `{cell}` is in `{code}`, which `bridge.yaml` does not declare");
                    let known = languages.iter().map(|language| language.code.as_str());
                    let remedy = suggest::remedy(code, known, "add the language there, or delete the column");
                    cx.error(codes::UNKNOWN_LANGUAGE, place, message, remedy);
                    continue;
                };
                Some(at)
            }
        };
        if all.iter().any(|head| head.name == name && head.language == language) {
            cx.error(codes::TWICE, place, format!("two columns are named `{cell}`"), "rename one of them");
        }
        all.push(Head { name: name.to_owned(), language, kind, place });
    }
    for head in &all {
        let base = all.iter().find(|other| other.language.is_none() && other.name == head.name);
        match base {
            // It is perhaps the one whose name is not written as it should.
            None if !good_names => {}
            None => {
                let message = format!("`{}` has a column for a language, but none for the first", head.name);
                cx.error(codes::BAD_COLUMN, head.place, message, format!("add a column `{}`", head.name));
            }
            Some(base) if head.language.is_some() && (base.kind.is_some() || head.kind.is_some()) => {
                let message = format!("`{}` has texts in several languages, and another type", head.name);
                let place = if base.kind.is_some() { base.place } else { head.place };
                cx.error(codes::BAD_COLUMN, place, message, "only texts are translated: delete the type");
            }
            Some(_) => {}
        }
    }
    (cx.findings.len() == before).then_some(all)
}

fn column_kind(kind: &str, place: Span, cx: &mut Context<'_>) -> Option<Type> {
    match kind {
        "number" => Some(Type::Number { min: 0, max: 0 }),
        "amount" => Some(Type::Amount { max: 0 }),
        "date" => Some(Type::Date),
        "yes_no" => Some(Type::YesNo),
        other => {
            let message = format!("`{other}` is no type of a column");
            let kinds = ["number", "amount", "date", "yes_no"];
            let remedy = suggest::remedy(other, kinds, "write one of the types, or none for text");
            cx.error(codes::BAD_COLUMN, place, message, remedy);
            None
        }
    }
}

fn kind_name(ty: &Type) -> &'static str {
    match ty {
        Type::Number { .. } => "number",
        Type::Amount { .. } => "amount",
        Type::Date => "date",
        Type::YesNo => "yes_no",
        _ => "text",
    }
}

/// The cell of the column at `at`, with its texts in all languages where it has such columns.
fn cell(heads: &[Head], at: usize, row: &Line<'_>, languages: &[Language], cx: &mut Context<'_>) -> Cell {
    let head = &heads[at];
    let own = row.cells.get(at).unwrap_or_default();
    let mut bad = |message: String, remedy: &str| cx.error(codes::BAD_CELL, row.cell(at), message, remedy);
    if own.len() > LONGEST || own.chars().any(char::is_control) {
        bad(format!("the cell `{}` is too long, or has a line break", head.name), "shorten it to one line");
    }
    if let Some(ty) = &head.kind
        && !own.is_empty()
        && read_cell(ty, own).is_none()
    {
        let message = format!("the cell `{}` holds `{own}`, which is no `{}`", head.name, kind_name(ty));
        bad(
            message,
            match ty {
                Type::Date => "write it like 2026-11-05",
                Type::YesNo => "write `yes` or `no`",
                Type::Amount { .. } => "write it in digits, without commas: 1250.50",
                _ => "write it in digits, without commas",
            },
        );
    }
    if cells_of(heads, &head.name).filter_map(|at| row.cells.get(at)).any(is_lost) {
        let message = format!("the cell `{}` holds question marks instead of letters", head.name);
        bad(message, "type it again, and save the table as `CSV UTF-8`");
    }
    let translated = |language: usize| {
        let at = heads.iter().position(|other| other.name == head.name && other.language == Some(language))?;
        row.cells.get(at).filter(|text| !text.is_empty())
    };
    if !heads.iter().any(|other| other.name == head.name && other.language.is_some()) {
        return Cell::Same(own.to_owned());
    }
    if own.is_empty() {
        bad(format!("the cell `{}` is empty in the first language", head.name), "write its text");
    }
    let in_language = |language: usize| fallbacks(languages, language).find_map(translated).unwrap_or(own).to_owned();
    Cell::Localised((0..languages.len()).map(in_language).collect())
}

/// The places of a column in all languages.
fn cells_of<'h>(heads: &'h [Head], name: &'h str) -> impl Iterator<Item = usize> + 'h {
    heads.iter().enumerate().filter(move |(_, head)| head.name == name).map(|(at, _)| at)
}

/// What spreadsheets leave of letters that their file cannot hold.
fn is_lost(text: &str) -> bool {
    text.contains("??") && !text.chars().any(char::is_alphabetic)
}

/// The type of a column with the bounds that its cells keep.
fn column_type<'a>(kind: Option<&Type>, cells: impl Iterator<Item = &'a Cell>) -> Type {
    let texts = cells.flat_map(|cell| match cell {
        Cell::Same(text) => std::slice::from_ref(text),
        Cell::Localised(texts) => texts.as_slice(),
    });
    let texts: Vec<&str> = texts.map(String::as_str).filter(|text| !text.is_empty()).collect();
    let Some(kind) = kind else { return types::of_texts(texts.iter().copied()) };
    let numbers = texts.iter().filter_map(|text| match read_cell(kind, text) {
        Some(Value::Number(value) | Value::Amount(value)) => Some(value),
        _ => None,
    });
    match kind {
        Type::Number { .. } => {
            Type::Number { min: numbers.clone().min().unwrap_or(0), max: numbers.max().unwrap_or(0) }
        }
        Type::Amount { .. } => Type::Amount { max: numbers.map(i64::abs).max().unwrap_or(0) },
        other => other.clone(),
    }
}
