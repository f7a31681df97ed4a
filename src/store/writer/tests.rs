use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use super::*;

/// Writes nothing; each batch waits for a permit, so that the test decides when.
#[derive(Clone, Default)]
struct Gate(Arc<GateState>);

struct GateState {
    permits: Semaphore,
    sizes: Mutex<Vec<usize>>,
    closed: AtomicUsize,
    tidied: AtomicUsize,
}

impl Default for GateState {
    fn default() -> Self {
        let permits = Semaphore::new(0);
        Self { permits, sizes: Mutex::default(), closed: AtomicUsize::new(0), tidied: AtomicUsize::new(0) }
    }
}

impl Engine for Gate {
    async fn write(&mut self, batch: Vec<Commit>) -> Vec<Result<(), CommitError>> {
        self.0.permits.acquire().await.expect("the gate stays open").forget();
        assert!(!batch.iter().any(|commit| commit.journeys.capacity() > 100), "a commit that makes the engine panic");
        self.0.sizes.lock().expect("no panic while locked").push(batch.len());
        batch.iter().map(|_| Ok(())).collect()
    }

    async fn tidy(&mut self, _now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.0.tidied.fetch_add(1, Ordering::SeqCst) == 0)
    }

    async fn close(self) -> Result<(), StoreError> {
        self.0.closed.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn start(queue: usize, batch: usize) -> (Gate, Arc<Writer>) {
    let gate = Gate::default();
    (gate.clone(), Arc::new(Writer::start(gate, queue, batch)))
}

/// Queues a commit and lets the other tasks run until they wait.
async fn queue(writer: &Arc<Writer>) -> tokio::task::JoinHandle<Result<(), CommitError>> {
    let writer = Arc::clone(writer);
    let task = tokio::spawn(async move { writer.commit(Commit::default()).await });
    settle().await;
    task
}

async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_is_alive_until_it_is_closed_or_the_engine_ends_in_a_defect() {
    let (gate, writer) = start(10, 3);
    assert!(writer.observed().alive);
    gate.0.permits.add_permits(1);
    let fatal = Commit { journeys: Vec::with_capacity(200), ..Commit::default() };
    assert!(writer.commit(fatal).await.is_err());
    assert!(!writer.observed().alive);

    let (_, writer) = start(10, 3);
    writer.close().await.expect("closed");
    assert!(!writer.observed().alive);
}

#[tokio::test]
async fn what_comes_during_a_batch_is_the_next_batch() {
    let (gate, writer) = start(10, 3);
    let mut tasks = vec![queue(&writer).await];
    for _ in 0..5 {
        tasks.push(queue(&writer).await);
    }
    assert_eq!(writer.observed().queued, 5);
    assert!(writer.observed().oldest > std::time::Duration::ZERO);
    gate.0.permits.add_permits(10);
    for task in tasks {
        task.await.expect("no panic").expect("written");
    }
    assert_eq!(*gate.0.sizes.lock().expect("no panic"), [1, 3, 2]);
    let observed = writer.observed();
    assert_eq!((observed.batches, observed.commits, observed.failed, observed.largest_batch), (3, 6, 0, 3));
    assert_eq!(observed.batch_sizes, [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!((observed.queued, observed.oldest), (0, std::time::Duration::ZERO));
}

#[tokio::test]
async fn a_full_queue_is_busy_at_once() {
    let (gate, writer) = start(2, 8);
    let first = queue(&writer).await; // being written: no longer in the queue
    let waiting = [queue(&writer).await, queue(&writer).await];
    assert!(matches!(writer.commit(Commit::default()).await, Err(CommitError::Busy)));
    assert_eq!(writer.observed().refused, 1);
    gate.0.permits.add_permits(10);
    first.await.expect("no panic").expect("written");
    for task in waiting {
        task.await.expect("no panic").expect("written");
    }
    writer.commit(Commit::default()).await.expect("there is room again");
}

#[tokio::test]
async fn closing_writes_what_is_queued_and_takes_no_more() {
    let (gate, writer) = start(10, 1);
    let tasks = [queue(&writer).await, queue(&writer).await];
    let closing = tokio::spawn({
        let writer = Arc::clone(&writer);
        async move { writer.close().await }
    });
    settle().await;
    assert!(matches!(writer.commit(Commit::default()).await, Err(CommitError::Store(StoreError::Closed))));
    gate.0.permits.add_permits(10);
    for task in tasks {
        task.await.expect("no panic").expect("written");
    }
    closing.await.expect("no panic").expect("closed");
    writer.close().await.expect("closing twice is no error");
    assert_eq!(gate.0.closed.load(Ordering::SeqCst), 1);
    assert!(matches!(writer.tidy(Timestamp(0)).await, Err(StoreError::Closed)));
}

#[tokio::test]
async fn dropping_writes_what_is_queued() {
    let (gate, writer) = start(10, 1);
    let tasks = [queue(&writer).await, queue(&writer).await];
    for task in tasks {
        task.abort(); // nobody waits for the answer any more
    }
    settle().await;
    drop(writer);
    gate.0.permits.add_permits(10);
    settle().await;
    assert_eq!(*gate.0.sizes.lock().expect("no panic"), [1, 1]);
    assert_eq!(gate.0.closed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn upkeep_gets_its_turn_between_batches() {
    let (gate, writer) = start(10, 1);
    let first = queue(&writer).await;
    let second = queue(&writer).await;
    let tidying = tokio::spawn({
        let writer = Arc::clone(&writer);
        async move { writer.tidy(Timestamp(0)).await }
    });
    settle().await;
    gate.0.permits.add_permits(1);
    first.await.expect("no panic").expect("written");
    assert!(tidying.await.expect("no panic").expect("tidied"), "there is more");
    settle().await;
    assert_eq!(writer.observed().queued, 0, "the second commit is being written, and waits for its permit");
    gate.0.permits.add_permits(1);
    second.await.expect("no panic").expect("written");
}

#[tokio::test]
async fn a_panic_of_the_engine_closes_the_store_and_leaves_nobody_waiting() {
    let (gate, writer) = start(10, 1);
    let poisoned = Commit { journeys: Vec::with_capacity(101), ..Commit::default() };
    let first = tokio::spawn({
        let writer = Arc::clone(&writer);
        async move { writer.commit(poisoned).await }
    });
    settle().await;
    let second = queue(&writer).await;
    gate.0.permits.add_permits(10);
    for task in [first, second] {
        let outcome = task.await.expect("no panic here");
        assert!(matches!(outcome, Err(CommitError::Store(StoreError::Closed))), "{outcome:?}");
    }
    writer.close().await.expect("already closed");
}
