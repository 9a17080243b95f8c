//! The record as the writer holds it: the archive, and the projection in use attached to it.
//!
//! One transaction spans both files. SQLite syncs the archive's log first, so the projection is never ahead of the archive on
//! disk; where it is behind (a power cut, an error in between), it is caught up before it is written to again.

mod names;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::store::error::Error;
use crate::store::files::identity::Identity;
use crate::store::files::lock::Lock;
use crate::store::files::paths;
use crate::store::files::paths::Files;
use crate::store::files::projection_file;
use crate::store::files::projection_file::{Compatibility, Position};
use crate::store::files::{archive_file, corrupt};
use crate::store::lag::Lag;
use crate::store::loss::Loss;
use crate::store::options::Options;
use crate::store::projection::catch_up;
use crate::store::writer::checkpoint;
use crate::store::writer::checkpoint::Checkpointer;
pub(crate) use names::PutBack;

/// A filled projection may miss this much when it is put into use: senders wait while it is caught up.
const PROMOTION_LAG_MAX: i64 = 1_000;

/// What only the writer's thread touches.
pub(crate) struct Databases {
    files: Files,
    options: Options,
    /// Folds the logs back. It ends before the connection is closed or the projection is another one.
    checkpointer: Option<Checkpointer>,
    connection: Connection,
    /// The projection that is written to; none while the one in use is being filled.
    live: Option<u64>,
    /// The disk failed in between: everything is opened anew before the next transaction.
    poisoned: bool,
    /// Grows when readers must open anew.
    opened: Arc<AtomicU64>,
    /// What is archived and not yet applied to the projection that is written to.
    backlog: Arc<Lag>,
    /// The copy that waits to take the place of an archive whose name was taken from it.
    again: Option<Identity>,
    /// The archive was written again, and nobody has asked yet.
    was_written_again: bool,
    put_back: Arc<OnceLock<PutBack>>,
    /// The right to write. The last: it ends when nothing is written any more.
    lock: Option<Lock>,
}

/// A projection that must be filled before it can be used, or compared before it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The one in use misses something; it is used as soon as it is whole.
    Filling(u64),
    /// A second one, wanted while the first is in use.
    Second(u64),
    /// The one in use was filled by other rules; another is filled and shown to a person before it is used.
    Review(u64),
}

impl Wanted {
    /// The projection's number.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Filling(number) | Self::Second(number) | Self::Review(number) => number,
        }
    }
}

impl Databases {
    /// Opens the archive and, where it can be used at once, its projection. Says what is left to do.
    pub(crate) fn open(files: Files, options: Options) -> Result<(Self, Option<Wanted>), Error> {
        let connection = archive_file::open_writer(&files, &options)?;
        // A log that another process left may hold commits that are in the system's memory and not on the disk.
        connection.query_row("pragma main.wal_checkpoint(truncate)", [], |_| Ok(()))?;
        let (opened, backlog) = (Arc::default(), Arc::default());
        let mut databases = Self {
            files,
            options,
            checkpointer: None,
            connection,
            live: None,
            poisoned: false,
            opened,
            backlog,
            again: None,
            was_written_again: false,
            put_back: Arc::default(),
            lock: None,
        };
        // Nobody waits for an answer yet.
        databases.connection.busy_timeout(paths::READING)?;
        let wanted = databases.choose()?;
        databases.connection.busy_timeout(paths::WRITING)?;
        Ok((databases, wanted))
    }

    /// The right to write is kept as long as the files are open.
    pub(crate) fn holds(&mut self, lock: Lock) {
        self.lock = Some(lock);
    }

    /// Where to say what must be put back beside an archive that is written again.
    pub(crate) fn put_back(&self) -> Arc<OnceLock<PutBack>> {
        Arc::clone(&self.put_back)
    }

    /// True once after the archive was written again.
    pub(crate) fn was_written_again(&mut self) -> bool {
        std::mem::take(&mut self.was_written_again)
    }

    /// [`Databases::open`]; an archive that is damaged is put aside, and a new one is begun.
    pub(crate) fn open_or_set_aside(files: Files, options: Options) -> Result<(Self, Option<Wanted>), Error> {
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

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Grows when the projection in use has become another file, or the archive has.
    pub(crate) fn opened(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.opened)
    }

    /// How often other files have come into use since the start.
    pub(crate) fn times_opened(&self) -> u64 {
        self.opened.load(Ordering::Acquire)
    }

