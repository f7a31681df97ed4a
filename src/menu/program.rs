//! A program: all menus, checked and compiled. Immutable, shared by every session that began with it. What departments
//! are asked stands in `operation`, what screens do in `verb`, what tables hold in `table`, conditions in `expression`.
//!
//! Every name of the menu files has become a typed index here, every text a list of pieces per language and every
//! condition a small tree, so that the engine neither looks up names nor parses.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::expression::{Path, Root};
use super::ids::{
    DepartmentId, KeywordId, LanguageId, MenuId, MessageId, OperationId, ScreenId, ShortLinkId, SlotId, TableId,
    Version,
};
use super::keyword::{CommandWords, Keyword, MissedCall, MissedCallAction};
use super::lookup::Lookups;
use super::message::Message;
use super::number_words::NumberWords;
use super::operation::{Department, Operation};
use super::own::OWN_DEPARTMENT;
use super::short_link::ShortLink;
use super::system::SystemText;
use super::system_message::SystemMessage;
use super::table::Table;
use super::text::{Text, Word};
use super::value::Type;
use super::verb::Verb;
use crate::phone::ServiceCode;
use crate::source::Span;

#[derive(Debug)]
pub struct Program {
    pub version: Version,
    /// At least one; the first is the language of the menu files.
    pub languages: Vec<Language>,
    pub menus: Vec<Menu>,
    /// The bridge's own is the last, where some menu asks it.
    pub departments: Vec<Department>,
    pub operations: Vec<Operation>,
    pub tables: Vec<Table>,
    /// What is looked up in them, worked out beforehand.
    pub lookups: Lookups,
    /// What is kept with a subscriber, beside the language: `profile.*`.
    pub profile: Vec<ProfileField>,
    /// Where a service code leads. The first one is `home`.
    pub ussd: Vec<Entry>,
    /// What people may text, in the order of the file.
    pub keywords: Vec<Keyword>,
    /// What a missed call to each number asks for.
    pub missed_calls: Vec<MissedCall>,
    /// The links that have short addresses in messages, in the order of the file.
    pub short_links: Vec<ShortLink>,
    /// Links and numbers that may stand in registered messages.
    pub allowed: Allowed,
    /// The menu that `home` means.
    pub home: MenuId,
    pub navigation: Navigation,
    /// What the bridge itself says, one text per [`SystemText`], in that order.
    pub system: Vec<Text>,
    /// What is sent as SMS, sorted by name.
    pub messages: Vec<Message>,
    /// What people may type instead of a number.
    pub number_words: NumberWords,
    /// What people may type to have messages stopped or started, or to be helped.
    pub command_words: CommandWords,
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

    /// The departments that are asked, which is all but the bridge's own.
    pub fn called_departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(|department| department.name != OWN_DEPARTMENT)
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
    pub fn word(&self, word: Word, language: LanguageId) -> Cow<'_, str> {
        let text = |text: SystemText| {
            let template = self.system.get(text as usize)?.languages.get(language.index())?;
            Some(template.literal())
        };
        let found = match word {
            Word::Yes => text(SystemText::Yes),
            Word::No => text(SystemText::No),
            Word::Language(id) => self.languages.get(id.index()).map(|language| Cow::Borrowed(language.name.as_str())),
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

    pub fn keyword(&self, id: KeywordId) -> &Keyword {
        &self.keywords[id.index()]
    }

    pub fn message(&self, id: MessageId) -> &Message {
        &self.messages[id.index()]
    }

    pub fn short_link(&self, id: ShortLinkId) -> &ShortLink {
        &self.short_links[id.index()]
    }

    pub fn short_link_by_name(&self, name: &str) -> Option<&ShortLink> {
        self.short_links.iter().find(|link| link.name == name)
    }

    pub fn message_by_name(&self, name: &str) -> Option<MessageId> {
        let at = self.messages.binary_search_by(|message| message.name.as_str().cmp(name)).ok()?;
        Some(MessageId(u16::try_from(at).ok()?))
    }

    /// One of the bridge's own messages; `None` where the files do not write it, which `check` lets through only where the
    /// program does not use it.
    pub fn system_message(&self, message: SystemMessage) -> Option<MessageId> {
        self.message_by_name(message.name())
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

    /// Whether a path leads into what a call answered that was given a secret.
    pub fn is_guarded(&self, menu: MenuId, path: &Path) -> bool {
        let Root::Slot(slot) = path.root else { return false };
        self.menu(menu).slots.get(slot.index()).is_some_and(|slot| slot.guarded)
    }

    /// The menus with which a dialogue may begin, the home menu first. One may come more than once.
    pub fn entered(&self) -> impl Iterator<Item = MenuId> {
        let called = self.missed_calls.iter().filter_map(|call| match call.action {
            MissedCallAction::Run(menu) | MissedCallAction::CallBack(menu) => Some(menu),
            MissedCallAction::Send { .. } => None,
        });
        let dialled = self.ussd.iter().map(|entry| entry.menu);
        std::iter::once(self.home).chain(dialled).chain(self.keywords.iter().map(|keyword| keyword.run)).chain(called)
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
    /// May hold what a call answered that was given a secret, or a copy of a part of it.
    pub guarded: bool,
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
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Screen {
    pub name: String,
    pub verb: Verb,
    /// A dropped session surely resumes here.
    pub save: bool,
    /// Shows a field that its department marks `personal`.
    pub personal: bool,
    /// Shows what a call answered that was given a secret.
    pub guarded: bool,
    /// Reached only by who was verified in this call.
    pub verified: bool,
    pub span: Span,
}

impl Slot {
    /// Whether it may hold what a dropped session does not show again to whoever holds the phone then.
    pub fn may_be_private(&self) -> bool {
        self.personal || self.guarded || self.ty.holds_personal()
    }
}

impl Screen {
    /// Whether it shows such a thing.
    pub fn is_private(&self) -> bool {
        self.personal || self.guarded
    }
}

/// What may stand in registered messages (DLT) that leads elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    pub links: Vec<String>,
    pub numbers: Vec<String>,
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
