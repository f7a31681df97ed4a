//! Turns on tasks of their own, counted: so that a shutdown can wait for those whose callers have gone, and so that no more
//! are begun than can be served in time.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How many are under way, and how many may be.
#[derive(Debug)]
pub struct Turns {
    count: Arc<Count>,
    at_once: usize,
}

#[derive(Debug, Default)]
struct Count {
    under_way: AtomicUsize,
    none: Notify,
}

impl Default for Turns {
    fn default() -> Self {
        Self::at_most(Self::AT_ONCE)
    }
}

impl Turns {
    /// As the settings have it: what two cores with a file answer in a tenth of a second, and with a slow disk or a database in less
    /// than one.
    pub const AT_ONCE: usize = 2000;

    /// Up to so many at once, those that only wait not counted; what begins a dialogue is turned away beyond
    /// that, and what goes on with one beyond twice as many.
    pub fn at_most(at_once: usize) -> Self {
        Self { count: Arc::default(), at_once }
    }

    /// Whether there is room for one more, while so many of those under way only wait.
    ///
    /// Who begins is turned away first: a session that is under way has been paid for with all its turns so far, and one that is
    /// refused at its beginning asks for no more. So the work that is refused costs little, and what was begun gets done.
    pub(super) fn has_room(&self, begins: bool, waiting: usize) -> bool {
        let working = self.under_way().saturating_sub(waiting);
        working < if begins { self.at_once } else { self.at_once.saturating_mul(2) }
    }

    /// Runs to its end, whatever becomes of the handle: a caller that hangs up does not undo what was begun.
    pub(super) fn spawn<T>(&self, turn: impl Future<Output = T> + Send + 'static) -> JoinHandle<T>
    where
        T: Send + 'static,
    {
        let counted = Counted::new(&self.count);
        tokio::spawn(async move {
            let done = turn.await;
            drop(counted);
            done
        })
    }

    pub fn under_way(&self) -> usize {
        self.count.under_way.load(Ordering::Acquire)
    }

    /// Waits until none is under way.
    pub async fn finished(&self) {
        loop {
            // Listens before it looks, so that the last one's end is not missed in between.
            let none = self.count.none.notified();
            if self.under_way() == 0 {
                return;
            }
            none.await;
        }
    }
}

/// Counts while it lives, and so also where a turn ends in a defect.
struct Counted(Arc<Count>);

impl Counted {
    fn new(count: &Arc<Count>) -> Self {
        count.under_way.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.0.under_way.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.none.notify_waiters();
        }
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

    #[tokio::test]
    async fn who_begins_is_turned_away_before_who_goes_on() {
        let turns = Turns::at_most(1);
        assert!(turns.has_room(true, 0));
        let (end, ended) = oneshot::channel::<()>();
        let one = turns.spawn(ended);
        assert!(!turns.has_room(true, 0) && turns.has_room(false, 0));
        assert!(turns.has_room(true, 1), "who waits for a department works on nothing");
        let (_end, ended) = oneshot::channel::<()>();
        let _two = turns.spawn(ended);
        assert!(!turns.has_room(false, 0) && turns.has_room(false, 1));
        end.send(()).expect("it waits");
        one.await.expect("no defect").expect("it was told");
        assert!(turns.has_room(false, 0));
    }
}
