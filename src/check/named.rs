//! What a path of a menu names, followed field by field through the declared types.

use crate::menu::{Field, Menu, Path, Program, Root, TableId, Type};

/// What stands at the end of a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'p> {
    /// A value of a declared type.
    Typed(&'p Type),
    /// A field of a record, which is what departments answer and menus give back.
    Field(&'p Type),
    /// A column of a table: the values are known, in every language.
    Column(TableId, usize),
    /// A name of one of the program's languages, which stays in its own script in every language.
    LanguageName,
}

/// Follows a path of `menu`.
pub(super) fn follow<'p>(program: &'p Program, menu: &'p Menu, path: &'p Path) -> Named<'p> {
    let mut named = Named::Typed(root(program, menu, path));
    for field in path.fields.iter().map(|field| usize::from(*field)) {
        named = match named {
            Named::Typed(Type::Record(fields)) | Named::Field(Type::Record(fields)) => {
                Named::Field(fields.get(field).map_or(&path.ty, |field| &field.ty))
            }
            Named::Typed(Type::Row(table)) | Named::Field(Type::Row(table)) => Named::Column(*table, field),
            // A row of the languages has its code, which is ASCII, and its name.
            Named::Typed(Type::Language) | Named::Field(Type::Language) if field == 1 => Named::LanguageName,
            _ => Named::Typed(&path.ty),
        };
    }
    named
}

/// The fields of records that a path goes through.
pub(super) fn fields<'p>(program: &'p Program, menu: &'p Menu, path: &'p Path) -> Vec<&'p Field> {
    let mut ty = root(program, menu, path);
    let mut through = Vec::new();
    for field in &path.fields {
        let Type::Record(fields) = ty else { break };
        let Some(field) = fields.get(usize::from(*field)) else { break };
        through.push(field);
        ty = &field.ty;
    }
    through
}

/// The path as menus write it: `member.name`. Its slots are those of `menu`.
pub fn written(program: &Program, menu: &Menu, path: &Path) -> String {
    let mut words = vec![match path.root {
        Root::Slot(slot) => menu.slots[slot.index()].name.clone(),
        Root::Profile(field) => format!("profile.{}", program.profile[field.index()].name),
        Root::Caller => "caller".to_owned(),
        Root::Language => "language".to_owned(),
        Root::Channel => "channel".to_owned(),
        Root::Today => "today".to_owned(),
        Root::Operator => "operator".to_owned(),
        Root::Receipt => "receipt".to_owned(),
    }];
    let mut named = Some(root(program, menu, path));
    for field in path.fields.iter().map(|field| usize::from(*field)) {
        let (word, ty) = match named {
            Some(Type::Record(fields)) => fields.get(field).map(|f| (f.name.as_str(), &f.ty)),
            Some(Type::Row(table)) => program.table(*table).columns.get(field).map(|c| (c.name.as_str(), &c.ty)),
            Some(Type::Language) => Some((if field == 1 { "name" } else { "code" }, &path.ty)),
            _ => None,
        }
        .unzip();
        words.extend(word.map(str::to_owned));
        named = ty;
    }
    words.join(".")
}

fn root<'p>(program: &'p Program, menu: &'p Menu, path: &'p Path) -> &'p Type {
    match path.root {
        Root::Slot(slot) => &menu.slots[slot.index()].ty,
        Root::Profile(field) => &program.profile[field.index()].ty,
        _ => &path.ty,
    }
}
