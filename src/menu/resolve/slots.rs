//! Which slots a menu has, and their types: inferred from everything that fills them.
//!
//! What a menu takes and gives is declared; any other slot has the smallest type that holds all that is put into it. Rows
//! and `set` take their types from other slots, so the types grow until nothing changes.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::scope::{Names, Scope, SlotState};
use super::world::{Known, MenuHead, World, index};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::ids::SlotId;
use crate::menu::syntax::{Expression, OptionTree, PathName, RowsTree, ScreenTree, VerbTree};
use crate::menu::types;
use crate::menu::value::{Field, Type};
use crate::source::{Diagnostic, Span, Spanned};

/// One thing that fills a slot.
#[derive(Debug)]
struct Filling<'a> {
    slot: SlotId,
    with: With<'a>,
    span: Span,
}

#[derive(Debug)]
enum With<'a> {
    /// `None` where a finding has been made about it.
    Type(Known<Type>),
    RowOf(&'a PathName),
    Value(&'a Expression),
}

/// The slots of one menu before their types are known.
#[derive(Debug, Default)]
struct Collected<'a> {
    slots: Vec<SlotState>,
    by_name: HashMap<String, SlotId>,
    /// Slots whose type is declared.
    declared: HashSet<SlotId>,
    fillings: Vec<Filling<'a>>,
    partial: bool,
}

/// More names than anybody could oversee in one menu.
const MOST: usize = 500;

/// The scope of a menu. The slots that it takes come first, in their order.
pub(super) fn scope<'a>(world: &'a World<'a>, head: &'a MenuHead<'a>, cx: &mut Context<'_>) -> Option<Scope<'a>> {
    let mut all = Collected::default();
    for (name, ty) in &head.takes {
        all.declare(name, ty.as_ref());
    }
    for (name, ty) in &head.gives {
        all.declare(name, ty.as_ref());
    }
    for screen in &head.tree.screens {
        all.screen(screen, world);
    }
    let Collected { slots, by_name, declared, fillings, partial } = all;
    if slots.len() > MOST {
        let message = format!("the menu has {} values, more than {MOST}", slots.len());
        cx.error(codes::TOO_MANY, head.tree.name.span, message, "make several menus of it");
        return None;
    }
    let mut scope = Scope { world, slots, by_name, partial };
    given(&scope, head, &fillings, cx);
    let clashes = infer(&mut scope, &declared, &fillings);
    report(&scope, &declared, &fillings, &clashes, cx);
    Some(scope)
}

impl<'a> Collected<'a> {
    fn slot(&mut self, name: &Spanned<String>) -> SlotId {
        *self.by_name.entry(name.value.clone()).or_insert_with(|| {
            self.slots.push(SlotState { name: name.value.clone(), ty: None, secret: false, span: name.span });
            SlotId(index(self.slots.len() - 1))
        })
    }

    fn declare(&mut self, name: &Spanned<String>, ty: Option<&Type>) {
        let slot = self.slot(name);
        // A name that is taken and given has the type with which it is taken.
        if self.declared.insert(slot)
            && let Some(state) = self.slots.get_mut(slot.index())
        {
            state.ty = ty.cloned();
        }
    }

    fn fill(&mut self, name: Option<&Spanned<String>>, with: With<'a>) -> Option<SlotId> {
        let name = name?;
        let slot = self.slot(name);
        self.fillings.push(Filling { slot, with, span: name.span });
        Some(slot)
    }

    fn rows(&mut self, rows: &'a RowsTree) {
        self.partial |= rows.each.is_none();
        let with = rows.source.as_ref().map_or(With::Type(None), With::RowOf);
        self.fill(rows.each.as_ref(), with);
    }

