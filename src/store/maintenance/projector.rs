//! The projector: one thread that follows the archive and keeps the projection in use up with it.
//!
//! It has a connection of its own and only reads the archive, so no answer waits for it. How far it is stands in the projection
//! itself, in the transaction that brought it there: after a stop, a kill or a power cut it goes on from that position. One that
//! misses much (after an upgrade, or made anew) is filled by the same loop, the newest deliveries first.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};

use crate::lock::lock;
use crate::store::changes::Changes;
use crate::store::condition::{Condition, Rebuilding, State};
use crate::store::error::Error;
use crate::store::files::identity::Held;
use crate::store::files::paths::{self, Files};
use crate::store::files::projection_file::{self, Position};
use crate::store::files::wal;
use crate::store::lag::{Lag, WAITED_FOR_MAX};
use crate::store::projection::{apply, catch_up};
use crate::store::writer::databases::InUse;
use crate::store::writer::queue::WriteQueue;

/// How often whoever watches is told of progress.
const NEWS: Duration = Duration::from_millis(500);
/// So often it is looked, while nothing comes, whether the projection still has its name.
const GLANCE: Duration = Duration::from_millis(500);
/// After a failure (a full disk) it is tried again this much later.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Senders come first: while many wait for their answer the projector does, in steps of so long.
const YIELD: Duration = Duration::from_millis(5);
/// Deliveries that are applied together: few enough that a stop does not wait for them, and lists do not either.
const SLICE: i64 = 1_000;
/// At a stop, what is missing is applied when it is no more than this, which takes a moment. The next start goes on with the rest.
const FINISHED_MAX: u64 = 4_000;
/// And no longer than this.
const FINISH_PATIENCE: Duration = Duration::from_millis(900);

/// What everybody shares who works beside the writer.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) files: Files,
    pub(crate) queue: WriteQueue,
    pub(crate) condition: Arc<Condition>,
    pub(crate) changes: Arc<Changes>,
    pub(crate) lag: Arc<Lag>,
}

impl Parts {
    /// Changes what people are told, and says so.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut State)) {
        self.condition.change(change);
        self.changes.notify();
    }
}

/// The thread that follows, and what it shares with others.
pub(crate) struct Projector {
    parts: Parts,
    /// The record is being closed: nothing begins any more.
    stopped: AtomicBool,
    running: Mutex<Option<Running>>,
}

