//! The archive as the writer holds it, and which projection is in use.
//!
//! The writer writes the archive alone. What follows from it is written by the projector, in the file that the archive's `meta`
//! names; the projection is never ahead of the archive, because it follows from what is committed there.

mod names;
mod projections;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::store::error::Error;
use crate::store::files::identity::Identity;
use crate::store::files::lock::Lock;
use crate::store::files::paths::{self, Files};
use crate::store::files::{archive_file, corrupt, wal};
use crate::store::lag::{CLOSING_PATIENCE, Lag};
use crate::store::options::Options;
use crate::store::writer::checkpoint::{Checkpointer, Log, Mode};
pub(crate) use names::PutBack;
pub(crate) use projections::{Candidate, InUse, Plan};

/// What only the writer's thread touches.
pub(crate) struct Databases {
    files: Files,
    options: Options,
    /// The archive's log.
    log: Log,
    /// Checkpoints it beside the answers. It ends before the connection is closed.
    checkpointer: Option<Checkpointer>,
    connection: Connection,
    /// The disk failed in between: everything is opened anew before the next transaction.
    poisoned: bool,
    /// Grows when readers must open anew.
    opened: Arc<AtomicU64>,
    /// What is archived and not yet applied to the projection in use.
    lag: Arc<Lag>,
    /// Which projections are to follow, where that has changed and nobody has been told yet.
    plan: Option<Plan>,
    /// The copy that waits to take the place of an archive whose name was taken from it.
    again: Option<Identity>,
    /// Another archive is in use than before, and nobody has been told yet.
    is_another: bool,
    put_back: Arc<OnceLock<PutBack>>,
    /// The right to write. The last: it ends when nothing is written any more.
    lock: Option<Lock>,
}

impl Databases {
    /// Opens the archive and chooses its projection.
    pub(crate) fn open(files: Files, options: Options) -> Result<Self, Error> {
        let connection = archive_file::open_writer(&files, &options)?;
        // A log that another process left may hold commits that are in the system's memory and not on the disk.
        let log = Log::default();
        log.checkpoint(&connection, Mode::Truncate)?;
        let (opened, lag) = (Arc::default(), Arc::default());
        let mut databases = Self {
            files,
            options,
            log,
            checkpointer: None,
            connection,
            poisoned: false,
            opened,
            lag,
            plan: None,
            again: None,
            is_another: false,
            put_back: Arc::default(),
            lock: None,
        };
        // Nobody waits for an answer yet.
        databases.connection.busy_timeout(paths::READING)?;
        databases.choose()?;
        databases.connection.busy_timeout(paths::WRITING)?;
        Ok(databases)
    }

    /// The right to write is kept as long as the files are open.
    pub(crate) fn holds(&mut self, lock: Lock) {
        self.lock = Some(lock);
    }

    /// Where to say what must be put back beside an archive that is written again.
    pub(crate) fn put_back(&self) -> Arc<OnceLock<PutBack>> {
        Arc::clone(&self.put_back)
    }

    /// Which projections are to follow from now on, once after that has changed.
    pub(crate) fn take_plan(&mut self) -> Option<Plan> {
        self.plan.take()
    }

    /// True once after another archive has come into use: a new one, or the same one written again.
    pub(crate) fn take_another(&mut self) -> bool {
        std::mem::take(&mut self.is_another)
    }

    /// [`Databases::open`]; an archive that is damaged is put aside, and a new one is begun.
    pub(crate) fn open_or_set_aside(files: Files, options: Options) -> Result<Self, Error> {
        let why = match files.were_emptied() {
            Some(why) => why.to_owned(),
            None => match Self::open(files.clone(), options.clone()) {
                Err(error) if error.is_damage() => error.to_string(),
                opened => return opened,
            },
        };
        tracing::error!(why, "the record is damaged; it is put aside, and a new one is begun");
        // What could be opened so far is closed again.
        files.held().forget_all();
        let new = archive_file::begin(&files, &options)?;
        corrupt::set_aside(&files, &why, Some(&new))?;
        files.projections().into_iter().for_each(|number| files.remove_projection(number));
        Self::open(files, options)
    }

