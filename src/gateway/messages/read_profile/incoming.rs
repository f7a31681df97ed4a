//! The parts `inbound`, `receipts` and `missed_calls` of a message profile: how requests to the hooks are spelt.

use std::collections::BTreeMap;

use super::{choices_of, flag, meanings};
use crate::gateway::codes;
use crate::gateway::messages::profile::{
    Answered, Fate, Ids, InFormat, InboundRule, Incoming, MissedRule, Reasons, ReceiptRule, Said, When, Zone,
};
use crate::gateway::read_profile::header_value;
use crate::gateway::read_profile::section::{Findings, Section, text, texts};
use crate::source::{Diagnostic, Entry, Span};

const FORMATS: [(&str, InFormat); 4] = [
    ("query", InFormat::Query),
    ("form", InFormat::Form),
    ("json", InFormat::Json),
    ("form_or_json", InFormat::FormOrJson),
];
const ZONES: [(&str, Zone); 2] = [("utc", Zone::Utc), ("india", Zone::India)];
const ANSWERED: [(&str, Answered); 2] = [("by_message", Answered::ByMessage), ("in_reply", Answered::InReply)];
const FATES: [(&str, Fate); 3] =
    [("underway", Fate::Underway), ("delivered", Fate::Delivered), ("failed", Fate::Failed)];
const REASONS: [(&str, Reasons); 2] = [("word", Reasons::Word), ("smpp", Reasons::Smpp)];
const SAID: [(&str, Said); 3] = [("missed", Said::Missed), ("other", Said::Other), ("nothing", Said::Nothing)];
const IDS: [(&str, Ids); 2] =
    [("any_case", Ids { any_case: true, no_zeros: false }), ("no_zeros", Ids { any_case: false, no_zeros: true })];

/// The words alone.
pub(super) mod words {
    use crate::source::shape::words;

    pub(in crate::gateway) const FORMATS: [&str; 4] = words(&super::FORMATS);
    pub(in crate::gateway) const ZONES: [&str; 2] = words(&super::ZONES);
    pub(in crate::gateway) const ANSWERED: [&str; 2] = words(&super::ANSWERED);
    pub(in crate::gateway) const FATES: [&str; 3] = words(&super::FATES);
    pub(in crate::gateway) const REASONS: [&str; 2] = words(&super::REASONS);
    pub(in crate::gateway) const SAID: [&str; 3] = words(&super::SAID);
    pub(in crate::gateway) const IDS: [&str; 2] = words(&super::IDS);
}

pub(super) fn inbound(mut section: Section<'_>, findings: &mut Findings) -> Option<InboundRule> {
    let section_place = section.place();
    let incoming =
        incoming(&mut section, &["from", "text", "to", "id", "at", "circle", "udh", "coding"], true, findings);
    let times = section.text("times", findings);
    let base64 = flag(&mut section, "base_64", findings);
    let answered = section.text("answered", findings);
    let reply = section.get("reply").map(|entry| entry.key.span);
    let place = section.get("coding").map(|entry| entry.key.span);
    let coding = section.optional("coding", findings).map(|mut inner| {
        let gsm = inner.required("gsm", findings).map(|text| text.value.clone());
        let ucs2 = inner.required("ucs2", findings).map(|text| text.value.clone());
        inner.finish(findings);
        gsm.zip(ucs2)
    });
    section.finish(findings);
    let mut incoming = incoming?;
    match (place, incoming.names("coding")) {
        (Some(place), []) => {
            findings.error(codes::NEEDS, place, "`coding` without a field `coding`", "add the field to `fields`");
        }
        // The bytes of UTF-16 are no text; they are looked for apart.
        (Some(_), _) => {
            let texts = incoming.names("text").to_vec();
            incoming.all.retain(|name| !texts.contains(name));
        }
        (None, []) => {}
        (None, _) => {
            let message = "a field `coding` without `coding`";
            findings.error(
                codes::NEEDS,
                section_place,
                message,
                "add `coding: {gsm: …, ucs2: …}`, or delete the field",
            );
        }
    }
    let times = times.map_or(Some(Zone::Utc), |text| findings.choice(text, &ZONES));
    let coding = match coding {
        Some(read) => Some(read?),
        None => None,
    };
    let answered = answered.map_or(Some(Answered::ByMessage), |text| findings.choice(text, &ANSWERED))?;
    if let (Some(place), Answered::InReply) = (reply, answered) {
        findings.error(
            codes::EXCLUDES,
            place,
            "`reply` beside `answered: in_reply`",
            "delete it: the answer is the reply",
        );
    }
    Some(InboundRule { incoming, times: times?, coding, base64, answered })
}

pub(super) fn receipts(mut section: Section<'_>, findings: &mut Findings) -> Option<ReceiptRule> {
    let incoming = incoming(&mut section, &["foreign", "id", "status", "reason"], true, findings);
    if section.get("statuses").is_none() {
        section.missing("statuses", findings);
    }
    let statuses = meanings(&mut section, "statuses", &FATES, findings);
    let ids = section.get("ids").map(|entry| choices_of(&entry.value, &IDS, findings)).unwrap_or_default();
    let reasons = section.text("reasons", findings);
    if let (Some(text), Some(incoming)) = (reasons, &incoming)
        && incoming.names("reason").is_empty()
    {
        findings.error(
            codes::NOTHING_USES,
            text.span,
            "`reasons` without a field `reason`",
            "delete it, or add the field",
        );
    }
    section.finish(findings);
    let ids = ids.into_iter().fold(Ids::default(), |all, one| Ids {
        any_case: all.any_case || one.any_case,
        no_zeros: all.no_zeros || one.no_zeros,
    });
    let reasons = reasons.map_or(Some(Reasons::Word), |text| findings.choice(text, &REASONS));
    let statuses = statuses.into_iter().map(|(word, fate)| (word.value, fate)).collect();
    Some(ReceiptRule { incoming: incoming?, statuses, ids, reasons: reasons? })
}

