//! What people text, and what a missed call asks for: the entries of a program beside its service codes.

use std::time::Duration;

use super::ids::{LanguageId, MenuId, MessageId, ShortLinkId, SlotId};
use super::program::{Language, Program};
use super::text::Text;
use super::verb::Accept;
use crate::source::Span;
use crate::text::{fold, is_ignored, to_gsm};

/// A keyword or a word for a command as texts are compared with it: letters and digits alone (`text::fold`, without the signs
/// that count elsewhere).
pub fn keyword_form(text: &str) -> String {
    let mut form = fold(text);
    form.retain(|c| !is_ignored(c));
    form
}

/// A keyword that begins a text: `EPFOHO UAN`.
#[derive(Debug)]
pub struct Keyword {
    /// As it is told to people.
    pub text: String,
    /// Itself and its other spellings, as they are written down; itself first.
    pub words: Vec<KeywordWord>,
    /// Itself and its other spellings, as texts are compared with them ([`keyword_form`]); itself first.
    pub forms: Vec<Box<str>>,
    pub args: Vec<Argument>,
    /// The menu that answers: it asks nothing, and takes the arguments.
    pub run: MenuId,
    /// Says the right form to who got it wrong. It takes nothing.
    pub form: MessageId,
    /// What it runs does something that cannot be undone: no slip of the finger is forgiven.
    pub changes: bool,
    pub span: Span,
}

/// A spelling of a keyword.
#[derive(Debug)]
pub struct KeywordWord {
    pub text: String,
    pub span: Span,
}

impl KeywordWord {
    /// As texts are compared with it: in its own letters, and in Latin ones, in which many write their own language.
    pub fn forms(&self) -> [String; 2] {
        [keyword_form(&self.text), keyword_form(&to_gsm(&self.text))]
    }
}

/// What stands behind a keyword.
#[derive(Debug)]
pub struct Argument {
    pub name: String,
    pub takes: ArgumentKind,
    pub optional: bool,
    pub span: Span,
}

#[derive(Debug)]
pub enum ArgumentKind {
    /// Read like an answer to an `ask`, and taken by the menu in this slot.
    Value(Accept, SlotId),
    /// A word for a language, in which the answer comes. The menu does not take it.
    Language,
}

#[derive(Debug)]
pub struct MissedCall {
    /// The number that is called, digits alone, as `bridge.yaml` has it.
    pub number: String,
    pub action: MissedCallAction,
    /// Who calls again within this time gets nothing more.
    pub once_in: Duration,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissedCallAction {
    /// A message that takes nothing, or the short link alone.
    Send { message: MessageId, link: Option<ShortLinkId> },
    /// A menu that asks nothing.
    Run(MenuId),
    /// The menu with which the citizen is called back.
    CallBack(MenuId),
}

/// What every program understands, whatever its keywords are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    Help,
}

/// The words for commands in all languages of a program, as texts are compared with them ([`keyword_form`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandWords(Vec<(Box<str>, Command)>);

impl CommandWords {
    /// Reads the words, with commas between, of every language that writes its own. The same word for two commands is the first
    /// one's: whoever may mean STOP is not asked twice.
    pub(super) fn read<'a>(texts: impl IntoIterator<Item = (Command, &'a Text)>) -> Self {
        let mut all = Self::default();
        for (command, text) in texts {
            for template in
                (0..).zip(&text.languages).filter(|(at, t)| t.language.0 == *at).map(|(_, template)| template)
            {
                for word in template.literal().split([',', '/']).map(keyword_form) {
                    if !word.is_empty() && all.command(&word).is_none() {
                        all.0.push((word.into(), command));
                    }
                }
            }
        }
        all
    }

    /// What a folded word commands.
    pub fn command(&self, word: &str) -> Option<Command> {
        self.0.iter().find(|(known, _)| **known == *word).map(|(_, command)| *command)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, Command)> {
        self.0.iter().map(|(word, command)| (&**word, *command))
    }
}

/// Numbers shorter than this are short codes, which have no prefix that could be left out.
const SHORT_CODE: usize = 8;

/// Whether the digits are one number, with the country or without.
pub(super) fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    let long = one.len().min(other.len()) >= SHORT_CODE;
    one == other || (long && (one.ends_with(other) || other.ends_with(one)))
}

impl Program {
    /// What a missed call to a number means, however the gateway writes the number: with the country or without.
    pub fn missed_call(&self, number: &str) -> Option<&MissedCall> {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        self.missed_calls.iter().find(|call| is_same_number(&call.number, &digits))
    }

    /// The language that a word ([`keyword_form`]) names: its code, its name, or another word for it.
    pub fn language_by_word(&self, word: &str) -> Option<LanguageId> {
        let is_named = |language: &Language| {
            let names = std::iter::once(&language.name).chain(&language.also).chain(std::iter::once(&language.code));
            names.into_iter().any(|name| keyword_form(name) == word || keyword_form(&to_gsm(name)) == word)
        };
        let at = self.languages.iter().position(is_named).filter(|_| !word.is_empty())?;
        Some(LanguageId(u16::try_from(at).ok()?))
    }
}
