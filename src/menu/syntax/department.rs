//! A department's file: its operations.

use super::names;
use super::operation::operation;
use crate::menu::context::Context;
use crate::menu::fields::{self, Fields};
use crate::menu::operation::Operation;
use crate::menu::shapes;
use crate::source::{Node, Span, Spanned};

#[derive(Debug)]
pub(in crate::menu) struct DepartmentFile {
    pub name: Spanned<String>,
    pub operations: Vec<OperationTree>,
}

#[derive(Debug)]
pub(in crate::menu) struct OperationTree {
    pub name: Spanned<String>,
    /// All of it but its department's id and what `settled_by` names; `None` when something is wrong with it.
    pub operation: Option<Operation>,
    pub settled_by: Option<Spanned<String>>,
}

pub(in crate::menu) fn department(root: &Node, cx: &mut Context<'_>) -> Option<DepartmentFile> {
    let top = Span { end: root.span().start, ..root.span() };
    let mut fields = Fields::of(root, &shapes::DEPARTMENT, top, cx)?;
    let name = fields.required_text("department", cx);
    name.map(|name| names::plain(name, cx));
    let entries = fields.require("operations", cx).and_then(|entry| fields::entries_of(entry, cx)).unwrap_or_default();
    let department = name.map_or("", |name| name.value.as_str());
    let mut operations = Vec::new();
    for entry in entries {
        let good = names::plain(&entry.key, cx);
        let tree = operation(department, entry, cx);
        // A bad name is kept: whoever calls it would be blamed otherwise.
        operations.push(OperationTree { operation: tree.operation.filter(|_| good), ..tree });
    }
    fields.finish(cx);
    Some(DepartmentFile { name: name?.clone(), operations })
}
