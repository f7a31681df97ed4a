//! `gramsetu man`: manual pages.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _, ValueHint};
use clap_mangen::Man as Page;

use super::{CommandError, CommandLine, out};

/// Print the manual page of the program, or write one for each command too
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gramsetu man | man -l -
  gramsetu man --all /usr/local/share/man/man1")]
pub(super) struct Man {
    /// Write the pages of the program and of every command into this folder, as `gramsetu-check.1` and so on
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    all: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let pages = pages()?;
        match (&self.all, pages.first()) {
            (Some(folder), _) => {
                let cannot = |path: &Path| CommandError::io(format!("writing `{}`", path.display()));
                std::fs::create_dir_all(folder).map_err(cannot(folder))?;
                for (name, page) in &pages {
                    let path = folder.join(name);
                    std::fs::write(&path, page).map_err(cannot(&path))?;
                }
                Ok(ExitCode::SUCCESS)
            }
            (None, Some((_, page))) => {
                out::print(page, "the manual page")?;
                Ok(ExitCode::SUCCESS)
            }
            (None, None) => Ok(ExitCode::SUCCESS),
        }
    }
}

/// File names with their pages, the program's first.
fn pages() -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    let mut whole = CommandLine::command();
    // Gives every command its full name.
    whole.build();
    let mut all = vec![page(whole.clone())?];
    for command in whole.get_subcommands().filter(|command| command.get_name() != "help") {
        all.push(page(command.clone())?);
    }
    Ok(all)
}

fn page(command: Command) -> Result<(String, Vec<u8>), CommandError> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut page = Vec::new();
    let below = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let has_commands = command.has_subcommands();
    let man = Page::new(command).source(concat!("gramsetu ", env!("CARGO_PKG_VERSION")));
    let mut render = || {
        man.render_title(&mut page)?;
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        if has_commands {
            man.render_subcommands_section(&mut page)?;
        }
        page.extend(sections(&below).into_bytes());
        Ok(())
    };
    render().map_err(CommandError::io("writing a manual page"))?;
    Ok((format!("{name}.1"), page))
}

/// What stands below the long help as sections of its own: a line without indentation is a title, the lines under it stay
/// as they are.
fn sections(help: &str) -> String {
    let mut page = String::new();
    for line in help.lines() {
        match line.strip_suffix(':').filter(|title| !title.starts_with(' ')) {
            Some(title) => page.extend([".SH \"", &title.to_uppercase(), "\"\n.nf\n"]),
            None if line.is_empty() => page.push_str(".fi\n"),
            // `\&` keeps a point or quote at the beginning of a line from being a command.
            None => page.extend(["\\&", &line.trim_start().replace('\\', "\\e").replace('-', "\\-"), "\n"]),
        }
    }
    page.push_str(".fi\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_and_every_command_have_a_page() {
        let pages = pages().expect("they are written");
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.first(), Some(&"gramsetu.1"));
        for command in CommandLine::command().get_subcommands() {
            assert!(names.contains(&format!("gramsetu-{}.1", command.get_name()).as_str()), "{}", command.get_name());
        }
        for (name, page) in &pages {
            let page = String::from_utf8_lossy(page);
            let title = name.trim_end_matches(".1");
            assert!(page.contains(&format!(".TH {title} 1")), "{page}");
            for section in [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS"] {
                assert!(page.contains(section), "{name}: {section}\n{page}");
            }
        }
    }
}
