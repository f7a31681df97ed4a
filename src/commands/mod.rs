//! The command line: one file per subcommand. What they share is beside them; how the
//! house is put together is in `house`.

mod assemble;
mod backup;
mod check;
mod completions;
mod demo;
mod dial;
mod dlt;
mod first;
mod graph;
mod logging;
mod man;
mod messages;
mod migrate;
mod new;
mod out;
mod play;
mod publish;
mod rewrite;
mod schema;
mod scratch;
mod serve;
mod simulate;
mod translate;
mod watching;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueHint};

use crate::author::explain::ExplainError;
use crate::author::new::NewError;
use crate::bridge::KeysError;
use crate::house::load::{self, Loaded};
use crate::menu::Program;
use crate::settings::{self, Layer, Origin, SettingsError};
use crate::simulate::server::ServerError;
use crate::source::{self, suggest};
use crate::store::sqlite::CopyError;
use crate::store::{DatabaseError, StoreError};

/// The settings file that `serve` reads when it is there and none is named.
const SETTINGS_FILE: &str = "gramsetu.toml";

/// What stands below the long help and at the end of the manual page.
const AFTER: &str = "\
Exit status:
  0  It was done, and nothing was found wrong.
  1  Something was found wrong: by check, play, simulate, publish, messages or migrate --check; or serve was stopped at once.
  2  It could not be done. Standard error says why and what to do.

Environment:
  GRAMSETU_SETTINGS  The settings file, like --settings.
  GRAMSETU_SECRET    The hook's secret with which `dial --url` and `simulate --url` call.
  GRAMSETU_*         Any setting: GRAMSETU_LISTEN, GRAMSETU_KEYS__HASH.
  RUST_LOG           What is logged: warn,gramsetu=info,sqlx=error if not set.
  NO_COLOR           Where it is set, findings have no colours.

Files:
  gramsetu.toml      Settings of serve, here, where no other file is named.
  menus/             Menus, here, where no other folder is named.

Examples:
  gramsetu demo
  gramsetu check menus
  gramsetu dial '*123#'
  gramsetu simulate --faults all
  gramsetu serve --settings /etc/gramsetu/gramsetu.toml
  gramsetu publish /etc/gramsetu/menus";

/// Public services on any phone: menus over USSD, from declarative files
///
/// Citizens with keypad phones dial a code such as *123# and are led through menus, which are YAML files. `check` proves that a
/// folder of menus can be served, `dial` is a phone in the terminal, `play` plays conversations that were written down, `demo`
/// serves the menus that come with the program on this machine, `simulate` is many citizens at once, `serve` serves menus to the gateways of operators, and `publish`
/// changes them while they are served.
#[derive(Debug, Parser)]
#[command(name = "gramsetu", version, propagate_version = true, after_long_help = AFTER)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Publish(publish::Publish),
    /// Begin something new in a folder of menus
    New(new::New),
    Check(check::Check),
    Dial(dial::Dial),
    Play(play::Play),
    Simulate(simulate::Simulate),
    /// Draw one menu, or all, for Mermaid or Graphviz: what leads where, and what changes something or is personal
    Graph(graph::Graph),
    /// Texts to translators and back: what is missing, PO files out and in
    Translate(translate::Translate),
    /// What the Indian registries for senders and texts (DLT) are to be told
    Dlt(dlt::Dlt),
    Messages(messages::Messages),
    Schema(schema::Schema),
    Migrate(migrate::Migrate),
    Backup(backup::Save),
    Restore(backup::Restore),
    Completions(completions::Completions),
    Man(man::Man),
}

/// What `demo` and `serve` take beside the settings.
#[derive(Clone, Debug, Args)]
struct Overrides {
    /// Address and port for the hooks [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Address and port for health and metrics, which only operators may reach
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<String>,
    /// The SQLite file, created where it is missing; or `postgres://user:password@host1:5432,host2/name`
    #[arg(long, value_name = "FILE|ADDRESS", value_hint = ValueHint::FilePath)]
    database: Option<String>,
    /// The folder of menus; without one, the menus that come with the program
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    menus: Option<String>,
    /// The settings file [default: for `serve`, gramsetu.toml where there is one; `demo` reads none unasked]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "GRAMSETU_SETTINGS")]
    settings: Option<PathBuf>,
}

impl Overrides {
    /// The file that was named, the environment and flags, from the weakest to the strongest.
    fn layers(&self) -> Result<Vec<Layer>, SettingsError> {
        let mut layers = Vec::new();
        if let Some(path) = &self.settings {
            let origin = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| SettingsError::Read { path: origin.clone(), reason: error.to_string() })?;
            layers.push(Layer::toml(Origin::File(origin), &text)?);
        }
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        layers.extend(Layer::environment(std::env::vars_os().filter_map(text)));
        let flags = [
            ("--listen", "listen", &self.listen),
            ("--admin", "admin", &self.admin),
            ("--database", "database", &self.database),
            ("--menus", "menus", &self.menus),
        ];
        layers
            .extend(flags.into_iter().filter_map(|(flag, key, value)| Some(Layer::flag(flag, key, value.as_deref()?))));
        Ok(layers)
    }

    /// The same over the usual file, where it is there and no other was named.
    fn read(mut self) -> Result<settings::Read, SettingsError> {
        let usual = PathBuf::from(SETTINGS_FILE);
        self.settings = self.settings.or_else(|| usual.exists().then_some(usual));
        settings::read(self.layers()?)
    }
}

