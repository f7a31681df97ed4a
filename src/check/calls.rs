//! Calls of departments: what changes something can be asked after, its doubtful case is told to the citizen, and no call
//! waits longer than the gateway does.

use std::collections::BTreeSet;

use super::codes;
use super::graph::{Graph, Leads, Node};
use super::named_gateways::together;
use crate::gateway::Profile;
use crate::menu::{
    AnswerField, Call, FailureName, MissedCallAction, Operand, Operation, OperationId, Program, Root, Target, Text,
    Type, Verb,
};
use crate::source::Diagnostic;

pub(super) fn check(graph: &Graph<'_>, profiles: &[Profile], findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    for operation in &program.operations {
        settled(program, operation, findings);
    }
    let read = read(graph);
    for node in graph.nodes() {
        if let Verb::Call(call) = &graph.screen(node).verb
            && program.operation(call.operation).changes
        {
            let is_read = read.get(node).copied().unwrap_or_default();
            doubtful(graph, node, call, is_read, findings);
        }
    }
    patient(graph, profiles, findings);
}

/// An operation that changes something names another that tells afterwards what became of it: that one's answer takes the
/// place of the one that was lost. (That it reads and takes `intent` alone has been seen to by the compiler.)
fn settled(program: &Program, operation: &Operation, findings: &mut Vec<Diagnostic>) {
    let Some(settles) = operation.settled_by.map(|settles| program.operation(settles)) else { return };
    for (what, remedy) in unfit(operation, settles) {
        findings.push(
            Diagnostic::error(
                codes::P_SETTLED_BY,
                operation.span,
                format!("`{}` cannot say what became of `{}`: {what}", settles.name, operation.name),
                remedy,
            )
            .also(settles.span, "is named by `settled_by`"),
        );
    }
}

/// Why `settles` cannot settle `operation`, each with what to do about it.
fn unfit(operation: &Operation, settles: &Operation) -> Vec<(String, String)> {
    let mut unfit = Vec::new();
    if settles.cache.is_some() {
        let remedy = "remove its `cache`".to_owned();
        unfit.push(("its answers are kept, and what became of the other may be decided later".to_owned(), remedy));
    }
    for field in &operation.answer {
        let found = settles.answer.iter().find(|other| other.name == field.name);
        match found {
            None if field.optional => {}
            None => unfit.push((
                format!("its answer has no `{}`", field.name),
                format!("declare `{}` in its answer as it stands in that of `{}`", field.name, operation.name),
            )),
            Some(other) if fits(other, field) => {}
            Some(_) => unfit.push((
                format!("`{}` of its answer may hold what that of the other may not", field.name),
                format!("declare `{}` in both answers with the same type, length and letters", field.name),
            )),
        }
    }
    unfit
}

/// Whether every value that `from` may bring is one that `into` may hold.
fn fits(from: &AnswerField, into: &AnswerField) -> bool {
    (into.optional || !from.optional) && type_fits(&from.ty, &into.ty) && (into.personal || !from.personal)
}

fn type_fits(from: &Type, into: &Type) -> bool {
    match (from, into) {
        (Type::Text { max: from, letters: a }, Type::Text { max: into, letters: b }) => from <= into && a == b,
        (Type::Number { min: a, max: b }, Type::Number { min: c, max: d }) => c <= a && b <= d,
        (Type::Amount { max: from }, Type::Amount { max: into }) => from <= into,
        (Type::List { of: a, at_most: from }, Type::List { of: b, at_most: into }) => from <= into && type_fits(a, b),
        (Type::Record(a), Type::Record(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.name == b.name && type_fits(&a.ty, &b.ty))
        }
        _ => from == into,
    }
}

/// By screen: whether somebody with a screen can come there. To the others only keywords and missed calls lead.
fn read(graph: &Graph<'_>) -> Vec<bool> {
    let program = graph.program;
    let called_back = program.missed_calls.iter().filter_map(|call| match call.action {
        MissedCallAction::CallBack(menu) => Some(menu),
        MissedCallAction::Send { .. } | MissedCallAction::Run(_) => None,
    });
    let dialled = program.ussd.iter().map(|entry| entry.menu);
    let menus = std::iter::once(program.home).chain(dialled).chain(called_back);
    graph.arrows(|_, way| way.head()).reach(menus.map(|menu| graph.start(menu)))
}

