//! A profile's YAML file, checked: all that is wrong with it in one run.
//!
//! This file has what a profile says about the gateway as a whole; how callbacks come in is in `receives`, how replies go
//! out in `replies`, and `section` takes maps of keys apart for all of them.

mod receives;
mod replies;
pub(super) mod section;

pub(super) use replies::header_value;

/// The words of the closed lists, for the shapes.
pub(super) mod choices {
    pub(in crate::gateway) use super::receives::words::*;
    pub(in crate::gateway) use super::replies::words::*;
}

use std::ops::RangeInclusive;
use std::time::Duration;

use self::section::{Findings, Section};
use super::codes;
use super::profile::Profile;
use super::shapes;
use crate::phone::Country;
use crate::source::{self, Diagnostic, FileId, Files, Span};
use crate::types::Limits;

/// Where identical bytes count as a repeat and the profile says nothing else: longer than a network's own repeats take,
/// shorter than a citizen who presses the same key again.
const REPEAT_WITHIN: Duration = Duration::from_secs(2);

/// A USSD string has at most 160 octets (3GPP TS 29.002, `maxUSSD-StringLength`): 182 septets or 80 UCS-2 units. Fewer
/// than 40 septets or 20 units hold no menu.
pub(super) const SEPTETS: RangeInclusive<u16> = 40..=182;
pub(super) const UNITS: RangeInclusive<u16> = 20..=80;
pub(super) const STEPS: RangeInclusive<u16> = 2..=1000;
const BUDGET: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(1);
const IDLE: RangeInclusive<Duration> = Duration::from_secs(5)..=Duration::from_mins(10);
const LASTS: RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_hours(1);
const REPEATS: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_mins(1);

/// Reads and checks a profile.
pub fn read_profile(files: &Files, file: FileId) -> Result<Profile, Vec<Diagnostic>> {
    read_root(&source::read(files, file)?)
}

pub(super) fn read_root(root: &source::Node) -> Result<Profile, Vec<Diagnostic>> {
    let mut findings = Findings::default();
    let profile = profile(root, &mut findings);
    match profile {
        Some(profile) if findings.is_empty() => Ok(profile),
        _ => Err(findings.into_inner()),
    }
}

fn profile(root: &source::Node, findings: &mut Findings) -> Option<Profile> {
    let mut section = Section::shaped(root, &shapes::PROFILE, findings)?;
    let head = head(&mut section, findings);
    let limits = limits(&mut section, findings);
    let times = times(&mut section, findings);
    let receives = section.section("receives", findings).and_then(|inner| receives::read(inner, findings));
    let replies = section.section("replies", findings).and_then(|inner| replies::read(inner, findings));
    section.finish(findings);
    let (mut receives, replies) = (receives?, replies?);
    replies::agree(&mut receives, &replies, findings);
    let ((limits, steps), times, same_history, receives) = (limits?, times?, receives.same_history, receives.receives);
    let head = head?;
    Some(Profile {
        name: head.name,
        title: head.title,
        limits,
        budget: times.budget,
        idle: times.idle,
        lasts: times.lasts,
        steps,
        repeat_within: times.repeat_within,
        home: head.home,
        first: receives.input.first(),
        same_history,
        unverified: head.unverified,
        receives,
        replies: replies.replies,
    })
}

/// What every profile begins with.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) unverified: Option<String>,
    pub(super) home: &'static Country,
}

/// The keys `gateway`, `title`, `verified`, `because` and `country`.
pub(super) fn head(section: &mut Section<'_>, findings: &mut Findings) -> Option<Head> {
    let name = section.required("gateway", findings).and_then(|text| {
        if is_name(&text.value) {
            return Some(text.value.clone());
        }
        let message = format!("`{}` cannot be a part of an address", text.value);
        findings.error(
            codes::BAD_NAME,
            text.span,
            message,
            "use 2 to 32 small letters, digits and `-`, a letter first",
        );
        None
    });
    let title = section.required("title", findings).map(|text| text.value.clone());
    let unverified = unverified(section, findings);
    let home = section.required("country", findings).and_then(|text| {
        let country = Country::by_iso(&text.value);
        if country.is_none() {
            let message = format!("the numbers of the country `{}` are not known", text.value);
            findings.error(codes::UNKNOWN_COUNTRY, text.span, message, "write two letters as in ISO 3166: `IN`, `KE`");
        }
        country
    });
    Some(Head { name: name?, title: title?, unverified: unverified?, home: home? })
}

