//! Menus: their scopes, texts and screens.

use super::scope::Scope;
use super::slots;
use super::texts;
use super::world::{MenuHead, World, index};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::files::Sources;
use crate::menu::ids::{MenuId, ScreenId};
use crate::menu::program::{Menu, Slot};
use crate::menu::suggest;
use crate::menu::translate::{self, Fresh};
use crate::menu::verb::Target;
use crate::source::{Diagnostic, Spanned};

/// More screens than anybody could oversee in one menu.
const MOST: usize = 500;

/// All menus. Where there are findings, some or their screens are missing.
pub(super) fn all(world: &World<'_>, sources: &Sources, cx: &mut Context<'_>) -> Vec<Menu> {
    for (_, translation) in &sources.translations {
        if let Some(name) = &translation.menu
            && world.find_menu(&name.value).is_none()
        {
            world.menu(name, cx);
        }
    }
    world.menus.iter().filter_map(|head| menu(head, world, sources, cx)).collect()
}

/// A menu while its screens are resolved.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    pub scope: &'a Scope<'a>,
    pub head: &'a MenuHead<'a>,
    pub fresh: &'a Fresh<'a>,
}

fn menu(head: &MenuHead<'_>, world: &World<'_>, sources: &Sources, cx: &mut Context<'_>) -> Option<Menu> {
    let tree = head.tree;
    if tree.screens.len() > MOST {
        let message = format!("the menu has {} screens, more than {MOST}", tree.screens.len());
        cx.error(codes::TOO_MANY, tree.name.span, message, "make several menus of it");
        return None;
    }
    let name = &tree.name.value;
    let translations = world.translations(sources, Some(name), cx);
    let what = format!("the menu `{name}`");
    let fresh = translate::fresh(&tree.texts(), &translations, &world.languages, &what, tree.name.span, cx);
    let scope = slots::scope(world, head, cx)?;
    let inside = Inside { scope: &scope, head, fresh: &fresh };
    let title = tree.title.as_ref().map(|words| texts::text(&scope, "title", words, &fresh, world, cx));
    let start = match &tree.start {
        None => Some(ScreenId(0)),
        Some(start) => inside.start(start, cx),
    };
    let screens: Vec<_> = tree.screens.iter().map(|screen| inside.screen(screen, cx)).collect();
    let gives = head.gives.iter().filter_map(|(name, _)| scope.by_name.get(&name.value).copied()).collect();
    for (name, _) in &head.gives {
        let slot = scope.by_name.get(&name.value).and_then(|slot| scope.slots.get(slot.index()));
        if slot.is_some_and(|slot| slot.secret) {
            let message = format!("`{}` is a secret", name.value);
            cx.error(codes::SECRET, name.span, message, "a secret may only be given to a call");
        }
    }
    let slot = |state: &super::scope::SlotState| {
        let ty = state.ty.clone()?;
        Some(Slot {
            name: state.name.clone(),
            ty,
            secret: state.secret,
            personal: false,
            guarded: false,
            span: state.span,
        })
    };
    Some(Menu {
        name: name.clone(),
        title: match title {
            Some(title) => Some(title?),
            None => None,
        },
        slots: scope.slots.iter().map(slot).collect::<Option<_>>()?,
        takes: index(head.takes.len()),
        gives,
        start: start?,
        screens: screens.into_iter().collect::<Option<_>>()?,
        span: tree.name.span,
    })
}

impl Inside<'_> {
    pub(super) fn find_screen(&self, name: &str) -> Option<ScreenId> {
        let at = self.head.tree.screens.iter().position(|screen| screen.name.value == name)?;
        Some(ScreenId(index(at)))
    }

    fn start(&self, start: &Spanned<String>, cx: &mut Context<'_>) -> Option<ScreenId> {
        let found = self.find_screen(&start.value);
        if found.is_none() {
            let message = format!("`{}` is no screen of this menu", start.value);
            let remedy = suggest::remedy(&start.value, self.screen_names(), "name the screen that comes first");
            cx.error(codes::UNKNOWN_TARGET, start.span, message, remedy);
        }
        found
    }

    fn screen_names(&self) -> impl Iterator<Item = &str> {
        self.head.tree.screens.iter().map(|screen| screen.name.value.as_str())
    }

    /// Where a target leads: a screen of this menu, else another menu, else one of the reserved words.
    pub(super) fn target(&self, name: &Spanned<String>, cx: &mut Context<'_>) -> Option<Target> {
        self.target_or(name, None, cx)
    }

    /// The same; `otherwise` is what to do about a name that is near to no other, where that is something of its own.
    pub(super) fn target_or(
        &self,
        name: &Spanned<String>,
        otherwise: Option<&str>,
        cx: &mut Context<'_>,
    ) -> Option<Target> {
        match name.value.as_str() {
            "home" => return Some(Target::Home),
            "back" => return Some(Target::Back),
            "return" => return Some(Target::Return),
            _ => {}
        }
        if let Some(screen) = self.find_screen(&name.value) {
            return Some(Target::Screen(screen));
        }
        let world = self.scope.world;
        if let Some(menu) = world.find_menu(&name.value) {
            world.enters(menu, name, cx);
            return Some(Target::Menu(MenuId(menu.0)));
        }
        let near = suggest::nearest(&name.value, self.screen_names());
        if near.is_some() || !world.is_partial() {
            let menus = || world.menus.iter().map(|head| head.tree.name.value.as_str());
            let near = near.or_else(|| suggest::nearest(&name.value, menus()));
            let remedy = match (near, otherwise) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, Some(otherwise)) => otherwise.to_owned(),
                (None, None) => {
                    suggest::remedy(&name.value, menus(), "name a screen, a menu, `home`, `back` or `return`")
                }
            };
            let message = format!("`{}` is no screen of this menu and no menu", name.value);
            cx.push(Diagnostic::error(codes::UNKNOWN_TARGET, name.span, message, remedy));
        }
        None
    }

    /// The target of a key that may be left out.
    #[expect(clippy::option_option, reason = "left out is not the same as wrong")]
    pub(super) fn optional_target(
        &self,
        name: Option<&Spanned<String>>,
        cx: &mut Context<'_>,
    ) -> Option<Option<Target>> {
        match name {
            None => Some(None),
            Some(name) => self.target(name, cx).map(Some),
        }
    }
}
