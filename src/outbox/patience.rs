//! How long a message waits before it is tried again, and how often it is.

use std::time::Duration;

use crate::types::{Priority, Timestamp};

/// Attempts of one message in all, on whatever routes, since it was queued or an operator had it sent again.
const ATTEMPTS: u32 = 10;
/// Waits double up to here.
const LONGEST: Duration = Duration::from_mins(10);

/// The wait after the first attempt.
fn first(priority: Priority) -> Duration {
    match priority {
        Priority::Otp => Duration::from_secs(1),
        Priority::Receipt => Duration::from_secs(4),
        Priority::Notice => Duration::from_secs(15),
    }
}

/// When a message that was just refused for the n-th time (from 1) is tried again: after a wait that doubles, of which a random half is taken
/// away so that what failed together does not come back together. `None` when its attempts are used up or its time would be over.
pub(super) fn again(
    priority: Priority,
    attempts: u32,
    asked_to_wait: Option<Duration>,
    now: Timestamp,
    expires: Timestamp,
    drawn: u128,
) -> Option<Timestamp> {
    if attempts >= ATTEMPTS {
        return None;
    }
    let doubled = first(priority).saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
    let whole = doubled.min(LONGEST);
    // From a thousandth over the half of it to the whole.
    let thousandths = u32::try_from(drawn % 500).unwrap_or(0) + 501;
    let wait = whole / 1000 * thousandths;
    let at = now.plus(wait.max(asked_to_wait.unwrap_or_default()));
    (at < expires).then_some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEVER: Timestamp = Timestamp(i64::MAX);

    #[test]
    fn attempts_are_counted_and_a_gateway_may_ask_for_more_time() {
        let again = |attempts, asked| again(Priority::Otp, attempts, asked, Timestamp(0), NEVER, 0);
        assert_eq!(again(1, None), Some(Timestamp(501)));
        assert_eq!(again(3, None), Some(Timestamp(2004)));
        assert_eq!(again(1, Some(Duration::from_secs(30))), Some(Timestamp(30_000)));
        assert_eq!(again(ATTEMPTS, None), None);
    }

    proptest! {
        #[test]
        fn waits_grow_within_their_half_and_end_with_the_message(attempts in 1..20_u32, drawn: u128, lives in 0..2_000_000_i64) {
            for priority in [Priority::Otp, Priority::Receipt, Priority::Notice] {
                let at = again(priority, attempts, None, Timestamp(0), NEVER, drawn);
                prop_assert_eq!(at.is_none(), attempts >= ATTEMPTS);
                if let Some(at) = at {
                    let whole = first(priority).saturating_mul(1 << (attempts - 1)).min(LONGEST);
                    let wait = at.since(Timestamp(0));
                    prop_assert!(wait <= whole && wait * 2 >= whole, "{wait:?} of {whole:?}");
                    let within = again(priority, attempts, None, Timestamp(0), Timestamp(lives), drawn);
                    prop_assert_eq!(within, Some(at).filter(|at| at.0 < lives));
                }
            }
        }
    }
}
