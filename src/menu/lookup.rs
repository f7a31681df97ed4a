//! What is worked out once, when a program is made, so that no turn has to: of tables in which rows a column has a value, and
//! its texts as answers are compared with them; how screens are named in the journal of journeys.
//!
//! Only for columns that lists name. Nothing is wrong where a column has none: then rows are looked at one by one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::expression::{Comparison, Condition, Operand, Path, Root};
use super::ids::{LanguageId, TableId};
use super::program::{Menu, Position, Program, Screen};
use super::table::Table;
use super::text::{Filter, Piece};
use super::value::Type;
use super::verb::{Among, RowSource, Rows, Verb};
use crate::text::{fold, to_gsm};

/// The language in which conditions compare.
const FIRST: LanguageId = LanguageId(0);

/// Of a program.
#[derive(Debug, Default)]
pub struct Lookups {
    /// Index [`TableId`], then the column.
    columns: Vec<Vec<Lookup>>,
    /// `menu/screen`, by menu and screen.
    paths: Vec<Vec<Arc<str>>>,
}

/// Of one column.
#[derive(Debug, Default)]
struct Lookup {
    values: Option<ValueRows>,
    folded: Option<FoldedTexts>,
}

/// In which rows a column of texts has which value.
#[derive(Debug)]
pub struct ValueRows {
    /// For each text, its rows as they stand in the table. No cell that is empty is a text.
    by_text: HashMap<Box<str>, Box<[u32]>>,
}

/// The texts of a column as answers are compared (`text::fold`): of each row each form once, first those of all languages,
/// then what Latin letters add.
#[derive(Debug)]
pub struct FoldedTexts {
    forms: Box<str>,
    /// Where each form ends in `forms`.
    ends: Box<[u32]>,
    /// For each row where its forms begin in `ends`, and where those in Latin letters do; and the end of the last row.
    rows: Box<[(u32, u32)]>,
    /// Each form with its row, in the order of their letters.
    sorted: Box<[(u32, u32)]>,
}

impl Lookups {
    /// All that the lists of a program can use.
    pub fn of(program: &Program) -> Self {
        let (mut compared, mut searched) = (BTreeSet::new(), BTreeSet::new());
        let screens = program.menus.iter().flat_map(|menu| &menu.screens);
        for (list, find) in screens.filter_map(|screen| list_of(&screen.verb)) {
            let RowSource::Table(table) = list.source else { continue };
            compared.extend(list.compared_column().map(|(column, ..)| (table, column)));
            let columns = find.iter().filter_map(|path| list.column(path)).chain(list.shown_column());
            searched.extend(columns.map(|column| (table, column)));
        }
        let languages = program.languages.len();
        let column = |id: TableId, table: &Table, column: u16| {
            let is_text = matches!(table.columns[usize::from(column)].ty, Type::Text { .. });
            let named = |names: &BTreeSet<_>| is_text && names.contains(&(id, column));
            Lookup {
                values: named(&compared).then(|| ValueRows::of(table, column)),
                folded: named(&searched).then(|| FoldedTexts::of(table, column, languages)),
            }
        };
        let all = |(id, table): (u16, &Table)| {
            let columns = 0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
            columns.map(|at| column(TableId(id), table, at)).collect()
        };
        let path = |menu: &Menu, screen: &Screen| format!("{}/{}", menu.name, screen.name).into();
        let paths = |menu: &Menu| menu.screens.iter().map(|screen| path(menu, screen)).collect();
        Self {
            columns: (0..).zip(&program.tables).map(all).collect(),
            paths: program.menus.iter().map(paths).collect(),
        }
    }

    /// The name of a screen with that of its menu: `menu/screen`.
    pub fn path(&self, at: Position) -> Option<&Arc<str>> {
        self.paths.get(at.menu.index())?.get(at.screen.index())
    }

    pub fn values(&self, table: TableId, column: u16) -> Option<&ValueRows> {
        self.column(table, column)?.values.as_ref()
    }

    pub fn folded(&self, table: TableId, column: u16) -> Option<&FoldedTexts> {
        self.column(table, column)?.folded.as_ref()
    }

    fn column(&self, table: TableId, column: u16) -> Option<&Lookup> {
        self.columns.get(table.index())?.get(usize::from(column))
    }
}

