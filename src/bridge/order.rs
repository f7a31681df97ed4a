//! One after another: two callbacks of one leg, or of one subscriber, are ordered, not raced.

use std::sync::{Arc, Mutex};

use tokio::sync::OwnedMutexGuard;

use crate::store::{ByHash, KeyedHash};
use crate::sync::lock;

type Queue = Arc<tokio::sync::Mutex<()>>;

/// Who is being served. Entries live only while somebody holds or awaits them.
#[derive(Debug, Default)]
pub(super) struct Order {
    queues: Mutex<ByHash<Queue>>,
}

/// While this is held nobody else is served under the same key.
#[derive(Debug)]
pub(super) struct Served<'a> {
    order: &'a Order,
    key: KeyedHash,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Order {
    /// Waits until those who came before have been served; first come, first served.
    pub(super) async fn take(&self, key: KeyedHash) -> Served<'_> {
        let queue = Arc::clone(self.lock().entry(key).or_default());
        // Made before waiting, so that a future dropped while it waits leaves no entry behind either.
        let mut served = Served { order: self, key, guard: None };
        served.guard = Some(queue.lock_owned().await);
        served
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, ByHash<Queue>> {
        lock(&self.queues)
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        self.guard = None;
        let mut queues = self.order.lock();
        // One reference is the map's own; who waits holds another.
        if queues.get(&self.key).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> KeyedHash {
        KeyedHash([n; 16])
    }

    #[tokio::test]
    async fn a_second_waits_for_the_first_and_nothing_is_left_behind() {
        let order = Order::default();
        let first = order.take(key(1)).await;
        let other = order.take(key(2)).await;
        let mut second = Box::pin(order.take(key(1)));
        let waits = std::future::poll_fn(|cx| std::task::Poll::Ready(second.as_mut().poll(cx).is_pending())).await;
        assert!(waits, "the same key is held");
        drop(first);
        let second = second.await;
        drop((second, other));
        assert!(order.lock().is_empty());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing_behind() {
        let order = Order::default();
        let first = order.take(key(1)).await;
        let mut second = Box::pin(order.take(key(1)));
        std::future::poll_fn(|cx| {
            assert!(second.as_mut().poll(cx).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        drop(second);
        drop(first);
        assert!(order.lock().is_empty());
    }
}
