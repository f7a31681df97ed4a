//! The rows of a list as a citizen sees them: those that `only` lets through and, once letters were typed, those that
//! begin with them. Rows stay where they are; a number counts them from 1.
//!
//! What the program has worked out of its tables (`menu::Lookups`) is used where there is any; otherwise rows are looked at
//! one by one, with the same result.

use super::labels::{Near, nearness, nearness_of_folded};
use super::render::in_all_languages;
use super::scope::{FIRST, Scope};
use super::seen::Seen;
use crate::menu::{Condition, FoldedTexts, LanguageId, Path, RowSource, Rows, TableId, Value};
use crate::text::{fold, starts_with_folded, to_gsm};

/// The visible rows of a list, in its order. `find` are the fields that are searched, and the letters that narrow it.
pub(super) fn visible<'a>(
    scope: Scope<'a>,
    list: &'a Rows,
    find: Option<(&'a [Path], &'a str)>,
) -> impl Iterator<Item = Seen<'a>> {
    let (source, only) = Source::of(scope, list);
    let letters = find.map(|(fields, typed)| (fields, fold(typed)));
    (0..source.len()).filter_map(move |index| source.get(index)).filter(move |row| {
        only.is_none_or(|only| scope.with_row(list.each, *row).holds(only))
            && letters.as_ref().is_none_or(|(fields, letters)| {
                fields.iter().any(|field| Field::of(scope, list, *row, field).begins_with(letters))
            })
    })
}

/// The row that is meant by a whole text of one of the fields that are searched (`UP` for Uttar Pradesh); the letters are folded
/// already and not empty.
///
/// Several rows may have the same text, and none of them is meant. Neither is a row whose text also begins another field of
/// another: `CH` is the code of Chandigarh, and may be the first letters of Chhattisgarh.
pub(super) fn whole<'a>(scope: Scope<'a>, list: &'a Rows, find: &'a [Path], letters: &str) -> Option<Seen<'a>> {
    let rows = || visible(scope, list, None).enumerate();
    find.iter().find_map(|path| {
        let mut same = rows().filter(|(_, row)| Field::of(scope, list, *row, path).is_whole(letters));
        let (at, row) = same.next()?;
        let others = || find.iter().filter(|other| *other != path);
        let means_another = |(_, row)| others().any(|other| Field::of(scope, list, row, other).begins_with(letters));
        let alone = same.next().is_none() && !rows().filter(|(other, _)| *other != at).any(means_another);
        alone.then_some(row)
    })
}

/// What the rows of a list show, as answers are compared with it.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    scope: Scope<'a>,
    list: &'a Rows,
    folded: Option<&'a FoldedTexts>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(scope: Scope<'a>, list: &'a Rows) -> Self {
        let folded = match list.source {
            RowSource::Table(table) => {
                list.shown_column().and_then(|column| scope.program.lookups.folded(table, column))
            }
            RowSource::Answer(_) | RowSource::Languages => None,
        };
        Self { scope, list, folded }
    }

    /// How near a folded, not empty answer is to what a row shows, in any language.
    pub(super) fn near(self, row: Seen<'a>, letters: &str) -> Near {
        match (row, self.folded) {
            (Seen::Row(_, row), Some(folded)) => {
                folded.in_languages(row).map(|form| nearness_of_folded(letters, form)).max().unwrap_or(Near::No)
            }
            _ => self.labels(row).map(|label| nearness(letters, &label)).max().unwrap_or(Near::No),
        }
    }

    /// Whether it is exactly what a row shows.
    pub(super) fn is(self, row: Seen<'a>, letters: &str) -> bool {
        match (row, self.folded) {
            (Seen::Row(_, row), Some(folded)) => folded.in_languages(row).any(|form| form == letters),
            _ => self.labels(row).any(|label| fold(&label) == letters),
        }
    }

    fn labels(self, row: Seen<'a>) -> impl Iterator<Item = String> {
        in_all_languages(self.scope.with_row(self.list.each, row), &self.list.row)
    }
}

/// Where rows come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Answer(&'a [Value]),
    Table(TableId, u32),
    /// These of a table.
    Picked(TableId, &'a [u32]),
    Languages(u16),
}

