//! A program with the profiles that were published with it: out of a folder that was proved, or out of the store.

use std::sync::Arc;

use super::load::{self, Loaded};
use crate::gateway::Profile;
use crate::gateway::messages::MessageProfile;
use crate::menu::{self, BundleError, Program, Version};
use crate::source::{Diagnostic, Files};
use crate::store::{KeptProgram, Programs, StoreError};

/// What new sessions can begin on.
#[derive(Debug)]
pub struct Servable {
    pub program: Arc<Program>,
    /// Shipped profiles and the folder's own.
    pub profiles: Vec<Profile>,
    /// The same of profiles of messages.
    pub messages: Vec<MessageProfile>,
}

/// Why what is kept cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum UnservableError {
    #[error("the database has published the program {0}, and does not hold its files")]
    Missing(Version),
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("this version of gramsetu refuses its menus: {0}")]
    Refused(String),
    #[error("its files give the program {found} here: it was published by another version of gramsetu, or is damaged")]
    Another { found: Version },
    #[error("a defect ended its compilation")]
    Defect,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Servable {
    /// The program of a folder that passed, with what is to be kept of it.
    pub fn of(program: Program, loaded: Loaded) -> (Self, KeptProgram) {
        let kept = KeptProgram { version: program.version, files: menu::pack(&loaded.files) };
        (Self { program: Arc::new(program), profiles: loaded.profiles, messages: loaded.messages }, kept)
    }

    /// Out of the store, compiled beside what else goes on. What whoever published it has proved is not proved again: what
    /// was served once can be served again at any time.
    pub async fn kept(programs: &dyn Programs, version: Version) -> Result<Self, UnservableError> {
        let kept = programs.program(version).await?.ok_or(UnservableError::Missing(version))?;
        tokio::task::spawn_blocking(move || Self::unpacked(&kept)).await.unwrap_or(Err(UnservableError::Defect))
    }

    fn unpacked(kept: &KeptProgram) -> Result<Self, UnservableError> {
        let files = menu::unpack(&kept.files)?;
        let (program, mut findings) = menu::compile(&files);
        let (profiles, messages) = load::profiles(&files, &mut findings);
        let refused = |files: &Files| {
            let wrong = findings.iter().find(|finding| finding.is_error());
            let wrong = wrong.map(|wrong| format!("{}: {}", files.get(wrong.span.file).path, wrong.message));
            UnservableError::Refused(wrong.unwrap_or_default())
        };
        let program = program.filter(|_| !findings.iter().any(Diagnostic::is_error)).ok_or_else(|| refused(&files))?;
        if program.version != kept.version {
            return Err(UnservableError::Another { found: program.version });
        }
        Ok(Self { program: Arc::new(program), profiles, messages })
    }
}
