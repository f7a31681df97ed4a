//! `bridge.yaml`: languages, entry points, navigation keys, what is kept with a subscriber.

use super::entry::{KeywordTree, MissedCallTree, keywords, missed_calls};
use super::menu::declared;
use super::short_link::short_links;
use super::tree::Declared;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::program::Keys;
use crate::menu::shapes;
use crate::menu::short_link::ShortLink;
use crate::phone::ServiceCode;
use crate::source::{Entry, Node, Span, Spanned};

#[derive(Debug)]
pub(in crate::menu) struct Bridge {
    pub languages: Vec<LanguageEntry>,
    /// Where each service code leads; the first one is home.
    pub ussd: Vec<CodeEntry>,
    pub keywords: Vec<KeywordTree>,
    pub missed_calls: Vec<MissedCallTree>,
    pub short_links: Vec<ShortLink>,
    pub links: Vec<String>,
    pub numbers: Vec<String>,
    pub keys: Keys,
    pub profile: Vec<Declared>,
}

#[derive(Debug)]
pub(in crate::menu) struct CodeEntry {
    pub code: ServiceCode,
    pub menu: Spanned<String>,
    /// The language in which strangers who dial it are met.
    pub language: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct LanguageEntry {
    pub code: Spanned<String>,
    pub name: String,
    pub also: Vec<String>,
    pub circles: Vec<String>,
}

/// Each is a text of its own in every menu, and a line of the menu in which people choose.
const MOST_LANGUAGES: usize = 40;

pub(in crate::menu) fn bridge(root: &Node, cx: &mut Context<'_>) -> Option<Bridge> {
    let top = Span { end: root.span().start, ..root.span() };
    let mut fields = Fields::of(root, &shapes::BRIDGE, top, cx)?;
    let languages = fields.require("languages", cx).map(|entry| languages(entry, cx)).unwrap_or_default();
    let ussd = fields.require("ussd", cx).map(|entry| ussd(entry, cx)).unwrap_or_default();
    let keywords = fields.get("sms").map(|entry| keywords(entry, cx)).unwrap_or_default();
    let missed_calls = missed_calls(fields.map("missed_call", cx), cx);
    let short_links = short_links(fields.map("short_links", cx), cx);
    let mut texts = |key, cx: &mut Context<'_>| -> Vec<String> {
        let texts = fields.get(key).and_then(|entry| fields::texts_of(entry, cx)).unwrap_or_default();
        texts.into_iter().map(|text| text.value.trim().to_owned()).collect()
    };
    let links = texts("links", cx);
    let numbers = texts("numbers", cx);
    let keys = navigation(&mut fields, cx);
    let profile = declared(fields.map("profile", cx), cx);
    fields.finish(cx);
    Some(Bridge { languages, ussd, keywords, missed_calls, short_links, links, numbers, keys, profile })
}

fn languages(entry: &Entry, cx: &mut Context<'_>) -> Vec<LanguageEntry> {
    let entries = fields::entries_of(entry, cx).unwrap_or_default();
    if entries.len() > MOST_LANGUAGES {
        let message = format!("{} languages, more than {MOST_LANGUAGES}", entries.len());
        cx.error(codes::TOO_MANY, entry.key.span, message, "serve the others from a bridge of their own");
    }
    entries.iter().filter_map(|entry| language(entry, cx)).collect()
}

fn language(entry: &Entry, cx: &mut Context<'_>) -> Option<LanguageEntry> {
    let code = entry.key.clone();
    if !is_language(&code.value) {
        let message = format!("`{}` is not the code of a language", code.value);
        cx.error(codes::BAD_NAME, code.span, message, "write it like `hi`, `hi-Latn` or `pt-BR`");
    }
    if let Node::Text(_) = entry.value {
        let name = fields::text(entry, cx)?.value.clone();
        return Some(LanguageEntry { code, name, also: Vec::new(), circles: Vec::new() });
    }
    let mut fields = Fields::of(&entry.value, &shapes::LANGUAGE, code.span, cx)?;
    let name = fields.required_text("name", cx).map(|name| name.value.clone());
    let mut words = |key, cx: &mut Context<'_>| -> Vec<String> {
        let texts = fields.get(key).and_then(|entry| fields::texts_of(entry, cx)).unwrap_or_default();
        texts.into_iter().map(|text| text.value.clone()).collect()
    };
    let also = words("also", cx);
    let circles = words("circles", cx);
    fields.finish(cx);
    Some(LanguageEntry { code, name: name?, also, circles })
}

