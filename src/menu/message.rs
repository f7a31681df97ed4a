//! Messages: what the bridge sends as SMS, with what the registries for Indian senders (DLT) know of each text.
//!
//! A message's texts are registered beforehand, with typed holes. [`Message::written`] fills them so that nothing else can
//! come out: a value that does not fit its hole is cut.

use std::sync::Arc;
use std::time::Duration;

use unicode_segmentation::UnicodeSegmentation;

use super::expression::Root;
use super::ids::LanguageId;
use super::program::Program;
use super::text::{Filter, Piece, Text, write};
use super::value::{Letters, Scalar, Type, Value};
use crate::source::Span;
use crate::text::to_gsm;
use crate::types::{MessageKind, Priority, Repeat};

#[derive(Debug)]
pub struct Message {
    /// `epfo.claim_sms`
    pub name: String,
    /// The sender that the phone shows: `EPFOHO`.
    pub header: String,
    /// Where it stands: perhaps at the top of the file, for all messages in it.
    pub header_span: Span,
    pub kind: MessageKind,
    pub repeat: Repeat,
    pub priority: Priority,
    /// Later than this after it was queued it is not sent any more.
    pub lives: Duration,
    /// The registered sender's id. A message without it is under no registry: nothing of DLT is proved of it.
    pub entity: Option<String>,
    pub entity_span: Option<Span>,
    pub takes: Vec<Variable>,
    /// The values are paths whose root is `Root::Slot(SlotId(i))`, `i` being the place in `takes`.
    pub text: Text,
    /// By [`LanguageId`], falling back as `text` does.
    pub registered: Vec<Arc<RegisteredText>>,
    pub span: Span,
}

/// A value that a message takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub tag: Tag,
    /// The most characters that are written of it.
    pub max: u16,
    /// Whether it keeps to GSM 7-bit characters; any other is written in them.
    pub letters: Letters,
    pub span: Option<Span>,
}

/// What the registry lets a variable hold (TRAI's direction of 18 November 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Numeric,
    Alphanumeric,
    Url,
    /// A link that opens an application.
    Urlott,
    /// A number to call back.
    Cbn,
    Email,
}

impl Tag {
    pub const ALL: [Self; 6] = [Self::Numeric, Self::Alphanumeric, Self::Url, Self::Urlott, Self::Cbn, Self::Email];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Alphanumeric => "alphanumeric",
            Self::Url => "url",
            Self::Urlott => "urlott",
            Self::Cbn => "cbn",
            Self::Email => "email",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.name() == name)
    }
}

/// A text as the registry has it.
#[derive(Debug)]
pub struct RegisteredText {
    /// The registered text's id.
    pub template: Option<String>,
    pub pieces: Vec<RegisteredPiece>,
    /// Whether somebody wrote it down, or it follows from the text.
    pub given: bool,
    /// The language it is really written in.
    pub language: LanguageId,
    pub span: Span,
    /// Where its id stands.
    pub template_span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisteredPiece {
    Text(Box<str>),
    /// `{#numeric#}`; `None` for the `{#var#}` of before, which has no type.
    Variable(Option<Tag>),
}

impl RegisteredText {
    /// As it is written in a sheet for the registry: `Your PF claim for Rs {#numeric#} is {#alphanumeric#}.`
    pub fn written(&self) -> String {
        let piece = |piece: &RegisteredPiece| match piece {
            RegisteredPiece::Text(text) => text.to_string(),
            RegisteredPiece::Variable(tag) => format!("{{#{}#}}", tag.map_or("var", Tag::name)),
        };
        self.pieces.iter().map(piece).collect()
    }
}

/// What stands for a value that is not set: no hole may be empty.
const NOTHING: &str = "-";

impl Variable {
    /// Its type, as a text sees it.
    pub fn ty(&self) -> Type {
        Type::Text { max: self.max, letters: self.letters }
    }