impl ValueRows {
    fn of(table: &Table, column: u16) -> Self {
        let rows = 0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        let mut by_text: HashMap<&str, Vec<u32>> = HashMap::new();
        for row in rows {
            let text = table.cell(row, column).map_or("", |cell| cell.text(FIRST));
            if !text.is_empty() {
                by_text.entry(text).or_default().push(row);
            }
        }
        Self { by_text: by_text.into_iter().map(|(text, rows)| (text.into(), rows.into())).collect() }
    }

    /// The rows whose cell has this text, in the order of the table.
    pub fn with_text(&self, text: &str) -> &[u32] {
        self.by_text.get(text).map_or(&[], AsRef::as_ref)
    }
}

impl FoldedTexts {
    fn of(table: &Table, column: u16, languages: usize) -> Self {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (mut forms, mut ends, mut rows) = (String::new(), Vec::new(), Vec::new());
        for row in &table.rows {
            let cell = row.get(usize::from(column));
            let texts = (0..languages).filter_map(|at| Some(cell?.text(LanguageId(u16::try_from(at).ok()?))));
            let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
            let mut own = Vec::new();
            for text in &texts {
                add(&mut own, fold(text));
            }
            let in_languages = own.len();
            texts.iter().filter(|text| !text.is_ascii()).for_each(|text| add(&mut own, fold(&to_gsm(text))));
            rows.push((count(ends.len()), count(ends.len() + in_languages)));
            for form in own {
                forms.push_str(&form);
                ends.push(count(forms.len()));
            }
        }
        rows.push((count(ends.len()), count(ends.len())));
        let folded = Self { forms: forms.into(), ends: ends.into(), rows: rows.into(), sorted: Box::default() };
        let forms = |row| folded.rows.get(index(row)).map_or(0, |(from, _)| *from)..;
        let last = count(table.rows.len());
        let mut sorted: Vec<_> =
            (0..last).flat_map(|row| forms(row).zip(folded.all(row)).map(move |(at, form)| (form, at, row))).collect();
        sorted.sort_unstable();
        let sorted = sorted.into_iter().map(|(_, at, row)| (at, row)).collect();
        Self { sorted, ..folded }
    }

    /// The rows with a text that begins with letters (folded already), in no order; one may come more than once.
    pub fn beginning_with(&self, letters: &str) -> impl Iterator<Item = u32> {
        self.from(letters).take_while(move |(form, _)| form.starts_with(letters)).map(|(_, row)| row)
    }

    /// The same of those whose text is these letters.
    pub fn equal_to(&self, letters: &str) -> impl Iterator<Item = u32> {
        self.from(letters).take_while(move |(form, _)| *form == letters).map(|(_, row)| row)
    }

    /// The forms that are not before these letters, each with its row.
    fn from(&self, letters: &str) -> impl Iterator<Item = (&str, u32)> {
        let from = self.sorted.partition_point(|(form, _)| self.form(*form) < letters);
        self.sorted.get(from..).unwrap_or_default().iter().map(|&(form, row)| (self.form(form), row))
    }

    fn form(&self, at: u32) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| index(*end));
        let at = index(at);
        self.forms.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default()
    }

    /// The text of a row in each language, once where they are alike.
    pub fn in_languages(&self, row: u32) -> impl Iterator<Item = &str> {
        let (from, latin, _) = self.bounds(row);
        self.between(from, latin)
    }

    /// The same, and each in Latin letters.
    fn all(&self, row: u32) -> impl Iterator<Item = &str> {
        let (from, _, to) = self.bounds(row);
        self.between(from, to)
    }

    /// Where the forms of a row begin, where those in Latin letters do, and where they end; none of a row that is not there.
    fn bounds(&self, row: u32) -> (usize, usize, usize) {
        let at = |row: usize| self.rows.get(row).map(|&(from, latin)| (index(from), index(latin)));
        let row = index(row);
        match (at(row), at(row + 1)) {
            (Some((from, latin)), Some((to, _))) => (from, latin, to),
            _ => (0, 0, 0),
        }
    }

    fn between(&self, from: usize, to: usize) -> impl Iterator<Item = &str> {
        let mut start = from.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| index(*end));
        self.ends.get(from..to).unwrap_or_default().iter().map(move |end| {
            let form = self.forms.get(start..index(*end)).unwrap_or_default();
            start = index(*end);
            form
        })
    }
}

/// Adds a form that is not there yet.
fn add(forms: &mut Vec<String>, form: String) {
    if !forms.contains(&form) {
        forms.push(form);
    }
}

