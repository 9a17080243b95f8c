//! The projector: one thread that follows the archive and keeps the projection in use up with it.
//!
//! It has a connection of its own and only reads the archive, so no answer waits for it. How far it is stands in the projection
//! itself, in the transaction that brought it there: after a stop, a kill or a power cut it goes on from that position. One that
//! misses much (there was none, or it had to be made anew) is filled by the same loop, the newest deliveries first.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::lock::lock;
use crate::store::condition::Rebuilding;
use crate::store::error::Error;
use crate::store::files::identity::Held;
use crate::store::files::paths;
use crate::store::files::projection_file::{self, Position};
use crate::store::files::wal;
use crate::store::lag::{Lag, WAITED_FOR_MAX};
use crate::store::maintenance::background::{Cancelled, News, Parts, Relay};
use crate::store::maintenance::{call_hours, room_counts};
use crate::store::projection::catch_up::{self, CatchUp};
use crate::store::projection::{apply, cases, stale};
use crate::store::writer::databases::InUse;

/// So often it is looked, while nothing comes, whether the projection still has its name.
const GLANCE: Duration = Duration::from_millis(500);
/// After a failure (a full disk) it is tried again this much later.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Senders come first: while many wait for their answer the projector does, in steps of so long.
const YIELD: Duration = Duration::from_millis(5);
/// People whose cases are derived in one transaction: few enough that nothing that comes meanwhile waits long.
const CASES_TOGETHER: i64 = 100;
/// Deliveries that are applied together: few enough that a stop does not wait for them, and lists do not either.
const SLICE: i64 = 1_000;
/// At a stop, what is missing is applied when it is no more than this, which takes a moment. The next start goes on with the rest.
const FINISHED_MAX: u64 = 4_000;
/// And no longer than this.
const FINISH_PATIENCE: Duration = Duration::from_millis(900);

/// The thread that follows, and what it shares with others.
pub(crate) struct Projector {
    parts: Parts,
    relay: Relay,
    /// The projection that is followed with.
    number: Mutex<Option<u64>>,
}

