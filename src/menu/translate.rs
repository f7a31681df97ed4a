//! Translations: which text of which language is fresh, what each language falls back to, and stamping.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::codes;
use super::context::Context;
use super::files::{self, Sources};
use super::program::Language;
use super::suggest;
use super::syntax::{self, Translation, Words};
use super::system::SystemText;
use crate::source::{self, Diagnostic, FileId, Files, Node, Severity, Span};

/// What a text's translations are compared with: the first 4 bytes of SHA-256 over its source, in hexadecimal.
pub(super) fn fingerprint(source: &str) -> String {
    let mut out = String::with_capacity(8);
    for byte in Sha256::digest(source.as_bytes()).iter().take(4) {
        // Writing to a text never fails.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The fresh texts of one menu, or of the system: by id, one for each language that has it.
#[derive(Debug, Default)]
pub(super) struct Fresh<'a>(HashMap<String, Vec<(usize, &'a Words)>>);

impl<'a> Fresh<'a> {
    /// The translations of one text that stand beside it, and are never stale.
    pub(super) fn given(id: &str, translations: Vec<(usize, &'a Words)>) -> Self {
        Self(HashMap::from([(id.to_owned(), translations)]))
    }

    /// The languages, by index, in which a text is there and fresh.
    pub(super) fn of(&self, id: &str) -> &[(usize, &'a Words)] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}

/// Sorts out the translations of some source texts, and reports what is missing, stale or translates nothing.
/// `translations` has one for each language, by index; `place` is where a translation that is missing whole is reported.
pub(super) fn fresh<'a>(
    texts: &[(String, &Words)],
    translations: &[Option<&'a Translation>],
    languages: &[Language],
    what: &str,
    place: Span,
    cx: &mut Context<'_>,
) -> Fresh<'a> {
    let mut all = Fresh::default();
    let mut missing = Vec::new();
    for (at, language) in languages.iter().enumerate().skip(1) {
        match translations.get(at).copied().flatten() {
            Some(translation) => one(texts, translation, at, &mut all, cx),
            None => missing.push(language.code.as_str()),
        }
    }
    if !missing.is_empty() && texts.iter().any(|(id, words)| is_wanted(id, words)) {
        let message = format!("{what} is not translated into {}", suggest::list(&missing));
        let remedy = "write these files; until then another language is shown";
        cx.push(Diagnostic::warning(codes::UNTRANSLATED, place, message, remedy));
    }
    all
}

/// Whether a text should be translated. A menu's title is for the people who read its file: no phone shows it.
pub(super) fn is_wanted(id: &str, words: &Words) -> bool {
    id != "title" && words.has_words()
}

/// The name of the screen to which a text belongs; `None` for a title.
fn screen_of(id: &str) -> Option<&str> {
    id.split_once('.').map(|(screen, _)| screen)
}

/// Reports the screens of a translation that have no texts in the menu, each once however many texts it has; says which.
fn lost_screens<'a>(
    texts: &[(String, &Words)],
    translation: &'a Translation,
    cx: &mut Context<'_>,
) -> BTreeSet<&'a str> {
    let known: BTreeSet<&str> = texts.iter().filter_map(|(id, _)| screen_of(id)).collect();
    let mut lost = BTreeSet::new();
    for screen in translation.texts.iter().filter_map(|text| text.screen.as_ref()) {
        if !known.contains(screen.value.as_str()) && lost.insert(screen.value.as_str()) {
            let remedy = suggest::remedy(&screen.value, known.iter().copied(), "delete it, or correct the name");
            let message = format!("there is no screen `{}` with texts to translate", screen.value);
            cx.error(codes::NOTHING_TO_TRANSLATE, screen.span, message, remedy);
        }
    }
    lost
}

fn one<'a>(
    texts: &[(String, &Words)],
    translation: &'a Translation,
    language: usize,
    all: &mut Fresh<'a>,
    cx: &mut Context<'_>,
) {
    let sources: BTreeMap<&str, &Words> = texts.iter().map(|(id, words)| (id.as_str(), *words)).collect();
    let stamps: HashMap<&str, &str> =
        translation.of.iter().map(|(id, stamp)| (id.value.as_str(), stamp.as_str())).collect();
    let mut unstamped = Vec::new();
    let lost = lost_screens(texts, translation, cx);
    for text in &translation.texts {
        let Some(source) = sources.get(text.id.as_str()) else {
            if text.screen.as_ref().is_some_and(|screen| lost.contains(screen.value.as_str())) {
                continue;
            }
            let remedy = suggest::remedy(&text.id, sources.keys().copied(), "delete it, or correct the name");
            let message = format!("there is no text `{}` to translate", text.id);
            cx.error(codes::NOTHING_TO_TRANSLATE, text.key, message, remedy);
            continue;
        };
        match stamps.get(text.id.as_str()).copied() {
            Some(stamp) if stamp == fingerprint(&source.source) => {
                if source.values() != text.words.values() {
                    cx.push(other_values(text, source));
                }
                all.0.entry(text.id.clone()).or_default().push((language, &text.words));
            }
            Some(_) => cx.push(stale(text, source)),
            None => unstamped.push(text.id.as_str()),
        }
    }
    let file = translation.language.span;
    if !unstamped.is_empty() {
        let message = format!("without a fingerprint of the text that they translate: {}", suggest::list(&unstamped));
        let remedy = "read them against their texts, then run `gramsetu check --stamp`";
        cx.push(Diagnostic::warning(codes::STALE, file, message, remedy));
    }
    let has_screen = |id: &str| translation.texts.iter().any(|text| screen_of(&text.id) == screen_of(id));
    let missing: Vec<&str> = texts
        .iter()
        .filter(|(id, words)| is_wanted(id, words) && !translation.texts.iter().any(|text| text.id == *id))
        // A screen that is missing whole is perhaps the one that stands there under another name.
        .filter(|(id, _)| lost.is_empty() || has_screen(id))
        .map(|(id, _)| id.as_str())
        .collect();
    if !missing.is_empty() {
        let message = format!("not translated: {}", suggest::list(&missing));
        let remedy = "write them; until then another language is shown";
        cx.push(Diagnostic::warning(codes::UNTRANSLATED, file, message, remedy));
    }
}

