//! Lookups of turns that come at once, gathered: one task takes all that came while the last ones were read, and reads them
//! with one statement by keys.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

use super::StoreError;

/// Lookups read by one statement at most, and those that may wait for the next.
const AT_MOST: usize = 512;

/// The way to a task that gathers lookups; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Gathered<Key, Found> {
    desk: mpsc::Sender<(Key, Answer<Found>)>,
}

type Answer<Found> = oneshot::Sender<Result<Option<Found>, StoreError>>;

impl<Key: Copy + Send + 'static, Found: Send + 'static> Gathered<Key, Found> {
    /// `read` gives one answer for each key, in their order.
    pub(super) fn start<Reading>(read: impl Fn(Vec<Key>) -> Reading + Send + 'static) -> Self
    where
        Reading: Future<Output = Result<Vec<Option<Found>>, StoreError>> + Send,
    {
        let (desk, mut asked) = mpsc::channel::<(Key, Answer<Found>)>(AT_MOST);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while asked.recv_many(&mut batch, AT_MOST).await > 0 {
                // Whoever asked may have gone away.
                batch.retain(|(_, answer)| !answer.is_closed());
                if batch.is_empty() {
                    continue;
                }
                match read(batch.iter().map(|(key, _)| *key).collect()).await {
                    Ok(found) => {
                        for ((_, answer), found) in batch.drain(..).zip(found) {
                            let _ = answer.send(Ok(found));
                        }
                    }
                    Err(error) => {
                        for (_, answer) in batch.drain(..) {
                            let _ = answer.send(Err(error.clone()));
                        }
                    }
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
