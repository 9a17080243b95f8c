//! What is kept: the archive of deliveries, and the projection that follows from it, each in a file of its own.
//!
//! One thread writes ([`Store::record`]); everybody else reads through read-only connections ([`Reader`]). The way of a
//! delivery: `writer` (group commit) -> `book` (both files) -> `intake` -> `archive` (as received) -> `projection` (what
//! follows) -> `fold` (the rules). `calls`, `rooms` and `deliveries` are the questions. `follow` brings a projection up to the
//! archive, `rebuild` fills another one beside it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::callback::Callback;

mod archive;
mod backlog;
mod backup;
mod book;
mod calls;
mod changes;
pub mod condition;
mod crowd;
mod damage;
mod deliveries;
pub mod delivery;
mod difference;
mod error;
mod facets;
mod files;
pub mod filter;
mod fold;
#[cfg(any(test, fuzzing))]
pub(crate) mod folded;
mod folding;
mod follow;
mod generation;
mod health;
mod intake;
mod list;
mod lives;
mod lock;
mod occupancy;
mod options;
mod pages;
mod projection;
mod question;
mod reader;
mod rebuild;
mod rooms;
pub mod rows;
mod schema;
mod search;
mod tally;
#[cfg(test)]
mod tests;
mod text;
mod union;
mod upkeep;
mod verify;
mod writer;

use backlog::Backlog;
pub use backup::{Backup, backup, backup_unless, list as backups};
use book::Book;
use changes::Changes;
use condition::Condition;
pub use damage::{Saved, SetAside, list as set_aside};
use delivery::{Delivery, Digest, Place, Recorded};
pub use error::{Error, QueueFull};
use files::Files;
pub use health::{Health, health};
use intake::Arrival;
pub use lock::{held_by, is_held};
pub use options::Options;
use projection::Care;
pub use question::Question;
pub use reader::{FileCheck, Flow, Overview, Reader};
use rebuild::Rebuilds;
pub use rebuild::Rebuilt;
pub use verify::{Verified, verify};

/// Idle read-only connections that are kept.
const READERS: usize = 8;

/// The record of one data folder, open for writing.
pub struct Store {
    files: Files,
    changes: Arc<Changes>,
    condition: Arc<Condition>,
    /// Grows when readers must open anew, because another file is in use.
    opened: Arc<AtomicU64>,
    backlog: Arc<Backlog>,
    // From here on in the order in which they end: an open reader would keep the WAL from being folded back, and whoever
    // works in the background works through the writer.
    readers: Mutex<Idle>,
    background: Background,
    writer: writer::Writer,
    // The last: the right to write ends when nothing writes any more.
    _lock: lock::Lock,
}

/// What goes on beside the writer; it ends when dropped.
struct Background {
    rebuilds: Arc<Rebuilds>,
    bell: Arc<upkeep::Bell>,
    upkeep: Mutex<Option<upkeep::Upkeep>>,
    /// The last process that wrote the record did not close it.
    unclean: bool,
}

impl Drop for Background {
    fn drop(&mut self) {
        let upkeep = self.upkeep.lock().unwrap_or_else(PoisonError::into_inner).take();
        upkeep.into_iter().for_each(upkeep::Upkeep::stop);
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
        files::make_folder(folder)?;
        let lock = lock::Lock::take(folder, &options.holder)?;
        let files = Files::of(folder, options.vfs.as_deref());
        damage::finish_moving(&files)?;
        let unclean = files.were_left_open();
        let opened = Book::open_or_set_aside(files.clone(), options);
        let (book, wanted) = opened.map_err(|error| error.opening(files.archive()))?;
        let (changes, condition) = (Arc::new(Changes::new()), Arc::<Condition>::default());
        let (opened, backlog, bell) = (book.opened(), book.backlog(), Arc::<upkeep::Bell>::default());
        let rebuilds = Arc::new(Rebuilds::new(files.clone(), Arc::clone(&condition), Arc::clone(&changes)));
        let after_damage = {
            let (changes, bell) = (Arc::clone(&changes), Arc::clone(&bell));
            Box::new(move || {
                changes.begin_epoch();
                bell.ring();
            })
        };
        let (told, shared) = (Arc::clone(&changes), Arc::clone(&condition));
        let writer = writer::Writer::start(book, told, shared, Arc::clone(&rebuilds), after_damage)?;
        rebuilds.work_with(writer.desk().clone());
        wanted.into_iter().for_each(|wanted| rebuilds.start(wanted));
        let background = Background { rebuilds, bell, upkeep: Mutex::default(), unclean };
        let readers = Mutex::default();
        Ok(Self { files, changes, condition, opened, backlog, readers, background, writer, _lock: lock })
    }

