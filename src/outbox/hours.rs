//! At which hours a message may go out.
//!
//! Promotional messages from 10:00 to 21:00 in India (TRAI, TCCCPR 2018, as amended in 2025; refused by operators with
//! `EC_INVALID_PROMO_TIME`); all others at any time.

use std::time::Duration;

use chrono::Timelike;

use crate::types::{MessageKind, Timestamp};

const OPENS: u32 = 10;
const CLOSES: u32 = 21;
const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;

/// From when a message of this kind may go out: now, or when the next window opens.
pub(super) fn from(kind: MessageKind, now: Timestamp) -> Timestamp {
    match kind {
        MessageKind::Transactional | MessageKind::Service | MessageKind::Government => now,
        MessageKind::Promotional => {
            let in_india = now.in_india();
            let second = in_india.num_seconds_from_midnight();
            let wait = match in_india.hour() {
                hour if hour < OPENS => OPENS * HOUR - second,
                hour if hour >= CLOSES => DAY + OPENS * HOUR - second,
                _ => return now,
            };
            // Seconds are counted from the whole one in which `now` lies.
            let whole = Timestamp(now.0 - now.0.rem_euclid(1000));
            whole.plus(Duration::from_secs(u64::from(wait)))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeZone};
    use proptest::prelude::*;

    use super::*;

    fn at(hour: u32, minute: u32) -> Timestamp {
        let india = FixedOffset::east_opt(5 * 3600 + 1800).expect("an offset");
        Timestamp(india.with_ymd_and_hms(2026, 11, 22, hour, minute, 0).single().expect("a moment").timestamp_millis())
    }

    #[test]
    fn promotions_wait_for_ten_in_the_morning() {
        let goes = |hour, minute| from(MessageKind::Promotional, at(hour, minute));
        assert_eq!(goes(0, 0), at(10, 0));
        assert_eq!(goes(9, 59), at(10, 0));
        assert_eq!(goes(10, 0), at(10, 0));
        assert_eq!(goes(20, 59), at(20, 59));
        assert_eq!(goes(21, 0), at(10, 0).plus(Duration::from_hours(24)));
        assert_eq!(goes(23, 30), at(10, 0).plus(Duration::from_hours(24)));
    }

    proptest! {
        #[test]
        fn a_promotion_goes_out_within_its_hours_and_soon(now in 0..4_000_000_000_000_i64) {
            let now = Timestamp(now);
            let goes = from(MessageKind::Promotional, now);
            prop_assert!((OPENS..CLOSES).contains(&goes.in_india().hour()));
            prop_assert!(goes >= now && goes.since(now) <= Duration::from_hours(13));
            prop_assert_eq!(from(MessageKind::Promotional, goes), goes);
            for kind in [MessageKind::Transactional, MessageKind::Service, MessageKind::Government] {
                prop_assert_eq!(from(kind, now), now);
            }
        }
    }
}
