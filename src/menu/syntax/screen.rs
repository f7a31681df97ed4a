//! One screen: its one verb, and what stands beside it.

use super::expression::{self, PathName};
use super::list::{options, rows};
use super::menu::clash;
use super::names;
use super::text::Words;
use super::tree::{AskTree, Assignment, CallTree, ChooseTree, Gift, RunTree, ScreenTree, ShowTree, VerbTree};
use super::values;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::shapes;
use crate::menu::suggest;
use crate::source::{Entry, Node, Spanned};
use std::time::Duration;

/// A phone's dialogue is over long before.
const LONGEST_CALL: Duration = Duration::from_mins(1);

pub(super) fn screen(entry: &Entry, cx: &mut Context<'_>) -> ScreenTree {
    let name = entry.key.clone();
    let Some(mut fields) = Fields::of(&entry.value, &shapes::SCREEN, name.span, cx) else {
        return ScreenTree { name, verb: None, save: false };
    };
    let save = fields.flag("save", cx);
    let verbs = fields.kinds();
    if let ([verb], true) = (verbs.as_slice(), save)
        && !matches!(verb.key.value.as_str(), "choose" | "ask" | "show")
    {
        let remedy = "save where somebody is asked or shown something that goes on";
        cx.error(codes::KEYS_CLASH, name.span, format!("`save` cannot stand beside `{}`", verb.key.value), remedy);
    }
    let verb = match verbs.as_slice() {
        [verb] => Some(read_verb(verb, &mut fields, cx)),
        [first, second, ..] => {
            let message =
                format!("a screen has one verb; this one has `{}` and `{}`", first.key.value, second.key.value);
            cx.error(codes::NOT_ONE_VERB, second.key.span, message, "make two screens of it, one leading to the other");
            None
        }
        [] => {
            no_verb(&entry.value, &name, fields, cx);
            return ScreenTree { name, verb: None, save };
        }
    };
    if verb.is_some() {
        fields.finish(cx);
    }
    ScreenTree { name, verb, save }
}

/// A screen without a verb: a verb of a later version, a slip, or none at all.
fn no_verb(node: &Node, name: &Spanned<String>, fields: Fields<'_>, cx: &mut Context<'_>) {
    let verbs = shapes::SCREEN.kind_names();
    let beside = |key: &str| shapes::SCREEN.kinds.iter().any(|verb| verb.beside.iter().any(|other| other.name == key));
    let Node::Map(entries, _) = node else { return };
    let later = entries.iter().any(|entry| fields::is_later(&entry.key.value));
    let slip = entries.iter().find_map(|entry| {
        let near = suggest::nearest(&entry.key.value, verbs.iter().copied()).filter(|_| !beside(&entry.key.value))?;
        Some((entry, near))
    });
    match slip {
        // The unknown key is the one finding.
        _ if later => fields.only_later(cx),
        Some((entry, near)) => {
            let message = format!("a screen has no verb `{}`", entry.key.value);
            cx.error(codes::NOT_ONE_VERB, entry.key.span, message, format!("did you mean `{near}`?"));
        }
        None => {
            let message = format!("the screen `{}` has no verb", name.value);
            cx.error(codes::NOT_ONE_VERB, name.span, message, format!("give it one of {}", suggest::list(&verbs)));
        }
    }
}

fn read_verb<'a>(verb: &'a Entry, fields: &mut Fields<'a>, cx: &mut Context<'_>) -> VerbTree {
    let words = |cx: &mut Context<'_>| fields::text(verb, cx).map(|text| Words::read(text, cx));
    match verb.key.value.as_str() {
        "choose" => VerbTree::Choose(choose(words(cx), fields, cx)),
        "ask" => VerbTree::Ask(ask(words(cx), fields, cx)),
        "show" => VerbTree::Show(show(words(cx), fields, cx)),
        "end" => VerbTree::End(words(cx)),
        "call" => VerbTree::Call(call(fields::text(verb, cx).cloned(), fields, cx)),
        "send" => VerbTree::Send(super::outgoing::send(verb, fields, cx)),
        "verify" => VerbTree::Verify(super::outgoing::verify(verb, fields, cx)),
        "branch" => VerbTree::Branch(branch(verb, cx)),
        "set" => VerbTree::Set { assign: set(verb, cx), next: fields.required_text("next", cx).cloned() },
        _ => VerbTree::Run(run(fields::text(verb, cx).cloned(), fields, cx)),
    }
}

