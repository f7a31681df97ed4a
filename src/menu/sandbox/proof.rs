//! Proves that a body can be read, whatever is filled into its holes.

use std::ops::Range;

use crate::menu::codes;
use crate::menu::context::{Context, Places};
use crate::xml::{self, Bounds};

/// Proves that a body is JSON, whatever is filled into its texts.
pub(super) fn json(text: &str, places: &Places, cx: &mut Context<'_>) {
    let Err(error) = serde_json::from_str::<serde_json::Value>(text) else { return };
    // Lines and columns count from 1, columns in bytes; those at the end of the text stand on its last byte.
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let last = text.trim_end().len().saturating_sub(1);
    let at = text.floor_char_boundary((line + error.column().saturating_sub(1)).min(last));
    let next = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
    let is_bare = text.get(..next).is_some_and(|read| read.ends_with("{{"));
    let remedy = if is_bare {
        "put the braces in quotes, \"{{ … }}\": numbers are read from texts too"
    } else {
        "correct it; a block under `json: |` needs no quotes around it"
    };
    cx.error(codes::BAD_BODY, places.span(at, next), "the body cannot be read as JSON", remedy);
}

/// Proves that a body is XML, with holes where a value can be escaped: in texts and in values of attributes.
pub(super) fn xml(text: &str, holes: &[Range<usize>], places: &Places, cx: &mut Context<'_>) {
    let Some((document, mark)) = marked(text, holes) else {
        let message = "the text uses every private character, and none is left to stand for a value";
        cx.error(codes::BAD_BODY, places.span(0, text.len()), message, "leave one of U+E000 to U+F8FF out");
        return;
    };
    if let Some((at, spot)) = xml::misplaced(&document, mark) {
        let hole = holes.iter().find(|hole| hole.contains(&at)).cloned().unwrap_or(at..at);
        let message = format!("a value cannot stand in {spot}");
        let remedy = "put values into texts between tags, or into the quoted values of attributes";
        cx.error(codes::BAD_BODY, places.span(hole.start, hole.end), message, remedy);
        return;
    }
    if let Err(error) = xml::read(&document, Bounds::MESSAGE) {
        // One line at most: a caret under a whole document points at nothing.
        let end = text
            .get(error.at.clone())
            .and_then(|part| part.find('\n'))
            .map_or(error.at.end, |line| error.at.start + line);
        let message = format!("the body cannot be read as XML: {}", error.fault);
        let remedy =
            "write one element around all, close each with its own tag, and write `&` as `&amp;` and `<` as `&lt;`";
        cx.error(codes::BAD_BODY, places.span(error.at.start, end), message, remedy);
    }
}

/// The body with a character in each hole that stands nowhere else, and the character. Everything stays in its place: a hole
/// has four braces at least, the character is three bytes long, and the rest is filled up.
fn marked(text: &str, holes: &[Range<usize>]) -> Option<(String, char)> {
    let mark = xml::unused(text)?;
    let mut document = String::with_capacity(text.len());
    let mut at = 0;
    for hole in holes {
        document.push_str(text.get(at..hole.start)?);
        document.push(mark);
        document.extend(std::iter::repeat_n('x', hole.len().saturating_sub(mark.len_utf8())));
        at = hole.end;
    }
    document.push_str(text.get(at..)?);
    Some((document, mark))
}
