//! A profile of either kind, as they lie beside each other in a menus folder.

use super::messages::{self, MessageProfile};
use super::profile::Profile;
use super::read_profile::read_root;
use crate::source::{self, Diagnostic, FileId, Files};

/// What one file of `gateways/` says.
#[derive(Clone, Debug)]
pub enum AnyProfile {
    Ussd(Box<Profile>),
    Messages(Box<MessageProfile>),
}

/// Reads and checks a profile of the kind that its key `speaks` says, or of USSD without one.
pub fn read_any(files: &Files, file: FileId) -> Result<AnyProfile, Vec<Diagnostic>> {
    let root = source::read(files, file)?;
    if messages::speaks(&root) {
        return messages::read(&root).map(Box::new).map(AnyProfile::Messages);
    }
    read_root(&root).map(Box::new).map(AnyProfile::Ussd)
}
