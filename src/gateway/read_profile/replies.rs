//! The part `replies` of a profile: how replies are spelt.

use std::collections::BTreeMap;

use super::receives;
use super::section::{Findings, Section, text};
use crate::gateway::codes;
use crate::gateway::profile::{Coding, Ends, LegKey, Newlines, Replies, Skeletons};
use crate::gateway::shapes;
use crate::gateway::skeleton::{Skeleton, Slot, Syntax};
use crate::source::suggest::nearest;
use crate::source::{Entry, Node, Span, Spanned};
use crate::text::septets_of;

#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Prefix,
    Header,
    Skeletons(Syntax),
}

const SHAPES: [(&str, As); 5] = [
    ("prefix", As::Prefix),
    ("header", As::Header),
    ("json", As::Skeletons(Syntax::Json)),
    ("xml", As::Skeletons(Syntax::Xml)),
    ("plain", As::Skeletons(Syntax::Plain)),
];

const NEWLINES: [(&str, Newlines); 3] = [("keep", Newlines::Keep), ("br", Newlines::Br), ("space", Newlines::Space)];

/// The words alone.
pub(super) mod words {
    use crate::source::shape::words;

    pub(in crate::gateway) const SHAPES: [&str; 5] = words(&super::SHAPES);
    pub(in crate::gateway) const NEWLINES: [&str; 3] = words(&super::NEWLINES);
}

/// What was read, with the places that the comparison with `receives` reports.
pub(super) struct Read {
    pub(super) replies: Replies,
    /// The slots of all skeletons that callbacks must fill, each with the skeleton's place.
    echoes: BTreeMap<String, Span>,
    answers_status: Option<Span>,
}

pub(super) fn read(mut section: Section<'_>, findings: &mut Findings) -> Option<Read> {
    let shape_text = section.required("as", findings);
    let shape = shape_text.and_then(|text| findings.choice(text, &SHAPES));
    let content_type = section.required("content_type", findings).and_then(|text| header_value(text, findings));
    let headers = section.get("headers").and_then(|entry| Section::of(&entry.value, "`headers`", findings));
    let headers = headers.map(|inner| headers_of(inner.entries(), findings)).unwrap_or_default();
    let replace = section.get("replace").and_then(|entry| Section::of(&entry.value, "`replace`", findings));
    let replace = replace.map(|inner| replace_of(inner.entries(), findings)).unwrap_or_default();
    let coding_entry = section.get("coding");
    let coding = coding_entry.and_then(|entry| coding_of(&entry.value, findings));
    let newlines = section.text("newlines", findings);
    let header = section.text("header", findings);
    let more = section.required("more", findings);
    let end = section.required("end", findings);
    let acknowledge = section.text("acknowledge", findings);
    let status = section.text("status", findings);
    let refusal = section.text("refusal", findings);
    section.finish(findings);

    let (shape, shape_text) = (shape?, shape_text?);
    if shape == As::Header && header.is_none() {
        let remedy = "add `header:` with the name of the header that says more or end";
        findings.error(codes::NEEDS, shape_text.span, "`as: header` without a header", remedy);
    }
    excludes(shape, header, newlines, &[acknowledge, status, refusal], findings);
    let newlines = newlines.map_or(Some(Newlines::Keep), |text| findings.choice(text, &NEWLINES));
    let (more, end) = (more?, end?);
    if more.value == end.value {
        findings.error(codes::EXCLUDES, end.span, "`more` and `end` say the same", "the phone must tell them apart");
    }
    let mut echoes = BTreeMap::new();
    let ends = match shape {
        As::Prefix => Ends::Prefix { more: more.value.clone(), end: end.value.clone() },
        As::Header => Ends::Header {
            name: header.and_then(|text| end_header(text, &headers, findings))?,
            more: header_value(more, findings)?,
            end: header_value(end, findings)?,
        },
        As::Skeletons(syntax) => {
            let mut one = |source: &Spanned<String>, page: bool| skeleton(syntax, source, page, &mut echoes, findings);
            // All are read before any is missed, so that one run reports on all.
            let (more, end) = (one(more, true), one(end, true));
            let mut other = |source: Option<&Spanned<String>>| source.map(|source| one(source, false));
            let (acknowledge, status, refusal) = (other(acknowledge), other(status), other(refusal));
            let skeletons = Box::new(Skeletons {
                more: more?,
                end: end?,
                acknowledge: acknowledge.flatten(),
                status: status.flatten(),
                refusal: refusal.flatten(),
            });
            Ends::Bodies(skeletons)
        }
    };
    coding_agrees(echoes.remove("coding"), coding_entry.map(|entry| entry.key.span), findings);
    let replies = Replies { content_type: content_type?, headers, newlines: newlines?, replace, coding, ends };
    Some(Read { replies, echoes, answers_status: status.map(|text| text.span) })
}

