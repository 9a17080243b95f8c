//! What is kept: the archive of deliveries, and the projection that follows from it, each in a file of its own.
//!
//! One thread writes ([`Store::record`]); everybody else reads through read-only connections ([`Reader`]). The way of a
//! delivery: `writer` (group commit) -> `databases` (both files) -> `intake` -> `archive` (as received) -> `projection` (what
//! follows) -> `fold` (the rules). `calls`, `rooms` and `deliveries` are the questions. `follow` brings a projection up to the
//! archive, `rebuild` fills another one beside it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::callback::Callback;

mod archive;
mod case_fold;
mod changes;
pub mod condition;
pub mod delivery;
mod error;
mod files;
pub mod filter;
mod lag;
mod locked;
mod loss;
mod maintenance;
mod options;
mod projection;
mod query;
pub mod rows;
#[cfg(test)]
mod tests;
mod writer;

use changes::Changes;
use condition::Condition;
use delivery::{Delivery, Digest, Place, Recorded};
pub use error::{Error, QueueFull};
pub use files::corrupt::{AsideKind, Saved, SetAside, list as set_aside};
pub use files::health::{Health, health};
pub use files::identity::Identity;
pub use files::lock::{held_by, is_held};
use files::paths::{self, Files};
use files::{corrupt, lock, lock_holder, rescue};
use lag::Lag;
pub use loss::Loss;
pub use maintenance::backup::{Backup, backup, backup_unless, list as backups};
use maintenance::rebuild::Rebuilds;
pub use maintenance::rebuild::Rebuilt;
pub use maintenance::verify::{Verified, verify};
use maintenance::{backup, merge, worker};
pub use options::Options;
use projection::apply::Care;
#[cfg(any(test, fuzzing))]
pub(crate) use projection::in_memory;
pub use query::interrupt::Interrupt;
pub use query::reader::{FileCheck, Flow, Overview, Reader};
use query::sender_clock::Senders;
use writer::databases::{self, Databases};
use writer::insert::{self, Arrival};
use writer::queue::WriteQueue;
use writer::{retry, thread};

/// Idle read-only connections that are kept.
const READERS: usize = 8;

/// The record of one data folder, open for writing.
pub struct Store {
    files: Files,
    changes: Arc<Changes>,
    condition: Arc<Condition>,
    senders: Senders,
    /// Grows when readers must open anew, because another file is in use.
    opened: Arc<AtomicU64>,
    backlog: Arc<Lag>,
    // From here on in the order in which they end: an open reader would keep the WAL from being folded back, and whoever
    // works in the background works through the writer.
    readers: Mutex<Idle>,
    background: Background,
    // The right to write ends with it.
    writer: thread::Writer,
    put_back: Arc<OnceLock<databases::PutBack>>,
}

/// What goes on beside the writer; it ends when dropped.
struct Background {
    rebuilds: Arc<Rebuilds>,
    wake: Arc<worker::Wake>,
    upkeep: Mutex<Option<worker::Maintenance>>,
    /// The last process that wrote the record did not close it.
    unclean: bool,
}

impl Drop for Background {
    fn drop(&mut self) {
        let upkeep = self.upkeep.lock().unwrap_or_else(PoisonError::into_inner).take();
        upkeep.into_iter().for_each(worker::Maintenance::stop);
        self.rebuilds.stop();
    }
}

/// Connections that wait for a question, all opened since `opened` last grew.
#[derive(Default)]
struct Idle {
    opened: u64,
    readers: Vec<Reader>,
}

impl Store {
    /// Opens the record of a folder, making it where there is none. `holder` names this process to others, such as
    /// `calltrail serve`. Fails with [`Error::Held`] while another process has it open for writing.
    pub fn open(folder: &Path, holder: &str) -> Result<Self, Error> {
        Self::open_with(folder, Options::held_by(holder))
    }

    /// Opens the record of a folder. A projection that cannot be used at once is filled in the background:
    /// [`Store::condition`] tells how far it is, and callbacks are kept meanwhile.
    pub fn open_with(folder: &Path, options: Options) -> Result<Self, Error> {
        paths::make_folder(folder)?;
        let lock = lock::Lock::take(folder, &options.holder)?;
        let files = Files::of(folder, options.vfs.as_deref());
        if rescue::finish(&files)? {
            // They may follow from what was found in its place.
            files.projections().into_iter().for_each(|number| files.remove_projection(number));
        }
        corrupt::finish_moving(&files)?;
        let unclean = files.were_left_open();
        let room = retry::Room::new(options.waiting());
        let opened = Databases::open_or_set_aside(files.clone(), options);
        let (mut databases, wanted) = opened.map_err(|error| with_holder(error, &files).opening(files.archive()))?;
        databases.holds(lock);
        let (changes, condition) = (Arc::new(Changes::new()), Arc::<Condition>::default());
        let (opened, backlog, wake) = (databases.opened(), databases.backlog(), Arc::<worker::Wake>::default());
        let put_back = databases.put_back();
        let (queue, jobs) = WriteQueue::new(room, Arc::clone(&condition));
        let rebuilds = Rebuilds::new(files.clone(), Arc::clone(&condition), Arc::clone(&changes), queue.clone());
        let rebuilds = Arc::new(rebuilds);
        let start_rebuild = {
            let rebuilds = Arc::clone(&rebuilds);
            Box::new(move |wanted| rebuilds.start(wanted))
        };
        let after_damage = {
            let (changes, wake) = (Arc::clone(&changes), Arc::clone(&wake));
            Box::new(move || {
                changes.begin_epoch();
                wake.notify();
            })
        };
        let (told, shared) = (Arc::clone(&changes), Arc::clone(&condition));
        let writer = thread::Writer::start(databases, (queue, jobs), told, shared, start_rebuild, after_damage)?;
        wanted.into_iter().for_each(|wanted| rebuilds.start(wanted));
        let background = Background { rebuilds, wake, upkeep: Mutex::default(), unclean };
        let readers = Mutex::default();
        let senders = Senders::default();
        Ok(Self { files, changes, condition, senders, opened, backlog, readers, background, writer, put_back })
    }

