//! Turns on tasks of their own, counted, so that a shutdown can wait for those whose callers have gone.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How many are under way.
#[derive(Debug)]
pub struct Turns(watch::Sender<usize>);

impl Default for Turns {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Turns {
    /// Runs to its end, whatever becomes of the handle: a caller that hangs up does not undo what was begun.
    pub(super) fn spawn<T>(&self, turn: impl Future<Output = T> + Send + 'static) -> JoinHandle<T>
    where
        T: Send + 'static,
    {
        let counted = Counted::new(&self.0);
        tokio::spawn(async move {
            let done = turn.await;
            drop(counted);
            done
        })
    }

    pub fn under_way(&self) -> usize {
        *self.0.borrow()
    }

    /// Waits until none is under way.
    pub async fn finished(&self) {
        // The sender lives in `self`, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|under_way| *under_way == 0).await;
    }
}

/// Counts while it lives, and so also where a turn ends in a defect.
struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(turns: &watch::Sender<usize>) -> Self {
        turns.send_modify(|under_way| *under_way += 1);
        Self(turns.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|under_way| *under_way -= 1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_turn_counts_until_it_ends_though_nobody_waits_for_it() {
        let turns = Turns::default();
        let (end, ended) = oneshot::channel::<()>();
        drop(turns.spawn(ended));
        let defect = turns.spawn(async { panic!("a defect on purpose") });
        assert!(defect.await.is_err());
        assert_eq!(turns.under_way(), 1);
        end.send(()).expect("it waits");
        turns.finished().await;
        assert_eq!(turns.under_way(), 0);
    }
}
