//! Writing over a file that somebody wrote.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::CommandError;

/// Puts a text in the place of what a file holds: all of it, or nothing where that cannot be done. A full disk in the middle
/// would otherwise leave half a menu. Links stay links, and who may read the file may go on to.
pub(super) fn rewrite(path: &Path, text: &str) -> Result<(), CommandError> {
    let replaced = match path.canonicalize() {
        Ok(place) => replace(&place, text),
        // There is nothing to lose.
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::write(path, text),
        Err(error) => Err(error),
    };
    replaced.map_err(CommandError::io(format!("writing `{}`", path.display())))
}

fn replace(place: &Path, text: &str) -> io::Result<()> {
    // What may not be written is not replaced either.
    let old: File = OpenOptions::new().write(true).open(place)?;
    let beside = place.parent().unwrap_or(Path::new("."));
    // Hidden, so that no other command takes it for a menu.
    let mut new = tempfile::Builder::new().prefix(".gramsetu-").tempfile_in(beside)?;
    new.write_all(text.as_bytes())?;
    new.as_file().set_permissions(old.metadata()?.permissions())?;
    new.as_file().sync_all()?;
    new.persist(place)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_keeps_its_place_and_who_may_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        std::fs::write(&file, "old").expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("set");
        symlink("a.yaml", &link).expect("a link can be made");
        rewrite(&link, "new").expect("it is rewritten");
        assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "new");
        assert!(link.is_symlink());
        assert_eq!(std::fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o640);
        rewrite(&folder.path().join("c.yaml"), "first").expect("it is written");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 3, "nothing else is left behind");
        assert!(rewrite(&folder.path().join("gone/d.yaml"), "text").is_err());
    }
}
