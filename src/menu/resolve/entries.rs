//! Keywords and missed calls: what they run, with which values, and what they send.

use super::world::World;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::ids::{MenuId, MessageId, ShortLinkId, SlotId};
use crate::menu::keyword::{Argument, ArgumentKind, Keyword, KeywordWord, MissedCall, MissedCallAction, keyword_form};
use crate::menu::message::Tag;
use crate::menu::suggest;
use crate::menu::syntax::{ArgumentTakes, ArgumentTree, Bridge, KeywordTree, MissedCallTree, MissedCallVerb};
use crate::menu::types;
use crate::source::{Diagnostic, Spanned};

pub(super) fn keywords(bridge: &Bridge, world: &World<'_>, cx: &mut Context<'_>) -> Vec<Keyword> {
    let mut known: Vec<(String, &Spanned<String>)> = Vec::new();
    for text in bridge.keywords.iter().flat_map(|keyword| std::iter::once(&keyword.text).chain(&keyword.also)) {
        let folded = keyword_form(&text.value);
        if let Some((_, first)) = known.iter().find(|(other, _)| *other == folded) {
            let message = format!("the keyword `{}` is there twice", text.value);
            let finding = Diagnostic::error(codes::TWICE, text.span, message, "change or delete one of them");
            cx.push(finding.also(first.span, "the other one"));
        }
        known.push((folded, text));
    }
    bridge.keywords.iter().filter_map(|tree| keyword(tree, world, cx)).collect()
}

fn keyword(tree: &KeywordTree, world: &World<'_>, cx: &mut Context<'_>) -> Option<Keyword> {
    let run = tree.run.as_ref().and_then(|name| world.menu(name, cx));
    let form = tree.form.as_ref().and_then(|name| silent(name, false, world, cx));
    let args = run.and_then(|run| arguments(tree, run, world, cx));
    let words = std::iter::once(&tree.text).chain(&tree.also);
    let spellings: Vec<KeywordWord> =
        words.map(|word| KeywordWord { text: word.value.clone(), span: word.span }).collect();
    let mut forms: Vec<Box<str>> = Vec::new();
    for form in spellings.iter().flat_map(KeywordWord::forms) {
        if !form.is_empty() && !forms.iter().any(|known| **known == *form) {
            forms.push(form.into());
        }
    }
    let words: Vec<&str> = tree.text.value.split_whitespace().collect();
    Some(Keyword {
        text: words.join(" "),
        words: spellings,
        forms,
        args: args?,
        run: run?,
        form: form?,
        changes: false,
        span: tree.text.span,
    })
}

/// The arguments, which are exactly what the menu takes, but for the language.
fn arguments(tree: &KeywordTree, run: MenuId, world: &World<'_>, cx: &mut Context<'_>) -> Option<Vec<Argument>> {
    let head = world.menus.get(run.index())?;
    let menu = &head.tree.name.value;
    for (name, _) in &head.takes {
        let is_value = |arg: &&ArgumentTree| !matches!(arg.takes, Some(ArgumentTakes::Language));
        if !tree.args.iter().filter(is_value).any(|arg| arg.name.value == name.value) {
            let message =
                format!("the menu `{menu}` takes `{}`, which `{}` does not bring", name.value, tree.text.value);
            let remedy = format!("add `{}:` to the `args` of the keyword", name.value);
            let finding = Diagnostic::error(codes::ARGUMENTS, tree.text.span, message, remedy);
            cx.push(finding.also(name.span, "taken here"));
        }
    }
    let all: Vec<_> = tree.args.iter().map(|arg| argument(tree, arg, run, world, cx)).collect();
    let languages = tree.args.iter().filter(|arg| matches!(arg.takes, Some(ArgumentTakes::Language)));
    if let Some(second) = languages.skip(1).map(|arg| &arg.name).next() {
        cx.error(codes::ARGUMENTS, second.span, "one answer comes in one language", "leave one of the languages");
    }
    all.into_iter().collect()
}

