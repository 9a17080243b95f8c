//! Reading the record: read-only connections that never hold up the writer. What can be asked is in `lists`, `figures` and `overview`.

pub(crate) mod archived;
mod coverage;
mod figures;
mod lists;
mod overview;
pub(crate) mod pool;
mod revision;

use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, InterruptHandle};

use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::files::projection_file::{self, Position};
use crate::store::lag;
use crate::store::projection::dump;
pub use overview::Overview;

/// A read-only view of the record. One query at a time; lists and details see what was committed when they began.
pub struct Reader {
    connection: Connection,
    /// Whether a snapshot is under way that misses nothing of what was answered before it was asked for.
    is_complete: Cell<bool>,
}

/// What `verify` found out about the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCheck {
    /// SQLite's own words; `ok` alone when the file is sound.
    pub integrity: Vec<String>,
    /// References that lead nowhere.
    pub dangling: u64,
}

/// A projection that has not come nearer to the archive for so long is not waited for; a batch of a slow machine takes less.
const STANDSTILL: Duration = Duration::from_secs(2);

/// Called with each row of a walk; `Break` ends it.
pub type Flow = Result<ControlFlow<()>, Error>;

impl Reader {
    /// Opens the record of a data folder beside whoever writes it.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::of(&Files::of(folder, None))
    }

    pub(crate) fn of(files: &Files) -> Result<Self, Error> {
        let mut tries = 0;
        loop {
            let connection = archive_file::open_reader(files)?;
            let number = projection_file::in_use(&connection)?.ok_or(Error::Outdated)?;
            match projection_file::attach_to_read(&connection, files, number) {
                Ok(()) => return Ok(Self { connection, is_complete: Cell::new(false) }),
                // Another one was put into use between the two lines above.
                Err(Error::Sqlite(_) | Error::NotReadable { .. }) if tries < 3 => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Runs a query that sees archive and projection as they are at one moment. The projection is looked at first: it is never
    /// ahead of the archive, so whatever it tells of can be found there.
    pub(crate) fn in_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        if !self.connection.is_autocommit() {
            return query(self);
        }
        let _ends_when_dropped = self.connection.unchecked_transaction()?;
        Position::read(&self.connection)?;
        query(self)
    }

    /// [`Reader::in_snapshot`] for what must not miss anything that was answered before it was asked; what comes meanwhile may be
    /// in it or not. [`Error::Rebuilding`] while the projection has not come so far. Within a snapshot, where nothing comes any
    /// more, it cannot wait.
    pub(crate) fn in_complete_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.is_complete.get() {
            return query(self);
        }
        let asked = Position::end_of_archive(&self.connection)?;
        let missing = |reader: &Self| {
            let missing = Position::read(&reader.connection)?.missing_until(asked);
            Ok(u64::try_from(missing).unwrap_or(0))
        };
        self.in_snapshot_without(missing, query)
    }

    /// [`Reader::in_snapshot`] for what compares the projection with the archive: neither has what the other has not.
    pub(crate) fn in_whole_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        self.in_snapshot_without(Self::lag, query)
    }

    /// Waits for a snapshot in which nothing is `missing`, as long as the projection comes nearer.
    pub(super) fn in_snapshot_without<T>(
        &self,
        missing: impl Fn(&Self) -> Result<u64, Error>,
        query: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (mut least, mut since) = (u64::MAX, Instant::now());
        while self.connection.is_autocommit() {
            let missing = self.in_snapshot(&missing)?;
            if missing < least {
                (least, since) = (missing, Instant::now());
            }
            // One that is filled from the beginning takes longer than anybody waits.
            if missing == 0 || missing > lag::WAITED_FOR_MAX || since.elapsed() > STANDSTILL {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.in_snapshot(|reader| match missing(reader)? {
            0 => query(reader),
            missing => Err(Error::Rebuilding { missing }),
        })
    }

    /// [`Error::Rebuilding`] while a walk over all rows would miss some.
    pub fn require_complete(&self) -> Result<(), Error> {
        self.in_complete_snapshot(|_| Ok(()))
    }

    /// How many deliveries and repeats of the archive the projection has not come to; 0 when it is whole.
    pub fn lag(&self) -> Result<u64, Error> {
        let missing = Position::read(&self.connection)?.missing(&self.connection)?;
        Ok(u64::try_from(missing).unwrap_or(0))
    }

    /// Breaks off, from any thread, whatever this reader is busy with.
    pub(crate) fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// A query without an end of its own.
    #[cfg(test)]
    pub(crate) fn never_ends(&self) -> Result<i64, Error> {
        let sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
    /// SQLite's full integrity check, and the foreign keys. [`health`](crate::store::health()) has the quick one.
    pub fn check_file(&self) -> Result<FileCheck, Error> {
        let integrity = self
            .connection
            .prepare("pragma integrity_check(20)")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        let mut dangling = 0;
        let mut statement = self.connection.prepare("pragma foreign_key_check")?;
        let mut found = statement.query([])?;
        while found.next()?.is_some() {
            dangling += 1;
        }
        Ok(FileCheck { integrity, dangling })
    }

    /// SQLite's check of one of the two files, indexes included: an entry that is missing there hides a row. `None` when it is
    /// sound.
    pub(crate) fn check(&self, schema: &str) -> Result<Option<String>, Error> {
        let verdict: String =
            self.connection.query_row(&format!("pragma {schema}.integrity_check(1)"), [], |row| row.get(0))?;
        Ok(Some(verdict).filter(|verdict| verdict != "ok"))
    }

    /// True when no delivery has come yet.
    pub(crate) fn holds_nothing(&self) -> Result<bool, Error> {
        Ok(!self.connection.prepare("select 1 from delivery union all select 1 from quarantine")?.exists([])?)
    }

    /// The projection as text, row by row in key order: the same deliveries give the same text.
    pub fn dump(&self) -> Result<String, Error> {
        dump::dump(&self.connection)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}
