//! What the bridge keeps about one department between calls: its breaker, its places (the bulkhead) and its cache.

use std::num::NonZeroUsize;
use std::sync::Mutex;

use lru::LruCache;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Policy;
use crate::breaker::Breaker;
use crate::engine::CallRequest;
use crate::menu::{Operation, Program, Value};
use crate::sync::lock;
use crate::types::Timestamp;

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) policy: Policy,
    breaker: Mutex<Breaker>,
    places: Semaphore,
    /// `None` where the policy keeps nothing.
    cache: Option<Mutex<LruCache<CacheKey, Kept>>>,
}

/// Program, operation and values, and the caller where the answer depends on who is calling; encoded, because values do
/// not hash. Like the answers beside them, the keys hold personal data, in memory only.
type CacheKey = Vec<u8>;

#[derive(Debug)]
struct Kept {
    answer: Value,
    until: Timestamp,
}

impl Desk {
    pub(super) fn new(policy: Policy) -> Self {
        Self {
            breaker: Mutex::new(Breaker::new(policy.breaks_after, policy.mends_after)),
            places: Semaphore::new(policy.at_once.min(Semaphore::MAX_PERMITS)),
            cache: NonZeroUsize::new(policy.cached).map(|largest| Mutex::new(LruCache::new(largest))),
            policy,
        }
    }

    /// A place among the calls under way, given back when it is dropped; `None` when all are taken.
    pub(super) fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// Does something with the breaker. The second value is its new state, when that has changed.
    pub(super) fn breaker<T>(&self, act: impl FnOnce(&mut Breaker) -> T) -> (T, Option<&'static str>) {
        let mut breaker = lock(&self.breaker);
        let before = breaker.name();
        let result = act(&mut breaker);
        (result, Some(breaker.name()).filter(|after| *after != before))
    }

    pub(super) fn cached(&self, key: &CacheKey, now: Timestamp) -> Option<Value> {
        let mut cache = lock(self.cache.as_ref()?);
        match cache.get(key) {
            Some(kept) if now < kept.until => Some(kept.answer.clone()),
            Some(_) => {
                cache.pop(key);
                None
            }
            None => None,
        }
    }

    pub(super) fn keep(&self, key: CacheKey, answer: Value, until: Timestamp) {
        if let Some(cache) = &self.cache {
            lock(cache).put(key, Kept { answer, until });
        }
    }
}

/// Under what an answer may be kept: `None` for operations without `cache`, and for those that change something.
pub(super) fn cache_key(program: &Program, operation: &Operation, call: &CallRequest) -> Option<CacheKey> {
    if operation.cache.is_none() || operation.changes {
        return None;
    }
    let caller = operation.registered.as_ref().map(|_| call.caller.as_str());
    postcard::to_stdvec(&(program.version, call.operation, &call.give, caller)).ok()
}
