//! All texts of a screen, for the proofs that look at every text.

use crate::menu::{Among, ChoiceOption, Path, Piece, Rows, Screen, Template, Text, Verb};

/// The texts that a screen may show, in the order in which they stand on it.
pub(super) fn of(screen: &Screen) -> Vec<&Text> {
    match &screen.verb {
        Verb::Choose(choose) => {
            let mut texts = vec![&choose.text];
            match &choose.among {
                Among::Options(options) => texts.extend(options.iter().map(|option| &option.label)),
                Among::List { list, .. } => texts.push(&list.row),
            }
            texts
        }
        Verb::Ask(ask) => std::iter::once(&ask.text).chain(&ask.wrong).collect(),
        Verb::Show(show) => {
            let mut texts = vec![&show.text];
            texts.extend(show.rows.as_ref().map(|rows| &rows.row));
            texts.extend(show.options.iter().map(|option| &option.label));
            texts
        }
        Verb::End(text) => vec![text],
        Verb::Call(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => Vec::new(),
    }
}

/// The options of a screen; none where it has a list or asks for a value.
pub(super) fn options(screen: &Screen) -> &[ChoiceOption] {
    match &screen.verb {
        Verb::Choose(choose) => match &choose.among {
            Among::Options(options) => options,
            Among::List { .. } => &[],
        },
        Verb::Show(show) => &show.options,
        _ => &[],
    }
}

/// The rows of a screen, numbered in a `choose`, plain in a `show`.
pub(super) fn rows(screen: &Screen) -> Option<&Rows> {
    match &screen.verb {
        Verb::Choose(choose) => match &choose.among {
            Among::Options(_) => None,
            Among::List { list, .. } => Some(list),
        },
        Verb::Show(show) => show.rows.as_ref(),
        _ => None,
    }
}

/// The values that a template shows.
pub(super) fn paths(template: &Template) -> impl Iterator<Item = &Path> {
    template.pieces.iter().filter_map(|piece| match piece {
        Piece::Slot(path, _) => Some(path),
        Piece::Text(_) => None,
    })
}
