//! Values' names and conditions, compiled: every name an index, every literal of the type of what it is compared with.

use super::ids::{ProfileId, SlotId};
use super::value::{Type, Value};

/// A value's name: where it is found, then fields, by index: of records, columns of table rows, and of languages `code` (0)
/// and `name` (1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub root: Root,
    pub fields: Vec<u16>,
    /// The type at its end.
    pub ty: Type,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    Slot(SlotId),
    Profile(ProfileId),
    /// The number that is calling.
    Caller,
    Language,
    Channel,
    Today,
    /// The operator who assists, when one does.
    Operator,
    /// The receipt number of the last call whose outcome is not known.
    Receipt,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    Path(Path),
    Literal(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A condition; a comparison with a value that is not set is false, `!=` included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Compare(Operand, Comparison, Operand),
    IsSet(Path),
    /// A path of type yes/no by itself.
    Holds(Path),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}
