//! How many segments a second a route takes: a bucket of tokens that knows no clock (the generic cell rate algorithm, ITU-T I.371).

use std::num::NonZeroU32;
use std::time::Duration;

use crate::types::Timestamp;

const MICROS: u64 = 1_000_000;
/// Nobody is told to wait longer than this after there could be room: rates, routes and what is waited for change.
const LONGEST_LINE: u64 = 300 * MICROS;

/// Of one route. Takes as many segments at once as pass in a second, and then as many as the rate brings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Microseconds that one segment takes.
    each: u64,
    /// When all that was taken so far would have passed, at the rate: microseconds since the epoch.
    passed: u64,
    /// When whoever was told to wait last comes again, and has passed: microseconds since the epoch.
    line: u64,
}

impl Pace {
    pub(super) fn new(segments_per_second: NonZeroU32) -> Self {
        Self { each: MICROS.div_ceil(u64::from(segments_per_second.get())), passed: 0, line: 0 }
    }

    /// Takes so many segments, or says when they can be had. More than a second's worth are had once the bucket is full.
    pub(super) fn take(&mut self, now: Timestamp, segments: u16) -> Result<(), Timestamp> {
        let now_micros = micros(now);
        let cost = self.each.saturating_mul(u64::from(segments));
        let begins = self.passed.max(now_micros);
        let ahead = begins.saturating_add(cost).saturating_sub(now_micros);
        let allowed = MICROS.max(cost);
        if ahead > allowed {
            // Time is counted in milliseconds.
            return Err(now.plus(Duration::from_millis((ahead - allowed).div_ceil(1000))));
        }
        self.passed = begins + cost;
        Ok(())
    }

    /// Gives back what was taken for a message that was not sent after all.
    pub(super) fn give_back(&mut self, segments: u16) {
        self.passed = self.passed.saturating_sub(self.each.saturating_mul(u64::from(segments)));
    }

    /// A time, not before this one, at which nobody else was told to come for segments.
    pub(super) fn in_line(&mut self, not_before: Timestamp, segments: u16) -> Timestamp {
        let first = micros(not_before);
        let place = self.line.clamp(first, first.saturating_add(LONGEST_LINE));
        self.line = place.saturating_add(self.each.saturating_mul(u64::from(segments)));
        not_before.plus(Duration::from_millis((place - first).div_ceil(1000)))
    }

    /// How many segments can be had now.
    pub(super) fn left(&self, now: Timestamp) -> u32 {
        let ahead = self.passed.saturating_sub(micros(now));
        u32::try_from(MICROS.saturating_sub(ahead) / self.each).unwrap_or(u32::MAX)
    }
}

fn micros(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or(0).saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pace(rate: u32) -> Pace {
        Pace::new(NonZeroU32::new(rate).expect("a rate"))
    }

    #[test]
    fn a_long_message_goes_out_where_a_second_takes_fewer_segments() {
        let mut pace = pace(1);
        let now = Timestamp(1_000_000);
        assert_eq!(pace.take(now, 3), Ok(()));
        let again = pace.take(now, 1).expect_err("three seconds are taken");
        assert_eq!(again.since(now), Duration::from_secs(3));
        assert_eq!(pace.take(again, 1), Ok(()));
    }

    #[test]
    fn what_was_given_back_can_be_taken() {
        let mut pace = pace(10);
        let now = Timestamp(5_000);
        assert_eq!(pace.left(now), 10);
        assert_eq!(pace.take(now, 10), Ok(()));
        assert_eq!(pace.left(now), 0);
        pace.give_back(4);
        assert_eq!(pace.left(now), 4);
        assert_eq!(pace.take(now, 4), Ok(()));
        assert!(pace.take(now, 1).is_err());
    }

    #[test]
    fn who_waits_is_told_a_time_of_his_own_and_not_too_far_ahead() {
        let (mut pace, now) = (pace(10), Timestamp(5_000));
        let told: Vec<i64> = (0..4).map(|_| pace.in_line(now, 1).0).collect();
        assert_eq!(told, [5_000, 5_100, 5_200, 5_300]);
        assert_eq!(pace.in_line(Timestamp(60_000), 2).0, 60_000, "the line is over");
        assert_eq!(pace.in_line(Timestamp(60_000), 1).0, 60_200);
        let last = (0..10_000).map(|_| pace.in_line(now, 1).0).last();
        assert_eq!(last, Some(305_000));
    }

    proptest! {
        /// The law: in any time of T seconds at most rate × (T + 1) segments pass, and one more message; who waits as long as he is told may go.
        #[test]
        fn no_more_pass_than_the_rate_allows(
            rate in 1..200_u32, asked in prop::collection::vec((0..400_u32, 1..5_u16), 1..200),
        ) {
            let mut pace = pace(rate);
            let mut now = Timestamp(1_700_000_000_000);
            let mut taken: Vec<(Timestamp, u16)> = Vec::new();
            for (wait, segments) in asked {
                now = now.plus(Duration::from_millis(u64::from(wait)));
                match pace.take(now, segments) {
                    Ok(()) => taken.push((now, segments)),
                    Err(until) => {
                        prop_assert!(until > now);
                        prop_assert_eq!(pace.clone().take(until, segments), Ok(()));
                    }
                }
            }
            for (at, (from, _)) in taken.iter().enumerate() {
                let mut segments = 0_u64;
                for (to, more) in &taken[at..] {
                    let before = segments;
                    segments += u64::from(*more);
                    let passed = u64::try_from(to.0 - from.0).expect("time goes on");
                    prop_assert!(before * 1000 <= u64::from(rate) * (passed + 1000) + 1000, "{before} in {passed} ms at {rate}");
                }
            }
        }
    }
}
