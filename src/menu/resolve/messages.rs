//! Messages: their variables, and their texts in all languages with what is registered of each.

use std::sync::Arc;
use std::time::Duration;

use super::scope::{Names, Unknown};
use super::texts;
use super::world::{World, index};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::{Path, Root};
use crate::menu::files::Sources;
use crate::menu::ids::{LanguageId, SlotId};
use crate::menu::languages::fallbacks;
use crate::menu::message::{Message, RegisteredPiece, RegisteredText, Tag, Variable};
use crate::menu::suggest;
use crate::menu::syntax::{Declared, MessageText, MessageTree, PathName, Words, values};
use crate::menu::system_message::SystemMessage;
use crate::menu::text::{Piece, Template};
use crate::menu::translate::Fresh;
use crate::menu::value::Letters;
use crate::source::{Diagnostic, Spanned};
use crate::types::{MessageKind, Priority};

/// What others must know of a message.
#[derive(Debug)]
pub(super) struct MessageHead<'a> {
    pub tree: &'a MessageTree,
    /// `None` where a finding has been made about one of them.
    pub takes: Option<Vec<Variable>>,
}

/// The most values that a message takes.
const MOST_TAKEN: usize = 20;

/// DLT lets a variable have so many characters; what no other sender's phone shows on one line either.
const LONGEST: u16 = 40;

/// Digits of a `numeric` that does not say how many.
const DIGITS: u16 = 15;

/// How long messages wait for a way out, where they do not say.
const OTP_LIVES: Duration = Duration::from_mins(10);
const LIVES: Duration = Duration::from_hours(24);

/// The messages by name, each once.
pub(super) fn heads<'a>(sources: &'a Sources, cx: &mut Context<'_>) -> Vec<MessageHead<'a>> {
    let mut trees: Vec<&MessageTree> = sources.messages.iter().collect();
    trees.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let mut heads: Vec<MessageHead<'_>> = Vec::new();
    for tree in trees {
        let name = &tree.name;
        if let Some(first) = heads.last().filter(|last| last.tree.name.value == name.value) {
            let message = format!("there are two messages `{}`", name.value);
            let finding = Diagnostic::error(codes::TWICE, name.span, message, "rename one of them");
            cx.push(finding.also(first.tree.name.span, "the other one"));
            continue;
        }
        let own = SystemMessage::by_name(&name.value);
        if own.is_none() && name.value.starts_with(SystemMessage::PREFIX) {
            let known = SystemMessage::ALL.iter().map(|message| message.name());
            let remedy = suggest::remedy(&name.value, known, "names that begin with `bridge.` are the bridge's own");
            cx.error(codes::UNKNOWN_MESSAGE, name.span, format!("the bridge has no message `{}`", name.value), remedy);
        }
        let takes = match own {
            Some(own) => Some(own.takes()),
            None => variables(tree, cx),
        };
        heads.push(MessageHead { tree, takes });
    }
    heads
}

fn variables(tree: &MessageTree, cx: &mut Context<'_>) -> Option<Vec<Variable>> {
    if tree.takes.len() > MOST_TAKEN {
        let message = format!("{} values, more than {MOST_TAKEN}", tree.takes.len());
        cx.error(codes::TOO_MANY, tree.name.span, message, "make several messages of it");
    }
    let all: Vec<_> = tree.takes.iter().map(|declared| variable(declared, cx)).collect();
    all.into_iter().collect()
}

/// `alphanumeric 40`, `numeric`, `alphanumeric 20 any`
fn variable(declared: &Declared, cx: &mut Context<'_>) -> Option<Variable> {
    let phrase = declared.ty.as_ref()?;
    let mut words = phrase.value.split_whitespace();
    let tag = words.next().and_then(Tag::by_name);
    let mut rest = words.peekable();
    let max = match rest.next_if(|word| word.bytes().all(|b| b.is_ascii_digit())) {
        None if tag == Some(Tag::Numeric) => Some(DIGITS),
        None => Some(LONGEST),
        Some(digits) => values::number(digits)
            .filter(|max| (1..=i64::from(LONGEST)).contains(max))
            .and_then(|max| u16::try_from(max).ok()),
    };
    let any = tag == Some(Tag::Alphanumeric) && rest.next_if_eq(&"any").is_some();
    if let (Some(tag), Some(max), None) = (tag, max, rest.next()) {
        let letters = if any { Letters::Any } else { Letters::Latin };
        return Some(Variable { name: declared.name.value.clone(), tag, max, letters, span: Some(declared.name.span) });
    }
    let first = phrase.value.split_whitespace().next().unwrap_or_default();
    let names = Tag::ALL.iter().map(|tag| tag.name());
    let remedy = match suggest::nearest(first, names).filter(|near| *near != first) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "write `numeric`, `alphanumeric 30`, `alphanumeric 30 any`, `url`, `urlott`, `cbn` or `email`, of at most {LONGEST} \
             characters"
        ),
    };
    cx.error(codes::BAD_TYPE, phrase.span, format!("`{}` is no variable of a message", phrase.value), remedy);
    None
}

