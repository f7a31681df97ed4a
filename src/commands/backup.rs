//! `gramsetu backup` and `gramsetu restore`: copies of a SQLite database. A PostgreSQL has tools of its own, which they name.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::migrate::held;
use super::{CommandError, Where, assemble, counted, out};
use crate::bridge;
use crate::store::sqlite::{self, Backup, Copied};
use crate::store::{Database, postgres};

/// Copy the SQLite database, also while a server has it open and writes to it
///
/// The copy is whole, synced, looked through, and readable by this user alone. Keep the keys of the settings elsewhere:
/// without them nobody can read it.
#[derive(Debug, Args)]
#[command(
    name = "backup",
    after_long_help = "\
Examples:
  gramsetu backup --settings /etc/gramsetu/gramsetu.toml /backup/gramsetu-$(date +%F-%H%M).db"
)]
pub(super) struct Save {
    /// The file to be made, which is not there yet
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    place: Where,
}

/// Put a backup in the place of the SQLite database
///
/// Refused while a server has the database open, and for a file that is not ours, damaged, of a newer version, or not
/// opened by the keys of the settings. What was there is kept under another name.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gramsetu restore --settings /etc/gramsetu/gramsetu.toml --replace /backup/gramsetu-2026-01-15-0400.db")]
pub(super) struct Restore {
    /// The backup
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Where there is a database, keep it under another name and put the backup in its place
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    place: Where,
}

impl Save {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let path = match self.place.settings()?.database.parse()? {
            Database::Sqlite(path) => path,
            Database::Postgres(address) => return Err(CommandError::Usage(dump(&address, &self.file))),
        };
        super::block_on(async move {
            let copied = sqlite::backup(&path, &self.file, bridge::WITNESS).await?;
            out::print(format!("wrote {}: {}\n", self.file.display(), size(&copied)), "what was done")?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

impl Restore {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.place.settings()?;
        let path = match settings.database.parse()? {
            Database::Sqlite(path) => path,
            Database::Postgres(address) => return Err(CommandError::Usage(load(&address, &self.file))),
        };
        let keyring = settings.keys.as_ref().map(assemble::keyring).transpose()?;
        super::block_on(async move {
            let backup = Backup::examine(&self.file, bridge::WITNESS).await?;
            if let Some(keyring) = keyring {
                bridge::fit(&keyring, backup.record())?;
            }
            let restored = backup.restore(&path, self.replace).await?;
            let former = restored.former.map(|former| format!("the former database is {}\n", former.display()));
            let messages = counted(usize::try_from(restored.doubted).unwrap_or(usize::MAX), "message");
            let doubted = match restored.doubted {
                0 => String::new(),
                _ => format!(
                    "{messages} waited at the backup and may have gone out since: in doubt now, not sent again\n"
                ),
            };
            let said = format!("restored {}: {}\n{doubted}", path.display(), size(&restored.copied));
            out::print(said + &former.unwrap_or_default(), "what was done")?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// `245760 bytes, 2 conversations, …`
fn size(copied: &Copied) -> String {
    format!("{} bytes, {}", copied.bytes, held(copied.holdings))
}

fn dump(address: &postgres::Address, file: &Path) -> String {
    format!(
        "a PostgreSQL is backed up by its own tools, while it runs:\n  pg_dump --format=custom --file='{}' --dbname='{address}' \
         --username=USER\nor, so that nothing is lost between two backups, by a base backup and an archive of its log: \
         docs/operations.md",
        file.display()
    )
}

fn load(address: &postgres::Address, file: &Path) -> String {
    format!(
        "a PostgreSQL is restored by its own tools, into an empty database and while no node runs:\n  pg_restore \
         --exit-on-error --single-transaction --no-owner --dbname='{address}' --username=USER '{}'\nthen `gramsetu migrate`; \
         docs/operations.md says what else to think of",
        file.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postgresql_is_named_without_its_password() {
        let address = "postgres://u:secret@db1,db2:6432/state".parse().expect("an address");
        for said in [dump(&address, Path::new("a.dump")), load(&address, Path::new("a.dump"))] {
            assert!(said.contains("'postgres://db1:5432,db2:6432/state'") && said.contains("'a.dump'"), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }
}
