//! How often one number, one gateway, and whoever follows short links may ask. Generous: one handset cannot hurt, a load test can run.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::gateway::{Callback, Turn};
use crate::types::Msisdn;

/// So many at once, and so many a second in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub burst: NonZeroU32,
    pub per_second: NonZeroU32,
}

impl Rate {
    const fn of(burst: u32, per_second: u32) -> Self {
        match (NonZeroU32::new(burst), NonZeroU32::new(per_second)) {
            (Some(burst), Some(per_second)) => Self { burst, per_second },
            _ => Self { burst: NonZeroU32::MIN, per_second: NonZeroU32::MIN },
        }
    }

    /// A person presses one key a second at most; networks repeat callbacks in bursts.
    pub const NUMBER: Self = Self::of(30, 3);
    /// A nation's load, several times over.
    pub const GATEWAY: Self = Self::of(100_000, 50_000);

    /// Whoever follows short links from one address: behind that of an operator are many phones.
    pub const SOURCE: Self = Self::of(200, 50);

    fn quota(self) -> Quota {
        Quota::per_second(self.per_second).allow_burst(self.burst)
    }
}

const DAY: Duration = Duration::from_hours(24);

/// By hashes, so that no number is kept here. Two that meet would share a rate: among a million numbers, one time in forty million.
type Limiter = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock>;

#[derive(Debug)]
pub struct Rates {
    hasher: RandomState,
    /// By number, or by leg where a callback has none.
    numbers: Limiter,
    gateways: Limiter,
    /// Texts by number, where there is a bound.
    texts: Option<Limiter>,
    /// By the address that short links are followed from.
    sources: Limiter,
}

/// Who asks too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooMany {
    Number,
    Gateway,
}

impl Rates {
    pub fn new(number: Rate, gateway: Rate) -> Self {
        let (numbers, gateways) = (RateLimiter::keyed(number.quota()), RateLimiter::keyed(gateway.quota()));
        let sources = RateLimiter::keyed(Rate::SOURCE.quota());
        Self { hasher: RandomState::new(), numbers, gateways, texts: None, sources }
    }

    /// Answers at most so many texts of a number in a day: each costs a message.
    #[must_use]
    pub fn answering_at_most(self, texts: NonZeroU32) -> Self {
        let quota = Quota::with_period(DAY / texts.get()).map(|quota| quota.allow_burst(texts));
        Self { texts: quota.map(RateLimiter::keyed), ..self }
    }

    /// Counts one callback.
    pub(super) fn count(&self, gateway: &str, callback: &Callback) -> Result<(), TooMany> {
        if self.gateways.check_key(&self.hasher.hash_one(gateway)).is_err() {
            return Err(TooMany::Gateway);
        }
        let who = match callback {
            Callback::Turn(Turn { msisdn: Some(number), .. }) => self.hasher.hash_one(number.digits()),
            // Some gateways send the number in the first callback only.
            Callback::Turn(Turn { leg, .. }) => self.hasher.hash_one((gateway, leg)),
            // That a dialogue is over is always heard.
            _ => return Ok(()),
        };
        self.numbers.check_key(&who).map_err(|_| TooMany::Number)
    }

    /// Counts what a gateway tells of messages, calls and payments; whether it may.
    pub(super) fn has_room_for_gateway(&self, gateway: &str) -> bool {
        self.gateways.check_key(&self.hasher.hash_one(gateway)).is_ok()
    }

    /// Counts one message or missed call of a number; whether it may be made.
    pub(super) fn has_room_for_number(&self, number: &Msisdn) -> bool {
        self.numbers.check_key(&self.hasher.hash_one(number.digits())).is_ok()
    }

    /// Counts one text of a number; whether it is answered.
    pub(super) fn has_room_for_text(&self, number: &Msisdn) -> bool {
        self.texts.as_ref().is_none_or(|texts| texts.check_key(&self.hasher.hash_one(number.digits())).is_ok())
    }

    /// Counts one visit of a short link; whether it may be made.
    pub(super) fn has_room_for_source(&self, source: IpAddr) -> bool {
        // A house has 2^64 addresses of the sixth version.
        let source = match source {
            IpAddr::V4(_) => source,
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        };
        self.sources.check_key(&self.hasher.hash_one(source)).is_ok()
    }

    /// Forgets numbers and addresses that have not asked for a while.
    pub fn forget_idle(&self) {
        self.sources.retain_recent();
        self.sources.shrink_to_fit();
        self.numbers.retain_recent();
        self.numbers.shrink_to_fit();
        if let Some(texts) = &self.texts {
            texts.retain_recent();
            texts.shrink_to_fit();
        }
    }
}

/// How often [`Rates::forget_idle`] is worth its while.
pub const FORGET_EVERY: Duration = Duration::from_mins(1);

impl Default for Rates {
    fn default() -> Self {
        Self::new(Rate::NUMBER, Rate::GATEWAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_follows_links_too_often_from_one_address_is_refused_and_nobody_else() {
        let rates = Rates::default();
        let [one, other] = [IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2])];
        let made = (0..100_000).take_while(|_| rates.has_room_for_source(one)).count();
        assert!((200..100_000).contains(&made), "{made}");
        assert!(rates.has_room_for_source(other));
    }
}
