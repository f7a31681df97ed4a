//! The part `receives` of a profile: how callbacks are spelt.

use std::collections::BTreeMap;

use super::section::{Findings, Section, is_word, text, texts};
use crate::gateway::codes;
use crate::gateway::profile::{
    FirstInput, Format, InputRule, Kind, KindRule, LegKey, Meaning, Names, NumberIn, Receives, Route, RouteKind,
    SameHistory, Segment,
};
use crate::source::suggest::list;
use crate::source::{Diagnostic, Entry, Span, Spanned};

const FORMATS: [(&str, Format); 4] =
    [("query", Format::Query), ("form", Format::Form), ("json", Format::Json), ("xml", Format::Xml)];

const LEGS: [(&str, LegKey); 3] =
    [("id", LegKey::Id), ("id_and_msisdn", LegKey::IdAndMsisdn), ("msisdn", LegKey::Msisdn)];

const INPUTS: [(&str, InputRule); 4] = [
    ("last", InputRule::Last),
    ("history", InputRule::History),
    ("history_after_code", InputRule::HistoryAfterCode),
    ("dialled", InputRule::Dialled),
];

const NUMBERS: [(&str, NumberIn); 2] = [("every", NumberIn::Every), ("first", NumberIn::First)];

const ROUTES: [(&str, RouteKind); 8] = [
    ("turn", RouteKind::Turn),
    ("begin", RouteKind::Says(Kind::Begin)),
    ("answer", RouteKind::Says(Kind::Answer)),
    ("ended", RouteKind::Says(Kind::Ended)),
    ("aborted", RouteKind::Says(Kind::Aborted)),
    ("timed_out", RouteKind::Says(Kind::TimedOut)),
    ("failed", RouteKind::Says(Kind::Failed)),
    ("status", RouteKind::Status),
];

const SAME_HISTORIES: [(&str, SameHistory); 2] = [("repeat", SameHistory::Repeat), ("empty", SameHistory::Empty)];

const KINDS: [(&str, Meaning); 7] = [
    ("begin", Meaning::Says(Kind::Begin)),
    ("answer", Meaning::Says(Kind::Answer)),
    ("ended", Meaning::Says(Kind::Ended)),
    ("aborted", Meaning::Says(Kind::Aborted)),
    ("timed_out", Meaning::Says(Kind::TimedOut)),
    ("failed", Meaning::Says(Kind::Failed)),
    ("nothing", Meaning::Nothing),
];

/// The words alone.
pub(super) mod words {
    use crate::source::shape::words;

    pub(in crate::gateway) const FORMATS: [&str; 4] = words(&super::FORMATS);
    pub(in crate::gateway) const LEGS: [&str; 3] = words(&super::LEGS);
    pub(in crate::gateway) const INPUTS: [&str; 4] = words(&super::INPUTS);
    pub(in crate::gateway) const NUMBERS: [&str; 2] = words(&super::NUMBERS);
    pub(in crate::gateway) const ROUTES: [&str; 8] = words(&super::ROUTES);
    pub(in crate::gateway) const KINDS: [&str; 7] = words(&super::KINDS);
    pub(in crate::gateway) const SAME_HISTORIES: [&str; 2] = words(&super::SAME_HISTORIES);
}
/// Slots that no field fills under its own name.
const SLOTS: [&str; 5] = ["why", "alive", "coding", "here", "answer"];

/// What was read, with the places that the comparison with `replies` reports.
pub(super) struct Read {
    pub(super) receives: Receives,
    pub(super) same_history: SameHistory,
    /// The fields by the profile's word for them, with their spellings in lower case.
    pub(super) fields: Vec<Field>,
    /// Where a path asks whether a dialogue is alive.
    pub(super) asks_status: Option<Span>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) word: String,
    pub(super) span: Span,
    pub(super) names: Vec<String>,
}

