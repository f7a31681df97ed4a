//! `gramsetu check`: proves that a folder of menus can be served, and explains what it finds.

mod moved;
mod stamp;
mod watch;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum, ValueHint};

use super::{CommandError, counted, out};
use crate::author::explain;
use crate::check::{lengths, messages};
use crate::house::load::{self, Loaded};
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
  gramsetu check --stamp menus epfo/claim.hi.yaml
  gramsetu check --accept-moved '*123*4#' menus")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
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
    /// Print the longest form of every message: its characters, and in each language its size and segments by what a route carries
    #[arg(long)]
    messages: bool,
    /// With `--messages`, what one segment costs: what each message costs at the most is printed, too
    #[arg(long, value_name = "AMOUNT", requires = "messages")]
    price: Option<f64>,
    /// Check again whenever a file of the folder is saved, until Ctrl-C
    #[arg(long, conflicts_with_all = ["stamp", "accept_moved", "explain", "format"])]
    watch: bool,
    /// Tell what a finding means and why it matters, with an example: `--explain M032`
    #[arg(long, value_name = "CODE", conflicts_with_all = ["folder", "format", "lengths", "messages", "stamp", "accept_moved"])]
    explain: Option<String>,
    /// Write the fingerprints of translations that have none: says that they are true to their source texts. Translations of
    /// a text that has changed since are stamped only in the files named behind the folder
    #[arg(long)]
    stamp: bool,
    /// Accept that a dial path of `published.lock`, and all behind it, lead elsewhere or nowhere from now on
    #[arg(long, value_name = "PATH")]
    accept_moved: Vec<String>,
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
        if let Some(code) = &self.explain {
            print(&explain::explanation(code)?.page())?;
            return Ok(ExitCode::SUCCESS);
        }
        let folder = super::menus_folder(self.folder.clone());
        if self.watch {
            return watch::watch(folder.as_deref(), |loaded| self.page(loaded));
        }
        if self.stamp {
            stamp::stamp(folder.as_deref(), &self.read)?;
        }
        if !self.accept_moved.is_empty() {
            moved::accept(folder.as_deref(), &self.accept_moved)?;
        }
        let loaded = load::load(load::read(folder.as_deref())?);
        print(&match self.format {
            Format::Json => format!("{}\n", source::to_json(&loaded.findings, &loaded.files)),
            Format::Text => self.page(&loaded),
        })?;
        Ok(if loaded.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn page(&self, loaded: &Loaded) -> String {
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let mut page = source::render(&loaded.findings, &loaded.files, colour);
        page.push_str(&tells_more(loaded).unwrap_or_default());
        if self.lengths {
            page.push_str(&lengths::table(&loaded.lengths));
        }
        if let Some(program) = loaded.program.as_ref().filter(|_| self.messages) {
            page.push_str(&messages::table(&messages::sizes(program), self.price));
        }
        page.push_str(&summary(loaded));
        page
    }
}

fn print(page: &str) -> Result<(), CommandError> {
    out::print(page, "the findings")
}

/// Where more is told about the first of the gravest findings: once a run, whatever reads it. That scripts read the same as
/// people keeps what people paste into a report complete; scripts have `--format json`.
fn tells_more(loaded: &Loaded) -> Option<String> {
    let finding = loaded.findings.iter().min_by_key(|finding| finding.severity)?;
    Some(format!("`gramsetu check --explain {}` tells more, as for every code.\n\n", finding.code))
}

fn summary(loaded: &Loaded) -> String {
    let count = |severity| loaded.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match &loaded.program {
        Some(program) if errors == 0 => {
            let screens: usize = program.menus.iter().map(|menu| menu.screens.len()).sum();
            format!(
                "{} with {} in {}, proved on {}: no errors, {}\n",
                counted(program.menus.len(), "menu"),
                counted(screens, "screen"),
                counted(program.languages.len(), "language"),
                counted(loaded.profiles.len(), "gateway"),
                counted(warnings, "warning"),
            )
        }
        _ => format!("{}, {}: this cannot be served\n", counted(errors, "error"), counted(warnings, "warning")),
    }
}