/// Reports settings that the shape has no use for.
fn excludes(
    shape: As,
    header: Option<&Spanned<String>>,
    newlines: Option<&Spanned<String>>,
    bodies: &[Option<&Spanned<String>>],
    findings: &mut Findings,
) {
    if let Some(header) = header.filter(|_| shape != As::Header) {
        let remedy = "write `as: header`, or move it to `headers`";
        findings.error(codes::EXCLUDES, header.span, "a header that says more or end, in another shape", remedy);
    }
    if let Some(text) = newlines.filter(|text| text.value == "br" && shape != As::Skeletons(Syntax::Xml)) {
        findings.error(codes::EXCLUDES, text.span, "`<br/>` outside of XML", "write `keep` or `space`");
    }
    if !matches!(shape, As::Skeletons(_)) {
        for body in bodies.iter().flatten() {
            let message = "a body of its own where the shape has none";
            let remedy = "delete it, or write `as: json`, `as: xml` or `as: plain`";
            findings.error(codes::EXCLUDES, body.span, message, remedy);
        }
    }
}

fn skeleton(
    syntax: Syntax,
    source: &Spanned<String>,
    page: bool,
    echoes: &mut BTreeMap<String, Span>,
    findings: &mut Findings,
) -> Option<Skeleton> {
    let skeleton = match Skeleton::read(syntax, &source.value) {
        Ok(skeleton) => skeleton,
        Err(wrong) => {
            let name = match syntax {
                Syntax::Json => "JSON",
                Syntax::Xml => "XML",
                Syntax::Plain => "text",
            };
            let remedy = format!("write a complete {name} document, with slots like `$text` where texts stand");
            findings.error(codes::BAD_SKELETON, source.span, format!("this {name} cannot be used: {wrong}"), remedy);
            return None;
        }
    };
    if page && !skeleton.slots().any(|slot| *slot == Slot::Text) {
        let remedy = "put `$text` where the citizen's page stands";
        findings.error(codes::BAD_SKELETON, source.span, "a page without its text", remedy);
    }
    for slot in skeleton.slots() {
        match slot {
            Slot::Echo(word) => _ = echoes.entry(word.clone()).or_insert(source.span),
            Slot::Coding => _ = echoes.entry("coding".to_owned()).or_insert(source.span),
            Slot::Text | Slot::Why | Slot::Alive => {}
        }
    }
    Some(skeleton)
}

/// `{"|": "/"}`: signs of ASCII that texts cannot carry. None may become longer by it, or a page would no longer fit.
fn replace_of(entries: &[Entry], findings: &mut Findings) -> Vec<(char, char)> {
    let sign = |text: &str| text.parse::<char>().ok().filter(|sign| (' '..='~').contains(sign));
    let mut replace = Vec::new();
    for entry in entries {
        let Some(to) = text(&entry.value, findings) else { continue };
        match (sign(&entry.key.value), sign(&to.value).filter(|sign| septets_of(*sign) == Some(1))) {
            (Some(from), Some(to)) if from != to => replace.push((from, to)),
            _ => {
                let message = format!("`{}` cannot be written as `{}`", entry.key.value, to.value);
                let remedy = "write one sign of ASCII and another that counts one letter: `\"|\": \"/\"`";
                findings.error(codes::NOT_A_CHOICE, to.span, message, remedy);
            }
        }
    }
    replace
}

/// `{gsm: "15", ucs2: "72"}`
fn coding_of(node: &Node, findings: &mut Findings) -> Option<Coding> {
    let mut inner = Section::shaped(node, &shapes::CODING, findings)?;
    let gsm = inner.required("gsm", findings);
    let ucs2 = inner.required("ucs2", findings);
    inner.finish(findings);
    Some(Coding { gsm: gsm?.value.clone(), ucs2: ucs2?.value.clone() })
}

/// Compares the slot `$coding` with what it is to say.
fn coding_agrees(slot: Option<Span>, coding: Option<Span>, findings: &mut Findings) {
    match (slot, coding) {
        (Some(slot), None) => {
            let remedy = "add `coding: {gsm: …, ucs2: …}` with what the gateway calls the two alphabets";
            findings.error(codes::NEEDS, slot, "the slot `$coding` without `coding`", remedy);
        }
        (None, Some(coding)) => {
            findings.error(
                codes::NOTHING_USES,
                coding,
                "no reply has the slot `$coding`",
                "delete it, or add the slot",
            );
        }
        _ => {}
    }
}