fn choose(text: Option<Words>, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> ChooseTree {
    let from = fields.get("from");
    let options_entry = fields.get("options");
    let into = fields.get("into");
    let rows = from.map(|from| rows(from, fields, cx));
    let find = fields.get("find").map(|entry| find(entry, cx)).unwrap_or_default();
    let next = match from {
        Some(_) => fields.required_text("next", cx).cloned(),
        None => fields.text("next", cx).cloned(),
    };
    match (from, options_entry) {
        (Some(from), Some(_)) => clash(from, "options", "make two screens of it", cx),
        (None, None) => fields.missing("options` or `from", cx),
        _ => {}
    }
    if let (Some(_), Some(into)) = (from, into) {
        clash(into, "from", "the chosen row stays in the name that `as` gives", cx);
    }
    if from.is_none() {
        fields.only_beside("from", &["as", "row", "only", "none", "find"], cx);
    }
    let options = options_entry.map(|entry| options(entry, cx)).unwrap_or_default();
    let into =
        into.filter(|_| from.is_none()).and_then(|entry| fields::text(entry, cx)).and_then(|name| slot(name, cx));
    ChooseTree { text, options, rows, find, into, next }
}

/// A field, or a list of fields.
fn find(entry: &Entry, cx: &mut Context<'_>) -> Vec<PathName> {
    let names = match &entry.value {
        Node::List(items, _) if items.is_empty() => {
            cx.error(codes::EMPTY, entry.key.span, "`find` is empty", "name a field of the row, or delete the key");
            return Vec::new();
        }
        Node::List(..) => fields::texts_of(entry, cx).unwrap_or_default(),
        _ => fields::text(entry, cx).into_iter().collect(),
    };
    names.into_iter().filter_map(|name| expression::path(name, cx)).collect()
}

fn show(text: Option<Words>, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> ShowTree {
    let rows = fields.get("each").map(|each| rows(each, fields, cx));
    if rows.is_none() {
        fields.only_beside("each", &["as", "row", "only", "none"], cx);
    }
    let options_entry = fields.get("options");
    let next = fields.text("next", cx).cloned();
    if options_entry.is_none() && fields.get("next").is_none() {
        fields.missing("options` or `next", cx);
    }
    let options = options_entry.map(|entry| options(entry, cx)).unwrap_or_default();
    ShowTree { text, rows, options, next }
}

fn ask(text: Option<Words>, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> AskTree {
    let into = fields.required_text("into", cx).and_then(|name| slot(name, cx));
    let accept = fields.require("accept", cx).and_then(|entry| super::accept::accept(entry, cx));
    let wrong = fields.text("wrong", cx).map(|text| Words::read(text, cx));
    let secret = fields.flag("secret", cx);
    let next = fields.required_text("next", cx).cloned();
    let tries_entry = fields.get("tries");
    let tries = tries_entry
        .and_then(|entry| fields::text(entry, cx))
        .and_then(|text| values::whole(text, shapes::forms::TRIES, cx));
    let fails_entry = fields.get("fails");
    let mut on_wrong = None;
    for (name, target) in fails(fails_entry, cx) {
        if name.value == "wrong" {
            on_wrong = Some(target);
        } else {
            let message = format!("an `ask` cannot fail by `{}`", name.value);
            let remedy = match suggest::nearest(&name.value, ["wrong"]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "an `ask` fails by `wrong` only, after its `tries`".to_owned(),
            };
            cx.error(codes::UNKNOWN_FAILURE, name.span, message, remedy);
        }
    }
    match (tries_entry, fails_entry) {
        (Some(tries), None) => {
            let remedy = "say where the last wrong answer leads: `fails: {wrong: …}`";
            cx.error(codes::KEYS_CLASH, tries.key.span, "`tries` needs `fails`", remedy);
        }
        (None, Some(fails)) => {
            let remedy = "say after how many wrong answers: `tries: 3`";
            cx.error(codes::KEYS_CLASH, fails.key.span, "the `fails` of an `ask` needs `tries`", remedy);
        }
        _ => {}
    }
    AskTree { text, into, accept, wrong, tries, on_wrong, secret, next }
}

fn call(operation: Option<Spanned<String>>, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> CallTree {
    let within = fields.text("within", cx).and_then(|text| values::duration(text, LONGEST_CALL, cx));
    CallTree {
        operation,
        give: give(fields, cx),
        into: fields.text("into", cx).and_then(|name| slot(name, cx)),
        within,
        next: fields.required_text("next", cx).cloned(),
        fails: fails(fields.get("fails"), cx),
        late: fields.get("late").map(|entry| super::outgoing::late(entry, cx)),
    }
}

fn run(menu: Option<Spanned<String>>, fields: &mut Fields<'_>, cx: &mut Context<'_>) -> RunTree {
    RunTree {
        menu,
        give: give(fields, cx),
        into: fields.text("into", cx).and_then(|name| slot(name, cx)),
        next: fields.required_text("next", cx).cloned(),
    }
}

pub(super) fn give(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Vec<Gift> {
    let mut all = Vec::new();
    for entry in fields.map("give", cx) {
        let value = fields::text(entry, cx).and_then(|text| expression::expression(text, cx));
        all.push(Gift { name: entry.key.clone(), value });
    }
    all
}

pub(super) fn fails(entry: Option<&Entry>, cx: &mut Context<'_>) -> Vec<(Spanned<String>, Spanned<String>)> {
    let mut all = Vec::new();
    for entry in entry.and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default() {
        if let Some(target) = fields::text(entry, cx) {
            all.push((entry.key.clone(), target.clone()));
        }
    }
    all
}

fn set(verb: &Entry, cx: &mut Context<'_>) -> Vec<Assignment> {
    let mut all = Vec::new();
    for entry in fields::entries_of(verb, cx).unwrap_or_default() {
        let value = fields::text(entry, cx).and_then(|text| expression::expression(text, cx));
        if let Some(place) = expression::path(&entry.key, cx) {
            all.push(Assignment { place, value });
        }
    }
    all
}

fn branch(verb: &Entry, cx: &mut Context<'_>) -> Vec<(Option<super::ConditionTree>, Option<Spanned<String>>)> {
    let items = fields::list_of(verb, cx).unwrap_or_default();
    let mut arms = Vec::new();
    let last = items.len().saturating_sub(1);
    let misplaced = items.iter().take(last).any(is_otherwise);
    for (i, item) in items.iter().enumerate() {
        let Some(mut fields) = Fields::of(item, &shapes::WAY, item.span(), cx) else { continue };
        let entry = fields.get("if");
        match entry {
            Some(entry) if i == last && !misplaced => {
                let message = "the last way of a branch is for all that is left, and has a condition here";
                let remedy = "add a last way without a condition: `- {go: …}`";
                cx.error(codes::KEYS_CLASH, entry.key.span, message, remedy);
            }
            None if is_otherwise(item) && i < last => {
                let message = "a way without `if` is always taken: nothing behind it ever is";
                cx.error(codes::MISSING_KEY, fields.place, message, "move it to the end, or add `if:`");
            }
            None if i < last => fields.missing("if", cx),
            _ => {}
        }
        let when = entry.and_then(|entry| fields::text(entry, cx)).and_then(|text| expression::condition(text, cx));
        arms.push((when, fields.required_text("go", cx).cloned()));
        fields.finish(cx);
    }
    if items.is_empty() && matches!(verb.value, Node::List(..)) {
        cx.error(
            codes::EMPTY,
            verb.key.span,
            "`branch` is empty",
            "write its ways: `- {if: …, go: …}`, then `- {go: …}`",
        );
    }
    arms
}

/// Whether a way of a branch is for all that is left: `{go: …}` alone.
fn is_otherwise(item: &Node) -> bool {
    matches!(item, Node::Map(entries, _) if matches!(entries.as_slice(), [only] if only.key.value == "go"))
}

/// The name of a value that the screen fills.
pub(super) fn slot(name: &Spanned<String>, cx: &mut Context<'_>) -> Option<Spanned<String>> {
    names::slot(name, cx).then(|| name.clone())
}
