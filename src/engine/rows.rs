//! The rows of a list as a citizen sees them: those that `only` lets through and, once letters were typed, those that
//! begin with them. Rows stay where they are; a number counts them from 1.
//!
//! What the program has worked out of its tables (`menu::Lookups`) is used where there is any; otherwise rows are looked at
//! one by one, with the same result.

use std::borrow::Cow;

use super::labels::{Near, nearest, nearness_of_folded};
use super::render::in_all_languages;
use super::scope::{FIRST, Scope};
use super::seen::Seen;
use crate::menu::{Condition, FoldedTexts, LanguageId, Path, RowSource, Rows, TableId, Value};
use crate::text::{fold, folds_to, starts_with_folded, to_gsm};

/// A list at one moment. Cheap to copy, and made once for all that is asked of it: which rows of its table there are is looked
/// up when it is made.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    scope: Scope<'a>,
    declared: &'a Rows,
    rows: Listed<'a>,
    /// What is yet to be asked of each row.
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

/// How letters match a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Begins,
    Whole,
}

impl<'a> List<'a> {
    pub(super) fn of(scope: Scope<'a>, list: &'a Rows) -> Self {
        let only = list.only.as_ref();
        let (rows, only) = match &list.source {
            RowSource::Answer(path) => match scope.value(path, FIRST) {
                Some(Seen::List(values)) => (Listed::Answer(values), only),
                _ => (Listed::Answer(&[]), only),
            },
            RowSource::Table(id) => {
                if let Some((picked, is_all)) = picked(scope, list, *id) {
                    (Listed::Picked(*id, picked), only.filter(|_| !is_all))
                } else {
                    let rows = scope.program.tables.get(id.index()).map_or(0, |table| table.rows.len());
                    (Listed::Table(*id, u32::try_from(rows).unwrap_or(u32::MAX)), only)
                }
            }
            RowSource::Languages => {
                let languages = u16::try_from(scope.program.languages.len()).unwrap_or(u16::MAX);
                (Listed::Languages(languages), only)
            }
        };
        Self { scope, declared: list, rows, only }
    }