pub(super) fn read(mut section: Section<'_>, findings: &mut Findings) -> Option<Read> {
    let format = section.required("format", findings).and_then(|text| findings.choice(text, &FORMATS));
    let leg = section.required("leg", findings);
    let input = section.required("input", findings);
    let msisdn_in = section.text("msisdn_in", findings);
    let abort_text = section.text("abort_text", findings).map(|text| text.value.clone());
    let same_history = section.text("same_history", findings);
    let paths = section.section("paths", findings);
    let routes = paths.as_ref().map(|paths| routes(paths.entries(), findings));
    let fields = section.section("fields", findings).map(|inner| fields(&inner, findings));
    let kinds = section.get("kind").and_then(|entry| Section::of(&entry.value, "`kind`", findings));
    let kinds = kinds.map(|inner| kinds_of(inner.entries(), findings)).unwrap_or_default();
    section.finish(findings);

    let (leg, input) = (leg?, input?);
    let (leg_key, rule) = (findings.choice(leg, &LEGS), findings.choice(input, &INPUTS));
    let number_in = msisdn_in.map_or(Some(NumberIn::Every), |text| findings.choice(text, &NUMBERS));
    let same = same_history.map_or(Some(SameHistory::Repeat), |text| findings.choice(text, &SAME_HISTORIES));
    let (routes, fields) = (routes?, fields?);
    let read = Read {
        asks_status: routes.iter().find(|(route, _)| route.what == RouteKind::Status).map(|(_, span)| *span),
        receives: Receives {
            format: format?,
            leg: leg_key?,
            input: rule?,
            msisdn_in: number_in?,
            names: names(&fields, &kinds),
            kinds: kinds.into_iter().map(|(rule, _)| rule).collect(),
            abort_text,
            routes: routes.iter().map(|(route, _)| route.clone()).collect(),
        },
        same_history: same?,
        fields,
    };
    if let Some(text) = same_history.filter(|_| read.receives.input.first() != FirstInput::Path) {
        let remedy = "delete it, or write `input: history`";
        findings.error(codes::NOTHING_USES, text.span, "`same_history` where no histories come", remedy);
    }
    needs(&read, leg, input, findings);
    let begins = |(route, _): &(Route, Span)| matches!(route.what, RouteKind::Turn | RouteKind::Says(Kind::Begin));
    if let Some(paths) = paths.filter(|_| !routes.iter().any(begins)) {
        let message = "no path at which a dialogue can begin";
        findings.error(codes::NEEDS, paths.span(), message, "add a path that is `turn` or `begin`");
    }
    excludes(&read, &routes, msisdn_in, findings);
    Some(read)
}

/// `POST /session/{id}/start: begin`
fn routes(entries: &[Entry], findings: &mut Findings) -> Vec<(Route, Span)> {
    let mut routes: Vec<(Route, Span)> = Vec::new();
    for entry in entries {
        let what = text(&entry.value, findings).and_then(|text| findings.choice(text, &ROUTES));
        let Some(what) = what else { continue };
        let span = entry.key.span;
        match route(&entry.key.value, what) {
            Ok(route) => {
                let same =
                    |(other, _): &&(Route, Span)| (&other.method, &other.segments) == (&route.method, &route.segments);
                if let Some((_, first)) = routes.iter().find(same) {
                    let finding =
                        Diagnostic::error(codes::BAD_ROUTE, span, "the same verb and path again", "delete one of them");
                    findings.push(finding.also(*first, "first here"));
                }
                routes.push((route, span));
            }
            Err(wrong) => {
                let remedy = "write it as `POST`, `POST /end`, `GET /session/{id}/status`";
                findings.error(codes::BAD_ROUTE, span, format!("this is not a verb and a path: {wrong}"), remedy);
            }
        }
    }
    routes
}

fn route(text: &str, what: RouteKind) -> Result<Route, &'static str> {
    const METHODS: [&str; 3] = ["GET", "POST", "PUT"];
    let (method, path) = text.split_once(' ').unwrap_or((text, ""));
    if !METHODS.contains(&method) {
        return Err("the verb is GET, POST or PUT");
    }
    let path = path.trim();
    if !(path.is_empty() || path.starts_with('/')) || path.ends_with('/') {
        return Err("a path begins with `/` and ends without it");
    }
    let mut segments = Vec::new();
    for part in path.split('/').skip(1) {
        segments.push(match part {
            "{id}" => Segment::Id,
            "" => return Err("a part of the path is empty"),
            _ if part.contains(['{', '}', '?', '#', '%', ' ']) => return Err("the only braces are `{id}`"),
            _ => Segment::Literal(part.to_owned()),
        });
    }
    if segments.iter().filter(|segment| **segment == Segment::Id).count() > 1 {
        return Err("`{id}` stands twice");
    }
    Ok(Route { method: method.to_owned(), segments, what })
}

fn fields(section: &Section<'_>, findings: &mut Findings) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for entry in section.entries() {
        let word = &entry.key;
        if !is_word(&word.value) || SLOTS.contains(&word.value.as_str()) {
            let message = format!("a field cannot be called `{}` here", word.value);
            let remedy = format!("use small letters and `_`, but none of {}", list(&SLOTS));
            findings.error(codes::BAD_NAME, word.span, message, remedy);
            continue;
        }
        let Some(texts) = texts(&entry.value, findings) else { continue };
        let mut names = Vec::new();
        for text in texts {
            let name = text.value.to_ascii_lowercase();
            if let Some(first) = seen.insert(name.clone(), text.span) {
                let message = format!("the field `{}` is read as two things", text.value);
                let remedy = "delete one of them; names count as equal whatever their case";
                findings.push(
                    Diagnostic::error(codes::SAME_FIELD, text.span, message, remedy).also(first, "the first time"),
                );
            }
            names.push(name);
        }
        fields.push(Field { word: word.value.clone(), span: word.span, names });
    }
    // The two without which there is no turn.
    for word in ["msisdn", "text"] {
        if !section.entries().iter().any(|entry| entry.key.value == word) {
            section.missing(word, findings);
        }
    }
    fields
}

