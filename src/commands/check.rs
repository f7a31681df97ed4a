//! `gramsetu check`: proves that a folder of menus can be served.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum, ValueHint};

use super::CommandError;
use crate::check::lengths;
use crate::house::load::{self, Loaded};
use crate::menu;
use crate::source::{self, Severity};

/// Prove that a folder of menus can be served: names, types, lengths on every gateway, navigation, secrets
///
/// Says in one run everything that is wrong, each with its code, the line and what to do; docs/diagnostics.md lists the codes.
/// Nothing is served that it refuses.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit status:
  0  No errors; there may be warnings.
  1  Errors: this cannot be served.
  2  The folder could not be read.

Examples:
  gramsetu check menus
  gramsetu check --format json menus
  gramsetu check --stamp menus epfo/claim.hi.yaml")]
pub(super) struct Check {
    /// The folder of menus; without it, `menus` here, or the menus that come with the program
    #[arg(value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the longest form of every screen: its size in each language, its pages on each gateway
    #[arg(long)]
    lengths: bool,
    /// Write the fingerprints of translations that have none: says that they are true to their source texts. Translations of
    /// a text that has changed since are stamped only in the files named behind the folder
    #[arg(long)]
    stamp: bool,
    /// Translation files that have been read against their changed source texts
    #[arg(requires = "stamp", value_name = "FILE", value_hint = ValueHint::FilePath)]
    read: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people: the line, a caret, what to do
    Text,
    /// For editors and scripts: a JSON array
    Json,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let folder = self.folder.clone().or_else(|| load::folder(Path::new("menus")));
        if self.stamp {
            stamp(folder.as_deref(), &self.read)?;
        }
        let loaded = load::load(load::read(folder.as_deref())?);
        let mut out = std::io::stdout().lock();
        let written = match self.format {
            Format::Json => writeln!(out, "{}", source::to_json(&loaded.findings, &loaded.files)),
            Format::Text => write!(out, "{}", self.page(&loaded)),
        };
        written.map_err(CommandError::io("writing the findings"))?;
        Ok(if loaded.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn page(&self, loaded: &Loaded) -> String {
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let mut page = source::render(&loaded.findings, &loaded.files, colour);
        if self.lengths {
            page.push_str(&lengths::table(&loaded.lengths));
        }
        page.push_str(&summary(loaded));
        page
    }
}

fn summary(loaded: &Loaded) -> String {
    let count = |severity| loaded.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match &loaded.program {
        Some(program) if errors == 0 => {
            let screens: usize = program.menus.iter().map(|menu| menu.screens.len()).sum();
            format!(
                "{} menus with {screens} screens in {} languages, proved on {} gateways: no errors, {warnings} warnings\n",
                program.menus.len(),
                program.languages.len(),
                loaded.profiles.len(),
            )
        }
        _ => format!("{errors} errors, {warnings} warnings: this cannot be served\n"),
    }
}

/// Writes the fingerprints of texts that have none; in the files of `read`, of stale ones too. Says which.
fn stamp(folder: Option<&Path>, read: &[PathBuf]) -> Result<(), CommandError> {
    let folder =
        folder.ok_or_else(|| CommandError::Usage("--stamp writes into a folder of menus; name one".to_owned()))?;
    let files = load::read(Some(folder))?;
    let mut stale = Vec::new();
    for named in read {
        let within = named.strip_prefix(folder).unwrap_or(named);
        let found = files.iter().find(|(_, file)| Path::new(&file.path) == within);
        let missing = || CommandError::Usage(format!("there is no `{}` in the folder to stamp", within.display()));
        stale.push(found.map(|(id, _)| id).ok_or_else(missing)?);
    }
    for (id, file) in files.iter() {
        if let Some(stamped) = menu::stamp(&files, id, stale.contains(&id)) {
            let path = folder.join(&file.path);
            std::fs::write(&path, stamped.text).map_err(CommandError::io(format!("writing `{}`", path.display())))?;
            let texts = if stamped.fresh.is_empty() { "nothing new".to_owned() } else { stamped.fresh.join(", ") };
            eprintln!("stamped {}: {texts}", file.path);
        }
    }
    Ok(())
}
