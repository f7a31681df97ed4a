//! One after another: two callbacks of one leg, or of one subscriber, are ordered, not raced.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use crate::store::{ByHash, KeyedHash};
use crate::sync::lock;

/// Who is being served, and who waits for that.
#[derive(Debug, Default)]
pub(super) struct Order(Arc<Queues>);

/// By key, those who wait. There is an entry while somebody is served, and nearly always nobody waits.
type Queues = Mutex<ByHash<VecDeque<oneshot::Sender<Served>>>>;

/// While this is held nobody else is served under the same key; then it goes to whoever waits longest.
#[derive(Debug)]
pub(super) struct Served {
    queues: Arc<Queues>,
    key: KeyedHash,
}

impl Order {
    /// Waits until those who came before have been served; first come, first served.
    pub(super) async fn take(&self, key: KeyedHash) -> Served {
        let given = match lock(&self.0).entry(key) {
            Entry::Vacant(nobody) => {
                nobody.insert(VecDeque::new());
                None
            }
            Entry::Occupied(mut served) => {
                let (give, given) = oneshot::channel();
                served.get_mut().push_back(give);
                Some(given)
            }
        };
        match given {
            None => Served { queues: Arc::clone(&self.0), key },
            Some(given) => given.await.expect("who waits is in the queue until it is given to them"),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let next = {
            let mut queues = lock(&self.queues);
            let waiting = queues.get_mut(&self.key);
            let next =
                waiting.and_then(|waiting| std::iter::from_fn(|| waiting.pop_front()).find(|next| !next.is_closed()));
            if next.is_none() {
                queues.remove(&self.key);
            }
            next
        };
        if let Some(next) = next {
            // Whoever gives up at this very moment gives it on, by dropping it.
            drop(next.send(Self { queues: Arc::clone(&self.queues), key: self.key }));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::task::Poll;

    use super::*;

    fn key(n: u8) -> KeyedHash {
        KeyedHash([n; 16])
    }

    /// Has a place in the queue, and nothing yet.
    async fn waits(mut taking: Pin<&mut impl Future<Output = Served>>) {
        std::future::poll_fn(|context| {
            assert!(taking.as_mut().poll(context).is_pending(), "the same key is held");
            Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn a_second_waits_for_the_first_and_nothing_is_left_behind() {
        let order = Order::default();
        let first = order.take(key(1)).await;
        let other = order.take(key(2)).await;
        let (mut second, mut third) = (pin!(order.take(key(1))), pin!(order.take(key(1))));
        waits(second.as_mut()).await;
        waits(third.as_mut()).await;
        drop(first);
        let second = second.await;
        waits(third.as_mut()).await;
        drop((second, other));
        drop(third.await);
        assert!(lock(&order.0).is_empty());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing_behind() {
        let order = Order::default();
        let first = order.take(key(1)).await;
        let mut second = Box::pin(order.take(key(1)));
        waits(second.as_mut()).await;
        drop(second);
        drop(first);
        assert!(lock(&order.0).is_empty());
    }

    #[tokio::test]
    async fn what_was_given_to_somebody_who_gives_up_goes_to_the_next() {
        let order = Order::default();
        let first = order.take(key(1)).await;
        let mut gone = Box::pin(order.take(key(1)));
        let mut unheard = Box::pin(order.take(key(1)));
        let mut last = pin!(order.take(key(1)));
        waits(gone.as_mut()).await;
        waits(unheard.as_mut()).await;
        waits(last.as_mut()).await;
        drop(gone);
        drop(first);
        waits(last.as_mut()).await;
        drop(unheard);
        drop(last.await);
        assert!(lock(&order.0).is_empty());
    }
}
