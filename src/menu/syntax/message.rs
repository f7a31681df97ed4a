//! A file of messages.

use std::time::Duration;

use super::names;
use super::text::Words;
use super::tree::Declared;
use super::values;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::message::{RegisteredPiece, Tag};
use crate::menu::shapes;
use crate::menu::suggest;
use crate::menu::system_message::SystemMessage;
use crate::source::{Entry, Node, Span, Spanned};
use crate::types::{MessageKind, Repeat};

/// A message as its file has it. What must be there is `None` only where a finding has been made about it.
#[derive(Debug)]
pub(in crate::menu) struct MessageTree {
    pub name: Spanned<String>,
    pub header: Option<Spanned<String>>,
    pub kind: Option<MessageKind>,
    pub entity: Option<Spanned<String>>,
    pub repeat: Repeat,
    pub lives: Option<Duration>,
    pub takes: Vec<Declared>,
    pub texts: Vec<MessageText>,
}

#[derive(Debug)]
pub(in crate::menu) struct MessageText {
    pub language: Spanned<String>,
    /// `None` where a finding has been made about it.
    pub words: Option<Words>,
    pub template: Option<Spanned<String>>,
    pub registered: Option<Spanned<Vec<RegisteredPiece>>>,
}

/// The longest that a message may wait.
const LONGEST: Duration = Duration::from_hours(7 * 24);

/// `None` where a finding has been made about it.
#[derive(Clone, Copy, Debug)]
struct Kind(Option<MessageKind>);

/// What stands at the top of a file, for all messages in it.
#[derive(Debug)]
struct Common {
    header: Option<Spanned<String>>,
    /// `None` where it is left out.
    kind: Option<Kind>,
    entity: Option<Spanned<String>>,
}