    /// What was archived under pressure and waits to be applied.
    pub(crate) fn backlog(&self) -> Arc<Lag> {
        Arc::clone(&self.backlog)
    }

    /// True when so many deliveries at once are only archived, and applied when it eases. Once some wait, so do those after them.
    pub(crate) fn is_under_pressure(&self, deliveries: usize) -> bool {
        self.is_live() && (self.is_behind() || self.is_pressure(deliveries))
    }

    /// True when so many at once are many.
    pub(crate) fn is_pressure(&self, deliveries: usize) -> bool {
        deliveries >= self.options.pressure()
    }

    /// True while something waits to be applied.
    pub(crate) fn is_behind(&self) -> bool {
        self.is_live() && self.backlog.waiting() > 0
    }

    /// Applies a slice of what waits.
    pub(crate) fn follow(&mut self) -> Result<(), Error> {
        self.connection.busy_timeout(paths::ANSWERING)?;
        let followed = catch_up::step(&mut self.connection, TransactionBehavior::Immediate, catch_up::SLICE);
        self.connection.busy_timeout(paths::WRITING)?;
        self.poisoned |= followed.as_ref().is_err_and(|error| error.is_of_disk() && !error.is_lock());
        match u64::try_from(followed?) {
            Ok(0) | Err(_) => self.backlog.end(),
            Ok(done) => self.backlog.shrink(done),
        }
        Ok(())
    }