    /// Starts what is done in the background for a record that is kept open: checking it after an unclean stop, saving what a
    /// damaged archive held, and rolling backups.
    pub fn start_maintenance(&self) -> Result<(), Error> {
        let parts = worker::Parts {
            files: self.files.clone(),
            queue: self.writer.queue().clone(),
            rebuilds: Arc::clone(&self.background.rebuilds),
            condition: Arc::clone(&self.condition),
            changes: Arc::clone(&self.changes),
        };
        let mut upkeep = self.background.upkeep.lock().unwrap_or_else(PoisonError::into_inner);
        if upkeep.is_none() {
            *upkeep =
                Some(worker::Maintenance::start(parts, Arc::clone(&self.background.wake), self.background.unclean)?);
        }
        Ok(())
    }

    /// Hands a delivery to the writer. `done` is called on the writer's thread, after the commit that holds the delivery or
    /// with the reason why there is none; it must not block. A delivery that could not be stored for a reason that is not its
    /// own ([`Error::Commit`]) waits in memory and is stored when that is possible; [`Store::condition`] tells how many do.
    /// [`QueueFull`]: there was no room for it to wait, and it is not kept.
    pub fn record(
        &self,
        delivery: Delivery,
        callback: Callback,
        place: Place,
        done: impl FnOnce(Result<Recorded, Error>) + Send + 'static,
    ) -> Result<(), QueueFull> {
        self.senders.hear(&delivery, &callback, &place);
        self.writer.queue().record(Arrival::new(delivery, callback, place), Box::new(done))
    }

    /// Records a delivery and waits for its commit.
    pub fn record_now(&self, delivery: Delivery, callback: Callback, place: Place) -> Result<Recorded, Error> {
        let arrival = Arrival::new(delivery, callback, place);
        self.write(move |databases| {
            databases.write(|connection, live| insert::record(connection, &arrival, Care::alone(live)))
        })
    }

    /// Puts back deliveries of another archive, each with as many repeats, in one transaction: all of them or none. Doing it
    /// again changes nothing.
    pub fn import_all(&self, deliveries: Vec<(Delivery, Callback, Place, u64)>) -> Result<Vec<Recorded>, Error> {
        self.write(move |databases| {
            databases.write(|connection, live| {
                deliveries
                    .iter()
                    .map(|(delivery, callback, place, repeats)| {
                        let care = Care::alone(live);
                        insert::import(connection, delivery, callback, place, *repeats, care)
                    })
                    .collect()
            })
        })
    }

    /// Moves an application's deliveries out of quarantine into the record; answers how many.
    pub fn release_app(&self, app: &str) -> Result<u64, Error> {
        let app = app.to_owned();
        self.write(move |databases| {
            databases.write(|connection, live| insert::release(connection, Some(&app), None, live))
        })
    }

    /// Moves one delivery out of quarantine into the record.
    pub fn release(&self, digest: &Digest) -> Result<bool, Error> {
        let digest = *digest;
        self.write(move |databases| {
            databases.write(|connection, live| Ok(insert::release(connection, None, Some(&digest), live)? > 0))
        })
    }

    /// Replays the archive into a new projection and puts it into use, while callbacks keep being recorded. Waits for it.
    pub fn rebuild(&self) -> Result<Rebuilt, Error> {
        self.background.rebuilds.rebuild()
    }

    /// Begins to read the archive again; [`Store::condition`] shows what would change, and nothing does until it is accepted.
    pub fn begin_review(&self) -> Result<(), Error> {
        self.background.rebuilds.begin_review()
    }

    /// Puts the newer reading that waits for a person into use; `false` when there is none.
    pub fn accept_review(&self) -> bool {
        self.background.rebuilds.accept_review()
    }

    /// Drops the newer reading that waits for a person; `false` when there is none.
    pub fn decline_review(&self) -> Result<bool, Error> {
        self.background.rebuilds.decline_review()
    }

