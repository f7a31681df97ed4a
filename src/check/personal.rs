//! Personal data is shown only to the person it is about.
//!
//! A number is not a person. A field marked `personal` may be shown where its operation is `registered`: the department
//! itself has said that the caller's number is that person's; or where nobody comes who was not verified in this call. The proof
//! follows every value from the call that brought it through slots, lists, `set`, `run` and the profile to the texts that show it and
//! the messages that carry it. To another number than the caller's nothing personal is sent at all.

use std::collections::BTreeSet;

use super::codes;
use super::graph::{Graph, Node};
use super::named;
use crate::menu::{
    Call, MenuId, Operand, Operation, OperationId, Own, Path, Place, ProfileId, Program, Root, RowSource, Send, SendOf,
    SlotId, Type, Verb,
};
use crate::source::{Diagnostic, Span};

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    for node in graph.nodes() {
        kept(graph, node, findings);
        sent_elsewhere(graph, node, findings);
    }
    let origins = Origins::of(graph);
    if origins.is_empty() {
        return;
    }
    for node in graph.nodes().filter(|node| !graph.screen(*node).verified) {
        let menu = graph.menu_of(node);
        let mut said = BTreeSet::new();
        let screen = graph.screen(node);
        let texts = screen.verb.texts().into_iter().flat_map(|text| text.languages.iter());
        let shown = texts.flat_map(|template| template.paths().map(|path| (path, template.span)));
        for (path, span) in shown.chain(sent(&screen.verb).map(|path| (path, screen.span))) {
            let operations = origins.personal_in(program, menu, path);
            if operations.is_empty() {
                continue;
            }
            let name = named::written(program, program.menu(menu), path);
            for operation in operations {
                if said.insert((name.clone(), operation)) {
                    findings.push(unbound(program.operation(operation), &name, span));
                }
            }
        }
    }
}

/// What messages are given on a screen: what it sends, and what tells the answer of its call later.
fn sent(verb: &Verb) -> impl Iterator<Item = &Path> {
    let messages: Vec<&SendOf> = match verb {
        Verb::Send(send) => vec![&send.what],
        Verb::Call(Call { late: Some(late), .. }) => vec![&late.answer, &late.failed],
        _ => Vec::new(),
    };
    messages.into_iter().flat_map(|message| &message.give).filter_map(|operand| match operand {
        Operand::Path(path) => Some(path),
        Operand::Literal(_) => None,
    })
}

/// Another number is another person's: neither the department nor a one-time password has said anything of it.
fn sent_elsewhere(graph: &Graph<'_>, node: Node, findings: &mut Vec<Diagnostic>) {
    let (program, menu) = (graph.program, graph.menu_of(node));
    let screen = graph.screen(node);
    let Verb::Send(send @ Send { to: Some(_), .. }) = &screen.verb else { return };
    let private = sent(&screen.verb).find(|path| program.is_personal(menu, path) || program.is_guarded(menu, path));
    if let Some(path) = private {
        let what = if program.is_personal(menu, path) { "is personal" } else { "was answered to a secret" };
        findings.push(Diagnostic::error(
            codes::P_SENT,
            screen.span,
            format!(
                "`{}` {what}, and `{}` goes to another number than the caller's",
                named::written(program, program.menu(menu), path),
                program.message(send.what.message).name
            ),
            "leave `to` out, so that it goes to the number that is calling, or send what is nobody's",
        ));
    }
}

/// The profile outlives the dialogue, and with it the department's word that the number is that person's: handsets and
/// numbers change hands.
fn kept(graph: &Graph<'_>, node: Node, findings: &mut Vec<Diagnostic>) {
    let (program, menu) = (graph.program, graph.menu_of(node));
    let screen = graph.screen(node);
    let Verb::Set(set) = &screen.verb else { return };
    for (place, operand) in &set.assign {
        if let (Place::Profile(field), Operand::Path(path)) = (place, operand)
            && program.is_personal(menu, path)
        {
            findings.push(Diagnostic::error(
                codes::P_KEPT,
                screen.span,
                format!(
                    "`{}` is personal, and `profile.{}` would keep it with the number for whoever calls from it later",
                    named::written(program, program.menu(menu), path),
                    program.profile[field.index()].name
                ),
                "ask the department again each time, or keep what is not personal",
            ));
        }
    }
}

fn unbound(operation: &Operation, name: &str, span: Span) -> Diagnostic {
    if Own::by_name(&operation.name).is_some() {
        return Diagnostic::error(
            codes::P_PERSONAL,
            span,
            format!("`{name}` may be personal: it is what somebody was told"),
            "ask for a one-time password (`verify: otp`) on every way there, or leave the value out",
        );
    }
    Diagnostic::error(
        codes::P_PERSONAL,
        span,
        format!("`{name}` is personal, and `{}` does not say that it is about the caller", operation.name),
        format!(
            "ask for a one-time password (`verify: otp`) on every way there, let the department find the person by the caller's number \
             and say `registered: caller` at `{}`, or leave the value out",
            operation.name
        ),
    )
    .also(operation.span, "has no `registered`")
}

/// Which operations without `registered` a value may have come from.
type Operations = BTreeSet<OperationId>;

