//! What is kept: the archive of deliveries, and the projection that follows from it, each in a file of its own.
//!
//! One thread writes the archive ([`Store::record`]) and one what follows from it; everybody else reads through read-only
//! connections ([`Reader`]). The way of a delivery: `writer/` (group commit) -> `archive` (as received) ->
//! `maintenance/projector` -> `projection/` (what follows, by the rules in `projection/fold/`) -> `query/` (the lists).

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use crate::callback::Callback;
use crate::lock::lock;

mod archive;
mod case_fold;
mod changes;
pub mod condition;
pub mod coverage;
pub mod delivery;
pub mod entry;
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
use coverage::{Fetched, Up};
use delivery::{Delivery, Digest, Place, Received, Recorded};
use entry::{Author, Edit, Entry};
pub use error::{Error, QueueFull};
pub use files::corrupt::{AsideKind, Saved, SetAside, list as set_aside};
pub use files::health::{Health, health};
pub use files::identity::Identity;
pub use files::lock::{COMMANDS, held_by, held_since, is_held};
use files::paths::{self, Files};
use files::{corrupt, lock, lock_holder, rescue};
use filter::Filter;
pub use loss::Loss;
use maintenance::background::Parts;
pub use maintenance::backup::{Backup, backup, backup_unless, list as backups};
use maintenance::projector::Projector;
use maintenance::rebuild::Rebuilds;
pub use maintenance::rebuild::Rebuilt;
pub use maintenance::verify::{Verified, verify};
use maintenance::{backup, merge, worker};
pub use options::Options;
#[cfg(any(test, fuzzing))]
pub(crate) use projection::in_memory;
pub use query::interrupt::Interrupt;
pub use query::reader::archived::Newest;
use query::reader::pool::Pool;
pub use query::reader::{FileCheck, Flow, Overview, Reader};
use query::sender_clock::Senders;
use uuid::Uuid;
use writer::databases::{self, Databases, Plan};
use writer::edits;
use writer::insert::{self, Arrival};
use writer::queue::WriteQueue;
use writer::{retry, thread};

/// The record of one data folder, open for writing.
pub struct Store {
    parts: Parts,
    senders: Senders,
    readers: Pool,
    background: Background,
    writer: thread::Writer,
    projector: Arc<Projector>,
    put_back: Arc<OnceLock<databases::PutBack>>,
}

/// What goes on beside the writer and the projector.
struct Background {
    rebuilds: Arc<Rebuilds>,
    wake: Arc<worker::Wake>,
    maintenance: Mutex<Option<worker::Maintenance>>,
    /// The last process that wrote the record did not close it.
    unclean: bool,
}

