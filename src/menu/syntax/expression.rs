//! Expressions and conditions, as they stand bare in menus: `claim.kind = "Form 31" and not (today > claim.date)`.
//!
//! ```text
//! condition  = both { "or" both }
//! both       = single { "and" single }
//! single     = "not" single | "(" condition ")" | value [ compare value | "is" "set" ]
//! compare    = "=" | "!=" | "<" | "<=" | ">" | ">="
//! value      = path | "\"" text "\"" | number | "yes" | "no"
//! path       = name { "." name }
//! ```
//!
//! Nothing here knows what a name means; that is `resolve`.

mod lexer;

use lexer::{Kind, Token, tokens};

use crate::menu::codes;
use crate::menu::context::{Context, Places};
use crate::menu::expression::Comparison;
use crate::source::{Diagnostic, Span, Spanned};

/// A dotted name; at least one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::menu) struct PathName {
    pub root: Spanned<String>,
    pub fields: Vec<Spanned<String>>,
}

impl PathName {
    pub(in crate::menu) fn span(&self) -> Span {
        let end = self.fields.last().map_or(self.root.span.end, |field| field.span.end);
        Span { end: end.max(self.root.span.end), ..self.root.span }
    }

    /// As it is written: `claim.kind`.
    pub(in crate::menu) fn written(&self) -> String {
        let mut all = self.root.value.clone();
        for field in &self.fields {
            all.push('.');
            all.push_str(&field.value);
        }
        all
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::menu) enum Expression {
    Path(PathName),
    Literal(Spanned<Literal>),
}

impl Expression {
    pub(in crate::menu) fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span(),
            Self::Literal(literal) => literal.span,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::menu) enum Literal {
    Text(String),
    /// As written, with at most one decimal point: what it means depends on the type of the other side.
    Number(String),
    YesNo(bool),
    /// A text in YAML's quotes that reads like a name: `"new"`. Where a value has this name, either could be meant.
    Quoted(PathName),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::menu) enum ConditionTree {
    Compare(Expression, Comparison, Expression),
    IsSet(PathName),
    Holds(Expression),
    Not(Box<ConditionTree>),
    And(Vec<ConditionTree>),
    Or(Vec<ConditionTree>),
}

/// Parentheses and `not` may nest so deep; who reads a condition aloud gives up long before.
const MAX_DEPTH: usize = 16;

const A_CONDITION: &str = "a condition reads like: claim.kind = \"Form 31\" and claim.amount > 500";
const A_VALUE: &str = "a value is a name, a number, a text in double quotes, `yes` or `no`";
const A_NAME: &str = "write a name, with dots before its fields: claim.kind";
const A_HOLE: &str = "between braces stands a name, and perhaps a filter: {{ claim.amount | amount }}";

type Parsed<T> = Result<T, Box<Diagnostic>>;

/// Reads a scalar as one value. What the file has in quotes is a text, whether or not it has quotes of its own within them.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone is tied to one lifetime")]
pub(in crate::menu) fn expression(scalar: &Spanned<String>, cx: &mut Context<'_>) -> Option<Expression> {
    // It would be a text with these very braces.
    if let Some((_, rest)) = scalar.value.split_once("{{") {
        let name = rest.split(['}', '|']).next().unwrap_or_default().trim();
        let message = format!("`{}` would be taken as it stands: only texts have braces", scalar.value);
        let remedy = format!("names stand bare here: `{name}`");
        cx.error(codes::BAD_EXPRESSION, scalar.span, message, remedy);
        return None;
    }
    if cx.is_quoted(scalar) {
        let value = match read(scalar, cx, A_NAME, |parser| parser.path()) {
            Ok(name) => Literal::Quoted(name),
            Err(_) => Literal::Text(scalar.value.clone()),
        };
        return Some(Expression::Literal(Spanned { value, span: scalar.span }));
    }
    parse(scalar, cx, A_VALUE, |parser| parser.value())
}

/// Reads a scalar as a dotted name.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone is tied to one lifetime")]
pub(in crate::menu) fn path(scalar: &Spanned<String>, cx: &mut Context<'_>) -> Option<PathName> {
    parse(scalar, cx, A_NAME, |parser| parser.path())
}

/// Reads a scalar as a condition.
pub(in crate::menu) fn condition(scalar: &Spanned<String>, cx: &mut Context<'_>) -> Option<ConditionTree> {
    parse(scalar, cx, A_CONDITION, |parser| parser.condition(0))
}

fn parse<T>(
    scalar: &Spanned<String>,
    cx: &mut Context<'_>,
    remedy: &'static str,
    rule: impl FnOnce(&mut Parser<'_>) -> Parsed<T>,
) -> Option<T> {
    read(scalar, cx, remedy, rule).map_err(|finding| cx.push(*finding)).ok()
}

/// Reads all of a scalar by one rule.
fn read<T>(
    scalar: &Spanned<String>,
    cx: &Context<'_>,
    remedy: &'static str,
    rule: impl FnOnce(&mut Parser<'_>) -> Parsed<T>,
) -> Parsed<T> {
    let places = cx.places(scalar);
    let mut parser = Parser::new(&scalar.value, 0, &places, remedy)?;
    let tree = rule(&mut parser)?;
    parser.end()?;
    Ok(tree)
}

/// What stands between the braces of a text, whose value begins at `start` of the scalar: a name, and perhaps a filter.
pub(super) fn hole(text: &str, start: usize, places: &Places) -> Parsed<(PathName, Option<Spanned<String>>)> {
    let mut parser = Parser::new(text, start, places, A_HOLE)?;
    let path = parser.path()?;
    let filter = if parser.take(&Kind::Pipe).is_some() { Some(parser.name("the name of a filter")?) } else { None };
    parser.end()?;
    Ok((path, filter))
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    places: &'a Places,
    /// Where the text ends, for what is missing there.
    end: Span,
    /// What to do about a text that is not what is read.
    remedy: &'static str,
}

impl<'a> Parser<'a> {
    fn new(text: &str, start: usize, places: &'a Places, remedy: &'static str) -> Parsed<Self> {
        let tokens = tokens(text).map_err(|wrong| {
            let span = places.span(start + wrong.start, start + wrong.end);
            Box::new(Diagnostic::error(codes::BAD_EXPRESSION, span, wrong.message, wrong.remedy))
        })?;
        let tokens: Vec<Token> = tokens
            .into_iter()
            .map(|token| Token { start: token.start + start, end: token.end + start, ..token })
            .collect();
        let end = places.span(start + text.trim_end().len(), start + text.trim_end().len());
        Ok(Self { tokens: tokens.into_iter().peekable(), places, end, remedy })
    }

    fn span(&self, token: &Token) -> Span {
        self.places.span(token.start, token.end)
    }

    fn take(&mut self, kind: &Kind) -> Option<Token> {
        self.tokens.next_if(|token| token.kind == *kind)
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.tokens.next_if(|token| matches!(&token.kind, Kind::Word(found) if found == word)).is_some()
    }

    /// A finding at the next token, which is not what was wanted.
    #[expect(clippy::unnecessary_box_returns, reason = "errors of this parser are boxed")]
    fn unexpected(&mut self, wanted: &str) -> Box<Diagnostic> {
        let (span, message) = match self.tokens.next() {
            Some(token) => (self.span(&token), format!("{wanted} is expected here, not `{}`", token.kind)),
            None => (self.end, format!("{wanted} is missing at the end")),
        };
        Box::new(Diagnostic::error(codes::BAD_EXPRESSION, span, message, self.remedy))
    }

    fn end(&mut self) -> Parsed<()> {
        if self.tokens.peek().is_none() { Ok(()) } else { Err(self.unexpected("the end")) }
    }

    fn condition(&mut self, depth: usize) -> Parsed<ConditionTree> {
        let mut parts = vec![self.both(depth)?];
        while self.take_word("or") {
            parts.push(self.both(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { ConditionTree::Or(parts) })
    }

    fn both(&mut self, depth: usize) -> Parsed<ConditionTree> {
        let mut parts = vec![self.single(depth)?];
        while self.take_word("and") {
            parts.push(self.single(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { ConditionTree::And(parts) })
    }

    fn single(&mut self, depth: usize) -> Parsed<ConditionTree> {
        if depth > MAX_DEPTH {
            return Err(self.unexpected("a condition that nests less"));
        }
        if self.take_word("not") {
            return Ok(ConditionTree::Not(Box::new(self.single(depth + 1)?)));
        }
        if self.take(&Kind::Open).is_some() {
            let inner = self.condition(depth + 1)?;
            return if self.take(&Kind::Close).is_some() { Ok(inner) } else { Err(self.unexpected("`)`")) };
        }
        let left = self.value()?;
        if let Some(Token { kind: Kind::Compare(how), .. }) =
            self.tokens.next_if(|token| matches!(token.kind, Kind::Compare(_)))
        {
            return Ok(ConditionTree::Compare(left, how, self.value()?));
        }
        if self.take_word("is") {
            return match left {
                Expression::Path(path) if self.take_word("set") => Ok(ConditionTree::IsSet(path)),
                Expression::Path(path) => {
                    let finding = self.unexpected("`set`");
                    let remedy = format!("write `{0} is set`, or `not {0} is set`", path.written());
                    Err(Box::new(Diagnostic { remedy, ..*finding }))
                }
                Expression::Literal(_) => Err(self.unexpected("a comparison")),
            };
        }
        Ok(ConditionTree::Holds(left))
    }

    fn value(&mut self) -> Parsed<Expression> {
        let literal = match self.tokens.peek().map(|token| &token.kind) {
            Some(Kind::Text(text)) => Literal::Text(text.clone()),
            Some(Kind::Number(number)) => Literal::Number(number.clone()),
            Some(Kind::Word(word)) if word == "yes" || word == "no" => Literal::YesNo(word == "yes"),
            _ => return self.path().map(Expression::Path),
        };
        let span = self.tokens.next().map_or(self.end, |token| self.span(&token));
        Ok(Expression::Literal(Spanned { value: literal, span }))
    }

    fn path(&mut self) -> Parsed<PathName> {
        let root = self.name("a name")?;
        let mut fields = Vec::new();
        while self.take(&Kind::Dot).is_some() {
            fields.push(self.name("the name of a field")?);
        }
        Ok(PathName { root, fields })
    }

    fn name(&mut self, wanted: &str) -> Parsed<Spanned<String>> {
        let is_name = |token: &Token| matches!(&token.kind, Kind::Word(word) if !is_keyword(word));
        match self.tokens.next_if(is_name) {
            Some(token) => {
                let span = self.span(&token);
                Ok(Spanned { value: token.kind.to_string(), span })
            }
            None => Err(self.unexpected(wanted)),
        }
    }
}

/// Words of the condition language, which no value may be named.
pub(in crate::menu) fn is_keyword(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "is" | "set" | "yes" | "no")
}

#[cfg(test)]
mod tests;