    /// Whether every value of a type can be written into it as it is, without being cut.
    pub fn takes(&self, ty: &Type) -> bool {
        let fits = |length: usize| length <= usize::from(self.max);
        match (self.tag, ty) {
            (Tag::Numeric, Type::Text { max, letters: Letters::Digits }) => fits(usize::from(*max)),
            (Tag::Numeric | Tag::Alphanumeric, Type::Number { min, max }) => {
                [min, max].into_iter().all(|bound| fits(bound.to_string().len()))
            }
            (Tag::Numeric, Type::Amount { max }) => fits(plain_amount(-max.abs()).len()),
            (Tag::Alphanumeric, Type::Amount { max }) => fits(crate::text::amount(-max.abs()).chars().count()),
            (Tag::Alphanumeric, Type::Date) => fits("05-11-2026".len()),
            // A short word of the program.
            (Tag::Alphanumeric, Type::YesNo) => true,
            (Tag::Numeric, _) => false,
            (_, Type::Text { max, letters }) => {
                fits(usize::from(*max)) && (self.letters == Letters::Any || *letters != Letters::Any)
            }
            _ => false,
        }
    }

    /// Which values it takes, in words, with their article.
    pub fn described(&self) -> String {
        let Self { max, .. } = self;
        match (self.tag, self.letters) {
            (Tag::Numeric, _) => format!("a number, an amount or digits, of at most {max} characters"),
            (Tag::Alphanumeric, Letters::Any) => format!("a value of at most {max} letters"),
            (Tag::Alphanumeric, _) => format!("a value of at most {max} Latin letters"),
            (tag, _) => format!("a text of at most {max} Latin letters (`{}`)", tag.name()),
        }
    }

    /// A value as it stands in a message: one line, without what the registries refuse, no longer than it may be.
    fn written(&self, value: Option<&Value>, program: &Program, language: LanguageId) -> String {
        let mut text = String::new();
        match value.and_then(Value::scalar) {
            None => {}
            Some(Scalar::Amount(paise)) if self.tag == Tag::Numeric => text = plain_amount(paise),
            Some(scalar) => write(scalar, Filter::None, |word| program.word(word, language), &mut text),
        }
        // A word of the program is in the language of the text around it.
        let is_word = matches!(value, Some(Value::YesNo(_)));
        if self.letters != Letters::Any && !is_word {
            text = to_gsm(&text);
        }
        let text = text.replace(['<', '>'], " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        cut(&text, usize::from(self.max))
    }
}

/// The beginning of a text, of at most so many characters, on whole graphemes; never empty.
fn cut(text: &str, max: usize) -> String {
    let mut kept = String::new();
    let mut length = 0;
    for grapheme in text.graphemes(true) {
        length += grapheme.chars().count();
        if length > max {
            break;
        }
        kept.push_str(grapheme);
    }
    let kept = kept.trim_end();
    if kept.is_empty() { NOTHING.to_owned() } else { kept.to_owned() }
}

/// `45000.00`: the registries' numbers have no commas.
fn plain_amount(paise: i64) -> String {
    let sign = if paise < 0 { "-" } else { "" };
    let paise = paise.unsigned_abs();
    format!("{sign}{}.{:02}", paise / 100, paise % 100)
}

/// A message that is ready to go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// The registered text's id.
    pub template: Option<String>,
    /// The language that it is really written in.
    pub language: LanguageId,
}

impl Message {
    /// The message in a language, with values in the order of what it takes.
    pub fn written(&self, program: &Program, language: LanguageId, values: &[Option<Value>]) -> Written {
        let template = self.text.of(language);
        let mut text = String::new();
        for piece in &template.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Slot(path, filter) => {
                    let Root::Slot(slot) = path.root else { continue };
                    let Some(variable) = self.takes.get(slot.index()) else { continue };
                    let value = values.get(slot.index()).and_then(Option::as_ref);
                    let value = variable.written(value, program, template.language);
                    write(Scalar::Text(&value), *filter, |word| program.word(word, template.language), &mut text);
                }
            }
        }
        let registered = self.registered.get(language.index()).and_then(|registered| registered.template.clone());
        Written { text, template: registered, language: template.language }
    }
}
