//! What a text or a missed call changes is told, whatever becomes of whoever changes it: the call says by `late` which message does.

use super::codes;
use super::graph::Graph;
use crate::menu::{MissedCallAction, Verb};
use crate::source::{Diagnostic, Span};

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    let mut seen = vec![false; graph.nodes().len()];
    let keywords = program.keywords.iter().map(|keyword| (keyword.run, keyword.span));
    let calls = program.missed_calls.iter().filter_map(|call| match call.action {
        MissedCallAction::Run(menu) => Some((menu, call.span)),
        _ => None,
    });
    for (menu, from) in keywords.chain(calls) {
        let mut open = vec![graph.start(menu)];
        while let Some(node) = open.pop() {
            if seen.get_mut(node).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            if let Verb::Call(call) = &graph.screen(node).verb
                && call.late.is_none()
                && program.operation(call.operation).changes
            {
                findings.push(untold(graph.screen(node).span, &graph.name(node), from));
            }
            // What comes after somebody was asked is no business of a text, nor of a ring: there nobody answers.
            if graph.has_a_person(node) {
                continue;
            }
            open.extend(graph.ways(node).iter().filter_map(|way| way.head()));
        }
    }
}

fn untold(span: Span, name: &str, from: Span) -> Diagnostic {
    let message =
        format!("`{name}` changes something for who texts or rings, and says nothing when its answer is lost");
    let remedy = "give it `late`, with the messages that tell later what came of it";
    Diagnostic::error(codes::P_UNTOLD, span, message, remedy).also(from, "is what runs it")
}
