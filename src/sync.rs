//! Locks that a panic elsewhere does not close.
//!
//! Nothing panics while it holds one of our locks half-way through a change, so what a panic elsewhere left is whole: a
//! defect ends its own turn and not everybody's.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_while_one_is_held_closes_none() {
        let (mutex, rw) = (Mutex::new(1), RwLock::new(2));
        let held = std::panic::AssertUnwindSafe(|| {
            let _held = (lock(&mutex), write(&rw));
            panic!("a defect on purpose");
        });
        assert!(std::panic::catch_unwind(held).is_err());
        assert_eq!((*lock(&mutex), *read(&rw), *write(&rw)), (1, 2, 2));
    }
}
