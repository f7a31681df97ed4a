//! What goes on beside turns: sending messages, looking for what is published, trying whether all can be read and written again, asking after
//! doubtful calls, the store's upkeep, forgetting numbers that ask no more.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::Following;
use crate::http::{FORGET_EVERY, Shutdown, Site};

/// How often the store folds what has become idle and forgets what has expired.
const UPKEEP_EVERY: Duration = Duration::from_millis(200);
/// How often it is looked whether something was published, where nothing wakes earlier.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is tried whether all can be read and written again: no turns may come that would show it.
const PROVE_EVERY: Duration = Duration::from_secs(1);

/// What goes on beside turns. Each piece of work is finished before the process ends.
pub fn background(site: &Arc<Site>, shutdown: &Shutdown) -> Vec<JoinHandle<()>> {
    let (settling, stop) = (Arc::clone(&site.bridge), shutdown.clone());
    let (upkeep, proving) = (Arc::clone(site), Arc::clone(site));
    let rates = Arc::clone(site);
    let (outbox, sending) = (Arc::clone(site.bridge.outbox()), shutdown.clone());
    vec![
        tokio::spawn(async move { outbox.work(sending.begun()).await }),
        tokio::spawn(async move { settling.settle_always(stop.begun()).await }),
        tokio::spawn(every(UPKEEP_EVERY, Arc::clone(site), shutdown.clone(), move || {
            let site = Arc::clone(&upkeep);
            async move {
                // The store itself says when it cannot write.
                if let Err(error) = site.bridge.store().upkeep(site.bridge.clock().now()).await {
                    tracing::debug!(%error, "The store's upkeep failed");
                }
            }
        })),
        tokio::spawn(every(PROVE_EVERY, Arc::clone(site), shutdown.clone(), move || {
            let site = Arc::clone(&proving);
            async move {
                if site.bridge.store().observed().failing.is_some()
                    && let Err(error) = site.bridge.prove_keys().await
                {
                    tracing::debug!(%error, "It still cannot be read and written");
                }
            }
        })),
        tokio::spawn(every(FORGET_EVERY, Arc::clone(site), shutdown.clone(), move || {
            rates.rates.forget_idle();
            std::future::ready(())
        })),
    ]
}

/// Follows what is published, where a site does that.
pub fn follow(site: &Arc<Site>, following: Arc<Following>, shutdown: &Shutdown) -> JoinHandle<()> {
    let (site, shutdown) = (Arc::clone(site), shutdown.clone());
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = site.bridge.clock().sleep(LOOK_EVERY) => {}
                () = following.stirred() => {}
                () = shutdown.begun() => return,
            }
            following.look().await;
        }
    })
}

/// Does something again and again, with a pause between, until the shutdown begins.
async fn every<F, Done>(pause: Duration, site: Arc<Site>, shutdown: Shutdown, mut work: F)
where
    F: FnMut() -> Done,
    Done: Future<Output = ()>,
{
    loop {
        tokio::select! {
            () = site.bridge.clock().sleep(pause) => work().await,
            () = shutdown.begun() => return,
        }
    }
}