fn stale(text: &syntax::Translated, source: &Words) -> Diagnostic {
    let message = format!("`{}` translates an older text", text.id);
    let remedy = "correct it, then name this file to `gramsetu check --stamp`";
    Diagnostic::warning(codes::STALE, text.words.span, message, remedy).also(source.span, "the text now")
}

fn other_values(text: &syntax::Translated, source: &Words) -> Diagnostic {
    let wanted = source.values();
    let message = format!("`{}` does not show the same values as its text", text.id);
    let remedy = if wanted.is_empty() {
        "the text shows no value".to_owned()
    } else {
        format!("the text shows {}", suggest::list(&wanted))
    };
    let finding = Diagnostic::warning(codes::OTHER_VALUES, text.words.span, message, remedy);
    // What the text hides must stay hidden in every language.
    let unmasked =
        |value: &String| text.words.values().iter().any(|shown| value.strip_suffix(" | mask") == Some(shown));
    let severity = if wanted.iter().any(unmasked) { Severity::Error } else { finding.severity };
    Diagnostic { severity, ..finding }.also(source.span, "the text")
}

/// What stamping makes of a translation file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// The file with its `of:` block brought up to date. All before the block stays as it is, byte for byte.
    pub text: String,
    /// Ids of the texts whose fingerprint is new, in the order of the file: these now count as read against their sources.
    pub fresh: Vec<String>,
}

/// Stamps a translation file: texts without a fingerprint, and where `stale` those of an older source too. `None` when the
/// file is no translation, cannot be read or stamped, or has nothing to stamp.
pub(super) fn stamp(files: &Files, file: FileId, stale: bool) -> Option<Stamped> {
    let mut cx = Context::new(files);
    let sources = files::read(&mut cx);
    let (_, translation) = sources.translations.iter().find(|(id, _)| *id == file)?;
    let texts = source_texts(&sources, translation)?;
    let mut fresh = Vec::new();
    let mut stamps: Vec<(&str, &str)> = Vec::new();
    for text in &translation.texts {
        let Some((id, now)) = texts.iter().find(|(id, _)| *id == text.id) else { continue };
        let before = translation.of.iter().find(|(known, _)| known.value == *id).map(|(_, stamp)| stamp.as_str());
        let kept = before.filter(|before| before == now || !stale);
        if kept.is_none() {
            fresh.push(id.clone());
        }
        stamps.push((id, kept.unwrap_or(now)));
    }
    if stamps.is_empty() {
        return None;
    }
    let old = &files.get(file).text;
    let eol = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let block = stamps.iter().fold(format!("of:{eol}"), |block, (id, stamp)| format!("{block}  {id}: {stamp}{eol}"));
    let new = match syntax::of_block(&source::read(files, file).ok()?) {
        Some(entry) => {
            let start = entry.key.span.start as usize;
            let end = (entry.value.span().end as usize).max(entry.key.span.end as usize);
            let rest = old.get(end..).and_then(|rest| rest.split_once('\n')).map_or("", |(_, after)| after);
            format!("{}{block}{rest}", old.get(..start)?)
        }
        None => format!("{}{eol}{eol}{block}", old.trim_end()),
    };
    (new != **old && has_stamps(&new, &stamps)).then_some(Stamped { text: new, fresh })
}

/// Whether a text is a translation with these fingerprints: a file written in one line of braces cannot have a block.
fn has_stamps(text: &str, stamps: &[(&str, &str)]) -> bool {
    let mut files = Files::default();
    let file = files.add("stamped", text);
    let Ok(root) = source::read(&files, file) else { return false };
    let Some(Node::Map(entries, _)) = syntax::of_block(&root).map(|entry| &entry.value) else { return false };
    let written = entries.iter().filter_map(|entry| match &entry.value {
        Node::Text(stamp) => Some((entry.key.value.as_str(), stamp.value.as_str())),
        Node::List(..) | Node::Map(..) => None,
    });
    written.eq(stamps.iter().copied())
}

/// The fingerprints of the texts that a translation translates, by id.
fn source_texts(sources: &Sources, translation: &Translation) -> Option<Vec<(String, String)>> {
    let Some(name) = &translation.menu else {
        let texts = SystemText::ALL.iter().map(|text| {
            let written = sources.system.as_ref().and_then(|system| system.texts.iter().find(|t| t.id == text.id()));
            let source = written.map_or(text.default_english(), |text| &text.words.source);
            (text.id(), fingerprint(source))
        });
        return Some(texts.collect());
    };
    let menu = sources.menus.iter().find(|menu| menu.name.value == name.value)?;
    Some(menu.texts().into_iter().map(|(id, words)| (id, fingerprint(&words.source))).collect())
}
