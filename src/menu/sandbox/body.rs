//! What a sandbox answers: a text with holes for what was given and for days.
//!
//! JSON has `{{` nowhere but inside a text in quotes, and an answer in XML means a hole by it, so holes are found in the file's
//! text and filled there, escaped. That the body can be read whatever is filled in is proved in `proof`.

use std::ops::Range;

use chrono::{Days, NaiveDate};

use super::proof;
use crate::menu::codes;
use crate::menu::context::{Context, Places};
use crate::menu::suggest;
use crate::source::{Diagnostic, Spanned};
use crate::xml;

/// The day of the request, in India.
const TODAY: &str = "today";

/// How many days before or after today an answer may name: ten years.
const MOST_DAYS: i64 = 3_660;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannedBody {
    pub syntax: BodySyntax,
    pieces: Vec<Piece>,
}

/// What a body is written in: how values are escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodySyntax {
    Json,
    Xml,
}

impl BodySyntax {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml; charset=utf-8",
        }
    }

    fn escaped(self, text: &str) -> String {
        match self {
            Self::Json => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
            }
            Self::Xml => {
                let mut out = String::new();
                xml::escape(text, &mut out);
                out
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// By index into what the operation takes.
    Value(u16),
    /// So many days from today.
    Day(i64),
}

impl CannedBody {
    /// The body with all holes filled. `value` gives the value at an index into what the operation takes; days are written
    /// as ISO 8601.
    pub fn fill(&self, value: impl Fn(u16) -> String, today: NaiveDate) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(at) => self.syntax.escaped(&value(*at)),
            Piece::Day(days) => day(today, *days).format("%Y-%m-%d").to_string(),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// Reads the body of an operation that takes these values; `None` when something is wrong with it.
    pub(super) fn read(
        syntax: BodySyntax,
        scalar: &Spanned<String>,
        takes: &[String],
        cx: &mut Context<'_>,
    ) -> Option<Self> {
        let before = cx.findings.len();
        let places = cx.places(scalar);
        let (pieces, holes) = pieces(&scalar.value, takes, &places, cx);
        match syntax {
            BodySyntax::Json => proof::json(&scalar.value, &places, cx),
            BodySyntax::Xml => proof::xml(&scalar.value, &holes, &places, cx),
        }
        (cx.findings.len() == before).then_some(Self { syntax, pieces })
    }
}

fn day(today: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved = if days < 0 { today.checked_sub_days(distance) } else { today.checked_add_days(distance) };
    moved.unwrap_or(today)
}

/// The pieces of a body, and where its holes stand in it, braces included.
fn pieces(text: &str, takes: &[String], places: &Places, cx: &mut Context<'_>) -> (Vec<Piece>, Vec<Range<usize>>) {
    let (mut pieces, mut holes) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((before, behind)) = rest.split_once("{{") else {
            pieces.push(Piece::Text(rest.to_owned()));
            break;
        };
        pieces.push(Piece::Text(before.to_owned()));
        let open = at + before.len();
        // A quote, or a tag, ends the text that a hole stands in.
        let Some((inside, _)) = behind.split_once("}}").filter(|(inside, _)| !inside.contains(['"', '<'])) else {
            let message = "`{{` without its `}}`";
            cx.error(codes::BAD_BRACES, places.span(open, open + 2), message, "write `}}` behind the name");
            break;
        };
        at = open + 2 + inside.len() + 2;
        holes.push(open..at);
        let name = inside.trim();
        let start = open + 2 + (inside.len() - inside.trim_start().len());
        match hole(name, takes) {
            Ok(piece) => pieces.push(piece),
            Err(wrong) => {
                let span = places.span(start, start + name.len());
                cx.push(Diagnostic::error(wrong.code, span, wrong.message, wrong.remedy));
            }
        }
    }
    (pieces, holes)
}

struct Wrong {
    code: &'static str,
    message: String,
    remedy: String,
}

fn hole(name: &str, takes: &[String]) -> Result<Piece, Wrong> {
    if let Some(days) = name.strip_prefix(TODAY).filter(|rest| rest.is_empty() || rest.trim().starts_with(['+', '-'])) {
        let days: String = days.split_whitespace().collect();
        let known = if days.is_empty() { Some(0) } else { days.parse().ok() };
        return known.filter(|days| (-MOST_DAYS..=MOST_DAYS).contains(days)).map(Piece::Day).ok_or_else(|| Wrong {
            code: codes::BAD_BRACES,
            message: format!("`{name}` is no day"),
            remedy: format!("write `today`, `today+7` or `today-30`, at most {MOST_DAYS} days"),
        });
    }
    let found = takes.iter().position(|known| known == name).and_then(|at| u16::try_from(at).ok());
    found.map(Piece::Value).ok_or_else(|| Wrong {
        code: codes::UNKNOWN_NAME,
        message: format!("`{name}` is nothing that the operation takes"),
        remedy: suggest::remedy(name, takes.iter().map(String::as_str).chain([TODAY]), "put in what it takes"),
    })
}