/// A projection is noted as open, and the archive beside it, for as long as this lives.
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
        Self { parts, relay: Relay::default(), number: Mutex::default() }
    }

    /// Follows with the projection in use from now on, instead of the one before, whose file goes. Never waits.
    pub(crate) fn follow(self: &Arc<Self>, in_use: InUse) {
        if in_use.partial {
            // Said at once, so that nobody takes a record for whole that is not.
            self.parts.tell(|state| state.rebuilding = Some(unknown(true)));
        }
        let before = lock(&self.number).replace(in_use.number);
        let this = Arc::clone(self);
        let started = self.relay.start("calltrail-projector", move |cancelled| {
            before.into_iter().filter(|number| *number != in_use.number).for_each(|number| this.remove(number));
            this.run(in_use, cancelled);
        });
        self.parts.lag.wake();
        if let Err(error) = started {
            self.parts.cannot_fill(&error);
        }
    }

    /// Ends one that is being filled after the slice that it is at: that takes longer than anybody waits at a stop.
    pub(crate) fn give_up_filling(&self) {
        if !self.parts.lag.is_waited_for() {
            self.cancel();
        }
    }

    /// Finishes what takes only a moment, and ends.
    pub(crate) fn stop(&self) {
        if self.parts.lag.waiting() <= FINISHED_MAX {
            self.parts.lag.catch_up(FINISH_PATIENCE);
        }
        self.relay.stop();
        self.cancel();
        self.relay.join();
    }

    fn cancel(&self) {
        self.relay.cancel();
        self.parts.lag.wake();
    }

    /// Deletes a projection that nobody writes to any more. What has its name now may be another record's.
    fn remove(&self, number: u64) {
        let files = &self.parts.files;
        if files.held().loss(&files.archive()).is_none() {
            files.remove_projection(number);
        }
    }

    /// Follows until it is cancelled, however often the disk fails meanwhile.
    fn run(&self, in_use: InUse, cancelled: &Cancelled) {
        let InUse { number, mut partial, is_new } = in_use;
        while !cancelled.is_set() {
            let put_aside = self.parts.lag.put_aside();
            let Err(error) = self.keep_up(number, &mut partial, cancelled) else { return };
            // Nobody waits for one that cannot be written to.
            self.parts.lag.suspend(number);
            if matches!(error, Error::Closed) || cancelled.is_set() {
                return;
            }
            self.parts.cannot_fill(&error);
            let is_damaged = error.is_damage();
            if is_damaged && is_new && partial {
                // It was made anew and cannot be filled: what cannot be read is the archive.
                self.parts.queue.report_damage(error.to_string(), put_aside);
            } else {
                match self.parts.queue.run(move |databases| databases.replace(number, is_damaged)) {
                    // Another thread follows with the new one.
                    Ok(true) => return,
                    Ok(false) => {}
                    Err(error) => tracing::debug!(%error, "a projection could not be made anew"),
                }
            }
            cancelled.pause(RETRY_DELAY);
        }
    }

    /// Follows with one projection until it is cancelled. `partial` until nothing is missing for the first time.
    fn keep_up(&self, number: u64, partial: &mut bool, cancelled: &Cancelled) -> Result<(), Error> {
        let Parts { files, lag, .. } = &self.parts;
        // What has the names now may be another record's.
        files.held().check(&files.archive())?;
        // Declared before the connection, and so let go of after it.
        let noted;
        let mut connection = projection_file::open_to_fill(files, number)?;
        // A program that has locked the projection is waited for in steps, so that a stop does not wait for it.
        connection.busy_timeout(paths::WRITING)?;
        noted = Noted::new(&self.parts, number);
        if !*partial {
            projection_file::bound_cache(&connection)?;
        }
        let (mut news, mut applied_until, mut catch_up) = (News::default(), None, CatchUp::default());
        while !cancelled.is_set() && !lag.must_close() {
            if self.yields(*partial) {
                thread::sleep(YIELD);
                continue;
            }
            noted.held.check(&noted.path)?;
            wal::is_whole(&connection, &noted.path)?;
            let archived = lag.archived();
            if applied_until == Some(archived) {
                if self.derive_cases(&mut connection)? || keep_ready(&mut connection)? {
                    continue;
                }
                lag.wait_for_more(archived, GLANCE, || cancelled.is_set());
                continue;
            }
            if self.apply_mended(&mut connection)? {
                catch_up = CatchUp::default();
            }
            let done = step(&mut catch_up, &mut connection, *partial, cancelled)?;
            if Position::read(&connection)?.missing(&connection)? > 0 {
                self.tell_progress(*partial, &connection, &mut news)?;
                continue;
            }
            if std::mem::take(partial) {
                projection_file::bound_cache(&connection)?;
            }
            applied_until = Some(archived);
            self.tell_caught_up(number, archived, done);
        }
        let is_lost = noted.held.loss(&noted.path).is_some();
        drop(connection);
        drop(noted);
        if is_lost {
            // What lies at its names is not one: its log may lead to it, and its file may be another's.
            self.remove(number);
        }
        Ok(())
    }

    /// True while senders wait, unless the lists are far behind already.
    fn yields(&self, partial: bool) -> bool {
        !partial && self.parts.queue.is_busy() && self.parts.lag.waiting() < WAITED_FOR_MAX
    }

    fn tell_progress(&self, partial: bool, connection: &Connection, news: &mut News) -> Result<(), Error> {
        if !partial {
            self.parts.changes.notify();
        } else if news.are_due() {
            let progress = progress(true, connection)?;
            self.parts.tell(|state| (state.rebuilding, state.rebuild_failed) = (Some(progress), None));
        }
        Ok(())
    }

    fn tell_caught_up(&self, number: u64, archived: u64, done: i64) {
        if self.parts.lag.caught_up(number, archived) {
            self.parts.tell(|state| {
                // A candidate may be filled beside it.
                state.rebuilding.take_if(|rebuilding| rebuilding.partial);
                state.rebuild_failed = None;
            });
        } else if done > 0 {
            self.parts.changes.notify();
        }
    }

    /// Derives the cases of some of those who wait for it; answers whether anybody did.
    fn derive_cases(&self, connection: &mut Connection) -> Result<bool, Error> {
        if stale::count(connection)? == 0 {
            return Ok(false);
        }
        let transaction = catch_up::begin(connection)?;
        cases::derive::some(&transaction, CASES_TOGETHER)?;
        transaction.commit()?;
        self.parts.changes.notify();
        Ok(true)
    }

    /// Applies those again whose content was mended in the archive; answers whether there were any.
    fn apply_mended(&self, connection: &mut Connection) -> Result<bool, Error> {
        let mended = self.parts.lag.take_mended();
        if mended.is_empty() {
            return Ok(false);
        }
        let applied = catch_up::begin(connection).and_then(|transaction| {
            mended.iter().try_for_each(|digest| apply::apply_again(&transaction, digest))?;
            Ok(transaction.commit()?)
        });
        if applied.is_err() {
            self.parts.lag.mended(mended);
        }
        applied.map(|()| true)
    }
}

/// Makes ready what readers would have to work out otherwise; answers whether there was anything to do.
fn keep_ready(connection: &mut Connection) -> Result<bool, Error> {
    Ok(room_counts::count_some(connection)? > 0 || call_hours::pack_some(connection)? > 0)
}

fn step(
    catch_up: &mut CatchUp,
    connection: &mut Connection,
    partial: bool,
    cancelled: &Cancelled,
) -> Result<i64, Error> {
    let (deliveries, most) = if partial { (catch_up::LARGE_SLICE, catch_up::MANY_SLICES) } else { (SLICE, 1) };
    let goes_on = |slices| slices < most && !cancelled.is_set();
    catch_up.steps(connection, deliveries, &goes_on)
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
