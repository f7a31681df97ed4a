//! What stands in for a department in `demo`, `dial` and `play`: the answers of `departments/<name>.sandbox.yaml`.
//!
//! `read` reads the files and looks up what they name; `body` reads and fills what is answered, and `proof` proves that it
//! can be read. They are no part of the program, and change nothing about its version. Whether an operation can read its
//! answers is proved where answers are read (`department::sandbox`).

mod body;
mod proof;
mod read;
#[cfg(test)]
mod tests;

pub use body::{BodySyntax, CannedBody};
pub use read::sandboxes;

use super::ids::{DepartmentId, OperationId};
use crate::source::Span;

/// The sandbox of one department.
#[derive(Clone, Debug)]
pub struct SandboxFile {
    pub department: DepartmentId,
    pub envelope: Option<Envelope>,
    /// Those of one operation stand in the order of the file: the first that fits answers.
    pub answers: Vec<CannedAnswer>,
}

/// How a department wraps requests and answers. Operations, and answers in sandbox files, are what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    Umang,
}

#[derive(Clone, Debug)]
pub struct CannedAnswer {
    pub operation: OperationId,
    /// What must have been given, by index into [`super::Operation::takes`]; nothing fits every request.
    pub given: Vec<(u16, Pattern)>,
    pub status: u16,
    /// `None` is an empty body.
    pub body: Option<CannedBody>,
    pub span: Span,
}

impl CannedAnswer {
    /// Whether it answers a request to its operation with these values, by index into [`super::Operation::takes`].
    pub fn fits<'a>(&self, value: impl Fn(u16) -> Option<&'a str>) -> bool {
        self.given.iter().all(|(at, pattern)| value(*at).is_some_and(|text| pattern.fits(text)))
    }

    /// Whether it fits wherever `other` does. May say no where it is hard to tell.
    fn covers(&self, other: &Self) -> bool {
        self.operation == other.operation
            && self.given.iter().all(|(at, pattern)| {
                other.given.iter().any(|(other_at, narrower)| at == other_at && pattern.covers(narrower))
            })
    }
}

/// Which texts a value may be: a text in which `*` stands for any characters, at either end or alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `*`
    Any,
    /// `12`
    Is(String),
    /// `12*`
    Begins(String),
    /// `*12`
    Ends(String),
    /// `*12*`
    Holds(String),
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Any);
        }
        let (rest, open_start) = text.strip_prefix('*').map_or((text, false), |rest| (rest, true));
        let (rest, open_end) = rest.strip_suffix('*').map_or((rest, false), |rest| (rest, true));
        if rest.is_empty() || rest.contains('*') {
            return None;
        }
        let rest = rest.to_owned();
        Some(match (open_start, open_end) {
            (false, false) => Self::Is(rest),
            (false, true) => Self::Begins(rest),
            (true, false) => Self::Ends(rest),
            (true, true) => Self::Holds(rest),
        })
    }

    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Is(all) => text == all,
            Self::Begins(start) => text.starts_with(start),
            Self::Ends(end) => text.ends_with(end),
            Self::Holds(part) => text.contains(part),
        }
    }

    /// Whether it fits every text that `other` fits.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Is(text))
            | (Self::Begins(_), Self::Begins(text))
            | (Self::Ends(_), Self::Ends(text))
            | (Self::Holds(_), Self::Begins(text) | Self::Ends(text) | Self::Holds(text)) => self.fits(text),
            _ => false,
        }
    }
}
