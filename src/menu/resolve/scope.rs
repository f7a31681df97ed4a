//! The names that a menu's expressions may use, and what they are.

use std::collections::HashMap;

use super::world::{Known, World};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::expression::{Operand, Path, Root};
use crate::menu::ids::SlotId;
use crate::menu::suggest;
use crate::menu::syntax::names::BUILT_IN;
use crate::menu::syntax::{Expression, Literal, PathName};
use crate::menu::table::Table;
use crate::menu::types::{self, PHONE, RECEIPT};
use crate::menu::value::{Letters, Type, Value};
use crate::menu::verb::RowSource;
use crate::source::{Diagnostic, Span, Spanned};

/// Why a name has no meaning: a finding, or nothing where one has been made elsewhere.
pub(super) type Unknown = Option<Box<Diagnostic>>;

/// What a name in an expression may mean.
pub(super) trait Names {
    fn path(&self, name: &PathName) -> Result<Path, Unknown>;

    /// Whether a path is a secret, which only the `give` of a call may use.
    fn is_secret(&self, _path: &Path) -> bool {
        false
    }
}

/// A menu's slots and the world around it.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub world: &'a World<'a>,
    pub slots: Vec<SlotState>,
    pub by_name: HashMap<String, SlotId>,
    /// Something of the menu could not be read: a name that is not known may have been filled there.
    pub partial: bool,
}

#[derive(Debug)]
pub(super) struct SlotState {
    pub name: String,
    pub ty: Known<Type>,
    pub secret: bool,
    pub span: Span,
}

impl Names for Scope<'_> {
    fn path(&self, name: &PathName) -> Result<Path, Unknown> {
        let (root, ty, fields) = self.root(name)?;
        self.follow(root, ty, fields)
    }

    fn is_secret(&self, path: &Path) -> bool {
        matches!(path.root, Root::Slot(slot) if self.slots.get(slot.index()).is_some_and(|slot| slot.secret))
    }
}

