//! No loop without a person in it: `call`, `branch`, `set` and `run` screens that lead round in a circle would keep the
//! bridge busy while the phone waits.
//!
//! A list counts as such a screen on its way to `none`, for an empty list is not shown. Menus that are run and come back
//! without a person belong to the loop as well.
//!
//! Nor any circle of menus that run each other: each waits for the next to return, deeper and deeper.

use super::codes;
use super::graph::{Arrows, Graph, Node};
use crate::menu::Verb;
use crate::source::Diagnostic;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    silent(graph, findings);
    running(graph, findings);
}

/// Menus that run each other, by their places in the program.
fn running(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let mut runs = Arrows(vec![Vec::new(); graph.program.menus.len()]);
    let runs_of = |node: Node| match &graph.screen(node).verb {
        Verb::Run(run) => Some((graph.menu_of(node).index(), run.menu.index())),
        _ => None,
    };
    for (from, to) in graph.nodes().filter_map(runs_of) {
        runs.0[from].push(to);
    }
    for group in runs.components() {
        let Some(round) = runs.loop_through(group[0]) else { continue };
        let names: Vec<&str> = round.iter().map(|menu| graph.program.menus[*menu].name.as_str()).collect();
        let run = |pair: &[usize]| graph.nodes().find(|node| runs_of(*node) == Some((pair[0], pair[1])));
        let mut at = round.windows(2).filter_map(run).map(|node| graph.screen(node).span);
        let Some(first) = at.next() else { continue };
        let finding = Diagnostic::error(
            codes::P_RUNS_ROUND,
            first,
            format!("these menus run each other in a circle: {}", names.join(" → ")),
            "lead to one of them with a target instead of `run`: whoever goes round often enough would end in \"sorry\"",
        );
        findings.push(at.fold(finding, |finding, span| finding.also(span, "runs the next")));
    }
}

fn silent(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let returning = graph.returning(|_, way| !way.answered);
    let silent = graph.arrows(|_, way| match way.after {
        Some(menu) if !returning[menu.index()] => None,
        _ if way.answered => None,
        _ => way.head(),
    });
    for group in silent.components() {
        let Some(round) = silent.loop_through(group[0]) else { continue };
        let names: Vec<String> = round.iter().map(|node| name_beside(graph, *node, group[0])).collect();
        let mut finding = Diagnostic::error(
            codes::P_SILENT_LOOP,
            graph.screen(group[0]).span,
            format!("these screens lead round in a circle without a person: {}", names.join(" → ")),
            "put a screen that asks or shows something (`choose`, `ask`, `show`) into the circle, or let one way out of it \
             lead to an `end`, instead of back into the circle",
        );
        for pair in round.windows(2).skip(1) {
            finding = finding.also(graph.screen(pair[0]).span, format!("leads on to `{}`", graph.screen(pair[1]).name));
        }
        findings.push(finding);
    }
}

/// A screen's name alone in its own menu, with its menu's name elsewhere.
fn name_beside(graph: &Graph<'_>, node: Node, home: Node) -> String {
    if graph.menu_of(node) == graph.menu_of(home) { graph.screen(node).name.clone() } else { graph.name(node) }
}
