//! The one thread that writes. Deliveries that wait share a commit, and each is answered after it: group commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::store::changes::Changes;
use crate::store::condition::Condition;
use crate::store::delivery::Recorded;
use crate::store::error::Error;
use crate::store::files::lock_holder;
use crate::store::lag;
use crate::store::projection::apply::catch_panic;
use crate::store::writer::batch::{Attempt, Committed, one_by_one, together};
use crate::store::writer::databases::{Databases, Wanted};
use crate::store::writer::queue::{Job, WriteQueue};
use crate::store::writer::retry::{RetryQueue, Waiting};

/// Deliveries that share one commit at most.
const BATCH: usize = 256;
/// After this long without work the WAL is folded back into the database file.
const IDLE: Duration = Duration::from_secs(30);
/// Senders that all wait for an answer send again at once: pressure has eased when nobody came for so long.
const EASE: Duration = Duration::from_millis(5);
/// Nor has it eased when few wait now and many did so lately: those that were answered together come back one after the other.
const LATELY: Duration = Duration::from_millis(50);
/// After this long it is looked again whether a disk that failed is back, or a lock is gone.
const AGAIN: Duration = Duration::from_secs(1);
/// So many deliveries that fail one after the other, each alone, show that none of them is at fault.
const SUSPECTS: usize = 8;
/// None is looked at alone: nothing says yet that some could be stored and others not.
const NONE: usize = 0;
/// So often it is looked, while nobody comes, whether the files still have their names.
const GLANCE: Duration = Duration::from_millis(500);

/// Called on the writer's thread when a projection is to be filled beside it; it must not wait for the writer.
pub(crate) type StartRebuild = Box<dyn Fn(Wanted) + Send>;
/// Called on the writer's thread when a damaged archive was put aside and a new one begun; it must not block.
pub(crate) type AfterDamage = Box<dyn Fn() + Send>;

/// The thread, and the desk that work for it is laid on. Dropped, it finishes what is queued.
pub(crate) struct Writer {
    queue: WriteQueue,
    thread: Option<JoinHandle<Writing>>,
}

impl Writer {
    /// Starts the thread with the only connection that writes.
    pub(crate) fn start(
        databases: Databases,
        (queue, jobs): (WriteQueue, Receiver<Job>),
        changes: Arc<Changes>,
        condition: Arc<Condition>,
        start_rebuild: StartRebuild,
        after_damage: AfterDamage,
    ) -> Result<Self, Error> {
        let writing = Writing {
            databases,
            retries: RetryQueue::default(),
            changes,
            condition,
            start_rebuild,
            after_damage,
            pressed: None,
            worked: Instant::now(),
            unvouched: false,
        };
        let thread = std::thread::Builder::new()
            .name("calltrail-writer".to_owned())
            .spawn(move || writing.run(&jobs))
            .map_err(Error::io("calltrail-writer"))?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// Where work for it is laid.
    pub(crate) fn queue(&self) -> &WriteQueue {
        &self.queue
    }

    /// Finishes what is queued, folds the WAL back and closes the files.
    pub(crate) fn close(mut self) -> Result<(), Error> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        self.queue.end();
        thread.join().map_err(|_| Error::Closed)?.databases.close()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::warn!(%error, "the record was not closed cleanly; what was acknowledged is on disk");
        }
    }
}

/// What the thread works with.
struct Writing {
    databases: Databases,
    /// What could not be stored when it came.
    retries: RetryQueue,
    changes: Arc<Changes>,
    condition: Arc<Condition>,
    start_rebuild: StartRebuild,
    /// Told when the archive was put aside.
    after_damage: AfterDamage,
    /// When many waited at once the last time, unless nobody came since.
    pressed: Option<Instant>,
    /// When somebody came the last time.
    worked: Instant,
    /// It was told that a name leads elsewhere, and not yet that all is well.
    unvouched: bool,
}

