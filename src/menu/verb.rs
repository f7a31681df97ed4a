//! What a screen does: its verb, with all that stands beside it in the menu file.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::expression::{Condition, Operand, Path};
use super::ids::{MenuId, MessageId, OperationId, ProfileId, ScreenId, SlotId, TableId};
use super::text::Text;
use super::value::Letters;
use crate::source::Span;

#[derive(Debug)]
pub enum Verb {
    Choose(Choose),
    Ask(Ask),
    Show(Show),
    End(Text),
    Call(Call),
    Send(Send),
    Verify(Verify),
    Branch(Vec<Arm>),
    Set(Set),
    Run(Run),
}

impl Verb {
    /// Whether a person is asked, or shown something, before the dialogue goes on. (A `verify` asks nobody who has been verified, and an
    /// empty list with `none` is not shown.)
    pub fn has_a_person(&self) -> bool {
        matches!(self, Self::Choose(_) | Self::Ask(_) | Self::Show(_) | Self::End(_) | Self::Verify(_))
    }

    /// The options; none where it has a list or asks for a value.
    pub fn options(&self) -> &[ChoiceOption] {
        match self {
            Self::Choose(choose) => match &choose.among {
                Among::Options(options) => options,
                Among::List { .. } => &[],
            },
            Self::Show(show) => &show.options,
            _ => &[],
        }
    }

    /// The rows, numbered in a `choose`, plain in a `show`.
    pub fn rows(&self) -> Option<&Rows> {
        match self {
            Self::Choose(choose) => match &choose.among {
                Among::Options(_) => None,
                Among::List { list, .. } => Some(list),
            },
            Self::Show(show) => show.rows.as_ref(),
            _ => None,
        }
    }

    /// Everywhere that the screen may lead to, in the order of the file. Of a `run` that is what stands behind it.
    pub fn targets(&self) -> Vec<Target> {
        let none = self.rows().and_then(|rows| rows.none);
        let chosen = self.options().iter().map(|option| option.go);
        match self {
            Self::Choose(Choose { among: Among::List { next, .. }, .. }) => {
                std::iter::once(*next).chain(none).collect()
            }
            Self::Choose(_) => chosen.collect(),
            Self::Show(show) => chosen.chain(show.next).chain(none).collect(),
            Self::Ask(ask) => std::iter::once(ask.next).chain(ask.on_wrong).collect(),
            Self::End(_) => Vec::new(),
            Self::Call(call) => std::iter::once(call.next).chain(call.fails.iter().map(|(_, go)| *go)).collect(),
            Self::Send(send) => vec![send.next],
            Self::Verify(verify) => vec![verify.next, verify.wrong, verify.expired, verify.unsent],
            Self::Branch(arms) => arms.iter().map(|arm| arm.go).collect(),
            Self::Set(set) => vec![set.next],
            Self::Run(run) => vec![run.next],
        }
    }

    /// The texts that it may show, in the order in which they stand on the screen.
    pub fn texts(&self) -> Vec<&Text> {
        let first = match self {
            Self::Choose(choose) => &choose.text,
            Self::Ask(ask) => return std::iter::once(&ask.text).chain(&ask.wrong).collect(),
            Self::Show(show) => &show.text,
            Self::End(text) => text,
            Self::Verify(verify) => return verify.prompt.iter().collect(),
            Self::Call(_) | Self::Send(_) | Self::Branch(_) | Self::Set(_) | Self::Run(_) => return Vec::new(),
        };
        let rows = self.rows().map(|rows| &rows.row);
        std::iter::once(first).chain(rows).chain(self.options().iter().map(|option| &option.label)).collect()
    }
}

