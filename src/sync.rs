//! Locks that a panic elsewhere does not close, and panics that end nothing but what they befall.
//!
//! Nothing panics while it holds one of our locks half-way through a change, so what a panic elsewhere left is whole: a
//! defect ends its own turn and not everybody's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::task::{Context, Poll};

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Something panicked. Not the panic itself: a defect's own words may quote what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect;

/// Polls a future, and takes a panic in it for its end: it must not be polled again.
pub fn poll_caught<F: Future + ?Sized>(
    future: Pin<&mut F>,
    context: &mut Context<'_>,
) -> Poll<Result<F::Output, Defect>> {
    // What it shares with others are locks of ours and channels, which bear it.
    let polled = catch_unwind(AssertUnwindSafe(|| future.poll(context)));
    polled.map_or(Poll::Ready(Err(Defect)), |polled| polled.map(Ok))
}

/// What everybody reads and is replaced as a whole: whoever has taken it keeps it while others already get the next.
#[derive(Debug)]
pub struct Shared<T>(RwLock<Arc<T>>);

impl<T> Shared<T> {
    pub fn new(first: impl Into<Arc<T>>) -> Self {
        Self(RwLock::new(first.into()))
    }

    pub fn get(&self) -> Arc<T> {
        Arc::clone(&read(&self.0))
    }

    /// Gives what was there before.
    pub fn replace(&self, next: impl Into<Arc<T>>) -> Arc<T> {
        std::mem::replace(&mut *write(&self.0), next.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_stays_while_others_get_the_next() {
        let shared = Shared::new(1);
        let taken = shared.get();
        assert_eq!(*shared.replace(2), 1);
        assert_eq!((*taken, *shared.get()), (1, 2));
    }

    #[test]
    fn a_panic_while_one_is_held_closes_none() {
        let (mutex, rw) = (Mutex::new(1), RwLock::new(2));
        let held = AssertUnwindSafe(|| {
            let _held = (lock(&mutex), write(&rw));
            panic!("a defect on purpose");
        });
        assert!(catch_unwind(held).is_err());
        assert_eq!(*lock(&mutex), 1);
        assert_eq!(*read(&rw), 2);
        assert_eq!(*write(&rw), 2);
    }
}
