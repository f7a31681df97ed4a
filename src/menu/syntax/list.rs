//! Options and rows: what a screen offers.

use super::expression;
use super::names;
use super::screen::slot;
use super::text::Words;
use super::tree::{OptionTree, RowsTree};
use super::values;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::shapes;
use crate::source::{Entry, Node};

/// Numbers of options and rows stay short enough to be typed.
const MOST_OPTIONS: usize = 99;

/// Options by id: a label, or a map that says more.
pub(super) fn options(entry: &Entry, cx: &mut Context<'_>) -> Vec<OptionTree> {
    let entries = fields::entries_of(entry, cx).unwrap_or_default();
    if entries.len() > MOST_OPTIONS {
        let message = format!("{} options on one screen, more than {MOST_OPTIONS}", entries.len());
        cx.error(codes::TOO_MANY, entry.key.span, message, "make a menu of menus, or a list of them");
    }
    let mut all = Vec::new();
    for entry in entries {
        let good = names::dotted(&entry.key, cx);
        let option = option(entry, cx);
        // One with a bad name, or that is the rest of another's label, leads nowhere by itself.
        if option.go.is_some() || (good && option.label.is_some()) {
            all.push(option);
        }
    }
    all
}

fn option(entry: &Entry, cx: &mut Context<'_>) -> OptionTree {
    let mut option = OptionTree { id: entry.key.clone(), label: None, go: None, key: None, when: None };
    if let Node::Text(_) = entry.value {
        option.label = fields::text(entry, cx).map(|text| Words::read(text, cx));
        return option;
    }
    let Some(mut fields) = Fields::of(&entry.value, &shapes::OPTION, entry.key.span, cx) else { return option };
    option.label = fields.required_text("label", cx).map(|text| Words::read(text, cx));
    option.go = fields.text("go", cx).cloned();
    option.key = fields.text("key", cx).and_then(|text| values::whole(text, shapes::forms::OPTION_KEYS, cx));
    option.when = fields.text("when", cx).and_then(|text| expression::condition(text, cx));
    fields.finish(cx);
    option
}

/// Rows, whose source is the entry `from` or `each`.
pub(super) fn rows(source: &Entry, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> RowsTree {
    RowsTree {
        source: fields::text(source, cx).and_then(|text| expression::path(text, cx)),
        each: fields.required_text("as", cx).and_then(|name| slot(name, cx)),
        row: fields.required_text("row", cx).map(|text| Words::read(text, cx)),
        only: fields.text("only", cx).and_then(|text| expression::condition(text, cx)),
        none: fields.text("none", cx).cloned(),
    }
}
