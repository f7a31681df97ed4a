//! The words and marks of an expression.

use std::fmt;

use crate::menu::expression::Comparison;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(String),
    /// Without its quotes.
    Text(String),
    /// Digits, with a sign and a decimal point at most.
    Number(String),
    Compare(Comparison),
    Dot,
    Open,
    Close,
    Pipe,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Word(text) | Self::Number(text) => text,
            Self::Text(text) => return write!(f, "\"{text}\""),
            Self::Compare(Comparison::Equal) => "=",
            Self::Compare(Comparison::NotEqual) => "!=",
            Self::Compare(Comparison::Less) => "<",
            Self::Compare(Comparison::AtMost) => "<=",
            Self::Compare(Comparison::More) => ">",
            Self::Compare(Comparison::AtLeast) => ">=",
            Self::Dot => ".",
            Self::Open => "(",
            Self::Close => ")",
            Self::Pipe => "|",
        })
    }
}

/// What is wrong with a text that has no tokens.
#[derive(Debug)]
pub(super) struct Wrong {
    pub start: usize,
    pub end: usize,
    pub message: String,
    pub remedy: &'static str,
}

/// Splits a text into its words and marks.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) =
            token(rest).map_err(|(length, message, remedy)| Wrong { start: at, end: at + length, message, remedy })?;
        found.push(Token { kind, start: at, end: at + length });
        at += length;
    }
    Ok(found)
}

/// The token that a text begins with, and its length in bytes.
fn token(rest: &str) -> Result<(Kind, usize), (usize, String, &'static str)> {
    let marks = [
        ("!=", Kind::Compare(Comparison::NotEqual)),
        ("<=", Kind::Compare(Comparison::AtMost)),
        (">=", Kind::Compare(Comparison::AtLeast)),
        ("=", Kind::Compare(Comparison::Equal)),
        ("<", Kind::Compare(Comparison::Less)),
        (">", Kind::Compare(Comparison::More)),
        (".", Kind::Dot),
        ("(", Kind::Open),
        (")", Kind::Close),
        ("|", Kind::Pipe),
    ];
    if rest.starts_with("==") {
        return Err((2, "`==` is not known here".to_owned(), "write one `=`"));
    }
    if let Some((mark, kind)) = marks.into_iter().find(|(mark, _)| rest.starts_with(mark)) {
        return Ok((kind, mark.len()));
    }
    let first = rest.chars().next().unwrap_or_default();
    if first == '"' {
        let body = rest.get(1..).unwrap_or_default();
        let Some(end) = body.find('"') else {
            return Err((rest.len(), "a text without its closing quote".to_owned(), "write `\"` where the text ends"));
        };
        return Ok((Kind::Text(body.get(..end).unwrap_or_default().to_owned()), end + 2));
    }
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    if digits.starts_with(|c: char| c.is_ascii_digit()) {
        let length = rest.len() - digits.len() + number_length(digits);
        return Ok((Kind::Number(rest.get(..length).unwrap_or_default().to_owned()), length));
    }
    let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    if word > 0 {
        return Ok((Kind::Word(rest.get(..word).unwrap_or_default().to_owned()), word));
    }
    let remedy = match first {
        '“' | '”' | '‘' | '’' | '\'' => "put texts in straight double quotes: \"Form 31\"",
        '{' | '}' => "braces stand only in texts; here the name stands bare",
        '&' => "write `and`",
        _ => "names, numbers, texts in double quotes, `= != < <= > >=`, `and`, `or`, `not` and `is set` are known here",
    };
    Err((first.len_utf8(), format!("`{first}` is not known here"), remedy))
}

/// How many bytes of a text are digits with one decimal point at most.
fn number_length(text: &str) -> usize {
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let decimals = match text.get(whole..).and_then(|rest| rest.strip_prefix('.')) {
        Some(rest) => rest.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    };
    if decimals == 0 { whole } else { whole + 1 + decimals }
}
