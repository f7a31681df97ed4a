//! Every screen can be reached, and from every screen the dialogue can end.
//!
//! * Ways are followed as menus write them. The navigation keys are no ways: a screen that can only be left by a key that
//!   its menu does not know of was forgotten.
//! * A screen that nothing leads to is an error: it is text that somebody meant to be read. A whole menu that nothing leads
//!   to is a warning, so that a menu can be written before the home menu offers it.
//! * `return` ends a menu that is run if one of the menus that run it can end. `back` is as good as the screens before.
//!   The bridge's own "sorry" does not count: a menu must have an end of its own.

use super::codes;
use super::graph::{Arrows, Graph, Leads, Node};
use crate::menu::{Entry, MenuId, MissedCallAction, Position, Program, Verb};
use crate::source::Diagnostic;

/// How many screens a finding names before it says "and more".
const NAMED: usize = 4;

/// What nothing leads to.
#[derive(Debug)]
pub struct Unreachable {
    /// Menus to which no entry leads.
    pub menus: Vec<MenuId>,
    /// Screens to which nothing leads, in the order of menus and screens; in a menu of `menus`, nothing from its own start.
    pub screens: Vec<Position>,
}

impl Unreachable {
    pub fn of(program: &Program) -> Self {
        Self::in_graph(&Graph::new(program))
    }

    fn in_graph(graph: &Graph<'_>) -> Self {
        // What stands after a `run` counts as reached even if the menu never returns: that has a finding of its own.
        let ways = graph.arrows(|_, way| way.head());
        let starts = |menus: &[MenuId]| menus.iter().map(|menu| graph.start(*menu)).collect::<Vec<_>>();
        let entries = graph.entries();
        let reached = ways.reach(starts(&entries));
        let all = (0..).map(MenuId).take(graph.program.menus.len());
        let menus: Vec<MenuId> = all.filter(|menu| !reached[graph.start(*menu)]).collect();
        let reached = ways.reach(starts(&[entries, menus.clone()].concat()));
        let screens = graph.nodes().filter(|node| !reached[*node]).map(|node| graph.position(node)).collect();
        Self { menus, screens }
    }
}

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    unreachable(graph, findings);
    endless(graph, findings);
    runs_that_never_return(graph, findings);
    stray_returns(graph, findings);
}

fn unreachable(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let lost = Unreachable::in_graph(graph);
    for menu in lost.menus.iter().map(|menu| graph.program.menu(*menu)) {
        findings.push(Diagnostic::warning(
            codes::P_UNREACHABLE_MENU,
            menu.span,
            format!("no entry leads to the menu `{}`", menu.name),
            "offer it in a menu that is reached, run it from one, or name it under `ussd` in bridge.yaml",
        ));
    }
    // A menu that is written before it is offered is one finding, whatever is in it.
    for at in lost.screens.iter().filter(|at| !lost.menus.contains(&at.menu)) {
        let screen = graph.program.screen(*at);
        findings.push(Diagnostic::error(
            codes::P_UNREACHABLE_SCREEN,
            screen.span,
            format!("nothing leads to the screen `{}`", screen.name),
            "name it as a target (`next`, `go`, `fails`, `none`, an option) of a screen that is reached, or remove it",
        ));
    }
}

/// One finding for each group of screens that lead only to each other; screens that lead into the group are not named, for
/// it is the group that must be mended.
fn endless(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let onward = onward(graph);
    let reached = onward.reach(graph.entries().into_iter().map(|menu| graph.start(menu)));
    let ends = onward.reversed().reach(graph.nodes().filter(|node| matches!(graph.screen(*node).verb, Verb::End(_))));
    let stuck = |node: Node| reached[node] && !ends[node];
    // Whatever a screen that is stuck leads to is stuck as well.
    let among = Arrows(
        onward.0.iter().enumerate().map(|(node, heads)| if stuck(node) { heads.clone() } else { Vec::new() }).collect(),
    );
    for group in among.components() {
        let leads_out = |node: &Node| among.0[*node].iter().any(|head| group.binary_search(head).is_err());
        if !stuck(group[0]) || group.iter().any(leads_out) {
            continue;
        }
        let screens: Vec<Node> = group.iter().copied().filter(|node| graph.nodes().contains(node)).collect();
        let silent = screens.iter().all(|node| !graph.has_a_person(*node));
        if silent && among.loop_through(group[0]).is_some() {
            continue; // It is a loop without a person as well, and that is the graver matter.
        }
        findings.extend(stuck_in(graph, &screens));
    }
}

