//! Whether the file that is open still lies at its path. SQLite goes on with one that was deleted or replaced, and what it
//! writes there ends with the process: it would be answered, and lost.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

const GONE: &str = "the file is gone: it was deleted, moved or replaced while it was open, and what is written now would be \
                    lost; put it back, or stop the server and restore a backup";

/// A path, and the file that was opened there.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    file: (u64, u64),
}

impl Place {
    /// Of a file that has just been opened.
    pub(super) fn of(path: &Path) -> std::io::Result<Self> {
        Ok(Self { path: path.to_path_buf(), file: identity(&std::fs::metadata(path)?) })
    }

    /// Fails where the file does not lie there any more. Cheap enough to be asked before each batch.
    pub(super) fn holds(&self) -> Result<(), StoreError> {
        let holds = match std::fs::metadata(&self.path) {
            Ok(found) => identity(&found) == self.file,
            // Rights that were taken say nothing about the file.
            Err(error) => error.kind() != ErrorKind::NotFound,
        };
        if holds { Ok(()) } else { Err(StoreError::Database(GONE.to_owned())) }
    }
}

/// Device and number of the file.
#[cfg(unix)]
fn identity(file: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (file.dev(), file.ino())
}

/// Other systems do not let an open file be replaced.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_replaced_or_gone_is_noticed_until_it_is_put_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, away) = (folder.path().join("a.db"), folder.path().join("away.db"));
        std::fs::write(&path, "ours").expect("a file");
        let place = Place::of(&path).expect("it is there");
        assert!(place.holds().is_ok());
        std::fs::write(&path, "longer than it was").expect("written in place");
        assert!(place.holds().is_ok(), "the same file");
        std::fs::rename(&path, &away).expect("moved");
        assert!(place.holds().is_err());
        std::fs::write(&path, "ours").expect("another file");
        assert!(place.holds().is_err());
        std::fs::rename(&away, &path).expect("put back");
        assert!(place.holds().is_ok());
    }
}