#[derive(Debug)]
pub struct Choose {
    pub text: Text,
    pub among: Among,
    /// Options: gets the chosen option's id. A list: the row goes to the list's own slot; this is `None`.
    pub into: Option<SlotId>,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one for each screen of a program, made once")]
pub enum Among {
    Options(Vec<ChoiceOption>),
    List {
        list: Rows,
        next: Target,
        /// The texts of the row whose first letters narrow the list; none where letters are not searched for.
        find: Vec<Path>,
        /// As [`ChoiceOption::changes`], for every row.
        changes: bool,
    },
}

/// One option of a screen. Its number is its place in the list, from 1; a hidden option leaves a hole.
#[derive(Debug)]
pub struct ChoiceOption {
    pub id: String,
    pub label: Text,
    pub go: Target,
    /// A number of its own (`key: 90`), instead of its place.
    pub key: Option<u16>,
    pub when: Option<Condition>,
    /// Leads to a call that changes something before another person-facing screen, be it in the menu that runs this one: no
    /// slip of the finger is forgiven, and no dial path goes there.
    pub changes: bool,
    pub span: Span,
}

/// Rows that come from an answer, a table or the languages.
#[derive(Debug)]
pub struct Rows {
    pub source: RowSource,
    /// The slot that holds the row while `row`, `only` and `find` are evaluated, and the chosen one afterwards.
    pub each: SlotId,
    pub row: Text,
    pub only: Option<Condition>,
    /// Where an empty list goes.
    pub none: Option<Target>,
    pub span: Span,
}

#[derive(Debug)]
pub enum RowSource {
    /// A slot, or a field in it, of type list.
    Answer(Path),
    Table(TableId),
    /// The languages of the program.
    Languages,
}

#[derive(Debug)]
pub struct Ask {
    pub text: Text,
    pub into: SlotId,
    pub accept: Accept,
    /// What was expected, said after a wrong answer.
    pub wrong: Option<Text>,
    /// After so many wrong answers the screen goes where `fails: {wrong: …}` says.
    pub tries: Option<u8>,
    pub on_wrong: Option<Target>,
    pub next: Target,
    /// `next` reaches a call that changes something before another person-facing screen.
    pub changes: bool,
}

/// What an `ask` takes. All readings accept Devanagari and other native digits where digits are.
#[derive(Clone, Debug)]
pub enum Accept {
    Digits {
        min: u16,
        max: u16,
    },
    Number {
        min: i64,
        max: i64,
    },
    /// In paise; typed in rupees with at most two decimals.
    Amount {
        min: i64,
        max: i64,
    },
    Text {
        max: u16,
    },
    Date,
    Phone,
    Pattern {
        pattern: regex::Regex,
        /// The most letters, by the pattern itself or as `text` beside it says.
        max: u16,
        /// The letters of all that it matches.
        letters: Letters,
    },
    /// Values, compared without case; the slot gets the value as it is written in the menu.
    OneOf(Vec<String>),
    YesNo,
}

#[derive(Debug)]
pub struct Show {
    pub text: Text,
    pub rows: Option<Rows>,
    pub options: Vec<ChoiceOption>,
    /// Where any answer leads when there are no options.
    pub next: Option<Target>,
}

#[derive(Debug)]
pub struct Call {
    pub operation: OperationId,
    /// One for each of [`Operation::takes`], in that order. In the place of `intent` stands an empty text, which the request
    /// fills with the id of the intent.
    pub give: Vec<Operand>,
    pub into: Option<SlotId>,
    pub within: Option<Duration>,
    pub next: Target,
    pub fails: Vec<(FailureName, Target)>,
    /// What tells the answer when it comes later.
    pub late: Option<Late>,
}

/// The messages by which the answer of a call is told that came too late for the phone.
#[derive(Debug)]
pub struct Late {
    /// Its values may be those of the answer, under the name that the call fills.
    pub answer: SendOf,
    pub failed: SendOf,
}

/// A message with its values.
#[derive(Debug)]
pub struct SendOf {
    pub message: MessageId,
    /// One for each of [`Message::takes`](super::Message::takes), in that order.
    pub give: Vec<Operand>,
}

#[derive(Debug)]
pub struct Send {
    pub what: SendOf,
    /// The number that it goes to, where that is not the one that is calling.
    pub to: Option<Operand>,
    pub next: Target,
}

/// How a call can fail, as `fails` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureName {
    /// The department cannot be reached, or answers nonsense.
    Down,
    /// The department said no.
    Refused,
    /// No answer within the time that the phone allows.
    Late,
    /// Whether it was done is not known: only for an operation that changes something.
    Unknown,
    /// One of the operation's own `errors`.
    Named(String),
}

/// Asks for a one-time password, which the bridge sends to the number that is calling. Who has typed it right is not asked again while
/// the call lasts.
#[derive(Debug)]
pub struct Verify {
    /// What is asked, in the place of the bridge's own words.
    pub prompt: Option<Text>,
    /// So many wrong ones, of all that were sent, lock the number.
    pub tries: u8,
    /// For so long.
    pub lock: Duration,
    pub next: Target,
    /// The last try was wrong, or the number is still locked.
    pub wrong: Target,
    /// What was typed came too late.
    pub expired: Target,
    /// None can be sent: too many were sent to this number, or there is no way out.
    pub unsent: Target,
}

impl Verify {
    /// Digits of a one-time password.
    pub const DIGITS: u16 = 6;
    /// Wrong ones, where the menu does not say.
    pub const TRIES: u8 = 3;
    /// How long a number is locked, where the menu does not say.
    pub const LOCK: Duration = Duration::from_hours(24);
}

#[derive(Debug)]
pub struct Arm {
    /// `None` is "otherwise", always last.
    pub when: Option<Condition>,
    pub go: Target,
}

#[derive(Debug)]
pub struct Set {
    pub assign: Vec<(Place, Operand)>,
    pub next: Target,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Slot(SlotId),
    Profile(ProfileId),
    Language,
}

#[derive(Debug)]
pub struct Run {
    pub menu: MenuId,
    /// One for each slot the menu takes.
    pub give: Vec<Operand>,
    /// Gets a record of what the menu gives.
    pub into: Option<SlotId>,
    pub next: Target,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A screen of the same menu.
    Screen(ScreenId),
    /// A jump to another menu's start; nothing returns.
    Menu(MenuId),
    Home,
    Back,
    /// To the menu that ran this one.
    Return,
    /// The bridge's own "the service is not working" ending, where a failure has no screen of its own.
    Sorry,
}
