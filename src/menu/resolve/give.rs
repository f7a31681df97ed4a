//! Calls and runs: what is given to an operation or a menu, and how it may fail.

use super::menu::Inside;
use super::operations::INTENT;
use super::scope::{Names, found};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::Operand;
use crate::menu::operation::Operation;
use crate::menu::suggest;
use crate::menu::syntax::{CallTree, Expression, Gift, RunTree};
use crate::menu::types;
use crate::menu::value::Value;
use crate::menu::verb::{Call, FailureName, Run, Target};
use crate::source::{Diagnostic, Spanned};

impl Inside<'_> {
    pub(super) fn call(&self, tree: &CallTree, cx: &mut Context<'_>) -> Option<Call> {
        let world = self.scope.world;
        let name = tree.operation.as_ref()?;
        let next = self.required(tree.next.as_ref(), cx);
        let known = world.operation_names.get(&name.value).copied();
        if known.is_none() && !world.is_partial() {
            let names = world.operation_names.keys().map(String::as_str);
            let remedy = suggest::remedy(&name.value, names, "add it to its department's file");
            cx.error(codes::UNKNOWN_OPERATION, name.span, format!("there is no operation `{}`", name.value), remedy);
        }
        let operation = known.flatten().and_then(|id| world.operations.get(id.index()));
        let give = match operation {
            Some(operation) => self.give_to_call(operation, name, &tree.give, cx),
            // The values are looked at all the same.
            None => tree.give.iter().map(|gift| self.sent(gift.value.as_ref()?, cx)).collect(),
        };
        let fails: Vec<_> = tree.fails.iter().map(|(name, target)| self.failure(operation, name, target, cx)).collect();
        let late = tree.late.as_ref().map(|late| self.late(late, tree, operation, cx));
        Some(Call {
            operation: known??,
            give: give?,
            into: self.slot(tree.into.as_ref()),
            within: tree.within,
            next: next?,
            fails: fails.into_iter().collect::<Option<_>>()?,
            late: match late {
                Some(late) => Some(late?),
                None => None,
            },
        })
    }

    fn failure(
        &self,
        operation: Option<&Operation>,
        name: &Spanned<String>,
        target: &Spanned<String>,
        cx: &mut Context<'_>,
    ) -> Option<(FailureName, Target)> {
        let target = self.target(target, cx);
        let operation = operation?;
        let named = |name: &str| operation.errors.iter().any(|error| error.name == name);
        let failure = match name.value.as_str() {
            "down" => FailureName::Down,
            "refused" => FailureName::Refused,
            "late" => FailureName::Late,
            "unknown" if operation.changes => FailureName::Unknown,
            other if named(other) => FailureName::Named(other.to_owned()),
            other => {
                let own = operation.errors.iter().map(|error| error.name.as_str());
                let built_in = ["down", "refused", "late"].into_iter().chain(operation.changes.then_some("unknown"));
                let remedy = suggest::remedy(other, own.chain(built_in), "add it to the operation's `errors`");
                let message = format!("`{}` cannot fail by `{other}`", operation.name);
                cx.error(codes::UNKNOWN_FAILURE, name.span, message, remedy);
                return None;
            }
        };
        Some((failure, target?))
    }

    /// The values that an operation takes, in its order.
    fn give_to_call(
        &self,
        operation: &Operation,
        place: &Spanned<String>,
        gifts: &[Gift],
        cx: &mut Context<'_>,
    ) -> Option<Vec<Operand>> {
        let filled_by_bridge = |name: &str| name == INTENT;
        if operation.takes.iter().any(|name| filled_by_bridge(name)) && !operation.changes {
            let message = format!("`{}` takes an intent, and no changing call has been made here", operation.name);
            let remedy = "name it in `settled_by` only; the bridge itself asks what became of an intent";
            cx.error(codes::INTENT, place.span, message, remedy);
            return None;
        }
        let taken: Vec<&str> =
            operation.takes.iter().map(String::as_str).filter(|name| !filled_by_bridge(name)).collect();
        exactly(&taken, gifts, &operation.name, place, cx);
        let all: Vec<_> = operation
            .takes
            .iter()
            .map(|name| {
                if filled_by_bridge(name) {
                    return Some(Operand::Literal(Value::Text(String::new())));
                }
                let gift = gifts.iter().find(|gift| gift.name.value == *name)?;
                self.sent(gift.value.as_ref()?, cx)
            })
            .collect();
        all.into_iter().collect()
    }

    /// A value for a department: a single one. A secret may be given here, and nowhere else.
    fn sent(&self, value: &Expression, cx: &mut Context<'_>) -> Option<Operand> {
        let Expression::Path(name) = value else { return self.scope.operand(value, None, cx) };
        let path = found(self.scope.path(name), cx)?;
        if types::is_scalar(&path.ty) {
            return Some(Operand::Path(path));
        }
        let message = format!("`{}` is {}, which cannot be sent", name.written(), types::described(&path.ty));
        cx.error(codes::WRONG_TYPE, name.span(), message, "give one of its fields, such as its `code`");
        None
    }

    pub(super) fn run(&self, tree: &RunTree, cx: &mut Context<'_>) -> Option<Run> {
        let world = self.scope.world;
        let next = self.required(tree.next.as_ref(), cx);
        let name = tree.menu.as_ref()?;
        let menu = world.menu(name, cx);
        let head = menu.and_then(|menu| world.menus.get(menu.index()));
        let Some(head) = head else {
            // The values are looked at all the same.
            for value in tree.give.iter().filter_map(|gift| gift.value.as_ref()) {
                self.scope.operand(value, None, cx);
            }
            return None;
        };
        let taken: Vec<&str> = head.takes.iter().map(|(name, _)| name.value.as_str()).collect();
        exactly(&taken, &tree.give, &name.value, name, cx);
        if let Some(into) = tree.into.as_ref().filter(|_| head.gives.is_empty()) {
            let message = format!("the menu `{}` gives nothing", name.value);
            cx.error(codes::GIVE, into.span, message, "delete `into`, or declare `gives:` in that menu");
        }
        let give: Vec<_> = head
            .takes
            .iter()
            .map(|(name, ty)| {
                let gift = tree.give.iter().find(|gift| gift.name.value == name.value)?;
                self.scope.fitting(gift.value.as_ref()?, ty.as_ref()?, cx)
            })
            .collect();
        let give = give.into_iter().collect::<Option<_>>()?;
        Some(Run { menu: menu?, give, into: self.slot(tree.into.as_ref()), next: next? })
    }
}

/// Reports what is given and not taken, and what is taken and not given.
pub(super) fn exactly(taken: &[&str], gifts: &[Gift], what: &str, place: &Spanned<String>, cx: &mut Context<'_>) {
    for gift in gifts.iter().filter(|gift| !taken.contains(&gift.name.value.as_str())) {
        let message = format!("`{what}` takes no `{}`", gift.name.value);
        let remedy = suggest::remedy(&gift.name.value, taken.iter().copied(), "delete it");
        cx.error(codes::GIVE, gift.name.span, message, remedy);
    }
    let missing: Vec<&&str> =
        taken.iter().filter(|name| !gifts.iter().any(|gift| gift.name.value == ***name)).collect();
    if !missing.is_empty() {
        let message = format!("`{what}` needs {}", suggest::list(&missing));
        cx.push(Diagnostic::error(codes::GIVE, place.span, message, "give it: `give: {name: value}`"));
    }
}