/// Field by field what its values mean, each with the place of the field's name.
fn kinds_of(entries: &[Entry], findings: &mut Findings) -> Vec<(KindRule, Span)> {
    let mut rules = Vec::new();
    for entry in entries {
        let field = &entry.key;
        let Some(section) = Section::of(&entry.value, format!("what `{}` means", field.value), findings) else {
            continue;
        };
        let mut rule = KindRule { field: field.value.to_ascii_lowercase(), values: Vec::new(), any: None };
        for value in section.entries() {
            let kind = text(&value.value, findings).and_then(|text| findings.choice(text, &KINDS));
            let Some(kind) = kind else { continue };
            match value.key.value.as_str() {
                "any" => rule.any = Some(kind),
                "empty" => rule.values.push((String::new(), kind)),
                word => rule.values.push((word.to_owned(), kind)),
            }
        }
        rules.push((rule, field.span));
    }
    rules
}

fn names(fields: &[Field], kinds: &[(KindRule, Span)]) -> Names {
    let of = |word: &str| fields.iter().find(|field| field.word == word).map(|field| field.names.clone());
    let kinds = kinds.iter().map(|(rule, _)| rule.field.clone());
    let mut all: Vec<String> = fields.iter().flat_map(|field| field.names.iter().cloned()).chain(kinds).collect();
    all.sort_unstable();
    all.dedup();
    Names {
        id: of("id").unwrap_or_default(),
        msisdn: of("msisdn").unwrap_or_default(),
        text: of("text").unwrap_or_default(),
        code: of("code").unwrap_or_default(),
        number: of("number").unwrap_or_default(),
        circle: of("circle").unwrap_or_default(),
        echoed: Vec::new(),
        all,
    }
}

/// Reports what one setting needs of another.
fn needs(read: &Read, leg: &Spanned<String>, input: &Spanned<String>, findings: &mut Findings) {
    let receives = &read.receives;
    let in_every_path = receives.routes.iter().all(|route| route.segments.contains(&Segment::Id));
    if receives.leg != LegKey::Msisdn && receives.names.id.is_empty() && !in_every_path {
        let message = format!("`leg: {}` without a field `id`", leg.value);
        let remedy = "add `id:` to `fields`, or `{id}` to every path, or write `leg: msisdn`";
        findings.error(codes::NEEDS, leg.span, message, remedy);
    }
    if receives.input == InputRule::HistoryAfterCode && receives.names.code.is_empty() {
        let remedy = "add `code:` to `fields`: where the code ends cannot be seen without it";
        findings.error(codes::NEEDS, input.span, "`input: history_after_code` without a field `code`", remedy);
    }
}

/// Reports settings that contradict each other.
fn excludes(read: &Read, routes: &[(Route, Span)], msisdn_in: Option<&Spanned<String>>, findings: &mut Findings) {
    let receives = &read.receives;
    let with_id = routes.iter().find(|(route, _)| route.segments.contains(&Segment::Id));
    let id = read.fields.iter().find(|field| field.word == "id");
    if let (Some((_, span)), Some(id)) = (with_id, id) {
        let finding = Diagnostic::error(
            codes::EXCLUDES,
            id.span,
            "the dialogue's id comes in the path and in a field",
            "delete the field, or `{id}` in the path",
        );
        findings.push(finding.also(*span, "the path"));
    }
    let says = routes.iter().find(|(route, _)| route.what.tells_turns());
    if let (Some((_, span)), true) = (says, receives.kinds.iter().any(KindRule::tells_turns)) {
        let remedy = "write `turn` for the path, or delete `begin` and `answer` below `kind`";
        let message = "both the path and a field say whether a dialogue begins";
        findings.error(codes::EXCLUDES, *span, message, remedy);
    }
    if let (Some(text), NumberIn::First, LegKey::IdAndMsisdn | LegKey::Msisdn) =
        (msisdn_in, receives.msisdn_in, receives.leg)
    {
        let message = "the number names the dialogue, but only the first callback has it";
        findings.error(codes::EXCLUDES, text.span, message, "write `leg: id`, or delete `msisdn_in`");
    }
}