fn argument(
    tree: &KeywordTree,
    arg: &ArgumentTree,
    run: MenuId,
    world: &World<'_>,
    cx: &mut Context<'_>,
) -> Option<Argument> {
    let takes = match arg.takes.as_ref()? {
        ArgumentTakes::Language => ArgumentKind::Language,
        ArgumentTakes::Value(accept) => {
            let head = world.menus.get(run.index())?;
            let menu = &head.tree.name.value;
            let Some(at) = head.takes.iter().position(|(name, _)| name.value == arg.name.value) else {
                let names = head.takes.iter().map(|(name, _)| name.value.as_str());
                let remedy = suggest::remedy(&arg.name.value, names, "add it to what the menu `takes`, or delete it");
                let message = format!("the menu `{menu}` takes no `{}`", arg.name.value);
                cx.error(codes::ARGUMENTS, arg.name.span, message, remedy);
                return None;
            };
            let (name, ty) = head.takes.get(at)?;
            let (ty, own) = (ty.as_ref()?, types::of_accept(accept));
            if !types::fits(&own, ty) {
                let message =
                    format!("`{}` is {}, not {}", arg.name.value, types::described(&own), types::described(ty));
                let remedy = format!("let `{}` bring what `{menu}` takes, or the menu take more", tree.text.value);
                let finding = Diagnostic::error(codes::WRONG_TYPE, arg.name.span, message, remedy);
                cx.push(finding.also(name.span, "taken here"));
                return None;
            }
            ArgumentKind::Value(accept.clone(), SlotId(super::world::index(at)))
        }
    };
    Some(Argument { name: arg.name.value.clone(), takes, optional: arg.optional, span: arg.name.span })
}

/// A message that is sent without values; where a `link` may stand in it, the bridge makes it.
fn silent(name: &Spanned<String>, link: bool, world: &World<'_>, cx: &mut Context<'_>) -> Option<MessageId> {
    let id = world.message(name, cx)?;
    let takes = world.taken_by(id)?;
    let filled = |variable: &&crate::menu::message::Variable| {
        !(link && variable.name == "link" && matches!(variable.tag, Tag::Url | Tag::Urlott))
    };
    if let Some(variable) = takes.iter().find(filled) {
        let message = format!("the message `{}` takes `{}`, and gets nothing here", name.value, variable.name);
        let remedy = if link {
            "name a message that takes nothing, or only `link`, a `url`"
        } else {
            "name a message that takes nothing"
        };
        let finding = Diagnostic::error(codes::MESSAGE_TAKES, name.span, message, remedy);
        cx.push(match variable.span {
            Some(span) => finding.also(span, "taken here"),
            None => finding,
        });
        return None;
    }
    Some(id)
}

pub(super) fn missed_calls(bridge: &Bridge, world: &World<'_>, cx: &mut Context<'_>) -> Vec<MissedCall> {
    bridge.missed_calls.iter().filter_map(|tree| missed_call(tree, bridge, world, cx)).collect()
}

fn missed_call(tree: &MissedCallTree, bridge: &Bridge, world: &World<'_>, cx: &mut Context<'_>) -> Option<MissedCall> {
    let (verb, name) = tree.action.as_ref()?;
    let menu = |cx: &mut Context<'_>| {
        let menu = world.menu(name, cx)?;
        world.enters(menu, name, cx);
        Some(menu)
    };
    let action = match verb {
        MissedCallVerb::Send => {
            let message = silent(name, true, world, cx)?;
            let takes_one = world.taken_by(message).is_some_and(|takes| !takes.is_empty());
            if let (Some(named), false) = (&tree.link, takes_one) {
                let text = format!("the message `{}` takes no link", name.value);
                cx.error(codes::MESSAGE_TAKES, named.span, text, "delete it, or let the message take `link: url`");
                return None;
            }
            let link = if takes_one { Some(link(tree, name, bridge, cx)?) } else { None };
            MissedCallAction::Send { message, link }
        }
        MissedCallVerb::Run => MissedCallAction::Run(menu(cx)?),
        MissedCallVerb::CallBack => MissedCallAction::CallBack(menu(cx)?),
    };
    Some(MissedCall { number: tree.number.value.clone(), action, once_in: tree.once_in, span: tree.number.span })
}

/// The short link that a message takes: the one that is named, or the only one there is.
fn link(
    tree: &MissedCallTree,
    message: &Spanned<String>,
    bridge: &Bridge,
    cx: &mut Context<'_>,
) -> Option<ShortLinkId> {
    let all = &bridge.short_links;
    let at = match &tree.link {
        Some(asked) => {
            let found = all.iter().position(|link| link.name == asked.value);
            if found.is_none() {
                let known = all.iter().map(|link| link.name.as_str());
                let remedy = suggest::remedy(&asked.value, known, "add it to `short_links` in bridge.yaml");
                cx.error(codes::BAD_VALUE, asked.span, format!("there is no short link `{}`", asked.value), remedy);
            }
            found?
        }
        None if all.len() == 1 => 0,
        None => {
            let text = format!("the message `{}` takes a link, and nothing says which", message.value);
            let remedy = if all.is_empty() {
                "add it to `short_links` in bridge.yaml"
            } else {
                "add `link:` with the name of one of the `short_links`"
            };
            cx.error(codes::MESSAGE_TAKES, message.span, text, remedy);
            return None;
        }
    };
    Some(ShortLinkId(super::world::index(at)))
}
