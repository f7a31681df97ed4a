//! One-time passwords of a number: which can be typed, how often one was sent, how often somebody was wrong. Pure; it is kept with
//! the subscriber, and written in the commit of the turn.
//!
//! No code is kept here, only its keyed hash (the message that tells it lies sealed in the outbox); codes are compared in constant time. Wrong tries count over all codes that are sent, so
//! that another code gives no other tries, until one was right or the lock is over. That a number is locked is told to whoever calls
//! from it, whatever they type.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq as _};

use crate::engine::OtpOutcome;
use crate::store::KeyedHash;
use crate::types::Timestamp;

/// Within which so many are sent to a number at most.
const DAY: Duration = Duration::from_hours(24);

/// The last one and the one before, which may arrive later than the other.
const CODES_ALIVE: usize = 2;

/// What a `verify` and the bridge allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtpRules {
    /// So many wrong ones lock the number.
    pub tries: u8,
    /// For so long. A wrong one counts for the same time.
    pub lock: Duration,
    /// How long one can be typed.
    pub lives: Duration,
    /// Another is sent no sooner than this after the last.
    pub apart: Duration,
    /// So many are sent to a number within a day.
    pub a_day: u8,
}

impl OtpRules {
    pub fn new(tries: u8, lock: Duration) -> Self {
        Self { tries, lock, lives: Duration::from_mins(10), apart: Duration::from_mins(1), a_day: 10 }
    }
}

/// The one-time passwords of one number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpRecord {
    /// Those that were not typed yet, the last one last.
    codes: Vec<Code>,
    /// When those of the last day were sent, in that order.
    sent: Vec<Timestamp>,
    /// Wrong ones since the last right one, and until when they count: as long as the longest lock of those that were asked for, so that
    /// a `verify` that is soon over does not lift what a stricter one has counted.
    wrong: Option<(u8, Timestamp)>,
    locked_until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Code {
    /// Keyed, with the subscriber's own.
    hash: [u8; 16],
    until: Timestamp,
}

/// What is to be done so that there is a code which can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToSend {
    /// This one is to be sent.
    New,
    /// One that was sent can still be typed: nothing is sent.
    Kept,
}

impl OtpRecord {
    /// Takes a code that was drawn, if one is to be sent: there is none that can be typed, or `again` another is asked for. `Err` says
    /// why nobody can be asked for one: [`OtpOutcome::Locked`] or [`OtpOutcome::Unsent`].
    pub fn send(
        &mut self,
        now: Timestamp,
        rules: &OtpRules,
        again: bool,
        code: KeyedHash,
    ) -> Result<ToSend, OtpOutcome> {
        self.forget(now);
        if self.locked_until.is_some() {
            return Err(OtpOutcome::Locked);
        }
        let is_too_soon = self.sent.last().is_some_and(|last| now < last.plus(rules.apart));
        let is_too_often = self.sent.len() >= usize::from(rules.a_day);
        let has_one = !self.codes.is_empty();
        if has_one && (!again || is_too_soon || is_too_often) {
            return Ok(ToSend::Kept);
        }
        if is_too_often {
            return Err(OtpOutcome::Unsent);
        }
        self.codes.push(Code { hash: code.0, until: now.plus(rules.lives) });
        if self.codes.len() > CODES_ALIVE {
            self.codes.remove(0);
        }
        self.sent.push(now);
        Ok(ToSend::New)
    }