impl Scope<'_> {
    /// Where a path begins, its type there, and the fields that are left.
    fn root<'n>(&self, name: &'n PathName) -> Result<(Root, Type, &'n [Spanned<String>]), Unknown> {
        let text = |max, letters| Type::Text { max, letters };
        let plain = |root, ty| Ok((root, ty, name.fields.as_slice()));
        match name.root.value.as_str() {
            "caller" => plain(Root::Caller, text(PHONE, Letters::Digits)),
            "operator" => plain(Root::Operator, text(PHONE, Letters::Digits)),
            "channel" => plain(Root::Channel, text(5, Letters::Latin)),
            "receipt" => plain(Root::Receipt, text(RECEIPT, Letters::Latin)),
            "today" => plain(Root::Today, Type::Date),
            "language" => plain(Root::Language, Type::Language),
            "profile" => self.profile(name),
            slot => {
                let Some(&id) = self.by_name.get(slot) else { return Err(self.unknown(&name.root)) };
                let ty = self.slots.get(id.index()).and_then(|slot| slot.ty.clone()).ok_or(None)?;
                plain(Root::Slot(id), ty)
            }
        }
    }

    fn profile<'n>(&self, name: &'n PathName) -> Result<(Root, Type, &'n [Spanned<String>]), Unknown> {
        let Some((field, rest)) = name.fields.split_first() else {
            let remedy = "name a field: `profile.district`";
            let message = "`profile` is not a value by itself";
            return Err(Some(finding(codes::UNKNOWN_FIELD, name.span(), message, remedy)));
        };
        match self.world.profile(&field.value) {
            Some(Some(id)) => {
                let ty = self.world.profile.get(id.index()).map(|field| field.ty.clone()).ok_or(None)?;
                Ok((Root::Profile(id), ty, rest))
            }
            Some(None) => Err(None),
            None => {
                let otherwise = "declare it under `profile:` in bridge.yaml";
                let remedy = suggest::remedy(&field.value, self.world.profile_names(), otherwise);
                let message = format!("`bridge.yaml` keeps no `{}` in the profile", field.value);
                Err(Some(finding(codes::UNKNOWN_FIELD, field.span, &message, &remedy)))
            }
        }
    }

    fn unknown(&self, name: &Spanned<String>) -> Unknown {
        if self.partial || self.world.is_partial() {
            return None;
        }
        let known = self.slots.iter().map(|slot| slot.name.as_str()).chain(BUILT_IN.iter().copied());
        let otherwise = "name what a screen of this menu fills by `into`, `as` or `set`, or what the menu takes";
        let remedy = suggest::remedy(&name.value, known, otherwise);
        let message = format!("nothing in this menu fills `{}`", name.value);
        Some(finding(codes::UNKNOWN_NAME, name.span, &message, &remedy))
    }

    /// Goes from a value to its fields.
    fn follow(&self, root: Root, ty: Type, fields: &[Spanned<String>]) -> Result<Path, Unknown> {
        let mut path = Path { root, fields: Vec::new(), ty };
        for field in fields {
            let known = fields_of(&path.ty, &self.world.tables);
            let Some(at) = known.iter().position(|(name, _)| *name == field.value) else {
                let names = known.iter().map(|(name, _)| name.as_str());
                let (message, remedy) = if known.is_empty() {
                    let message = format!("{} has no fields, and no `{}`", types::described(&path.ty), field.value);
                    (message, "leave the field out".to_owned())
                } else {
                    let message = format!("there is no field `{}`", field.value);
                    (message, suggest::remedy(&field.value, names, "name one of its fields"))
                };
                return Err(Some(finding(codes::UNKNOWN_FIELD, field.span, &message, &remedy)));
            };
            path.fields.push(super::world::index(at));
            path.ty = known.into_iter().nth(at).map(|(_, ty)| ty).ok_or(None)?;
        }
        Ok(path)
    }

    /// Where rows come from, and the type of one.
    pub(super) fn rows(&self, source: &PathName) -> Result<(RowSource, Type), Unknown> {
        let name = source.root.value.as_str();
        let alone = source.fields.is_empty();
        if alone && name == "languages" {
            return Ok((RowSource::Languages, Type::Language));
        }
        if alone
            && !self.by_name.contains_key(name)
            && let Some(table) = self.world.table(name)
        {
            let id = table.ok_or(None)?;
            return Ok((RowSource::Table(id), Type::Row(id)));
        }
        let path = self.path(source).map_err(|unknown| {
            unknown.map(|finding| {
                let near = suggest::nearest(name, self.world.tables()).filter(|_| alone);
                let remedy = near.map_or(finding.remedy.clone(), |near| format!("did you mean the table `{near}`?"));
                Box::new(Diagnostic { remedy, ..*finding })
            })
        })?;
        let Type::List { of, .. } = &path.ty else {
            let message = format!("`{}` is {}, not a list", source.written(), types::described(&path.ty));
            let remedy = "name a list in an answer, a table, or `languages`";
            return Err(Some(finding(codes::NOT_A_LIST, source.span(), &message, remedy)));
        };
        let row = of.as_ref().clone();
        Ok((RowSource::Answer(path), row))
    }

    /// A path that is no secret.
    pub(super) fn open(&self, name: &PathName, cx: &mut Context<'_>) -> Option<Path> {
        open(self, name, cx)
    }

    /// A value; a literal takes the type `expected`. Whether a path's type fits is left to who asks.
    pub(super) fn operand(
        &self,
        expression: &Expression,
        expected: Option<&Type>,
        cx: &mut Context<'_>,
    ) -> Option<Operand> {
        match expression {
            Expression::Path(name) => self.open(name, cx).map(Operand::Path),
            Expression::Literal(Spanned { value: Literal::Quoted(name), span }) if self.path(name).is_ok() => {
                let message =
                    format!("`{0}` in quotes is a text, and `{0}` is also a value of this menu", name.written());
                let remedy = format!("write `{0}` for the value, or `'\"{0}\"'` for the text", name.written());
                cx.error(codes::TEXT_OR_NAME, *span, message, remedy);
                None
            }
            Expression::Literal(literal) => match expected {
                None => Some(Operand::Literal(types::natural(&literal.value).1)),
                Some(Type::Language) => self.language(&literal.value, literal.span, cx).map(Operand::Literal),
                Some(ty) => match types::literal(&literal.value, ty) {
                    Ok(value) => Some(Operand::Literal(value)),
                    Err(wanted) => {
                        let message = format!("{} is wanted here", types::described(ty));
                        cx.error(codes::WRONG_TYPE, literal.span, message, format!("write {wanted}"));
                        None
                    }
                },
            },
        }
    }

    /// A value that must be of a declared type.
    pub(super) fn fitting(&self, expression: &Expression, wanted: &Type, cx: &mut Context<'_>) -> Option<Operand> {
        let operand = self.operand(expression, Some(wanted), cx)?;
        let ty = match &operand {
            Operand::Path(path) => Some(path.ty.clone()),
            Operand::Literal(value) => types::of_value(value),
        };
        if ty.is_some_and(|ty| types::fits(&ty, wanted)) {
            return Some(operand);
        }
        let found = match &operand {
            Operand::Path(path) => types::described(&path.ty),
            Operand::Literal(_) => "what stands here".to_owned(),
        };
        let message = format!("{} is wanted here; {found} may not fit", types::described(wanted));
        cx.error(codes::WRONG_TYPE, expression.span(), message, "give another value, or declare a wider type");
        None
    }

    /// The language that a text in quotes names.
    pub(super) fn language(&self, literal: &Literal, span: Span, cx: &mut Context<'_>) -> Option<Value> {
        let code = match literal {
            Literal::Text(code) => code.clone(),
            Literal::Quoted(name) => name.written(),
            Literal::Number(_) | Literal::YesNo(_) => {
                cx.error(codes::WRONG_TYPE, span, "a language is wanted here", "write its code in quotes: \"hi\"");
                return None;
            }
        };
        self.world.language(&code, span, cx).map(Value::Language)
    }
}