pub(super) fn missed(mut section: Section<'_>, findings: &mut Findings) -> Option<MissedRule> {
    let incoming = incoming(&mut section, &["from", "to", "id"], false, findings);
    let when = section.get("when").and_then(|entry| Section::of(&entry.value, "`when`", findings));
    let when: Vec<When> = when.map(|inner| rules(inner.entries(), findings)).unwrap_or_default();
    section.finish(findings);
    let mut incoming = incoming?;
    incoming.all.extend(when.iter().map(|rule| rule.field.clone()));
    incoming.all.sort_unstable();
    incoming.all.dedup();
    Some(MissedRule { incoming, when })
}

fn rules(entries: &[Entry], findings: &mut Findings) -> Vec<When> {
    let mut rules = Vec::new();
    for entry in entries {
        let field = &entry.key.value;
        let Some(section) = Section::of(&entry.value, format!("what `{field}` means"), findings) else { continue };
        let mut rule = When { field: field.to_ascii_lowercase(), values: Vec::new(), any: None };
        for value in section.entries() {
            let said = text(&value.value, findings).and_then(|text| findings.choice(text, &SAID));
            let Some(said) = said else { continue };
            match value.key.value.as_str() {
                "any" => rule.any = Some(said),
                "empty" => rule.values.push((String::new(), said)),
                word => rule.values.push((word.to_owned(), said)),
            }
        }
        rules.push(rule);
    }
    rules
}

/// What all hooks have in common; `lists` where one request may hold several.
fn incoming(
    section: &mut Section<'_>,
    words: &[&'static str],
    lists: bool,
    findings: &mut Findings,
) -> Option<Incoming> {
    let format_text = section.required("format", findings);
    let json_in = section.text("json_in", findings);
    let each = if lists { section.text("each", findings) } else { None };
    let content_type = section.text("content_type", findings);
    let reply = section.text("reply", findings);
    let fields = section.section("fields", findings).map(|inner| fields(inner, words, findings));

    let format = format_text.and_then(|text| findings.choice(text, &FORMATS));
    if let (Some(json_in), Some(InFormat::Json)) = (json_in, format) {
        let message = "the fields are in JSON, and in a field that holds JSON";
        findings.error(codes::EXCLUDES, json_in.span, message, "write `format: form`, or delete `json_in:`");
    }
    let has_json = json_in.is_some() || matches!(format, Some(InFormat::Json | InFormat::FormOrJson));
    if let (Some(each), Some(_), false) = (each, format, has_json) {
        findings.error(
            codes::NOTHING_USES,
            each.span,
            "`each` where no JSON comes",
            "delete it, or write `format: json`",
        );
    }
    let content_type = match content_type {
        Some(text) => header_value(text, findings)?,
        None => "text/plain".to_owned(),
    };
    let names = fields??;
    // A user data header may be bytes that are no text, but not in JSON; it is looked for apart.
    let is_text = |word: &str| word != "udh" || format == Some(InFormat::Json);
    let texts = names.iter().filter(|(word, _)| is_text(word));
    let mut all: Vec<String> = texts.flat_map(|(_, names)| names.iter().cloned()).collect();
    all.sort_unstable();
    Some(Incoming {
        format: format?,
        json_in: json_in.map(|text| text.value.clone()),
        each: each.map(|text| text.value.clone()),
        names,
        all,
        content_type,
        reply: reply.map(|text| text.value.clone()).unwrap_or_default(),
    })
}

type Names = Vec<(&'static str, Vec<String>)>;

fn fields(mut section: Section<'_>, words: &[&'static str], findings: &mut Findings) -> Option<Names> {
    let mut names = Names::new();
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for word in words {
        let Some(entry) = section.get(word) else { continue };
        let mut spelt = Vec::new();
        for text in texts(&entry.value, findings).unwrap_or_default() {
            let name = text.value.to_ascii_lowercase();
            if let Some(first) = seen.insert(name.clone(), text.span) {
                let message = format!("the field `{}` is read as two things", text.value);
                let remedy = "delete one of them; names count as equal whatever their case";
                let finding = Diagnostic::error(codes::SAME_FIELD, text.span, message, remedy);
                findings.push(finding.also(first, "the first time"));
            }
            spelt.push(name);
        }
        names.push((word, spelt));
    }
    let has = |word: &str| names.iter().any(|(known, _)| *known == word);
    // Without these there is nothing to tell.
    let needed: &[&str] = match words {
        [.., "reason"] if !has("foreign") && !has("id") => &["foreign", "status"],
        [.., "reason"] => &["status"],
        [_, "text", ..] => &["from", "text"],
        _ => &["from", "to"],
    };
    let lacking: Vec<&str> = needed.iter().copied().filter(|word| !has(word)).collect();
    for word in &lacking {
        section.missing(word, findings);
    }
    section.finish(findings);
    lacking.is_empty().then_some(names)
}
