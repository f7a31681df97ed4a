//! Whether a condition holds.

use std::cmp::Ordering;

use super::scope::{FIRST, Scope};
use super::seen::Seen;
use crate::menu::{Comparison, Condition, Program};

impl<'a> Scope<'a> {
    /// A comparison with a value that is not set is false, `!=` included.
    pub(super) fn holds(self, condition: &'a Condition) -> bool {
        match condition {
            Condition::Compare(left, comparison, right) => match (self.operand(left), self.operand(right)) {
                (Some(left), Some(right)) => compares(self.program, left, *comparison, right),
                _ => false,
            },
            Condition::IsSet(path) => self.value(path, FIRST).is_some(),
            Condition::Holds(path) => self.value(path, FIRST) == Some(Seen::YesNo(true)),
            Condition::Not(inner) => !self.holds(inner),
            Condition::And(all) => all.iter().all(|condition| self.holds(condition)),
            Condition::Or(any) => any.iter().any(|condition| self.holds(condition)),
        }
    }
}

fn compares(program: &Program, left: Seen<'_>, comparison: Comparison, right: Seen<'_>) -> bool {
    let Some(order) = order(program, left, right) else { return false };
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::More => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

/// How two values stand to each other; `None` where they cannot be compared, which the compiler has refused.
fn order(program: &Program, left: Seen<'_>, right: Seen<'_>) -> Option<Ordering> {
    match (left, right) {
        (Seen::Text(left), Seen::Text(right)) => Some(left.cmp(right)),
        (Seen::Number(left), Seen::Number(right)) | (Seen::Amount(left), Seen::Amount(right)) => Some(left.cmp(&right)),
        // A bare number beside an amount means rupees.
        (Seen::Amount(left), Seen::Number(right)) => Some(left.cmp(&right.saturating_mul(100))),
        (Seen::Number(left), Seen::Amount(right)) => Some(left.saturating_mul(100).cmp(&right)),
        (Seen::Date(left), Seen::Date(right)) => Some(left.cmp(&right)),
        (Seen::YesNo(left), Seen::YesNo(right)) => Some(left.cmp(&right)),
        (Seen::Language(left), Seen::Language(right)) => Some(left.cmp(&right)),
        (Seen::Language(id), Seen::Text(code)) => {
            Some(program.language_by_code(code).map_or(Ordering::Less, |c| id.cmp(&c)))
        }
        (Seen::Text(_), Seen::Language(_)) => order(program, right, left).map(Ordering::reverse),
        (Seen::Row(left, left_row), Seen::Row(right, right_row)) => Some((left, left_row).cmp(&(right, right_row))),
        _ => None,
    }
}
