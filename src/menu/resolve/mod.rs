//! Names become indexes, expressions get their types, trees become a [`Program`].
//!
//! First everything that menus name is collected in a [`World`]: languages, tables, operations, menus with what they take
//! and give. Then each menu is resolved by itself, in a `Scope` that knows its slots and their types. What follows from the
//! whole program (which options change something, what is personal) is worked out at the end.

mod changes;
mod condition;
mod entries;
mod give;
mod menu;
mod messages;
mod operations;
mod outgoing;
mod personal;
mod scope;
mod screen;
mod slots;
mod texts;
mod verified;
mod world;

use super::codes;
use super::context::Context;
use super::files::{self, Sources};
use super::ids::LanguageId;
use super::keyword::{Command, CommandWords};
use super::languages;
use super::lookup::Lookups;
use super::number_words::NumberWords;
use super::program::{Allowed, Entry, Navigation, Program};
use super::syntax::{Bridge, Words};
use super::system::SystemText;
use super::table::Cell;
use super::text::{Piece, Text};
use super::translate;
use crate::source::{FileId, Span, Spanned};
use texts::SystemNames;
use world::World;

/// Resolves everything that was read; `None` only beside an error.
pub(super) fn program(sources: &Sources, cx: &mut Context<'_>) -> Option<Program> {
    let Some(bridge) = &sources.bridge else {
        if sources.whole && cx.files.iter().next().is_some() {
            let span = Span { file: FileId(0), start: 0, end: 0 };
            let remedy = "write one with `languages:` and `ussd:`";
            cx.error(codes::NO_BRIDGE, span, "there is no `bridge.yaml`", remedy);
        }
        return None;
    };
    let mut world = World::new(sources, bridge, cx);
    let menus = menu::all(&world, sources, cx);
    let messages = messages::all(&world, cx);
    let system = system(sources, &world, bridge, cx);
    let number_words = system.get(SystemText::NumberWords as usize).map(|text| NumberWords::read(text, cx));
    let ussd = service_codes(bridge, &world, cx);
    let keywords = entries::keywords(bridge, &world, cx);
    let missed_calls = entries::missed_calls(bridge, &world, cx);
    let command_words = command_words(&system);
    let home = ussd.first().map(|entry| entry.menu)?;
    // A screen or menu that is missing, with its finding, would shift the ids of those behind it.
    if cx.has_errors() || menus.len() != world.menus.len() || messages.len() != world.messages.len() {
        return None;
    }
    let mut program = Program {
        version: files::version(cx.files),
        languages: std::mem::take(&mut world.languages),
        menus,
        departments: std::mem::take(&mut world.departments),
        operations: std::mem::take(&mut world.operations),
        tables: std::mem::take(&mut world.tables),
        lookups: Lookups::default(),
        profile: std::mem::take(&mut world.profile),
        ussd,
        keywords,
        missed_calls,
        short_links: bridge.short_links.clone(),
        allowed: Allowed { links: bridge.links.clone(), numbers: bridge.numbers.clone() },
        home,
        navigation: Navigation { ussd: bridge.keys.clone() },
        system,
        messages,
        number_words: number_words.unwrap_or_default(),
        command_words,
    };
    changes::mark(&mut program);
    personal::mark(&mut program);
    verified::mark(&mut program);
    plain(&mut program);
    program.lookups = Lookups::of(&program);
    Some(program)
}

fn command_words(system: &[Text]) -> CommandWords {
    let of = |command, text: SystemText| Some((command, system.get(text as usize)?));
    let texts = [
        of(Command::Stop, SystemText::StopWords),
        of(Command::Start, SystemText::StartWords),
        of(Command::Help, SystemText::HelpWords),
    ];
    CommandWords::read(texts.into_iter().flatten())
}

/// Where the service codes lead.
fn service_codes(bridge: &Bridge, world: &World<'_>, cx: &mut Context<'_>) -> Vec<Entry> {
    let mut all = Vec::new();
    for entry in &bridge.ussd {
        let language = entry.language.as_ref().and_then(|code| world.language(&code.value, code.span, cx));
        if let Some(menu) = world.menu(&entry.menu, cx) {
            world.enters(menu, &entry.menu, cx);
            all.push(Entry { code: entry.code.clone(), menu, language });
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

/// What a phone without UCS-2 gets instead of each language: itself where its texts are all GSM 7-bit, also those of tables.
fn plain(program: &mut Program) {
    let mut foreign = vec![false; program.languages.len()];
    let is_foreign = |text: &str| text.chars().any(|c| crate::text::septets_of(c).is_none());
    for template in texts::all(program).flat_map(|text| text.languages.iter()) {
        foreign[template.language.index()] |= template.pieces.iter().any(|piece| match piece {
            Piece::Text(text) => is_foreign(text),
            Piece::Slot(..) => false,
        });
    }
    for cell in program.tables.iter().flat_map(|table| &table.rows).flatten() {
        if let Cell::Localised(texts) = cell {
            foreign.iter_mut().zip(texts).for_each(|(foreign, text)| *foreign |= is_foreign(text));
        }
    }
    for (at, foreign) in foreign.into_iter().enumerate() {
        let romanised = languages::is_romanised(&program.languages[at].code);
        let plain = if romanised || !foreign { at } else { languages::romanised(&program.languages, at).unwrap_or(0) };
        program.languages[at].plain = LanguageId(world::index(plain));
    }
}
