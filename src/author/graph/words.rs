//! Texts, values and conditions, short enough for a drawing.

use crate::check;
use crate::menu::{Comparison, Condition, LanguageId, Menu, Operand, Piece, Program, Text, Value, Word};
use crate::menu::{Filter, write};

/// How many characters a line of a box has, about.
const WIDTH: usize = 30;

/// A longer text is cut behind so many lines: the drawing shows where a screen leads, the file what it says.
const LINES: usize = 4;

/// What is quoted from one menu.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'p> {
    pub program: &'p Program,
    pub menu: &'p Menu,
    pub language: LanguageId,
}

impl Words<'_> {
    /// A text on one line, with the names of its values in braces: `Rs {claim.amount}`.
    pub(super) fn text(&self, text: &Text) -> String {
        let mut all = String::new();
        for piece in &text.of(self.language).pieces {
            match piece {
                Piece::Text(text) => all.push_str(text),
                Piece::Slot(path, _) => {
                    all.push('{');
                    all.push_str(&check::written(self.program, self.menu, path));
                    all.push('}');
                }
            }
        }
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A condition as menus write it: `claim.amount > 500 and not claim.paid`.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        let part = |part: &Condition| match part {
            Condition::And(_) | Condition::Or(_) => format!("({})", self.condition(part)),
            _ => self.condition(part),
        };
        let all = |parts: &[Condition], word: &str| parts.iter().map(part).collect::<Vec<_>>().join(word);
        match condition {
            Condition::Compare(left, how, right) => {
                let how = match how {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "!=",
                    Comparison::Less => "<",
                    Comparison::AtMost => "<=",
                    Comparison::More => ">",
                    Comparison::AtLeast => ">=",
                };
                format!("{} {how} {}", self.operand(left), self.operand(right))
            }
            Condition::IsSet(path) => format!("{} is set", check::written(self.program, self.menu, path)),
            Condition::Holds(path) => check::written(self.program, self.menu, path),
            Condition::Not(inner) => format!("not {}", part(inner)),
            Condition::And(parts) => all(parts, " and "),
            Condition::Or(parts) => all(parts, " or "),
        }
    }

    pub(super) fn operand(&self, operand: &Operand) -> String {
        let value = match operand {
            Operand::Path(path) => return check::written(self.program, self.menu, path),
            Operand::Literal(value) => value,
        };
        let Some(scalar) = value.scalar() else { return "…".to_owned() };
        let mut out = String::new();
        // As the menu has it: yes and no are words of the menu language here, and languages go by their code.
        let word = |word: Word| match word {
            Word::Yes => "yes".to_owned(),
            Word::No => "no".to_owned(),
            Word::Language(id) => format!("\"{}\"", self.program.language(id).code),
        };
        write(scalar, Filter::None, word, &mut out);
        if matches!(value, Value::Text(_)) { format!("\"{out}\"") } else { out }
    }
}

/// Breaks a text into lines of [`WIDTH`], at most [`LINES`].
pub(super) fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines
}
