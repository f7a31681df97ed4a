//! A program: all menus, checked and compiled. Immutable, shared by every session that began with it. What departments
//! are asked stands in `operation`, what tables hold in `table`, conditions in `expression`.
//!
//! Every name of the menu files has become a typed index here, every text a list of pieces per language and every
//! condition a small tree, so that the engine neither looks up names nor parses.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::expression::{Condition, Operand, Path, Root};
use super::ids::{DepartmentId, LanguageId, MenuId, OperationId, ProfileId, ScreenId, SlotId, TableId, Version};
use super::operation::{Department, Operation};
use super::system::SystemText;
use super::table::Table;
use super::text::{Text, Word};
use super::value::Type;
use crate::phone::ServiceCode;
use crate::source::Span;

#[derive(Debug)]
pub struct Program {
    pub version: Version,
    /// At least one; the first is the language of the menu files.
    pub languages: Vec<Language>,
    pub menus: Vec<Menu>,
    pub departments: Vec<Department>,
    pub operations: Vec<Operation>,
    pub tables: Vec<Table>,
    /// What is kept with a subscriber, beside the language: `profile.*`.
    pub profile: Vec<ProfileField>,
    /// Where a service code leads. The first one is `home`.
    pub ussd: Vec<Entry>,
    /// The menu that `home` means.
    pub home: MenuId,
    pub navigation: Navigation,
    /// What the bridge itself says, one text per [`SystemText`], in that order.
    pub system: Vec<Text>,
}

impl Program {
    pub fn menu(&self, id: MenuId) -> &Menu {
        &self.menus[id.index()]
    }

    pub fn screen(&self, at: Position) -> &Screen {
        &self.menus[at.menu.index()].screens[at.screen.index()]
    }

    pub fn operation(&self, id: OperationId) -> &Operation {
        &self.operations[id.index()]
    }

    pub fn department(&self, id: DepartmentId) -> &Department {
        &self.departments[id.index()]
    }

    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.index()]
    }

    pub fn language(&self, id: LanguageId) -> &Language {
        &self.languages[id.index()]
    }

    pub fn system(&self, text: SystemText) -> &Text {
        &self.system[text as usize]
    }

    /// A word of the program's own in a language, as values need it.
    pub fn word(&self, word: Word, language: LanguageId) -> String {
        let text = |text: SystemText| {
            let template = self.system.get(text as usize)?.languages.get(language.index())?;
            Some(template.literal())
        };
        let found = match word {
            Word::Yes => text(SystemText::Yes),
            Word::No => text(SystemText::No),
            Word::Language(id) => self.languages.get(id.index()).map(|language| language.name.clone()),
        };
        found.unwrap_or_default()
    }

    /// The language whose code is `code`, whatever the case.
    pub fn language_by_code(&self, code: &str) -> Option<LanguageId> {
        let at = self.languages.iter().position(|l| l.code.eq_ignore_ascii_case(code))?;
        Some(LanguageId(u16::try_from(at).ok()?))
    }

    pub fn menu_by_name(&self, name: &str) -> Option<MenuId> {
        let at = self.menus.iter().position(|m| m.name == name)?;
        Some(MenuId(u16::try_from(at).ok()?))
    }

    /// Whether a path leads to a value that may only be shown to the person it is about: its slot holds one, or a field on
    /// the way is one.
    pub fn is_personal(&self, menu: MenuId, path: &Path) -> bool {
        let mut ty = match path.root {
            Root::Slot(slot) => {
                let Some(slot) = self.menu(menu).slots.get(slot.index()) else { return false };
                if slot.personal {
                    return true;
                }
                &slot.ty
            }
            Root::Profile(field) => return self.profile.get(field.index()).is_some_and(|field| field.personal),
            _ => return false,
        };
        for &at in &path.fields {
            let Type::Record(fields) = ty else { return false };
            let Some(field) = fields.get(usize::from(at)) else { return false };
            if field.personal {
                return true;
            }
            ty = &field.ty;
        }
        false
    }

    /// What a service code leads to; `None` when no entry names it.
    pub fn entry(&self, code: &ServiceCode) -> Option<&Entry> {
        self.ussd.iter().find(|entry| entry.code == *code)
    }

    /// All service codes, in the order of the file.
    pub fn codes(&self) -> Vec<ServiceCode> {
        self.ussd.iter().map(|entry| entry.code.clone()).collect()
    }

    /// The language in which callers of a telecom circle are guessed to be at home.
    pub fn language_by_circle(&self, circle: &str) -> Option<LanguageId> {
        let speaks = |language: &Language| language.circles.iter().any(|known| known.eq_ignore_ascii_case(circle));
        let at = self.languages.iter().position(speaks)?;
        Some(LanguageId(u16::try_from(at).ok()?))
    }
}

