//! What a gateway is answered when it calls a hook.

use super::profile::MessageProfile;
use super::types::Hook;
use crate::gateway::HttpReply;

impl MessageProfile {
    /// 200, with what the protocol wants to see: nothing, an empty document, a document that rejects the call.
    ///
    /// It is also right for a probe, and for a request that could not be read: gateways send again what is not answered so, for
    /// hours, and would send an error's page to a phone. Only what could not be kept is answered otherwise, so that it does come again.
    pub fn acknowledge(&self, hook: Hook) -> HttpReply {
        let (content_type, reply) =
            self.incoming(hook).map_or(("text/plain", ""), |incoming| (&incoming.content_type, &incoming.reply));
        HttpReply {
            status: 200,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: reply.as_bytes().to_vec(),
        }
    }
}
