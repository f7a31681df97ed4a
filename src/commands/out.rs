//! What commands write to standard output and standard error: all of it goes through here.
//!
//! Who closed the pipe (`| head -1`) has read enough. That is no failure, and nothing is said about it.

use std::io::{self, ErrorKind, Write as _};

use super::CommandError;

/// Writes what was asked for. When nobody reads any more it is dropped, and the command goes on to its own exit status.
pub(super) fn print(text: impl AsRef<[u8]>, what: &str) -> Result<(), CommandError> {
    match tell(text, what) {
        Err(CommandError::NobodyReads) => Ok(()),
        written => written,
    }
}

/// The same of a command that has nothing else to do than to be read: it ends, with success, when nobody does.
pub(super) fn tell(text: impl AsRef<[u8]>, what: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(CommandError::NobodyReads),
        written => written.map_err(CommandError::io(format!("writing {what}"))),
    }
}

/// Writes a remark to standard error. Where that cannot be written there is nobody to tell.
pub(super) fn remark(text: impl AsRef<[u8]>) {
    drop(io::stderr().lock().write_all(text.as_ref()));
}