/// All messages. Where there are findings, some are missing.
pub(super) fn all(world: &World<'_>, cx: &mut Context<'_>) -> Vec<Message> {
    world.messages.iter().filter_map(|head| message(head, world, cx)).collect()
}

/// The values that a message's texts may show.
struct Taken<'a> {
    name: &'a str,
    takes: &'a [Variable],
}

impl Names for Taken<'_> {
    fn path(&self, name: &PathName) -> Result<Path, Unknown> {
        let at = self.takes.iter().position(|known| known.name == name.written());
        if let Some((at, variable)) = at.and_then(|at| Some((at, self.takes.get(at)?))) {
            return Ok(Path { root: Root::Slot(SlotId(index(at))), fields: Vec::new(), ty: variable.ty() });
        }
        let message = format!("the message `{}` takes no `{}`", self.name, name.written());
        let names = self.takes.iter().map(|variable| variable.name.as_str());
        let remedy = suggest::remedy(&name.written(), names, "add it to what the message `takes`");
        Err(Some(Box::new(Diagnostic::error(codes::UNKNOWN_NAME, name.span(), message, remedy))))
    }
}

/// One text with its language.
struct Own<'a> {
    language: usize,
    tree: &'a MessageText,
    words: &'a Words,
}

fn message(head: &MessageHead<'_>, world: &World<'_>, cx: &mut Context<'_>) -> Option<Message> {
    let tree = head.tree;
    let name = &tree.name;
    let own = own_texts(tree, world, cx);
    let takes = head.takes.as_deref()?;
    let Some(first) = own.iter().find(|own| own.language == 0) else {
        if !tree.texts.is_empty() {
            let language = world.languages.first()?;
            let message = format!("`{}` has no text in `{}`, the first language", name.value, language.code);
            cx.error(codes::MISSING_KEY, name.span, message, format!("add `{}:` to its texts", language.code));
        }
        return None;
    };
    match SystemMessage::by_name(&name.value) {
        Some(_) if lacks_values(name, takes, &own, cx) => {}
        Some(_) => same_values(name, first, &own, cx),
        None => {
            same_values(name, first, &own, cx);
            never_shown(name, takes, &own, cx);
        }
    }
    let translated = own.iter().filter(|own| own.language > 0).map(|own| (own.language, own.words)).collect();
    let fresh = Fresh::given(&name.value, translated);
    let names = Taken { name: &name.value, takes };
    let text = texts::text(&names, &name.value, first.words, &fresh, world, cx)?;
    let registered = |language: usize| {
        let found = fallbacks(&world.languages, language).find_map(|at| own.iter().find(|own| own.language == at));
        let found = found.unwrap_or(first);
        let template = text.of(LanguageId(index(language)));
        Arc::new(registered(found, template, takes))
    };
    let mut of_languages: Vec<Arc<RegisteredText>> = Vec::new();
    for language in 0..world.languages.len() {
        let same = of_languages.iter().find(|other| other.language == text.of(LanguageId(index(language))).language);
        of_languages.push(same.map_or_else(|| registered(language), Arc::clone));
    }
    let kind = tree.kind?;
    let header = tree.header.as_ref()?;
    let is_otp = SystemMessage::by_name(&name.value) == Some(SystemMessage::Otp);
    let priority = match kind {
        _ if is_otp => Priority::Otp,
        MessageKind::Promotional => Priority::Notice,
        MessageKind::Transactional | MessageKind::Service | MessageKind::Government => Priority::Receipt,
    };
    Some(Message {
        name: name.value.clone(),
        header: header.value.clone(),
        header_span: header.span,
        kind,
        repeat: tree.repeat,
        priority,
        lives: tree.lives.unwrap_or(if is_otp { OTP_LIVES } else { LIVES }),
        entity: tree.entity.as_ref().map(|entity| entity.value.clone()),
        entity_span: tree.entity.as_ref().map(|entity| entity.span),
        takes: takes.to_vec(),
        text,
        registered: of_languages,
        span: name.span,
    })
}

