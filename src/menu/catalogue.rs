//! All texts of a folder and their translations, as files have them: what is carried to translators and back. Whether a
//! translation is shown to anybody is decided in `translate`.

use super::codes;
use super::context::Context;
use super::files::Sources;
use super::syntax::{Translation, Words};
use super::system::SystemText;
use super::translate;
use crate::source::{Diagnostic, FileId, Files, Severity, Span, Spanned};

/// What can be translated, menu by menu in the order of their files, then the bridge's own texts.
#[derive(Debug)]
pub struct Catalogue {
    /// Messages, whose texts stand beside each other in one file.
    pub messages: Vec<MessageTexts>,
    /// Codes in the order of `bridge.yaml`; the first is the language of the texts themselves.
    pub languages: Vec<String>,
    pub groups: Vec<Group>,
}

/// In which languages a message has a text.
#[derive(Debug)]
pub struct MessageTexts {
    pub name: String,
    /// Codes.
    pub languages: Vec<String>,
}

/// The texts of one menu, or of the bridge itself.
#[derive(Debug)]
pub struct Group {
    /// `None` for the bridge's own texts.
    pub menu: Option<String>,
    /// The file of the texts; `None` where the bridge's own are all the built-in ones.
    pub file: Option<FileId>,
    /// In the order of the file.
    pub texts: Vec<SourceText>,
    /// By language, as in [`Catalogue::languages`]; the first is always `None`.
    pub translations: Vec<Option<TranslationFile>>,
}

#[derive(Debug)]
pub struct SourceText {
    /// `list.options.by_sms`, `system.back`, `title`
    pub id: String,
    /// Without white space around it.
    pub text: String,
    /// Where it stands; `None` for a built-in text.
    pub span: Option<Span>,
    /// A translation is missed where there is none. Nobody needs one of a title, which no phone shows, or of values alone.
    pub wanted: bool,
}

#[derive(Debug)]
pub struct TranslationFile {
    pub file: FileId,
    pub texts: Vec<Translated>,
}

#[derive(Debug)]
pub struct Translated {
    pub id: String,
    /// Without white space around it.
    pub text: String,
    /// Of the source text that it was made from; `None` where nobody has stamped it.
    pub of: Option<String>,
}

impl TranslationFile {
    pub fn find(&self, id: &str) -> Option<&Translated> {
        self.texts.iter().find(|text| text.id == id)
    }
}

impl Group {
    /// The menu's name, or `system`.
    pub fn name(&self) -> &str {
        self.menu.as_deref().unwrap_or("system")
    }
}

/// What a translation of this text notes to have been made from: 8 hexadecimal digits.
pub fn fingerprint(source: &str) -> String {
    translate::fingerprint(source.trim())
}

/// The values that a text shows, each with how it is written (`uan | mask`), sorted; otherwise what is wrong with its braces.
pub fn values(text: &str) -> Result<Vec<String>, String> {
    let mut files = Files::default();
    let file = files.add("text", text);
    let mut cx = Context::new(&files);
    let span = Span { file, start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) };
    let words = Words::read(&Spanned { value: text.to_owned(), span }, &mut cx);
    match cx.findings.into_iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(finding.message),
        None => Ok(words.values()),
    }
}

/// `None` only beside an error.
pub(super) fn catalogue(sources: &Sources, cx: &mut Context<'_>) -> Option<Catalogue> {
    let Some(bridge) = &sources.bridge else {
        let place = Span { file: cx.files.iter().next()?.0, start: 0, end: 0 };
        cx.error(codes::NO_BRIDGE, place, "there is no `bridge.yaml`", "write one with `languages:` and `ussd:`");
        return None;
    };
    let languages: Vec<String> = bridge.languages.iter().map(|language| language.code.value.clone()).collect();
    let mut groups: Vec<Group> = sources.menus.iter().map(|menu| group(menu, &languages)).collect();
    groups.push(own(sources, &languages));
    for (file, translation) in &sources.translations {
        place(*file, translation, &languages, &mut groups, cx);
    }
    let messages = sources.messages.iter().map(|message| MessageTexts {
        name: message.name.value.clone(),
        languages: message.texts.iter().map(|text| text.language.value.clone()).collect(),
    });
    Some(Catalogue { languages, groups, messages: messages.collect() })
}

fn group(menu: &super::syntax::MenuTree, languages: &[String]) -> Group {
    let text = |(id, words): (String, &Words)| SourceText {
        wanted: translate::is_wanted(&id, words),
        id,
        text: words.source.clone(),
        span: Some(words.span),
    };
    Group {
        menu: Some(menu.name.value.clone()),
        file: Some(menu.name.span.file),
        texts: menu.texts().into_iter().map(text).collect(),
        translations: languages.iter().map(|_| None).collect(),
    }
}

/// The bridge's own texts: written, else built in.
fn own(sources: &Sources, languages: &[String]) -> Group {
    let written = sources.system.as_ref().map_or(&[][..], |system| &system.texts);
    let text = |text: &SystemText| {
        let id = text.id();
        match written.iter().find(|written| written.id == id) {
            Some(found) => SourceText {
                wanted: translate::is_wanted(&id, &found.words),
                id,
                text: found.words.source.clone(),
                span: Some(found.words.span),
            },
            None => SourceText { id, text: text.default_english().to_owned(), span: None, wanted: true },
        }
    };
    Group {
        menu: None,
        file: written.first().map(|text| text.key.file),
        texts: SystemText::ALL.iter().map(text).collect(),
        translations: languages.iter().map(|_| None).collect(),
    }
}

/// Puts a translation beside its texts. One that has no place there is an error: it would be lost.
fn place(file: FileId, translation: &Translation, languages: &[String], groups: &mut [Group], cx: &mut Context<'_>) {
    let menu = translation.menu.as_ref();
    let code = &translation.language;
    let at = languages.iter().position(|known| *known == code.value);
    let Some(at) = at.filter(|at| *at > 0) else {
        let message = format!("`{}` is no language to translate into", code.value);
        let remedy = "`languages` in bridge.yaml says which there are; the first is that of the menus";
        return cx.error(codes::UNKNOWN_LANGUAGE, code.span, message, remedy);
    };
    let group = groups.iter_mut().find(|group| group.menu.as_ref() == menu.map(|menu| &menu.value));
    let Some(group) = group else {
        let (name, span) = menu.map_or(("", code.span), |menu| (menu.value.as_str(), menu.span));
        return cx.error(codes::UNKNOWN_MENU, span, format!("there is no menu `{name}`"), "correct the name");
    };
    let Some(place) = group.translations.get_mut(at) else { return };
    if place.is_some() {
        let message = format!("two files translate the same into `{}`", code.value);
        return cx.push(Diagnostic::error(codes::TWICE, code.span, message, "make one file of them"));
    }
    let of = |id: &str| translation.of.iter().find(|(known, _)| known.value == id).map(|(_, stamp)| stamp.clone());
    let texts = translation.texts.iter().map(|text| Translated {
        id: text.id.clone(),
        text: text.words.source.clone(),
        of: of(&text.id),
    });
    *place = Some(TranslationFile { file, texts: texts.collect() });
}
