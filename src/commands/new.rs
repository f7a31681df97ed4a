//! `gramsetu new`: menus to begin with.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueHint};

use super::rewrite::rewrite;
use super::{CommandError, out};
use crate::author::new::folder::FOLDER;
use crate::author::new::{self, NewError, Plan};
use crate::house::load;

#[derive(Debug, Args)]
pub(super) struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A menu, with its department, a sandbox for it and a conversation, and an option that leads to it
    Menu(Menu),
    /// A whole folder of menus, with a first menu in two languages, that can be checked, played and dialled at once
    Folder(Folder),
}

#[derive(Debug, Args)]
struct Menu {
    /// Its name: the department, a dot, and what is asked of it, like `pds.card`
    name: String,
    /// The folder of menus
    #[arg(long, default_value = "menus", value_name = "FOLDER")]
    folder: PathBuf,
    /// The screen that gets an option for it, like `home.services`; without one, the first that has room
    #[arg(long, value_name = "SCREEN")]
    into: Option<String>,
}

#[derive(Debug, Args)]
struct Folder {
    /// The folder, which is not there yet or empty
    #[arg(value_hint = ValueHint::DirPath)]
    folder: PathBuf,
}

impl New {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        match self.what {
            What::Menu(menu) => menu.run(),
            What::Folder(folder) => folder.run(),
        }
    }
}

impl Folder {
    fn run(self) -> Result<ExitCode, CommandError> {
        let folder = self.folder.as_path();
        if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(NewError::NotEmpty(folder.display().to_string()).into());
        }
        write(folder, &FOLDER)?;
        let wrote = FOLDER.map(|(path, _)| format!("wrote   {}\n", folder.join(path).display())).concat();
        let folder = folder.display();
        let next = format!(
            "\nNext: change the texts in home.yaml, then\n  gramsetu check {folder}\n  gramsetu play {folder}\n  gramsetu dial '*123#' \
             --menus {folder}\nA menu that asks a department is added by: gramsetu new menu pds.card --folder {folder}\n"
        );
        out::print(wrote + &next, "what was done")?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Menu {
    fn run(self) -> Result<ExitCode, CommandError> {
        let mut loaded = load::load(load::read(Some(&self.folder))?);
        let program = super::proved(&mut loaded)?;
        let passes = |files| !load::load(files).has_errors();
        let plan = new::menu(&loaded.files, &program, &self.name, self.into.as_deref(), passes)?;
        write(&self.folder, &plan.files)?;
        if let Some((path, text)) = &plan.edited {
            rewrite(&self.folder.join(path), text)?;
        }
        out::print(said(&self.folder, &plan) + "\n", "what was done")?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes new files, or none of them.
fn write<Text: AsRef<str>>(folder: &Path, files: &[(Text, Text)]) -> Result<(), CommandError> {
    // A file that is no part of the menus has not been read, and stays too.
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path.as_ref()).exists()) {
        return Err(NewError::Exists(path.as_ref().to_owned()).into());
    }
    for (path, text) in files {
        let path = folder.join(path.as_ref());
        let what = || format!("writing `{}`", path.display());
        if let Some(within) = path.parent() {
            std::fs::create_dir_all(within).map_err(CommandError::io(what()))?;
        }
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        file.and_then(|mut file| file.write_all(text.as_ref().as_bytes())).map_err(CommandError::io(what()))?;
    }
    Ok(())
}

fn said(folder: &Path, plan: &Plan) -> String {
    let shown = |path: &str| folder.join(path).display().to_string();
    let mut lines: Vec<String> = plan.files.iter().map(|(path, _)| format!("wrote   {}", shown(path))).collect();
    if let Some(path) = &plan.department {
        lines.push(format!(
            "kept    {} as it is: the new menu does not call it yet, and says how it could",
            shown(path)
        ));
    }
    match &plan.edited {
        Some((path, _)) => {
            let full = plan.full.as_ref().map_or_else(String::new, |full| format!("; `{full}` has no room for one"));
            lines.push(format!("changed {}: an option in `{}`{full}", shown(path), plan.screen));
        }
        None => lines.push(format!(
            "\nNothing leads to the menu yet: `check` would not pass with one more option in `{}`. Make room there, or choose \
             another screen, and add this line to its `options`:\n\n  {}",
            plan.screen, plan.option
        )),
    }
    let folder = folder.display();
    lines.push("\nNext: change its texts, then".to_owned());
    lines.push(format!("  gramsetu check {folder}"));
    lines.push(format!("  gramsetu play {folder}"));
    if let Some(dial) = &plan.dial {
        lines.push(format!("  gramsetu dial '{dial}' --menus {folder}"));
    }
    lines.push("It has no translations yet: docs/menus.md says how they are written.".to_owned());
    lines.join("\n")
}