/// The texts with the indexes of their languages; reports languages that are not there, and those that are missed.
fn own_texts<'a>(tree: &'a MessageTree, world: &World<'_>, cx: &mut Context<'_>) -> Vec<Own<'a>> {
    let mut own = Vec::new();
    for text in &tree.texts {
        let language = world.language(&text.language.value, text.language.span, cx);
        if let (Some(language), Some(words)) = (language, &text.words) {
            own.push(Own { language: language.index(), tree: text, words });
        }
    }
    let written = |code: &str| tree.texts.iter().any(|text| text.language.value == code);
    let codes = world.languages.iter().skip(1).map(|language| language.code.as_str());
    let missing: Vec<&str> = codes.filter(|code| !written(code)).collect();
    if !missing.is_empty() && own.iter().any(|own| own.language == 0 && own.words.has_words()) {
        let message = format!("`{}` has no text in {}", tree.name.value, suggest::list(&missing));
        let remedy = "write them; until then another language is sent";
        cx.push(Diagnostic::warning(codes::UNTRANSLATED, tree.name.span, message, remedy));
    }
    own
}

/// Reports texts that show other values than the first.
fn same_values(name: &Spanned<String>, first: &Own<'_>, own: &[Own<'_>], cx: &mut Context<'_>) {
    let wanted = first.words.values();
    for other in own.iter().filter(|own| own.words.values() != wanted) {
        let message = format!("`{}` in {} does not show the same values", name.value, other.tree.language.value);
        let remedy = if wanted.is_empty() {
            "the first language's text shows no value".to_owned()
        } else {
            format!("the first language's text shows {}", suggest::list(&wanted))
        };
        let finding = Diagnostic::warning(codes::OTHER_VALUES, other.words.span, message, remedy);
        cx.push(finding.also(first.words.span, "the first language's text"));
    }
}

/// The names of the values that a text shows.
fn shown(own: &Own<'_>) -> Vec<String> {
    let values = own.words.values().into_iter();
    values.map(|value| value.split(" | ").next().unwrap_or_default().to_owned()).collect()
}

/// Reports texts of the bridge's own message that leave out what it exists to say: it takes nothing else.
fn lacks_values(name: &Spanned<String>, takes: &[Variable], own: &[Own<'_>], cx: &mut Context<'_>) -> bool {
    let mut lacks = false;
    for one in own {
        let shown = shown(one);
        let missing: Vec<String> = takes
            .iter()
            .filter(|variable| !shown.contains(&variable.name))
            .map(|variable| format!("{{{{ {} }}}}", variable.name))
            .collect();
        if !missing.is_empty() {
            lacks = true;
            let language = &one.tree.language.value;
            let message = format!("`{}` in {language} does not say {}", name.value, suggest::list(&missing));
            cx.error(codes::LACKS_VALUES, one.words.span, message, "show it: that is what the message is for");
        }
    }
    lacks
}

/// Warns of values that no text shows: whoever sends the message gives them for nothing.
fn never_shown(name: &Spanned<String>, takes: &[Variable], own: &[Own<'_>], cx: &mut Context<'_>) {
    let shown: Vec<String> = own.iter().flat_map(shown).collect();
    for variable in takes.iter().filter(|variable| !shown.contains(&variable.name)) {
        let message = format!("no text of `{}` shows `{}`", name.value, variable.name);
        let remedy = "show it in its texts, or take it out of what the message `takes`";
        let place = variable.span.unwrap_or(name.span);
        cx.push(Diagnostic::warning(codes::NEVER_SHOWN, place, message, remedy));
    }
}

/// What the registry has of a text: as it is written down, else the text with the tags of its values.
fn registered(own: &Own<'_>, template: &Template, takes: &[Variable]) -> RegisteredText {
    let derived = || {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => RegisteredPiece::Text(text.clone()),
            Piece::Slot(path, _) => {
                let Root::Slot(slot) = path.root else { return RegisteredPiece::Variable(None) };
                RegisteredPiece::Variable(takes.get(slot.index()).map(|variable| variable.tag))
            }
        };
        template.pieces.iter().map(piece).collect()
    };
    let given = own.tree.registered.as_ref();
    RegisteredText {
        template: own.tree.template.as_ref().map(|template| template.value.clone()),
        pieces: given.map_or_else(derived, |given| given.value.clone()),
        given: given.is_some(),
        language: template.language,
        span: given.map_or(own.words.span, |given| given.span),
        template_span: own.tree.template.as_ref().map(|template| template.span),
    }
}