impl Common {
    fn read(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Self {
        Self {
            header: fields.text("header", cx).cloned(),
            kind: fields.get("kind").map(|entry| Kind(fields::text(entry, cx).and_then(|text| kind(text, cx)))),
            entity: fields.text("entity", cx).cloned(),
        }
    }
}

pub(in crate::menu) fn messages(root: &Node, cx: &mut Context<'_>) -> Option<Vec<MessageTree>> {
    let top = Span { end: root.span().start, ..root.span() };
    let mut fields = Fields::of(root, &shapes::MESSAGES, top, cx)?;
    let common = Common::read(&mut fields, cx);
    let entry = fields.require("messages", cx);
    let entries = entry.and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default();
    let all = entries.iter().filter_map(|entry| message(entry, &common, cx)).collect();
    fields.finish(cx);
    Some(all)
}

fn message(entry: &Entry, common: &Common, cx: &mut Context<'_>) -> Option<MessageTree> {
    let name = entry.key.clone();
    let mut fields = Fields::of(&entry.value, &shapes::MESSAGE, name.span, cx)?;
    names::dotted(&name, cx);
    let own = Common::read(&mut fields, cx);
    let header = own.header.or_else(|| common.header.clone());
    if header.is_none() {
        fields.missing("header", cx);
    }
    let kind = own.kind.or(common.kind);
    if kind.is_none() {
        fields.missing("kind", cx);
    }
    let repeat = match fields.text("repeat", cx) {
        None => Repeat::Never,
        Some(text) if text.value == "never" => Repeat::Never,
        Some(text) if text.value == "harmless" => Repeat::Harmless,
        Some(text) => {
            unknown(text, &["never", "harmless"], cx);
            Repeat::Never
        }
    };
    let lives = fields.text("lives", cx).and_then(|text| values::duration(text, LONGEST, cx));
    let takes = takes(&name, fields.get("takes"), cx);
    let texts = fields.require("texts", cx).and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default();
    let texts = texts.iter().filter_map(|entry| text(entry, cx)).collect();
    fields.finish(cx);
    let entity = own.entity.or_else(|| common.entity.clone());
    Some(MessageTree { name, header, kind: kind.and_then(|kind| kind.0), entity, repeat, lives, takes, texts })
}

/// What the bridge's own messages take is known.
fn takes(name: &Spanned<String>, entry: Option<&Entry>, cx: &mut Context<'_>) -> Vec<Declared> {
    let Some(entry) = entry else { return Vec::new() };
    let entries = fields::entries_of(entry, cx).unwrap_or_default();
    if let Some(own) = SystemMessage::by_name(&name.value) {
        let names: Vec<String> = own.takes().into_iter().map(|variable| variable.name).collect();
        let message = format!("what `{}` takes is known", name.value);
        let remedy = match names.as_slice() {
            [] => "delete it: it takes nothing".to_owned(),
            names => format!("delete it: its texts may have {}", suggest::list(names)),
        };
        cx.error(codes::KEYS_CLASH, entry.key.span, message, remedy);
        return Vec::new();
    }
    super::menu::declared(entries, cx)
}

fn kind(text: &Spanned<String>, cx: &mut Context<'_>) -> Option<MessageKind> {
    let found = MessageKind::by_name(&text.value);
    if found.is_none() {
        unknown(text, &MessageKind::NAMES, cx);
    }
    found
}

fn unknown(text: &Spanned<String>, known: &[&str], cx: &mut Context<'_>) {
    let remedy = suggest::remedy(&text.value, known.iter().copied(), &format!("write {}", known.join(", ")));
    cx.error(codes::BAD_VALUE, text.span, format!("`{}` is none of the words that stand here", text.value), remedy);
}

fn text(entry: &Entry, cx: &mut Context<'_>) -> Option<MessageText> {
    let language = entry.key.clone();
    if let Node::Text(_) = entry.value {
        let words = fields::text(entry, cx).map(|text| Words::read(text, cx));
        return Some(MessageText { language, words, template: None, registered: None });
    }
    let mut fields = Fields::of(&entry.value, &shapes::MESSAGE_TEXT, language.span, cx)?;
    let words = fields.required_text("text", cx).map(|text| Words::read(text, cx));
    let template = fields.text("template", cx).cloned();
    let registered = fields.text("registered", cx).and_then(|text| registered(text, cx));
    fields.finish(cx);
    Some(MessageText { language, words, template, registered })
}

/// `Your PF claim for Rs {#numeric#} is {#alphanumeric#}.`
fn registered(text: &Spanned<String>, cx: &mut Context<'_>) -> Option<Spanned<Vec<RegisteredPiece>>> {
    let places = cx.places(text);
    let skipped = text.value.len() - text.value.trim_start().len();
    let source = text.value.trim();
    let mut pieces = Vec::new();
    let (mut at, mut good) = (0, true);
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let before = rest.find("{#").unwrap_or(rest.len());
        let literal = rest.get(..before).unwrap_or_default();
        if !literal.is_empty() {
            pieces.push(RegisteredPiece::Text(literal.into()));
        }
        at += before;
        let Some(hole) = source.get(at + 2..) else { break };
        let close = hole.find("#}");
        let length = close.unwrap_or(hole.len());
        let name = hole.get(..length).unwrap_or_default();
        let tag = match name {
            // `numeric` by its other name.
            "number" => Some(Some(Tag::Numeric)),
            "var" => Some(None),
            name => Tag::by_name(name).map(Some),
        };
        if let Some(tag) = tag.filter(|_| close.is_some()) {
            pieces.push(RegisteredPiece::Variable(tag));
        } else {
            let end = (at + 2 + length + 2).min(source.len());
            let span = places.span(skipped + at, skipped + end);
            let known = Tag::ALL.iter().map(|tag| tag.name());
            let remedy = suggest::remedy(name, known, "write a tag of the registry, like `{#numeric#}`");
            cx.error(codes::BAD_REGISTERED, span, "this is no variable of a registered text", remedy);
            good = false;
        }
        at += 2 + length + 2;
    }
    good.then_some(Spanned { value: pieces, span: text.span })
}
