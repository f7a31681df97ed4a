//! A reply's bytes.

use super::Profile;

/// What is to be said.
#[derive(Clone, Copy, Debug)]
pub enum Reply<'a> {
    /// A page; `more` when an answer is expected.
    Page { text: &'a str, more: bool },
    /// An acknowledgement without a screen, to `Ended` and `Probe`.
    Acknowledge,
    /// To `Status`.
    Status { alive: bool },
    /// The callback could not be read or served: `text` is for the citizen, `why` for the gateway where its protocol has a
    /// place for it.
    Refusal { text: &'a str, why: &'a str },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    pub status: u16,
    /// Names in lower case, content type included.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Writes a reply; `echo` is what [`super::Received`] kept (empty when the callback could not be read).
pub fn encode(_profile: &Profile, _echo: &[(String, String)], _reply: Reply<'_>) -> HttpReply {
    unimplemented!()
}
