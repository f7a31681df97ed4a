//! A YAML file as a tree in which every scalar is text.

use super::Span;

/// Something with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(Spanned<String>),
    List(Vec<Node>, Span),
    /// In the order of the file; keys are unique.
    Map(Vec<Entry>, Span),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Spanned<String>,
    pub value: Node,
}

impl Node {
    pub fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::List(_, span) | Self::Map(_, span) => *span,
        }
    }
}