fn index(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A screen's list, with what is searched in it.
fn list_of(verb: &Verb) -> Option<(&Rows, &[Path])> {
    match verb {
        Verb::Choose(choose) => match &choose.among {
            Among::List { list, find, .. } => Some((list, find)),
            Among::Options(_) => None,
        },
        Verb::Show(show) => show.rows.as_ref().map(|list| (list, &[][..])),
        _ => None,
    }
}

impl Rows {
    /// The column that must equal something which is not of the row, and whether that is all that `only` asks.
    pub fn compared_column(&self) -> Option<(u16, &Operand, bool)> {
        let compared = |condition| self.compares_column(condition);
        match self.only.as_ref()? {
            Condition::And(all) => all.iter().find_map(compared).map(|(column, operand)| (column, operand, false)),
            only => compared(only).map(|(column, operand)| (column, operand, true)),
        }
    }

    fn compares_column<'a>(&self, condition: &'a Condition) -> Option<(u16, &'a Operand)> {
        let Condition::Compare(left, Comparison::Equal, right) = condition else { return None };
        let is_of_row =
            |operand: &Operand| matches!(operand, Operand::Path(path) if path.root == Root::Slot(self.each));
        let column = |operand: &Operand| match operand {
            Operand::Path(path) => self.column(path),
            Operand::Literal(_) => None,
        };
        match (column(left), column(right)) {
            (Some(column), None) if !is_of_row(right) => Some((column, right)),
            (None, Some(column)) if !is_of_row(left) => Some((column, left)),
            _ => None,
        }
    }

    /// The column of the row that a path leads to.
    pub fn column(&self, path: &Path) -> Option<u16> {
        match (path.root, path.fields.as_slice()) {
            (Root::Slot(slot), [column]) if slot == self.each => Some(*column),
            _ => None,
        }
    }

    /// The column that a row shows as it is, and nothing else, in every language.
    pub fn shown_column(&self) -> Option<u16> {
        let column = |text: &[Piece]| match text {
            [Piece::Slot(path, Filter::None)] => self.column(path),
            _ => None,
        };
        let mut columns = self.row.languages.iter().map(|template| column(&template.pieces));
        let first = columns.next()??;
        columns.all(|other| other == Some(first)).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::{Cell, Column, Letters};

    fn table(rows: &[[&str; 3]]) -> Table {
        let column = |name: &str| Column { name: name.to_owned(), ty: Type::Text { max: 30, letters: Letters::Any } };
        let row = |[code, name, hindi]: &[&str; 3]| {
            vec![Cell::Same((*code).to_owned()), Cell::Localised(vec![(*name).to_owned(), (*hindi).to_owned()])]
        };
        Table {
            name: "t".to_owned(),
            columns: vec![column("code"), column("name")],
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn rows_of_a_value_stand_in_the_order_of_the_table() {
        let table = table(&[["b", "1", ""], ["a", "2", ""], ["", "3", ""], ["b", "4", ""], ["ab", "5", ""]]);
        let values = ValueRows::of(&table, 0);
        assert_eq!(values.with_text("b"), [0, 3]);
        assert_eq!(values.with_text("a"), [1]);
        assert_eq!(values.with_text(""), [0; 0], "an empty cell has no value");
        assert_eq!(values.with_text("c"), [0; 0]);
    }

    #[test]
    fn each_form_is_kept_once() {
        let table = table(&[["UP", "Uttar Pradesh", "उत्तर प्रदेश"], ["", "", ""], ["x", "Goa", "Goa"]]);
        let names = FoldedTexts::of(&table, 1, 2);
        let all = |row| names.all(row).collect::<Vec<_>>();
        assert_eq!(all(0), ["uttarpradesh", "उत्तरप्रदेश"]);
        assert_eq!(names.in_languages(0).collect::<Vec<_>>(), ["uttarpradesh", "उत्तरप्रदेश"]);
        assert_eq!((all(1), all(2), all(3)), (vec![], vec!["goa"], vec![]));
        assert_eq!(names.beginning_with("u").collect::<Vec<_>>(), [0]);
        assert_eq!(names.beginning_with("g").chain(names.beginning_with("उ")).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(names.equal_to("goa").collect::<Vec<_>>(), [2]);
        assert_eq!(names.equal_to("go").chain(names.beginning_with("z")).count(), 0);
    }
}
