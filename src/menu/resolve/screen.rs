//! Screens: every verb with its targets, values and texts.

use super::menu::Inside;
use super::operations::INTENT;
use super::scope::Names;
use super::texts;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::operation::Operation;
use crate::menu::program::{
    Among, Arm, Ask, Call, ChoiceOption, Choose, FailureName, Operand, Path, Place, Root, Rows, Run, Screen, Set, Show,
    SlotId, Target, Verb,
};
use crate::menu::suggest;
use crate::menu::syntax::names;
use crate::menu::syntax::{
    AskTree, Assignment, CallTree, ChooseTree, ConditionTree, Expression, Gift, OptionTree, PathName, RowsTree,
    RunTree, ScreenTree, ShowTree, VerbTree, Words,
};
use crate::menu::text::Text;
use crate::menu::types;
use crate::menu::value::{Type, Value};
use crate::source::{Diagnostic, Spanned};

/// What a screen's part could be made into, `None` where there is a finding. Parts are all resolved before the first `?`,
/// so that a finding in one does not hide those in others.
impl Inside<'_> {
    pub(super) fn screen(&self, tree: &ScreenTree, cx: &mut Context<'_>) -> Option<Screen> {
        let name = tree.name.value.as_str();
        let verb = match tree.verb.as_ref()? {
            VerbTree::Choose(choose) => Verb::Choose(self.choose(name, choose, cx)?),
            VerbTree::Ask(ask) => Verb::Ask(self.ask(name, ask, cx)?),
            VerbTree::Show(show) => Verb::Show(self.show(name, show, cx)?),
            VerbTree::End(text) => Verb::End(self.text(name, "end", text.as_ref(), cx)?),
            VerbTree::Call(call) => Verb::Call(self.call(call, cx)?),
            VerbTree::Branch(arms) => Verb::Branch(self.branch(arms, cx)?),
            VerbTree::Set { assign, next } => Verb::Set(self.set(assign, next.as_ref(), cx)?),
            VerbTree::Run(run) => Verb::Run(self.run(run, cx)?),
        };
        Some(Screen { name: name.to_owned(), verb, save: tree.save, personal: false, span: tree.name.span })
    }

    fn text(&self, screen: &str, id: &str, words: Option<&Words>, cx: &mut Context<'_>) -> Option<Text> {
        texts::text(self.scope, &format!("{screen}.{id}"), words?, self.fresh, self.scope.world, cx)
    }

    fn slot(&self, name: Option<&Spanned<String>>) -> Option<SlotId> {
        self.scope.by_name.get(&name?.value).copied()
    }

    fn required(&self, target: Option<&Spanned<String>>, cx: &mut Context<'_>) -> Option<Target> {
        self.target(target?, cx)
    }

    fn choose(&self, name: &str, tree: &ChooseTree, cx: &mut Context<'_>) -> Option<Choose> {
        let text = self.text(name, "choose", tree.text.as_ref(), cx);
        let next = self.optional_target(tree.next.as_ref(), cx);
        let among = match &tree.rows {
            Some(rows) => {
                let find = tree.find.as_ref().map(|find| self.find(find, rows, cx));
                let list = self.rows(name, rows, cx);
                let find = match find {
                    Some(find) => Some(find?),
                    None => None,
                };
                Among::List { list: list?, next: next??, find }
            }
            None => Among::Options(self.options(name, &tree.options, next, cx)?),
        };
        Some(Choose { text: text?, among, into: self.slot(tree.into.as_ref()) })
    }

    /// The field whose first letters may be typed: a text of the row itself.
    fn find(&self, find: &PathName, rows: &RowsTree, cx: &mut Context<'_>) -> Option<Path> {
        let path = self.scope.open(find, cx)?;
        let of_row = rows.each.as_ref().is_some_and(|each| each.value == find.root.value) && !find.fields.is_empty();
        if of_row && matches!(path.ty, Type::Text { .. }) {
            return Some(path);
        }
        let message = format!("`{}` is not a text of the row", find.written());
        cx.error(codes::WRONG_TYPE, find.span(), message, "name a field of what `as` names, with a text in it");
        None
    }

    fn rows(&self, name: &str, tree: &RowsTree, cx: &mut Context<'_>) -> Option<Rows> {
        let source = tree.source.as_ref().and_then(|source| match self.scope.rows(source) {
            Ok((rows, _)) => Some(rows),
            Err(unknown) => {
                unknown.into_iter().for_each(|finding| cx.push(*finding));
                None
            }
        });
        let row = self.text(name, "row", tree.row.as_ref(), cx);
        let only = tree.only.as_ref().map(|only| self.scope.condition(only, cx));
        let none = self.optional_target(tree.none.as_ref(), cx);
        let only = match only {
            Some(only) => Some(only?),
            None => None,
        };
        let each = tree.each.as_ref()?;
        Some(Rows { source: source?, each: self.slot(Some(each))?, row: row?, only, none: none?, span: each.span })
    }

    /// Options; those without `go` lead to `next`, or to the target of their own id.
    #[expect(clippy::option_option, reason = "left out is not the same as wrong")]
    fn options(
        &self,
        screen: &str,
        trees: &[OptionTree],
        next: Option<Option<Target>>,
        cx: &mut Context<'_>,
    ) -> Option<Vec<ChoiceOption>> {
        let mut all = Vec::new();
        let mut good = true;
        for tree in trees {
            let label = self.text(screen, &format!("options.{}", tree.id.value), tree.label.as_ref(), cx);
            let when = tree.when.as_ref().map(|when| self.scope.condition(when, cx));
            let go = match (&tree.go, next) {
                (Some(go), _) => self.target(go, cx),
                (None, Some(Some(next))) => Some(next),
                (None, Some(None)) => self.target(&tree.id, cx),
                (None, None) => None,
            };
            let (Some(label), Some(go), None | Some(Some(_))) = (label, go, &when) else {
                good = false;
                continue;
            };
            let id = tree.id.value.clone();
            let when = when.flatten();
            all.push(ChoiceOption { id, label, go, key: tree.key, when, changes: false, span: tree.id.span });
        }
        good.then_some(all)
    }

    fn show(&self, name: &str, tree: &ShowTree, cx: &mut Context<'_>) -> Option<Show> {
        let text = self.text(name, "show", tree.text.as_ref(), cx);
        let rows = tree.rows.as_ref().map(|rows| self.rows(name, rows, cx));
        let next = self.optional_target(tree.next.as_ref(), cx);
        let options = self.options(name, &tree.options, next, cx);
        let rows = match rows {
            Some(rows) => Some(rows?),
            None => None,
        };
        let options = options?;
        let next = next?.filter(|_| options.is_empty());
        Some(Show { text: text?, rows, options, next })
    }

    fn ask(&self, name: &str, tree: &AskTree, cx: &mut Context<'_>) -> Option<Ask> {
        let text = self.text(name, "ask", tree.text.as_ref(), cx);
        let wrong = tree.wrong.as_ref().map(|wrong| self.text(name, "wrong", Some(wrong), cx));
        let on_wrong = self.optional_target(tree.on_wrong.as_ref(), cx);
        let next = self.required(tree.next.as_ref(), cx);
        Some(Ask {
            text: text?,
            into: self.slot(tree.into.as_ref())?,
            accept: tree.accept.clone()?,
            wrong: match wrong {
                Some(wrong) => Some(wrong?),
                None => None,
            },
            tries: tree.tries,
            on_wrong: on_wrong?,
            next: next?,
        })
    }

    fn branch(
        &self,
        arms: &[(Option<ConditionTree>, Option<Spanned<String>>)],
        cx: &mut Context<'_>,
    ) -> Option<Vec<Arm>> {
        let all: Vec<_> = arms
            .iter()
            .map(|(when, go)| {
                let when = when.as_ref().map(|when| self.scope.condition(when, cx));
                let go = self.required(go.as_ref(), cx)?;
                match when {
                    Some(when) => Some(Arm { when: Some(when?), go }),
                    None => Some(Arm { when: None, go }),
                }
            })
            .collect();
        all.into_iter().collect()
    }

    fn set(&self, assign: &[Assignment], next: Option<&Spanned<String>>, cx: &mut Context<'_>) -> Option<Set> {
        let all: Vec<_> = assign.iter().map(|assignment| self.assign(assignment, cx)).collect();
        let next = self.required(next, cx);
        Some(Set { assign: all.into_iter().collect::<Option<_>>()?, next: next? })
    }

    fn assign(&self, assignment: &Assignment, cx: &mut Context<'_>) -> Option<(Place, Operand)> {
        let (place, value) = (&assignment.place, assignment.value.as_ref()?);
        let scope = self.scope;
        match (place.root.value.as_str(), place.fields.as_slice()) {
            ("language", []) => Some((Place::Language, self.language(value, cx)?)),
            ("profile", [_]) => {
                let path = scope.open(place, cx)?;
                let Root::Profile(field) = path.root else { return None };
                Some((Place::Profile(field), scope.fitting(value, &path.ty, cx)?))
            }
            (_, []) if !names::slot(&place.root, cx) => None,
            (_, []) => {
                let slot = self.slot(Some(&place.root))?;
                let ty = scope.slots.get(slot.index())?.ty.as_ref();
                let declared = self.head.takes.iter().chain(&self.head.gives);
                let is_declared = declared.into_iter().any(|(name, _)| name.value == place.root.value);
                let operand = match ty {
                    Some(ty) if is_declared => scope.fitting(value, ty, cx),
                    ty => scope.operand(value, ty, cx),
                };
                Some((Place::Slot(slot), operand?))
            }
            _ => {
                let message = format!("`{}` cannot be set", place.written());
                let remedy = "set a name of this menu, a field of `profile`, or `language`";
                cx.error(codes::WRONG_TYPE, place.span(), message, remedy);
                None
            }
        }
    }

    /// A value for `language`: a language, or its code.
    fn language(&self, value: &Expression, cx: &mut Context<'_>) -> Option<Operand> {
        let operand = self.scope.operand(value, Some(&Type::Language), cx)?;
        if let Operand::Path(path) = &operand
            && !matches!(path.ty, Type::Language | Type::Text { .. })
        {
            let message = format!("{} is no language", types::described(&path.ty));
            cx.error(codes::WRONG_TYPE, value.span(), message, "give a language's code");
            return None;
        }
        Some(operand)
    }

    fn call(&self, tree: &CallTree, cx: &mut Context<'_>) -> Option<Call> {
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
            None => {
                tree.give.iter().for_each(|gift| drop(gift.value.as_ref().and_then(|value| self.sent(value, cx))));
                None
            }
        };
        let fails: Vec<_> = tree.fails.iter().map(|(name, target)| self.failure(operation, name, target, cx)).collect();
        Some(Call {
            operation: known??,
            give: give?,
            into: self.slot(tree.into.as_ref()),
            within: tree.within,
            next: next?,
            fails: fails.into_iter().collect::<Option<_>>()?,
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
        let path = match self.scope.path(name) {
            Ok(path) => path,
            Err(unknown) => {
                unknown.into_iter().for_each(|finding| cx.push(*finding));
                return None;
            }
        };
        if types::is_scalar(&path.ty) {
            return Some(Operand::Path(path));
        }
        let message = format!("`{}` is {}, which cannot be sent", name.written(), types::described(&path.ty));
        cx.error(codes::WRONG_TYPE, name.span(), message, "give one of its fields, such as its `code`");
        None
    }

    fn run(&self, tree: &RunTree, cx: &mut Context<'_>) -> Option<Run> {
        let world = self.scope.world;
        let next = self.required(tree.next.as_ref(), cx);
        let name = tree.menu.as_ref()?;
        let menu = world.menu(name, cx);
        let head = menu.and_then(|menu| world.menus.get(menu.index()));
        let Some(head) = head else {
            let values = tree.give.iter().filter_map(|gift| gift.value.as_ref());
            values.for_each(|value| drop(self.scope.operand(value, None, cx)));
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
fn exactly(taken: &[&str], gifts: &[Gift], what: &str, place: &Spanned<String>, cx: &mut Context<'_>) {
    for gift in gifts.iter().filter(|gift| !taken.contains(&gift.name.value.as_str())) {
        let message = format!("`{what}` takes no `{}`", gift.name.value);
        let remedy = suggest::remedy(&gift.name.value, taken.iter().copied(), "delete it");
        cx.error(codes::GIVE, gift.name.span, message, remedy);
    }
    let missing: Vec<&&str> =
        taken.iter().filter(|name| !gifts.iter().any(|gift| gift.name.value == ***name)).collect();
    if !missing.is_empty() {
        let message = format!("`{what}` takes {}, which is not given", suggest::list(&missing));
        cx.push(Diagnostic::error(codes::GIVE, place.span, message, "add it to `give:`"));
    }
}
