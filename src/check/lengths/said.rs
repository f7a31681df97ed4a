//! How long the bridge's own texts are.
//!
//! What is said without a session (too many calls, a code that leads nowhere, a dialogue that is over) has no second page,
//! for nothing would remember which page the phone is on. The bridge's "sorry", the question whether to go on, and a screen
//! with a notice above it may have as many pages as any screen.

use super::plan::{MOST_PAGES, Plan, languages};
use super::worst::HowMany;
use crate::check::codes;
use crate::check::graph::{Graph, Node};
use crate::check::named_gateways::together;
use crate::engine::{Numbered, Screen, ScreenKind};
use crate::gateway::Profile;
use crate::menu::{LanguageId, SystemText, Verb};
use crate::source::Diagnostic;

/// The texts that end a dialogue, with the pages that they may have.
const ENDINGS: [(SystemText, u16); 5] = [
    (SystemText::Busy, 1),
    (SystemText::TooMany, 1),
    (SystemText::UnknownCode, 1),
    (SystemText::Expired, 1),
    (SystemText::Sorry, MOST_PAGES),
];

pub(super) fn check(graph: &Graph<'_>, plan: &Plan<'_>, profiles: &[Profile], findings: &mut Vec<Diagnostic>) {
    for (text, most) in ENDINGS {
        let screen = |language| Screen::bare(ScreenKind::End, plan.said(graph, language, text), language);
        too_long(plan, profiles, text, most, screen, findings);
    }
    let question = |language| {
        let label = |number, text| Numbered { number, label: plan.said(graph, language, text) };
        let options = vec![label(1, SystemText::ResumeGoOn), label(2, SystemText::ResumeStartAgain)];
        let text = plan.said(graph, language, SystemText::ResumeQuestion);
        Screen { options, ..Screen::bare(ScreenKind::Choice, text, language) }
    };
    too_long(plan, profiles, SystemText::ResumeQuestion, MOST_PAGES, question, findings);
    let answered = |node: &Node| graph.has_a_person(*node) && !matches!(graph.screen(*node).verb, Verb::End(_));
    for node in graph.nodes().filter(answered) {
        notices(graph, plan, profiles, node, findings);
    }
}

/// One finding for each template, however many languages fall back to it.
fn too_long(
    plan: &Plan<'_>,
    profiles: &[Profile],
    text: SystemText,
    most: u16,
    screen: impl Fn(LanguageId) -> Screen,
    findings: &mut Vec<Diagnostic>,
) {
    let program = plan.program;
    let own = |language: &LanguageId| program.system(text).of(*language).language == *language;
    for language in languages(program).filter(own) {
        let pages =
            profiles.iter().map(|profile| plan.pages_of(&screen(plan.shown_in(language, profile.limits)), profile));
        let on: Vec<_> = profiles
            .iter()
            .zip(pages)
            .filter(|(_, pages)| *pages > most)
            .map(|(profile, pages)| (pages, profile.name.as_str()))
            .collect();
        if !on.is_empty() {
            let only = if most == 1 { "one page".to_owned() } else { format!("{most} pages") };
            findings.push(Diagnostic::error(
                codes::L_SAID,
                program.system(text).of(language).span,
                format!(
                    "`{}` takes more than {only} in {}: {}",
                    text.key(),
                    program.language(language).code,
                    together(on, |pages, names| format!("{pages} on {names}"))
                ),
                "say it in fewer words",
            ));
        }
    }
}

/// A screen that has few pages enough, but not with what is said above it after a wrong answer.
fn notices(graph: &Graph<'_>, plan: &Plan<'_>, profiles: &[Profile], node: Node, findings: &mut Vec<Diagnostic>) {
    let screen = graph.screen(node);
    let mut on = Vec::new();
    for (at, profile) in profiles.iter().enumerate() {
        for language in languages(plan.program).filter(|language| plan.pages(node, *language, at) <= MOST_PAGES) {
            let pages = plan.worst_of(graph, plan.shown_in(language, profile.limits)).map(|worst| {
                let screen = Screen { notice: Some(worst.notice(node)), ..worst.screen(node, HowMany::All) };
                plan.pages_of(&screen, profile)
            });
            let pages = pages.into_iter().max().unwrap_or_default();
            if pages > MOST_PAGES && screen.verb.rows().is_none() {
                on.push(((pages, plan.program.language(language).code.as_str()), profile.name.as_str()));
            }
        }
    }
    if !on.is_empty() {
        findings.push(Diagnostic::error(
            codes::L_SAID,
            screen.span,
            format!(
                "what is said above `{}` after a wrong answer makes more than {MOST_PAGES} pages of it: {}",
                screen.name,
                together(on, |(pages, language), names| format!("{pages} on {names} in {language}"))
            ),
            "shorten the screen, or what is said (its `wrong`, or the bridge's own text)",
        ));
    }
}
