//! Everything that a menu may name, before any menu is resolved.

use std::collections::BTreeMap;

use super::messages::{self, MessageHead};
use super::operations;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::csv;
use crate::menu::files::Sources;
use crate::menu::ids::{LanguageId, MenuId, MessageId, OperationId, ProfileId, TableId};
use crate::menu::message::Variable;
use crate::menu::operation::{Department, Operation};
use crate::menu::program::{Language, ProfileField};
use crate::menu::suggest;
use crate::menu::syntax::{Bridge, Declared, MenuTree, Translation};
use crate::menu::table::Table;
use crate::menu::types;
use crate::menu::value::Type;
use crate::source::{Diagnostic, Span, Spanned};

/// A name that exists; `None` when something is wrong with what it names, which has been reported where that stands.
pub(super) type Known<T> = Option<T>;

#[derive(Debug)]
pub(super) struct World<'a> {
    pub languages: Vec<Language>,
    pub departments: Vec<Department>,
    pub operations: Vec<Operation>,
    pub tables: Vec<Table>,
    pub profile: Vec<ProfileField>,
    /// Sorted by name; a menu's place is its id.
    pub menus: Vec<MenuHead<'a>>,
    /// Sorted by name; a message's place is its id.
    pub messages: Vec<MessageHead<'a>>,
    pub operation_names: BTreeMap<String, Known<OperationId>>,
    table_names: BTreeMap<String, Known<TableId>>,
    profile_names: BTreeMap<String, Known<ProfileId>>,
    /// Some file could not be read: what is not known here may stand there.
    partial: bool,
}