/// The parts of BCP 47 that are needed: language, then script, then region.
pub(in crate::menu) fn is_language(code: &str) -> bool {
    let mut parts = code.split('-').peekable();
    let letters = |part: &str, first_upper: bool, rest_upper: bool| {
        part.chars().enumerate().all(|(i, c)| {
            let upper = if i == 0 { first_upper } else { rest_upper };
            if upper { c.is_ascii_uppercase() } else { c.is_ascii_lowercase() }
        })
    };
    let language = parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && letters(part, false, false));
    parts.next_if(|part| part.len() == 4 && letters(part, true, false));
    parts.next_if(|part| part.len() == 2 && letters(part, true, true));
    language && parts.next().is_none()
}

/// `"*123#": home`, or `"*124#": {menu: home, language: hi}`.
fn ussd(entry: &Entry, cx: &mut Context<'_>) -> Vec<CodeEntry> {
    let mut all: Vec<CodeEntry> = Vec::new();
    for entry in fields::entries_of(entry, cx).unwrap_or_default() {
        let Some(code) = ServiceCode::parse(&entry.key.value) else {
            let message = format!("`{}` is not a service code", entry.key.value);
            cx.error(codes::BAD_VALUE, entry.key.span, message, "write it in quotes, like \"*123#\"");
            continue;
        };
        if all.iter().any(|other| other.code == code) {
            let message = format!("the code {code} leads to two menus");
            cx.error(codes::TWICE, entry.key.span, message, "delete one of them");
            continue;
        }
        if let Node::Map(..) = entry.value {
            let Some(mut fields) = Fields::of(&entry.value, &shapes::CODE, entry.key.span, cx) else { continue };
            let menu = fields.required_text("menu", cx).cloned();
            let language = fields.text("language", cx).cloned();
            fields.finish(cx);
            all.extend(menu.map(|menu| CodeEntry { code, menu, language }));
        } else if let Some(menu) = fields::text(entry, cx) {
            all.push(CodeEntry { code, menu: menu.clone(), language: None });
        }
    }
    all
}

/// The keys of USSD; those that are not written are `0`, `00` and `98`.
fn navigation(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Keys {
    let mut keys = Keys { back: "0".to_owned(), home: "00".to_owned(), more: "98".to_owned() };
    let Some(entry) = fields.get("navigation") else { return keys };
    let Some(mut channels) = Fields::of(&entry.value, &shapes::NAVIGATION, entry.key.span, cx) else { return keys };
    if let Some(ussd) = channels.require("ussd", cx)
        && let Some(mut fields) = Fields::of(&ussd.value, &shapes::NAVIGATION_USSD, ussd.key.span, cx)
    {
        for (name, key) in [("back", &mut keys.back), ("home", &mut keys.home), ("more", &mut keys.more)] {
            if let Some(text) = fields.text(name, cx).filter(|text| is_key(text, cx)) {
                key.clone_from(&text.value);
            }
        }
        fields.finish(cx);
        if keys.back == keys.home || keys.home == keys.more || keys.more == keys.back {
            let message = "two keys of the navigation are the same";
            cx.error(codes::BAD_VALUE, ussd.key.span, message, "give each a key of its own");
        }
    }
    channels.finish(cx);
    keys
}

fn is_key(text: &Spanned<String>, cx: &mut Context<'_>) -> bool {
    let good = text.value.len() <= 3 && text.value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'));
    if !good {
        let message = format!("`{}` is not a key of a phone", text.value);
        cx.error(codes::BAD_VALUE, text.span, message, "write up to three of 0 to 9, `*` and `#`");
    }
    good
}

#[cfg(test)]
mod tests {
    use super::is_language;

    #[test]
    fn codes_of_languages_have_script_and_region_at_most() {
        assert!(["en", "hi", "hi-Latn", "sat-Olck", "pt-BR", "sr-Cyrl-RS"].into_iter().all(is_language));
        assert!(!["", "e", "EN", "hi_Latn", "hi-latn", "hi-", "hindi", "en-IN-x"].into_iter().any(is_language));
    }
}
