//! An operation that answers about the caller is asked about the caller and nobody else.
//!
//! `registered: caller` says that the department found the person by the calling number. That holds only while everything
//! that the department is given is `caller` itself, is fixed by the menus (what is written in them, rows of tables, the
//! day), or came from an answer that is itself about the caller. A number that somebody typed, or that was kept from an
//! earlier call, could be another person's.

use super::codes;
use super::graph::{Graph, Node};
use super::named;
use crate::menu::{Call, MenuId, Operand, Path, Place, Registered, Root, RowSource, SlotId, Verb};
use crate::source::Diagnostic;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let foreign = Foreign::of(graph);
    for node in graph.nodes() {
        if let Verb::Call(call) = &graph.screen(node).verb
            && matches!(graph.program.operation(call.operation).registered, Some(Registered::ByCaller))
        {
            given(graph, node, call, &foreign, findings);
        }
    }
}

fn given(graph: &Graph<'_>, node: Node, call: &Call, foreign: &Foreign, findings: &mut Vec<Diagnostic>) {
    let (program, menu) = (graph.program, graph.menu_of(node));
    let operation = program.operation(call.operation);
    let span = graph.screen(node).span;
    let is_caller = |operand: &Operand| matches!(operand, Operand::Path(path) if path.root == Root::Caller);
    if !call.give.iter().any(is_caller) {
        findings.push(
            Diagnostic::error(
                codes::P_REGISTERED,
                span,
                format!(
                    "`{}` answers about the person whose number is calling, but is not given `caller`",
                    operation.name
                ),
                "give it `caller`, or let the answer name the registered number: `registered: {caller: /pointer}`",
            )
            .also(operation.span, "says `registered: caller`"),
        );
        return;
    }
    for (takes, operand) in operation.takes.iter().zip(&call.give) {
        let Operand::Path(path) = operand else { continue };
        if foreign.comes_by(menu, path) {
            findings.push(
                Diagnostic::error(
                    codes::P_REGISTERED,
                    span,
                    format!(
                        "`{}` answers about the person whose number is calling, but as `{takes}` it is given `{}`, which \
                         may be another person's",
                        operation.name,
                        named::written(program, program.menu(menu), path)
                    ),
                    "give it `caller` and what comes from answers that are themselves `registered`, or let the answer name \
                     the registered number: `registered: {caller: /pointer}`",
                )
                .also(operation.span, "says `registered: caller`"),
            );
        }
    }
}

/// The slots of each menu that may hold what neither the menus nor a department has bound to the caller.
struct Foreign(Vec<Vec<bool>>);

impl Foreign {
    /// Goes over all screens until nothing new flows.
    fn of(graph: &Graph<'_>) -> Self {
        let mut foreign = Self(graph.program.menus.iter().map(|menu| vec![false; menu.slots.len()]).collect());
        let mut moved = true;
        while moved {
            moved = false;
            for node in graph.nodes() {
                moved |= foreign.flow(graph, node);
            }
        }
        foreign
    }

    /// Carries values over one screen; whether anything new arrived.
    fn flow(&mut self, graph: &Graph<'_>, node: Node) -> bool {
        let menu = graph.menu_of(node);
        let screen = graph.screen(node);
        let is_foreign = |operand: &Operand| match operand {
            Operand::Path(path) => self.comes_by(menu, path),
            Operand::Literal(_) => false,
        };
        let mut filled: Vec<(MenuId, SlotId)> = Vec::new();
        if let Some(rows) = screen.verb.rows()
            && let RowSource::Answer(path) = &rows.source
            && self.comes_by(menu, path)
        {
            filled.push((menu, rows.each));
        }
        match &screen.verb {
            Verb::Ask(ask) => filled.push((menu, ask.into)),
            Verb::Call(call) if graph.program.operation(call.operation).registered.is_none() => {
                filled.extend(call.into.map(|slot| (menu, slot)));
            }
            Verb::Set(set) => filled.extend(set.assign.iter().filter_map(|(place, operand)| match place {
                Place::Slot(slot) if is_foreign(operand) => Some((menu, *slot)),
                _ => None,
            })),
            Verb::Run(run) => {
                let entered = (0..).map(SlotId).zip(&run.give).filter(|(_, operand)| is_foreign(operand));
                filled.extend(entered.map(|(slot, _)| (run.menu, slot)));
                let gives = &graph.program.menu(run.menu).gives;
                if gives.iter().any(|slot| self.0[run.menu.index()][slot.index()]) {
                    filled.extend(run.into.map(|slot| (menu, slot)));
                }
            }
            _ => {}
        }
        let mut moved = false;
        for (menu, slot) in filled {
            moved |= !std::mem::replace(&mut self.0[menu.index()][slot.index()], true);
        }
        moved
    }

    fn comes_by(&self, menu: MenuId, path: &Path) -> bool {
        match path.root {
            Root::Slot(slot) => self.0[menu.index()][slot.index()],
            // What is kept, or who assists, says nothing of who is calling now.
            Root::Profile(_) | Root::Operator | Root::Receipt => true,
            Root::Caller | Root::Language | Root::Channel | Root::Today => false,
        }
    }
}
