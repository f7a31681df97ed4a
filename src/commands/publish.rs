//! `gramsetu publish`: what new sessions begin on, changed beside running servers and without a restart.

mod changes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::assemble::{AssembleError, Node};
use super::rewrite::rewrite;
use super::{CommandError, Overrides, counted, out};
use crate::ambient::SystemClock;
use crate::check::lock::{self, Lock};
use crate::house::load::{self, LoadError};
use crate::house::{Servable, UnservableError};
use crate::menu::{Program, Version};
use crate::settings::Settings;
use crate::source;
use crate::store::{self, Database, DatabaseError, KeptProgram, Programs, PublishError, Published, StoreError};
use crate::types::Clock as _;

/// Entries of the list that are looked through; more than a service publishes in years.
const HISTORY: u32 = 1000;

/// Signs of a version that are not mistaken for a number of the list.
const SHORTEST_VERSION: usize = 4;

/// Publish a folder of menus: running servers begin new sessions on it within a second
///
/// Refuses what `check` refuses (dial paths that were published and lead elsewhere now, above all), and menus that call a department which the settings do not name. Sessions under way go on with
/// the menus they began with. Needs no restart: it works beside servers that have the database open. What people may dial is noted in the folder's
/// `published.lock`.
#[derive(Debug, Args)]
#[command(
    disable_version_flag = true,
    after_long_help = "\
Exit status:
  0  It was published, or nothing has changed.
  1  The menus have errors.
  2  It could not be published.

Examples:
  gramsetu publish /etc/gramsetu/menus
  gramsetu publish --list
  gramsetu publish --version 12
  gramsetu publish --version 3f9a"
)]
pub(super) struct Publish {
    /// The folder of menus; without it, that of the settings
    #[arg(value_hint = ValueHint::DirPath)]
    folder: Option<String>,
    /// Show what was published and when (in IST), the last first, and publish nothing
    #[arg(long, conflicts_with_all = ["folder", "version"])]
    list: bool,
    /// Publish an earlier program again, by its number in the list or the beginning of its version
    #[arg(long, value_name = "VERSION", conflicts_with = "folder")]
    version: Option<String>,
    /// The database of the servers: the SQLite file, or `postgres://user@host/name`
    #[arg(long, value_name = "DATABASE", value_hint = ValueHint::FilePath)]
    database: Option<String>,
    /// The settings file of the servers [default: gramsetu.toml where there is one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "GRAMSETU_SETTINGS")]
    settings: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum PublishingError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Node(#[from] AssembleError),
    #[error("the program {version} cannot be served: {reason}")]
    Unservable { version: Version, reason: UnservableError },
    #[error(
        "there is no database `{0}`; name that of the servers with `--database`, or their settings with `--settings`"
    )]
    NoDatabase(Database),
    #[error("`{0}` is too little of a version; write at least four signs of it, or the number before it in the list")]
    TooShort(String),
    #[error(
        "nothing was published that is `{0}`, or whose version begins so; `gramsetu publish --list` shows what was"
    )]
    NoVersion(String),
    #[error("several programs begin with `{0}`; write more of the version: {1}")]
    SeveralVersions(String, String),
}

impl Publish {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let Self { folder, list, version, database, settings } = self;
        let settings = Overrides { listen: None, admin: None, database, menus: folder, settings }.read()?.settings;
        super::block_on(async move {
            let database: Database = settings.database.parse().map_err(PublishingError::from)?;
            // Only looking makes no file: it may be looked for in the wrong place.
            if (list || version.is_some()) && database.is_missing() {
                return Err(PublishingError::NoDatabase(database).into());
            }
            match version {
                _ if list => show(&database).await,
                Some(version) => again(&database, settings, &version).await,
                None => folder_of(&database, settings).await,
            }
        })
    }
}

async fn open(database: &Database) -> Result<Box<dyn Programs>, PublishingError> {
    Ok(store::open_programs(database, SystemClock.now()).await?)
}

