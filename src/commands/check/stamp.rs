//! `check --stamp`: fingerprints of the texts that translations translate.

use std::path::{Path, PathBuf};

use crate::commands::rewrite::rewrite;
use crate::commands::{CommandError, out};
use crate::house::load;
use crate::menu;
use crate::source::suggest;

/// Writes the fingerprints of texts that have none; in the files of `read`, of stale ones too. Says which.
pub(super) fn stamp(folder: Option<&Path>, read: &[PathBuf]) -> Result<(), CommandError> {
    let folder =
        folder.ok_or_else(|| CommandError::Usage("--stamp writes into a folder of menus; name one".to_owned()))?;
    let files = load::read(Some(folder))?;
    let mut stale = Vec::new();
    for named in read {
        let within = named.strip_prefix(folder).unwrap_or(named);
        let found = files.iter().find(|(_, file)| Path::new(&file.path) == within);
        let missing = || {
            let within = within.display().to_string();
            let paths = files.iter().map(|(_, file)| file.path.as_str());
            let remedy = suggest::remedy(&within, paths, "name a file by its path in the folder");
            CommandError::Usage(format!("there is no `{within}` in the folder to stamp; {remedy}"))
        };
        stale.push(found.map(|(id, _)| id).ok_or_else(missing)?);
    }
    for (id, file) in files.iter() {
        if let Some(stamped) = menu::stamp(&files, id, stale.contains(&id)) {
            rewrite(&folder.join(&file.path), &stamped.text)?;
            let texts = if stamped.fresh.is_empty() { "nothing new".to_owned() } else { stamped.fresh.join(", ") };
            out::remark(format!("stamped {}: {texts}\n", file.path));
        }
    }
    Ok(())
}
