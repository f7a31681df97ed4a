//! The part `send` of a message profile: how messages are handed over.

use std::ops::RangeInclusive;

use super::slots::{Known, names};
use super::{answers, choices_of, flag};
use crate::gateway::codes;
use crate::gateway::messages::profile::{Codec, CodingWords, How, Ids, Need, Send, Spelling, Unicode};
use crate::gateway::messages::template::{Slot, Template};
use crate::gateway::read_profile::section::{Findings, Section, text, texts};
use crate::source::{Node, Span, Spanned};
use crate::types::{MessageKind, Priority};

const HOWS: [(&str, How); 3] = [("query", How::Query), ("form", How::Form), ("json", How::Json)];
const NUMBERS: [(&str, Spelling); 4] = [
    ("plus", Spelling::Plus),
    ("digits", Spelling::Digits),
    ("national", Spelling::National),
    ("trunk", Spelling::Trunk),
];
const UNICODE: [(&str, Unicode); 4] =
    [("utf8", Unicode::Utf8), ("entities", Unicode::Entities), ("utf16", Unicode::Utf16), ("none", Unicode::None)];
const NEEDS: [(&str, Need); 2] = [("entity", Need::Entity), ("template", Need::Template)];
const CODECS: [(&str, Codec); 1] = [("mobileseva", Codec::Mobileseva)];
/// A single SMS, and more than any gateway takes.
pub(in crate::gateway) const CHARACTERS: RangeInclusive<u16> = 70..=10_000;

/// The words alone.
pub(super) mod words {
    use crate::source::shape::words;

    pub(in crate::gateway) const HOWS: [&str; 3] = words(&super::HOWS);
    pub(in crate::gateway) const NUMBERS: [&str; 4] = words(&super::NUMBERS);
    pub(in crate::gateway) const UNICODE: [&str; 4] = words(&super::UNICODE);
    pub(in crate::gateway) const NEEDS: [&str; 2] = words(&super::NEEDS);
    pub(in crate::gateway) const CODECS: [&str; 1] = words(&super::CODECS);
    pub(in crate::gateway) const SIGNATURES: [&str; 1] = ["twilio"];
}

