//! Secrets go only where they must.
//!
//! The compiler has already refused a secret in a text, a condition and everywhere else but in the `give` of a call. What is
//! left: it may not be written into an address (those are logged by every machine on the way), not into a key of the cache,
//! it must still be alive at the call, for it dies when the next screen with a person has been chosen, and the call may not go on
//! after the dialogue.

use super::codes;
use super::graph::{Graph, Node};
use crate::menu::{Call, FilledPiece, Menu, Operand, Root, Slot, SlotId, Verb};
use crate::source::Diagnostic;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    for node in graph.nodes() {
        let Verb::Call(call) = &graph.screen(node).verb else { continue };
        let menu = graph.program.menu(graph.menu_of(node));
        for (value, operand) in (0..).zip(&call.give) {
            if let Some((id, slot)) = secret(menu, operand) {
                addressed(graph, node, call, value, slot, findings);
                if call.late.is_some() {
                    findings.push(Diagnostic::error(
                        codes::P_SECRET_LATE,
                        graph.screen(node).span,
                        format!("the secret `{}` would have to be kept until the answer comes", slot.name),
                        "leave `late` out where a secret is given",
                    ));
                }
                if !is_alive(graph, node, id) {
                    findings.push(
                        Diagnostic::error(
                            codes::P_SECRET_GONE,
                            graph.screen(node).span,
                            format!("the secret `{}` may be gone before this call", slot.name),
                            "a secret lives until the next screen is shown: let this call follow directly on the `ask` \
                             that asks for it, on every way",
                        )
                        .also(slot.span, "asked for here"),
                    );
                }
            }
        }
    }
}

fn secret<'m>(menu: &'m Menu, operand: &Operand) -> Option<(SlotId, &'m Slot)> {
    let Operand::Path(path) = operand else { return None };
    let Root::Slot(id) = path.root else { return None };
    let slot = &menu.slots[id.index()];
    slot.secret.then_some((id, slot))
}

/// The operation may carry the secret in its body only, and may not keep its answers.
fn addressed(graph: &Graph<'_>, node: Node, call: &Call, value: u16, slot: &Slot, findings: &mut Vec<Diagnostic>) {
    let operation = graph.program.operation(call.operation);
    let span = graph.screen(node).span;
    if operation.path.0.contains(&FilledPiece::Value(value)) {
        findings.push(
            Diagnostic::error(
                codes::P_SECRET_IN_URL,
                span,
                format!("the secret `{}` would stand in the address that `{}` calls", slot.name, operation.name),
                "let the operation take it in a `json` or `form` body: addresses are written into logs on their way",
            )
            .also(operation.span, "writes it into its path"),
        );
    }
    if operation.cache.is_some() {
        findings.push(
            Diagnostic::error(
                codes::P_SECRET_CACHED,
                span,
                format!("the answer of `{}` to the secret `{}` would be kept", operation.name, slot.name),
                "remove `cache` from the operation: whoever has a cached answer needs no secret",
            )
            .also(operation.span, "keeps its answers"),
        );
    }
}

/// Whether every screen before the call, on every way, is the `ask` that fills the secret.
fn is_alive(graph: &Graph<'_>, call: Node, secret: SlotId) -> bool {
    let before = graph.people_before(call);
    let menu = graph.menu_of(call);
    let asks = |node: &Node| matches!(&graph.screen(*node).verb, Verb::Ask(ask) if ask.into == secret);
    !before.is_empty() && before.iter().all(|node| graph.menu_of(*node) == menu && asks(node))
}