impl Writing {
    fn run(mut self, jobs: &Receiver<Job>) -> Self {
        let mut settled = true;
        let mut held = None;
        loop {
            let job = match held.take().map_or_else(|| self.next(jobs), Ok) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    settled = self.rest(settled);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.end();
                    return self;
                }
            };
            (settled, self.worked) = (false, Instant::now());
            match job {
                Job::End => {
                    self.end();
                    return self;
                }
                Job::Task(task) => {
                    // What came before it goes first, if it can.
                    let _ = self.retry(NONE);
                    if let Err(error) = self.reopen_if_poisoned() {
                        tracing::error!(%error, "the record could not be opened again");
                    }
                    self.follow_names();
                    // A fault in one piece of work must not end the thread that keeps the record.
                    if catch_unwind(AssertUnwindSafe(|| task(&mut self.databases))).is_err() {
                        tracing::error!("a task of the writer failed");
                    }
                    self.changes.notify();
                }
                first @ Job::Record(_) => held = self.batch(first, jobs),
            }
        }
    }

    /// What is to be done next; a timeout when there is time for something else.
    fn next(&self, jobs: &Receiver<Job>) -> Result<Job, RecvTimeoutError> {
        if self.databases.is_poisoned() {
            jobs.recv_timeout(AGAIN)
        } else if self.databases.is_behind() {
            let is_pressed = self.pressed.is_some_and(|at| at.elapsed() < LATELY);
            jobs.recv_timeout(if is_pressed { EASE } else { Duration::ZERO })
        } else if !self.retries.is_empty() {
            jobs.recv_timeout(AGAIN)
        } else {
            jobs.recv_timeout(GLANCE)
        }
    }

    /// Uses the time when nobody waits; answers whether the log is folded back.
    fn rest(&mut self, settled: bool) -> bool {
        if !self.databases.is_poisoned()
            && let Err(error) = self.databases.vouch()
        {
            self.fails(&error);
        }
        self.follow_names();
        if self.databases.is_behind() && !self.databases.is_poisoned() {
            self.pressed = None;
            self.follow();
        } else if !self.retries.is_empty() {
            let _ = self.retry(SUSPECTS);
        } else if self.databases.is_poisoned() {
            if let Err(error) = self.reopen_if_poisoned() {
                tracing::debug!(%error, "the disk still fails");
            }
        } else {
            return settled || (self.worked.elapsed() >= IDLE && self.databases.settle().is_ok());
        }
        false
    }

    /// A projection whose file went away or was exchanged is made anew.
    fn follow_names(&mut self) {
        if !self.databases.is_poisoned() && self.databases.has_lost_projection() {
            match self.databases.drop_projection() {
                Ok(number) => {
                    tracing::warn!("the projection went away while it was in use; it is made anew from the archive");
                    (self.start_rebuild)(Wanted::Filling(number));
                }
                Err(error) => {
                    tracing::error!(%error, "a projection that went away could not be made anew");
                    self.databases.poison();
                }
            }
        }
    }

    /// Applies some of what was archived under pressure; false when that was not possible. A damaged file is put out of the
    /// way; after any other failure than a lock everything is opened anew, which catches up.
    fn follow(&mut self) -> bool {
        let followed = catch_panic(|| self.databases.follow());
        if let Err(error) = &followed {
            tracing::error!(%error, "what was archived could not be applied; it is tried again");
            if !error.is_lock() && (!error.is_damage() || !self.put_damage_aside(&error.to_string())) {
                self.databases.poison();
            }
        }
        self.changes.notify();
        self.checkpoint_long_logs();
        followed.is_ok()
    }

    fn checkpoint_long_logs(&mut self) {
        if let Err(error) = self.databases.checkpoint_long_logs() {
            tracing::warn!(%error, "the logs could not be folded back; they grow meanwhile");
        }
    }

    /// Records what waits in one transaction and answers each after the commit. A task that was met on the way is handed back.
    fn batch(&mut self, first: Job, jobs: &Receiver<Job>) -> Option<Job> {
        let mut deliveries = Vec::with_capacity(BATCH);
        let mut next = Some(first);
        let met = loop {
            match next {
                Some(Job::Record(waiting)) => deliveries.push(waiting),
                task => break task,
            }
            next = if deliveries.len() < BATCH { jobs.try_recv().ok() } else { None };
        };
        if self.databases.answers_early() {
            deliveries.iter_mut().for_each(|waiting| waiting.answer(Ok(Recorded::New)));
        }
        if self.databases.is_pressure(deliveries.len()) {
            self.pressed = Some(Instant::now());
        }
        // What came before goes first.
        let stored = match self.retry(NONE) {
            // Whoever has the lock keeps these out too, and their senders have waited long enough.
            Err(error) if error.is_lock() => Err((deliveries, error)),
            _ => self.store(deliveries),
        };
        match stored {
            Ok(()) if !self.retries.is_empty() => {
                // The storage works, so some of those that wait are at fault themselves.
                let _ = self.retry(SUSPECTS);
            }
            Ok(()) => {}
            Err((deliveries, error)) => {
                let by = self.fails(&error);
                tracing::error!(%error, by, "nothing could be stored; the senders are told to try again, and what came waits");
                self.retries.keep(deliveries, &error);
                if let Error::Exchanged(_) = error {
                    // What has no name is gone when this process is.
                    let written = self.reopen_if_poisoned();
                    tracing::debug!(?written, "the record was to be written again");
                }
            }
        }
        self.tell_how_many_wait();
        met
    }

    /// Commits deliveries and answers each, or hands all of them back.
    fn store(&mut self, mut deliveries: Vec<Waiting>) -> Result<(), (Vec<Waiting>, Error)> {
        let outcomes = match self.commit(&deliveries) {
            Ok(outcomes) => outcomes,
            Err(error) => return Err((deliveries, error)),
        };
        self.condition.stores();
        self.changes.notify();
        deliveries.iter_mut().zip(outcomes).for_each(|(waiting, outcome)| waiting.answer(outcome));
        self.follow_names();
        // They give their room free before more is done.
        drop(deliveries);
        while self.databases.backlog().waiting() >= lag::MOST && !self.databases.is_poisoned() && self.follow() {}
        self.checkpoint_long_logs();
        Ok(())
    }

    /// Stores what waits, as far as that is possible.
    fn retry(&mut self, suspects: usize) -> Result<(), Error> {
        let mut retries = std::mem::take(&mut self.retries);
        let retried = retries.store(BATCH, suspects, |batch| self.store(batch));
        self.retries = retries;
        if let Err(error) = &retried {
            tracing::debug!(%error, "what waits could not be stored yet");
            // What came since may have been stored; then nobody is told that nothing can be.
            if self.condition.is_failing() {
                self.fails(error);
            }
        }
        self.tell_how_many_wait();
        retried
    }

    /// Says in the condition why nothing can be stored; answers whose lock it is, if it is one.
    fn fails(&mut self, error: &Error) -> Option<String> {
        self.unvouched |= matches!(error, Error::Exchanged(_) | Error::NotWrittenAgain { .. } | Error::Held { .. });
        let locked = error.is_lock().then(|| lock_holder::look(self.databases.files()));
        let by = locked.as_ref().map(ToString::to_string);
        self.condition.fails(error, locked);
        self.changes.notify();
        by
    }

    fn tell_how_many_wait(&self) {
        if self.condition.holds_back(self.retries.len()) {
            self.changes.notify();
        }
    }

    /// The end: what waits has its last chance, and what was archived is applied.
    fn end(&mut self) {
        let _ = self.retry(SUSPECTS);
        if !self.retries.is_empty() {
            tracing::error!(
                lost = self.retries.len(),
                "deliveries are lost that could not be stored until the end; their senders were told to try again"
            );
        }
        while self.databases.is_behind() && !self.databases.is_poisoned() && self.follow() {}
    }

    /// Commits a batch. A damaged file is put out of the way, and the batch goes into what takes its place.
    fn commit(&mut self, batch: &[Waiting]) -> Committed {
        let mut committed = self.attempt(batch);
        // First the projection may be found damaged, then the archive; a disk that damages a new one at once is given up.
        for _ in 0..2 {
            let Err(error) = &committed else { break };
            if !error.is_damage() || !self.put_damage_aside(&error.to_string()) {
                break;
            }
            committed = self.attempt(batch);
        }
        // A lock has kept everything as it was.
        if committed.as_ref().is_err_and(|error| !error.is_lock()) {
            self.databases.poison();
        }
        committed
    }

    fn reopen_if_poisoned(&mut self) -> Result<(), Error> {
        if !self.databases.is_poisoned() {
            return Ok(());
        }
        let reopened = self.databases.reopen();
        if let Err(error @ Error::NotWrittenAgain { .. }) = &reopened {
            self.fails(error);
        }
        reopened?.into_iter().for_each(|wanted| (self.start_rebuild)(wanted));
        if std::mem::take(&mut self.unvouched) {
            self.condition.stores();
        }
        if self.databases.was_written_again() {
            (self.after_damage)();
        }
        Ok(())
    }

    /// After a failure everything is opened anew, because neither SQLite nor the operating system can be relied upon to know
    /// what reached the disk.
    fn attempt(&mut self, batch: &[Waiting]) -> Committed {
        self.reopen_if_poisoned()?;
        let outcomes = match together(&mut self.databases, batch) {
            Attempt::Over(committed) => committed,
            Attempt::Fault => {
                self.databases.has_its_tables()?;
                one_by_one(&mut self.databases, batch)
            }
        }?;
        self.databases.vouch()?;
        Ok(outcomes)
    }

    /// The projection is suspected first, because it can be made anew; then the archive itself. `false`: nothing could be done.
    fn put_damage_aside(&mut self, why: &str) -> bool {
        if self.databases.is_live()
            && let Ok(number) = self.databases.drop_projection()
        {
            tracing::error!(why, "the projection is damaged; it is made anew from the archive");
            (self.start_rebuild)(Wanted::Filling(number));
            return true;
        }
        match self.databases.set_aside(why) {
            Ok(wanted) => {
                wanted.into_iter().for_each(|wanted| (self.start_rebuild)(wanted));
                (self.after_damage)();
                true
            }
            Err(error) => {
                tracing::error!(%error, "the damaged record could not be put aside");
                false
            }
        }
    }
}