    fn screen(&mut self, screen: &'a ScreenTree, world: &World<'_>) {
        match &screen.verb {
            None => self.partial = true,
            Some(VerbTree::Choose(choose)) => {
                choose.rows.iter().for_each(|rows| self.rows(rows));
                self.fill(choose.into.as_ref(), With::Type(Some(ids(&choose.options))));
            }
            Some(VerbTree::Show(show)) => show.rows.iter().for_each(|rows| self.rows(rows)),
            Some(VerbTree::Ask(ask)) => {
                self.partial |= ask.into.is_none();
                let slot = self.fill(ask.into.as_ref(), With::Type(ask.accept.as_ref().map(types::of_accept)));
                if let Some(state) = slot.and_then(|slot| self.slots.get_mut(slot.index())) {
                    state.secret |= ask.secret;
                }
            }
            Some(VerbTree::Call(call)) => {
                let operation = call.operation.as_ref().and_then(|name| world.operation_names.get(&name.value));
                let operation = operation.copied().flatten().and_then(|id| world.operations.get(id.index()));
                let ty = operation.map(|operation| operation.answer_type.clone());
                self.fill(call.into.as_ref(), With::Type(ty));
            }
            Some(VerbTree::Run(run)) => {
                let menu = run.menu.as_ref().and_then(|name| world.find_menu(&name.value));
                let ty = menu.and_then(|menu| world.menus.get(menu.index())).and_then(record_of);
                self.fill(run.into.as_ref(), With::Type(ty));
            }
            Some(VerbTree::Set { assign, .. }) => {
                for assignment in assign {
                    let place = &assignment.place;
                    let is_slot = place.fields.is_empty() && place.root.value != "language";
                    if is_slot && place.root.value != "profile" {
                        let with = assignment.value.as_ref().map_or(With::Type(None), With::Value);
                        self.fill(Some(&place.root), with);
                    }
                }
            }
            Some(VerbTree::End(_) | VerbTree::Send(_) | VerbTree::Branch(_) | VerbTree::Verify(_)) => {}
        }
    }
}

/// The type of the ids of options.
fn ids(options: &[OptionTree]) -> Type {
    types::of_texts(options.iter().map(|option| option.id.value.as_str()))
}

/// What a menu gives, as one value.
pub(super) fn record_of(head: &MenuHead<'_>) -> Option<Type> {
    let field = |(name, ty): &(&Spanned<String>, Known<Type>)| {
        Some(Field { name: name.value.clone(), ty: ty.clone()?, personal: false })
    };
    let fields = head.gives.iter().map(field).collect::<Option<Vec<_>>>()?;
    Some(Type::Record(std::sync::Arc::new(fields)))
}

