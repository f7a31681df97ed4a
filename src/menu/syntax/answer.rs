//! What an operation answers: typed fields with their places, and the answers that mean a failure.

use std::sync::Arc;

use super::names;
use super::place::{Within, place};
use super::values;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::operation::{AnswerField, ErrorRule, Unit};
use crate::menu::shapes::{self, forms};
use crate::menu::suggest;
use crate::menu::value::{Field, Letters, Type};
use crate::source::{Entry, Node, Spanned};

/// Failures that every call has; `wrong` is that of an `ask`.
pub(in crate::menu) const BUILT_IN_FAILURES: &[&str] = &["down", "refused", "late", "unknown"];

pub(super) fn answer(entries: &[Entry], within: Within, cx: &mut Context<'_>) -> Vec<AnswerField> {
    let mut all = Vec::new();
    for entry in entries {
        if names::plain(&entry.key, cx)
            && let Some(field) = field(entry, within, cx)
        {
            all.push(field);
        }
    }
    all
}

/// A field as part of the record's type.
pub(super) fn field_of(field: &AnswerField) -> Field {
    Field { name: field.name.clone(), ty: field.ty.clone(), personal: field.personal }
}

fn field(entry: &Entry, within: Within, cx: &mut Context<'_>) -> Option<AnswerField> {
    let mut fields = Fields::of(&entry.value, &shapes::FIELD, entry.key.span, cx)?;
    let personal = fields.flag("personal", cx);
    let optional = fields.flag("optional", cx);
    let kinds = fields.kinds();
    let kind = match kinds.as_slice() {
        [kind] => *kind,
        [] => {
            fields.missing(&shapes::FIELD.kind_names().join("` or `"), cx);
            return None;
        }
        [_, second, ..] => {
            let message = "a field of an answer has one type";
            cx.error(codes::KEYS_CLASH, second.key.span, message, "keep one of them");
            return None;
        }
    };
    let name = entry.key.value.clone();
    if kind.key.value == "list" {
        let from = place(kind, within.items(), cx);
        let at_most = fields.required_text("at_most", cx).and_then(|text| values::whole(text, forms::ROWS, cx));
        let of = fields.require("of", cx).and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default();
        let of = answer(of, within.item(), cx);
        fields.finish(cx);
        let row = Type::Record(Arc::new(of.iter().map(field_of).collect()));
        let ty = Type::List { of: Arc::new(row), at_most: at_most? };
        return Some(AnswerField { name, from: from?, ty, unit: Unit::default(), of, personal, optional });
    }
    let ty = single(kind, &mut fields, cx);
    let unit = if kind.key.value == "amount" { unit(&mut fields, cx) } else { Some(Unit::default()) };
    let from = fields.require("from", cx).and_then(|entry| place(entry, within, cx));
    fields.finish(cx);
    Some(AnswerField { name, from: from?, ty: ty?, unit: unit?, of: Vec::new(), personal, optional })
}

/// The type of a single value.
fn single(kind: &Entry, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Option<Type> {
    let text = fields::text(kind, cx)?;
    let longest = forms::LETTERS;
    match kind.key.value.as_str() {
        "text" => {
            let letters = match fields.text("letters", cx) {
                None => Letters::Latin,
                Some(letters) if letters.value == "latin" => Letters::Latin,
                Some(letters) if letters.value == "any" => Letters::Any,
                Some(letters) => {
                    let message = format!("`{}` are no letters that are known", letters.value);
                    let remedy = suggest::remedy(&letters.value, ["latin", "any"], "write one of the two");
                    cx.error(codes::BAD_VALUE, letters.span, message, remedy);
                    return None;
                }
            };
            Some(Type::Text { max: values::whole(text, longest, cx)?, letters })
        }
        "digits" => Some(Type::Text { max: values::whole(text, longest, cx)?, letters: Letters::Digits }),
        "number" => {
            // One number alone is the largest: counts and sizes begin at nothing.
            let found = match values::number(&text.value) {
                Some(max) if max >= 0 => Some((0, max)),
                Some(_) => None,
                None => values::range(&text.value, values::number),
            };
            let (min, max) = found.or_else(|| bad(text, "a range of numbers", "write `100`, or `-50-50`", cx))?;
            Some(Type::Number { min, max })
        }
        "amount" => {
            let max = values::rupees(&text.value).filter(|max| *max > 0);
            let max =
                max.or_else(|| bad(text, "an amount", "write the largest amount in rupees, like `99999.99`", cx))?;
            Some(Type::Amount { max })
        }
        kind => {
            if text.value != "yes" {
                return bad(text, "`yes`", "write `yes`", cx);
            }
            Some(if kind == "date" { Type::Date } else { Type::YesNo })
        }
    }
}

/// What an amount is counted in.
fn unit(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Option<Unit> {
    let Some(text) = fields.text("in", cx) else { return Some(Unit::Rupees) };
    match text.value.as_str() {
        "rupees" => Some(Unit::Rupees),
        "paise" => Some(Unit::Paise),
        other => {
            let message = format!("an amount is not counted in `{other}`");
            let remedy = suggest::remedy(other, ["rupees", "paise"], "write one of the two");
            cx.error(codes::BAD_VALUE, text.span, message, remedy);
            None
        }
    }
}

fn bad<T>(text: &Spanned<String>, what: &str, remedy: &str, cx: &mut Context<'_>) -> Option<T> {
    cx.error(codes::BAD_VALUE, text.span, format!("`{}` is not {what}", text.value), remedy);
    None
}

/// Rules by which an answer is a failure with a name.
pub(super) fn errors(entry: Option<&Entry>, within: Within, cx: &mut Context<'_>) -> Vec<ErrorRule> {
    let items: &[Node] = entry.and_then(|entry| fields::list_of(entry, cx)).unwrap_or_default();
    items.iter().filter_map(|item| error(item, within, cx)).collect()
}

fn error(item: &Node, within: Within, cx: &mut Context<'_>) -> Option<ErrorRule> {
    let mut fields = Fields::of(item, &shapes::ERROR, item.span(), cx)?;
    let name = fields.required_text("name", cx).filter(|name| names::plain(name, cx));
    let status = fields.text("status", cx).and_then(|text| values::whole(text, forms::STATUS, cx));
    let at = fields.get("at").and_then(|entry| place(entry, within, cx));
    let is = fields.text("is", cx);
    match (fields.get("at"), fields.get("is"), fields.get("status")) {
        (Some(_), None, _) => fields.missing("is", cx),
        (None, Some(_), _) => fields.missing("at", cx),
        (None, None, None) => fields.missing("status` or `at", cx),
        _ => {}
    }
    fields.finish(cx);
    let name = name?;
    if BUILT_IN_FAILURES.contains(&name.value.as_str()) || name.value == "wrong" {
        let message = format!("`{}` is a failure of every call", name.value);
        cx.error(codes::BAD_NAME, name.span, message, "give the department's own error another name");
        return None;
    }
    let at = at.zip(is).map(|(at, is)| (at, is.value.clone()));
    Some(ErrorRule { status, at, name: name.value.clone() })
}
