//! The part `answers` of a message profile: what the gateway's answers mean.

use super::meanings;
use crate::gateway::codes;
use crate::gateway::messages::profile::{Answers, Ids, Outcome, Says};
use crate::gateway::read_profile::section::{Findings, Section, texts};

const SAYS: [(&str, Says); 2] = [("json", Says::Json), ("text", Says::Text)];
const OUTCOMES: [(&str, Outcome); 5] = [
    ("accepted", Outcome::Accepted),
    ("never", Outcome::Never),
    ("later", Outcome::Later),
    ("elsewhere", Outcome::Elsewhere),
    ("unclear", Outcome::Unclear),
];

/// The words alone.
pub(super) mod words {
    use crate::source::shape::words;

    pub(in crate::gateway) const SAYS: [&str; 2] = words(&super::SAYS);
    pub(in crate::gateway) const OUTCOMES: [&str; 5] = words(&super::OUTCOMES);
}

pub(super) fn read(mut section: Section<'_>, ids: Ids, findings: &mut Findings) -> Option<Answers> {
    let says = section.required("as", findings).and_then(|text| findings.choice(text, &SAYS));
    let id = section.text("id", findings);
    let code = section.get("code");
    let reason = section.text("reason", findings);
    let error = section.get("error");
    let codes_read = meanings(&mut section, "codes", &OUTCOMES, findings);
    let statuses = meanings(&mut section, "statuses", &OUTCOMES, findings);
    let place = section.place();
    section.finish(findings);

    if says == Some(Says::Text) {
        for (entry, word) in [(code, "code"), (error, "error")] {
            if let Some(entry) = entry {
                let message = format!("`{word}` where answers are texts");
                findings.error(codes::EXCLUDES, entry.key.span, message, "delete it: a text is its own code");
            }
        }
        if let Some(reason) = reason {
            findings.error(
                codes::EXCLUDES,
                reason.span,
                "`reason` where answers are texts",
                "delete it: its code is the reason",
            );
        }
    }
    if says == Some(Says::Json) && code.is_none() && !codes_read.is_empty() {
        findings.error(codes::NEEDS, place, "`codes` without `code`", "add `code:` with the field that holds them");
    }
    let mut numbers = Vec::new();
    for (status, outcome) in &statuses {
        let Some(number) = findings.number(status, 100..=599_u16) else { continue };
        let refuses = !matches!(outcome, Outcome::Accepted | Outcome::Unclear);
        if *outcome == Outcome::Accepted && !(200..300).contains(&number) {
            findings.error(
                codes::EXCLUDES,
                status.span,
                "a message is accepted with 2xx only",
                "write another outcome",
            );
        }
        if refuses && !matches!(number, 401 | 403 | 429) && error.is_none() {
            let message = format!("anybody in between may answer {number}");
            findings.error(
                codes::NEEDS,
                status.span,
                message,
                "add `error:` with a field that only the gateway's own refusal has",
            );
        }
        numbers.push((number, *outcome));
    }
    let accepts = codes_read.iter().chain(&statuses).any(|(_, outcome)| *outcome == Outcome::Accepted);
    if !accepts {
        findings.error(codes::NEEDS, place, "no answer means that a message is accepted", "add such a code or status");
    }
    let names = |entry: Option<&crate::source::Entry>, findings: &mut Findings| {
        let texts = entry.and_then(|entry| texts(&entry.value, findings)).unwrap_or_default();
        texts.into_iter().map(|text| text.value.clone()).collect()
    };
    Some(Answers {
        says: says?,
        id: id.map(|text| text.value.clone()),
        code: names(code, findings),
        reason: reason.map(|text| text.value.clone()),
        error: names(error, findings),
        codes: codes_read.into_iter().map(|(code, outcome)| (code.value, outcome)).collect(),
        statuses: numbers,
        ids,
    })
}