    /// Applies all that waits.
    pub(crate) fn follow_up(&mut self) -> Result<(), Error> {
        while self.is_behind() {
            self.follow()?;
        }
        Ok(())
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn answers_early(&self) -> bool {
        self.options.answers_early()
    }

    /// Fails as damage does when one of the files has lost its tables: SQLite itself only says that it knows none of this name.
    pub(crate) fn has_its_tables(&self) -> Result<(), Error> {
        archive_file::has_tables(&self.connection)?;
        if self.is_live() { projection_file::has_tables(&self.connection, projection_file::ATTACHED) } else { Ok(()) }
    }

    /// True when what is archived is also applied.
    pub(crate) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// True when it is not known what reached the disk, or which projection is attached: everything must be opened anew.
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
    pub(crate) fn write<T>(&mut self, work: impl FnOnce(&Connection, bool) -> Result<T, Error>) -> Result<T, Error> {
        self.follow_up()?;
        let live = self.is_live();
        let written = self.begin().map_err(Error::from).and_then(|transaction| {
            let answer = work(&transaction, live)?;
            finish(transaction, live)?;
            Ok(answer)
        });
        let written = written.and_then(|answer| self.vouch().map(|()| answer));
        // The archive may have it, and the projection not.
        self.poisoned |= written.as_ref().is_err_and(|error| error.is_of_disk() && !error.is_lock());
        written
    }

    /// Opens everything again, after the disk failed: what SQLite holds in memory is not believed any more.
    pub(crate) fn reopen(&mut self) -> Result<Option<Wanted>, Error> {
        self.poisoned = true;
        if let Some(loss) = self.loss() {
            return self.write_again(loss);
        }
        self.keep_lock()?;
        self.checkpointer = None;
        let settled = self.archive_is_settled()?;
        if let Some(number) = self.live.take() {
            self.files.held().forget(&self.files.projection(number));
        }
        self.backlog.end();
        if settled {
            // A connection of nowhere stands in for the old one, which must be closed before the files are opened again.
            self.connection = Connection::open_in_memory()?;
            self.files.held().forget_all();
            self.connection = archive_file::open_writer(&self.files, &self.options)?;
        } else if let Err(error) = projection_file::detach(&self.connection) {
            tracing::debug!(%error, "no projection was attached");
        }
        let wanted = self.choose()?;
        self.poisoned = false;
        self.readers_must_open_anew();
        Ok(wanted)
    }

    /// Folds the archive's log back as far as the old connection knows it to be committed. After a sync that failed, the log
    /// may hold a commit that can be read but never reaches the disk. A new connection would take it for good, and whatever
    /// it commits behind it would be lost with it in a power cut. `false`: somebody reads; the old connection goes on, and
    /// writes over it.
    fn archive_is_settled(&self) -> Result<bool, Error> {
        let busy: i64 = self.connection.query_row("pragma main.wal_checkpoint(truncate)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Puts a damaged archive aside, with what SQLite keeps beside it, and begins a new one.
    pub(crate) fn set_aside(&mut self, why: &str) -> Result<Option<Wanted>, Error> {
        tracing::error!(why, "the record is damaged; it is put aside, and a new one is begun");
        let new = archive_file::begin(&self.files, &self.options)?;
        self.checkpointer = None;
        self.connection = Connection::open_in_memory()?;
        self.live = None;
        self.files.held().forget_all();
        corrupt::set_aside(&self.files, why, Some(&new))?;
        self.remove_others(&[]);
        self.reopen()
    }

    /// Puts a filled projection into use and deletes the one before it. `false`: too much has arrived meanwhile.
    pub(crate) fn promote(&mut self, number: u64) -> Result<bool, Error> {
        let adopted = self.exchange(number);
        self.poisoned |= adopted.is_err();
        if matches!(adopted, Ok(true)) {
            self.backlog.end();
            self.readers_must_open_anew();
            self.remove_others(&[number]);
        }
        adopted
    }

    fn exchange(&mut self, number: u64) -> Result<bool, Error> {
        if projection_file::standing(&self.files, number, &self.connection) != Compatibility::Current {
            // It went away, or was exchanged, while it was filled.
            let name = self.files.projection(number).file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(Error::Exchanged(Loss::Exchanged(name)));
        }
        let before = self.live;
        self.detach()?;
        self.attach(number)?;
        let adopted = self.take_over(number)?;
        if !adopted {
            self.detach()?;
            before.map_or(Ok(()), |before| self.attach(before))?;
        }
        Ok(adopted)
    }

    fn take_over(&mut self, number: u64) -> Result<bool, Error> {
        if Position::read(&self.connection)?.missing(&self.connection)? > PROMOTION_LAG_MAX {
            return Ok(false);
        }
        self.follow_to_the_end()?;
        projection_file::use_from_now_on(&self.connection, number)?;
        Ok(true)
    }

    /// Makes an empty projection that may take the place of the one in use. Any other that was being filled goes.
    pub(crate) fn create_candidate(&mut self) -> Result<u64, Error> {
        let used = projection_file::in_use(&self.connection)?;
        self.remove_others(used.as_slice());
        let number = projection_file::next_number(&self.files, &self.connection)?;
        projection_file::create(&self.files, number, &self.connection)?;
        Ok(number)
    }

    /// Makes an empty projection in the place of one that turned out to be of no use: damaged, gone or exchanged.
    pub(crate) fn recreate(&mut self, wanted: Wanted, is_damaged: bool) -> Result<Wanted, Error> {
        if !is_damaged
            && projection_file::standing(&self.files, wanted.number(), &self.connection) != Compatibility::Unusable
        {
            return Ok(wanted);
        }
        if let Wanted::Filling(_) = wanted {
            return Ok(Wanted::Filling(self.drop_projection()?));
        }
        let number = self.create_candidate()?;
        Ok(match wanted {
            Wanted::Review(_) => Wanted::Review(number),
            _ => Wanted::Second(number),
        })
    }

    /// Gives the projection in use up, because it is damaged, and archives on while a new one is filled; answers its number.
    pub(crate) fn drop_projection(&mut self) -> Result<u64, Error> {
        self.detach()?;
        self.backlog.end();
        let number = projection_file::next_number(&self.files, &self.connection)?;
        self.use_new(number)?;
        self.readers_must_open_anew();
        Ok(number)
    }

    fn use_new(&mut self, number: u64) -> Result<(), Error> {
        projection_file::create(&self.files, number, &self.connection)?;
        // The name of the file must be as durable as what the archive says of it.
        paths::sync_folder(self.files.folder())?;
        projection_file::use_from_now_on(&self.connection, number)?;
        self.remove_others(&[number]);
        Ok(())
    }

    /// Deletes a projection that is not wanted any more.
    pub(crate) fn discard(&mut self, number: u64) {
        if self.live != Some(number) {
            self.files.remove_projection(number);
        }
    }

    /// Finds the projection to use: the one that is in use, one that was being filled when the process ended, or a new one.
    fn choose(&mut self) -> Result<Option<Wanted>, Error> {
        let used = projection_file::in_use(&self.connection)?;
        let standing = used
            .map_or(Compatibility::Unusable, |number| projection_file::standing(&self.files, number, &self.connection));
        let begun = self.files.projections().into_iter().rev().find(|number| {
            Some(*number) != used
                && projection_file::standing(&self.files, *number, &self.connection) == Compatibility::Current
        });
        match (used, standing) {
            (Some(number), Compatibility::Current) => {
                let filling = self.catch_up(number)?;
                let begun = begun.filter(|_| filling.is_none());
                self.remove_others(&[Some(number), begun].into_iter().flatten().collect::<Vec<_>>());
                Ok(filling.or(begun.map(Wanted::Second)))
            }
            (Some(number), Compatibility::OtherRules) => {
                self.attach(number)?;
                self.follow_to_the_end()?;
                let begun = match begun {
                    Some(begun) => begun,
                    None => self.create_candidate()?,
                };
                Ok(Some(Wanted::Review(begun)))
            }
            _ => {
                let number = match begun {
                    Some(begun) => {
                        projection_file::use_from_now_on(&self.connection, begun)?;
                        self.remove_others(&[begun]);
                        begun
                    }
                    None => {
                        let number = projection_file::next_number(&self.files, &self.connection)?;
                        self.use_new(number)?;
                        number
                    }
                };
                self.catch_up(number)
            }
        }
    }

    /// Attaches a projection that misses little, and brings it up to the archive.
    fn catch_up(&mut self, number: u64) -> Result<Option<Wanted>, Error> {
        self.attach(number)?;
        if Position::read(&self.connection)?.missing(&self.connection)? > self.options.at_once() {
            self.detach()?;
            return Ok(Some(Wanted::Filling(number)));
        }
        self.follow_to_the_end()?;
        Ok(None)
    }

    fn follow_to_the_end(&mut self) -> Result<(), Error> {
        while catch_up::step(&mut self.connection, TransactionBehavior::Immediate, catch_up::LARGE_SLICE)? > 0 {}
        Ok(())
    }

    fn attach(&mut self, number: u64) -> Result<(), Error> {
        self.checkpointer = None;
        projection_file::attach(&self.connection, &self.files, number)?;
        self.files.held().note(&self.files.projection(number));
        self.live = Some(number);
        Ok(())
    }

    fn detach(&mut self) -> Result<(), Error> {
        self.checkpointer = None;
        if let Some(number) = self.live.take() {
            self.files.held().forget(&self.files.projection(number));
            projection_file::detach(&self.connection)?;
        }
        Ok(())
    }

    fn remove_others(&self, kept: &[u64]) {
        self.files
            .projections()
            .into_iter()
            .filter(|number| !kept.contains(number))
            .for_each(|number| self.files.remove_projection(number));
    }

    fn readers_must_open_anew(&self) {
        self.opened.fetch_add(1, Ordering::AcqRel);
    }

    /// Has logs that have grown long folded back beside the answers, and finishes what is left of it.
    pub(crate) fn checkpoint_long_logs(&mut self) -> Result<(), Error> {
        let logs = if self.is_live() { &["main", projection_file::ATTACHED][..] } else { &["main"] };
        if self.checkpointer.as_ref().is_some_and(Checkpointer::is_nearly_done) {
            logs.iter().try_for_each(|schema| checkpoint::fold(&self.connection, schema))?;
        }
        for schema in logs {
            if checkpoint::pages(&self.connection, schema)? > self.options.long_log() {
                let checkpointer = match self.checkpointer.take() {
                    Some(checkpointer) => checkpointer,
                    None => Checkpointer::start(&self.files, self.live)?,
                };
                checkpointer.ask();
                self.checkpointer = Some(checkpointer);
            }
        }
        Ok(())
    }

    /// Folds the logs back into their files.
    pub(crate) fn settle(&self) -> Result<(), Error> {
        self.connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Closes the files.
    pub(crate) fn close(mut self) -> Result<(), Error> {
        if self.loss().is_some() {
            // What nobody could find again is written once more before it is let go.
            self.reopen()?;
        }
        self.drop_lost_projection()?;
        self.checkpointer = None;
        self.settle()?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

/// Commits what the writer recorded; what is archived is also applied, if anything is.
pub(crate) fn finish(transaction: Transaction<'_>, live: bool) -> Result<(), Error> {
    if live {
        Position::all(&transaction)?;
    }
    transaction.commit()?;
    Ok(())
}
