//! What was archived under pressure and waits to be applied. Answers to senders come first; the lists follow as soon as it eases.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many deliveries in one batch are pressure.
pub(crate) const PRESSURE: usize = 16;
/// When so many wait, each batch makes room for some of them: the lists stay seconds behind, not hours.
pub(crate) const MOST: u64 = 100_000;
/// A list waits so long, at most, for what was answered before it was asked.
pub(crate) const PATIENCE: Duration = Duration::from_millis(500);
/// What must not miss anything waits longer.
pub(crate) const LONG_PATIENCE: Duration = Duration::from_secs(20);

/// How many deliveries were archived without being applied, and how many of them have been applied since.
#[derive(Default)]
pub(crate) struct Lag {
    archived: AtomicU64,
    applied: Mutex<u64>,
    shrunk: Condvar,
}

impl Lag {
    /// Deliveries that wait.
    pub(crate) fn waiting(&self) -> u64 {
        self.archived.load(Ordering::Acquire) - *self.applied()
    }

    /// So many more were archived and not applied. Only the writer says so.
    pub(crate) fn grow(&self, by: usize) {
        self.archived.fetch_add(u64::try_from(by).unwrap_or(0), Ordering::AcqRel);
    }

    /// So many wait no more. Only the writer says so.
    pub(crate) fn shrink(&self, by: u64) {
        let mut applied = self.applied();
        *applied = applied.saturating_add(by).min(self.archived.load(Ordering::Acquire));
        self.shrunk.notify_all();
    }

    /// Nothing waits any more, or nothing that could be waited for.
    pub(crate) fn end(&self) {
        self.shrink(u64::MAX);
    }

    /// Waits for what waits now: who was answered finds its callback in the lists, unless the pressure lasts.
    pub(crate) fn catch_up(&self, patience: Duration) {
        let asked = self.archived.load(Ordering::Acquire);
        let applied = self.applied();
        if *applied < asked {
            drop(self.shrunk.wait_timeout_while(applied, patience, |applied| *applied < asked));
        }
    }

    fn applied(&self) -> MutexGuard<'_, u64> {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn a_question_waits_for_what_was_answered_before_it() {
        let backlog = Arc::new(Lag::default());
        backlog.catch_up(LONG_PATIENCE);
        backlog.grow(3);
        let asked = {
            let backlog = Arc::clone(&backlog);
            thread::spawn(move || {
                backlog.catch_up(LONG_PATIENCE);
                backlog.waiting()
            })
        };
        backlog.shrink(2);
        assert_eq!(backlog.waiting(), 1, "two of three are applied");
        backlog.end();
        assert_eq!(asked.join().unwrap(), 0, "the question went on when nothing waited any more");
        backlog.shrink(5);
        assert_eq!(backlog.waiting(), 0, "more than all cannot be applied");
    }
}
