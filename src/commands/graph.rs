//! `gramsetu graph`: menus as a drawing.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{CommandError, out};
use crate::author::graph;
use crate::house::load;
use crate::menu::{self, LanguageId, Program};
use crate::source;

#[derive(Debug, Args)]
pub(super) struct Graph {
    /// The menu to draw, such as `epfo.balance`; without it, all menus
    menu: Option<String>,
    /// The folder of menus; without it, `menus` here, or the menus that come with the program
    #[arg(long, value_name = "FOLDER")]
    menus: Option<PathBuf>,
    /// What the drawing is written in
    #[arg(long, value_enum, default_value_t = Format::Mermaid)]
    format: Format,
    /// The language of the labels, by its code; without it, the first of `bridge.yaml`
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Mermaid: paste it into a wiki, or a Markdown file on most code hosts
    Mermaid,
    /// Graphviz: `gramsetu graph --format dot | dot -Tsvg > menus.svg`
    Dot,
}

impl Graph {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let files = load::read(super::menus_folder(self.menus.clone()).as_deref())?;
        // Not the proofs of `check`: an author draws to find what they complain of.
        let (program, findings) = menu::compile(&files);
        let Some(program) = program else {
            out::remark(source::render(&findings, &files, false));
            out::remark("gramsetu: these menus cannot be drawn before this is put right\n");
            return Ok(ExitCode::FAILURE);
        };
        let menu = self.menu.as_deref().map(|name| find(&program, name)).transpose()?;
        let language = self.language.as_deref().map_or(Ok(LanguageId(0)), |code| language(&program, code))?;
        let format = match self.format {
            Format::Mermaid => graph::Format::Mermaid,
            Format::Dot => graph::Format::Dot,
        };
        let drawn = graph::graph(&program, menu, language, format);
        out::print(drawn, "the drawing")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn find(program: &Program, name: &str) -> Result<menu::MenuId, CommandError> {
    let names = || program.menus.iter().map(|menu| menu.name.as_str());
    program.menu_by_name(name).ok_or_else(|| super::unknown("menu", name, names()))
}

fn language(program: &Program, code: &str) -> Result<LanguageId, CommandError> {
    let codes = || program.languages.iter().map(|language| language.code.as_str());
    program.language_by_code(code).ok_or_else(|| super::unknown("language", code, codes()))
}