    /// Brings everything that another archive holds into the record: a backup, or a copy of a damaged file. Nothing that is in
    /// the record is lost by it, and doing it again changes nothing. Whoever compares revisions must ask for everything anew.
    pub fn restore(&self, from: &Path) -> Result<Saved, Error> {
        let saved = merge::with(from, self.writer.queue(), &|| self.background.wake.is_stopped());
        self.changes.begin_epoch();
        saved
    }

    /// [`Store::restore`] from one of the rolling [`backups`]; `None` when there is none of this name.
    pub fn restore_backup(&self, name: &str) -> Result<Option<Saved>, Error> {
        backup::file(self.folder(), name).map(|file| self.restore(&file)).transpose()
    }

    /// Makes a rolling backup now.
    pub fn back_up(&self) -> Result<Option<Backup>, Error> {
        backup::roll(&self.files, &|| self.background.wake.is_stopped())
    }

    /// Notes that a person has read about an archive that was put aside; `false` when there is none of this name.
    pub fn mark_as_seen(&self, name: &str) -> Result<bool, Error> {
        let found = corrupt::change(self.folder(), name, |note| note.seen = true)?;
        self.changes.notify();
        Ok(found)
    }

    /// Ends what goes on in the background, and backups and restores that somebody asked for: the process wants to end.
    pub fn cancel_background_work(&self) {
        self.background.wake.stop();
    }

    /// How the record is doing.
    pub fn condition(&self) -> condition::State {
        self.condition.state()
    }

    /// By how many milliseconds this computer's clock seems to be ahead at `now_ms` (behind: negative), when the senders of the
    /// last deliveries about different calls and rooms agree that it is wrong.
    pub fn clock_off_ms(&self, now_ms: i64) -> Option<i64> {
        self.senders.clock_off_ms(now_ms)
    }

    /// Runs a query on a read-only connection. Blocks: call it where blocking is allowed.
    pub fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        self.backlog.catch_up(lag::PATIENCE);
        let opened = self.opened.load(Ordering::Acquire);
        let idle = {
            let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.opened != opened {
                *idle = Idle { opened, readers: Vec::new() };
            }
            idle.readers.pop()
        };
        let reader = match idle {
            Some(reader) => reader,
            None => self.reader()?,
        };
        let answer = reader.in_snapshot(query);
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.opened == opened && idle.readers.len() < READERS {
            idle.readers.push(reader);
        }
        answer
    }

    /// [`Store::read`] for a question that its asker may give up.
    pub fn read_interruptible<T>(
        &self,
        question: &Interrupt,
        query: impl FnOnce(&Reader) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.read(|reader| question.answer(reader, query))
    }

    fn reader(&self) -> Result<Reader, Error> {
        match Reader::of(&self.files) {
            Err(Error::Exchanged(_)) => {
                // The writer may not have seen it yet. Before its next piece of work it sees to it.
                let seen = self.write(Databases::vouch);
                tracing::debug!(?seen, "a name of the record leads elsewhere");
                self.write(|_| Ok(()))?;
                Reader::of(&self.files)
            }
            opened => opened,
        }
    }

    /// What is to be done when the record's folder or a file of it went away or was exchanged, before anything is answered
    /// again: whatever must lie beside the record is put back. Called on the writer's thread; said once.
    pub fn put_back_by(&self, put_back: impl Fn() -> Result<(), Error> + Send + Sync + 'static) {
        if self.put_back.set(Box::new(put_back)).is_err() {
            tracing::error!("it was said before what must lie beside the record");
        }
    }

    /// [`Error::Rebuilding`] while a walk over all rows would miss some; waits a while for what is only a moment behind.
    pub fn require_complete(&self) -> Result<(), Error> {
        self.backlog.catch_up(lag::LONG_PATIENCE);
        self.read(Reader::require_complete)
    }

    /// Grows with each commit that changed something.
    pub fn revision(&self) -> u64 {
        self.changes.revision()
    }

    /// Names this opening of the record; revisions of different epochs cannot be compared.
    pub fn epoch(&self) -> String {
        self.changes.epoch()
    }

    /// Calls `notify` with the new revision after each commit, on the writer's thread; it must not block.
    pub fn on_change(&self, notify: impl Fn(u64) + Send + Sync + 'static) {
        self.changes.listen(Box::new(notify));
    }

    /// Says that something which is shown beside the record has changed, so that whoever waits for news asks again.
    pub fn announce(&self) {
        self.changes.notify();
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Finishes what is queued, folds the WAL back into the file and gives the record free.
    pub fn close(self) -> Result<(), Error> {
        drop((self.readers, self.background));
        self.writer.close()
    }

    /// Runs a piece of work on the writer's thread.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Databases) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.queue().run(work).map_err(|error| with_holder(error, &self.files))
    }
}

/// Says whose lock it is, where one was in the way.
fn with_holder(error: Error, files: &Files) -> Error {
    if error.is_lock() {
        Error::Locked { folder: files.folder().to_owned(), locked: lock_holder::look(files) }
    } else {
        error
    }
}
