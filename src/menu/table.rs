//! Tables: the rows that menus list beside those of answers. How their files are read is in `csv`.

use chrono::NaiveDate;

use super::ids::LanguageId;
use super::syntax::values;
use super::value::{Type, Value};

#[derive(Debug)]
pub struct Table {
    pub name: String,
    /// Columns; a column `name` with columns `name.hi`, `name.hi-Latn` beside it is one localised column.
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug)]
pub struct Column {
    pub name: String,
    /// From the declaration (`population:number`) and from what the cells hold, over all languages.
    pub ty: Type,
}

/// One cell: a text per language (index [`LanguageId`]) where the column is localised, else one for all.
#[derive(Debug)]
pub enum Cell {
    Same(String),
    Localised(Vec<String>),
}

impl Cell {
    /// The cell's text in a language. Falling back has already happened.
    pub fn text(&self, language: LanguageId) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Localised(texts) => texts.get(language.index()).map_or("", String::as_str),
        }
    }
}

impl Table {
    pub fn cell(&self, row: u32, column: u16) -> Option<&Cell> {
        self.rows.get(usize::try_from(row).ok()?)?.get(usize::from(column))
    }

    /// The value of a cell in a language, of its column's type; `None` where the cell is empty. What is compared, and what
    /// departments get, is the value in language 0.
    pub fn value(&self, row: u32, column: u16, language: LanguageId) -> Option<Value> {
        let text = self.cell(row, column)?.text(language);
        read_cell(&self.columns.get(usize::from(column))?.ty, text)
    }
}

/// A cell's value; `None` when it is empty or not of the type.
pub(super) fn read_cell(ty: &Type, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    match ty {
        Type::Number { .. } => values::number(text).map(Value::Number),
        Type::Amount { .. } => values::rupees(text).map(Value::Amount),
        // Tables come from spreadsheets, which write dates as ISO 8601 does.
        Type::Date => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Value::Date),
        Type::YesNo => match text {
            "yes" => Some(Value::YesNo(true)),
            "no" => Some(Value::YesNo(false)),
            _ => None,
        },
        _ => Some(Value::Text(text.to_owned())),
    }
}
