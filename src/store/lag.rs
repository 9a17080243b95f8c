//! How far the projection in use is behind the archive. The writer says what it has archived, the projector what it has applied;
//! whoever asks after an answer waits a moment for what was answered.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use crate::lock::lock;
use crate::store::delivery::Digest;

/// A list waits so long, at most, for what was answered before it was asked.
pub(crate) const PATIENCE: Duration = Duration::from_millis(500);
/// The writer waits so long, at most, until the projector has let go of the archive.
pub(crate) const CLOSING_PATIENCE: Duration = Duration::from_secs(1);
/// What must not miss anything waits longer.
pub(crate) const LONG_PATIENCE: Duration = Duration::from_secs(20);
/// A projection that misses more than this is not waited for: it is filled from the beginning, or after a long burst.
pub(crate) const WAITED_FOR_MAX: u64 = 100_000;

/// Shared by the writer, the projector and whoever reads.
#[derive(Default)]
pub(crate) struct Lag {
    counts: Mutex<Counts>,
    changed: Condvar,
}

#[derive(Default)]
struct Counts {
    /// Deliveries archived since the start, and what was missing then.
    archived: u64,
    /// How many of them are applied.
    applied: u64,
    /// The projection in use, which they are about.
    in_use: u64,
    /// False while it is being filled, or cannot be.
    is_waited_for: bool,
    /// Deliveries whose content in the archive was mended, to be applied again.
    mended: Vec<Digest>,
    /// The projector has the archive open.
    is_open: bool,
    /// It is to let go of it, because its files are moved.
    must_close: bool,
    /// How many archives have been put aside since the start.
    put_aside: u64,
}

impl Lag {
    /// Deliveries that are archived and not applied yet.
    pub(crate) fn waiting(&self) -> u64 {
        let counts = self.counts();
        counts.archived - counts.applied
    }

    /// So many more were archived.
    pub(crate) fn grow(&self, by: usize) {
        self.counts().archived += u64::try_from(by).unwrap_or(0);
        self.changed.notify_all();
    }

    /// How much has been archived until now; for [`Lag::caught_up`].
    pub(crate) fn archived(&self) -> u64 {
        self.counts().archived
    }

    /// Another projection is in use from here on, and misses so much; `None`: more than anybody waits for.
    pub(crate) fn begin(&self, projection: u64, missing: Option<u64>) {
        let mut counts = self.counts();
        counts.archived = counts.archived.max(missing.unwrap_or(0));
        counts.applied = counts.archived - missing.unwrap_or(0);
        (counts.in_use, counts.is_waited_for) = (projection, missing.is_some());
        drop(counts);
        self.changed.notify_all();
    }

    /// Nobody waits for this projection any more, if it is the one in use.
    pub(crate) fn suspend(&self, projection: u64) {
        let mut counts = self.counts();
        if counts.in_use == projection {
            (counts.applied, counts.is_waited_for) = (counts.archived, false);
            drop(counts);
            self.changed.notify_all();
        }
    }

    /// False while the projection in use is being filled, or cannot be.
    pub(crate) fn is_waited_for(&self) -> bool {
        self.counts().is_waited_for
    }

    /// This projection has all of what was archived when [`Lag::archived`] said so, and is waited for from here on. True when it
    /// was not before.
    pub(crate) fn caught_up(&self, projection: u64, archived: u64) -> bool {
        let mut counts = self.counts();
        // Another one may be in use by now.
        if counts.in_use != projection {
            return false;
        }
        let was_waited_for = std::mem::replace(&mut counts.is_waited_for, true);
        counts.applied = if was_waited_for { counts.applied.max(archived) } else { archived };
        drop(counts);
        self.changed.notify_all();
        !was_waited_for
    }

    /// Waits for what is archived by now: who was answered finds its callback in the lists, unless the load lasts.
    pub(crate) fn catch_up(&self, patience: Duration) {
        let counts = self.counts();
        let asked = counts.archived;
        if asked - counts.applied <= WAITED_FOR_MAX {
            let is_behind = |counts: &mut Counts| counts.is_waited_for && counts.applied < asked;
            drop(self.changed.wait_timeout_while(counts, patience, is_behind));
        }
    }