/// What other menus must know of a menu.
#[derive(Debug)]
pub(super) struct MenuHead<'a> {
    pub tree: &'a MenuTree,
    pub takes: Vec<(&'a Spanned<String>, Known<Type>)>,
    pub gives: Vec<(&'a Spanned<String>, Known<Type>)>,
}

/// Menus, operations, tables: far fewer than ids can count.
const MOST: usize = 10_000;

/// An index as programs keep it. What has more than an index can count has been refused, with a finding.
pub(super) fn index(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

impl<'a> World<'a> {
    pub(super) fn new(sources: &'a Sources, bridge: &Bridge, cx: &mut Context<'_>) -> Self {
        let languages = bridge.languages.iter().map(|entry| Language {
            code: entry.code.value.clone(),
            name: entry.name.clone(),
            also: entry.also.clone(),
            circles: entry.circles.clone(),
            plain: LanguageId(0),
        });
        let mut world = Self {
            languages: languages.collect(),
            departments: Vec::new(),
            operations: Vec::new(),
            tables: Vec::new(),
            profile: Vec::new(),
            menus: Vec::new(),
            messages: messages::heads(sources, cx),
            operation_names: BTreeMap::new(),
            table_names: BTreeMap::new(),
            profile_names: BTreeMap::new(),
            partial: !sources.whole,
        };
        world.read_tables(sources, cx);
        operations::collect(&mut world, sources, cx);
        for field in &bridge.profile {
            let ty = world.declared(field, cx);
            let ty = ty.filter(|ty| {
                let row = matches!(ty, Type::Row(_));
                if row {
                    let message = "a row of a table cannot be kept: another version of the table has other rows";
                    cx.error(codes::BAD_TYPE, field.name.span, message, "keep the row's code, as text");
                }
                !row
            });
            let id = ty.map(|ty| {
                world.profile.push(ProfileField { name: field.name.value.clone(), ty, personal: false });
                ProfileId(index(world.profile.len() - 1))
            });
            world.profile_names.insert(field.name.value.clone(), id);
        }
        world.read_heads(sources, cx);
        world.limits(bridge, cx);
        world
    }

    /// Reports more of anything than its ids can count.
    fn limits(&self, bridge: &Bridge, cx: &mut Context<'_>) {
        let Some(place) = bridge.languages.first().map(|first| first.code.span) else { return };
        for (count, what) in [
            (self.menus.len(), "menus"),
            (self.messages.len(), "messages"),
            (self.operations.len(), "operations"),
            (self.tables.len(), "tables"),
            (self.profile.len(), "values in the profile"),
        ] {
            if count > MOST {
                let message = format!("the folder has {count} {what}, more than {MOST}");
                cx.error(codes::TOO_MANY, place, message, "serve them from several bridges");
            }
        }
    }

    fn read_tables(&mut self, sources: &Sources, cx: &mut Context<'_>) {
        for (name, file) in &sources.tables {
            let id = csv::table(name.clone(), *file, &self.languages, cx).map(|table| {
                self.tables.push(table);
                TableId(index(self.tables.len() - 1))
            });
            self.table_names.insert(name.clone(), id);
        }
    }

    fn read_heads(&mut self, sources: &'a Sources, cx: &mut Context<'_>) {
        let mut trees: Vec<&MenuTree> = sources.menus.iter().collect();
        trees.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        for tree in trees {
            if let Some(first) = self.menus.last().filter(|last| last.tree.name.value == tree.name.value) {
                let message = format!("there are two menus `{}`", tree.name.value);
                cx.push(
                    Diagnostic::error(codes::TWICE, tree.name.span, message, "rename one of them")
                        .also(first.tree.name.span, "the other one"),
                );
                continue;
            }
            let all = |list: &'a [Declared], cx: &mut Context<'_>| {
                list.iter().map(|declared| (&declared.name, self.declared(declared, cx))).collect()
            };
            let head = MenuHead { tree, takes: all(&tree.takes, cx), gives: all(&tree.gives, cx) };
            self.menus.push(head);
        }
    }

    fn declared(&self, declared: &Declared, cx: &mut Context<'_>) -> Known<Type> {
        types::phrase(declared.ty.as_ref()?, &self.table_names, cx)
    }

    pub(super) fn table(&self, name: &str) -> Option<Known<TableId>> {
        self.table_names.get(name).copied()
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.table_names.keys().map(String::as_str)
    }

    pub(super) fn profile(&self, name: &str) -> Option<Known<ProfileId>> {
        self.profile_names.get(name).copied()
    }

    pub(super) fn profile_names(&self) -> impl Iterator<Item = &str> {
        self.profile_names.keys().map(String::as_str)
    }

    /// The language of a code, or a finding.
    pub(super) fn language(&self, code: &str, span: Span, cx: &mut Context<'_>) -> Option<LanguageId> {
        let at = self.languages.iter().position(|language| language.code == code);
        if at.is_none() {
            let known = self.languages.iter().map(|language| language.code.as_str());
            let remedy = suggest::remedy(code, known, "add it to `languages:` in bridge.yaml");
            cx.error(codes::UNKNOWN_LANGUAGE, span, format!("`bridge.yaml` declares no language `{code}`"), remedy);
        }
        at.map(|at| LanguageId(index(at)))
    }

    pub(super) fn find_menu(&self, name: &str) -> Option<MenuId> {
        self.menus.binary_search_by(|head| head.tree.name.value.as_str().cmp(name)).ok().map(|at| MenuId(index(at)))
    }

    /// The menu of a name, or a finding.
    pub(super) fn menu(&self, name: &Spanned<String>, cx: &mut Context<'_>) -> Option<MenuId> {
        let found = self.find_menu(&name.value);
        if found.is_none() && !self.partial {
            let known = self.menus.iter().map(|head| head.tree.name.value.as_str());
            let remedy = suggest::remedy(&name.value, known, "add a file that begins with this name");
            cx.error(codes::UNKNOWN_MENU, name.span, format!("there is no menu `{}`", name.value), remedy);
        }
        found
    }

    /// The message of a name, or a finding.
    pub(super) fn message(&self, name: &Spanned<String>, cx: &mut Context<'_>) -> Option<MessageId> {
        let found = self.messages.binary_search_by(|head| head.tree.name.value.as_str().cmp(&name.value)).ok();
        if found.is_none() && !self.partial {
            let known = self.messages.iter().map(|head| head.tree.name.value.as_str());
            let remedy = suggest::remedy(&name.value, known, "add it to a file in the folder `messages`");
            cx.error(codes::UNKNOWN_MESSAGE, name.span, format!("there is no message `{}`", name.value), remedy);
        }
        found.map(|at| MessageId(index(at)))
    }

    /// What a message takes; `None` where a finding has been made about it.
    pub(super) fn taken_by(&self, message: MessageId) -> Option<&[Variable]> {
        self.messages.get(message.index())?.takes.as_deref()
    }

    /// Whether what is not known here may be in a file that could not be read.
    pub(super) fn is_partial(&self) -> bool {
        self.partial
    }

    /// Reports a menu that is entered without the values that it takes.
    pub(super) fn enters(&self, menu: MenuId, place: &Spanned<String>, cx: &mut Context<'_>) {
        let Some(head) = self.menus.get(menu.index()) else { return };
        if let Some((first, _)) = head.takes.first() {
            let message = format!("the menu `{}` takes `{}`, and gets nothing here", place.value, first.value);
            let finding = Diagnostic::error(codes::MENU_TAKES, place.span, message, "use `run` with `give`");
            cx.push(finding.also(first.span, "taken here"));
        }
    }

    /// The translations of a menu, or of the system's texts, by index of their language.
    pub(super) fn translations(
        &self,
        sources: &'a Sources,
        menu: Option<&str>,
        cx: &mut Context<'_>,
    ) -> Vec<Option<&'a Translation>> {
        let mut all: Vec<Option<&Translation>> = vec![None; self.languages.len()];
        for (_, translation) in &sources.translations {
            if translation.menu.as_ref().map(|name| name.value.as_str()) != menu {
                continue;
            }
            let code = &translation.language;
            let Some(language) = self.language(&code.value, code.span, cx) else { continue };
            let Some(place) = all.get_mut(language.index()) else { continue };
            if language.index() == 0 {
                let message = format!("`{}` is the language of the menus themselves", code.value);
                cx.error(codes::NOTHING_TO_TRANSLATE, code.span, message, "delete the file");
            } else if let Some(first) = place {
                let message = format!("two files translate the same into `{}`", code.value);
                let finding = Diagnostic::error(codes::TWICE, code.span, message, "make one file of them");
                cx.push(finding.also(first.language.span, "the other one"));
            } else {
                *place = Some(translation);
            }
        }
        all
    }
}
