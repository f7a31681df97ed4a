//! Departments and operations get their ids, and changing operations the one that tells what became of them.

use super::world::{World, index};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::files::Sources;
use crate::menu::ids::{DepartmentId, OperationId};
use crate::menu::operation::{Department, Operation};
use crate::menu::own::{OWN_DEPARTMENT, Own};
use crate::menu::suggest;
use crate::menu::syntax::{DepartmentFile, OperationTree, VerbTree};
use crate::source::Diagnostic;

/// What an operation takes that the bridge fills: the id of the intent of a changing call.
pub(super) const INTENT: &str = "intent";

pub(super) fn collect(world: &mut World<'_>, sources: &Sources, cx: &mut Context<'_>) {
    let mut files: Vec<&DepartmentFile> = sources.departments.iter().collect();
    files.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let mut before: Option<&DepartmentFile> = None;
    for file in files {
        if let Some(first) = before.filter(|first| first.name.value == file.name.value) {
            let message = format!("two files are the department `{}`", file.name.value);
            let finding = Diagnostic::error(codes::TWICE, file.name.span, message, "make one file of them");
            cx.push(finding.also(first.name.span, "the other one"));
            continue;
        }
        before = Some(file);
        if file.name.value == OWN_DEPARTMENT {
            let message = format!("`{OWN_DEPARTMENT}` is the bridge itself, and has no file");
            cx.error(codes::BAD_NAME, file.name.span, message, "choose another name for the department");
            continue;
        }
        department(world, file, cx);
    }
    own(world, sources);
}

/// The bridge's own department, behind all others, where some menu asks it.
fn own(world: &mut World<'_>, sources: &Sources) {
    let is_own = |name: &str| name.split_once('.').is_some_and(|(department, _)| department == OWN_DEPARTMENT);
    let screens = sources.menus.iter().flat_map(|menu| &menu.screens);
    let asked = screens.filter_map(|screen| match &screen.verb {
        Some(VerbTree::Call(call)) => call.operation.as_ref().filter(|name| is_own(&name.value)),
        _ => None,
    });
    let Some(first) = asked.map(|name| name.span).next() else { return };
    let id = DepartmentId(index(world.departments.len()));
    world.departments.push(Department { name: OWN_DEPARTMENT.to_owned() });
    for own in Own::ALL {
        // It stands in no file: where it is asked first is as good a place as any.
        let operation = own.operation(id, first);
        let known = OperationId(index(world.operations.len()));
        world.operation_names.insert(operation.name.clone(), Some(known));
        world.operations.push(operation);
    }
}

fn department(world: &mut World<'_>, file: &DepartmentFile, cx: &mut Context<'_>) {
    let id = DepartmentId(index(world.departments.len()));
    world.departments.push(Department { name: file.name.value.clone() });
    let full = |tree: &OperationTree| format!("{}.{}", file.name.value, tree.name.value);
    for tree in &file.operations {
        let known = tree.operation.as_ref().map(|operation| {
            world.operations.push(Operation { department: id, ..operation.clone() });
            OperationId(index(world.operations.len() - 1))
        });
        world.operation_names.insert(full(tree), known);
    }
    for tree in &file.operations {
        let Some(Some(changing)) = world.operation_names.get(&full(tree)).copied() else { continue };
        if !world.operations[changing.index()].changes {
            continue;
        }
        world.operations[changing.index()].settled_by = settled_by(world, file, tree, cx);
    }
}

/// The operation by which a changing one is asked after.
fn settled_by(
    world: &World<'_>,
    file: &DepartmentFile,
    tree: &OperationTree,
    cx: &mut Context<'_>,
) -> Option<OperationId> {
    let Some(name) = &tree.settled_by else {
        let message = format!("`{}` changes something, and cannot be asked after", tree.name.value);
        let remedy = "add `settled_by:` with an operation that takes `intent` and tells what became of it";
        cx.error(codes::SETTLED_BY, tree.name.span, message, remedy);
        return None;
    };
    let Some(known) = world.operation_names.get(&format!("{}.{}", file.name.value, name.value)).copied() else {
        let names = file.operations.iter().map(|tree| tree.name.value.as_str());
        let remedy = suggest::remedy(&name.value, names, "name an operation of the same department");
        let message = format!("`{}` has no operation `{}`", file.name.value, name.value);
        cx.error(codes::SETTLED_BY, name.span, message, remedy);
        return None;
    };
    let operation = world.operations.get(known?.index())?;
    if operation.changes || operation.takes != [INTENT] {
        let message = format!("`{}` does not tell what became of an intent", name.value);
        let remedy = "name an operation that takes `{{ intent }}` alone and changes nothing";
        let finding = Diagnostic::error(codes::SETTLED_BY, name.span, message, remedy);
        cx.push(finding.also(operation.span, "this operation"));
        return None;
    }
    known
}
