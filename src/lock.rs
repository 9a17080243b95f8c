//! The one way in which a mutex is locked here.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, also after a panic of somebody who held it: a panic in one request must not stop the others. Going on is right
/// because what mutexes guard here is valid between any two statements that change it, so whoever panicked left nothing broken.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_one_does_not_stop_the_others() {
        let count = Mutex::new(1);
        let panicked = std::thread::scope(|scope| {
            let panics = scope.spawn(|| {
                let mut count = lock(&count);
                *count += 1;
                panic!("an injected fault");
            });
            panics.join().is_err()
        });
        assert!(panicked && count.is_poisoned(), "somebody panicked who held it");
        assert_eq!(*lock(&count), 2, "and everybody else goes on with what is there");
    }
}
