//! How long the bridge's own texts are.
//!
//! What is said without a session (too many calls, a code that leads nowhere, a dialogue that is over) has no second page,
//! for nothing would remember which page the phone is on. The bridge's "sorry", the question whether to go on, the receipt number
//! of an answer that comes later, and a screen with a notice above it may have as many pages as any screen.

use super::Found;
use super::marks::{Marks, Subject, over};
use super::paged::Paged;
use super::plan::{MOST_PAGES, Plan, languages};
use super::worst::{HowMany, Worst};
use crate::check::codes;
use crate::check::graph::{Graph, Node};
use crate::check::named_gateways::together;
use crate::engine::{Numbered, Screen, ScreenKind};
use crate::gateway::Profile;
use crate::menu::{LanguageId, SystemText, Verb};
use crate::source::{Diagnostic, Severity};
use crate::types::Limits;

/// What the bridge says by itself, with the pages that it may have: texts that end a dialogue, and one question.
pub(super) const SAID: [(SystemText, u16); 7] = [
    (SystemText::Busy, 1),
    (SystemText::TooMany, 1),
    (SystemText::UnknownCode, 1),
    (SystemText::Expired, 1),
    (SystemText::Sorry, MOST_PAGES),
    (SystemText::ResumeQuestion, MOST_PAGES),
    (SystemText::LateReceipt, MOST_PAGES),
];

pub(super) fn check(
    graph: &Graph<'_>,
    plan: &Plan<'_>,
    profiles: &[Profile],
    marks: &mut Marks,
    findings: &mut Vec<Diagnostic>,
) {
    for (text, most) in SAID {
        too_long(graph, plan, profiles, (text, most), marks, findings);
    }
    let answered = |node: &Node| graph.has_a_person(*node) && !matches!(graph.screen(*node).verb, Verb::End(_));
    for node in graph.nodes().filter(answered).filter(|node| graph.screen(*node).verb.rows().is_none()) {
        notices(graph, plan, profiles, node, marks, findings);
    }
}

/// The screen on which the bridge says something by itself.
pub(super) fn screen<'p>(graph: &Graph<'p>, plan: &Plan<'p>, text: SystemText, language: LanguageId) -> Screen {
    let words = plan.said(graph, language, text);
    if text != SystemText::ResumeQuestion {
        return Screen::bare(ScreenKind::End, words, language);
    }
    let label = |number, text| Numbered { number, label: plan.said(graph, language, text) };
    let options = vec![label(1, SystemText::ResumeGoOn), label(2, SystemText::ResumeStartAgain)];
    Screen { options, ..Screen::bare(ScreenKind::Choice, words, language) }
}

/// More pages than there may be.
#[derive(Clone, Copy, Debug)]
struct Excess {
    pages: u16,
    found: Found,
}

/// Whether a screen has more pages than `most`, and how much of its text is too much.
fn excess(plan: &Plan<'_>, screen: &mut Paged<'_>, limits: Limits, most: u16) -> Option<Excess> {
    let pages = screen.pages(limits);
    let screen = &screen.screen;
    let fits = |text: &str| plan.lay_out(&Screen { text: text.to_owned(), ..screen.clone() }, limits) <= most;
    (pages > most).then(|| {
        let found = Found { code: codes::L_SAID, severity: Severity::Error, over: over(&screen.text, fits) };
        Excess { pages, found }
    })
}

/// One finding for each template, however many languages fall back to it.
fn too_long(
    graph: &Graph<'_>,
    plan: &Plan<'_>,
    profiles: &[Profile],
    (text, most): (SystemText, u16),
    marks: &mut Marks,
    findings: &mut Vec<Diagnostic>,
) {
    let program = plan.program;
    let own = |language: &LanguageId| program.system(text).of(*language).language == *language;
    for language in languages(program).filter(own) {
        let shown = |limits| plan.paged(screen(graph, plan, text, plan.shown_in(language, limits)));
        let exceeded = plan.by_profile(|limits| excess(plan, &mut shown(limits), limits, most));
        let mut on: Vec<(u16, &str)> = Vec::new();
        for (at, excess) in exceeded {
            marks.add(Subject::Said(text), language, excess.found, [at]);
            on.push((excess.pages, &profiles[at].name));
        }
        if !on.is_empty() {
            let only = if most == 1 { "one page".to_owned() } else { format!("{most} pages") };
            let code = &program.language(language).code;
            findings.push(Diagnostic::error(
                codes::L_SAID,
                program.system(text).of(language).span,
                format!(
                    "`{}` takes more than {only} in {code}: {}",
                    text.key(),
                    together(on, |pages, names| format!("{pages} on {names}"))
                ),
                "say it in fewer words; `check --lengths` shows how many are too many",
            ));
        }
    }
}

/// A screen that has few pages enough, but not with what is said above it after a wrong answer.
fn notices(
    graph: &Graph<'_>,
    plan: &Plan<'_>,
    profiles: &[Profile],
    node: Node,
    marks: &mut Marks,
    findings: &mut Vec<Diagnostic>,
) {
    // The layout keeps a screen of one page at one, whatever stands above it.
    if !plan.may_have_pages(node) {
        return;
    }
    let program = plan.program;
    let mut on: Vec<((u16, &str), &str)> = Vec::new();
    let screen = |worst: Worst<'_, '_>| {
        plan.paged(Screen { notice: Some(worst.notice(node)), ..worst.screen(node, HowMany::All) })
    };
    let mut screens: Vec<_> = languages(program).map(|language| plan.worst_of(graph, language).map(screen)).collect();
    for language in languages(program) {
        let exceeded = plan.by_profile(|limits| {
            let screens = screens.get_mut(plan.shown_in(language, limits).index())?;
            let alone = plan.pages_within(node, language, limits);
            let each = screens.iter_mut().filter_map(|screen| excess(plan, screen, limits, MOST_PAGES));
            (2..=MOST_PAGES).contains(&alone).then_some(each)?.max_by_key(|excess| excess.pages)
        });
        for (at, excess) in exceeded {
            marks.add(Subject::Screen(node), language, excess.found, [at]);
            let code = &program.language(language).code;
            on.push(((excess.pages, code), &profiles[at].name));
        }
    }
    if !on.is_empty() {
        let screen = graph.screen(node);
        findings.push(Diagnostic::error(
            codes::L_SAID,
            screen.span,
            format!(
                "what is said above `{}` after a wrong answer makes more than {MOST_PAGES} pages of it: {}",
                screen.name,
                together(on, |(pages, code), names| format!("{pages} on {names} in {code}"))
            ),
            "shorten the screen, or what is said (its `wrong`, or the bridge's own text); `check --lengths` shows how \
             much is too much",
        ));
    }
}
