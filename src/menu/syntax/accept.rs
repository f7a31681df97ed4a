//! What an `ask` takes: `accept: {digits: 4-6}`, `accept: date`.

use super::values::{self, LONGEST, MOST};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::shapes;
use crate::menu::suggest;
use crate::menu::value::Letters;
use crate::menu::verb::Accept;
use crate::source::shape::Map;
use crate::source::{Entry, Node, Spanned};

/// The longest answer to a `pattern` where no `text` beside it says another.
const PATTERN_LONGEST: u16 = 40;

/// A compiled pattern takes at most so many bytes, so that a menu cannot fill the memory.
const PATTERN_BYTES: usize = 1 << 18;

/// The most values of a `one_of`, which are all said when the answer is none of them.
const MOST_VALUES: usize = 20;

pub(super) fn accept(entry: &Entry, cx: &mut Context<'_>) -> Option<Accept> {
    if let Node::Text(_) = entry.value {
        return simple(fields::text(entry, cx)?, cx);
    }
    let mut fields = Fields::of(&entry.value, &shapes::ACCEPT, entry.key.span, cx)?;
    let kinds = fields.kinds();
    let found = accept_among(&mut fields, &kinds, &shapes::ACCEPT, cx);
    fields.finish(cx);
    found
}

/// What the kinds that stand in a map say together.
pub(super) fn accept_among(
    fields: &mut Fields<'_>,
    kinds: &[&Entry],
    map: &'static Map,
    cx: &mut Context<'_>,
) -> Option<Accept> {
    match kinds {
        [kind] if kind.key.value == "pattern" => pattern(kind, None, cx),
        [kind] => one(kind, cx),
        // `text` beside `pattern` says how long the answer may be.
        [text, kind] if text.key.value == "text" && kind.key.value == "pattern" => pattern(kind, Some(text), cx),
        [_, second, ..] => {
            let message = format!("{} takes one kind of answer", map.what);
            let remedy = "leave one of them; only `text` may stand beside `pattern`";
            cx.error(codes::KEYS_CLASH, second.key.span, message, remedy);
            None
        }
        [] => {
            if fields.is_empty() {
                fields.missing(&map.kind_names().join("` or `"), cx);
            }
            None
        }
    }
}

/// A kind without anything to say about it.
pub(super) fn simple(scalar: &Spanned<String>, cx: &mut Context<'_>) -> Option<Accept> {
    let kinds = shapes::ACCEPT.kind_names();
    match scalar.value.as_str() {
        "date" => Some(Accept::Date),
        "phone" => Some(Accept::Phone),
        "yes_no" => Some(Accept::YesNo),
        kind if kinds.contains(&kind) => {
            let remedy = "write for example `{digits: 12}`, `{number: 1-10}`, `{amount: 1-5000}`, `{text: 40}`";
            cx.error(codes::BAD_VALUE, scalar.span, format!("`{kind}` needs to know more"), remedy);
            None
        }
        other => {
            let remedy = match other.split_once([' ', ':']) {
                Some((kind, more)) if kinds.contains(&kind) => format!("write `{{{kind}: {}}}`", more.trim()),
                _ => suggest::remedy(other, kinds.iter().copied(), "write one of the kinds of answers"),
            };
            cx.error(codes::BAD_VALUE, scalar.span, format!("`{other}` is no kind of answer"), remedy);
            None
        }
    }
}

fn one(kind: &Entry, cx: &mut Context<'_>) -> Option<Accept> {
    match kind.key.value.as_str() {
        "number" => bounds(kind, &shapes::RANGE, values::number, cx).map(|(min, max)| Accept::Number { min, max }),
        "amount" => {
            bounds(kind, &shapes::AMOUNT_RANGE, values::rupees, cx).map(|(min, max)| Accept::Amount { min, max })
        }
        "one_of" => one_of(kind, cx),
        "digits" => {
            let text = fields::text(kind, cx)?;
            let range = values::range(&text.value, values::number);
            let Some((min, max)) = range.filter(|(min, max)| *min >= 1 && *max <= i64::from(LONGEST)) else {
                let message = format!("`{}` is not a count of digits", text.value);
                cx.error(codes::BAD_VALUE, text.span, message, "write `12`, or `4-6`");
                return None;
            };
            Some(Accept::Digits { min: u16::try_from(min).ok()?, max: u16::try_from(max).ok()? })
        }
        "text" => length(kind, cx).map(|max| Accept::Text { max }),
        _ => {
            let text = fields::text(kind, cx)?;
            if text.value != "yes" {
                let remedy = format!("write `accept: {}`", kind.key.value);
                cx.error(codes::BAD_VALUE, text.span, format!("`{}` takes nothing", kind.key.value), remedy);
                return None;
            }
            simple(&kind.key, cx)
        }
    }
}

