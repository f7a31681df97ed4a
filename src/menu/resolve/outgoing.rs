//! Verbs by which an SMS goes out: `send`, `verify`, and the `late` of a call.

use super::give::exactly;
use super::menu::Inside;
use super::world::index;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::{Operand, Path, Root};
use crate::menu::ids::{MessageId, SlotId};
use crate::menu::message::Variable;
use crate::menu::operation::Operation;
use crate::menu::own::Own;
use crate::menu::syntax::{CallTree, Expression, Gift, LateTree, SendOfTree, SendTree, VerifyTree};
use crate::menu::system_message::SystemMessage;
use crate::menu::types;
use crate::menu::value::{Letters, Type};
use crate::menu::verb::{Late, Send, SendOf, Target, Verify};
use crate::source::{Diagnostic, Spanned};

/// A receipt number, as the bridge draws them.
const RECEIPT: Type = Type::Text { max: types::RECEIPT, letters: Letters::Latin };

/// The number of a phone.
const PHONE: Type = Type::Text { max: types::PHONE, letters: Letters::Digits };

/// Where a message that `late` names is without its values, they are found by their names.
struct ByName<'a> {
    /// What the call fills, and what it answers; nothing for the message that there is no answer.
    answer: Option<(SlotId, &'a Type)>,
    /// The call's own name for it.
    into: Option<&'a Spanned<String>>,
}

impl ByName<'_> {
    /// The field of the answer with the name of a variable, or the receipt number.
    fn value(&self, message: &Spanned<String>, variable: &Variable, cx: &mut Context<'_>) -> Option<Operand> {
        let found = match self.answer {
            Some((slot, Type::Record(fields))) => {
                let at = fields.iter().position(|field| field.name == variable.name);
                at.and_then(|at| Some((at, fields.get(at)?))).map(|(at, field)| Path {
                    root: Root::Slot(slot),
                    fields: vec![index(at)],
                    ty: field.ty.clone(),
                })
            }
            _ => None,
        };
        let receipt = || {
            let path = Path { root: Root::Receipt, fields: Vec::new(), ty: RECEIPT };
            (variable.name == "receipt").then_some(path)
        };
        let Some(path) = found.or_else(receipt) else {
            let what = format!("`{}` needs `{}`", message.value, variable.name);
            let remedy = match (self.answer, self.into) {
                (None, None) => "add `into:` to the call, and a field of this name to the answer".to_owned(),
                _ => format!("say where it comes from: `{{send: {}, give: {{{}: …}}}}`", message.value, variable.name),
            };
            cx.push(Diagnostic::error(codes::GIVE, message.span, what, remedy));
            return None;
        };
        if !variable.takes(&path.ty) {
            let (wanted, found) = (variable.described(), types::described(&path.ty));
            let what = format!("`{}` is {found} in the answer, and `{}` takes {wanted}", variable.name, message.value);
            let remedy = "let the message take more, or the operation answer less";
            cx.push(Diagnostic::error(codes::WRONG_TYPE, message.span, what, remedy));
            return None;
        }
        Some(Operand::Path(path))
    }
}

