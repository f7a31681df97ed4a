//! What somebody waits for is not promotional: such a message stays away at night and after STOP.

use std::collections::BTreeMap;

use super::codes;
use super::graph::{Graph, Node};
use crate::menu::{MenuId, MessageId, MissedCallAction, SystemMessage, Verb};
use crate::source::{Diagnostic, Span};
use crate::types::MessageKind;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    let awaited = awaited(graph);
    for (id, message) in (0..).map(MessageId).zip(&program.messages) {
        if message.kind != MessageKind::Promotional {
            continue;
        }
        let own = SystemMessage::by_name(&message.name).is_some();
        let why = if own { Some("is sent by the bridge itself") } else { awaited.get(&id).map(|(why, _)| *why) };
        let Some(why) = why else { continue };
        let text = format!("`{}` {why}, and is promotional: it would wait until 10:00, or never come", message.name);
        let remedy = "make it `service` or `transactional`; what is the same for everybody can be `government`";
        let finding = Diagnostic::error(codes::P_PROMOTIONAL, message.span, text, remedy);
        findings.push(match awaited.get(&id) {
            Some((_, place)) if !own => finding.also(*place, "asks for it"),
            _ => finding,
        });
    }
}

/// The messages that somebody waits for, each with why, and where that is said first.
fn awaited(graph: &Graph<'_>) -> BTreeMap<MessageId, (&'static str, Span)> {
    let program = graph.program;
    let mut all = BTreeMap::new();
    for keyword in &program.keywords {
        all.entry(keyword.form).or_insert(("answers a text", keyword.span));
        for message in sent(graph, keyword.run) {
            all.entry(message).or_insert(("answers a text", keyword.span));
        }
    }
    for call in &program.missed_calls {
        let messages = match call.action {
            MissedCallAction::Send { message, .. } => vec![message],
            MissedCallAction::Run(menu) => sent(graph, menu),
            MissedCallAction::CallBack(_) => Vec::new(),
        };
        for message in messages {
            all.entry(message).or_insert(("answers a missed call", call.span));
        }
    }
    for node in graph.nodes() {
        let screen = graph.screen(node);
        let Verb::Call(call) = &screen.verb else { continue };
        for told in call.late.iter().flat_map(|late| [&late.answer, &late.failed]) {
            all.entry(told.message).or_insert(("brings a late answer", screen.span));
        }
    }
    all
}

/// The messages that a menu may send, and those that it leads to.
fn sent(graph: &Graph<'_>, menu: MenuId) -> Vec<MessageId> {
    let reached = graph.arrows(|_, way| way.head()).reach([graph.start(menu)]);
    let sends = |node: Node| match &graph.screen(node).verb {
        Verb::Send(send) if reached.get(node).copied().unwrap_or_default() => Some(send.what.message),
        _ => None,
    };
    graph.nodes().filter_map(sends).collect()
}