    /// For the projector: waits until more was archived than this, or for so long, or until it is over: whoever ends it says so
    /// by [`Lag::wake`].
    pub(crate) fn wait_for_more(&self, than: u64, patience: Duration, is_over: impl Fn() -> bool) {
        let counts = self.counts();
        let is_idle = |counts: &mut Counts| counts.archived <= than && !counts.must_close && !is_over();
        drop(self.changed.wait_timeout_while(counts, patience, is_idle));
    }

    /// The archive has other content for these, which may be applied already.
    pub(crate) fn mended(&self, digests: Vec<Digest>) {
        let mut counts = self.counts();
        counts.archived += u64::try_from(digests.len()).unwrap_or(0);
        counts.mended.extend(digests);
        drop(counts);
        self.changed.notify_all();
    }

    /// Those that are to be applied again, once.
    pub(crate) fn take_mended(&self) -> Vec<Digest> {
        std::mem::take(&mut self.counts().mended)
    }

    /// Has the projector let go of the archive, whose files are about to be moved: whoever opens them elsewhere would share what it
    /// believes of their log. Waits for it, but not for ever.
    pub(crate) fn have_archive_closed(&self, patience: Duration) {
        let mut counts = self.counts();
        counts.must_close = true;
        counts.put_aside += 1;
        self.changed.notify_all();
        drop(self.changed.wait_timeout_while(counts, patience, |counts| counts.is_open));
    }

    /// How many archives have been put aside since the start: what is said of one is not true of the next.
    pub(crate) fn put_aside(&self) -> u64 {
        self.counts().put_aside
    }

    /// True when the projector must let go of the archive.
    pub(crate) fn must_close(&self) -> bool {
        self.counts().must_close
    }

    /// The projector has opened the archive.
    pub(crate) fn opened(&self) {
        let mut counts = self.counts();
        (counts.is_open, counts.must_close) = (true, false);
    }

    /// It has let go of it.
    pub(crate) fn closed(&self) {
        self.counts().is_open = false;
        self.changed.notify_all();
    }

    /// Wakes whoever waits, because something else has changed.
    pub(crate) fn wake(&self) {
        // Whoever is about to wait has the lock until it does.
        drop(self.counts());
        self.changed.notify_all();
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        lock(&self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn a_question_waits_for_what_was_answered_before_it() {
        let lag = Arc::new(Lag::default());
        lag.catch_up(LONG_PATIENCE);
        lag.begin(1, Some(2));
        assert_eq!(lag.waiting(), 2, "what was missing at the start");
        lag.grow(3);
        let asked = {
            let lag = Arc::clone(&lag);
            thread::spawn(move || {
                lag.catch_up(LONG_PATIENCE);
                lag.waiting()
            })
        };
        assert!(!lag.caught_up(1, 4), "it was waited for");
        assert_eq!(lag.waiting(), 1, "four of five are applied");
        assert!(!lag.caught_up(2, 5), "it is not in use");
        assert_eq!(lag.waiting(), 1, "another projection says nothing of this one");
        lag.caught_up(1, 5);
        assert_eq!(asked.join().unwrap(), 0, "the question went on when nothing waited any more");
    }

    #[test]
    fn nobody_waits_for_a_projection_that_is_filled() {
        let lag = Lag::default();
        lag.begin(1, Some(WAITED_FOR_MAX + 1));
        lag.catch_up(LONG_PATIENCE);
        assert_eq!(lag.waiting(), WAITED_FOR_MAX + 1, "it would take too long");
        lag.begin(2, Some(1));
        lag.suspend(1);
        assert!(lag.is_waited_for(), "another one is in use");
        lag.suspend(2);
        lag.catch_up(LONG_PATIENCE);
        assert!(lag.caught_up(2, 0), "it is waited for again");
        lag.begin(3, Some(0));
        assert_eq!(lag.waiting(), 0, "the next one has all of it");
    }
}
