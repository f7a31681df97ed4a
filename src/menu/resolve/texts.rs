//! Texts in all languages: holes get their paths, and each language what it falls back to.

use std::sync::Arc;

use super::scope::{Names, Unknown, open};
use super::world::{World, index};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::{Path, Root};
use crate::menu::ids::{LanguageId, SlotId};
use crate::menu::languages::fallbacks;
use crate::menu::program::Program;
use crate::menu::suggest;
use crate::menu::syntax::{Part, PathName, Words};
use crate::menu::system::SystemText;
use crate::menu::text::{Filter, Piece, Template, Text};
use crate::menu::translate::Fresh;
use crate::menu::types;
use crate::menu::value::Type;
use crate::source::{Diagnostic, Spanned};

/// The values that one of the bridge's own texts may show.
pub(super) struct SystemNames(pub SystemText);

impl Names for SystemNames {
    fn path(&self, name: &PathName) -> Result<Path, Unknown> {
        let takes = self.0.takes();
        if let Some(at) = takes.iter().position(|(known, _)| *known == name.written()) {
            return Ok(Path { root: Root::Slot(SlotId(index(at))), fields: Vec::new(), ty: takes[at].1.clone() });
        }
        let message = format!("the text `{}` has no value `{}`", self.0.key(), name.written());
        let remedy = suggest::remedy(&name.written(), takes.iter().map(|(name, _)| *name), "leave it out");
        Err(Some(Box::new(Diagnostic::error(codes::UNKNOWN_NAME, name.span(), message, remedy))))
    }
}

/// A text in every language.
pub(super) fn text(
    names: &dyn Names,
    id: &str,
    source: &Words,
    fresh: &Fresh<'_>,
    world: &World<'_>,
    cx: &mut Context<'_>,
) -> Option<Text> {
    let mut own: Vec<Option<Arc<Template>>> = vec![None; world.languages.len()];
    let first = template(names, source, 0, cx).map(Arc::new);
    let mut good = first.is_some();
    for &(language, words) in fresh.of(id) {
        let template = template(names, words, language, cx).map(Arc::new);
        good &= template.is_some();
        if let Some(place) = own.get_mut(language) {
            *place = template;
        }
    }
    let first = first.filter(|_| good)?;
    let in_language = |language| {
        let found = fallbacks(&world.languages, language).find_map(|language| own.get(language).cloned().flatten());
        found.unwrap_or_else(|| Arc::clone(&first))
    };
    Some(Text { languages: (0..world.languages.len()).map(in_language).collect() })
}

/// One language's form of a text. All its holes are looked at, also after a finding.
fn template(names: &dyn Names, words: &Words, language: usize, cx: &mut Context<'_>) -> Option<Template> {
    let pieces: Vec<_> = words
        .pieces
        .iter()
        .map(|part| match part {
            Part::Text(text) => Some(Piece::Text(text.as_str().into())),
            Part::Hole { path, filter } => hole(names, path, filter.as_ref(), cx),
        })
        .collect();
    let pieces = pieces.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Template { pieces, language: LanguageId(index(language)), span: words.span })
}

fn hole(names: &dyn Names, name: &PathName, filter: Option<&Spanned<String>>, cx: &mut Context<'_>) -> Option<Piece> {
    let path = open(names, name, cx);
    let kind = match filter {
        None => Some(Filter::None),
        Some(filter) => {
            let found = Filter::by_name(&filter.value);
            if found.is_none() {
                let remedy = suggest::remedy(&filter.value, Filter::NAMES, "use one of the filters");
                cx.error(codes::UNKNOWN_FILTER, filter.span, format!("there is no filter `{}`", filter.value), remedy);
            }
            found
        }
    };
    let (path, kind) = (path?, kind?);
    if !types::is_scalar(&path.ty) {
        let remedy = match path.ty {
            Type::Language | Type::Row(_) | Type::Record(_) => "name one of its fields",
            _ => "show its rows with `each`",
        };
        let message = format!("`{}` is {}, which is not shown itself", name.written(), types::described(&path.ty));
        cx.error(codes::NOT_SHOWN, name.span(), message, remedy);
        return None;
    }
    if let Some(filter) = filter
        && !suits(kind, &path.ty)
    {
        let message = format!("`{}` does not suit {}", filter.value, types::described(&path.ty));
        let remedy = match kind {
            Filter::Amount => "`amount` is for amounts and numbers",
            Filter::Date => "`date` is for dates",
            Filter::None | Filter::Mask | Filter::Upper | Filter::Spoken => {
                "`mask`, `upper` and `spoken` are for texts"
            }
        };
        cx.error(codes::WRONG_FILTER, filter.span, message, remedy);
        return None;
    }
    Some(Piece::Slot(path, kind))
}

fn suits(filter: Filter, ty: &Type) -> bool {
    match filter {
        Filter::None => true,
        Filter::Amount => matches!(ty, Type::Amount { .. } | Type::Number { .. }),
        Filter::Date => *ty == Type::Date,
        Filter::Mask | Filter::Upper | Filter::Spoken => matches!(ty, Type::Text { .. }),
    }
}

/// Every text of a program.
pub(super) fn all(program: &Program) -> impl Iterator<Item = &Text> {
    let menus = program
        .menus
        .iter()
        .flat_map(|menu| menu.title.iter().chain(menu.screens.iter().flat_map(|screen| screen.verb.texts())));
    menus.chain(&program.system).chain(program.messages.iter().map(|message| &message.text))
}
