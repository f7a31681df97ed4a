//! The other end of the protocol: what a gateway sends to the hooks, and how it takes and answers messages.
//!
//! For the demo's aggregator, `dial`, dialogues and tests, as `gateway::Aggregator` is for USSD: written from the profile alone,
//! so that an operator's own can be tried the same way. Pure: whoever plays the gateway draws ids and makes the connections.

mod answer;
mod send;
mod take;

use std::sync::Arc;

pub use send::Sent;
pub use take::{TakeError, Taken};

use super::profile::MessageProfile;
use super::types::Hook;
use crate::gateway::WireReply;
use crate::types::Secret;

/// A gateway, seen from its own side.
#[derive(Clone, Debug)]
pub struct Carrier {
    profile: Arc<MessageProfile>,
    secret: Option<Secret>,
}

impl Carrier {
    /// `secret` is what its requests to hooks are proved with, where its protocol does that.
    pub fn new(profile: Arc<MessageProfile>, secret: Option<Secret>) -> Self {
        Self { profile, secret }
    }

    pub fn profile(&self) -> &Arc<MessageProfile> {
        &self.profile
    }

    /// Whether it is content with what a hook answered; else it would send the same again, or say an error aloud.
    pub fn is_content(&self, hook: Hook, reply: &WireReply) -> bool {
        let wanted = self.profile.acknowledge(hook);
        let content_type = |headers: &[(String, String)]| {
            headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")).map(|(_, value)| value.clone())
        };
        reply.status == wanted.status
            // What is sent on to the citizen may say anything.
            && (reply.body == wanted.body || (hook == Hook::Sms && self.profile.answers_in_reply()))
            && content_type(&reply.headers) == content_type(&wanted.headers)
    }
}
