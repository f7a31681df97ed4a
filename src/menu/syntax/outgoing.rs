//! Verbs by which an SMS goes out: `send`, `verify`, and the `late` of a call.

use std::time::Duration;

use super::expression;
use super::screen::give;
use super::text::Words;
use super::tree::{LateTree, SendOfTree, SendTree, VerifyTree};
use super::values;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::shapes::{self, forms};
use crate::menu::suggest;
use crate::source::{Entry, Node, Spanned};

/// Nobody remembers next week that they were wrong today.
const LONGEST_LOCK: Duration = Duration::from_hours(7 * 24);

pub(super) fn send(verb: &Entry, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> SendTree {
    SendTree {
        message: fields::text(verb, cx).cloned(),
        to: fields.text("to", cx).and_then(|text| expression::expression(text, cx)),
        give: give(fields, cx),
        next: fields.required_text("next", cx).cloned(),
    }
}

pub(super) fn late(entry: &Entry, cx: &mut Context<'_>) -> LateTree {
    if let Node::Text(message) = &entry.value {
        let remedy = format!("write `{{answer: {}, failed: …}}`: the other tells that no answer came", message.value);
        cx.error(codes::WRONG_SHAPE, message.span, "`late` names two messages, not one", remedy);
        return LateTree { answer: None, failed: None };
    }
    let Some(mut fields) = Fields::of(&entry.value, &shapes::LATE, entry.key.span, cx) else {
        return LateTree { answer: None, failed: None };
    };
    let answer = fields.require("answer", cx).and_then(|entry| of_late(entry, cx));
    let failed = fields.require("failed", cx).and_then(|entry| of_late(entry, cx));
    fields.finish(cx);
    LateTree { answer, failed }
}

/// A message's name, or a map that says more.
fn of_late(entry: &Entry, cx: &mut Context<'_>) -> Option<SendOfTree> {
    if !matches!(entry.value, Node::Map(..)) {
        return fields::text(entry, cx).map(|message| SendOfTree { message: message.clone(), give: None });
    }
    let mut fields = Fields::of(&entry.value, &shapes::LATE_MESSAGE, entry.key.span, cx)?;
    let message = fields.required_text("send", cx).cloned();
    let give = give(&mut fields, cx);
    fields.finish(cx);
    Some(SendOfTree { message: message?, give: Some(give) })
}

pub(super) fn verify(verb: &Entry, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> VerifyTree {
    if let Some(by) = fields::text(verb, cx) {
        match by.value.as_str() {
            "otp" => {}
            "pin" => {
                let remedy = "write `verify: otp`, until the version that brings it";
                cx.error(codes::NOT_YET, by.span, "`pin` is not known in this version", remedy);
            }
            other => {
                let remedy = suggest::remedy(other, ["otp"], "write `verify: otp`");
                cx.error(codes::BAD_VALUE, by.span, format!("nobody is verified by `{other}`"), remedy);
            }
        }
    }
    let prompt = fields.text("prompt", cx).map(|text| Words::read(text, cx));
    let tries = fields.text("tries", cx).and_then(|text| values::whole(text, forms::TRIES, cx));
    let lock = fields.text("lock", cx).and_then(|text| values::duration(text, LONGEST_LOCK, cx));
    let next = fields.required_text("next", cx).cloned();
    let [mut on_wrong, mut on_expired, mut on_unsent] = [const { None }; 3];
    let entry = fields.require("fails", cx);
    for (name, target) in super::screen::fails(entry, cx) {
        match name.value.as_str() {
            "wrong" => on_wrong = Some(target),
            "expired" => on_expired = Some(target),
            "unsent" => on_unsent = Some(target),
            other => unknown(other, &name, cx),
        }
    }
    if let (Some(entry), None) = (entry, &on_wrong) {
        let message = "a `verify` needs a screen for the last wrong try";
        cx.error(codes::MISSING_KEY, entry.key.span, message, "add `wrong: …` to its `fails`");
    }
    VerifyTree { prompt, tries, lock, next, on_wrong, on_expired, on_unsent }
}

fn unknown(name: &str, place: &Spanned<String>, cx: &mut Context<'_>) {
    let remedy = suggest::remedy(name, ["wrong", "expired", "unsent"], forms::UNVERIFIED.says);
    cx.error(codes::UNKNOWN_FAILURE, place.span, format!("a `verify` cannot fail by `{name}`"), remedy);
}
