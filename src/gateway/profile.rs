//! A profile: how one gateway spells its family's protocol.

use std::time::Duration;

use crate::phone::Country;
use crate::source::{Diagnostic, FileId, Files};
use crate::types::Limits;

/// A checked profile. The fields that only decoding and encoding need are private to this module.
#[derive(Clone, Debug)]
pub struct Profile {
    /// `africastalking`: the name in `/hooks/{gateway}/…`.
    pub name: String,
    pub title: String,
    pub limits: Limits,
    /// How long the gateway waits for a reply.
    pub budget: Duration,
    /// After how long without an answer the network drops the dialogue.
    pub idle: Duration,
    /// How long a dialogue may last in all.
    pub lasts: Duration,
    /// How many exchanges a dialogue may have, where the network caps them.
    pub steps: Option<u16>,
    /// How long identical bytes are a repeat, where turns are not numbered.
    pub repeat_within: Duration,
    pub home: &'static Country,
    /// Whether every field was confirmed by the vendor's own words; else why not.
    pub unverified: Option<String>,
}

/// Reads and checks a profile.
pub fn read_profile(_files: &Files, _file: FileId) -> Result<Profile, Vec<Diagnostic>> {
    unimplemented!()
}

/// The profiles that come with the program.
pub fn shipped() -> Vec<Profile> {
    unimplemented!()
}