/// What commands take that look after a database.
#[derive(Debug, Args)]
struct Where {
    /// The SQLite file, or the address of a PostgreSQL
    #[arg(long, value_name = "DATABASE", value_hint = ValueHint::FilePath)]
    database: Option<String>,
    /// The settings file [default: gramsetu.toml where there is one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "GRAMSETU_SETTINGS")]
    settings: Option<PathBuf>,
}

impl Where {
    fn settings(self) -> Result<settings::Settings, SettingsError> {
        let Self { database, settings } = self;
        Ok(Overrides { listen: None, admin: None, menus: None, database, settings }.read()?.settings)
    }
}

/// Why a command could not do what it was asked. Each says what was wrong and what to do.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Load(#[from] load::LoadError),
    #[error(transparent)]
    New(#[from] NewError),
    #[error(transparent)]
    Assemble(#[from] assemble::AssembleError),
    #[error(transparent)]
    First(#[from] first::FirstError),
    #[error(transparent)]
    Publish(#[from] publish::PublishingError),
    #[error(transparent)]
    Messages(#[from] messages::MessagesError),
    #[error(transparent)]
    Address(#[from] DatabaseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Copy(#[from] CopyError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Simulate(#[from] ServerError),
    #[error(transparent)]
    Explain(#[from] ExplainError),
    #[error("the menus have errors; nothing is served until `gramsetu check` passes")]
    Refused,
    #[error(
        "`demo` is for this machine only, and `{key}` is {address}; give it a loopback address such as 127.0.0.1:8080, or \
         use `serve`, which wants secrets and keys of its own"
    )]
    NotLoopback { key: &'static str, address: SocketAddr },
    #[error("{what} cannot be done: {reason}")]
    Io { what: String, reason: String },
    /// The reader of standard output is gone: what only talks ends, and says nothing.
    #[error("nobody reads what is written")]
    NobodyReads,
    #[error("{0}")]
    Usage(String),
}

impl CommandError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |error| Self::Io { what, reason: error.to_string() }
    }
}

/// The program of menus that pass; prints what is wrong with others.
fn proved(loaded: &mut Loaded) -> Result<Program, CommandError> {
    if loaded.has_errors() {
        out::remark(source::render(&loaded.findings, &loaded.files, false));
        return Err(CommandError::Refused);
    }
    loaded.program.take().ok_or(CommandError::Refused)
}

/// Runs what the command line asks for.
pub fn run() -> ExitCode {
    let CommandLine { command } = CommandLine::parse();
    if matches!(command, Command::Demo(_) | Command::Serve(_)) {
        logging::tell_defects_by_place();
    }
    let result = match command {
        Command::Demo(demo) => demo.run(),
        Command::Serve(serve) => serve.run(),
        Command::Publish(publish) => publish.run(),
        Command::Check(check) => check.run(),
        Command::Dial(dial) => dial.run(),
        Command::Graph(graph) => graph.run(),
        Command::Play(play) => play.run(),
        Command::Simulate(simulate) => simulate.run(),
        Command::Dlt(dlt) => dlt.run(),
        Command::Messages(messages) => messages.run(),
        Command::Schema(schema) => schema.run(),
        Command::Migrate(migrate) => migrate.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
        Command::New(new) => new.run(),
        Command::Translate(translate) => translate.run(),
    };
    match result {
        Ok(status) => status,
        Err(CommandError::NobodyReads) => ExitCode::SUCCESS,
        Err(error) => {
            out::remark(format!("gramsetu: {error}\n"));
            ExitCode::from(2)
        }
    }
}

/// `1 menu`, `2 menus`
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The folder that was named, or `menus` here where there is one; `None` is the menus that come with the program.
fn menus_folder(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| load::folder(std::path::Path::new("menus")))
}

/// A name that is not among those that are known, with the one that was perhaps meant.
fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> CommandError {
    let known: Vec<&str> = known.collect();
    let remedy = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    CommandError::Usage(format!("there is no {what} `{name}`; {remedy}"))
}

/// Runs a command to its end on a worker for each core. What it left behind is not waited for: it has said what it waits for.
fn block_on(command: impl Future<Output = Result<ExitCode, CommandError>>) -> Result<ExitCode, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(CommandError::io("starting the runtime"))?;
    let ended = runtime.block_on(command);
    runtime.shutdown_background();
    ended
}
