//! A message profile's YAML file, checked: all that is wrong with it in one run.
//!
//! This file has what it says as a whole; how messages are handed over is in `send`, what is said to that in `answers`, what
//! comes in in `incoming`.

mod answers;
mod incoming;
mod send;
mod slots;

/// The words of the closed lists, for the shapes.
pub(in crate::gateway) mod choices {
    pub(in crate::gateway) use super::answers::words::*;
    pub(in crate::gateway) use super::incoming::words::*;
    pub(in crate::gateway) use super::send::words::*;
}

pub(in crate::gateway) use send::CHARACTERS;

use super::profile::{MessageProfile, Signed};
use crate::gateway::codes;
use crate::gateway::read_profile::head;
use crate::gateway::read_profile::section::{Findings, Section, text, texts};
use crate::gateway::shapes::MESSAGES;
use crate::source::{self, Diagnostic, FileId, Files, Node};

/// What the key `speaks` says.
pub(in crate::gateway) const SPEAKS: [&str; 1] = ["messages"];
const SIGNATURES: [(&str, Signed); 1] = [("twilio", Signed::Twilio)];

/// Whether a file is a message profile, right or wrong: it has the key `speaks`.
pub(in crate::gateway) fn speaks(root: &Node) -> bool {
    matches!(root, Node::Map(entries, _) if entries.iter().any(|entry| entry.key.value == "speaks"))
}

/// Reads and checks a message profile.
pub fn read_message_profile(files: &Files, file: FileId) -> Result<MessageProfile, Vec<Diagnostic>> {
    read(&source::read(files, file)?)
}

pub(in crate::gateway) fn read(root: &Node) -> Result<MessageProfile, Vec<Diagnostic>> {
    let mut findings = Findings::default();
    let profile = profile(root, &mut findings);
    match profile {
        Some(profile) if findings.is_empty() => Ok(profile),
        _ => Err(findings.into_inner()),
    }
}

fn profile(root: &Node, findings: &mut Findings) -> Option<MessageProfile> {
    let mut section = Section::shaped(root, &MESSAGES, findings)?;
    if let Some(speaks) = section.required("speaks", findings) {
        findings.choice(speaks, &SPEAKS.map(|word| (word, ())));
    }
    let head = head(&mut section, findings);
    let send = section.optional("send", findings);
    let answers = section.optional("answers", findings);
    let inbound = section.optional("inbound", findings).map(|inner| incoming::inbound(inner, findings));
    let receipts = section.optional("receipts", findings).map(|inner| incoming::receipts(inner, findings));
    let missed = section.optional("missed_calls", findings).map(|inner| incoming::missed(inner, findings));
    let signature = section.text("signature", findings);
    let header = section.text("secret_header", findings);
    if !["send", "answers", "inbound", "receipts", "missed_calls"].iter().any(|key| section.has(key)) {
        section.missing("send", findings);
    }
    section.finish(findings);

    let ids = receipts.as_ref().and_then(|rule| rule.as_ref()).map(|rule| rule.ids).unwrap_or_default();
    let send = match (send, answers) {
        (Some(send), Some(answers)) => Some(send::read(send, answers, ids, findings)),
        (None, None) => None,
        (Some(send), None) => {
            alone(&send, "send", "answers", findings);
            Some(None)
        }
        (None, Some(answers)) => {
            alone(&answers, "answers", "send", findings);
            Some(None)
        }
    };
    if let (Some(_), Some(header)) = (signature, header) {
        let message = "requests prove themselves in two ways";
        findings.error(codes::EXCLUDES, header.span, message, "delete `secret_header:` or `signature:`");
    }
    let named = |header: &source::Spanned<String>, findings: &mut Findings| {
        send::header_name(&header.value, header.span, findings).map(Signed::Header)
    };
    let signed = match (signature, header) {
        (Some(word), _) => Some(choice(word, &SIGNATURES, findings)),
        (None, Some(header)) => Some(named(header, findings)),
        (None, None) => None,
    };
    let head = head?;
    Some(MessageProfile {
        name: head.name,
        title: head.title,
        home: head.home,
        unverified: head.unverified,
        send: flat(send)?,
        inbound: flat(inbound)?,
        receipts: flat(receipts)?,
        missed: flat(missed)?,
        signed: flat(signed)?,
    })
}

/// Reports one of the two parts that need each other.
fn alone(part: &Section<'_>, there: &str, lacking: &str, findings: &mut Findings) {
    let message = format!("`{there}` without `{lacking}`");
    findings.error(codes::NEEDS, part.place(), message, format!("add `{lacking}:`"));
}

/// What is there and wrong makes the profile wrong; what is not there does not.
#[expect(clippy::option_option, reason = "left out, unreadable and read are three things")]
fn flat<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        Some(None) => None,
        Some(Some(value)) => Some(Some(value)),
        None => Some(None),
    }
}

/// As [`Findings::choice`], for what cannot be copied.
fn choice<T: Clone>(text: &source::Spanned<String>, choices: &[(&str, T)], findings: &mut Findings) -> Option<T> {
    let words: Vec<(&str, usize)> = choices.iter().enumerate().map(|(at, (word, _))| (*word, at)).collect();
    findings.choice(text, &words).and_then(|at| choices.get(at)).map(|(_, meaning)| meaning.clone())
}

/// A list of words of a closed list; one word alone will do.
fn choices_of<T: Copy>(node: &Node, choices: &[(&str, T)], findings: &mut Findings) -> Vec<T> {
    let texts = texts(node, findings).unwrap_or_default();
    texts.into_iter().filter_map(|text| findings.choice(text, choices)).collect()
}

/// Names of the file's own with words of a closed list.
fn meanings<T: Copy>(
    section: &mut Section<'_>,
    key: &'static str,
    choices: &[(&str, T)],
    findings: &mut Findings,
) -> Vec<(source::Spanned<String>, T)> {
    let map = section.get(key).and_then(|entry| Section::of(&entry.value, format!("`{key}`"), findings));
    let entries = map.as_ref().map(Section::entries).unwrap_or_default();
    let read = |entry: &source::Entry, findings: &mut Findings| {
        let text = text(&entry.value, findings)?;
        Some((entry.key.clone(), findings.choice(text, choices)?))
    };
    entries.iter().filter_map(|entry| read(entry, findings)).collect()
}

/// `yes` or `no`; no if it is left out.
fn flag(section: &mut Section<'_>, key: &'static str, findings: &mut Findings) -> bool {
    let flag = section.text(key, findings);
    flag.and_then(|text| findings.choice(text, &[("yes", true), ("no", false)])).unwrap_or_default()
}

#[cfg(test)]
mod tests;
