//! The circuit breaker of a department or a route: a state machine that knows no clock, and nobody who is called.
//!
//! Closed, calls pass. After so many failures in a row it opens, and calls fail at once instead of making people wait for
//! somebody who is down. After a while one call may try: it closes the breaker, or opens it again.

use std::time::Duration;

use crate::types::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    breaks_after: u32,
    mends_after: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Calls pass; so many failed since the last success.
    Closed { failures: u32 },
    /// No call passes before this moment.
    Open { until: Timestamp },
    /// One call is trying. Should it never report (it was given up), another may try after this moment.
    Trying { until: Timestamp },
}

impl Breaker {
    /// Opens after `breaks_after` failures in a row (at least one), for `mends_after`.
    pub fn new(breaks_after: u32, mends_after: Duration) -> Self {
        Self { breaks_after: breaks_after.max(1), mends_after, state: State::Closed { failures: 0 } }
    }

    /// Whether a call may be made now; whoever is allowed reports what came of it.
    pub fn allows(&mut self, now: Timestamp) -> bool {
        let allows = self.would_allow(now);
        if allows && !self.is_closed() {
            self.state = State::Trying { until: now.plus(self.mends_after) };
        }
        allows
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    /// What [`allows`](Self::allows) would say, without trying.
    pub fn would_allow(&self, now: Timestamp) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { until } | State::Trying { until } => now >= until,
        }
    }

    /// A call was answered. In an open breaker this is a call from before it opened, and says nothing about now.
    pub fn succeeded(&mut self) {
        if !matches!(self.state, State::Open { .. }) {
            self.state = State::Closed { failures: 0 };
        }
    }

    /// A call failed. In an open breaker this is a call from before it opened, and does not lengthen it.
    pub fn failed(&mut self, now: Timestamp) {
        self.state = match self.state {
            State::Closed { failures } if failures.saturating_add(1) < self.breaks_after => {
                State::Closed { failures: failures.saturating_add(1) }
            }
            State::Closed { .. } | State::Trying { .. } => State::Open { until: now.plus(self.mends_after) },
            open @ State::Open { .. } => open,
        };
    }

    /// `closed`, `open` or `trying`: for metrics.
    pub fn name(&self) -> &'static str {
        match self.state {
            State::Closed { .. } => "closed",
            State::Open { .. } => "open",
            State::Trying { .. } => "trying",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MENDS: Duration = Duration::from_secs(10);

    fn opened_at(now: Timestamp) -> Breaker {
        let mut breaker = Breaker::new(2, MENDS);
        breaker.failed(now);
        breaker.failed(now);
        assert_eq!(breaker.name(), "open");
        breaker
    }

    #[test]
    fn a_success_between_failures_keeps_it_closed() {
        let mut breaker = Breaker::new(2, MENDS);
        for _ in 0..5 {
            breaker.failed(Timestamp(0));
            breaker.succeeded();
        }
        assert_eq!(breaker.name(), "closed");
    }

    #[test]
    fn one_call_tries_and_closes_it() {
        let mut breaker = opened_at(Timestamp(0));
        assert!(!breaker.allows(Timestamp(9_999)));
        assert!(breaker.allows(Timestamp(10_000)));
        assert!(!breaker.allows(Timestamp(10_001)), "only one tries");
        breaker.succeeded();
        assert!(breaker.allows(Timestamp(10_002)) && breaker.allows(Timestamp(10_002)));
    }

    #[test]
    fn a_try_that_fails_opens_it_again() {
        let mut breaker = opened_at(Timestamp(0));
        assert!(breaker.allows(Timestamp(10_000)));
        breaker.failed(Timestamp(13_000));
        assert!(!breaker.allows(Timestamp(22_999)));
        assert!(breaker.allows(Timestamp(23_000)));
    }

    #[test]
    fn a_try_that_never_reports_does_not_keep_it_open_for_ever() {
        let mut breaker = opened_at(Timestamp(0));
        assert!(breaker.allows(Timestamp(10_000)));
        assert!(!breaker.allows(Timestamp(19_999)));
        assert!(breaker.allows(Timestamp(20_000)));
    }

    #[derive(Clone, Copy, Debug)]
    enum Do {
        Ask,
        Succeed,
        Fail,
        Wait(u16),
    }

    fn doings() -> impl Strategy<Value = Vec<Do>> {
        let one = prop_oneof![Just(Do::Ask), Just(Do::Succeed), Just(Do::Fail), (0..15_000_u16).prop_map(Do::Wait)];
        proptest::collection::vec(one, 0..200)
    }

    proptest! {
        /// The law: it opens exactly at the n-th failure in a row; while it is not closed, at most one call passes in each
        /// `mends_after`; and it is never shut for longer than that.
        #[test]
        fn keeps_its_law(breaks_after in 1..6_u32, doings in doings()) {
            let mut breaker = Breaker::new(breaks_after, MENDS);
            let mut now = Timestamp(0);
            let mut in_a_row = 0;
            let mut shut_since: Option<Timestamp> = None;
            for doing in doings {
                let before = breaker.name();
                match doing {
                    Do::Wait(ms) => now = now.plus(Duration::from_millis(u64::from(ms))),
                    Do::Ask => {
                        let allowed = breaker.allows(now);
                        match shut_since {
                            None => prop_assert!(allowed),
                            Some(since) => prop_assert_eq!(allowed, now.since(since) >= MENDS),
                        }
                        if allowed && shut_since.is_some() {
                            shut_since = Some(now);
                        }
                    }
                    Do::Succeed => {
                        breaker.succeeded();
                        if before != "open" {
                            in_a_row = 0;
                            shut_since = None;
                        }
                    }
                    Do::Fail => {
                        breaker.failed(now);
                        in_a_row += 1;
                        if before == "trying" || (before == "closed" && in_a_row == breaks_after) {
                            shut_since = Some(now);
                        }
                    }
                }
                prop_assert_eq!(breaker.name() == "closed", shut_since.is_none());
            }
        }
    }
}
