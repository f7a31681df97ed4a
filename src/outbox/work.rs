//! Claiming what waits, and sending it: again and again, a bounded number at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use super::Outbox;
use crate::store::{Message, MessageClaims, StoreError, Trouble};
use crate::types::Timestamp;

/// How long a claim holds without being sent: longer than it takes to come to a message among those claimed with it.
const CLAIMED_FOR: Duration = Duration::from_secs(30);
/// Messages that are claimed and under way at once, on all routes.
const AT_ONCE: usize = 256;
/// How often it is looked for messages whose time has come, where nothing wakes earlier.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often a node without routes looks for messages that are of no use any more.
const LOOK_FOR_EXPIRED_EVERY: Duration = Duration::from_mins(1);

/// A message that was claimed and has no route yet: it will take a place that still looks free.
#[derive(Debug)]
pub(super) struct Unplaced(Arc<AtomicUsize>);

impl Unplaced {
    fn among(all: &Arc<AtomicUsize>) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(all))
    }
}

impl Drop for Unplaced {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Outbox {
    /// Works until `stop`, then finishes what is under way. What was claimed and not sent is claimed by somebody else once its lease is over.
    pub async fn work(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut under_way = JoinSet::new();
        let trouble = Trouble::default();
        let mut looked = Timestamp(0);
        loop {
            let expired = self.routes.get().is_empty();
            let is_time = expired && self.clock.now().since(looked) >= LOOK_FOR_EXPIRED_EVERY;
            let worth = if is_time { AT_ONCE } else { self.worth_claiming() };
            let at_most = worth.min(AT_ONCE - under_way.len());
            let found = match self.claim(at_most, expired).await {
                Ok(messages) => {
                    if at_most > 0 {
                        trouble.worked();
                    }
                    messages
                }
                Err(error) => {
                    if trouble.failed().is_some() {
                        tracing::error!(%error, "Messages could not be looked for");
                    }
                    Vec::new()
                }
            };
            // More may wait than could be claimed: whoever is done makes room for the next.
            let is_full = found.len() >= at_most;
            if is_time && !is_full {
                looked = self.clock.now();
            }
            for message in found {
                let (outbox, unplaced) = (Arc::clone(&self), Unplaced::among(&self.unplaced));
                under_way.spawn(async move { outbox.send(message, unplaced).await });
            }
            tokio::select! {
                biased;
                () = &mut stop => break,
                // A task that ended in a defect has said so; its message is in doubt, or claimed again.
                Some(_) = under_way.join_next(), if is_full => {}
                () = self.store.stirred_messages(), if !is_full => {}
                () = self.clock.sleep(LOOK_EVERY) => {}
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Sends all whose time has come, one after the other: for dialogues, in whose time nothing happens by itself. Says how many were sent or put off.
    pub async fn send_due(&self) -> Result<usize, StoreError> {
        let mut count = 0;
        loop {
            let found = self.claim(self.worth_claiming().min(AT_ONCE), false).await?;
            if found.is_empty() {
                return Ok(count);
            }
            for message in found {
                self.send(message, Unplaced::among(&self.unplaced)).await;
                count += 1;
            }
        }
    }

    /// How many messages could be given to a route now: none without routes, for other nodes may have some.
    fn worth_claiming(&self) -> usize {
        let routes = self.routes.get();
        let room = usize::try_from(routes.room(self.clock.now())).unwrap_or(usize::MAX);
        room.saturating_sub(self.unplaced.load(Ordering::Relaxed))
    }

    /// What is due; or of that only what is of no use any more, which is for a node without routes: other nodes may have some for the rest, and
    /// where none has, nobody else would ever drop it.
    async fn claim(&self, at_most: usize, expired: bool) -> Result<Vec<Message>, StoreError> {
        if at_most == 0 {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let (until, at_most) = (now.plus(CLAIMED_FOR), u32::try_from(at_most).unwrap_or(u32::MAX));
        self.store.lease_messages(MessageClaims { now, until, at_most, expired }).await
    }
}
