//! `gramsetu translate`: texts to translators and back.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use super::rewrite::rewrite;
use super::{CommandError, out};
use crate::author::{po, translate};
use crate::house::load;
use crate::menu::{self, Catalogue};
use crate::source::{self, Files};

#[derive(Debug, Args)]
pub(super) struct Translate {
    #[command(subcommand)]
    what: What,
    /// The folder of menus; without it, `menus` here, or the menus that come with the program
    #[arg(long, value_name = "FOLDER", global = true)]
    menus: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say for every language and menu how much is translated, missing or stale
    Status {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Write the texts of a language as a PO file, for the tools of translators, such as Poedit and Weblate
    Export {
        /// The language's code
        #[arg(long, value_name = "CODE")]
        language: String,
        /// One menu only; `system` for the bridge's own texts
        #[arg(long, value_name = "MENU")]
        menu: Option<String>,
    },
    /// Take the translations of a PO file into the menus' translation files
    Import {
        /// The PO file
        file: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people: a table
    Text,
    /// For scripts: a JSON array, with the ids of what is missing and stale
    Json,
}

impl Translate {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let folder = super::menus_folder(self.menus);
        let files = load::read(folder.as_deref())?;
        let catalogue = match menu::catalogue(&files) {
            Ok(catalogue) => catalogue,
            Err(findings) => {
                out::remark(source::render(&findings, &files, false));
                out::remark("gramsetu: texts that cannot be read would be lost; put this right first\n");
                return Ok(ExitCode::FAILURE);
            }
        };
        match self.what {
            What::Status { format } => {
                let rows = translate::status(&catalogue);
                say(&match format {
                    Format::Text => translate::table(&rows),
                    Format::Json => translate::to_json(&rows) + "\n",
                })
            }
            What::Export { language, menu } => export(&catalogue, &files, &language, menu.as_deref()),
            What::Import { file } => {
                let folder = folder.ok_or_else(|| {
                    CommandError::Usage("an import writes into a folder of menus; name one with --menus".to_owned())
                })?;
                import(&catalogue, &files, &folder, &file)
            }
        }
    }
}

fn say(text: &str) -> Result<ExitCode, CommandError> {
    out::print(text, "the answer")?;
    Ok(ExitCode::SUCCESS)
}

fn export(catalogue: &Catalogue, files: &Files, code: &str, menu: Option<&str>) -> Result<ExitCode, CommandError> {
    let at = catalogue.languages.iter().position(|known| known.eq_ignore_ascii_case(code)).filter(|at| *at > 0);
    let Some(at) = at else {
        let known = catalogue.languages.iter().skip(1).map(String::as_str);
        return Err(super::unknown("translation into", code, known));
    };
    if let Some(menu) = menu
        && !catalogue.groups.iter().any(|group| group.name() == menu)
    {
        return Err(super::unknown("menu", menu, catalogue.groups.iter().map(menu::Group::name)));
    }
    say(&po::write(&translate::export(catalogue, files, at, menu)))
}

fn import(
    catalogue: &Catalogue,
    files: &Files,
    folder: &std::path::Path,
    file: &std::path::Path,
) -> Result<ExitCode, CommandError> {
    let named = file.display();
    let bytes = std::fs::read(file).map_err(CommandError::io(format!("reading `{named}`")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| CommandError::Usage(format!("`{named}` is not UTF-8 text; save it again, as UTF-8")))?;
    let po = po::read(&text).map_err(|error| CommandError::Usage(format!("`{named}` is no PO file: {error}")))?;
    let imported = translate::import(catalogue, files, &po)
        .map_err(|error| CommandError::Usage(format!("`{named}` cannot be imported: {error}")))?;
    for written in &imported.files {
        rewrite(&folder.join(&written.path), &written.text)?;
        out::remark(format!("wrote {}: {}\n", written.path, written.texts.join(", ")));
    }
    for note in &imported.notes {
        out::remark(format!("{named}:{}: `{}`: {}\n", note.line, note.name, note.fate));
    }
    let written: usize = imported.files.iter().map(|file| file.texts.len()).sum();
    let left_out = imported.notes.iter().filter(|note| note.fate.is_left_out()).count();
    out::remark(format!(
        "{written} imported, {} as they were, {left_out} left out, {} not translated, {} fuzzy\n",
        imported.same, imported.untranslated, imported.fuzzy
    ));
    Ok(if left_out > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
