//! The longest form of each message, and what it takes of a route.

use std::fmt::Write as _;

use super::Own;
use crate::check::codes;
use crate::gateway::messages::MessageProfile;
use crate::menu::{Letters, Piece, Program, Scalar, Tag, write};
use crate::source::Diagnostic;
use crate::text::sms::{Allowed, Alphabet, Size, size};

/// A message in one language at its longest.
#[derive(Clone, Debug)]
pub struct MessageSize {
    pub message: String,
    pub language: String,
    pub characters: usize,
    /// In the order of [`Route::ALL`]; `None` where such a route cannot carry it.
    pub on_routes: Vec<Option<Size>>,
}

/// What a route carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The default alphabet and UCS-2, as most.
    Usual,
    /// The tables of national languages as well.
    National,
    /// The default alphabet alone.
    Plain,
}

impl Route {
    pub const ALL: [Self; 3] = [Self::Usual, Self::National, Self::Plain];

    pub fn name(self) -> &'static str {
        match self {
            Self::Usual => "GSM-7 or UCS-2",
            Self::National => "national tables too",
            Self::Plain => "GSM-7 alone",
        }
    }

    fn allows(self) -> Allowed {
        Allowed { national: self == Self::National, ucs2: self != Self::Plain, ..Allowed::default() }
    }
}

/// What one hole, or what stands between them, is at its longest. A character of GSM-7's extension (`[`, `€`) in a value would count twice,
/// and is taken to be rare: a value of nothing else would be. Values of any letters are taken to be of an Indian script.
pub(super) fn longest(own: Own<'_>, piece: &Piece) -> String {
    let mut out = String::new();
    match (piece, own.variable(piece)) {
        (Piece::Text(text), _) => out.push_str(text),
        (Piece::Slot(_, filter), Some(variable)) => {
            let letter = match (variable.tag, variable.letters) {
                (Tag::Numeric, _) => "0",
                (_, Letters::Any) => "क",
                _ => "W",
            };
            let value = letter.repeat(usize::from(variable.max));
            // A text needs no word of the program.
            write(Scalar::Text(&value), *filter, |_| "", &mut out);
        }
        (Piece::Slot(..), None) => {}
    }
    out
}

/// The sizes of all messages, in the order of their names and of the languages.
pub fn sizes(program: &Program) -> Vec<MessageSize> {
    let one = |own: Own<'_>| {
        let text: String = own.template.pieces.iter().map(|piece| longest(own, piece)).collect();
        MessageSize {
            message: own.message.name.clone(),
            language: program.language(own.language).code.clone(),
            characters: text.chars().count(),
            on_routes: Route::ALL.into_iter().map(|route| size(&text, route.allows()).ok()).collect(),
        }
    };
    Own::all(program).map(one).collect()
}

/// Messages of more segments than this are asked after. Confirmations with everything that belongs into one have three.
const USUAL_SEGMENTS: u16 = 3;

/// Reports messages that at their longest no gateway of messages carries, and warns of those that cost much.
pub fn carried(program: &Program, profiles: &[MessageProfile]) -> Vec<Diagnostic> {
    let Some(most) = profiles.iter().filter(|profile| profile.sends()).max_by_key(|profile| profile.can().characters)
    else {
        return Vec::new();
    };
    let limit = most.can().characters;
    let finding = |own: Own<'_>| {
        let text: String = own.template.pieces.iter().map(|piece| longest(own, piece)).collect();
        let characters = text.chars().count();
        let name = format!("`{}` in {}", own.message.name, program.language(own.language).code);
        if characters > usize::from(limit) {
            let message = format!(
                "{name} can have {characters} characters, more than any gateway carries ({} takes {limit})",
                most.name
            );
            let remedy = "shorten it, or let it take less: it could not be sent";
            return Some(Diagnostic::error(codes::L_CARRIED, own.template.span, message, remedy));
        }
        let size = size(&text, Route::Usual.allows()).ok().filter(|size| size.segments > USUAL_SEGMENTS)?;
        let message = format!("{name} can have {} segments, each of which is paid for", size.segments);
        let remedy = format!("shorten it, or let it take less: {USUAL_SEGMENTS} are enough for most");
        Some(Diagnostic::warning(codes::L_SEGMENTS, own.template.span, message, remedy))
    };
    Own::all(program).filter_map(finding).collect()
}

/// The table of `check --messages`: for each message and language the size and the segments by what a route carries. With the price
/// of a segment, what it costs on a usual one.
pub fn table(sizes: &[MessageSize], price: Option<f64>) -> String {
    let mut rows = vec![vec!["message".to_owned(), "language".to_owned(), "characters".to_owned()]];
    if let Some(head) = rows.first_mut() {
        head.extend(Route::ALL.map(|route| route.name().to_owned()));
        head.extend(price.map(|_| "cost".to_owned()));
    }
    for size in sizes {
        let mut row = vec![size.message.clone(), size.language.clone(), size.characters.to_string()];
        row.extend(size.on_routes.iter().map(|size| size.map_or_else(|| "-".to_owned(), cell)));
        if let (Some(price), Some(Some(usual))) = (price, size.on_routes.first()) {
            row.push(format!("{:.2}", price * f64::from(usual.segments)));
        }
        rows.push(row);
    }
    aligned(&rows)
}

/// `120 septets, 1 segment`
fn cell(size: Size) -> String {
    let unit = if matches!(size.alphabet, Alphabet::Ucs2) { "units" } else { "septets" };
    format!("{} {unit}, {}", size.units, segments(size.segments))
}

fn segments(count: u16) -> String {
    if count == 1 { "1 segment".to_owned() } else { format!("{count} segments") }
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        // Writing to a text never fails.
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}
