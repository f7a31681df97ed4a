//! Answers that go out as the reply to the request that told of a citizen's message, and are no message on a route.
//!
//! The answer is a row like any other, accepted by its gateway in the commit of what caused it; its text is kept beside, for as long as what
//! happened is remembered, so that a request that comes again is answered with the same words and nothing happens twice.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use super::record::{decode, encode};
use super::{Bridge, TurnError};
use crate::store::{Commit, KeyedHash, Mark, MessageChange};
use crate::sync::lock;
use crate::types::Timestamp;

/// Longer than what is run for a message takes: departments have ten seconds.
const UNDER_WAY_AT_MOST: Duration = Duration::from_secs(30);

/// A request whose reply is sent on to the citizen.
pub(super) struct Reply<'a> {
    gateway: &'a str,
    /// Who wrote: only what goes to them can be in the reply.
    subscriber: KeyedHash,
    key: KeyedHash,
    /// Of what it is the reply to.
    of: KeyedHash,
    until: Timestamp,
    text: Mutex<Option<String>>,
}

/// Without what the citizen is to read.
impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("gateway", &self.gateway).finish_non_exhaustive()
    }
}

impl Reply<'_> {
    /// What the citizen is to read; nothing where nothing is to be sent.
    pub(super) fn text(self) -> Option<String> {
        self.text.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Bridge {
    /// The reply to what this mark makes happen once.
    pub(super) fn reply_to<'a>(&self, gateway: &'a str, subscriber: KeyedHash, mark: &Mark) -> Reply<'a> {
        let key = self.keyring.hash("reply", &[&mark.key.0]);
        Reply { gateway, subscriber, key, of: mark.key, until: mark.until, text: Mutex::default() }
    }

    /// Commits what happens once, as [`Bridge::once`] does; where there is a reply, the first message to the citizen goes out in it.
    pub(super) async fn answered(
        &self,
        mut commit: Commit,
        word: &'static str,
        reply: Option<&Reply<'_>>,
    ) -> Result<&'static str, TurnError> {
        let text = self.put_in(&mut commit, reply)?;
        let outcome = self.once(commit, word).await?;
        self.replied(reply, text, outcome).await
    }

    /// What was put in the reply is said there once it is committed; what has happened before has the reply that it had then.
    pub(super) async fn replied(
        &self,
        reply: Option<&Reply<'_>>,
        text: Option<String>,
        outcome: &'static str,
    ) -> Result<&'static str, TurnError> {
        match reply {
            Some(reply) if outcome == "repeat" => self.reply_again(reply).await?,
            Some(reply) => {
                if text.is_some() {
                    self.meters.message("in_reply");
                }
                *lock(&reply.text) = text;
            }
            None => {}
        }
        Ok(outcome)
    }

    /// What was replied to the same before. While its first request is still under way, that is not known yet: it is to be asked for again.
    pub(super) async fn reply_again(&self, reply: &Reply<'_>) -> Result<(), TurnError> {
        let now = self.clock.now();
        let found = self.store.marks(vec![reply.key, reply.of], now).await?;
        let Some(mark) = found.iter().find(|mark| mark.key == reply.key) else {
            let is_young = |mark: &Mark| mark.key == reply.of && now.since(mark.at) < UNDER_WAY_AT_MOST;
            return if found.iter().any(is_young) { Err(TurnError::UnderWay) } else { Ok(()) };
        };
        let plain = self.unseal("reply", &reply.key.0, &mark.sealed).map_err(TurnError::Record)?;
        *lock(&reply.text) = decode(&plain)?;
        Ok(())
    }

    /// Takes the first message to the citizen out of the queue and into the reply, where there is one.
    pub(super) fn put_in(&self, commit: &mut Commit, reply: Option<&Reply<'_>>) -> Result<Option<String>, TurnError> {
        let Some(reply) = reply else { return Ok(None) };
        let own = commit.messages.iter_mut().find_map(|change| match change {
            MessageChange::Queue(message) if message.recipient == reply.subscriber => Some(message),
            _ => None,
        });
        let text = own.map(|message| self.outbox.in_reply(message, reply.gateway)).transpose()?;
        // Also that nothing is to be said is known when it is asked for again.
        let plain = encode(&text)?;
        let sealed = self.seal("reply", &reply.key.0, &plain);
        commit.marks.push(Mark { key: reply.key, at: self.clock.now(), until: reply.until, sealed });
        Ok(text)
    }
}