    /// The visible rows, in the order of the list.
    pub(super) fn visible(self) -> Visible<'a> {
        Visible { list: self, next: 0, narrowed: Narrowed::No }
    }

    /// Those that are shown: of a list that is searched by these fields, those that begin with the letters by which it is
    /// narrowed.
    pub(super) fn shown(self, find: &'a [Path]) -> Visible<'a> {
        match self.scope.session.place.find.as_deref() {
            Some(letters) if !find.is_empty() => self.beginning_with(find, &fold(letters)),
            _ => self.visible(),
        }
    }

    /// Those of which one of these fields begins with letters (folded already), in any language or in Latin letters.
    pub(super) fn beginning_with(self, fields: &'a [Path], letters: &str) -> Visible<'a> {
        self.matching(fields, letters, How::Begins)
    }

    /// The row that is meant by a whole text of one of the fields that are searched (`UP` for Uttar Pradesh); the letters are
    /// folded already and not empty.
    ///
    /// Several rows may have the same text, and none of them is meant. Neither is a row whose text also begins another field of
    /// another: `CH` is the code of Chandigarh, and may be the first letters of Chhattisgarh.
    pub(super) fn whole(self, find: &'a [Path], letters: &str) -> Option<Seen<'a>> {
        let matching = |path, how| self.matching(std::slice::from_ref(path), letters, how);
        find.iter().find_map(|path| {
            let mut same = matching(path, How::Whole);
            let (at, row) = same.next_numbered()?;
            let mut others = find.iter().filter(|other| *other != path);
            let means_another = |other| {
                let mut begins = matching(other, How::Begins);
                std::iter::from_fn(move || begins.next_numbered()).any(|(another, _)| another != at)
            };
            (same.next_numbered().is_none() && !others.any(means_another)).then_some(row)
        })
    }

    fn matching(self, fields: &'a [Path], letters: &str, how: How) -> Visible<'a> {
        let narrowed = match self.found(fields, letters, how) {
            Some(rows) => Narrowed::Found(rows.into_iter()),
            None => Narrowed::OneByOne(fields, letters.into(), how),
        };
        Visible { list: self, next: 0, narrowed }
    }

    /// The rows of the list's table of which one of these fields matches letters, as the program has looked them up; `None` where
    /// it has not.
    fn found(&self, fields: &[Path], letters: &str, how: How) -> Option<Vec<u32>> {
        let RowSource::Table(table) = self.declared.source else { return None };
        let mut rows = Vec::new();
        for field in fields {
            let folded = self.scope.program.lookups.folded(table, self.declared.column(field)?)?;
            match how {
                How::Begins => rows.extend(folded.beginning_with(letters)),
                How::Whole => rows.extend(folded.equal_to(letters)),
            }
        }
        rows.sort_unstable();
        rows.dedup();
        Some(rows)
    }

    /// The row at a place, with what tells it from the others.
    fn get(&self, index: u32) -> Option<(u32, Seen<'a>)> {
        let at = usize::try_from(index).ok()?;
        Some(match self.rows {
            Listed::Answer(values) => (index, values.get(at)?.into()),
            Listed::Table(table, rows) => (index < rows).then_some((index, Seen::Row(table, index)))?,
            Listed::Picked(table, rows) => rows.get(at).map(|&row| (row, Seen::Row(table, row)))?,
            Listed::Languages(languages) => {
                let language = u16::try_from(index).ok().filter(|at| *at < languages)?;
                (index, Seen::Language(LanguageId(language)))
            }
        })
    }

    /// A row of the table, if it is among these.
    fn row(&self, row: u32) -> Option<Seen<'a>> {
        match self.rows {
            Listed::Table(table, rows) => (row < rows).then_some(Seen::Row(table, row)),
            Listed::Picked(table, rows) => rows.binary_search(&row).is_ok().then_some(Seen::Row(table, row)),
            Listed::Answer(_) | Listed::Languages(_) => None,
        }
    }

    /// Whether a row of it is visible.
    fn has(&self, row: Seen<'a>) -> bool {
        self.only.is_none_or(|only| self.scope.with_row(self.declared.each, row).holds(only))
    }
}

/// Rows of a list, one after the other.
pub(super) struct Visible<'a> {
    list: List<'a>,
    /// The place that is looked at next, where rows are looked at in their order.
    next: u32,
    narrowed: Narrowed<'a>,
}

/// To which rows a list is narrowed by letters.
enum Narrowed<'a> {
    No,
    /// To some of its table.
    Found(std::vec::IntoIter<u32>),
    /// To those of which one of the fields matches the letters.
    OneByOne(&'a [Path], Box<str>, How),
}

impl<'a> Visible<'a> {
    /// The next row, with what tells it from the others.
    fn next_numbered(&mut self) -> Option<(u32, Seen<'a>)> {
        loop {
            let (at, row) = match &mut self.narrowed {
                Narrowed::Found(rows) => {
                    let at = rows.next()?;
                    let Some(row) = self.list.row(at) else { continue };
                    (at, row)
                }
                Narrowed::No | Narrowed::OneByOne(..) => {
                    let found = self.list.get(self.next)?;
                    self.next += 1;
                    found
                }
            };
            if self.list.has(row) && self.matches(row) {
                return Some((at, row));
            }
        }
    }

    fn matches(&self, row: Seen<'a>) -> bool {
        let Narrowed::OneByOne(fields, letters, how) = &self.narrowed else { return true };
        let scope = self.list.scope.with_row(self.list.declared.each, row);
        fields.iter().any(|field| matches(scope, field, letters, *how))
    }
}

impl<'a> Iterator for Visible<'a> {
    type Item = Seen<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_numbered().map(|(_, row)| row)
    }
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
            _ => nearest(letters, self.labels(row), &mut String::new()),
        }
    }

    /// Whether it is exactly what a row shows.
    pub(super) fn is(self, row: Seen<'a>, letters: &str) -> bool {
        match (row, self.folded) {
            (Seen::Row(_, row), Some(folded)) => folded.in_languages(row).any(|form| form == letters),
            _ => self.labels(row).any(|label| folds_to(&label, letters)),
        }
    }

    /// Whether any row may show exactly that.
    pub(super) fn may_be(self, letters: &str) -> bool {
        self.folded.is_none_or(|folded| folded.equal_to(letters).next().is_some())
    }

    fn labels(self, row: Seen<'a>) -> impl Iterator<Item = Cow<'a, str>> {
        in_all_languages(self.scope.with_row(self.list.each, row), &self.list.row)
    }
}

/// The rows of a table whose column equals what `only` compares it with, and whether that is all it asks; `None` where the
/// program knows nothing about it.
fn picked<'a>(scope: Scope<'a>, list: &'a Rows, id: TableId) -> Option<(&'a [u32], bool)> {
    let (column, operand, is_all) = list.compared_column()?;
    let values = scope.program.lookups.values(id, column)?;
    let rows = match scope.operand(operand) {
        Some(Seen::Text(text)) => values.with_text(text),
        // A comparison with a value that is not set is false.
        None => &[],
        Some(_) => return None,
    };
    Some((rows, is_all))
}

/// Whether letters match the field in any language, or in Latin letters.
fn matches(scope: Scope<'_>, field: &Path, letters: &str, how: How) -> bool {
    any_text(scope, field, |text| match how {
        How::Begins => starts_with_folded(text, letters),
        How::Whole => folds_to(text, letters),
    })
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
