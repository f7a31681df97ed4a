//! How many turns only wait: for a department, for another node, or for the turn before them. They ask nothing of this
//! machine, and take nobody's room.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug, Default)]
pub(super) struct Waits(AtomicUsize);

impl Waits {
    pub(super) fn now(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    /// Counts one while it waits, also where the waiting ends in a defect or is given up.
    pub(super) async fn during<T>(&self, wait: impl Future<Output = T>) -> T {
        let _counted = Counted::of(&self.0);
        wait.await
    }
}

struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_counts_until_it_ends_or_gives_up() {
        let waits = Waits::default();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let mut one = Box::pin(waits.during(ended));
        let mut other = Box::pin(waits.during(std::future::pending::<()>()));
        std::future::poll_fn(|cx| {
            assert!(one.as_mut().poll(cx).is_pending() && other.as_mut().poll(cx).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        assert_eq!(waits.now(), 2);
        drop(other);
        assert_eq!(waits.now(), 1);
        end.send(()).expect("it waits");
        one.await.expect("it was told");
        assert_eq!(waits.now(), 0);
    }
}