fn length(entry: &Entry, cx: &mut Context<'_>) -> Option<u16> {
    values::whole(fields::text(entry, cx)?, shapes::forms::LETTERS, cx)
}

/// `{min: 1, max: 10}` or `1-10`.
fn bounds(kind: &Entry, map: &'static Map, one: fn(&str) -> Option<i64>, cx: &mut Context<'_>) -> Option<(i64, i64)> {
    if let Node::Text(_) = kind.value {
        let text = fields::text(kind, cx)?;
        let single = one(text.value.trim());
        let found = values::range(&text.value, one).filter(|_| single.is_none());
        if found.is_none() {
            // In an answer one number is the largest, of digits it is the exact count: here it could be either.
            let message = format!("`{}` is not a range", text.value);
            let remedy = match single {
                Some(most) if most > 1 => format!("write both ends, like `1-{}`", text.value),
                _ => "write `1-10`, or `{min: 1, max: 10}`".to_owned(),
            };
            cx.error(codes::BAD_VALUE, text.span, message, remedy);
        }
        return found;
    }
    let mut fields = Fields::of(&kind.value, map, kind.key.span, cx)?;
    let mut limit = |key, otherwise: i64, cx: &mut Context<'_>| {
        let Some(text) = fields.text(key, cx) else { return Some(otherwise) };
        let found = one(&text.value);
        if found.is_none() {
            cx.error(codes::BAD_VALUE, text.span, format!("`{}` is not a number", text.value), "write digits only");
        }
        found
    };
    // Nobody owes less than nothing: without `min`, answers begin at 0.
    let min = limit("min", 0, cx);
    let max = limit("max", MOST, cx);
    fields.finish(cx);
    let (min, max) = (min?, max?);
    if min > max {
        cx.error(codes::BAD_VALUE, kind.key.span, "`min` is more than `max`", "swap them");
        return None;
    }
    Some((min, max))
}

fn pattern(kind: &Entry, text: Option<&Entry>, cx: &mut Context<'_>) -> Option<Accept> {
    let scalar = fields::text(kind, cx)?;
    let max = text.map_or(Some(PATTERN_LONGEST), |text| length(text, cx))?;
    // The whole answer must match, not a part of it.
    let whole = format!(r"\A(?:{})\z", scalar.value);
    // Alone first, so that parentheses that do not pair cannot escape from the ones around them.
    let read = regex::Regex::new(&scalar.value)
        .and_then(|_| regex::RegexBuilder::new(&whole).size_limit(PATTERN_BYTES).build());
    match read {
        Ok(pattern) => {
            let (longest, letters) = super::pattern::matched(&scalar.value).unwrap_or((max, Letters::Any));
            Some(Accept::Pattern { pattern, max: longest.min(max), letters })
        }
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("this is not a regular expression: {why}");
            cx.error(codes::BAD_VALUE, scalar.span, message, "write one like `[A-Z]{4}0[A-Z0-9]{6}`");
            None
        }
    }
}

fn one_of(kind: &Entry, cx: &mut Context<'_>) -> Option<Accept> {
    let texts = fields::texts_of(kind, cx)?;
    if texts.is_empty() || texts.len() > MOST_VALUES {
        let message = format!("`one_of` has {} values, not 1 to {MOST_VALUES}", texts.len());
        cx.error(codes::BAD_VALUE, kind.key.span, message, "list the values that are taken, or use `choose`");
        return None;
    }
    Some(Accept::OneOf(texts.into_iter().map(|text| text.value.trim().to_owned()).collect()))
}
