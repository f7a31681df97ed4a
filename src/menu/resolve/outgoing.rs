//! Verbs by which an SMS goes out: `verify`.

use super::menu::Inside;
use crate::menu::context::Context;
use crate::menu::syntax::VerifyTree;
use crate::menu::verb::{Target, Verify};

impl Inside<'_> {
    pub(super) fn verify(&self, screen: &str, tree: &VerifyTree, cx: &mut Context<'_>) -> Option<Verify> {
        let prompt = tree.prompt.as_ref().map(|prompt| self.text(screen, "prompt", Some(prompt), cx));
        let next = self.required(tree.next.as_ref(), cx);
        let wrong = self.required(tree.on_wrong.as_ref(), cx);
        let expired = self.optional_target(tree.on_expired.as_ref(), cx);
        let unsent = self.optional_target(tree.on_unsent.as_ref(), cx);
        Some(Verify {
            prompt: match prompt {
                Some(prompt) => Some(prompt?),
                None => None,
            },
            tries: tree.tries.unwrap_or(Verify::TRIES),
            lock: tree.lock.unwrap_or(Verify::LOCK),
            next: next?,
            wrong: wrong?,
            expired: expired?.unwrap_or(Target::Sorry),
            unsent: unsent?.unwrap_or(Target::Sorry),
        })
    }
}