    /// Compares what was typed. Every wrong one counts; a right one can be typed once.
    pub fn check(&mut self, now: Timestamp, rules: &OtpRules, typed: KeyedHash) -> OtpOutcome {
        self.forget(now);
        if self.locked_until.is_some() {
            return OtpOutcome::Locked;
        }
        if self.codes.is_empty() {
            return OtpOutcome::Expired;
        }
        let is_right = self.codes.iter().fold(Choice::from(0), |right, code| right | code.hash.ct_eq(&typed.0));
        if bool::from(is_right) {
            self.codes.clear();
            self.wrong = None;
            return OtpOutcome::Verified;
        }
        let until = now.plus(rules.lock);
        let (wrong, until) = match self.wrong {
            Some((wrong, counts_until)) => (wrong.saturating_add(1), counts_until.max(until)),
            None => (1, until),
        };
        let left = rules.tries.saturating_sub(wrong);
        if left == 0 {
            self.codes.clear();
            self.wrong = None;
            self.locked_until = Some(until);
            return OtpOutcome::Locked;
        }
        self.wrong = Some((wrong, until));
        OtpOutcome::Wrong { left }
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is over means nothing any more.
    fn forget(&mut self, now: Timestamp) {
        self.codes.retain(|code| now < code.until);
        self.sent.retain(|sent| now < sent.plus(DAY));
        self.wrong = self.wrong.filter(|(_, until)| now < *until);
        self.locked_until = self.locked_until.filter(|until| now < *until);
    }
}

/// Six digits, each code as likely as any other but for one part in 10³².
pub fn otp_code(drawn: u128) -> String {
    format!("{:06}", drawn % 1_000_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const MINUTE: Duration = Duration::from_mins(1);
    const HOUR: Duration = Duration::from_hours(1);

    fn rules() -> OtpRules {
        OtpRules::new(3, 24 * HOUR)
    }

    fn hash(of: u8) -> KeyedHash {
        KeyedHash([of; 16])
    }

    /// A number to which the code 1 was sent.
    fn sent() -> OtpRecord {
        let mut record = OtpRecord::default();
        assert_eq!(record.send(NOW, &rules(), false, hash(1)), Ok(ToSend::New));
        record
    }

    #[test]
    fn a_right_one_verifies_once() {
        let mut record = sent();
        assert_eq!(record.check(NOW.plus(MINUTE), &rules(), hash(1)), OtpOutcome::Verified);
        assert_eq!(record.check(NOW.plus(MINUTE), &rules(), hash(1)), OtpOutcome::Expired, "it was used");
        assert_eq!(OtpRecord::default().check(NOW, &rules(), hash(1)), OtpOutcome::Expired, "none was sent");
    }

    #[test]
    fn one_can_be_typed_for_ten_minutes() {
        let until = NOW.plus(10 * MINUTE);
        let before = Timestamp(until.0 - 1);
        assert_eq!(sent().check(before, &rules(), hash(1)), OtpOutcome::Verified);
        assert_eq!(sent().check(until, &rules(), hash(1)), OtpOutcome::Expired);
        let mut record = sent();
        assert_eq!(record.check(until, &rules(), hash(9)), OtpOutcome::Expired);
        assert_eq!(record.wrong, None, "there was nothing to guess");
    }

    #[test]
    fn the_last_try_locks_whatever_is_typed_afterwards() {
        let mut record = sent();
        assert_eq!(record.check(NOW, &rules(), hash(7)), OtpOutcome::Wrong { left: 2 });
        assert_eq!(record.check(NOW, &rules(), hash(7)), OtpOutcome::Wrong { left: 1 });
        assert_eq!(record.check(NOW, &rules(), hash(7)), OtpOutcome::Locked);
        assert_eq!(record.check(NOW, &rules(), hash(1)), OtpOutcome::Locked);
        assert_eq!(record.send(NOW.plus(23 * HOUR), &rules(), true, hash(2)), Err(OtpOutcome::Locked));
        assert_eq!(record.send(NOW.plus(24 * HOUR), &rules(), false, hash(2)), Ok(ToSend::New));
        assert_eq!(record.check(NOW.plus(24 * HOUR), &rules(), hash(7)), OtpOutcome::Wrong { left: 2 });
    }

    #[test]
    fn another_one_gives_no_other_tries() {
        let mut record = sent();
        record.check(NOW, &rules(), hash(7));
        record.check(NOW, &rules(), hash(7));
        let later = NOW.plus(2 * MINUTE);
        assert_eq!(record.send(later, &rules(), true, hash(2)), Ok(ToSend::New));
        assert_eq!(record.check(later, &rules(), hash(7)), OtpOutcome::Locked);
    }

    #[test]
    fn a_right_one_gives_all_tries_back_and_so_does_time() {
        let mut record = sent();
        record.check(NOW, &rules(), hash(7));
        record.check(NOW, &rules(), hash(1));
        record.send(NOW.plus(HOUR), &rules(), false, hash(2)).expect("it is sent");
        assert_eq!(record.check(NOW.plus(HOUR), &rules(), hash(7)), OtpOutcome::Wrong { left: 2 });
        let next_day = NOW.plus(26 * HOUR);
        record.send(next_day, &rules(), false, hash(2)).expect("it is sent");
        assert_eq!(record.check(next_day, &rules(), hash(7)), OtpOutcome::Wrong { left: 2 });
    }

    #[test]
    fn what_is_soon_over_does_not_lift_what_is_strict() {
        let (strict, lenient) = (rules(), OtpRules::new(3, MINUTE));
        let mut record = sent();
        record.check(NOW, &strict, hash(7));
        record.check(NOW, &strict, hash(7));
        let later = NOW.plus(2 * MINUTE);
        let mut both = record.clone();
        assert_eq!(record.send(later, &lenient, false, hash(2)), Ok(ToSend::Kept));
        assert_eq!(record.check(later, &strict, hash(7)), OtpOutcome::Locked, "it is the third one");
        // Nor does its lock end sooner, because the last one was typed elsewhere.
        assert_eq!(both.check(later, &lenient, hash(7)), OtpOutcome::Locked);
        assert_eq!(both.check(NOW.plus(23 * HOUR), &lenient, hash(1)), OtpOutcome::Locked);
    }

    #[test]
    fn who_comes_back_to_type_it_is_sent_no_other() {
        let mut record = sent();
        let later = NOW.plus(9 * MINUTE);
        assert_eq!(record.send(later, &rules(), false, hash(2)), Ok(ToSend::Kept));
        assert_eq!(record.check(later, &rules(), hash(2)), OtpOutcome::Wrong { left: 2 }, "it was never sent");
        assert_eq!(record.check(later, &rules(), hash(1)), OtpOutcome::Verified);
    }

    #[test]
    fn another_is_sent_a_minute_later_and_the_one_before_can_still_be_typed() {
        let mut record = sent();
        assert_eq!(record.send(NOW.plus(MINUTE / 2), &rules(), true, hash(2)), Ok(ToSend::Kept));
        assert_eq!(record.send(NOW.plus(MINUTE), &rules(), true, hash(2)), Ok(ToSend::New));
        assert_eq!(record.clone().check(NOW.plus(MINUTE), &rules(), hash(1)), OtpOutcome::Verified);
        assert_eq!(record.send(NOW.plus(2 * MINUTE), &rules(), true, hash(3)), Ok(ToSend::New));
        assert_eq!(record.clone().check(NOW.plus(3 * MINUTE), &rules(), hash(3)), OtpOutcome::Verified);
        assert_eq!(record.check(NOW.plus(3 * MINUTE), &rules(), hash(1)), OtpOutcome::Wrong { left: 2 });
    }

    #[test]
    fn ten_are_sent_in_a_day() {
        let mut record = OtpRecord::default();
        let at = |hours: u32| NOW.plus(hours * HOUR);
        for hour in 0..10 {
            assert_eq!(record.send(at(hour), &rules(), false, hash(1)), Ok(ToSend::New), "{hour}");
        }
        assert_eq!(record.send(at(9), &rules(), true, hash(1)), Ok(ToSend::Kept), "the last one can be typed");
        assert_eq!(record.send(at(10), &rules(), false, hash(1)), Err(OtpOutcome::Unsent));
        assert_eq!(record.send(at(24), &rules(), false, hash(1)), Ok(ToSend::New), "the first is a day ago");
        assert_eq!(record.send(at(25), &rules(), true, hash(1)), Ok(ToSend::New));
    }

    proptest! {
        #[test]
        fn codes_are_six_digits(drawn: u128) {
            let code = otp_code(drawn);
            prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }

        /// However somebody sends and guesses, and by whatever rules each time: within a lock's time no more codes are compared after the
        /// first than there are tries at most, but for those behind a right one.
        #[test]
        fn nobody_guesses_more_often_than_there_are_tries(
            does in prop::collection::vec((any::<bool>(), 0..120_u32, 1..4_u8, 0..3_usize), 1..200),
        ) {
            const MOST: usize = 3;
            let (mut record, mut now) = (OtpRecord::default(), NOW);
            let mut wrong: Vec<(Timestamp, Duration)> = Vec::new();
            for (sends, minutes, tries, lock) in does {
                now = now.plus(minutes * MINUTE);
                let rules = OtpRules::new(tries, [MINUTE, HOUR, 24 * HOUR][lock]);
                if sends {
                    let _ = record.send(now, &rules, true, hash(1));
                } else {
                    let live = record.codes.iter().any(|code| now < code.until);
                    let locked = record.locked_until.is_some_and(|until| now < until);
                    record.check(now, &rules, hash(9));
                    if live && !locked {
                        wrong.push((now, rules.lock));
                    }
                }
            }
            for some in wrong.windows(MOST + 1) {
                let ((first, lock), (last, _)) = (some[0], some[MOST]);
                prop_assert!(last.since(first) >= lock, "{some:?}");
            }
        }

        #[test]
        fn never_more_than_ten_reach_a_number_in_a_day(sends in prop::collection::vec((any::<bool>(), 0..90_u32), 1..200)) {
            let (mut record, mut now) = (OtpRecord::default(), NOW);
            let mut sent: Vec<Timestamp> = Vec::new();
            for (again, minutes) in sends {
                now = now.plus(minutes * MINUTE);
                if record.send(now, &rules(), again, hash(1)) == Ok(ToSend::New) {
                    sent.push(now);
                }
            }
            prop_assert!(sent.windows(11).all(|some| some[10].since(some[0]) >= DAY));
        }
    }
}
