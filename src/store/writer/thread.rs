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
use crate::store::writer::batch::{Attempt, Committed, one_by_one, together};
use crate::store::writer::databases::{Databases, Plan};
use crate::store::writer::queue::{Answer, Job, Task, WriteQueue};
use crate::store::writer::retry::{RetryQueue, Waiting};

/// Deliveries that share one commit at most.
const BATCH: usize = 256;
/// After this long without work the log is checkpointed.
const IDLE: Duration = Duration::from_secs(30);
/// After this long it is looked again whether a disk that failed is back, or a lock is gone.
const AGAIN: Duration = Duration::from_secs(1);
/// So many deliveries that fail one after the other, each alone, show that none of them is at fault.
const SUSPECTS: usize = 8;
/// None is looked at alone: nothing says yet that some could be stored and others not.
const NONE: usize = 0;
/// So often it is looked, while nobody comes, whether the files still have their names.
const GLANCE: Duration = Duration::from_millis(500);

/// Called on the writer's thread when the archive was opened anew: says which projections are to follow it. It must not wait for
/// the writer.
pub(crate) type Follow = Box<dyn Fn(Plan) + Send>;
/// Called on the writer's thread when another archive has come into use, and what was put aside waits; it must not block.
pub(crate) type Another = Box<dyn Fn() + Send>;

/// The thread, and the queue that it takes its work from.
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
        follow: Follow,
        another: Another,
    ) -> Result<Self, Error> {
        let writing = Writing {
            databases,
            retries: RetryQueue::default(),
            changes,
            condition,
            follow,
            another,
            worked: Instant::now(),
            unvouched: false,
        };
        let thread = std::thread::Builder::new()
            .name("calltrail-writer".to_owned())
            .spawn(move || writing.run(&jobs))
            .map_err(Error::io("calltrail-writer"))?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// Finishes what is queued and ends the thread; answers what it worked with, once.
    pub(crate) fn finish(&mut self) -> Result<Option<Databases>, Error> {
        let Some(thread) = self.thread.take() else { return Ok(None) };
        self.queue.end();
        Ok(Some(thread.join().map_err(|_| Error::Closed)?.databases))
    }
}

/// What the thread works with.
struct Writing {
    databases: Databases,
    /// What could not be stored when it came.
    retries: RetryQueue,
    changes: Arc<Changes>,
    condition: Arc<Condition>,
    follow: Follow,
    another: Another,
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
                    self.tell_what_is_in_use();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.end();
                    return self;
                }
            };
            (settled, self.worked) = (false, Instant::now());
            let answer = match job {
                Job::End => {
                    self.end();
                    return self;
                }
                Job::Task(task) => Some(self.task(task)),
                Job::Damage { why, put_aside } => {
                    // Another may have taken its place already.
                    let _ = put_aside == self.databases.lag().put_aside() && self.put_archive_aside(&why);
                    None
                }
                first @ Job::Record(_) => {
                    held = self.batch(first, jobs);
                    None
                }
            };
            self.tell_what_is_in_use();
            if let Some(answer) = answer {
                answer();
                self.changes.notify();
            }
        }
    }

    /// Does a piece of work; what comes of it hands its answer over.
    fn task(&mut self, task: Task) -> Answer {
        // What came before it goes first, if it can.
        let _ = self.retry(NONE);
        if let Err(error) = self.reopen_if_poisoned() {
            tracing::error!(%error, "the record could not be opened again");
        }
        // A fault in one piece of work must not end the thread that keeps the record.
        catch_unwind(AssertUnwindSafe(|| task(&mut self.databases))).unwrap_or_else(|_| {
            tracing::error!("a task of the writer failed");
            Box::new(|| {})
        })
    }

    /// What is to be done next; a timeout when there is time for something else.
    fn next(&self, jobs: &Receiver<Job>) -> Result<Job, RecvTimeoutError> {
        let is_waiting = self.databases.is_poisoned() || !self.retries.is_empty();
        jobs.recv_timeout(if is_waiting { AGAIN } else { GLANCE })
    }

    /// Has the projections follow that are in use since the archive was opened anew, and says that it is another one.
    fn tell_what_is_in_use(&mut self) {
        self.databases.take_plan().into_iter().for_each(|plan| (self.follow)(plan));
        if self.databases.take_another() {
            (self.another)();
        }
    }

    /// Uses the time when nobody waits; answers whether the log is checkpointed.
    fn rest(&mut self, settled: bool) -> bool {
        if !self.databases.is_poisoned()
            && let Err(error) = self.databases.vouch().and_then(|()| self.databases.log_is_whole())
        {
            self.fails(&error);
            if error.is_damage() && self.put_archive_aside(&error.to_string()) {
                self.condition.stores();
            }
        }
        if !self.retries.is_empty() {
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

    fn checkpoint_long_log(&mut self) {
        if let Err(error) = self.databases.checkpoint_long_log() {
            tracing::warn!(%error, "the log could not be checkpointed; it grows meanwhile");
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
        // First of all: whoever is answered and asks at once waits for what was archived.
        self.databases.lag().grow(deliveries.len());
        self.condition.stores();
        self.changes.notify();
        deliveries.iter_mut().zip(outcomes).for_each(|(waiting, outcome)| waiting.answer(outcome));
        // They give their room free before more is done.
        drop(deliveries);
        self.checkpoint_long_log();
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

    /// The end: what waits has its last chance.
    fn end(&mut self) {
        let _ = self.retry(SUSPECTS);
        if !self.retries.is_empty() {
            tracing::error!(
                lost = self.retries.len(),
                "deliveries are lost that could not be stored until the end; their senders were told to try again"
            );
        }
    }

    /// Commits a batch. A damaged file is put out of the way, and the batch goes into what takes its place.
    fn commit(&mut self, batch: &[Waiting]) -> Committed {
        let mut committed = self.attempt(batch);
        // A disk that damages a new one at once is given up.
        if let Err(error) = &committed
            && error.is_damage()
            && self.put_archive_aside(&error.to_string())
        {
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
        reopened?;
        if std::mem::take(&mut self.unvouched) {
            self.condition.stores();
        }
        Ok(())
    }

    /// After a failure everything is opened anew, because neither SQLite nor the operating system can be relied upon to know
    /// what reached the disk.
    fn attempt(&mut self, batch: &[Waiting]) -> Committed {
        self.reopen_if_poisoned()?;
        self.databases.log_is_whole()?;
        let outcomes = match together(&mut self.databases, batch) {
            Attempt::Over(committed) => committed,
            Attempt::Fault => {
                self.databases.has_its_schema()?;
                one_by_one(&mut self.databases, batch)
            }
        }?;
        self.databases.vouch()?;
        Ok(outcomes)
    }

    /// Puts a damaged archive aside and begins a new one. `false`: that could not be done.
    fn put_archive_aside(&mut self, why: &str) -> bool {
        let put_aside = self.databases.set_aside(why);
        if let Err(error) = &put_aside {
            tracing::error!(%error, "the damaged record could not be put aside");
        }
        put_aside.is_ok()
    }
}
