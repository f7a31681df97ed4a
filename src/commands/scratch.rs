//! Where the sessions of dialogues are kept while they are played: somewhere of their own, which is removed afterwards.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::CommandError;
use super::assemble::AssembleError;
use crate::ambient::SystemChance;
use crate::store::{Database, postgres};
use crate::types::Chance as _;

#[derive(Debug)]
pub(super) enum Scratch {
    /// Goes with its folder, also where nobody removes it.
    Temporary(TempDir),
    File(PathBuf),
    Schema(postgres::Scratch),
}

impl Scratch {
    /// The same, with a temporary file on the disk that is here: its speed counts.
    pub(super) async fn here(within: Option<&Database>) -> Result<Self, CommandError> {
        if within.is_some() {
            return Self::make(within).await;
        }
        let folder = tempfile::tempdir_in(".").map_err(CommandError::io("making a folder for the database here"))?;
        Ok(Self::Temporary(folder))
    }

    /// What is there already is left alone: a file is refused, and a PostgreSQL's other schemas are not touched.
    pub(super) async fn make(within: Option<&Database>) -> Result<Self, CommandError> {
        match within {
            None => {
                let folder = tempfile::tempdir().map_err(CommandError::io("making a folder for the sessions"))?;
                Ok(Self::Temporary(folder))
            }
            Some(Database::Sqlite(path)) if path.exists() => {
                let path = path.display();
                Err(CommandError::Usage(format!("this begins in an empty file, and `{path}` is there; name a new one")))
            }
            Some(Database::Sqlite(path)) => Ok(Self::File(path.clone())),
            Some(Database::Postgres(address)) => {
                let schema = postgres::Scratch::make(address, SystemChance.draw()).await;
                Ok(Self::Schema(schema.map_err(AssembleError::from)?))
            }
        }
    }

    pub(super) fn database(&self) -> Database {
        match self {
            Self::Temporary(folder) => Database::Sqlite(folder.path().join("stage.db")),
            Self::File(path) => Database::Sqlite(path.clone()),
            Self::Schema(schema) => schema.database(),
        }
    }

    pub(super) async fn remove(self) -> Result<(), CommandError> {
        match self {
            Self::Temporary(folder) => folder.close().map_err(CommandError::io("removing the sessions")),
            Self::File(path) => remove_file(&path),
            Self::Schema(schema) => Ok(schema.remove().await.map_err(AssembleError::from)?),
        }
    }
}

/// With the files that are kept beside it, where there are any: of SQLite, and the one that tells others that it is open.
fn remove_file(path: &Path) -> Result<(), CommandError> {
    for ending in ["", "-wal", "-shm", "-lock"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(CommandError::io("removing the sessions")(error));
            }
            _ => {}
        }
    }
    Ok(())
}
