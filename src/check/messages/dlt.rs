//! The rules of the Indian registries for senders and texts (TRAI, TCCCPR 2018 with its directions).

use std::collections::{BTreeMap, BTreeSet};

use super::{Own, form};
use crate::check::codes;
use crate::menu::{Message, Piece, Program, RegisteredPiece};
use crate::source::{Diagnostic, Span};
use crate::types::MessageKind;

/// Digits of an entity's and a template's id.
const ID: usize = 19;

/// Letters and digits of a header.
const HEADER: usize = 6;

/// Digits from which on a number in a text is one to be called, and no date.
const FEWEST_DIGITS: usize = 10;

/// The same beside a word that tells to call it: `155261` is a helpline, and `101` is mostly something else.
const FEWEST_TO_CALL: usize = 5;

/// Words that stand before a number to be called, and behind one, in the languages of the shipped menus.
const BEFORE_NUMBER: [&str; 7] = ["call", "dial", "ring", "phone", "कॉल", "डायल", "फ़ोन"];
const BEHIND_NUMBER: [&str; 4] = ["पर", "par", "डायल", "dial"];

/// Endings of hosts that phones know without being told that a link stands there.
const ENDINGS: [&str; 14] =
    ["app", "cc", "co", "com", "gl", "gov", "in", "info", "io", "link", "ly", "me", "net", "org"];

/// What stands around a word.
const MARKS: [char; 12] = ['.', ',', ';', ':', '!', '?', '(', ')', '"', '\'', '।', '-'];

pub(super) fn text(program: &Program, own: Own<'_>, findings: &mut Vec<Diagnostic>) {
    let Own { message, template, registered, .. } = own;
    let language = &program.language(own.language).code;
    let name = format!("`{}` in {language}", message.name);
    let mut error = |code, span, message: String, remedy: &str| {
        findings.push(Diagnostic::error(code, span, message, remedy));
    };
    let mut is_long = false;
    for piece in &template.pieces {
        let longest = super::sizes::longest(own, piece).chars().count();
        if let (Some(variable), true) = (own.variable(piece), longest > form::MOST) {
            is_long = true;
            let message =
                format!("`{}` may be written in {longest} characters, more than {}", variable.name, form::MOST);
            error(codes::D_LONG, template.span, message, "let the message take fewer, or leave out the filter");
        }
    }
    if let Some(rest) = form::difference(own).filter(|_| !is_long) {
        let place = if rest.is_empty() { "behind its end".to_owned() } else { format!("from `{rest}` on") };
        let message = format!("{name} can become something else than what is registered, {place}");
        let remedy =
            "make the text and its values agree with `registered`, letter by letter, or have the new text registered";
        error(codes::D_FORM, template.span, message, remedy);
    }
    let is_untyped = |piece: &RegisteredPiece| matches!(piece, RegisteredPiece::Variable(None));
    if registered.pieces.iter().any(is_untyped) {
        let message = format!("{name} is registered with `{{#var#}}`, which has no type any more");
        let remedy = "have it registered anew with `{#numeric#}`, `{#alphanumeric#}`, `{#url#}`, `{#urlott#}`, `{#cbn#}` or \
                      `{#email#}`";
        error(codes::D_UNTYPED, registered.span, message, remedy);
    }
    let written: String = template.pieces.iter().map(|piece| super::sizes::longest(own, piece)).collect();
    let forms = [registered.written(), written];
    if forms.iter().any(|text| text.contains("  ")) {
        let message = format!("{name} has two spaces in a row");
        error(codes::D_SPACES, template.span, message, "leave one of them");
    }
    if forms.iter().any(|text| text.contains(['<', '>'])) {
        let message = format!("{name} has `<` or `>`");
        error(codes::D_ANGLES, template.span, message, "write it without: registries refuse both");
    }
    let has_variable = registered.pieces.iter().any(|piece| matches!(piece, RegisteredPiece::Variable(_)));
    if message.kind == MessageKind::Service && !has_variable {
        let message = format!("{name} is a service message without a variable");
        let remedy = "show a value that is the citizen's own; `government` is for headers that the regulator has exempted, and for \
                      nothing else";
        error(codes::D_NO_VARIABLE, template.span, message, remedy);
    }
    for foreign in led_elsewhere(program, template.pieces.iter()) {
        let message = format!("{name} has `{foreign}`, which is not among the registered links and numbers");
        let remedy = if lacks_space(&foreign) {
            "write a space behind the full stop; if it is a link, have it registered and add it to `links` in bridge.yaml"
        } else {
            "have it registered and add it to `links` or `numbers` in bridge.yaml, or leave it out"
        };
        error(codes::D_NOT_ALLOWED, template.span, message, remedy);
    }
    if let (Some(id), Some(span)) = (&registered.template, registered.template_span) {
        is_id(id, "a registered text", span, findings);
    } else {
        let message = format!("{name} is not registered yet");
        let remedy = "`gramsetu dlt export` writes what is to be registered; then add its `template`";
        findings.push(Diagnostic::warning(codes::D_NO_TEMPLATE, template.span, message, remedy));
    }
}

