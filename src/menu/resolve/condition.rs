//! Conditions: both sides of a comparison get one type.

use std::collections::BTreeSet;

use super::scope::Scope;
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::{Comparison, Condition, Operand, Path, Root};
use crate::menu::ids::LanguageId;
use crate::menu::suggest;
use crate::menu::syntax::{ConditionTree, Expression, Literal};
use crate::menu::types;
use crate::menu::value::Type;
use crate::source::{Diagnostic, Spanned};
use crate::types::Channel;

/// What is compared of a column that is in several languages.
const FIRST: LanguageId = LanguageId(0);

impl Scope<'_> {
    pub(super) fn condition(&self, tree: &ConditionTree, cx: &mut Context<'_>) -> Option<Condition> {
        match tree {
            ConditionTree::Compare(left, how, right) => self.compare(left, *how, right, cx),
            ConditionTree::IsSet(name) => self.open(name, cx).map(Condition::IsSet),
            ConditionTree::Holds(expression) => self.holds(expression, cx),
            ConditionTree::Not(inner) => Some(Condition::Not(Box::new(self.condition(inner, cx)?))),
            ConditionTree::And(parts) => self.all(parts, cx).map(Condition::And),
            ConditionTree::Or(parts) => self.all(parts, cx).map(Condition::Or),
        }
    }

    /// All parts, so that a finding in one does not hide those in others.
    fn all(&self, parts: &[ConditionTree], cx: &mut Context<'_>) -> Option<Vec<Condition>> {
        let all: Vec<_> = parts.iter().map(|part| self.condition(part, cx)).collect();
        all.into_iter().collect()
    }

    fn holds(&self, expression: &Expression, cx: &mut Context<'_>) -> Option<Condition> {
        let Expression::Path(name) = expression else {
            let message = "this is always the same";
            cx.error(codes::NO_CONDITION, expression.span(), message, "compare a name with it");
            return None;
        };
        let path = self.open(name, cx)?;
        if path.ty == Type::YesNo {
            return Some(Condition::Holds(path));
        }
        let message = format!("`{}` is {}, not yes or no", name.written(), types::described(&path.ty));
        let remedy = format!("compare it: `{} = …`, or ask `{} is set`", name.written(), name.written());
        cx.error(codes::NO_CONDITION, name.span(), message, remedy);
        None
    }

    fn compare(
        &self,
        left: &Expression,
        how: Comparison,
        right: &Expression,
        cx: &mut Context<'_>,
    ) -> Option<Condition> {
        let (left_operand, right_operand) = match (left, right) {
            (Expression::Path(a), Expression::Path(b)) => {
                let (a, b) = (self.open(a, cx), self.open(b, cx));
                let (a, b) = (a?, b?);
                same_kind(&a, &b, right, cx)?;
                (Operand::Path(a), Operand::Path(b))
            }
            (Expression::Path(a), Expression::Literal(literal)) => {
                let path = self.open(a, cx)?;
                let value = self.beside(&path, literal, cx)?;
                (Operand::Path(path), value)
            }
            (Expression::Literal(literal), Expression::Path(b)) => {
                let path = self.open(b, cx)?;
                let value = self.beside(&path, literal, cx)?;
                (value, Operand::Path(path))
            }
            (Expression::Literal(_), Expression::Literal(_)) => {
                let message = "neither side of this comparison has a name: it is always the same";
                cx.error(codes::NOT_COMPARABLE, left.span(), message, "compare a name");
                return None;
            }
        };
        let ordered = !matches!(how, Comparison::Equal | Comparison::NotEqual);
        for (operand, place) in [(&left_operand, left), (&right_operand, right)] {
            if let Operand::Path(path) = operand {
                let has_order = matches!(path.ty, Type::Number { .. } | Type::Amount { .. } | Type::Date);
                let has_equals =
                    has_order || matches!(path.ty, Type::Text { .. } | Type::YesNo | Type::Language | Type::Row(_));
                if !has_equals || (ordered && !has_order) {
                    let message = format!("{} cannot be compared so", types::described(&path.ty));
                    let remedy = if has_equals { "use `=` or `!=`" } else { "compare one of its fields" };
                    cx.error(codes::NOT_COMPARABLE, place.span(), message, remedy);
                    return None;
                }
            }
        }
        Some(Condition::Compare(left_operand, how, right_operand))
    }

    /// Warns of a text that no cell of the column beside it holds: the comparison would be the same for every row.
    fn is_in_column(&self, path: &Path, literal: &Spanned<Literal>, cx: &mut Context<'_>) {
        let (Literal::Text(text), Root::Slot(slot), [column]) = (&literal.value, path.root, path.fields.as_slice())
        else {
            return;
        };
        let table = match self.slots.get(slot.index()).map(|slot| &slot.ty) {
            Some(Some(Type::Row(table))) => self.world.tables.get(table.index()),
            _ => None,
        };
        let Some(table) = table else { return };
        let cells: BTreeSet<&str> =
            table.rows.iter().filter_map(|row| row.get(usize::from(*column))).map(|cell| cell.text(FIRST)).collect();
        if !cells.is_empty() && !cells.contains(text.as_str()) {
            let column = table.columns.get(usize::from(*column)).map_or("", |column| column.name.as_str());
            let message = format!("no row of `{}` has `{text}` in the column `{column}`", table.name);
            let remedy = suggest::remedy(text, cells, "correct it here or in the table: capitals count");
            cx.push(Diagnostic::warning(codes::NO_SUCH_CELL, literal.span, message, remedy));
        }
    }

    /// A literal as what the path beside it is.
    fn beside(&self, path: &Path, literal: &Spanned<Literal>, cx: &mut Context<'_>) -> Option<Operand> {
        if path.ty == Type::Language && path.fields.is_empty() {
            return self.language(&literal.value, literal.span, cx).map(Operand::Literal);
        }
        if let (Root::Channel, Literal::Text(name)) = (path.root, &literal.value) {
            let channels = [Channel::Ussd, Channel::Sms, Channel::Voice, Channel::Web].map(Channel::name);
            if !channels.contains(&name.as_str()) {
                let remedy = suggest::remedy(name, channels, "write one of the channels");
                cx.error(codes::NOT_COMPARABLE, literal.span, format!("there is no channel `{name}`"), remedy);
                return None;
            }
        }
        self.is_in_column(path, literal, cx);
        match types::literal(&literal.value, &path.ty) {
            Ok(value) => Some(Operand::Literal(value)),
            Err(wanted) => {
                let message = format!("{} cannot be compared with this", types::described(&path.ty));
                cx.error(codes::NOT_COMPARABLE, literal.span, message, format!("write {wanted}"));
                None
            }
        }
    }
}

/// Reports two values of different kinds.
fn same_kind(a: &Path, b: &Path, place: &Expression, cx: &mut Context<'_>) -> Option<()> {
    let code_of_language = |one: &Path, other: &Path| one.ty == Type::Language && matches!(other.ty, Type::Text { .. });
    if types::join(&a.ty, &b.ty).is_some() {
        return Some(());
    }
    let message = format!("{} cannot be compared with {}", types::described(&a.ty), types::described(&b.ty));
    let remedy = if code_of_language(a, b) || code_of_language(b, a) {
        "compare `language.code` with it"
    } else {
        "compare values of one kind"
    };
    cx.push(Diagnostic::error(codes::NOT_COMPARABLE, place.span(), message, remedy));
    None
}