/// Publishes the folder of the settings.
async fn folder_of(database: &Database, settings: Settings) -> Result<ExitCode, CommandError> {
    let folder = load::folder(&settings.menus);
    let mut loaded = load::load(load::read(folder.as_deref())?);
    out::remark(source::render(&loaded.findings, &loaded.files, false));
    if loaded.has_errors() {
        out::remark("gramsetu: the menus have errors; nothing was published\n");
        return Ok(ExitCode::FAILURE);
    }
    let Some(program) = loaded.program.take() else { return Ok(ExitCode::FAILURE) };
    // A lock that cannot be read is an error of the menus.
    let promised = lock::read(&loaded.files).ok().flatten().unwrap_or_default();
    let (servable, kept) = Servable::of(program, loaded);
    prove(settings, &servable)?;
    if folder.is_none() {
        out::remark(
            "There is no folder `menus` here, and none was named: these are the menus that come with the program.\n",
        );
    }
    // Menus that are refused make no file either.
    let is_new = database.is_missing();
    let programs = open(database).await?;
    say(&format!("Database:   {database}{}\n", if is_new { ", which was not there until now" } else { "" }))?;
    let status = publish(&*programs, &servable, kept).await?;
    if let Some(folder) = folder {
        promise(&folder, &promised, &servable.program)?;
    }
    Ok(status)
}

/// Writes what dial paths mean from now on beside the menus. What was published stays so where that cannot be done.
fn promise(folder: &Path, promised: &Lock, program: &Program) -> Result<(), CommandError> {
    let (path, renewed) = (folder.join(lock::FILE), promised.renewed(program));
    if renewed == *promised && path.exists() {
        return Ok(());
    }
    if let Err(error) = rewrite(&path, &renewed.to_string()) {
        out::remark(format!(
            "gramsetu: what dial paths mean was not noted: {error}; publish the same folder again where it can be written\n"
        ));
        return Ok(());
    }
    let news = lock::changes(promised, &renewed);
    say(&format!("{news}Commit `{}`: it holds what people may dial from now on.\n", path.display()))
}

/// Publishes an earlier program again.
async fn again(database: &Database, settings: Settings, prefix: &str) -> Result<ExitCode, CommandError> {
    let programs = &*open(database).await?;
    let history = programs.history(HISTORY).await.map_err(PublishingError::from)?;
    let version = find(&history, prefix)?;
    let unservable = |reason| PublishingError::Unservable { version, reason };
    let servable = Servable::kept(programs, version).await.map_err(unservable)?;
    prove(settings, &servable)?;
    let kept = programs.program(version).await.map_err(PublishingError::from)?;
    let kept = kept.ok_or_else(|| unservable(UnservableError::Missing(version)))?;
    say(&format!("Database:   {database}\n"))?;
    publish(programs, &servable, kept).await
}

/// The version under this number, or the only one of the list that begins so.
fn find(history: &[Published], prefix: &str) -> Result<Version, PublishingError> {
    let wanted = prefix.to_lowercase();
    // Versions begin with digits, too: what is shorter is the number that stands before them in the list.
    let number = if prefix.len() < SHORTEST_VERSION { prefix.parse::<u64>().ok() } else { None };
    if prefix.len() < SHORTEST_VERSION && number.is_none() {
        return Err(PublishingError::TooShort(prefix.to_owned()));
    }
    let mut found: Vec<Version> = Vec::new();
    for published in history {
        let version = published.version;
        let is_meant = match number {
            Some(number) => published.number == number,
            None => version.to_string().starts_with(&wanted),
        };
        if is_meant && !found.contains(&version) {
            found.push(version);
        }
    }
    match found[..] {
        [version] => Ok(version),
        [] => Err(PublishingError::NoVersion(prefix.to_owned())),
        _ => {
            let found: Vec<String> = found.iter().map(Version::to_string).collect();
            Err(PublishingError::SeveralVersions(prefix.to_owned(), found.join(", ")))
        }
    }
}

