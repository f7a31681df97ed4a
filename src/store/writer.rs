//! The queue in front of an engine: one task that takes whatever has come while the last batch was being written, and has
//! the engine write it as one batch (group commit). Under load a batch shares one sync among many turns; a lone turn does
//! not wait for company.
//!
//! What a batch does to a database is the engine's; nothing here knows SQL.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use tokio::sync::{Notify, oneshot};

use super::{Commit, CommitError, Observed, StoreError, Trouble};
use crate::sync::lock;
use crate::types::Timestamp;

/// What writes batches. It lives in the writer's task, so it needs no locks of its own.
pub(super) trait Engine: Send + 'static {
    /// Writes the commits in their order, as one transaction; one answer for each, in the same order.
    fn write(&mut self, batch: Vec<Commit>) -> impl Future<Output = Vec<Result<(), CommitError>>> + Send;
    /// One piece of upkeep, short enough for commits to wait for; `true` while there is more to do.
    fn tidy(&mut self, now: Timestamp) -> impl Future<Output = Result<bool, StoreError>> + Send;
    fn close(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The way to the writer's task. When it is dropped, the task writes what is queued and ends.
pub(super) struct Writer {
    desk: Arc<Desk>,
    /// Commits that may wait.
    queue: usize,
}

impl Writer {
    /// Starts the task; `queue` and `batch` as in the options of a store.
    pub(super) fn start(engine: impl Engine, queue: usize, batch: usize) -> Self {
        let desk = Arc::new(Desk::default());
        tokio::spawn(run(engine, Arc::clone(&desk), batch.max(1)));
        Self { desk, queue }
    }

    /// Durable when it returns.
    pub(super) async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let (answer, answered) = oneshot::channel();
        {
            let mut papers = self.desk.papers();
            if !papers.open {
                return Err(StoreError::Closed.into());
            }
            if papers.jobs.len() >= self.queue {
                papers.observed.refused += 1;
                return Err(CommitError::Busy);
            }
            papers.jobs.push_back(Job { commit, answer, since: Instant::now() });
        }
        self.desk.wake.notify_one();
        answered.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// One piece of upkeep between two batches.
    pub(super) async fn tidy(&self, now: Timestamp) -> Result<bool, StoreError> {
        let (answer, answered) = oneshot::channel();
        {
            let mut papers = self.desk.papers();
            if !papers.open {
                return Err(StoreError::Closed);
            }
            papers.tidies.push_back((now, answer));
        }
        self.desk.wake.notify_one();
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Takes no more, writes what is queued and closes the engine. Closing twice is not an error.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        {
            let mut papers = self.desk.papers();
            papers.open = false;
            if papers.ended {
                return Ok(());
            }
            papers.closers.push(answer);
        }
        self.desk.wake.notify_one();
        // Whoever closes first gets the engine's answer; others only learn that it is closed.
        answered.await.unwrap_or(Ok(()))
    }

    /// Returns when a message was queued, or was since it returned last.
    pub(super) async fn stirred(&self) {
        self.desk.stirred.notified().await;
    }

    /// All but `live` and whether reading fails, which the store itself knows.
    pub(super) fn observed(&self) -> Observed {
        let papers = self.desk.papers();
        let oldest = papers.writing.or_else(|| papers.jobs.front().map(|job| job.since));
        Observed {
            queued: papers.jobs.len(),
            oldest: oldest.map(|since| since.elapsed()).unwrap_or_default(),
            alive: papers.open && !papers.ended,
            failing: self.desk.trouble.lasts(),
            ..papers.observed.clone()
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.desk.papers().open = false;
        self.desk.wake.notify_one();
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("queue", &self.queue).finish_non_exhaustive()
    }
}

struct Job {
    commit: Commit,
    answer: oneshot::Sender<Result<(), CommitError>>,
    since: Instant,
}

/// What the two sides share. A queue of our own rather than a channel, so that its age can be seen.
#[derive(Default)]
struct Desk {
    papers: Mutex<Papers>,
    wake: Notify,
    /// A message was queued.
    stirred: Notify,
    /// Whether what is written stays written.
    trouble: Trouble,
}

struct Papers {
    jobs: VecDeque<Job>,
    tidies: VecDeque<(Timestamp, oneshot::Sender<Result<bool, StoreError>>)>,
    closers: Vec<oneshot::Sender<Result<(), StoreError>>>,
    /// Takes commits.
    open: bool,
    /// The task is gone.
    ended: bool,
    /// Since when the oldest commit of the batch that is being written waits.
    writing: Option<Instant>,
    observed: Observed,
}

impl Default for Papers {
    fn default() -> Self {
        Self {
            jobs: VecDeque::new(),
            tidies: VecDeque::new(),
            closers: Vec::new(),
            open: true,
            ended: false,
            writing: None,
            observed: Observed::default(),
        }
    }
}

impl Desk {
    /// The lock is never held across an await. No step between lock and unlock leaves the papers half changed, so a
    /// poisoned lock is as good as another.
    fn papers(&self) -> MutexGuard<'_, Papers> {
        lock(&self.papers)
    }

    /// Waits for something to do.
    async fn next(&self, batch: usize) -> Work {
        loop {
            {
                let mut papers = self.papers();
                let count = papers.jobs.len().min(batch);
                if count > 0 {
                    papers.writing = papers.jobs.front().map(|job| job.since);
                    return Work::Batch(papers.jobs.drain(..count).collect());
                }
                if let Some((now, answer)) = papers.tidies.pop_front() {
                    return Work::Tidy(now, answer);
                }
                if !papers.open {
                    return Work::End;
                }
            }
            self.wake.notified().await;
        }
    }

    /// Upkeep gets its turn after each batch, or a full queue would never let it in and the journal would only grow.
    fn tidy(&self) -> Option<(Timestamp, oneshot::Sender<Result<bool, StoreError>>)> {
        self.papers().tidies.pop_front()
    }

    /// Says so where nothing can be written, and when it can be again. Who was answered "lost" was answered by a look.
    fn tell(&self, wrote: bool, failed: Option<&StoreError>) {
        if let Some(error) = failed {
            if let Some(lasting) = self.trouble.failed() {
                let (seconds, times) = (lasting.since.as_secs(), lasting.times);
                tracing::error!(%error, seconds, times, "Nothing can be written: citizens are told sorry until it can be");
            }
        } else if wrote && let Some(lasting) = self.trouble.worked() {
            let (seconds, times) = (lasting.since.as_secs(), lasting.times);
            tracing::info!(seconds, times, "It can be written again");
        }
    }

    /// One piece of upkeep. Where there was nothing to do nothing was proved.
    fn tidied(&self, tidied: Result<bool, StoreError>, answer: oneshot::Sender<Result<bool, StoreError>>) {
        self.tell(matches!(tidied, Ok(true)), tidied.as_ref().err());
        // Whoever asked for upkeep may have gone away; it is done all the same.
        let _ = answer.send(tidied);
    }

    fn note(&self, size: usize, failed: usize, began: Instant) {
        let mut papers = self.papers();
        papers.writing = None;
        let observed = &mut papers.observed;
        observed.batches += 1;
        observed.commits += size as u64;
        observed.failed += failed as u64;
        observed.largest_batch = observed.largest_batch.max(size);
        observed.writing += began.elapsed();
        let place = size.next_power_of_two().trailing_zeros() as usize;
        if let Some(count) = observed.batch_sizes.get_mut(place.min(Observed::SIZES - 1)) {
            *count += 1;
        }
    }
}

enum Work {
    Batch(Vec<Job>),
    Tidy(Timestamp, oneshot::Sender<Result<bool, StoreError>>),
    End,
}

async fn run(mut engine: impl Engine, desk: Arc<Desk>, batch: usize) {
    let end = End(Arc::clone(&desk));
    loop {
        // Who is ready to come along does, and each that shares a sync spares one. With nothing else to do this takes no time.
        tokio::task::yield_now().await;
        match desk.next(batch).await {
            Work::Batch(jobs) => {
                write(&mut engine, &desk, jobs).await;
                if let Some((now, answer)) = desk.tidy() {
                    desk.tidied(engine.tidy(now).await, answer);
                }
            }
            Work::Tidy(now, answer) => desk.tidied(engine.tidy(now).await, answer),
            Work::End => break,
        }
    }
    let closed = engine.close().await;
    let first = desk.papers().closers.drain(..).next();
    drop(end);
    if let Some(first) = first {
        let _ = first.send(closed);
    }
}

async fn write(engine: &mut impl Engine, desk: &Desk, jobs: Vec<Job>) {
    let (commits, answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.commit, job.answer)).unzip();
    let (size, began) = (commits.len(), Instant::now());
    let holds: Vec<_> = commits.iter().map(|commit: &Commit| (!commit.is_empty(), commit.queues())).collect();
    let outcomes = engine.write(commits).await;
    let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    desk.note(size, failed, began);
    let stood = || outcomes.iter().zip(&holds).filter(|(outcome, _)| outcome.is_ok());
    let wrote = stood().any(|(_, (holds, _))| *holds);
    if stood().any(|(_, (_, queues))| *queues) {
        desk.stirred.notify_one();
    }
    let failed = outcomes.iter().find_map(|outcome| match outcome {
        Err(CommitError::Store(error)) => Some(error),
        _ => None,
    });
    desk.tell(wrote, failed);
    for (answer, outcome) in answers.into_iter().zip(outcomes) {
        let _ = answer.send(outcome);
    }
}

/// However the task ends (a panic of the engine included): nothing is taken any more, and nobody waits for ever.
struct End(Arc<Desk>);

impl Drop for End {
    fn drop(&mut self) {
        let mut papers = self.0.papers();
        papers.open = false;
        papers.ended = true;
        papers.writing = None;
        papers.jobs.clear();
        papers.tidies.clear();
        papers.closers.clear();
    }
}

#[cfg(test)]
mod tests;
