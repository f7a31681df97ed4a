//! Screens: every verb with its targets, values and texts.

use super::menu::Inside;
use super::scope::found;
use super::texts;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::{Operand, Path, Root};
use crate::menu::ids::SlotId;
use crate::menu::program::Screen;
use crate::menu::syntax::{
    AskTree, Assignment, ChooseTree, ConditionTree, Expression, OptionTree, PathName, RowsTree, ScreenTree, ShowTree,
    VerbTree, Words, names,
};
use crate::menu::text::Text;
use crate::menu::types;
use crate::menu::value::Type;
use crate::menu::verb::{Among, Arm, Ask, ChoiceOption, Choose, Place, Rows, Set, Show, Target, Verb};
use crate::source::Spanned;

/// What to do about an option whose id is no target.
const BY_ITS_ID: &str =
    "an option leads to the screen of its own id: add that screen, or `go:`, or `next:` beside the options";

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
            VerbTree::Send(send) => Verb::Send(self.send(send, cx)?),
            VerbTree::Verify(verify) => Verb::Verify(self.verify(&tree.name, verify, cx)?),
            VerbTree::Branch(arms) => Verb::Branch(self.branch(arms, cx)?),
            VerbTree::Set { assign, next } => Verb::Set(self.set(assign, next.as_ref(), cx)?),
            VerbTree::Run(run) => Verb::Run(self.run(run, cx)?),
        };
        Some(Screen {
            name: name.to_owned(),
            verb,
            save: tree.save,
            personal: false,
            guarded: false,
            verified: false,
            span: tree.name.span,
        })
    }

    pub(super) fn text(&self, screen: &str, id: &str, words: Option<&Words>, cx: &mut Context<'_>) -> Option<Text> {
        texts::text(self.scope, &format!("{screen}.{id}"), words?, self.fresh, self.scope.world, cx)
    }

    pub(super) fn slot(&self, name: Option<&Spanned<String>>) -> Option<SlotId> {
        self.scope.by_name.get(&name?.value).copied()
    }

    pub(super) fn required(&self, target: Option<&Spanned<String>>, cx: &mut Context<'_>) -> Option<Target> {
        self.target(target?, cx)
    }

    fn choose(&self, name: &str, tree: &ChooseTree, cx: &mut Context<'_>) -> Option<Choose> {
        let text = self.text(name, "choose", tree.text.as_ref(), cx);
        let next = self.optional_target(tree.next.as_ref(), cx);
        let among = match &tree.rows {
            Some(rows) => {
                let find: Vec<_> = tree.find.iter().map(|find| self.find(find, rows, cx)).collect();
                let list = self.rows(name, rows, cx);
                let find = find.into_iter().collect::<Option<_>>()?;
                Among::List { list: list?, next: next??, find, changes: false }
            }
            None => Among::Options(self.options(name, &tree.options, next, cx)?),
        };
        Some(Choose { text: text?, among, into: self.slot(tree.into.as_ref()) })
    }

    /// A field whose first letters may be typed: a text of the row itself.
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
        let source = tree.source.as_ref().and_then(|source| found(self.scope.rows(source), cx));
        let row = self.text(name, "row", tree.row.as_ref(), cx);
        let only = tree.only.as_ref().map(|only| self.scope.condition(only, cx));
        let none = self.optional_target(tree.none.as_ref(), cx);
        let only = match only {
            Some(only) => Some(only?),
            None => None,
        };
        let each = tree.each.as_ref()?;
        Some(Rows { source: source?.0, each: self.slot(Some(each))?, row: row?, only, none: none?, span: each.span })
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
                (None, Some(None)) => self.target_or(&tree.id, Some(BY_ITS_ID), cx),
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
            changes: false,
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
}