    /// Starts what is done in the background for a record that is kept open: checking it after an unclean stop, saving what a
    /// damaged archive held, and rolling backups.
    pub fn keep_up(&self) -> Result<(), Error> {
        let parts = upkeep::Parts {
            files: self.files.clone(),
            desk: self.writer.desk().clone(),
            rebuilds: Arc::clone(&self.background.rebuilds),
            condition: Arc::clone(&self.condition),
            changes: Arc::clone(&self.changes),
        };
        let mut upkeep = self.background.upkeep.lock().unwrap_or_else(PoisonError::into_inner);
        if upkeep.is_none() {
            *upkeep = Some(upkeep::Upkeep::start(parts, Arc::clone(&self.background.bell), self.background.unclean)?);
        }
        Ok(())
    }

    /// Hands a delivery to the writer. `done` is called on the writer's thread, after the commit that holds the delivery or
    /// with the reason why there is none; it must not block.
    pub fn record(
        &self,
        delivery: Delivery,
        callback: Callback,
        place: Place,
        done: impl FnOnce(Result<Recorded, Error>) + Send + 'static,
    ) -> Result<(), QueueFull> {
        self.writer.desk().record(Arrival::new(delivery, callback, place), Box::new(done))
    }

    /// Records a delivery and waits for its commit.
    pub fn record_now(&self, delivery: Delivery, callback: Callback, place: Place) -> Result<Recorded, Error> {
        let arrival = Arrival::new(delivery, callback, place);
        self.write(move |book| book.write(|connection, live| intake::record(connection, &arrival, Care::alone(live))))
    }

    /// Puts back deliveries of another archive, each with as many repeats, in one transaction: all of them or none. Doing it
    /// again changes nothing.
    pub fn import_all(&self, deliveries: Vec<(Delivery, Callback, Place, u64)>) -> Result<Vec<Recorded>, Error> {
        self.write(move |book| {
            book.write(|connection, live| {
                deliveries
                    .iter()
                    .map(|(delivery, callback, place, repeats)| {
                        let care = Care::alone(live);
                        intake::import(connection, delivery, callback, place, *repeats, care)
                    })
                    .collect()
            })
        })
    }

    /// Moves an application's deliveries out of quarantine into the record; answers how many.
    pub fn release_app(&self, app: &str) -> Result<u64, Error> {
        let app = app.to_owned();
        self.write(move |book| book.write(|connection, live| intake::release(connection, Some(&app), None, live)))
    }

    /// Moves one delivery out of quarantine into the record.
    pub fn release(&self, digest: &Digest) -> Result<bool, Error> {
        let digest = *digest;
        self.write(move |book| {
            book.write(|connection, live| Ok(intake::release(connection, None, Some(&digest), live)? > 0))
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
        let saved = union::with(from, self.writer.desk(), &|| self.background.bell.is_stopped());
        self.changes.begin_epoch();
        saved
    }

    /// [`Store::restore`] from one of the rolling [`backups`]; `None` when there is none of this name.
    pub fn restore_backup(&self, name: &str) -> Result<Option<Saved>, Error> {
        backup::file(self.folder(), name).map(|file| self.restore(&file)).transpose()
    }

    /// Makes a rolling backup now.
    pub fn back_up(&self) -> Result<Option<Backup>, Error> {
        backup::roll(&self.files, &|| self.background.bell.is_stopped())
    }

    /// Notes that a person has read about an archive that was put aside; `false` when there is none of this name.
    pub fn mark_as_seen(&self, name: &str) -> Result<bool, Error> {
        let found = damage::change(self.folder(), name, |note| note.seen = true)?;
        self.changes.notify();
        Ok(found)
    }

    /// Ends what goes on in the background, and backups and restores that somebody asked for: the process wants to end.
    pub fn wind_down(&self) {
        self.background.bell.stop();
    }

    /// How the record is doing.
    pub fn condition(&self) -> condition::State {
        self.condition.state()
    }

    /// Runs a query on a read-only connection. Blocks: call it where blocking is allowed.
    pub fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        self.backlog.catch_up(backlog::PATIENCE);
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
            None => Reader::of(&self.files)?,
        };
        let answer = reader.at_one_moment(query);
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.opened == opened && idle.readers.len() < READERS {
            idle.readers.push(reader);
        }
        answer
    }

    /// [`Error::Rebuilding`] while a walk over all rows would miss some; waits a while for what is only a moment behind.
    pub fn must_be_whole(&self) -> Result<(), Error> {
        self.backlog.catch_up(backlog::LONG_PATIENCE);
        self.read(Reader::must_be_whole)
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
        work: impl FnOnce(&mut Book) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.desk().run(work)
    }
}