pub(super) fn read(mut section: Section<'_>, answers: Section<'_>, ids: Ids, findings: &mut Findings) -> Option<Send> {
    let how = section.required("as", findings);
    let url = section.text("url", findings);
    let path = section.required("path", findings);
    let basic = section.get("basic").and_then(|entry| pair(&entry.value, findings));
    let headers =
        section.get("headers").map(|entry| templates(&entry.value, "`headers`", findings)).unwrap_or_default();
    let fields = section.get("fields").or_else(|| section.missing("fields", findings));
    let fields = fields.map(|entry| templates(&entry.value, "`fields`", findings));
    let numbers = section.required("numbers", findings);
    let unicode = section.text("unicode", findings);
    let characters = section.required("characters", findings);
    let coding_place = section.get("coding").map(|entry| entry.key.span);
    let coding = section.optional("coding", findings).map(|inner| coding(inner, findings));
    let priority = section.optional("priority", findings);
    let priority = priority.map(|inner| words_of(inner, &PRIORITIES, findings)).unwrap_or_default();
    let kind = section
        .optional("kind", findings)
        .map(|inner| words_of(inner, &MessageKind::ALL.map(|kind| (kind.name(), kind)), findings))
        .unwrap_or_default();
    let callback = section.text("callback", findings);
    let credentials = section.get("credentials").map(|entry| names(&entry.value, findings)).unwrap_or_default();
    let options = section.get("options").map(|entry| names(&entry.value, findings)).unwrap_or_default();
    let needs = section.get("needs").map(|entry| choices_of(&entry.value, &NEEDS, findings)).unwrap_or_default();
    let codec = section.text("codec", findings).and_then(|text| findings.choice(text, &CODECS));
    let idempotent_place = section.get("idempotent").map(|entry| entry.key.span);
    let idempotent = flag(&mut section, "idempotent", findings);
    section.finish(findings);
    let answers = answers::read(answers, ids, findings);

    let how = how.and_then(|text| findings.choice(text, &HOWS));
    let numbers = numbers.and_then(|text| findings.choice(text, &NUMBERS));
    let characters = characters.and_then(|text| findings.number(text, CHARACTERS));
    let unicode_read = unicode.map_or(Some(Unicode::Utf8), |text| findings.choice(text, &UNICODE));
    if let Some(url) = url {
        address(url, findings);
    }
    if let Some(path) = path.filter(|path| !path.value.starts_with('/') || path.value.contains([' ', '?', '#'])) {
        let message = "this is no path of an address";
        findings.error(codes::BAD_ADDRESS, path.span, message, "begin it with `/`; fields make the query");
    }
    let (path, fields) = (path?, fields?);
    let mut headers_read = Vec::new();
    for (name, value) in &headers {
        let Some(name) = header_name(&name.value, name.span, findings) else { continue };
        headers_read.push((name, Template::read(&value.value)));
    }
    let texts: Vec<&Spanned<String>> =
        std::iter::once(path).chain(headers.iter().chain(&fields).map(|(_, value)| value)).chain(callback).collect();
    let known = Known { credentials: &credentials, options: &options, codec };
    for text in &texts {
        known.check(text, findings);
    }
    let all: Vec<Slot> =
        texts.iter().flat_map(|text| Template::read(&text.value).slots().cloned().collect::<Vec<_>>()).collect();
    known.are_used(&all, basic.as_ref(), findings);
    let places = Places { path: path.span, coding: coding_place, idempotent: idempotent_place, unicode };
    let template = |(name, value): (Spanned<String>, Spanned<String>)| (name.value, Template::read(&value.value));
    let send = Send {
        how: how?,
        url: url.map(|url| url.value.clone()),
        path: Template::read(&path.value),
        basic: basic.map(|(user, password)| (user.value, password.value)),
        headers: headers_read,
        fields: fields.into_iter().map(template).collect(),
        numbers: numbers?,
        unicode: unicode_read?,
        characters: characters?,
        coding: match coding {
            Some(coding) => Some(coding?),
            None => None,
        },
        priority,
        kind,
        callback: callback.map(|text| Template::read(&text.value)),
        credentials: credentials.into_iter().map(|name| name.value).collect(),
        options: options.into_iter().map(|name| name.value).collect(),
        needs,
        codec,
        idempotent,
        answers: answers?,
    };
    places.agree(&send, &all, findings);
    Some(send)
}

/// Where to point when two settings do not fit each other.
struct Places<'a> {
    path: Span,
    coding: Option<Span>,
    idempotent: Option<Span>,
    unicode: Option<&'a Spanned<String>>,
}

