//! How long tables are: the longest cell of each column, and how many rows of a table a list may show.
//!
//! What a table holds is known, so it counts as it is and not as its type allows.

use std::collections::HashMap;

use crate::menu::{
    Cell, Comparison, Condition, LanguageId, Operand, Program, Root, RowSource, Rows, SlotId, Table, TableId, Type,
};
use crate::text::{self, Alphabet};

/// One unit that no GSM alphabet has.
const ONE_WIDE_UNIT: &str = "म";

/// Which letters a text is assumed to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Narrow,
    Wide,
}

/// The longest texts of some, in either width.
#[derive(Clone, Debug, Default)]
pub(super) struct Longest {
    narrow: String,
    /// With a letter outside GSM-7 where any of the texts has one.
    wide: String,
}

impl Longest {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut narrow = "";
        let mut wide: &str = "";
        let mut needs_ucs2 = false;
        for text in texts {
            if text::measure(text).alphabet == Alphabet::Ucs2 {
                needs_ucs2 = true;
            } else if text::measure(text).size > text::measure(narrow).size {
                narrow = text;
            }
            if units(text) > units(wide) {
                wide = text;
            }
        }
        let mut wide = wide.to_owned();
        if needs_ucs2 && text::measure(&wide).alphabet == Alphabet::Gsm7 && wide.pop().is_some() {
            wide.push_str(ONE_WIDE_UNIT);
        }
        Self { narrow: narrow.to_owned(), wide }
    }

    pub(super) fn pick(&self, width: Width) -> &str {
        if width == Width::Narrow { &self.narrow } else { &self.wide }
    }
}

/// The longest cell of every column of every table, per language: tables are long, and many texts show the same column.
#[derive(Debug)]
pub(super) struct LongestCells {
    /// By table (in the order of the program), column and language.
    tables: Vec<Vec<Vec<Longest>>>,
}

impl LongestCells {
    pub(super) fn of(program: &Program) -> Self {
        let column = |table: &Table, column: usize| -> Vec<Longest> {
            let languages = 0..program.languages.len();
            languages.map(|language| Longest::of(cells(table, column, language))).collect()
        };
        let table = |table: &Table| (0..table.columns.len()).map(|at| column(table, at)).collect();
        Self { tables: program.tables.iter().map(table).collect() }
    }

    pub(super) fn longest(&self, table: TableId, column: usize, language: LanguageId, width: Width) -> &str {
        let longest = self.tables[table.index()].get(column).map(|languages| &languages[language.index()]);
        longest.map_or("", |longest| longest.pick(width))
    }
}

/// What the cells of a column show in a language.
pub(super) fn cells(table: &Table, column: usize, language: usize) -> impl Iterator<Item = &str> {
    table.rows.iter().filter_map(move |row| match row.get(column)? {
        Cell::Same(text) => Some(text.as_str()),
        Cell::Localised(texts) => texts.get(language).or(texts.first()).map(String::as_str),
    })
}

/// How many rows a list may have.
///
/// Of a table, those that `only` lets through: where it compares a column with a value that is the same for all rows
/// (`district.state = state.code`), as many as have the same value at most.
pub(in crate::check) fn rows_at_most(program: &Program, list: &Rows) -> usize {
    match &list.source {
        RowSource::Answer(path) => match path.ty {
            Type::List { at_most, .. } => usize::from(at_most),
            _ => 0,
        },
        RowSource::Languages => program.languages.len(),
        RowSource::Table(table) => {
            let table = program.table(*table);
            list.only.as_ref().map_or(table.rows.len(), |only| let_through(table, list.each, only))
        }
    }
}

fn let_through(table: &Table, row: SlotId, only: &Condition) -> usize {
    let column = |operand: &Operand| match operand {
        Operand::Path(path) if path.root == Root::Slot(row) => path.fields.first().copied().map(usize::from),
        _ => None,
    };
    match only {
        Condition::And(all) => all.iter().map(|one| let_through(table, row, one)).min().unwrap_or(table.rows.len()),
        Condition::Compare(left, Comparison::Equal, right) => match (column(left), column(right)) {
            (Some(column), None) | (None, Some(column)) => {
                let mut same: HashMap<&str, usize> = HashMap::new();
                // Conditions see the first language's text.
                cells(table, column, 0).for_each(|cell| *same.entry(cell).or_default() += 1);
                same.into_values().max().unwrap_or(0)
            }
            _ => table.rows.len(),
        },
        _ => table.rows.len(),
    }
}

pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
