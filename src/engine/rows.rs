//! The rows of a list as a citizen sees them: those that `only` lets through and, once letters were typed, those that
//! begin with them. Rows stay where they are; a number counts them from 1.
//!
//! What the program has worked out of its tables (`menu::Lookups`) is used where there is any; otherwise rows are looked at
//! one by one, with the same result.

use std::borrow::Cow;

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
    let all = find.is_none().then(|| Source::of(scope, list).rows(scope, list));
    let narrowed = find.map(|(fields, typed)| matching(scope, list, fields, fold(typed).into(), How::Begins));
    all.into_iter().flatten().chain(narrowed.into_iter().flatten()).map(|(_, row)| row)
}

/// The row that is meant by a whole text of one of the fields that are searched (`UP` for Uttar Pradesh); the letters are folded
/// already and not empty.
///
/// Several rows may have the same text, and none of them is meant. Neither is a row whose text also begins another field of
/// another: `CH` is the code of Chandigarh, and may be the first letters of Chhattisgarh.
pub(super) fn whole<'a>(scope: Scope<'a>, list: &'a Rows, find: &'a [Path], letters: &str) -> Option<Seen<'a>> {
    let matching = |path, how| matching(scope, list, std::slice::from_ref(path), letters.into(), how);
    find.iter().find_map(|path| {
        let mut same = matching(path, How::Whole);
        let (at, row) = same.next()?;
        let mut others = find.iter().filter(|other| *other != path);
        let means_another = |other| matching(other, How::Begins).any(|(another, _)| another != at);
        (same.next().is_none() && !others.any(means_another)).then_some(row)
    })
}

/// How letters match a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Begins,
    Whole,
}

/// The visible rows of which one of these fields matches letters (folded already), in their order, each with what tells it
/// from the others.
fn matching<'a, 'l>(
    scope: Scope<'a>,
    list: &'a Rows,
    fields: &'a [Path],
    letters: Cow<'l, str>,
    how: How,
) -> impl Iterator<Item = (u32, Seen<'a>)> + use<'a, 'l> {
    let source = Source::of(scope, list);
    let found = found(scope, list, fields, &letters, how);
    let one_by_one = found.is_none().then(|| {
        source.rows(scope, list).filter(move |(_, row)| {
            let scope = scope.with_row(list.each, *row);
            fields.iter().any(|field| matches(scope, field, &letters, how))
        })
    });
    let found = found.map(|rows| {
        let rows = rows.into_iter().filter_map(move |row| Some((row, source.row(row)?)));
        rows.filter(move |(_, row)| source.has(scope, list, *row))
    });
    found.into_iter().flatten().chain(one_by_one.into_iter().flatten())
}

/// The rows of a list's table of which one of these fields matches letters, as the program has looked them up; `None` where it
/// has not.
fn found(scope: Scope<'_>, list: &Rows, fields: &[Path], letters: &str, how: How) -> Option<Vec<u32>> {
    let RowSource::Table(table) = list.source else { return None };
    let mut rows = Vec::new();
    for field in fields {
        let folded = scope.program.lookups.folded(table, list.column(field)?)?;
        match how {
            How::Begins => rows.extend(folded.beginning_with(letters)),
            How::Whole => rows.extend(folded.equal_to(letters)),
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Some(rows)
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

    /// Whether any row may show exactly that.
    pub(super) fn may_be(self, letters: &str) -> bool {
        self.folded.is_none_or(|folded| folded.equal_to(letters).next().is_some())
    }

    fn labels(self, row: Seen<'a>) -> impl Iterator<Item = String> {
        in_all_languages(self.scope.with_row(self.list.each, row), &self.list.row)
    }
}

/// Where rows come from, and what is yet to be asked of each.
#[derive(Clone, Copy)]
struct Source<'a> {
    rows: Listed<'a>,
    only: Option<&'a Condition>,
}

#[derive(Clone, Copy)]
enum Listed<'a> {
    Answer(&'a [Value]),
    Table(TableId, u32),
    /// These of a table, ascending.
    Picked(TableId, &'a [u32]),
    Languages(u16),
}

impl<'a> Source<'a> {
    fn of(scope: Scope<'a>, list: &'a Rows) -> Self {
        let only = list.only.as_ref();
        match &list.source {
            RowSource::Answer(path) => match scope.value(path, FIRST) {
                Some(Seen::List(values)) => Self { rows: Listed::Answer(values), only },
                _ => Self { rows: Listed::Answer(&[]), only },
            },
            RowSource::Table(id) => {
                if let Some((picked, is_all)) = picked(scope, list, *id) {
                    return Self { rows: Listed::Picked(*id, picked), only: only.filter(|_| !is_all) };
                }
                let rows = scope.program.tables.get(id.index()).map_or(0, |table| table.rows.len());
                Self { rows: Listed::Table(*id, u32::try_from(rows).unwrap_or(u32::MAX)), only }
            }
            RowSource::Languages => {
                let languages = u16::try_from(scope.program.languages.len()).unwrap_or(u16::MAX);
                Self { rows: Listed::Languages(languages), only }
            }
        }
    }

    /// The visible rows, each with what tells it from the others.
    fn rows(self, scope: Scope<'a>, list: &'a Rows) -> impl Iterator<Item = (u32, Seen<'a>)> {
        (0..self.len()).filter_map(move |index| self.get(index)).filter(move |(_, row)| self.has(scope, list, *row))
    }

    /// Whether a row of it is visible.
    fn has(self, scope: Scope<'a>, list: &'a Rows, row: Seen<'a>) -> bool {
        self.only.is_none_or(|only| scope.with_row(list.each, row).holds(only))
    }

    fn len(self) -> u32 {
        match self.rows {
            Listed::Answer(values) => u32::try_from(values.len()).unwrap_or(u32::MAX),
            Listed::Table(_, rows) => rows,
            Listed::Picked(_, rows) => u32::try_from(rows.len()).unwrap_or(u32::MAX),
            Listed::Languages(languages) => languages.into(),
        }
    }

    fn get(self, index: u32) -> Option<(u32, Seen<'a>)> {
        let at = usize::try_from(index).ok()?;
        Some(match self.rows {
            Listed::Answer(values) => (index, values.get(at)?.into()),
            Listed::Table(table, _) => (index, Seen::Row(table, index)),
            Listed::Picked(table, rows) => rows.get(at).map(|&row| (row, Seen::Row(table, row)))?,
            Listed::Languages(_) => (index, Seen::Language(LanguageId(u16::try_from(index).ok()?))),
        })
    }

    /// A row of the table, if it is among these.
    fn row(self, row: u32) -> Option<Seen<'a>> {
        match self.rows {
            Listed::Table(table, rows) => (row < rows).then_some(Seen::Row(table, row)),
            Listed::Picked(table, rows) => rows.binary_search(&row).is_ok().then_some(Seen::Row(table, row)),
            Listed::Answer(_) | Listed::Languages(_) => None,
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

/// Whether letters match the field in any language, or in Latin letters.
fn matches(scope: Scope<'_>, field: &Path, letters: &str, how: How) -> bool {
    any_text(scope, field, |text| starts_with_folded(text, letters) && (how == How::Begins || fold(text) == letters))
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