fn stuck_in(graph: &Graph<'_>, screens: &[Node]) -> Option<Diagnostic> {
    let (first, others) = screens.split_first()?;
    let names: Vec<_> = screens.iter().take(NAMED).map(|node| format!("`{}`", graph.name(*node))).collect();
    let more = if screens.len() > NAMED { " and more" } else { "" };
    let finding = Diagnostic::error(
        codes::P_NO_END,
        graph.screen(*first).span,
        format!("the dialogue cannot end from {}{more}", names.join(", ")),
        "give one of these screens a way to a screen with `end`, or to a menu that has one",
    );
    let also = others.iter().take(NAMED - 1);
    Some(also.fold(finding, |finding, node| finding.also(graph.screen(*node).span, "leads only to the same screens")))
}

/// Where screens lead, with a node behind those of the screens for what follows each menu's `return`: whatever stands after
/// any `run` of that menu.
fn onward(graph: &Graph<'_>) -> Arrows {
    let returned = |menu: MenuId| graph.nodes().end + menu.index();
    let mut arrows = Arrows(vec![Vec::new(); graph.nodes().end + graph.program.menus.len()]);
    for node in graph.nodes() {
        for way in graph.ways(node) {
            let tail = way.after.map_or(node, returned);
            match way.leads {
                Leads::Return => arrows.0[tail].push(returned(graph.menu_of(node))),
                Leads::Back => arrows.0[tail].extend(graph.people_before(node)),
                Leads::Sorry => {}
                Leads::To(head) | Leads::Jump(head) | Leads::Home(head) | Leads::Into(head) => {
                    arrows.0[tail].push(head);
                }
            }
        }
    }
    arrows
}

fn runs_that_never_return(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let returning = graph.returning(|_, _| true);
    for node in graph.nodes() {
        let screen = graph.screen(node);
        if let Verb::Run(run) = &screen.verb
            && !returning[run.menu.index()]
        {
            let name = &graph.program.menu(run.menu).name;
            findings.push(
                Diagnostic::warning(
                    codes::P_NEVER_RETURNS,
                    screen.span,
                    format!("`{name}` never returns, so what stands after this `run` is never reached"),
                    format!("let a screen of `{name}` lead to `return`, or go there with a target instead of `run`"),
                )
                .also(graph.program.menu(run.menu).span, "has no way to `return`"),
            );
        }
    }
}

/// `return` needs somebody who ran the menu: one that is entered or jumped to has nobody.
fn stray_returns(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let mut how: Vec<Option<String>> = vec![None; graph.program.menus.len()];
    for node in graph.nodes() {
        for way in graph.ways(node) {
            if let Leads::Jump(start) = way.leads {
                let said = &mut how[graph.menu_of(start).index()];
                said.get_or_insert_with(|| format!("`{}` jumps to it", graph.name(node)));
            }
        }
    }
    for Entry { code, menu, .. } in &graph.program.ussd {
        how[menu.index()] = Some(format!("{code} leads to it"));
    }
    for keyword in &graph.program.keywords {
        how[keyword.run.index()] = Some(format!("the keyword `{}` leads to it", keyword.text));
    }
    for call in &graph.program.missed_calls {
        if let MissedCallAction::Run(menu) | MissedCallAction::CallBack(menu) = call.action {
            how[menu.index()] = Some(format!("a missed call to {} leads to it", call.number));
        }
    }
    how[graph.program.home.index()] = Some("it is the home menu".to_owned());
    for node in graph.nodes() {
        let menu = graph.menu_of(node);
        if let Some(how) = &how[menu.index()]
            && graph.ways(node).iter().any(|way| way.leads == Leads::Return)
        {
            findings.push(Diagnostic::error(
                codes::P_STRAY_RETURN,
                graph.screen(node).span,
                format!(
                    "`return` has nothing to return to: `{}` is not only run, {how}",
                    graph.program.menu(menu).name
                ),
                "lead to `home`, to an `end` or to a menu instead of `return`, or only `run` this menu",
            ));
        }
    }
}
