//! What a higher floor may watch of calls: metrics implement this.

use std::fmt;
use std::time::Duration;

pub trait Observer: Send + Sync + fmt::Debug {
    /// A call came to its end after `took`, retries included. `outcome` is one of a closed list: `answered`, `cached`,
    /// `named` (one of the operation's own errors), `refused`, `down`, `late`, `unknown`, `open` (the breaker let it not
    /// pass), `full` (too many at once), `unbuildable` (a value cannot stand in the path).
    fn called(&self, department: &str, operation: &str, outcome: &'static str, took: Duration);

    /// A department's breaker is now `closed`, `open` or `trying`.
    fn breaker(&self, department: &str, state: &'static str);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn called(&self, _department: &str, _operation: &str, _outcome: &'static str, _took: Duration) {}
    fn breaker(&self, _department: &str, _state: &'static str) {}
}