impl<'a> Source<'a> {
    /// The rows among which those of a list are, and the condition that is yet to be asked of each.
    fn of(scope: Scope<'a>, list: &'a Rows) -> (Self, Option<&'a Condition>) {
        let only = list.only.as_ref();
        match &list.source {
            RowSource::Answer(path) => match scope.value(path, FIRST) {
                Some(Seen::List(values)) => (Self::Answer(values), only),
                _ => (Self::Answer(&[]), only),
            },
            RowSource::Table(id) => {
                if let Some((picked, is_all)) = picked(scope, list, *id) {
                    return (Self::Picked(*id, picked), only.filter(|_| !is_all));
                }
                let rows = scope.program.tables.get(id.index()).map_or(0, |table| table.rows.len());
                (Self::Table(*id, u32::try_from(rows).unwrap_or(u32::MAX)), only)
            }
            RowSource::Languages => {
                (Self::Languages(u16::try_from(scope.program.languages.len()).unwrap_or(u16::MAX)), only)
            }
        }
    }

    fn len(self) -> u32 {
        match self {
            Self::Answer(values) => u32::try_from(values.len()).unwrap_or(u32::MAX),
            Self::Table(_, rows) => rows,
            Self::Picked(_, rows) => u32::try_from(rows.len()).unwrap_or(u32::MAX),
            Self::Languages(languages) => languages.into(),
        }
    }

    fn get(self, index: u32) -> Option<Seen<'a>> {
        match self {
            Self::Answer(values) => values.get(usize::try_from(index).ok()?).map(Seen::from),
            Self::Table(table, _) => Some(Seen::Row(table, index)),
            Self::Picked(table, rows) => Some(Seen::Row(table, *rows.get(usize::try_from(index).ok()?)?)),
            Self::Languages(_) => Some(Seen::Language(LanguageId(u16::try_from(index).ok()?))),
        }
    }
}

/// The rows of a table whose column equals what `only` compares it with, and whether that is all it asks; `None` where the
/// program knows nothing about it.
fn picked<'a>(scope: Scope<'a>, list: &'a Rows, id: TableId) -> Option<(&'a [u32], bool)> {
    let (column, operand, is_all) = list.compared_column()?;
    let values = scope.program.lookups.values(id, column)?;
    let rows = match scope.operand(operand) {
        Some(Seen::Text(text)) => values.with_text(scope.program.tables.get(id.index())?, column, text),
        // A comparison with a value that is not set is false.
        None => &[],
        Some(_) => return None,
    };
    Some((rows, is_all))
}

/// A text of a row, as letters are compared with it.
enum Field<'a> {
    Folded(&'a FoldedTexts, u32),
    Path(Scope<'a>, &'a Path),
}

impl<'a> Field<'a> {
    fn of(scope: Scope<'a>, list: &Rows, row: Seen<'a>, path: &'a Path) -> Self {
        if let Seen::Row(table, row) = row
            && let Some(column) = list.column(path)
            && let Some(folded) = scope.program.lookups.folded(table, column)
        {
            return Self::Folded(folded, row);
        }
        Self::Path(scope.with_row(list.each, row), path)
    }

    /// Whether it begins with letters (folded already) in any language, or in Latin letters.
    fn begins_with(&self, letters: &str) -> bool {
        match self {
            Self::Folded(folded, row) => folded.all(*row).any(|form| form.starts_with(letters)),
            Self::Path(scope, path) => any_text(*scope, path, |text| starts_with_folded(text, letters)),
        }
    }

    /// Whether it is nothing but these letters.
    fn is_whole(&self, letters: &str) -> bool {
        match self {
            Self::Folded(folded, row) => folded.all(*row).any(|form| form == letters),
            Self::Path(scope, path) => {
                any_text(*scope, path, |text| starts_with_folded(text, letters) && fold(text) == letters)
            }
        }
    }
}

/// Whether something is true of the field in any language, or of one of these texts in Latin letters.
fn any_text(scope: Scope<'_>, field: &Path, is: impl Fn(&str) -> bool) -> bool {
    let mut before = None;
    (0..scope.program.languages.len()).filter_map(|index| u16::try_from(index).ok()).any(|language| {
        // A text that is the same in all languages is looked at once.
        match scope.value(field, LanguageId(language)) {
            Some(Seen::Text(text)) if before != Some(text) => {
                before = Some(text);
                is(text) || (!text.is_ascii() && is(&to_gsm(text)))
            }
            _ => false,
        }
    })
}