/// What may be in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Origin {
    /// Records or lists of these operations, whose fields say what of them is personal.
    records: Operations,
    /// A single value that was a personal field of these, and no longer says so by its type.
    personal: Operations,
}

/// Slots of all menus and fields of the profile, with what may be in each.
#[derive(Debug)]
struct Origins {
    slots: Vec<Vec<Origin>>,
    profile: Vec<Origin>,
}

/// A place that a value may be put into.
#[derive(Clone, Copy, Debug)]
enum Cell {
    Slot(MenuId, SlotId),
    Profile(ProfileId),
}

impl Origins {
    /// Goes over all screens until nothing new flows. Each round carries every value one place on at least, and only
    /// operations without `registered` that have personal fields flow at all, which are few.
    fn of(graph: &Graph<'_>) -> Self {
        let program = graph.program;
        let mut origins = Self {
            slots: program.menus.iter().map(|menu| vec![Origin::default(); menu.slots.len()]).collect(),
            profile: vec![Origin::default(); program.profile.len()],
        };
        for node in graph.nodes() {
            if let Verb::Call(call) = &graph.screen(node).verb
                && let Some(slot) = call.into
            {
                let operation = program.operation(call.operation);
                if operation.registered.is_none() && has_personal(&operation.answer_type) {
                    origins.slots[graph.menu_of(node).index()][slot.index()].records.insert(call.operation);
                }
            }
        }
        let mut moved = !origins.is_empty();
        while moved {
            moved = false;
            for node in graph.nodes() {
                moved |= origins.flow(graph, node);
            }
        }
        origins
    }

    fn is_empty(&self) -> bool {
        self.slots.iter().flatten().chain(&self.profile).all(|origin| *origin == Origin::default())
    }

    /// Carries values over one screen; whether anything new arrived.
    fn flow(&mut self, graph: &Graph<'_>, node: Node) -> bool {
        let program = graph.program;
        let menu = graph.menu_of(node);
        let screen = graph.screen(node);
        let mut moved = false;
        if let Some(rows) = screen.verb.rows()
            && let RowSource::Answer(path) = &rows.source
        {
            moved |= self.put(Cell::Slot(menu, rows.each), self.at(program, menu, path));
        }
        match &screen.verb {
            Verb::Set(set) => {
                for (place, operand) in &set.assign {
                    let cell = match place {
                        Place::Slot(slot) => Cell::Slot(menu, *slot),
                        Place::Profile(field) => Cell::Profile(*field),
                        Place::Language => continue,
                    };
                    moved |= self.put(cell, self.given(program, menu, operand));
                }
            }
            Verb::Run(run) => {
                for (slot, operand) in (0..).map(SlotId).zip(&run.give) {
                    moved |= self.put(Cell::Slot(run.menu, slot), self.given(program, menu, operand));
                }
                // What a menu gives becomes the fields of a record, whose type keeps the marks of records and lists in it;
                // a single personal value makes the whole record personal.
                if let Some(into) = run.into {
                    for gives in &program.menu(run.menu).gives {
                        let origin = self.get(Cell::Slot(run.menu, *gives)).clone();
                        moved |= self.put(Cell::Slot(menu, into), origin);
                    }
                }
            }
            _ => {}
        }
        moved
    }

    fn given(&self, program: &Program, menu: MenuId, operand: &Operand) -> Origin {
        match operand {
            Operand::Path(path) => self.at(program, menu, path),
            Operand::Literal(_) => Origin::default(),
        }
    }

    /// What the value at the end of a path carries along.
    fn at(&self, program: &Program, menu: MenuId, path: &Path) -> Origin {
        let Origin { records, mut personal } = self.root(menu, path);
        if named::fields(program, program.menu(menu), path).iter().any(|field| field.personal) {
            personal.extend(&records);
        }
        let records = if has_personal(&path.ty) { records } else { Operations::new() };
        Origin { records, personal }
    }

    /// The operations whose personal data a text shows with this path.
    fn personal_in(&self, program: &Program, menu: MenuId, path: &Path) -> Operations {
        self.at(program, menu, path).personal
    }

    fn root(&self, menu: MenuId, path: &Path) -> Origin {
        match path.root {
            Root::Slot(slot) => self.get(Cell::Slot(menu, slot)).clone(),
            Root::Profile(field) => self.get(Cell::Profile(field)).clone(),
            _ => Origin::default(),
        }
    }

    fn get(&self, cell: Cell) -> &Origin {
        match cell {
            Cell::Slot(menu, slot) => &self.slots[menu.index()][slot.index()],
            Cell::Profile(field) => &self.profile[field.index()],
        }
    }

    fn put(&mut self, cell: Cell, origin: Origin) -> bool {
        let place = match cell {
            Cell::Slot(menu, slot) => &mut self.slots[menu.index()][slot.index()],
            Cell::Profile(field) => &mut self.profile[field.index()],
        };
        let before = (place.records.len(), place.personal.len());
        place.records.extend(origin.records);
        place.personal.extend(origin.personal);
        before != (place.records.len(), place.personal.len())
    }
}

fn has_personal(ty: &Type) -> bool {
    match ty {
        Type::Record(fields) => fields.iter().any(|field| field.personal || has_personal(&field.ty)),
        Type::List { of, .. } => has_personal(of),
        _ => false,
    }
}
