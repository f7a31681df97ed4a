//! When turns come: after a while of thinking, or at times that were fixed before.
//!
//! In an open loop each turn has its time, and how long it took is counted from then, also where it could not be sent because the
//! answer before it had not come: else a server that stands still for a second would lose one slow turn in the figures
//! instead of a second's turns (coordinated omission). Turns that were due but never sent count until the end of the run.

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
    /// The next turn, or citizen, whose time is fixed.
    next: AtomicU64,
    stopped: AtomicBool,
    /// When the last turn ended, in microseconds since the beginning.
    ended: AtomicU64,
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
            ended: AtomicU64::new(0),
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

    /// Waits for the next turn's time, and gives the moment from which it is counted; `None` when the run is over. Whether it is
    /// the citizen's first; `thinks` is between 0 and 1: how long this citizen thinks within what is allowed.
    pub(super) async fn next(&self, is_first: bool, thinks: f64) -> Option<Instant> {
        match &self.rhythm {
            Rhythm::Arrivals { per_second, .. } if is_first => self.at_its_time(*per_second).await,
            Rhythm::Open { per_second } => self.at_its_time(*per_second).await,
            Rhythm::Closed { think } | Rhythm::Arrivals { think, .. } => {
                let span = think.end.saturating_sub(think.start);
                self.wait(think.start + span.mul_f64(thinks)).await;
                (!self.is_over()).then(Instant::now)
            }
        }
    }

    async fn at_its_time(&self, per_second: f64) -> Option<Instant> {
        if self.is_over() {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let due = due(number, per_second, self.ramp);
        if due >= self.duration {
            return None;
        }
        self.wait(due.saturating_sub(self.began.elapsed())).await;
        (!self.stopped.load(Ordering::Relaxed)).then(|| counted_from(self.began + due, Instant::now()))
    }
}

/// Of more turns a second than this, several are counted as one that comes so many times.
const COUNTED_SINGLY: f64 = 100_000.0;

impl Pace {
    /// A turn has ended.
    pub(super) fn ended(&self) {
        let micros = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.ended.fetch_max(micros, Ordering::Relaxed);
    }

    /// From the beginning until the last turn had ended.
    pub(super) fn took(&self) -> Duration {
        Duration::from_micros(self.ended.load(Ordering::Relaxed))
    }

    /// The turns with times of their own that were due when the time was over and that nobody could send: how long they had waited
    /// until then, and how many had waited so long. Asked once nobody sends any more.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate is more than nothing")]
    pub(super) fn never_sent(&self) -> impl Iterator<Item = (Duration, u64)> {
        let (per_second, end) = match self.rhythm {
            Rhythm::Open { per_second } | Rhythm::Arrivals { per_second, .. }
                if !self.stopped.load(Ordering::Relaxed) =>
            {
                (per_second, self.duration.min(self.began.elapsed()))
            }
            _ => (1.0, Duration::ZERO),
        };
        let (ramp, at_once) = (self.ramp, (per_second / COUNTED_SINGLY).ceil().max(1.0) as u64);
        let numbers = std::iter::successors(Some(self.next.load(Ordering::Relaxed)), move |at| at.checked_add(at_once));
        let waited = numbers.map(move |number| end.checked_sub(due(number, per_second, ramp)));
        waited.map_while(|waited| waited.filter(|waited| !waited.is_zero())).map(move |waited| (waited, at_once))
    }
}

/// When a turn, or a citizen, of a loop that is open is due. While the rate rises evenly, the number of turns grows with the square of time.
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
    use crate::ambient::SystemClock;
    use crate::simulate::plan::{Faults, Mix};

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
    fn what_was_due_and_never_sent_waited_until_the_end() {
        let plan = |rhythm| Plan {
            seed: 1,
            connections: 1,
            rhythm,
            ramp: Duration::ZERO,
            duration: Duration::from_millis(1),
            citizens: None,
            mix: Mix::default(),
            faults: Faults::default(),
            cuts: Vec::new(),
        };
        let never_sent = |rhythm| {
            let pace = Pace { duration: Duration::from_secs(1), ..Pace::new(&plan(rhythm), Arc::new(SystemClock)) };
            let pace = Pace { began: pace.began.checked_sub(Duration::from_secs(2)).expect("a clock"), ..pace };
            pace.next.store(90, Ordering::Relaxed);
            pace.never_sent().collect::<Vec<_>>()
        };
        let think = Duration::ZERO..Duration::ZERO;
        let citizens = never_sent(Rhythm::Arrivals { per_second: 100.0, think: think.clone() });
        let waited = never_sent(Rhythm::Open { per_second: 100.0 });
        assert_eq!(citizens, waited);
        assert_eq!(waited.len(), 10);
        assert!(waited.iter().all(|(_, count)| *count == 1));
        assert_eq!(waited[0].0.as_millis(), 100, "due at 0.9 s");
        let many: u64 = never_sent(Rhythm::Open { per_second: 1_000_000.0 }).iter().map(|(_, count)| count).sum();
        assert_eq!(many, 1_000_000 - 90);
        assert!(never_sent(Rhythm::Closed { think }).is_empty());
    }

    #[test]
    fn what_waited_behind_a_slow_answer_counts_from_its_own_time() {
        let due = Instant::now();
        assert_eq!(counted_from(due, due + Duration::from_secs(1)), due);
        let late = due + Duration::from_millis(1);
        assert_eq!(counted_from(due, late), late, "a timer's lateness is not the server's");
    }
}