fn prove(settings: Settings, servable: &Servable) -> Result<(), PublishingError> {
    if settings.departments.is_empty() && servable.program.called_departments().next().is_some() {
        out::remark("The settings name no departments: whether servers know all that are called was not looked at.\n");
    }
    Ok(Node::new(settings).prove(servable)?)
}

async fn publish(programs: &dyn Programs, servable: &Servable, kept: KeptProgram) -> Result<ExitCode, CommandError> {
    let last = programs.published().await.map_err(PublishingError::from)?;
    if let Some(last) = last.filter(|last| last.version == kept.version) {
        say(&format!("Nothing has changed: {} is published already.\n", entry(&last)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let before = match last {
        Some(last) => {
            say(&format!("Until now:  {}\n", entry(&last)))?;
            Some(Servable::kept(programs, last.version).await)
        }
        None => None,
    };
    match &before {
        Some(Ok(before)) => say(&changes::told(&before.program, &servable.program))?,
        // What is served now is damaged, or of another version of gramsetu: the more reason to publish.
        Some(Err(error)) => say(&format!("It cannot be compared with: {error}.\n"))?,
        None => {}
    }
    let published = programs.publish(kept, last.map_or(0, |last| last.number), SystemClock.now()).await;
    let published = published.map_err(PublishingError::from)?;
    say(&format!(
        "Published:  {}, {}\nServers that run begin new sessions on it within a second; those under way go on with theirs.\n",
        entry(&published),
        counted(servable.program.menus.len(), "menu"),
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn show(database: &Database) -> Result<ExitCode, CommandError> {
    let history = open(database).await?.history(HISTORY).await.map_err(PublishingError::from)?;
    if history.is_empty() {
        say("Nothing was published yet.\n")?;
    }
    for (place, published) in history.iter().enumerate() {
        say(&format!("{}{}\n", entry(published), if place == 0 { "  (served)" } else { "" }))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `number 4  3f9a…  12 Jan 2026 15:04:05 IST`
fn entry(published: &Published) -> String {
    let at = published.at.in_india().format("%d %b %Y %H:%M:%S IST");
    format!("number {}  {}  {at}", published.number, published.version)
}

fn say(text: &str) -> Result<(), CommandError> {
    out::print(text, "what is published")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Timestamp;

    fn published(number: u64, first: u8, second: u8) -> Published {
        let mut version = [7; 16];
        (version[0], version[1]) = (first, second);
        Published { number, version: Version(version), at: Timestamp(1_768_453_200_000) }
    }

    #[test]
    fn a_version_is_found_by_its_beginning_whatever_the_case_or_by_its_number() {
        let mut twins = [published(5, 0x20, 0), published(4, 0xab, 1), published(3, 0xab, 1), published(2, 0xab, 1)];
        twins[2].version.0[2] = 8;
        assert_eq!(find(&twins, "AB0107").expect("one, published twice"), twins[1].version);
        assert!(matches!(find(&twins, "ab01"), Err(PublishingError::SeveralVersions(..))));
        assert!(matches!(find(&twins, "ef00"), Err(PublishingError::NoVersion(_))));
        assert_eq!(find(&twins, "2").expect("a number"), twins[3].version, "not the version that begins with 2");
        assert!(matches!(find(&twins, "6"), Err(PublishingError::NoVersion(_))));
        assert!(matches!(find(&twins, "ab"), Err(PublishingError::TooShort(_))));
        assert_eq!(find(&twins, "2000").expect("a version"), twins[0].version);
    }

    #[test]
    fn an_entry_tells_the_moment_in_india() {
        let shown = entry(&published(4, 0x3f, 0x9a));
        assert_eq!(shown, "number 4  3f9a0707070707070707070707070707  15 Jan 2026 10:30:00 IST");
    }
}
