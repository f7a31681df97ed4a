//! Turns under way, counted: so that a shutdown can wait for those whose callers have gone, and so that no more
//! are begun than can be served in time.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::sync::{Defect, poll_caught};

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
    /// As the settings have it: what two cores with a file answer in a tenth of a second, and with a database or a slow disk
    /// within half of one.
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

    /// Runs on its caller's task, and to its end whatever becomes of the caller: see [`Carried`].
    pub(super) fn carry<T>(&self, turn: impl Future<Output = T> + Send + 'static) -> Carried<T>
    where
        T: Send + 'static,
    {
        Carried(Some((Box::pin(turn), Counted::new(&self.count))))
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

/// A turn that is carried along by whoever awaits it, so that most need no task of their own: no other thread is woken for
/// them, nor once more for their end. Who waits no longer drops it, and then it gets a task: what was begun is not undone.
#[must_use = "it is only begun when it is awaited"]
pub(super) struct Carried<T: Send + 'static>(Option<(UnderWay<T>, Counted)>);

type UnderWay<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<T: Send> Future for Carried<T> {
    type Output = Result<T, Defect>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some((turn, _)) = &mut self.0 else { return Poll::Ready(Err(Defect)) };
        let done = ready!(poll_caught(turn.as_mut(), context));
        // Its parts may panic as they go, too.
        let gone = catch_unwind(AssertUnwindSafe(|| self.0 = None));
        Poll::Ready(gone.map_err(|_| Defect).and(done))
    }
}

impl<T: Send> Drop for Carried<T> {
    fn drop(&mut self) {
        let (Some((turn, counted)), Ok(runtime)) = (self.0.take(), Handle::try_current()) else { return };
        runtime.spawn(async move {
            turn.await;
            drop(counted);
        });
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

    /// Begins it, as its caller does.
    async fn begin<T: Send>(turn: &mut Carried<T>) {
        std::future::poll_fn(|context| {
            assert!(Pin::new(&mut *turn).poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn a_turn_goes_on_to_its_end_though_nobody_waits_for_it() {
        let turns = Turns::default();
        let (end, ended) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let mut turn = turns.carry(async move {
            ended.await.expect("it is told");
            done.send(()).expect("somebody looks");
        });
        begin(&mut turn).await;
        drop(turn);
        assert_eq!(turns.under_way(), 1);
        end.send(()).expect("it waits");
        is_done.await.expect("it went on to its end");
        turns.finished().await;
        assert_eq!(turns.under_way(), 0);
    }

    #[tokio::test]
    async fn a_defect_ends_its_own_turn_and_is_counted_no_more() {
        let turns = Turns::default();
        assert_eq!(turns.carry(async { panic!("a defect on purpose") }).await, Err::<(), _>(Defect));
        assert_eq!(turns.under_way(), 0);
        assert_eq!(turns.carry(async { 7 }).await, Ok(7));
        // The same once nobody waits for it any more.
        let (end, ended) = oneshot::channel::<()>();
        let mut turn = turns.carry(async move {
            ended.await.expect("it is told");
            panic!("a defect on purpose");
        });
        begin(&mut turn).await;
        drop(turn);
        end.send(()).expect("it waits");
        turns.finished().await;
    }

    #[tokio::test]
    async fn who_begins_is_turned_away_before_who_goes_on() {
        let turns = Turns::at_most(1);
        assert!(turns.has_room(true, 0));
        let (end, ended) = oneshot::channel::<()>();
        let one = turns.carry(ended);
        assert!(!turns.has_room(true, 0) && turns.has_room(false, 0));
        assert!(turns.has_room(true, 1), "who waits for a department works on nothing");
        let (_end, ended) = oneshot::channel::<()>();
        let _two = turns.carry(ended);
        assert!(!turns.has_room(false, 0) && turns.has_room(false, 1));
        end.send(()).expect("it waits");
        one.await.expect("no defect").expect("it was told");
        assert!(turns.has_room(false, 0));
    }
}