fn is_name(name: &str) -> bool {
    (2..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The reason, when not every field was confirmed. The outer `None`: it could not be read.
#[expect(clippy::option_option, reason = "unreadable, verified, and not verified with its reason are three things")]
fn unverified(section: &mut Section<'_>, findings: &mut Findings) -> Option<Option<String>> {
    let verified = section.required("verified", findings);
    let because = section.text("because", findings);
    let verified = verified?;
    match (findings.choice(verified, &[("yes", true), ("no", false)])?, because) {
        (true, None) => Some(None),
        (false, Some(because)) => Some(Some(because.value.clone())),
        (false, None) => {
            let remedy = "add `because:` and say what the vendor's own words do not confirm";
            findings.error(codes::NEEDS, verified.span, "`verified: no` without a reason", remedy);
            None
        }
        (true, Some(because)) => {
            let message = "a reason for doubt about a profile that is verified";
            findings.error(codes::EXCLUDES, because.span, message, "delete `because:`, or write `verified: no`");
            None
        }
    }
}

fn limits(section: &mut Section<'_>, findings: &mut Findings) -> Option<(Limits, Option<u16>)> {
    let mut inner = section.section("limits", findings)?;
    let septets = inner.required("septets", findings).and_then(|text| findings.number(text, SEPTETS));
    let units = inner.required("units", findings).and_then(|text| match text.value.as_str() {
        "none" => Some(None),
        _ => findings.number(text, UNITS).map(Some),
    });
    let steps = inner.text("steps", findings).and_then(|text| findings.number(text, STEPS));
    inner.finish(findings);
    Some((Limits { septets: septets?, units: units? }, steps))
}

struct Times {
    budget: Duration,
    idle: Duration,
    lasts: Duration,
    repeat_within: Duration,
}

fn times(section: &mut Section<'_>, findings: &mut Findings) -> Option<Times> {
    let mut inner = section.section("times", findings)?;
    let mut duration = |key, range, findings: &mut Findings| {
        let text = inner.required(key, findings)?;
        Some((findings.duration(text, range)?, text.span))
    };
    let budget = duration("budget", BUDGET, findings);
    let idle = duration("idle", IDLE, findings);
    let lasts = duration("lasts", LASTS, findings);
    let repeat_within = inner.text("repeat_within", findings);
    inner.finish(findings);
    let repeat_within = repeat_within.map(|text| Some((findings.duration(text, REPEATS)?, text.span)));
    let (budget, idle, lasts) = (budget?, idle?, lasts?);
    not_longer(("budget", budget), ("lasts", lasts), findings);
    not_longer(("idle", idle), ("lasts", lasts), findings);
    let repeat_within = match repeat_within {
        Some(given) => {
            let given = given?;
            not_longer(("repeat_within", given), ("idle", idle), findings);
            given.0
        }
        None => REPEAT_WITHIN,
    };
    Some(Times { budget: budget.0, idle: idle.0, lasts: lasts.0, repeat_within })
}

/// Reports a time that is longer than one that contains it.
fn not_longer(part: (&str, (Duration, Span)), whole: (&str, (Duration, Span)), findings: &mut Findings) {
    let ((part, (short, span)), (whole, (long, other))) = (part, whole);
    if short <= long {
        return;
    }
    let message = format!("`{part}` is longer than `{whole}`");
    let remedy = format!("a dialogue cannot be so: make `{part}` shorter or `{whole}` longer");
    findings.push(Diagnostic::error(codes::BAD_TIMES, span, message, remedy).also(other, "this is the shorter time"));
}

#[cfg(test)]
mod tests;