/// Who has booked something and does not know whether must be told so, with the receipt number: on the screen, or in a message
/// before it.
fn doubtful(graph: &Graph<'_>, node: Node, call: &Call, is_read: bool, findings: &mut Vec<Diagnostic>) {
    let screen = graph.screen(node);
    let operation = graph.program.operation(call.operation);
    let at = call.fails.iter().position(|(name, target)| *name == FailureName::Unknown && *target != Target::Sorry);
    let Some(at) = at else {
        findings.push(
            Diagnostic::error(
                codes::P_UNKNOWN,
                screen.span,
                format!("`{}` changes something, and nobody is told when its answer is lost", operation.name),
                "name a screen for `unknown` in `fails`, which says that it is not known yet and shows `{{ receipt }}`",
            )
            .also(operation.span, "has `changes: yes`"),
        );
        return;
    };
    // Who texts or rings is told by `late` (`promised`).
    if !is_read {
        return;
    }
    // The first way out of a call is `next`; those of `fails` follow in their order.
    let head = graph.ways(node).get(at + 1).and_then(|way| way.head());
    for told in head.map_or_else(Vec::new, |head| shown_first(graph, head)) {
        let screen = graph.screen(told);
        let shows_receipt =
            |text: &Text| text.languages.iter().all(|template| template.paths().any(|path| path.root == Root::Receipt));
        if screen.verb.texts().into_iter().any(shows_receipt) {
            continue;
        }
        findings.push(
            Diagnostic::warning(
                codes::P_NO_RECEIPT,
                screen.span,
                format!(
                    "`{}` is shown when the answer of `{}` is lost, without the receipt number",
                    screen.name, operation.name
                ),
                "show `{{ receipt }}` on it, so that the citizen can ask what became of it",
            )
            .also(graph.screen(node).span, "leads here when the outcome is `unknown`"),
        );
    }
}

/// The screens with a person that are shown first on the ways from `start` on, but for those behind a message with the receipt
/// number.
fn shown_first(graph: &Graph<'_>, start: Node) -> Vec<Node> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        if !gives_receipt(&graph.screen(node).verb) && seen.insert(node) && !graph.has_a_person(node) {
            let onward =
                graph.ways(node).iter().filter(|way| way.after.is_none() && !matches!(way.leads, Leads::Home(_)));
            open.extend(onward.filter_map(|way| way.head()));
        }
    }
    seen.retain(|node| graph.has_a_person(*node));
    seen.into_iter().collect()
}

fn gives_receipt(verb: &Verb) -> bool {
    let Verb::Send(send) = verb else { return false };
    send.what.give.iter().any(|given| matches!(given, Operand::Path(path) if path.root == Root::Receipt))
}

/// Calls that may wait longer than the gateway that waits least leaves them, its reply's own time kept back. What an operation declares is said once, at the operation.
fn patient(graph: &Graph<'_>, profiles: &[Profile], findings: &mut Vec<Diagnostic>) {
    let Some(shortest) = profiles.iter().map(Profile::for_departments).min() else { return };
    let mut said = BTreeSet::<OperationId>::new();
    for node in graph.nodes() {
        let screen = graph.screen(node);
        // One that is told later goes on when the phone waits no longer.
        let Verb::Call(call @ Call { late: None, .. }) = &screen.verb else { continue };
        let operation = graph.program.operation(call.operation);
        let (within, span) = match call.within {
            Some(within) => (within, screen.span),
            None => (operation.within, operation.span),
        };
        if within <= shortest || (call.within.is_none() && !said.insert(call.operation)) {
            continue;
        }
        let too_short = profiles.iter().filter(|profile| profile.for_departments() < within);
        let gateways =
            together(too_short.map(|profile| (profile.for_departments(), profile.name.as_str())), |left, names| {
                format!("{names} ({left:?})")
            });
        findings.push(Diagnostic::warning(
            codes::P_WITHIN,
            span,
            format!(
                "`{}` may take {within:?}, longer than these gateways leave departments: {gateways}",
                operation.name,
            ),
            format!(
                "set `within` to at most {shortest:?}; until then the bridge cuts the call short on these gateways"
            ),
        ));
    }
}
