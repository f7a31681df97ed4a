//! The rows of a list as a citizen sees them: those that `only` lets through and, once letters were typed, those that
//! begin with them. Rows stay where they are; a number counts them from 1.

use super::scope::{FIRST, Scope};
use super::seen::Seen;
use crate::menu::{LanguageId, Path, RowSource, Rows, TableId, Value};
use crate::text::{fold, starts_with_folded, to_gsm};

/// The visible rows of a list, in its order. `find` are the fields that are searched, and the letters that narrow it.
pub(super) fn visible<'a>(
    scope: Scope<'a>,
    list: &'a Rows,
    find: Option<(&'a [Path], &'a str)>,
) -> impl Iterator<Item = Seen<'a>> {
    let source = Source::of(scope, list);
    let letters = find.map(|(fields, typed)| (fields, fold(typed)));
    (0..source.len()).filter_map(move |index| source.get(index)).filter(move |row| {
        let scope = scope.with_row(list.each, *row);
        list.only.as_ref().is_none_or(|only| scope.holds(only))
            && letters
                .as_ref()
                .is_none_or(|(fields, letters)| fields.iter().any(|field| begins_with(scope, field, letters)))
    })
}

/// The row that is meant by a whole text of one of the fields that are searched (`UP` for Uttar Pradesh); the letters are folded
/// already and not empty.
///
/// Several rows may have the same text, and none of them is meant. Neither is a row whose text also begins another field of
/// another: `CH` is the code of Chandigarh, and may be the first letters of Chhattisgarh.
pub(super) fn whole<'a>(scope: Scope<'a>, list: &'a Rows, find: &'a [Path], letters: &str) -> Option<Seen<'a>> {
    let rows = || visible(scope, list, None).enumerate();
    let scope_of = |row| scope.with_row(list.each, row);
    find.iter().find_map(|field| {
        let mut same = rows().filter(|(_, row)| is_whole(scope_of(*row), field, letters));
        let (at, row) = same.next()?;
        let others = || find.iter().filter(|other| *other != field);
        let means_another = |(_, row)| others().any(|other| begins_with(scope_of(row), other, letters));
        let alone = same.next().is_none() && !rows().filter(|(other, _)| *other != at).any(means_another);
        alone.then_some(row)
    })
}

/// Where rows come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Answer(&'a [Value]),
    Table(TableId, u32),
    Languages(u16),
}

impl<'a> Source<'a> {
    fn of(scope: Scope<'a>, list: &'a Rows) -> Self {
        match &list.source {
            RowSource::Answer(path) => match scope.value(path, FIRST) {
                Some(Seen::List(values)) => Self::Answer(values),
                _ => Self::Answer(&[]),
            },
            RowSource::Table(id) => {
                let rows = scope.program.tables.get(id.index()).map_or(0, |table| table.rows.len());
                Self::Table(*id, u32::try_from(rows).unwrap_or(u32::MAX))
            }
            RowSource::Languages => Self::Languages(u16::try_from(scope.program.languages.len()).unwrap_or(u16::MAX)),
        }
    }

    fn len(self) -> u32 {
        match self {
            Self::Answer(values) => u32::try_from(values.len()).unwrap_or(u32::MAX),
            Self::Table(_, rows) => rows,
            Self::Languages(languages) => languages.into(),
        }
    }

    fn get(self, index: u32) -> Option<Seen<'a>> {
        match self {
            Self::Answer(values) => values.get(usize::try_from(index).ok()?).map(Seen::from),
            Self::Table(table, _) => Some(Seen::Row(table, index)),
            Self::Languages(_) => Some(Seen::Language(LanguageId(u16::try_from(index).ok()?))),
        }
    }
}

/// Whether the field begins with letters (folded already) in any language, or in Latin letters.
fn begins_with(scope: Scope<'_>, field: &Path, letters: &str) -> bool {
    any_text(scope, field, |text| starts_with_folded(text, letters))
}

/// Whether the field is nothing but these letters.
fn is_whole(scope: Scope<'_>, field: &Path, letters: &str) -> bool {
    any_text(scope, field, |text| starts_with_folded(text, letters) && fold(text) == letters)
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