impl Places<'_> {
    /// Reports slots without what fills them, what no slot uses, and settings that need or exclude each other.
    fn agree(&self, send: &Send, slots: &[Slot], findings: &mut Findings) {
        let uses = |slot: Slot| slots.contains(&slot);
        for (slot, word) in [(Slot::To, "to"), (Slot::Text, "text")] {
            if !uses(slot) {
                let message = format!("no field holds `${word}`");
                findings.error(codes::NEEDS, self.path, message, format!("add a field with `${word}` to `fields`"));
            }
        }
        for (slot, is_there, word) in [
            (Slot::Coding, send.coding.is_some(), "coding"),
            (Slot::Priority, !send.priority.is_empty(), "priority"),
            (Slot::Kind, !send.kind.is_empty(), "kind"),
        ] {
            if uses(slot) && !is_there {
                findings.error(
                    codes::NEEDS,
                    self.path,
                    format!("`${word}` without `{word}`"),
                    format!("add `{word}:`"),
                );
            }
        }
        if let (Some(place), false) = (self.coding, uses(Slot::Coding)) {
            let remedy = "delete it, or use the slot";
            findings.error(codes::NOTHING_USES, place, "`coding` without the slot `$coding`", remedy);
        }
        if let (Some(place), true, false) = (self.idempotent, send.idempotent, uses(Slot::Id)) {
            let remedy = "add `$id` to a header or a field, by which the gateway knows a message again";
            findings.error(codes::NEEDS, place, "`idempotent: yes` without `$id`", remedy);
        }
        let Some(unicode) = self.unicode else { return };
        if matches!(send.unicode, Unicode::Utf16 | Unicode::Entities) && send.coding.is_none() {
            let message = format!("`unicode: {}` without `coding`", unicode.value);
            let remedy = "add `coding:` and `$coding`: the gateway must be told which it is";
            findings.error(codes::NEEDS, unicode.span, message, remedy);
        }
        if send.unicode == Unicode::Utf16 && send.how == How::Json {
            let remedy = "write `unicode: utf8`, or send a form";
            findings.error(codes::EXCLUDES, unicode.span, "bytes of UTF-16 in JSON", remedy);
        }
    }
}

/// `https://api.example.com`
fn address(url: &Spanned<String>, findings: &mut Findings) {
    let rest = url.value.strip_prefix("https://").or_else(|| url.value.strip_prefix("http://"));
    if rest.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@', '$', ' '])) {
        let message = "this is no address without a path";
        findings.error(codes::BAD_ADDRESS, url.span, message, "write it as `https://api.example.com`");
    }
}

/// The name of a header in lower case.
pub(super) fn header_name(name: &str, span: Span, findings: &mut Findings) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(fits) && !name.eq_ignore_ascii_case("content-type") {
        return Some(name.to_ascii_lowercase());
    }
    let message = format!("`{name}` cannot be the name of a header here");
    findings.error(codes::BAD_HEADER, span, message, "use letters, digits and `-`; the content type follows from `as`");
    None
}

fn templates(node: &Node, what: &str, findings: &mut Findings) -> Vec<(Spanned<String>, Spanned<String>)> {
    let map = Section::of(node, what, findings);
    let entries = map.as_ref().map(Section::entries).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((entry.key.clone(), text(&entry.value, findings)?.clone()))).collect()
}

fn pair(node: &Node, findings: &mut Findings) -> Option<(Spanned<String>, Spanned<String>)> {
    let names = texts(node, findings)?;
    if let [user, password] = names.as_slice() {
        return Some(((*user).clone(), (*password).clone()));
    }
    findings.error(codes::WRONG_SHAPE, node.span(), "two credentials stand here", "write `[user, password]`");
    None
}

fn coding(mut section: Section<'_>, findings: &mut Findings) -> Option<CodingWords> {
    let gsm = section.required("gsm", findings).map(|text| text.value.clone());
    let ucs2 = section.required("ucs2", findings).map(|text| text.value.clone());
    let otp_gsm = section.text("otp_gsm", findings).map(|text| text.value.clone());
    let otp_ucs2 = section.text("otp_ucs2", findings).map(|text| text.value.clone());
    section.finish(findings);
    Some(CodingWords { gsm: gsm?, ucs2: ucs2?, otp_gsm, otp_ucs2 })
}

const PRIORITIES: [(&str, Priority); 3] =
    [("otp", Priority::Otp), ("receipt", Priority::Receipt), ("notice", Priority::Notice)];
/// The gateway's word for each of ours.
fn words_of<T: Copy>(
    mut section: Section<'_>,
    ours: &[(&'static str, T)],
    findings: &mut Findings,
) -> Vec<(T, String)> {
    let read = |(word, meaning): &(&'static str, T)| {
        section.required(word, findings).map(|text| (*meaning, text.value.clone()))
    };
    let words = ours.iter().filter_map(read).collect();
    section.finish(findings);
    words
}
