//! Which `save` screens keep what they promise.
//!
//! A session is resumed for a day at the last screen with `save: yes`. Handsets are shared, so what a department told about
//! a person, or answered to a secret, is not kept for that long: a screen that shows it is never saved, and one that was
//! passed while a name of a menu under way held it is not returned to. Nor is one that only who was verified comes to, or that stands in
//! a menu which is run from there.

use super::codes;
use super::graph::{Graph, Leads, Node};
use crate::menu::{Menu, Place, Screen, Slot, SlotId, Verb};
use crate::source::Diagnostic;

/// By node: whether a dropped session surely resumes at the screen.
#[derive(Debug)]
pub(super) struct Saves(Vec<bool>);

impl Saves {
    pub(super) fn of(graph: &Graph<'_>) -> Self {
        let held = held(graph);
        let keeps = |node: Node| {
            let screen = graph.screen(node);
            screen.save && !screen.is_private() && !screen.verified && !held[node]
        };
        Self(graph.nodes().map(keeps).collect())
    }

    pub(super) fn at(&self, node: Node) -> bool {
        self.0[node]
    }

    /// The same for as long as a one-time password can be typed: a call that drops where it is asked for is taken up there.
    pub(super) fn goes_on_at(&self, graph: &Graph<'_>, node: Node) -> bool {
        self.at(node) || matches!(graph.screen(node).verb, Verb::Verify(_))
    }

    pub(super) fn check(&self, graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
        for node in graph.nodes().filter(|node| graph.screen(*node).save && !self.at(*node)) {
            let screen = graph.screen(node);
            let why = match screen {
                Screen { personal: true, .. } => "it shows what a department told about a person",
                Screen { guarded: true, .. } => "it shows what a department answered to a secret",
                Screen { verified: true, .. } => "it stands behind a one-time password",
                _ => {
                    "a name may hold by then what a department told about a person, or answered to a secret, or a one-time \
                     password was typed"
                }
            };
            findings.push(Diagnostic::warning(
                codes::P_VOID_SAVE,
                screen.span,
                format!("`save` does nothing at `{}`: {why}, which is not kept for a day", screen.name),
                "save at a screen before the department is asked",
            ));
        }
    }
}

/// By node: whether a name of a menu under way may hold such a thing when the screen is reached, or a menu under way stands where only
/// who was verified comes to.
fn held(graph: &Graph<'_>) -> Vec<bool> {
    let mut held = vec![false; graph.nodes().end];
    let mut open: Vec<Node> = graph.nodes().filter(|node| fills_private(graph, *node)).collect();
    for node in graph.nodes().filter(|node| graph.screen(*node).verified) {
        for into in
            graph.ways(node).iter().filter_map(|way| if let Leads::Into(into) = way.leads { Some(into) } else { None })
        {
            held[into] = true;
            open.push(into);
        }
    }
    while let Some(node) = open.pop() {
        for way in graph.ways(node) {
            // A jump leaves all names behind. Those of a menu that is run go with it; those of the one that runs it stay.
            let (Leads::To(next) | Leads::Into(next)) = way.leads else { continue };
            if !std::mem::replace(&mut held[next], true) {
                open.push(next);
            }
        }
    }
    held
}

fn fills_private(graph: &Graph<'_>, node: Node) -> bool {
    let menu = graph.program.menu(graph.menu_of(node));
    let verb = &graph.screen(node).verb;
    let filled: Vec<SlotId> = match verb {
        Verb::Choose(choose) => choose.into.into_iter().chain(verb.rows().map(|rows| rows.each)).collect(),
        Verb::Ask(ask) => vec![ask.into],
        Verb::Call(call) => call.into.into_iter().collect(),
        Verb::Run(run) => run.into.into_iter().collect(),
        Verb::Set(set) => {
            let slot = |place: &Place| if let Place::Slot(slot) = place { Some(*slot) } else { None };
            set.assign.iter().filter_map(|(place, _)| slot(place)).collect()
        }
        Verb::Show(_) | Verb::End(_) | Verb::Send(_) | Verb::Verify(_) | Verb::Branch(_) => Vec::new(),
    };
    filled.into_iter().any(|slot| may_be_private(menu, slot))
}

fn may_be_private(menu: &Menu, slot: SlotId) -> bool {
    menu.slots.get(slot.index()).is_some_and(Slot::may_be_private)
}
