//! How long tables are: the longest cell of each column, and how many rows of a table a list may show.
//!
//! What a table holds is known, so it counts as it is and not as its type allows.

use std::collections::HashMap;

use super::plan::languages;
use crate::check::graph::{Graph, Node};
use crate::check::named::{Named, follow};
use crate::menu::{
    Cell, Comparison, Condition, Filter, LanguageId, Operand, Piece, Program, Root, RowSource, Rows, SlotId, Table,
    TableId, Type, write,
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
    pub(super) fn of(texts: impl Iterator<Item = String>) -> Self {
        let (mut narrow, mut wide) = (String::new(), String::new());
        let mut needs_ucs2 = false;
        for text in texts {
            let measured = text::measure(&text);
            needs_ucs2 |= measured.alphabet == Alphabet::Ucs2;
            if units(&text) > units(&wide) {
                wide.clone_from(&text);
            }
            if measured.alphabet == Alphabet::Gsm7 && measured.size > text::measure(&narrow).size {
                narrow = text;
            }
        }
        if needs_ucs2 && text::measure(&wide).alphabet == Alphabet::Gsm7 && wide.pop().is_some() {
            wide.push_str(ONE_WIDE_UNIT);
        }
        Self { narrow, wide }
    }

    pub(super) fn pick(&self, width: Width) -> &str {
        if width == Width::Narrow { &self.narrow } else { &self.wide }
    }
}

/// The longest that each column which some text shows can read, per language: tables are long, and many texts show the same
/// column.
#[derive(Debug)]
pub(super) struct LongestCells(HashMap<(TableId, usize, Filter), Vec<Longest>>);

impl LongestCells {
    pub(super) fn of(graph: &Graph<'_>) -> Self {
        let program = graph.program;
        let mut shown = HashMap::new();
        for node in graph.nodes() {
            let menu = program.menu(graph.menu_of(node));
            let texts = graph.screen(node).verb.texts();
            for piece in texts.into_iter().flat_map(|text| text.languages.iter()).flat_map(|text| &text.pieces) {
                let Piece::Slot(path, filter) = piece else { continue };
                if let Named::Column(table, column) = follow(program, menu, path) {
                    shown.entry((table, column, *filter)).or_insert_with(|| {
                        let longest = |language| Longest::of(written(program, table, column, language, *filter));
                        languages(program).map(longest).collect()
                    });
                }
            }
        }
        Self(shown)
    }

    pub(super) fn longest(&self, shown: (TableId, usize, Filter), language: LanguageId, width: Width) -> &str {
        let longest = self.0.get(&shown).and_then(|languages| languages.get(language.index()));
        longest.map_or("", |longest| longest.pick(width))
    }
}

/// The cells of a column as phones show them: an amount with its commas, yes and no in the words of the language.
fn written(
    program: &Program,
    table: TableId,
    column: usize,
    language: LanguageId,
    filter: Filter,
) -> impl Iterator<Item = String> {
    let table = program.table(table);
    let column = u16::try_from(column).unwrap_or(u16::MAX);
    (0..).take(table.rows.len()).filter_map(move |row| {
        let mut out = String::new();
        write(table.value(row, column, language)?.scalar()?, filter, |word| program.word(word, language), &mut out);
        Some(out)
    })
}

/// What the cells of a column show in a language.
pub(super) fn cells(table: &Table, column: usize, language: usize) -> impl Iterator<Item = &str> {
    table.rows.iter().filter_map(move |row| match row.get(column)? {
        Cell::Same(text) => Some(text.as_str()),
        Cell::Localised(texts) => texts.get(language).or(texts.first()).map(String::as_str),
    })
}

/// How many rows the list of each screen may have, by node; 0 where there is none.
#[derive(Debug)]
pub(super) struct MostRows(Vec<usize>);

impl MostRows {
    pub(super) fn of(graph: &Graph<'_>) -> Self {
        let mut alike = Alike::default();
        let rows =
            |node| graph.screen(node).verb.rows().map_or(0, |list| rows_at_most(graph.program, list, &mut alike));
        Self(graph.nodes().map(rows).collect())
    }

    pub(super) fn at(&self, node: Node) -> usize {
        self.0[node]
    }
}

/// The most rows of a table that have the same value in a column, as far as it was asked: tables are long, and many lists
/// compare the same column.
pub(in crate::check) type Alike = HashMap<(TableId, usize), usize>;

/// How many rows a list may have.
///
/// Of a table, those that `only` lets through, as far as its shape tells: see [`let_through`].
pub(in crate::check) fn rows_at_most(program: &Program, list: &Rows, alike: &mut Alike) -> usize {
    match &list.source {
        RowSource::Answer(path) => match path.ty {
            Type::List { at_most, .. } => usize::from(at_most),
            _ => 0,
        },
        RowSource::Languages => program.languages.len(),
        RowSource::Table(id) => {
            let all = program.table(*id).rows.len();
            list.only.as_ref().map_or(all, |only| let_through(program, *id, list.each, only, alike))
        }
    }
}

/// How many rows of a table a condition holds for at most.
///
/// Where it compares a column with a value that is the same for all rows (`district.state = state.code`), as many as have the
/// same value: of a column of codes, one. `and` lets through what its strictest part does, `or` what its parts do
/// together. What else is asked (`not`, more and less, `is set`) may hold for all rows.
fn let_through(program: &Program, id: TableId, row: SlotId, only: &Condition, alike: &mut Alike) -> usize {
    let table = program.table(id);
    let all = table.rows.len();
    let column = |operand: &Operand| match operand {
        Operand::Path(path) if path.root == Root::Slot(row) => path.fields.first().copied().map(usize::from),
        _ => None,
    };
    let mut each = |parts: &[Condition]| -> Vec<usize> {
        parts.iter().map(|part| let_through(program, id, row, part, alike)).collect()
    };
    match only {
        Condition::And(parts) => each(parts).into_iter().min().unwrap_or(all),
        Condition::Or(parts) => each(parts).into_iter().fold(0, usize::saturating_add).min(all),
        Condition::Compare(left, Comparison::Equal, right) => match (column(left), column(right)) {
            (Some(column), None) | (None, Some(column)) => *alike.entry((id, column)).or_insert_with(|| {
                let mut same: HashMap<&str, usize> = HashMap::new();
                // Conditions see the first language's text.
                cells(table, column, 0).for_each(|cell| *same.entry(cell).or_default() += 1);
                same.into_values().max().unwrap_or(0)
            }),
            _ => all,
        },
        Condition::Compare(..) | Condition::IsSet(_) | Condition::Holds(_) | Condition::Not(_) => all,
    }
}

pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