impl Inside<'_> {
    pub(super) fn send(&self, tree: &SendTree, cx: &mut Context<'_>) -> Option<Send> {
        let next = self.required(tree.next.as_ref(), cx);
        // The number that is calling is where every message goes that says nothing else.
        let is_caller = |to: &Expression| matches!(to, Expression::Path(name) if name.written() == "caller");
        let to = tree.to.as_ref().filter(|to| !is_caller(to));
        let to = to.map(|to| self.scope.fitting(to, &PHONE, cx));
        let name = tree.message.as_ref()?;
        let what = self.message(name, &[], cx).and_then(|(message, takes)| {
            let give = self.give_to_message(name, takes, &tree.give, cx)?;
            Some(SendOf { message, give })
        });
        let to = match to {
            Some(to) => Some(to?),
            None => None,
        };
        Some(Send { what: what?, to, next: next? })
    }

    pub(super) fn late(
        &self,
        tree: &LateTree,
        call: &CallTree,
        operation: Option<&Operation>,
        cx: &mut Context<'_>,
    ) -> Option<Late> {
        let (slot, into) = (self.slot(call.into.as_ref()), call.into.as_ref());
        if operation.is_some_and(|operation| Own::by_name(&operation.name).is_some()) {
            let place = tree.answer.as_ref().or(tree.failed.as_ref()).map(|of| of.message.span);
            let message = "the bridge itself is not late";
            cx.error(codes::KEYS_CLASH, place?, message, "leave `late` out");
            return None;
        }
        let answer = slot.zip(operation.map(|operation| &operation.answer_type));
        let answer = tree.answer.as_ref().map(|of| self.send_of(of, &ByName { answer, into }, &[], cx));
        let failed = tree.failed.as_ref().map(|of| {
            let nothing = ByName { answer: None, into };
            self.send_of(of, &nothing, &[SystemMessage::LateFailed], cx)
        });
        Some(Late { answer: answer??, failed: failed?? })
    }

    fn send_of(
        &self,
        tree: &SendOfTree,
        by_name: &ByName<'_>,
        own: &[SystemMessage],
        cx: &mut Context<'_>,
    ) -> Option<SendOf> {
        let (message, takes) = self.message(&tree.message, own, cx)?;
        if let Some(gifts) = &tree.give {
            return Some(SendOf { message, give: self.give_to_message(&tree.message, takes, gifts, cx)? });
        }
        let give: Vec<_> = takes.iter().map(|variable| by_name.value(&tree.message, variable, cx)).collect();
        Some(SendOf { message, give: give.into_iter().collect::<Option<_>>()? })
    }

    /// A message of the menus; of the bridge's own only those of `own`.
    fn message(
        &self,
        name: &Spanned<String>,
        own: &[SystemMessage],
        cx: &mut Context<'_>,
    ) -> Option<(MessageId, &[Variable])> {
        let world = self.scope.world;
        if SystemMessage::by_name(&name.value).is_some_and(|message| !own.contains(&message)) {
            let message = format!("`{}` is sent by the bridge itself", name.value);
            cx.error(codes::BAD_VALUE, name.span, message, "write a message of your own, and name that");
            return None;
        }
        let id = world.message(name, cx)?;
        Some((id, world.taken_by(id)?))
    }

    /// The values that a message takes, in its order.
    fn give_to_message(
        &self,
        name: &Spanned<String>,
        takes: &[Variable],
        gifts: &[Gift],
        cx: &mut Context<'_>,
    ) -> Option<Vec<Operand>> {
        let names: Vec<&str> = takes.iter().map(|variable| variable.name.as_str()).collect();
        exactly(&names, gifts, &name.value, name, cx);
        let all: Vec<_> = takes
            .iter()
            .map(|variable| {
                let gift = gifts.iter().find(|gift| gift.name.value == variable.name)?;
                self.written(gift.value.as_ref()?, variable, cx)
            })
            .collect();
        all.into_iter().collect()
    }

    /// A value that must be one that a message can write as it is.
    fn written(&self, value: &Expression, variable: &Variable, cx: &mut Context<'_>) -> Option<Operand> {
        let operand = self.scope.operand(value, None, cx)?;
        let (ty, found) = match &operand {
            Operand::Path(path) => (Some(path.ty.clone()), types::described(&path.ty)),
            Operand::Literal(literal) => (types::of_value(literal), "what stands here".to_owned()),
        };
        if ty.is_some_and(|ty| variable.takes(&ty)) {
            return Some(operand);
        }
        let message = format!("{} is wanted here; {found} may not fit", variable.described());
        cx.error(codes::WRONG_TYPE, value.span(), message, "give another value, or let the message take more");
        None
    }

    pub(super) fn verify(&self, name: &Spanned<String>, tree: &VerifyTree, cx: &mut Context<'_>) -> Option<Verify> {
        let screen = name.value.as_str();
        let prompt = tree.prompt.as_ref().map(|prompt| self.text(screen, "prompt", Some(prompt), cx));
        let next = self.required(tree.next.as_ref(), cx);
        let wrong = self.required(tree.on_wrong.as_ref(), cx);
        let expired = self.optional_target(tree.on_expired.as_ref(), cx);
        let unsent = self.optional_target(tree.on_unsent.as_ref(), cx);
        self.carries_passwords(name, cx);
        Some(Verify {
            prompt: match prompt {
                Some(prompt) => Some(prompt?),
                None => None,
            },
            tries: tree.tries.unwrap_or(Verify::TRIES),
            lock: tree.lock.unwrap_or(Verify::LOCK),
            next: next?,
            wrong: wrong?,
            expired: expired?.unwrap_or(Target::Sorry),
            unsent: unsent?.unwrap_or(Target::Sorry),
        })
    }

    /// Reports that there is no message for one-time passwords.
    fn carries_passwords(&self, screen: &Spanned<String>, cx: &mut Context<'_>) {
        let (world, wanted) = (self.scope.world, SystemMessage::Otp.name());
        if !world.is_partial() && !world.messages.iter().any(|head| head.tree.name.value == wanted) {
            let message = format!("there is no message `{wanted}`, which brings a one-time password");
            let remedy = "write it in a file in the folder `messages`: its texts show `{{ code }}`";
            cx.error(codes::UNKNOWN_MESSAGE, screen.span, message, remedy);
        }
    }
}
