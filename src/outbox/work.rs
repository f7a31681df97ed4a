//! Claiming what waits, and sending it: again and again, a bounded number at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::Outbox;
use crate::store::{Message, StoreError, Trouble};

/// How long a claim holds without being sent: longer than it takes to come to a message among those claimed with it.
const CLAIMED_FOR: Duration = Duration::from_secs(30);
/// Messages that are claimed and under way at once, on all routes.
const AT_ONCE: usize = 256;
/// How often it is looked for messages whose time has come, where nothing wakes earlier.
const LOOK_EVERY: Duration = Duration::from_millis(500);

impl Outbox {
    /// Works until `stop`, then finishes what is under way. What was claimed and not sent is claimed by somebody else once its lease is over.
    pub async fn work(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut under_way = JoinSet::new();
        let trouble = Trouble::default();
        loop {
            let found = match self.claim(AT_ONCE - under_way.len()).await {
                Ok(messages) => {
                    trouble.worked();
                    messages
                }
                Err(error) => {
                    if trouble.failed().is_some() {
                        tracing::error!(%error, "Messages could not be looked for");
                    }
                    Vec::new()
                }
            };
            let is_more_likely = !found.is_empty();
            for message in found {
                let outbox = Arc::clone(&self);
                under_way.spawn(async move { outbox.send(message).await });
            }
            let has_room = under_way.len() < AT_ONCE;
            tokio::select! {
                biased;
                () = &mut stop => break,
                // A task that ended in a defect has said so; its message is in doubt, or claimed again.
                Some(_) = under_way.join_next(), if !has_room => {}
                () = std::future::ready(()), if has_room && is_more_likely => tokio::task::yield_now().await,
                () = self.store.stirred_messages(), if has_room => {}
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
            let found = self.claim(AT_ONCE).await?;
            if found.is_empty() {
                return Ok(count);
            }
            for message in found {
                self.send(message).await;
                count += 1;
            }
        }
    }

    async fn claim(&self, at_most: usize) -> Result<Vec<Message>, StoreError> {
        let now = self.clock.now();
        let room = usize::try_from(self.routes.get().room(now)).unwrap_or(usize::MAX);
        // Without routes what is queued is told so, and does not wait for ever.
        let at_most = if self.routes.get().is_empty() { at_most } else { at_most.min(room) };
        if at_most == 0 {
            return Ok(Vec::new());
        }
        self.store.lease_messages(now, now.plus(CLAIMED_FOR), u32::try_from(at_most).unwrap_or(u32::MAX)).await
    }
}