struct Running {
    number: u64,
    cancelled: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// A projection is noted as open for as long as this lives.
struct Noted {
    held: Held,
    path: PathBuf,
    lag: Arc<Lag>,
}

impl Noted {
    fn new(parts: &Parts, number: u64) -> Self {
        let (held, path) = (parts.files.held().clone(), parts.files.projection(number));
        held.note(&path);
        parts.lag.opened();
        Self { held, path, lag: Arc::clone(&parts.lag) }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.held.forget(&self.path);
        self.lag.closed();
    }
}

impl Projector {
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts, stopped: AtomicBool::new(false), running: Mutex::default() }
    }

    /// Follows with the projection in use from now on, instead of the one before, whose file goes. Never waits.
    pub(crate) fn follow(self: &Arc<Self>, in_use: InUse) {
        let cancelled = Arc::new(AtomicBool::new(false));
        let mut running = lock(&self.running);
        let before = running.take();
        if let Some(before) = &before {
            before.cancelled.store(true, Ordering::Release);
            self.parts.lag.wake();
        }
        if in_use.partial {
            // Said at once, so that nobody takes a record for whole that is not.
            self.parts.tell(|state| state.rebuilding = Some(unknown(true)));
        }
        let (this, flag) = (Arc::clone(self), Arc::clone(&cancelled));
        let work = move || {
            if let Some(Running { number, thread, .. }) = before {
                // It ends after the slice that it is at.
                let _ = thread.join();
                let files = &this.parts.files;
                if number != in_use.number && files.held().loss(&files.archive()).is_none() {
                    files.remove_projection(number);
                }
            }
            this.run(in_use, &flag);
        };
        match thread::Builder::new().name("calltrail-projector".to_owned()).spawn(work) {
            Ok(thread) => *running = Some(Running { number: in_use.number, cancelled, thread }),
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// Ends one that is being filled after the slice that it is at: that takes longer than anybody waits at a stop.
    pub(crate) fn give_up_filling(&self) {
        if !self.parts.lag.is_followed()
            && let Some(running) = lock(&self.running).as_ref()
        {
            running.cancelled.store(true, Ordering::Release);
            self.parts.lag.wake();
        }
    }

    /// Finishes what takes only a moment, and ends.
    pub(crate) fn stop(&self) {
        if self.parts.lag.waiting() <= FINISHED_MAX {
            self.parts.lag.catch_up(FINISH_PATIENCE);
        }
        self.stopped.store(true, Ordering::Release);
        let running = lock(&self.running).take();
        if let Some(Running { cancelled, thread, .. }) = running {
            cancelled.store(true, Ordering::Release);
            self.parts.lag.wake();
            let _ = thread.join();
        }
    }

    /// Follows until it is cancelled, however often the disk fails meanwhile.
    fn run(&self, in_use: InUse, cancelled: &AtomicBool) {
        let was_whole = AtomicBool::new(!in_use.partial);
        let mut followed = !in_use.partial;
        while !self.is_over(cancelled) {
            let put_aside = self.parts.lag.put_aside();
            let Err(error) = self.keep_up(in_use, followed, cancelled, &was_whole) else { return };
            // Nobody waits for one that cannot be written to.
            self.parts.lag.suspend();
            followed = false;
            if matches!(error, Error::Closed) || self.is_over(cancelled) {
                return;
            }
            self.failed(&error.to_string());
            if error.is_damage() && in_use.is_new && !was_whole.load(Ordering::Relaxed) {
                // It was made anew and cannot be filled: what cannot be read is the archive.
                self.parts.queue.report_damage(error.to_string(), put_aside);
                self.pause(cancelled);
                continue;
            }
            let is_damaged = error.is_damage();
            match self.parts.queue.run(move |databases| databases.replace(in_use.number, is_damaged)) {
                // Another thread follows with the new one.
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::debug!(%error, "a projection could not be made anew"),
            }
            self.pause(cancelled);
        }
    }

    fn is_over(&self, cancelled: &AtomicBool) -> bool {
        cancelled.load(Ordering::Acquire) || self.stopped.load(Ordering::Acquire)
    }

    fn pause(&self, cancelled: &AtomicBool) {
        let again = Instant::now() + RETRY_DELAY;
        while Instant::now() < again && !self.is_over(cancelled) {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Follows with one projection until it is cancelled. `followed`: it is waited for already. `was_whole` is set when nothing is
    /// missing any more.
    fn keep_up(
        &self,
        in_use: InUse,
        mut followed: bool,
        cancelled: &AtomicBool,
        was_whole: &AtomicBool,
    ) -> Result<(), Error> {
        let InUse { number, mut partial, .. } = in_use;
        let files = &self.parts.files;
        // What has the names now may be another record's.
        files.held().check(&files.archive())?;
        // Let go of before the note is: the order of the two lines is the other one at the end.
        let noted;
        let mut connection = projection_file::open_to_fill(files, number)?;
        // A program that has locked the projection is waited for in steps, so that a stop does not wait for it.
        connection.busy_timeout(paths::WRITING)?;
        noted = Noted::new(&self.parts, number);
        let (mut told, mut applied_until) = (None, None);
        while !self.is_over(cancelled) && !self.parts.lag.must_close() {
            noted.held.check(&noted.path)?;
            wal::is_whole(&connection, &noted.path)?;
            if self.yields(partial) {
                thread::sleep(YIELD);
                continue;
            }
            let archived = self.parts.lag.archived();
            if applied_until == Some(archived) {
                self.parts.lag.wait_for_more(archived, GLANCE, || self.is_over(cancelled));
                continue;
            }
            self.apply_mended(&mut connection)?;
            let done = self.step(&mut connection, partial, cancelled)?;
            let missing = Position::read(&connection)?.missing(&connection)?;
            if missing > 0 {
                if partial && told.is_none_or(|at: Instant| at.elapsed() >= NEWS) {
                    told = Some(Instant::now());
                    let progress = progress(true, &connection)?;
                    self.parts.tell(|state| (state.rebuilding, state.rebuild_failed) = (Some(progress), None));
                } else if !partial {
                    self.parts.changes.notify();
                }
                continue;
            }
            was_whole.store(true, Ordering::Relaxed);
            if std::mem::replace(&mut followed, true) {
                self.parts.lag.applied_until(number, archived);
            } else {
                partial = false;
                self.parts.lag.follows(number, archived);
                self.parts.tell(|state| (state.rebuilding, state.rebuild_failed) = (None, None));
            }
            if done > 0 {
                self.parts.changes.notify();
            }
            applied_until = Some(archived);
        }
        let is_lost = noted.held.loss(&noted.path).is_some();
        drop(connection);
        drop(noted);
        if is_lost && files.held().check(&files.archive()).is_ok() {
            // What lies at its names is not one: its log may lead to it, and its file may be another's.
            files.remove_projection(number);
        }
        Ok(())
    }

    /// True while senders wait, unless the lists are far behind already.
    fn yields(&self, partial: bool) -> bool {
        !partial && self.parts.queue.is_busy() && self.parts.lag.waiting() < WAITED_FOR_MAX
    }

    fn step(&self, connection: &mut Connection, partial: bool, cancelled: &AtomicBool) -> Result<i64, Error> {
        // Not an immediate one: that would take the right to write the archive too, and hold the writer up.
        let behavior = TransactionBehavior::Deferred;
        if partial {
            let goes_on = |done| done < catch_up::MANY_SLICES && !self.is_over(cancelled);
            catch_up::steps(connection, behavior, catch_up::LARGE_SLICE, &goes_on)
        } else {
            catch_up::step(connection, behavior, SLICE)
        }
    }

    /// Applies those again whose content was mended in the archive.
    fn apply_mended(&self, connection: &mut Connection) -> Result<(), Error> {
        let mended = self.parts.lag.take_mended();
        if mended.is_empty() {
            return Ok(());
        }
        let apply =
            |transaction: &Connection| mended.iter().try_for_each(|digest| apply::apply_again(transaction, digest));
        let applied = connection.transaction().map_err(Error::from).and_then(|transaction| {
            apply(&transaction)?;
            Ok(transaction.commit()?)
        });
        if applied.is_err() {
            self.parts.lag.mended(mended);
        }
        applied
    }

    fn failed(&self, why: &str) {
        tracing::error!(why, "what is archived could not be applied; it is tried again");
        self.parts.tell(|state| (state.rebuilding, state.rebuild_failed) = (None, Some(why.to_owned())));
    }
}

/// Nothing is known yet of how far it is.
pub(crate) fn unknown(partial: bool) -> Rebuilding {
    Rebuilding { done: 0, total: 0, partial, for_review: false }
}

/// How far the projection is that `connection` fills.
pub(crate) fn progress(partial: bool, connection: &Connection) -> Result<Rebuilding, Error> {
    let applied = Position::read(connection)?;
    let newest: i64 = connection
        .prepare_cached("select coalesce(max(delivery_id), 0) from delivery")?
        .query_row([], |row| row.get(0))?;
    let count = |ids: i64| u64::try_from(ids).unwrap_or(0);
    Ok(Rebuilding { done: count(applied.high - applied.low), total: count(newest), ..unknown(partial) })
}