impl Background {
    fn stop(&self) {
        let maintenance = lock(&self.maintenance).take();
        maintenance.into_iter().for_each(worker::Maintenance::stop);
        self.rebuilds.stop();
    }
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
        let capacity = retry::Capacity::new(options.waiting());
        let opened = Databases::open_or_set_aside(files.clone(), options);
        let mut databases = opened.map_err(|error| with_holder(error, &files).opening(files.archive()))?;
        databases.holds(lock);
        let (opened, lag, put_back) = (databases.opened(), Arc::clone(databases.lag()), databases.put_back());
        let (changes, condition) = (Arc::new(Changes::new()), Arc::<Condition>::default());
        let (queue, jobs) = WriteQueue::new(capacity, Arc::clone(&condition));
        let parts = Parts { files, queue, condition, changes, lag };
        let projector = Arc::new(Projector::new(parts.clone()));
        let rebuilds = Arc::new(Rebuilds::new(parts.clone()));
        let wake = Arc::<worker::Wake>::default();
        let follow = {
            let (projector, rebuilds) = (Arc::clone(&projector), Arc::clone(&rebuilds));
            move |plan: Plan| {
                projector.follow(plan.in_use);
                plan.candidate.into_iter().for_each(|candidate| rebuilds.start(candidate));
            }
        };
        databases.take_plan().into_iter().for_each(&follow);
        let another = {
            let (changes, wake) = (Arc::clone(&parts.changes), Arc::clone(&wake));
            move || {
                changes.begin_epoch();
                wake.notify();
            }
        };
        let Parts { queue, changes, condition, lag, .. } = parts.clone();
        let (follow, another) = (Box::new(follow), Box::new(another));
        let writer = thread::Writer::start(databases, (queue, jobs), changes, condition, follow, another)
            .inspect_err(|_| projector.stop())?;
        // A little is there in a moment; whoever asks first need not find it missing.
        lag.catch_up(lag::LONG_PATIENCE);
        let background = Background { rebuilds, wake, maintenance: Mutex::default(), unclean };
        let (readers, senders) = (Pool::new(opened), Senders::default());
        Ok(Self { parts, senders, readers, background, writer, projector, put_back })
    }

    /// Starts what is done in the background for a record that is kept open: checking it after an unclean stop, saving what a
    /// damaged archive held, and rolling backups.
    pub fn start_maintenance(&self) -> Result<(), Error> {
        let Background { maintenance, wake, unclean, .. } = &self.background;
        let mut maintenance = lock(maintenance);
        if maintenance.is_none() {
            *maintenance = Some(worker::Maintenance::start(self.parts.clone(), Arc::clone(wake), *unclean)?);
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
        self.parts.queue.record(Arrival::new(delivery, callback, place), Box::new(done))
    }

    /// Records a delivery and waits for its commit.
    pub fn record_now(&self, delivery: Delivery, callback: Callback, place: Place) -> Result<Recorded, Error> {
        let arrival = Arrival::new(delivery, callback, place);
        self.write(move |databases| databases.write(|connection| insert::record(connection, &arrival)))
    }

    /// Takes what another record received, in one transaction: all of it or nothing. Doing it again changes nothing, because a
    /// receipt is known by its digest, moment and query; [`Store::record`] would count it as another one.
    pub fn absorb(&self, received: Vec<Received>) -> Result<Vec<Recorded>, Error> {
        self.write(move |databases| {
            databases.write(|connection| received.iter().map(|one| insert::absorb(connection, one)).collect())
        })
    }

    /// Adds records that were fetched, in one transaction. What the archive has writes nothing, not even a receipt: it was asked
    /// for again, and not sent again.
    pub fn add_fetched(&self, fetched: Vec<(Delivery, Callback)>) -> Result<Vec<Recorded>, Error> {
        let arrival = |(delivery, callback)| Arrival::new(delivery, callback, Place::Archive);
        let arrivals: Vec<Arrival> = fetched.into_iter().map(arrival).collect();
        self.write(move |databases| {
            databases.write(|connection| arrivals.iter().map(|one| insert::add_fetched(connection, one)).collect())
        })
    }

    /// Writes what a person adds; answers the entries that were written, after their commit. What holds already is not written
    /// again. Nothing is written where one of them cannot be. Many are written in several transactions, so that callbacks that
    /// come meanwhile are answered in time; where one of these fails, what was written before it is taken back.
    pub fn edit(&self, author: &Author, at_ms: i64, edits: &[Edit]) -> Result<Vec<Entry>, Error> {
        edits.iter().try_for_each(Edit::check)?;
        let mut written = Vec::new();
        match self.write_in_parts(edits.chunks(edits::TOGETHER), author, at_ms, edits::write, &mut written) {
            Ok(()) => Ok(written),
            Err(error) => {
                self.take_back(author, at_ms, &written);
                Err(error)
            }
        }
    }

    /// Whoever is told that nothing was written has no ids by which it could be undone.
    fn take_back(&self, author: &Author, at_ms: i64, written: &[Entry]) {
        let ids: Vec<Uuid> = written.iter().map(|entry| entry.id).collect();
        if let Err(error) = self.undo(author, at_ms, &ids) {
            let written = ids.len();
            tracing::error!(%error, written, at_ms, "edits were written in part, and could not all be taken back; the histories have them");
        }
    }

    /// Writes what held before these entries, as new ones: of those that stand. What somebody has written over since stays as it is,
    /// unless that was undone. Of many, those that were undone stay so where it fails in between; doing it again undoes the others.
    pub fn undo(&self, author: &Author, at_ms: i64, ids: &[Uuid]) -> Result<Vec<Entry>, Error> {
        let mut written = Vec::new();
        // The last ones first: of two edits of one field, the second has the first to go back to.
        self.write_in_parts(ids.rchunks(edits::TOGETHER), author, at_ms, edits::undo, &mut written)?;
        Ok(written)
    }

    /// Adds to what was `written` after each part.
    fn write_in_parts<'a, T: Clone + Send + 'static>(
        &self,
        parts: impl Iterator<Item = &'a [T]>,
        author: &Author,
        at_ms: i64,
        write: edits::Write<T>,
        written: &mut Vec<Entry>,
    ) -> Result<(), Error> {
        for part in parts {
            let (author, part) = (author.clone(), part.to_vec());
            written.extend(
                self.write(move |databases| databases.write(|connection| write(connection, &author, at_ms, &part)))?,
            );
        }
        Ok(())
    }

    /// Takes entries that were written elsewhere, in one transaction; answers how many were new. Doing it again changes nothing.
    pub fn absorb_entries(&self, entries: Vec<Entry>) -> Result<u64, Error> {
        self.write(move |databases| databases.write(|connection| edits::absorb(connection, &entries)))
    }

    /// Writes down when callbacks could be taken, in one transaction. A period that is known already becomes as long as the longer
    /// of the two; none becomes shorter.
    pub fn put_up(&self, periods: Vec<Up>) -> Result<(), Error> {
        self.write(move |databases| {
            databases.write(|connection| periods.iter().try_for_each(|up| archive::coverage::put_up(connection, up)))
        })
    }

    /// Writes down which periods Tencent's records were read for, in one transaction. Doing it again changes nothing.
    pub fn put_fetched(&self, periods: Vec<Fetched>) -> Result<(), Error> {
        self.write(move |databases| {
            databases.write(|connection| {
                periods.iter().try_for_each(|fetched| archive::coverage::put_fetched(connection, fetched))
            })
        })
    }

    /// Moves an application's deliveries out of quarantine into the record; answers how many.
    pub fn release_app(&self, app: &str) -> Result<u64, Error> {
        let app = app.to_owned();
        self.write(move |databases| databases.write(|connection| insert::release(connection, Some(&app), None)))
    }

    /// Moves one delivery out of quarantine into the record.
    pub fn release(&self, digest: &Digest) -> Result<bool, Error> {
        let digest = *digest;
        self.write(move |databases| {
            databases.write(|connection| Ok(insert::release(connection, None, Some(&digest))? > 0))
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
        let merge = || merge::with(from, &self.parts.queue, &|| self.background.wake.is_stopped());
        let mut saved = merge();
        if let Err(Error::Commit(why)) = &saved {
            tracing::warn!(why, "the record is checked before it is restored into");
            worker::check(&self.parts, &self.background.wake)?;
            saved = merge();
        }
        self.parts.changes.begin_epoch();
        saved
    }

    /// [`Store::restore`] from one of the rolling [`backups`]; `None` when there is none of this name.
    pub fn restore_backup(&self, name: &str) -> Result<Option<Saved>, Error> {
        backup::file(self.folder(), name).map(|file| self.restore(&file)).transpose()
    }

    /// Makes a rolling backup now.
    pub fn back_up(&self) -> Result<Option<Backup>, Error> {
        backup::roll(&self.parts.files, &|| self.background.wake.is_stopped())
    }

    /// Notes that a person has read about an archive that was put aside; `false` when there is none of this name.
    pub fn mark_as_seen(&self, name: &str) -> Result<bool, Error> {
        let found = corrupt::change(self.folder(), name, |note| note.seen = true)?;
        self.parts.changes.notify();
        Ok(found)
    }

    /// Ends what goes on in the background, and backups and restores that somebody asked for: the process wants to end.
    pub fn cancel_background_work(&self) {
        self.background.wake.stop();
    }

    /// How the record is doing.
    pub fn condition(&self) -> condition::State {
        self.parts.condition.state()
    }

    /// By how many milliseconds this computer's clock seems to be ahead at `now_ms` (behind: negative), when the senders of the
    /// last deliveries about different calls and rooms agree that it is wrong.
    pub fn clock_off_ms(&self, now_ms: i64) -> Option<i64> {
        self.senders.clock_off_ms(now_ms)
    }

    /// Runs a query on a read-only connection. Blocks: call it where blocking is allowed.
    pub fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        self.parts.lag.catch_up(lag::PATIENCE);
        self.lend(|reader| reader.in_snapshot(query))
    }

    /// Where the archive ends now.
    pub fn newest_archived(&self) -> Result<Newest, Error> {
        self.lend(|reader| reader.newest_archived())
    }

    /// The deliveries behind a place, in the order of arrival, at most so many; `None` for one that cannot be read.
    pub fn archived_after(&self, after: i64, at_most: u32) -> Result<Vec<(i64, Option<Delivery>)>, Error> {
        self.lend(|reader| reader.archived_after(after, at_most))
    }

    /// The delivery at a place; `None` where there is none that can be read.
    pub fn archived_as(&self, id: i64) -> Result<Option<Delivery>, Error> {
        self.lend(|reader| reader.archived_as(id))
    }

    /// A delivery and its place.
    pub fn archived(&self, digest: &Digest) -> Result<Option<(i64, Delivery)>, Error> {
        self.lend(|reader| reader.archived(digest))
    }

    /// The places of the callbacks that a filter of deliveries finds at `now_ms`, in the order of arrival.
    pub fn archived_matching(&self, filter: &Filter, now_ms: i64) -> Result<Vec<i64>, Error> {
        self.read(|reader| reader.archived_matching(filter, now_ms))
    }

    /// Asks a reader that is in no snapshot yet.
    fn lend<T>(&self, ask: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        self.readers.lend(|| self.reader(), ask).inspect_err(|error| self.suspect(error))
    }

    /// Has the files checked where an error tells of damage: the writer may not come to the damaged page for long.
    fn suspect(&self, error: &Error) {
        if error.is_damage() {
            self.background.wake.suspect();
        }
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
        match Reader::of(&self.parts.files) {
            Err(Error::Exchanged(_)) => {
                // The writer may not have seen it yet. Before its next piece of work it sees to it.
                let seen = self.write(Databases::vouch);
                tracing::debug!(?seen, "a name of the record leads elsewhere");
                self.write(Databases::replace_lost)?;
                Reader::of(&self.parts.files)
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
        self.parts.lag.catch_up(lag::LONG_PATIENCE);
        self.lend(Reader::require_complete)
    }

    /// Grows with each commit that changed something.
    pub fn revision(&self) -> u64 {
        self.parts.changes.revision()
    }

    /// Names this opening of the record; revisions of different epochs cannot be compared.
    pub fn epoch(&self) -> String {
        self.parts.changes.epoch()
    }

    /// Calls `notify` with the new revision after each change, on the thread that made it (the writer, the projector, a rebuild, or
    /// whoever announces something); it must not block.
    pub fn on_change(&self, notify: impl Fn(u64) + Send + Sync + 'static) {
        self.parts.changes.listen(Box::new(notify));
    }

    /// Says that something which is shown beside the record has changed, so that whoever waits for news asks again.
    pub fn announce(&self) {
        self.parts.changes.notify();
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.parts.files.folder()
    }

    /// Finishes what is queued, checkpoints the log and gives the record free. What is archived and not applied yet is left to
    /// the next start, unless it takes only a moment.
    pub fn close(mut self) -> Result<(), Error> {
        self.end()
    }

    /// Ends everything in order, once: an open reader would keep the log from being checkpointed, whoever works in the background
    /// works through the writer, and the right to write ends with the last connection.
    fn end(&mut self) -> Result<(), Error> {
        self.projector.give_up_filling();
        self.readers.close();
        self.background.stop();
        let finished = self.writer.finish();
        self.projector.stop();
        finished?.map_or(Ok(()), Databases::close)
    }

    /// Runs a piece of work on the writer's thread.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Databases) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let written = self.parts.queue.run(work).inspect_err(|error| self.suspect(error));
        written.map_err(|error| with_holder(error, &self.parts.files))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::warn!(%error, "the record was not closed cleanly; what was acknowledged is on disk");
        }
    }
}

/// Opens a record to read all of it. A process that was stopped or killed leaves to the next start what it had archived and not
/// yet applied, and cases that were not derived; where nobody has the record open for writing, that is done first. `holder` names this process meanwhile.
pub fn open_complete(folder: &Path, holder: &str) -> Result<Reader, Error> {
    let reader = Reader::open(folder)?;
    if (reader.lag()? == 0 && reader.stale_cases()? == 0) || is_held(folder) {
        return Ok(reader);
    }
    drop(reader);
    // Where nothing can be written, it is read as it is.
    if let Ok(store) = Store::open(folder, holder) {
        // What cannot be applied is told by whoever reads.
        while matches!(store.require_complete(), Err(Error::Rebuilding { .. }))
            && store.condition().rebuild_failed.is_none()
        {
            std::thread::sleep(Duration::from_millis(100));
        }
        while store.read(Reader::stale_cases)? > 0 && store.condition().rebuild_failed.is_none() {
            std::thread::sleep(Duration::from_millis(10));
        }
        store.close()?;
    }
    Reader::open(folder)
}

/// Says whose lock it is, where one was in the way.
fn with_holder(error: Error, files: &Files) -> Error {
    if error.is_lock() {
        Error::Locked { folder: files.folder().to_owned(), locked: lock_holder::look(files) }
    } else {
        error
    }
}
