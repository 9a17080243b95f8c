//! What is kept: the archive of deliveries, and the projection that follows from it.
//!
//! One thread writes ([`Store::record`]); everybody else reads through read-only connections ([`Reader`]). The way of a
//! delivery: `writer` (group commit) -> `intake` -> `archive` (as received) -> `projection` (what follows) -> `fold` (the
//! rules). `calls`, `rooms` and `deliveries` are the questions, `replay` is rebuilding and verifying.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::callback::Callback;

mod archive;
mod calls;
mod changes;
mod crowd;
mod deliveries;
pub mod delivery;
mod error;
pub mod filter;
mod fold;
mod health;
mod intake;
mod list;
mod lives;
mod lock;
mod occupancy;
mod projection;
mod question;
mod reader;
mod replay;
mod rooms;
pub mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod text;
mod writer;

use changes::Changes;
use delivery::{Delivery, Digest, Place, Recorded};
pub use error::{Error, QueueFull};
pub use health::{Health, health};
pub use lock::{held_by, is_held};
use projection::Care;
pub use question::Question;
pub use reader::{FileCheck, Flow, Overview, Reader};
pub use replay::{Rebuilt, Verified, verify};

/// Idle read-only connections that are kept.
const READERS: usize = 8;

/// The record of one data folder, open for writing.
pub struct Store {
    folder: PathBuf,
    writer: writer::Writer,
    changes: Arc<Changes>,
    readers: Mutex<Vec<Reader>>,
    // Dropped last: the right to write ends when nothing writes any more.
    _lock: lock::Lock,
}

impl Store {
    /// Opens the record of a folder, making it where there is none. `holder` names this process to others, such as
    /// `calltrail serve`. Fails with [`Error::Held`] while another process has it open for writing.
    pub fn open(folder: &Path, holder: &str) -> Result<Self, Error> {
        schema::make_folder(folder)?;
        let lock = lock::Lock::take(folder, holder)?;
        let (mut connection, outdated) = schema::open_writer(folder)?;
        if outdated {
            replay::rebuild(&mut connection)?;
        }
        let changes = Arc::new(Changes::new());
        let writer = writer::Writer::start(connection, Arc::clone(&changes))?;
        Ok(Self { folder: folder.to_owned(), writer, changes, readers: Mutex::new(Vec::new()), _lock: lock })
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
        self.writer.record(delivery, callback, place, Box::new(done))
    }

    /// Records a delivery and waits for its commit.
    pub fn record_now(&self, delivery: Delivery, callback: Callback, place: Place) -> Result<Recorded, Error> {
        self.write(move |connection| intake::record(connection, &delivery, &callback, &place, Care::Guarded))
    }

    /// Puts back deliveries of another archive, each with as many repeats, in one transaction: all of them or none. Doing it
    /// again changes nothing.
    pub fn import_all(&self, deliveries: Vec<(Delivery, Callback, Place, u64)>) -> Result<Vec<Recorded>, Error> {
        self.write(move |connection| {
            deliveries
                .iter()
                .map(|(delivery, callback, place, repeats)| {
                    intake::import(connection, delivery, callback, place, *repeats)
                })
                .collect()
        })
    }

    /// Moves an application's deliveries out of quarantine into the record; answers how many.
    pub fn release_app(&self, app: &str) -> Result<u64, Error> {
        let app = app.to_owned();
        self.write(move |connection| intake::release(connection, Some(&app), None))
    }

    /// Moves one delivery out of quarantine into the record.
    pub fn release(&self, digest: &Digest) -> Result<bool, Error> {
        let digest = *digest;
        self.write(move |connection| Ok(intake::release(connection, None, Some(&digest))? > 0))
    }

    /// Drops what is derived and replays the archive.
    pub fn rebuild(&self) -> Result<Rebuilt, Error> {
        self.writer.run(replay::rebuild)
    }

    /// Runs a query on a read-only connection. Blocks: call it where blocking is allowed.
    pub fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&self.folder)?,
        };
        let answer = query(&reader);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(reader);
        }
        answer
    }

    /// Grows with each commit that changed something.
    pub fn revision(&self) -> u64 {
        self.changes.revision()
    }

    /// Names this opening of the record; revisions of different epochs cannot be compared.
    pub fn epoch(&self) -> &str {
        self.changes.epoch()
    }

    /// Calls `notify` with the new revision after each commit, on the writer's thread; it must not block.
    pub fn on_change(&self, notify: impl Fn(u64) + Send + Sync + 'static) {
        self.changes.listen(Box::new(notify));
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Finishes what is queued, folds the WAL back into the file and gives the record free.
    pub fn close(self) -> Result<(), Error> {
        // Readers go first: an open one would keep the WAL from being folded back.
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer.close()
    }

    /// Runs a piece of work in a transaction of its own on the writer's thread.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.run(move |connection| {
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        })
    }
}