    /// Grows when the projection in use has become another file, or the archive has.
    pub(crate) fn opened(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.opened)
    }

    /// How often other files have come into use since the start.
    pub(crate) fn times_opened(&self) -> u64 {
        self.opened.load(Ordering::Acquire)
    }

    /// What is archived and not yet applied.
    pub(crate) fn lag(&self) -> &Arc<Lag> {
        &self.lag
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn answers_early(&self) -> bool {
        self.options.answers_early()
    }

    /// Fails as damage does when the archive has lost its tables, or they are not as they were made: SQLite itself only says that it
    /// knows none of this name.
    pub(crate) fn has_its_schema(&self) -> Result<(), Error> {
        archive_file::has_schema(&self.connection)
    }

    /// True when it is not known what reached the disk: everything must be opened anew.
    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// A transaction failed: before the next one everything is opened anew.
    pub(crate) fn poison(&mut self) {
        self.poisoned = true;
    }

    /// Begins a transaction of the writer. It waits for a lock as long as a sender waits for its answer: a program that looks
    /// into the record, and has locked it for a moment, costs nobody anything.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>, rusqlite::Error> {
        self.connection.busy_timeout(paths::ANSWERING)?;
        let begun = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate);
        self.connection.busy_timeout(paths::WRITING)?;
        begun
    }

    /// Runs a piece of work in a transaction of its own.
    pub(crate) fn write<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let written = self.begin().map_err(Error::from).and_then(|transaction| {
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        });
        let written = written.and_then(|answer| self.vouch().map(|()| answer));
        // The archive may have it all the same.
        self.poisoned |= written.as_ref().is_err_and(|error| error.is_of_disk() && !error.is_lock());
        self.lag.grow(1);
        written
    }

    /// Opens everything again, after the disk failed: what SQLite holds in memory is not believed any more.
    pub(crate) fn reopen(&mut self) -> Result<(), Error> {
        self.poisoned = true;
        if let Some(loss) = self.loss() {
            return self.write_again(loss);
        }
        self.keep_lock()?;
        self.checkpointer = None;
        if self.archive_is_settled()? {
            // A connection of nowhere stands in for the old one, which must be closed before the file is opened again.
            self.connection = Connection::open_in_memory()?;
            self.files.held().forget_all();
            self.connection = archive_file::open_writer(&self.files, &self.options)?;
        }
        self.choose()?;
        self.poisoned = false;
        self.readers_must_open_anew();
        Ok(())
    }

    /// Checkpoints the archive's log as far as the old connection knows it to be committed. After a sync that failed, the log
    /// may hold a commit that can be read but never reaches the disk. A new connection would take it for good, and whatever
    /// it commits behind it would be lost with it in a power cut. `false`: somebody reads; the old connection goes on, and
    /// writes over it.
    fn archive_is_settled(&self) -> Result<bool, Error> {
        self.log.checkpoint(&self.connection, Mode::Truncate)
    }

    /// Puts a damaged archive aside, with what SQLite keeps beside it, and begins a new one. Where its name leads elsewhere nothing
    /// is put aside: what is there is another's, and what is open would be let go.
    pub(crate) fn set_aside(&mut self, why: &str) -> Result<(), Error> {
        self.vouch()?;
        self.set_aside_in_any_case(why)
    }

    fn set_aside_in_any_case(&mut self, why: &str) -> Result<(), Error> {
        tracing::error!(why, "the record is damaged; it is put aside, and a new one is begun");
        let new = archive_file::begin(&self.files, &self.options)?;
        // Whatever fails from here on: what is open is opened anew.
        self.poisoned = true;
        self.lag.have_archive_closed(CLOSING_PATIENCE);
        self.checkpointer = None;
        self.connection = Connection::open_in_memory()?;
        self.files.held().forget_all();
        corrupt::set_aside(&self.files, why, Some(&new))?;
        self.is_another = true;
        self.log.begin();
        self.remove_others(&[]);
        self.reopen()
    }

    fn readers_must_open_anew(&self) {
        self.opened.fetch_add(1, Ordering::AcqRel);
    }

    /// Has a log that has grown long checkpointed beside the answers, and finishes what is left of it.
    pub(crate) fn checkpoint_long_log(&mut self) -> Result<(), Error> {
        let pages = wal::pages(&self.connection)?;
        let is_nearly_done = self.checkpointer.as_ref().is_some_and(Checkpointer::is_nearly_done);
        if is_nearly_done || pages >= self.options.longest_log() {
            self.log.checkpoint(&self.connection, Mode::Passive)?;
        } else if pages > self.options.long_log() {
            let checkpointer = match self.checkpointer.take() {
                Some(checkpointer) => checkpointer,
                None => Checkpointer::start(&self.files, self.log.clone())?,
            };
            checkpointer.ask();
            self.checkpointer = Some(checkpointer);
        }
        Ok(())
    }

    /// Checkpoints the whole log.
    pub(crate) fn settle(&self) -> Result<(), Error> {
        self.log.checkpoint(&self.connection, Mode::Truncate)?;
        Ok(())
    }

    /// Closes the archive.
    pub(crate) fn close(mut self) -> Result<(), Error> {
        if self.loss().is_some() {
            // What nobody could find again is written once more before it is let go.
            self.reopen()?;
        }
        self.checkpointer = None;
        let settled = self.settle();
        if self.log.stays() {
            self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        }
        settled?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}
