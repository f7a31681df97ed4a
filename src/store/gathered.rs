//! Lookups of turns that come at once, gathered: one task takes all that came while the last ones were read, and whoever is about
//! to ask, and reads them with one statement by keys.
//!
//! What cannot be read fails for who asked for it, not for whoever asked at the same time; nor does a defect end the task.

use std::future::Future;
use std::pin::pin;

use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use crate::sync::{Defect, poll_caught};

/// Lookups read by one statement at most, and those that may wait for the next.
const AT_MOST: usize = 512;

/// Why lookups were not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// Any would fail now, as where there is no database.
    All(StoreError),
    /// Perhaps because of a single one of them, as where a row is damaged: each is asked by itself.
    Some(StoreError),
}

/// A row that does not hold what it should.
impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Some(error)
    }
}

/// The way to a task that gathers lookups; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Gathered<Key, Found> {
    desk: mpsc::Sender<(Key, Answer<Found>)>,
}

type Answer<Found> = oneshot::Sender<Result<Option<Found>, StoreError>>;

impl<Key: Copy + Send + 'static, Found: Send + 'static> Gathered<Key, Found> {
    /// `read` gives one answer for each key, in their order.
    pub(super) fn start<Reading, Failure>(read: impl Fn(Vec<Key>) -> Reading + Send + Sync + 'static) -> Self
    where
        Reading: Future<Output = Result<Vec<Option<Found>>, Failure>> + Send,
        Failure: Into<Failed>,
    {
        let (desk, mut asked) = mpsc::channel::<(Key, Answer<Found>)>(AT_MOST);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while asked.recv_many(&mut batch, AT_MOST).await > 0 {
                // Whoever is about to ask is read with them: this waits until others that are ready have run, and takes no time
                // where there are none.
                tokio::task::yield_now().await;
                while batch.len() < AT_MOST
                    && let Ok(another) = asked.try_recv()
                {
                    batch.push(another);
                }
                // Whoever asked may have gone away.
                batch.retain(|(_, answer)| !answer.is_closed());
                if !batch.is_empty() {
                    answer(&read, &mut batch).await;
                }
            }
        });
        Self { desk }
    }

    pub(super) async fn ask(&self, key: Key) -> Result<Option<Found>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.desk.send((key, answer)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

/// Answers all of a batch, and leaves it empty.
async fn answer<Key: Copy, Found, Reading, Failure>(
    read: &impl Fn(Vec<Key>) -> Reading,
    batch: &mut Vec<(Key, Answer<Found>)>,
) where
    Reading: Future<Output = Result<Vec<Option<Found>>, Failure>>,
    Failure: Into<Failed>,
{
    let mut failed = match caught(read, batch.iter().map(|(key, _)| *key).collect()).await {
        Ok(found) => {
            for ((_, answer), found) in batch.drain(..).zip(found) {
                let _ = answer.send(Ok(found));
            }
            return;
        }
        Err(failed) => failed,
    };
    let is_alone = batch.len() == 1;
    for (key, answer) in batch.drain(..) {
        let outcome = match &failed {
            Failed::All(error) => Err(error.clone()),
            Failed::Some(error) if is_alone => Err(error.clone()),
            Failed::Some(_) => match caught(read, vec![key]).await {
                Ok(found) => Ok(found.into_iter().next().flatten()),
                Err(Failed::Some(error)) => Err(error),
                Err(Failed::All(error)) => {
                    failed = Failed::All(error.clone());
                    Err(error)
                }
            },
        };
        let _ = answer.send(outcome);
    }
}

/// A defect of `read` is a failure like others: it is told where it happened, and here nothing is left half done.
async fn caught<Key, Found, Reading, Failure>(
    read: &impl Fn(Vec<Key>) -> Reading,
    keys: Vec<Key>,
) -> Result<Vec<Option<Found>>, Failed>
where
    Reading: Future<Output = Result<Vec<Option<Found>>, Failure>>,
    Failure: Into<Failed>,
{
    let mut reading = pin!(async { read(keys).await });
    match std::future::poll_fn(|context| poll_caught(reading.as_mut(), context)).await {
        Ok(found) => found.map_err(Into::into),
        Err(Defect) => Err(Failed::Some(StoreError::Database("a read ended in a defect".to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::sync::Semaphore;

    use super::*;
    use crate::sync::lock;

    const DAMAGED: u32 = 13;
    const DEFECT: u32 = 14;
    const AWAY: u32 = 15;

    /// Answers keys with themselves, and waits for a permit before each read. Keys of each read.
    struct Reads {
        permits: Arc<Semaphore>,
        keys: Arc<Mutex<Vec<Vec<u32>>>>,
        gathered: Arc<Gathered<u32, u32>>,
    }

    fn error(key: u32) -> StoreError {
        StoreError::Database(format!("{key}"))
    }

    fn start() -> Reads {
        let (permits, keys) = (Arc::new(Semaphore::new(0)), Arc::<Mutex<Vec<Vec<u32>>>>::default());
        let (gate, noted) = (Arc::clone(&permits), Arc::clone(&keys));
        let gathered = Gathered::start(move |asked: Vec<u32>| {
            let (gate, noted) = (Arc::clone(&gate), Arc::clone(&noted));
            async move {
                gate.acquire().await.expect("the gate stays open").forget();
                lock(&noted).push(asked.clone());
                assert!(!asked.contains(&DEFECT), "a defect");
                if asked.contains(&DAMAGED) {
                    return Err(Failed::Some(error(DAMAGED)));
                }
                if asked.contains(&AWAY) {
                    return Err(Failed::All(error(AWAY)));
                }
                Ok(asked.into_iter().map(Some).collect::<Vec<_>>())
            }
        });
        Reads { permits, keys, gathered: Arc::new(gathered) }
    }

    type Asking = tokio::task::JoinHandle<Result<Option<u32>, StoreError>>;

    impl Reads {
        /// Asks, and lets the other tasks run until they wait.
        async fn ask(&self, key: u32) -> Asking {
            let gathered = Arc::clone(&self.gathered);
            let asking = tokio::spawn(async move { gathered.ask(key).await });
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            asking
        }

        /// A read that waits, and behind it these.
        async fn gather(&self, keys: &[u32]) -> Vec<Asking> {
            let mut asking = vec![self.ask(0).await];
            for key in keys {
                asking.push(self.ask(*key).await);
            }
            asking
        }

        fn reads(&self) -> Vec<Vec<u32>> {
            lock(&self.keys).clone()
        }
    }

    async fn answers(asking: Vec<Asking>) -> Vec<Result<Option<u32>, StoreError>> {
        let mut answers = Vec::new();
        for asking in asking {
            answers.push(asking.await.expect("no panic"));
        }
        answers
    }

    #[tokio::test]
    async fn what_comes_during_a_read_is_read_together() {
        let reads = start();
        let asking = reads.gather(&[1, 2, 3]).await;
        reads.permits.add_permits(10);
        assert_eq!(answers(asking).await, [Ok(Some(0)), Ok(Some(1)), Ok(Some(2)), Ok(Some(3))]);
        assert_eq!(reads.reads(), [vec![0], vec![1, 2, 3]]);
    }

    #[tokio::test]
    async fn who_asks_at_the_same_moment_is_read_together() {
        let reads = start();
        reads.permits.add_permits(10);
        let ask = |key| {
            let gathered = Arc::clone(&reads.gathered);
            tokio::spawn(async move { gathered.ask(key).await })
        };
        assert_eq!(answers(vec![ask(1), ask(2)]).await, [Ok(Some(1)), Ok(Some(2))]);
        assert_eq!(reads.reads(), [[1, 2]]);
    }

    #[tokio::test]
    async fn one_bad_key_fails_nobody_else() {
        for bad in [DAMAGED, DEFECT] {
            let reads = start();
            let asking = reads.gather(&[1, bad, 3]).await;
            reads.permits.add_permits(10);
            let answers = answers(asking).await;
            assert!(answers[2].is_err(), "{answers:?}");
            assert_eq!((&answers[1], &answers[3]), (&Ok(Some(1)), &Ok(Some(3))));
            assert_eq!(reads.reads(), [vec![0], vec![1, bad, 3], vec![1], vec![bad], vec![3]]);
            let after = reads.ask(4).await;
            assert_eq!(after.await.expect("no panic"), Ok(Some(4)), "it goes on");
        }
    }

    #[tokio::test]
    async fn one_bad_key_alone_is_asked_once() {
        let reads = start();
        reads.permits.add_permits(10);
        assert_eq!(reads.ask(DAMAGED).await.await.expect("no panic"), Err(error(DAMAGED)));
        assert_eq!(reads.reads(), [[DAMAGED]]);
    }

    #[tokio::test]
    async fn where_there_is_no_database_nobody_is_asked_again() {
        let reads = start();
        let asking = reads.gather(&[1, AWAY, 3]).await;
        reads.permits.add_permits(10);
        assert_eq!(answers(asking).await[1..], [Err(error(AWAY)), Err(error(AWAY)), Err(error(AWAY))]);
        assert_eq!(reads.reads(), [vec![0], vec![1, AWAY, 3]]);
    }

    #[tokio::test]
    async fn for_those_who_went_away_nothing_is_read() {
        let reads = start();
        let mut asking = reads.gather(&[1, 2]).await;
        for gone in asking.drain(1..) {
            gone.abort();
            assert!(gone.await.is_err());
        }
        reads.permits.add_permits(10);
        answers(asking).await;
        assert_eq!(reads.ask(3).await.await.expect("no panic"), Ok(Some(3)));
        assert_eq!(reads.reads(), [[0], [3]]);
    }
}