/// A service code and where it leads.
#[derive(Debug)]
pub struct Entry {
    pub code: ServiceCode,
    pub menu: MenuId,
    /// The language in which a stranger who dials it is met; some codes are there for one language.
    pub language: Option<LanguageId>,
}

#[derive(Debug)]
pub struct Language {
    /// BCP 47: `en`, `hi`, `hi-Latn`.
    pub code: String,
    /// In its own words: `हिन्दी`.
    pub name: String,
    /// Other words that mean it: `HIN`.
    pub also: Vec<String>,
    /// Telecom circles in which callers are guessed to speak it: `RJ`.
    pub circles: Vec<String>,
    /// What a phone or gateway without UCS-2 gets instead: itself when its texts are GSM-7, else its romanised form,
    /// else the first language.
    pub plain: LanguageId,
}

#[derive(Debug)]
pub struct Menu {
    /// `epfo.balance`
    pub name: String,
    pub title: Option<Text>,
    /// Names that hold values while the menu runs. Those of `takes` come first, in their order.
    pub slots: Vec<Slot>,
    /// How many of `slots` the caller of this menu fills.
    pub takes: u16,
    /// The slots whose values the menu gives back, in the order of the record that `run … into` gets.
    pub gives: Vec<SlotId>,
    pub start: ScreenId,
    pub screens: Vec<Screen>,
    pub span: Span,
}

#[derive(Debug)]
pub struct Slot {
    pub name: String,
    pub ty: Type,
    /// Dies when the next screen has been chosen; may only be given to a call.
    pub secret: bool,
    /// May hold a copy of a value that its department marks `personal`.
    pub personal: bool,
    /// Where it is first filled.
    pub span: Span,
}

#[derive(Debug)]
pub struct ProfileField {
    pub name: String,
    pub ty: Type,
    /// Some menu keeps a value here that its department marks `personal`.
    pub personal: bool,
}

/// A screen of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub menu: MenuId,
    pub screen: ScreenId,
}

#[derive(Debug)]
pub struct Screen {
    pub name: String,
    pub verb: Verb,
    /// A dropped session surely resumes here.
    pub save: bool,
    /// Shows a field that its department marks `personal`.
    pub personal: bool,
    pub span: Span,
}

#[derive(Debug)]
pub enum Verb {
    Choose(Choose),
    Ask(Ask),
    Show(Show),
    End(Text),
    Call(Call),
    Branch(Vec<Arm>),
    Set(Set),
    Run(Run),
}

impl Verb {
    /// Whether a person is asked, or shown something, before the dialogue goes on.
    pub fn has_a_person(&self) -> bool {
        matches!(self, Self::Choose(_) | Self::Ask(_) | Self::Show(_) | Self::End(_))
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

    /// The texts that it may show, in the order in which they stand on the screen.
    pub fn texts(&self) -> Vec<&Text> {
        let first = match self {
            Self::Choose(choose) => &choose.text,
            Self::Ask(ask) => return std::iter::once(&ask.text).chain(&ask.wrong).collect(),
            Self::Show(show) => &show.text,
            Self::End(text) => text,
            Self::Call(_) | Self::Branch(_) | Self::Set(_) | Self::Run(_) => return Vec::new(),
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
        find: Option<Path>,
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
        max: u16,
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

/// Keys that menus do not write. Shown only where they work.
#[derive(Debug)]
pub struct Navigation {
    pub ussd: Keys,
}

#[derive(Clone, Debug)]
pub struct Keys {
    pub back: String,
    pub home: String,
    pub more: String,
}
