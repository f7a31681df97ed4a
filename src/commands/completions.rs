//! `gramsetu completions`: for shells.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{CommandError, CommandLine, out};

/// Print the script with which a shell completes commands, options, files and names of gateways
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gramsetu completions bash > ~/.local/share/bash-completion/completions/gramsetu
  gramsetu completions zsh > ~/.zfunc/_gramsetu
  gramsetu completions fish > ~/.config/fish/completions/gramsetu.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_parser = clap::builder::EnumValueParser::<Shell>::new())]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<ExitCode, CommandError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "gramsetu", &mut script);
        out::print(script, "the completions")?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_gets_a_script_that_names_the_commands() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut CommandLine::command(), "gramsetu", &mut script);
            let script = String::from_utf8(script).expect("a script is text");
            assert!(script.contains("check") && script.contains("print-settings"), "{shell}");
        }
    }
}
