//! When turns come: after a while of thinking, or at times that were fixed before.
//!
//! In an open loop each turn has its time, and how long it took is counted from then, also where it could not be sent because the
//! answer before it had not come: else a server that stands still for a second would lose one slow turn in the figures
//! instead of a second's turns (coordinated omission).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::plan::{Plan, Rhythm};
use crate::types::Clock;

/// A wait ends so much late by itself; that is not the server's doing.
const TIMER: Duration = Duration::from_millis(2);

/// The times of a run, shared by all of its citizens.
#[derive(Debug)]
pub(super) struct Pace {
    began: Instant,
    rhythm: Rhythm,
    ramp: Duration,
    duration: Duration,
    /// The next turn of an open loop.
    next: AtomicU64,
    stopped: AtomicBool,
    clock: Arc<dyn Clock>,
}

impl Pace {
    pub(super) fn new(plan: &Plan, clock: Arc<dyn Clock>) -> Self {
        Self {
            began: Instant::now(),
            rhythm: plan.rhythm.clone(),
            ramp: plan.ramp,
            duration: plan.duration,
            next: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            clock,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) || self.began.elapsed() >= self.duration
    }

    /// Nobody begins another turn.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) async fn wait(&self, how_long: Duration) {
        if !how_long.is_zero() {
            self.clock.sleep(how_long).await;
        }
    }

    /// Until this one of so many connections is opened.
    pub(super) async fn ramp(&self, connection: usize, of: usize) {
        if let Rhythm::Closed { .. } = self.rhythm {
            let part = u32::try_from(connection).unwrap_or(u32::MAX);
            self.wait(self.ramp * part / u32::try_from(of.max(1)).unwrap_or(u32::MAX)).await;
        }
    }

    /// Waits for the next turn's time, and gives the moment from which it is counted; `None` when the run is over. `thinks` is
    /// between 0 and 1: how long this citizen thinks within what is allowed.
    pub(super) async fn next(&self, thinks: f64) -> Option<Instant> {
        match &self.rhythm {
            Rhythm::Closed { think } => {
                let span = think.end.saturating_sub(think.start);
                self.wait(think.start + span.mul_f64(thinks)).await;
                (!self.is_over()).then(Instant::now)
            }
            Rhythm::Open { per_second } => {
                let number = self.next.fetch_add(1, Ordering::Relaxed);
                let due = due(number, *per_second, self.ramp);
                if self.is_over() || due >= self.duration {
                    return None;
                }
                self.wait(due.saturating_sub(self.began.elapsed())).await;
                (!self.stopped.load(Ordering::Relaxed)).then(|| counted_from(self.began + due, Instant::now()))
            }
        }
    }
}

/// When a turn of an open loop is due. While the rate rises evenly, the number of turns grows with the square of time.
#[expect(clippy::cast_precision_loss, reason = "no run has 2^52 turns")]
fn due(number: u64, per_second: f64, ramp: Duration) -> Duration {
    let number = number as f64;
    let ramp = ramp.as_secs_f64();
    let within_ramp = per_second * ramp / 2.0;
    let seconds =
        if number < within_ramp { (2.0 * number * ramp / per_second).sqrt() } else { ramp / 2.0 + number / per_second };
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// From its own time, but for what a timer wakes late.
fn counted_from(due: Instant, now: Instant) -> Instant {
    if now.saturating_duration_since(due) <= TIMER { now } else { due }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_of_an_open_loop_come_at_their_rate() {
        let at = |number, ramp| due(number, 100.0, Duration::from_secs(ramp)).as_secs_f64();
        let millis = |number| due(number, 100.0, Duration::ZERO).as_millis();
        assert_eq!([millis(0), millis(1), millis(250)], [0, 10, 2500]);
        // Ten seconds of ramp are five at the full rate.
        assert!((at(500, 10) - 10.0).abs() < 1e-6, "{}", at(500, 10));
        assert!((at(600, 10) - 11.0).abs() < 1e-6);
        assert!(at(100, 10) > 4.0, "half of the rate after half of the ramp: {}", at(100, 10));
    }

    #[test]
    fn what_waited_behind_a_slow_answer_counts_from_its_own_time() {
        let due = Instant::now();
        assert_eq!(counted_from(due, due + Duration::from_secs(1)), due);
        let late = due + Duration::from_millis(1);
        assert_eq!(counted_from(due, late), late, "a timer's lateness is not the server's");
    }
}
