//! Texts: literal words and holes, `Rs {{ claim.amount | amount }}`.

use super::expression::{PathName, hole};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::source::{Diagnostic, Span, Spanned};

/// A text as it is written in a file, in one language.
#[derive(Clone, Debug)]
pub(in crate::menu) struct Words {
    /// As the file has it, without white space around it: what a fingerprint is taken of.
    pub source: String,
    pub pieces: Vec<Part>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub(in crate::menu) enum Part {
    Text(String),
    Hole { path: PathName, filter: Option<Spanned<String>> },
}

impl Words {
    /// Reads a text; what is wrong with one hole does not hide what is wrong with the next.
    pub(in crate::menu) fn read(scalar: &Spanned<String>, cx: &mut Context<'_>) -> Self {
        let places = cx.places(scalar);
        // White space around a text comes from block scalars. Offsets below count from the scalar's own start.
        let skipped = scalar.value.len() - scalar.value.trim_start().len();
        let source = scalar.value.trim();
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(open) = rest.find("{{") else {
                literal(rest, skipped + at, &mut pieces, &places, cx);
                break;
            };
            let before = rest.get(..open).unwrap_or_default();
            literal(before, skipped + at, &mut pieces, &places, cx);
            let inside = at + open + 2;
            let Some(length) = source.get(inside..).and_then(|rest| rest.find("}}")) else {
                let span = places.span(skipped + at + open, skipped + inside);
                cx.error(codes::BAD_BRACES, span, "`{{` without its `}}`", "write `}}` behind the name");
                break;
            };
            let name = source.get(inside..inside + length).unwrap_or_default();
            match hole(name, skipped + inside, &places) {
                Ok((path, filter)) => pieces.push(Part::Hole { path, filter }),
                Err(finding) => cx.push(Diagnostic { code: codes::BAD_BRACES, ..*finding }),
            }
            at = inside + length + 2;
        }
        Self { source: source.to_owned(), pieces, span: scalar.span }
    }

    /// Whether there is a word to translate: a text of values and punctuation alone reads the same in every language.
    pub(in crate::menu) fn has_words(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Part::Text(text) if text.chars().any(char::is_alphabetic)))
    }

    /// The values that it shows, each with how it is written (`uan | mask`), sorted, each once.
    pub(in crate::menu) fn values(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                Part::Hole { path, filter: None } => Some(path.written()),
                Part::Hole { path, filter: Some(filter) } => Some(format!("{} | {}", path.written(), filter.value)),
                Part::Text(_) => None,
            })
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

fn literal(
    text: &str,
    start: usize,
    pieces: &mut Vec<Part>,
    places: &crate::menu::context::Places,
    cx: &mut Context<'_>,
) {
    if let Some(at) = text.find("}}") {
        let span = places.span(start + at, start + at + 2);
        cx.error(codes::BAD_BRACES, span, "`}}` without its `{{`", "write `{{` before the name");
    }
    if !text.is_empty() {
        pieces.push(Part::Text(text.to_owned()));
    }
}
