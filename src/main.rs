//! The `gramsetu` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    gramsetu::commands::run()
}