/// The name of the header that says more or end, which no reply may have twice.
fn end_header(text: &Spanned<String>, headers: &[(String, String)], findings: &mut Findings) -> Option<String> {
    let name = header_name(text, findings)?;
    if headers.iter().any(|(other, _)| *other == name) {
        let message = format!("`{}` says more or end, and stands in `headers` too", text.value);
        findings.error(codes::EXCLUDES, text.span, message, "delete it from `headers`");
    }
    Some(name)
}

/// Headers that every reply has.
fn headers_of(entries: &[Entry], findings: &mut Findings) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for entry in entries {
        let name = header_name(&entry.key, findings);
        if name.as_ref().is_some_and(|name| headers.iter().any(|(other, _)| other == name)) {
            let message = format!("the header `{}` stands twice", entry.key.value);
            findings.error(codes::BAD_HEADER, entry.key.span, message, "delete one of them; case makes no difference");
        }
        let value = text(&entry.value, findings).and_then(|text| header_value(text, findings));
        headers.extend(name.zip(value));
    }
    headers
}

/// A token of RFC 9110 section 5.6.2, in lower case.
fn header_name(name: &Spanned<String>, findings: &mut Findings) -> Option<String> {
    // What the server writes itself, or what would change how the reply is read.
    const RESERVED: [&str; 6] =
        ["content-length", "content-type", "transfer-encoding", "connection", "set-cookie", "location"];
    let lower = name.value.to_ascii_lowercase();
    let token = lower.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    if token && lower.len() <= 64 && !RESERVED.contains(&lower.as_str()) {
        return Some(lower);
    }
    let message = format!("a header cannot be called `{}`", name.value);
    let remedy = "use letters, digits and `-`; content type, length and connection are not set here";
    findings.error(codes::BAD_HEADER, name.span, message, remedy);
    None
}

/// Visible ASCII and single spaces: what every proxy on the way passes on.
pub(in crate::gateway) fn header_value(value: &Spanned<String>, findings: &mut Findings) -> Option<String> {
    let text = value.value.trim();
    if text.len() <= 128 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Some(text.to_owned());
    }
    let remedy = "use at most 128 letters, digits and signs of ASCII";
    findings.error(codes::BAD_HEADER, value.span, "a header cannot have this value", remedy);
    None
}

/// Compares what callbacks bring with what replies want, and notes for the decoder what to echo.
pub(super) fn agree(receives: &mut receives::Read, replies: &Read, findings: &mut Findings) {
    for (word, span) in &replies.echoes {
        let field = receives.fields.iter().find(|field| field.word == *word);
        match field {
            Some(field) => receives.receives.names.echoed.push((word.clone(), field.names.clone())),
            // The path brings it, or the request as a whole.
            None if word == "id" || word == "here" => receives.receives.names.echoed.push((word.clone(), Vec::new())),
            None if word == "answer" => {
                let names = receives.receives.names.text.clone();
                receives.receives.names.echoed.push((word.clone(), names));
            }
            None => {
                let known = receives.fields.iter().map(|field| field.word.as_str()).chain(["text", "why", "alive"]);
                let remedy = match nearest(word, known) {
                    Some(near) => format!("did you mean `${near}`?"),
                    None => format!("add `{word}:` to the `fields` of `receives`, or use `$text`, `$why` or `$alive`"),
                };
                findings.error(codes::UNKNOWN_SLOT, *span, format!("nothing fills the slot `${word}`"), remedy);
            }
        }
    }
    let used = |word: &str| match word {
        "msisdn" | "text" | "code" | "number" | "circle" => true,
        "id" => receives.receives.leg != LegKey::Msisdn || replies.echoes.contains_key("id"),
        other => replies.echoes.contains_key(other),
    };
    for field in receives.fields.iter().filter(|field| !used(&field.word)) {
        let message = format!("nothing uses the field `{}`", field.word);
        let remedy = format!("delete it, or give it back as `${}` in a reply", field.word);
        findings.error(codes::NOTHING_USES, field.span, message, remedy);
    }
    match (receives.asks_status, replies.answers_status) {
        (Some(span), None) => {
            let remedy = "add `status:` to `replies`, with `$alive` in it";
            findings.error(codes::NEEDS, span, "a path that asks for the status, and no reply to it", remedy);
        }
        (None, Some(span)) => {
            let remedy = "delete it, or add a path that is `status`";
            findings.error(codes::NOTHING_USES, span, "no path asks for this reply", remedy);
        }
        _ => {}
    }
}
