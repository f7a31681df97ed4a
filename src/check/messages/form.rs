//! Whether a text can only become what is registered.

use super::Own;
use crate::menu::{Piece, RegisteredPiece, Tag};

/// The most characters that a variable stands for.
pub(super) const MOST: usize = 40;

/// What a text consists of, as far as the registry looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Letter(char),
    /// A value of at most so many characters.
    Value(Tag, usize),
}

/// What a registered text consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Letter(char),
    Variable(Option<Tag>),
}

/// Where a text is not what is registered: the rest of what is registered from there on. `None` where every form that the text
/// can have is registered.
pub(super) fn difference(own: Own<'_>) -> Option<String> {
    let text: Vec<Item> = own.template.pieces.iter().flat_map(|piece| items(own, piece)).collect();
    let registered: Vec<Place> = own.registered.pieces.iter().flat_map(places).collect();
    // `reached[at]`: the registered text up to here can be the text up to some place. Places of the text that are reached, by
    // places of the registered one.
    let mut reached = vec![vec![false; text.len() + 1]; registered.len() + 1];
    reached[0][0] = true;
    for (at, place) in registered.iter().enumerate() {
        for from in (0..=text.len()).filter(|from| reached[at][*from]).collect::<Vec<_>>() {
            match place {
                Place::Letter(letter) => {
                    if text.get(from) == Some(&Item::Letter(*letter)) {
                        reached[at + 1][from + 1] = true;
                    }
                }
                Place::Variable(tag) => {
                    let mut length = 0;
                    for (to, item) in text.iter().enumerate().skip(from) {
                        length += held(*item);
                        if length > MOST || !holds(*tag, *item) {
                            break;
                        }
                        reached[at + 1][to + 1] = true;
                    }
                }
            }
        }
    }
    if reached[registered.len()][text.len()] {
        return None;
    }
    let furthest = reached.iter().rposition(|places| places.contains(&true)).unwrap_or(0);
    let rest: String = registered
        .iter()
        .skip(furthest)
        .map(|place| match place {
            Place::Letter(letter) => letter.to_string(),
            Place::Variable(tag) => format!("{{#{}#}}", tag.map_or("var", Tag::name)),
        })
        .collect();
    Some(rest.chars().take(20).collect())
}

fn items(own: Own<'_>, piece: &Piece) -> Vec<Item> {
    match piece {
        Piece::Text(text) => text.chars().map(Item::Letter).collect(),
        slot @ Piece::Slot(..) => {
            let longest = super::sizes::longest(own, slot).chars().count();
            own.variable(slot).map(|variable| Item::Value(variable.tag, longest)).into_iter().collect()
        }
    }
}

fn places(piece: &RegisteredPiece) -> Vec<Place> {
    match piece {
        RegisteredPiece::Text(text) => text.chars().map(Place::Letter).collect(),
        RegisteredPiece::Variable(tag) => vec![Place::Variable(*tag)],
    }
}

fn held(item: Item) -> usize {
    match item {
        Item::Letter(_) => 1,
        Item::Value(_, longest) => longest,
    }
}

/// Whether a variable stands for a letter or a value. What has no tag stood for anything.
fn holds(tag: Option<Tag>, item: Item) -> bool {
    match (tag, item) {
        (None, _) | (Some(Tag::Alphanumeric), Item::Letter(_)) => true,
        (Some(Tag::Numeric), Item::Letter(letter)) => letter.is_ascii_digit() || matches!(letter, '.' | '-'),
        (Some(Tag::Alphanumeric), Item::Value(value, _)) => matches!(value, Tag::Alphanumeric | Tag::Numeric),
        (Some(tag), Item::Value(value, _)) => tag == value,
        (Some(Tag::Url | Tag::Urlott | Tag::Cbn | Tag::Email), Item::Letter(letter)) => !letter.is_whitespace(),
    }
}