/// Resolves a name that no secret may stand behind.
pub(super) fn open(names: &dyn Names, name: &PathName, cx: &mut Context<'_>) -> Option<Path> {
    match names.path(name) {
        Ok(path) if names.is_secret(&path) => {
            let message = format!("`{}` is a secret", name.written());
            cx.error(codes::SECRET, name.span(), message, "a secret may only be given to a call");
            None
        }
        other => found(other, cx),
    }
}

/// What a name means; otherwise its finding, if it has one, is kept.
pub(super) fn found<T>(result: Result<T, Unknown>, cx: &mut Context<'_>) -> Option<T> {
    match result {
        Ok(found) => Some(found),
        Err(finding) => {
            cx.findings.extend(finding.map(|finding| *finding));
            None
        }
    }
}

/// Names and types of a value's fields, in their order; none where it has no fields.
fn fields_of(ty: &Type, tables: &[Table]) -> Vec<(String, Type)> {
    match ty {
        Type::Record(fields) => fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect(),
        Type::Row(table) => {
            let columns = tables.get(table.index()).map_or(&[][..], |table| &table.columns);
            columns.iter().map(|column| (column.name.clone(), column.ty.clone())).collect()
        }
        Type::Language => {
            let text = |max, letters| Type::Text { max, letters };
            vec![("code".to_owned(), text(11, Letters::Latin)), ("name".to_owned(), text(40, Letters::Any))]
        }
        _ => Vec::new(),
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "`Unknown` boxes findings")]
fn finding(code: &'static str, span: Span, message: &str, remedy: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, span, message, remedy))
}
