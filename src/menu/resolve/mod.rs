//! Names become indexes, expressions get their types, trees become a [`Program`].
//!
//! First everything that menus name is collected in a [`World`]: languages, tables, operations, menus with what they take
//! and give. Then each menu is resolved by itself, in a `Scope` that knows its slots and their types. What follows from the
//! whole program (which options change something, what is personal) is worked out at the end.

mod changes;
mod condition;
mod give;
mod menu;
mod operations;
mod personal;
mod scope;
mod screen;
mod slots;
mod texts;
mod world;

use super::codes;
use super::context::Context;
use super::files::{self, Sources};
use super::languages;
use super::program::{LanguageId, MenuId, Navigation, Program};
use super::syntax::{Bridge, Words};
use super::system::SystemText;
use super::text::{Piece, Text};
use super::translate;
use crate::phone::ServiceCode;
use crate::source::{FileId, Span, Spanned};
use texts::SystemNames;
use world::World;

/// Resolves everything that was read. A program comes out even when there are findings; who asked must throw it away then.
pub(super) fn program(sources: &Sources, cx: &mut Context<'_>) -> Option<Program> {
    let Some(bridge) = &sources.bridge else {
        if sources.whole {
            let span = Span { file: FileId(0), start: 0, end: 0 };
            let remedy = "write one with `languages:` and `ussd:`";
            cx.error(codes::NO_BRIDGE, span, "there is no `bridge.yaml`", remedy);
        }
        return None;
    };
    let mut world = World::new(sources, bridge, cx);
    let menus = menu::all(&world, sources, cx);
    let system = system(sources, &world, bridge, cx);
    let ussd = entries(bridge, &world, cx);
    let home = ussd.first().map(|(_, menu)| *menu)?;
    let mut program = Program {
        version: files::version(cx),
        languages: std::mem::take(&mut world.languages),
        menus,
        departments: std::mem::take(&mut world.departments),
        operations: std::mem::take(&mut world.operations),
        tables: std::mem::take(&mut world.tables),
        profile: std::mem::take(&mut world.profile),
        ussd,
        home,
        navigation: Navigation { ussd: bridge.keys.clone() },
        system,
    };
    if cx.has_errors() {
        return None;
    }
    changes::mark(&mut program);
    personal::mark(&mut program);
    plain(&mut program);
    Some(program)
}

/// Where the service codes lead.
fn entries(bridge: &Bridge, world: &World<'_>, cx: &mut Context<'_>) -> Vec<(ServiceCode, MenuId)> {
    let mut all = Vec::new();
    for (code, name) in &bridge.ussd {
        if let Some(menu) = world.menu(name, cx) {
            world.enters(menu, name, cx);
            all.push((code.clone(), menu));
        }
    }
    all
}

/// The bridge's own texts, in the order of [`SystemText::ALL`].
fn system(sources: &Sources, world: &World<'_>, bridge: &Bridge, cx: &mut Context<'_>) -> Vec<Text> {
    let place = bridge.languages.first().map_or(Span { file: FileId(0), start: 0, end: 0 }, |first| first.code.span);
    let written = sources.system.as_ref().map_or(&[][..], |system| &system.texts);
    let known: Vec<String> = SystemText::ALL.iter().map(|text| text.id()).collect();
    for text in written {
        if !known.contains(&text.id) {
            let key = text.id.trim_start_matches("system.");
            let keys = SystemText::ALL.iter().map(|text| text.key());
            let remedy = super::suggest::remedy(key, keys, "delete it, or correct the key");
            cx.error(codes::UNKNOWN_KEY, text.key, format!("the bridge has no text `{key}`"), remedy);
        }
    }
    let defaults: Vec<Words> = SystemText::ALL
        .iter()
        .map(|text| Words::read(&Spanned { value: text.default_english().to_owned(), span: place }, cx))
        .collect();
    let words: Vec<(String, &Words)> = known
        .into_iter()
        .zip(&defaults)
        .map(|(id, default)| {
            let own = written.iter().find(|text| text.id == id).map(|text| &text.words);
            (id, own.unwrap_or(default))
        })
        .collect();
    let translations = world.translations(sources, None, cx);
    let fresh = translate::fresh(&words, &translations, &world.languages, "the bridge itself", place, cx);
    let mut all = Vec::new();
    for (text, (id, words)) in SystemText::ALL.iter().zip(&words) {
        all.extend(texts::text(&SystemNames(*text), id, words, &fresh, world, cx));
    }
    all
}

/// What a phone without UCS-2 gets instead of each language: itself where its own texts are all GSM 7-bit.
fn plain(program: &mut Program) {
    let count = program.languages.len();
    let mut foreign = vec![false; count];
    for text in texts::all(program) {
        for template in &text.languages {
            let letters = template.pieces.iter().filter_map(|piece| match piece {
                Piece::Text(text) => Some(text),
                Piece::Slot(..) => None,
            });
            if letters.flat_map(|text| text.chars()).any(|c| crate::text::septets_of(c).is_none()) {
                foreign[template.language.index()] = true;
            }
        }
    }
    for (at, foreign) in foreign.into_iter().enumerate() {
        let romanised = languages::is_romanised(&program.languages[at].code);
        let plain = if romanised || !foreign { at } else { languages::romanised(&program.languages, at).unwrap_or(0) };
        program.languages[at].plain = LanguageId(world::index(plain));
    }
}