/// What is true of a message in all its languages, and of all of them together.
pub(super) fn messages(program: &Program, findings: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, (&Message, Span)> = BTreeMap::new();
    // What stands at the top of a file is one line, and said once.
    let mut seen = BTreeSet::new();
    for message in program.messages.iter().filter(|message| message.entity.is_some()) {
        let header = &message.header;
        let is_header = header.len() == HEADER && header.bytes().all(|b| b.is_ascii_alphanumeric());
        if seen.insert(message.header_span) && !is_header {
            let text = format!("`{header}` is no header: nothing could be sent under it");
            let remedy =
                "a header has six letters or digits; the operator adds what stands around them (`XY-EPFOHO-S`)";
            findings.push(Diagnostic::error(codes::D_HEADER, message.header_span, text, remedy));
        }
        if let (Some(entity), Some(span)) = (&message.entity, message.entity_span)
            && seen.insert(span)
        {
            is_id(entity, "a sender", span, findings);
        }
    }
    mixed(program, findings);
    for own in Own::all(program).filter(|own| own.message.entity.is_some()) {
        let (Some(id), Some(span)) = (&own.registered.template, own.registered.template_span) else { continue };
        if let Some((other, first)) = known.insert(id, (own.message, span)) {
            let message = format!("`{}` and `{}` cannot be the same registered text", other.name, own.message.name);
            let finding =
                Diagnostic::error(codes::D_TWICE, span, message, "each text in each language has an id of its own");
            findings.push(finding.also(first, "the other one"));
        }
    }
}

/// A header is registered for promotions, or exempted for what a government has to say, or for all else: the operator marks it so
/// (`-P`, `-G`, `-S` and `-T` behind it).
fn mixed(program: &Program, findings: &mut Vec<Diagnostic>) {
    let category = |kind: MessageKind| match kind {
        MessageKind::Promotional => "promotional",
        MessageKind::Government => "government",
        MessageKind::Transactional | MessageKind::Service => "service",
    };
    let mut known: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in program.messages.iter().filter(|message| message.entity.is_some()) {
        let of_header = known.entry(&message.header).or_default();
        if of_header.iter().any(|other| category(other.kind) == category(message.kind)) {
            continue;
        }
        if let Some(first) = of_header.first() {
            let text = format!(
                "`{}` goes out under `{}` as {}, and `{}` as {}",
                message.name,
                message.header,
                message.kind.name(),
                first.name,
                first.kind.name()
            );
            let remedy = "give one of them a header of its own: the registry has each header for one category";
            let finding = Diagnostic::warning(codes::D_MIXED, message.span, text, remedy);
            findings.push(finding.also(first.span, "the other one"));
        }
        of_header.push(message);
    }
}

fn is_id(id: &str, of: &str, span: Span, findings: &mut Vec<Diagnostic>) {
    if id.len() != ID || !id.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!("`{id}` is not the id of {of}");
        findings.push(Diagnostic::error(codes::D_ID, span, message, format!("the registries give ids of {ID} digits")));
    }
}

/// The links, and the numbers to be called, in what is written around the values, that are not allowed.
fn led_elsewhere<'a>(program: &Program, pieces: impl Iterator<Item = &'a Piece>) -> Vec<String> {
    let mut all = Vec::new();
    for piece in pieces {
        let Piece::Text(text) = piece else { continue };
        for word in text.split_whitespace() {
            let word = word
                .trim_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '\'' | '।'));
            if is_link(word) {
                let allowed =
                    |link: &String| *link == word || (link.ends_with(['/', '?']) && word.starts_with(link.as_str()));
                if !program.allowed.links.iter().any(allowed) {
                    all.push(word.to_owned());
                }
            }
        }
        all.extend(numbers(text).into_iter().chain(called(text)).filter(|number| {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            !program.allowed.numbers.iter().any(|allowed| digits(allowed) == digits(number))
        }));
    }
    all
}

fn is_link(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let named = lower.contains("://") || lower.starts_with("www.");
    // `umang.gov.in/x`: a name with a dot, and letters on both its sides. Single ones only where the ending is known: `t.me`, not
    // `a.m`.
    let host = lower.split('/').next().unwrap_or_default();
    let ending = host.rsplit('.').next().unwrap_or_default();
    let fewest = if ENDINGS.contains(&ending) { 1 } else { 2 };
    let is_label = |part: &str| part.len() >= fewest && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let dotted = host.contains('.') && host.split('.').all(is_label) && ending.bytes().all(|b| b.is_ascii_lowercase());
    named || dotted
}

/// Whether what looks like a link may be the end of one sentence and the beginning of the next: `closed.Please`.
fn lacks_space(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let known = ENDINGS.iter().any(|ending| lower.rsplit('.').next() == Some(ending));
    is_link(word) && !known && !lower.contains('/') && !lower.starts_with("www.")
}

/// Shorter numbers that the words beside them tell to call.
fn called(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(MARKS)).collect();
    let is =
        |known: &[&str], word: Option<&&str>| word.is_some_and(|word| known.contains(&word.to_lowercase().as_str()));
    let mut all = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_number =
            word.bytes().all(|b| b.is_ascii_digit()) && (FEWEST_TO_CALL..FEWEST_DIGITS).contains(&word.len());
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        if is_number && (is(&BEFORE_NUMBER, before) || is(&BEHIND_NUMBER, words.get(at + 1))) {
            all.push((*word).to_owned());
        }
    }
    all
}

/// Numbers that are long enough to be called, and service codes: digits with spaces, hyphens and brackets between.
fn numbers(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for part in text.split(|c: char| !(c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '*' | '#' | '(' | ')'))) {
        let part = part.trim_matches([' ', '-', '(', ')']);
        let digits = part.chars().filter(char::is_ascii_digit).count();
        let is_code = part.starts_with('*') && part.ends_with('#') && digits > 0;
        if digits >= FEWEST_DIGITS || is_code {
            all.push(part.to_owned());
        }
    }
    all
}