/// Every name that is given must be filled by a screen, or taken.
fn given(scope: &Scope<'_>, head: &MenuHead<'_>, fillings: &[Filling<'_>], cx: &mut Context<'_>) {
    for (name, ty) in &head.gives {
        let Some(&slot) = scope.by_name.get(&name.value) else { continue };
        if let Some((taken, taken_type)) = head.takes.iter().find(|(taken, _)| taken.value == name.value) {
            if let (Some(taken_type), Some(ty)) = (taken_type, ty)
                && !types::fits(taken_type, ty)
            {
                let message = format!("`{}` is taken as {}", name.value, types::described(taken_type));
                let finding = Diagnostic::error(codes::TYPES_CLASH, name.span, message, "declare one type for both");
                cx.push(finding.also(taken.span, "taken here"));
            }
        } else if !scope.partial && !fillings.iter().any(|filling| filling.slot == slot) {
            let message = format!("no screen of this menu fills `{}`", name.value);
            cx.error(codes::NEVER_FILLED, name.span, message, "fill it by `into`, `as` or `set`, or do not give it");
        }
    }
}

/// Two fillings of one slot whose types cannot be joined: indexes of fillings.
type Clashes = BTreeSet<(usize, usize)>;

/// Lets the types of slots grow until nothing changes. They only ever grow, so that this ends: what one slot holds has
/// reached every other after as many rounds as there are slots.
fn infer(scope: &mut Scope<'_>, declared: &HashSet<SlotId>, fillings: &[Filling<'_>]) -> Clashes {
    let is_literal = |filling: &Filling<'_>| matches!(filling.with, With::Value(Expression::Literal(_)));
    let free = (0..fillings.len()).filter(|&at| !declared.contains(&fillings[at].slot));
    let (plain, literals): (Vec<usize>, Vec<usize>) = free.partition(|&at| !is_literal(&fillings[at]));
    // Literals come last: they take the type of what else fills the slot.
    let all = [plain.as_slice(), literals.as_slice()].concat();
    let mut first: Vec<Option<usize>> = vec![None; scope.slots.len()];
    let mut clashes = Clashes::new();
    for round in [plain, all] {
        for _ in 0..=scope.slots.len() {
            let mut changed = false;
            for &at in &round {
                let slot = fillings[at].slot.index();
                let before = scope.slots[slot].ty.as_ref();
                let Some(ty) = type_of(scope, &fillings[at].with, before) else { continue };
                let joined = match before {
                    None => Some(ty),
                    Some(before) => types::join(before, &ty),
                };
                let by = *first[slot].get_or_insert(at);
                if joined.is_none() {
                    clashes.insert((by, at));
                } else if joined != scope.slots[slot].ty {
                    scope.slots[slot].ty = joined;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
    clashes
}

/// The type of what fills a slot, as far as it is known; `so_far` is what the slot has from others.
fn type_of(scope: &Scope<'_>, with: &With<'_>, so_far: Option<&Type>) -> Known<Type> {
    match with {
        With::Type(ty) => ty.clone(),
        With::RowOf(source) => scope.rows(source).ok().map(|(_, row)| row),
        With::Value(Expression::Path(name)) => scope.path(name).ok().map(|path| path.ty),
        With::Value(Expression::Literal(literal)) => match so_far {
            // One that does not suit is reported where the screen is resolved.
            Some(ty) => {
                types::literal(&literal.value, ty).ok().and_then(|value| types::of_value(&value)).or(Some(ty.clone()))
            }
            None => Some(types::natural(&literal.value).0),
        },
    }
}

fn report(
    scope: &Scope<'_>,
    declared: &HashSet<SlotId>,
    fillings: &[Filling<'_>],
    clashes: &Clashes,
    cx: &mut Context<'_>,
) {
    for &(first, second) in clashes {
        let (first, second) = (&fillings[first], &fillings[second]);
        let (here, elsewhere) = told_apart(scope, second, first);
        let name = scope.slots.get(second.slot.index()).map_or("", |slot| &slot.name);
        let message = format!("`{name}` is filled with {here} here, and elsewhere with {elsewhere}");
        let finding = Diagnostic::error(codes::TYPES_CLASH, second.span, message, "use two names");
        cx.push(finding.also(first.span, "filled here too"));
    }
    for filling in fillings.iter().filter(|filling| declared.contains(&filling.slot)) {
        // Values of `set` are compared with the declared type where their screen is resolved.
        if matches!(filling.with, With::Value(_)) {
            continue;
        }
        let slot = &scope.slots[filling.slot.index()];
        if let (Some(ty), Some(wanted)) = (type_of(scope, &filling.with, None), &slot.ty)
            && !types::fits(&ty, wanted)
        {
            let (ty, wanted) = (types::described(&ty), types::described(wanted));
            let message = format!("`{}` is declared as {wanted}; {ty} may not fit", slot.name);
            let finding = Diagnostic::error(
                codes::WRONG_TYPE,
                filling.span,
                message,
                "use another name, or declare a wider type",
            );
            cx.push(finding.also(slot.span, "declared here"));
        }
    }
    circles(scope, declared, fillings, cx);
}

/// What fills one slot twice, in words that tell one from the other: rows by their lists.
fn told_apart(scope: &Scope<'_>, one: &Filling<'_>, other: &Filling<'_>) -> (String, String) {
    let ty = |filling: &Filling<'_>| type_of(scope, &filling.with, None);
    let alone = |filling: &Filling<'_>| match &filling.with {
        With::RowOf(list) => format!("a row of `{}`", list.written()),
        _ => ty(filling).map_or("something else".to_owned(), |ty| types::described(&ty)),
    };
    let is_row = |filling: &Filling<'_>| matches!(filling.with, With::RowOf(_));
    match (ty(one), ty(other)) {
        (Some(a), Some(b)) if !is_row(one) && !is_row(other) => types::described_apart(&a, &b),
        _ => (alone(one), alone(other)),
    }
}

/// Slots that only fill each other.
fn circles(scope: &Scope<'_>, declared: &HashSet<SlotId>, fillings: &[Filling<'_>], cx: &mut Context<'_>) {
    let root = |with: &With<'_>| {
        let name = match with {
            With::RowOf(name) => *name,
            With::Value(Expression::Path(name)) => name,
            With::Type(_) | With::Value(Expression::Literal(_)) => return None,
        };
        scope.by_name.get(&name.root.value).copied()
    };
    let open = |slot: SlotId| scope.slots[slot.index()].ty.is_none();
    // A slot is excused where something else is wrong, which has its own finding: with a filling, or with a slot behind it.
    let mut excused: HashSet<SlotId> = declared.iter().copied().collect();
    for _ in 0..=scope.slots.len() {
        for filling in fillings {
            let elsewhere = match root(&filling.with) {
                None => true,
                Some(slot) => !open(slot) || excused.contains(&slot),
            };
            if elsewhere {
                excused.insert(filling.slot);
            }
        }
    }
    for (at, slot) in scope.slots.iter().enumerate() {
        if open(SlotId(index(at))) && !excused.contains(&SlotId(index(at))) {
            let message = format!("`{}` is filled only with itself, or with what it fills", slot.name);
            cx.error(codes::NEVER_FILLED, slot.span, message, "fill it with a value of something else");
        }
    }
}
