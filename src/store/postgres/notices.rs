//! Whether a warning came with an answer.
//!
//! A commit whose wait for a synchronous standby is cancelled succeeds, with a warning: it is on the primary alone. sqlx
//! hands warnings to `tracing` and to nobody else, so statements that write run under a subscriber of ours.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::instrument::WithSubscriber as _;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// Where sqlx puts them.
const TARGET: &str = "sqlx::postgres::notice";

/// Listens for one connection.
pub(super) struct Notices {
    warned: Arc<AtomicBool>,
    dispatch: Dispatch,
}

impl Notices {
    pub(super) fn new() -> Self {
        let warned = Arc::new(AtomicBool::new(false));
        Self { dispatch: Dispatch::new(Ear(Arc::clone(&warned))), warned }
    }

    /// What the future gives, and whether a warning came meanwhile.
    pub(super) async fn listen<T>(&self, future: impl Future<Output = T>) -> (T, bool) {
        self.warned.store(false, Ordering::Relaxed);
        let given = future.with_subscriber(self.dispatch.clone()).await;
        (given, self.warned.load(Ordering::Relaxed))
    }
}

/// Takes warnings, and nothing else.
struct Ear(Arc<AtomicBool>);

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET && *metadata.level() <= Level::WARN
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::WARN)
    }

    fn event(&self, _: &Event<'_>) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_warnings_of_the_database_count() {
        let notices = Notices::new();
        let quiet = notices.listen(async {
            tracing::info!(target: TARGET, "a notice");
            tracing::warn!("somebody else's");
            1
        });
        assert_eq!(quiet.await, (1, false));
        assert_eq!(notices.listen(async { tracing::warn!(target: TARGET, "a warning") }).await, ((), true));
        assert_eq!(notices.listen(async {}).await, ((), false), "each counts for itself");
    }
}
