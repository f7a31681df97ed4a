//! `gramsetu dlt`: the sheet for the registries.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueHint};

use super::{CommandError, out};
use crate::author::dlt;
use crate::house::load;
use crate::source;

#[derive(Debug, Args)]
pub(super) struct Dlt {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the texts of messages as they are to be registered, as CSV: one row for each text in each language
    ///
    /// Only messages that name an `entity` are under the registries. The ids that come back are written beside the texts, as
    /// `template`.
    #[command(after_long_help = "\
Examples:
  gramsetu dlt export menus > templates.csv
  gramsetu dlt export --new menus")]
    Export {
        /// The folder of menus; without it, `menus` here, or the menus that come with the program
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
        /// Only texts that have no id yet
        #[arg(long)]
        new: bool,
    },
}

impl Dlt {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let What::Export { folder, new } = self.what;
        let folder = super::menus_folder(folder);
        let loaded = load::load(load::read(folder.as_deref())?);
        let Some(program) = loaded.program.as_ref().filter(|_| !loaded.has_errors()) else {
            out::remark(source::render(&loaded.findings, &loaded.files, false));
            out::remark("gramsetu: what cannot be served is not to be registered; put this right first\n");
            return Ok(ExitCode::FAILURE);
        };
        out::print(dlt::sheet(program, new), "the sheet")?;
        Ok(ExitCode::SUCCESS)
    }
}
