//! `check --watch`: checks again when a file of the folder is saved.
//!
//! What cannot be read is said once and waited for. Ctrl-C ends it between two readings, with success: findings of menus that
//! are being written are no failure of the watch.

use std::io::{IsTerminal as _, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use crate::commands::serve::Signals;
use crate::commands::watching::{Reading, Watching};
use crate::commands::{CommandError, out};
use crate::house::load::{self, Loaded};

/// Clears a terminal and what was scrolled out of it, and goes to its top.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Returns when it is told to stop.
pub(super) fn watch(folder: Option<&Path>, page: impl Fn(&Loaded) -> String) -> Result<ExitCode, CommandError> {
    let folder =
        folder.ok_or_else(|| CommandError::Usage("--watch looks at a folder of menus; name one".to_owned()))?;
    // A folder that was never there is a slip of its name, and nothing to wait for.
    load::read(Some(folder))?;
    crate::commands::block_on(async move {
        let mut signals = Signals::listen().map_err(CommandError::io("listening for signals"))?;
        let mut watching = Watching::new(folder);
        loop {
            tokio::select! {
                read = watching.next() => show(&said(read, &page))?,
                () = signals.next() => return Ok(ExitCode::SUCCESS),
            }
        }
    })
}

/// What is shown of a reading.
fn said(read: Reading, page: impl Fn(&Loaded) -> String) -> String {
    match read {
        Ok(files) => {
            let began = Instant::now();
            let page = page(&load::load(files));
            let took = began.elapsed().as_millis();
            format!("{page}checked in {took} ms; waiting for a file to be saved (Ctrl-C ends)\n")
        }
        Err(error) => format!("gramsetu: {error}\nwaiting for it to come back (Ctrl-C ends)\n"),
    }
}

fn show(page: &str) -> Result<(), CommandError> {
    let clear = if stdout().is_terminal() { CLEAR } else { "" };
    out::tell(format!("{clear}{page}"), "the findings")
}
