//! `check --accept-moved`: dial paths that lead elsewhere or nowhere from now on, because somebody says so.

use std::path::Path;

use crate::check::lock::{self, Dialled};
use crate::commands::rewrite::rewrite;
use crate::commands::{CommandError, out};
use crate::house::load;
use crate::menu;
use crate::source::suggest;

/// Writes into the folder's lock where these paths, and those behind them, lead now, and says what that changes. A folder
/// whose menus or lock cannot be read is left as it is: the check that follows says why.
pub(super) fn accept(folder: Option<&Path>, moved: &[String]) -> Result<(), CommandError> {
    let usage = CommandError::Usage;
    let folder = folder.ok_or_else(|| usage("--accept-moved writes into a folder of menus; name one".to_owned()))?;
    let files = load::read(Some(folder))?;
    let (Some(program), _) = menu::compile(&files) else { return Ok(()) };
    let Ok(kept) = lock::read(&files) else { return Ok(()) };
    let none = || usage(format!("the folder has no `{}` yet: nothing was promised", lock::FILE));
    let mut kept = kept.ok_or_else(none)?;
    let mut said: Vec<String> = Vec::new();
    for path in moved {
        let dialled = Dialled::parse(path)
            .ok_or_else(|| usage(format!("`{path}` is no dial path; write it like '*123*4#', in quotes")))?;
        let Some(changes) = kept.accept(&program, &dialled) else {
            let known: Vec<String> = kept.paths().map(|(known, _)| known.to_string()).collect();
            let otherwise = format!("`{}` lists those that were promised", lock::FILE);
            let remedy = suggest::remedy(path, known.iter().map(String::as_str), &otherwise);
            return Err(usage(format!("`{path}` was never published; {remedy}")));
        };
        let news = if changes.is_empty() { format!("{dialled} leads where it led\n") } else { changes.to_string() };
        said.push(news);
    }
    rewrite(&folder.join(lock::FILE), &kept.to_string())?;
    out::remark(said.concat());
    Ok(())
}
