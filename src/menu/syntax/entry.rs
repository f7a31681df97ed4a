//! Keywords and missed calls, as `bridge.yaml` has them.

use std::time::Duration;

use super::accept::{accept_among, simple};
use super::names;
use super::values;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::keyword::{is_same_number, keyword_form};
use crate::menu::shapes;
use crate::menu::suggest;
use crate::menu::verb::Accept;
use crate::source::{Diagnostic, Entry, Node, Span, Spanned};

#[derive(Debug)]
pub(in crate::menu) struct KeywordTree {
    pub text: Spanned<String>,
    pub also: Vec<Spanned<String>>,
    pub args: Vec<ArgumentTree>,
    pub run: Option<Spanned<String>>,
    pub form: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct ArgumentTree {
    pub name: Spanned<String>,
    /// `None` where a finding has been made about it.
    pub takes: Option<ArgumentTakes>,
    pub optional: bool,
}

#[derive(Debug)]
pub(in crate::menu) enum ArgumentTakes {
    Value(Accept),
    Language,
}

#[derive(Debug)]
pub(in crate::menu) struct MissedCallTree {
    pub number: Spanned<String>,
    pub action: Option<(MissedCallVerb, Spanned<String>)>,
    /// The short link that the message takes, where it is named.
    pub link: Option<Spanned<String>>,
    pub once_in: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::menu) enum MissedCallVerb {
    Send,
    Run,
    CallBack,
}

/// More than any short code serves.
const MOST_KEYWORDS: usize = 500;

/// What nobody could remember to type; it also bounds the ways in which a text can be read.
const MOST_ARGUMENTS: usize = 6;

/// Letters of a keyword: an SMS has room for more than it.
const LONGEST: usize = 30;

const ONCE_IN: Duration = Duration::from_hours(1);
const LONGEST_ONCE_IN: Duration = Duration::from_hours(7 * 24);

pub(super) fn keywords(entry: &Entry, cx: &mut Context<'_>) -> Vec<KeywordTree> {
    let items = fields::list_of(entry, cx).unwrap_or_default();
    if items.len() > MOST_KEYWORDS {
        let message = format!("{} keywords, more than {MOST_KEYWORDS}", items.len());
        cx.error(codes::TOO_MANY, entry.key.span, message, "serve the others from a bridge of their own");
    }
    items.iter().filter_map(|item| keyword(item, cx)).collect()
}

fn keyword(item: &Node, cx: &mut Context<'_>) -> Option<KeywordTree> {
    let top = Span { end: item.span().start, ..item.span() };
    let mut fields = Fields::of(item, &shapes::KEYWORD, top, cx)?;
    let text = fields.required_text("keyword", cx).cloned();
    let also = fields.get("also").and_then(|entry| fields::texts_of(entry, cx)).unwrap_or_default();
    let also: Vec<Spanned<String>> = also.into_iter().cloned().collect();
    for word in text.iter().chain(&also) {
        typable(word, cx);
    }
    fields.place = text.as_ref().map_or(top, |text| text.span);
    let entries = fields.map("args", cx);
    if let Some(more) = entries.get(MOST_ARGUMENTS) {
        let message = format!("{} arguments, more than {MOST_ARGUMENTS}", entries.len());
        cx.error(codes::TOO_MANY, more.key.span, message, "ask for fewer, or make several keywords of it");
    }
    let args = entries.iter().map(|entry| argument(entry, cx)).collect();
    let run = fields.required_text("run", cx).cloned();
    let form = fields.required_text("form", cx).cloned();
    fields.finish(cx);
    Some(KeywordTree { text: text?, also, args, run, form })
}

/// A keyword has something that counts when texts are compared.
fn typable(word: &Spanned<String>, cx: &mut Context<'_>) {
    let folded = keyword_form(&word.value);
    if !folded.chars().any(char::is_alphabetic) || folded.chars().count() > LONGEST {
        let message = format!("`{}` is no keyword", word.value);
        let remedy = format!("write a word or words of at most {LONGEST} letters and digits, like `PNR`");
        cx.error(codes::BAD_VALUE, word.span, message, remedy);
    }
}

fn argument(entry: &Entry, cx: &mut Context<'_>) -> ArgumentTree {
    let name = entry.key.clone();
    names::slot(&name, cx);
    let mut argument = ArgumentTree { name, takes: None, optional: false };
    if let Node::Text(_) = entry.value {
        argument.takes = fields::text(entry, cx).and_then(|text| match text.value.as_str() {
            "language" => Some(ArgumentTakes::Language),
            _ => simple(text, cx).map(ArgumentTakes::Value),
        });
        return argument;
    }
    let Some(mut fields) = Fields::of(&entry.value, &shapes::ARGUMENT, entry.key.span, cx) else { return argument };
    argument.optional = fields.flag("optional", cx);
    let kinds = fields.kinds();
    if let [language] = kinds.as_slice()
        && language.key.value == "language"
    {
        argument.takes = Some(ArgumentTakes::Language);
        match fields::text(language, cx) {
            Some(text) if text.value == "optional" => argument.optional = true,
            Some(text) if text.value != "yes" => {
                let remedy = suggest::remedy(&text.value, ["yes", "optional"], "write `yes` or `optional`");
                cx.error(codes::BAD_VALUE, text.span, format!("`language` is not `{}`", text.value), remedy);
            }
            _ => {}
        }
    } else {
        argument.takes = accept_among(&mut fields, &kinds, &shapes::ARGUMENT, cx).map(ArgumentTakes::Value);
    }
    fields.finish(cx);
    argument
}

pub(super) fn missed_calls(entries: &[Entry], cx: &mut Context<'_>) -> Vec<MissedCallTree> {
    let mut all: Vec<MissedCallTree> = Vec::new();
    for entry in entries {
        let number = &entry.key;
        if number.value.len() < 3 || number.value.len() > 15 || !number.value.bytes().all(|b| b.is_ascii_digit()) {
            let message = format!("`{}` is not a number that can be called", number.value);
            cx.error(codes::BAD_VALUE, number.span, message, "write its digits in quotes, like \"9718397183\"");
            continue;
        }
        if let Some(first) =
            all.iter().map(|call| &call.number).find(|first| is_same_number(&first.value, &number.value))
        {
            let message = format!("`{}` and `{}` are the same number to a missed call", first.value, number.value);
            let finding =
                Diagnostic::error(codes::TWICE, number.span, message, "leave one of them: the country may be left out");
            cx.push(finding.also(first.span, "the other one"));
            continue;
        }
        let Some(mut fields) = Fields::of(&entry.value, &shapes::MISSED_CALL, number.span, cx) else { continue };
        let kinds = fields.kinds();
        let action = match kinds.as_slice() {
            [kind] => {
                let verb = match kind.key.value.as_str() {
                    "send" => MissedCallVerb::Send,
                    "run" => MissedCallVerb::Run,
                    _ => MissedCallVerb::CallBack,
                };
                fields::text(kind, cx).map(|text| (verb, text.clone()))
            }
            [] => {
                fields.missing("send` or `run` or `call_back", cx);
                None
            }
            [_, second, ..] => {
                let remedy = "leave one of `send`, `run` and `call_back`";
                cx.error(codes::KEYS_CLASH, second.key.span, "a missed call asks for one thing", remedy);
                None
            }
        };
        let sends = matches!(action, Some((MissedCallVerb::Send, _)));
        let link = if sends { fields.text("link", cx).cloned() } else { None };
        let once_in = fields.text("once_in", cx).and_then(|text| values::duration(text, LONGEST_ONCE_IN, cx));
        fields.finish(cx);
        all.push(MissedCallTree { number: number.clone(), action, link, once_in: once_in.unwrap_or(ONCE_IN) });
    }
    all
}
