//! One projection in a file of its own: how it is made, how far it goes into the archive, and whether it can be used.
//!
//! Several may exist for a while: the one in use, named by the archive's `meta`, and the one that takes its place when it is
//! whole. A projection's file is not synced with every commit. It may lose its tail in a power cut, never its form, and
//! [`Position`] tells from where it must be caught up.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::files::paths::{self, Files, set};
use crate::store::files::projection_schema::{TABLES, has_schema, schema_hash};

/// The version of the parser and the folds; raised when they come to give other rows from the same deliveries.
pub(crate) const RULES: u32 = 6;
/// The name under which a projection's file is attached to a connection whose main file is the archive.
pub(crate) const ATTACHED: &str = "projection";
/// What is compared, dumped and verified, each with its natural key: the rows without the numbers, which differ between
/// projections. `doubt` has none.
pub(crate) const PROJECTED: &[(&str, &str)] = &[
    ("outcome_natural", "delivery_id"),
    ("doubt", "day, ahead, subject, digest"),
    ("call_natural", "call_id, app"),
    ("member_natural", "call_id, app, position"),
    ("room_natural", "room_id, product, room_id_type, app"),
    ("room_event_natural", "room_id, product, room_id_type, app, user, at_ms, delivery_id"),
    ("room_detail_natural", "room_id, product, room_id_type, app, register, at_ms, delivery_id"),
    ("stay_natural", "room_id, product, room_id_type, app, user, n"),
    ("contact_natural", "user"),
    ("person_natural", "user"),
    ("tagged_natural", "subject, tag"),
    ("note_natural", "id"),
    ("case_entry_natural", "subject, field"),
    ("counter_natural", "list, kind_0, kind_1, kind_2, kind_3, unit, number"),
];
/// Cases, which are compared where nobody waits for theirs: they are derived when nothing else is to be done.
pub(crate) const CASES: [&str; 2] = ["follow_up_natural", "follow_up_counter_natural"];
/// The fact in the archive's `meta` that names the projection in use.
const IN_USE: &str = "projection";

/// How far a projection goes into the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Deliveries with `low < delivery_id <= high` are in it.
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// Repeats up to this `receipt_id` have been looked at.
    pub(crate) receipts: i64,
    /// What people have added up to this `entry_no` is in it.
    pub(crate) entries: i64,
}

/// Where an archive ends: the newest of each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) delivery: i64,
    pub(crate) receipt: i64,
    pub(crate) entry: i64,
}

/// What a projection's file is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compatibility {
    /// This program would write the same.
    Current,
    /// Its tables are those of this program, but they were filled by other rules.
    OtherRules,
    /// It is missing, damaged or has other tables.
    Unusable,
}

impl Position {
    /// Reads it from the projection that unqualified names mean.
    pub(crate) fn read(connection: &Connection) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached("select low, high, receipts, entries from applied")?;
        Ok(statement.query_row([], |row| {
            Ok(Self {
                low: row.get("low")?,
                high: row.get("high")?,
                receipts: row.get("receipts")?,
                entries: row.get("entries")?,
            })
        })?)
    }

    /// Writes it down, in the transaction that applied what it tells of.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        connection.prepare_cached("update applied set low = ?1, high = ?2, receipts = ?3, entries = ?4")?.execute((
            self.low,
            self.high,
            self.receipts,
            self.entries,
        ))?;
        Ok(())
    }

    /// Where the archive ends now.
    pub(crate) fn end_of_archive(connection: &Connection) -> Result<End, Error> {
        let newest = |statement: &str| -> Result<i64, Error> {
            Ok(connection.prepare_cached(statement)?.query_row([], |row| row.get(0))?)
        };
        Ok(End {
            delivery: newest("select coalesce(max(delivery_id), 0) from delivery")?,
            receipt: newest("select coalesce(max(receipt_id), 0) from receipt")?,
            entry: newest("select coalesce(max(entry_no), 0) from entry")?,
        })
    }

    /// Nothing applied yet; deliveries that come from now on count as newer.
    pub(crate) fn nothing_of(connection: &Connection) -> Result<Self, Error> {
        let End { delivery, receipt, .. } = Self::end_of_archive(connection)?;
        Ok(Self { low: delivery, high: delivery, receipts: receipt, entries: 0 })
    }

    /// Nothing applied yet; the oldest delivery comes first.
    pub(crate) fn before_all(connection: &Connection) -> Result<Self, Error> {
        let End { receipt, .. } = Self::end_of_archive(connection)?;
        Ok(Self { low: 0, high: 0, receipts: receipt, entries: 0 })
    }

    /// True where nothing older is missing.
    pub(crate) fn is_from_the_oldest(self) -> bool {
        self.low == 0
    }

    /// How many deliveries, repeats and entries are not applied yet, at most.
    pub(crate) fn missing(self, connection: &Connection) -> Result<i64, Error> {
        Ok(self.missing_until(Self::end_of_archive(connection)?))
    }

    /// How many of those up to there are not applied yet, at most.
    pub(crate) fn missing_until(self, end: End) -> i64 {
        let later = |end: i64, applied: i64| (end - applied).max(0);
        self.low + later(end.delivery, self.high) + later(end.receipt, self.receipts) + later(end.entry, self.entries)
    }

    /// How many deliveries are not applied yet, repeats aside.
    pub(crate) fn deliveries_missing(self, connection: &Connection) -> Result<u64, Error> {
        let end = Self::end_of_archive(connection)?;
        Ok(u64::try_from(self.low + (end.delivery - self.high)).unwrap_or(0))
    }
}

/// Names the projection in use, as the archive knows it.
pub(crate) fn in_use(archive: &Connection) -> Result<Option<u64>, Error> {
    Ok(archive_file::fact(archive, IN_USE)?.and_then(|number| number.parse().ok()))
}

/// Puts a projection into use, in the archive's transaction.
pub(crate) fn use_from_now_on(archive: &Connection, number: u64) -> Result<(), Error> {
    archive_file::set_fact(archive, IN_USE, &number.to_string())
}

/// A number that no projection has or had lately.
pub(crate) fn next_number(files: &Files, archive: &Connection) -> Result<u64, Error> {
    let newest = files.projections().last().copied().unwrap_or(0);
    Ok(newest.max(in_use(archive)?.unwrap_or(0)) + 1)
}

/// Makes an empty projection, to be filled from this position on.
pub(crate) fn create(files: &Files, number: u64, archive: &Connection, applied: Position) -> Result<(), Error> {
    let path = files.projection(number);
    let mut connection = files.connect(&path, paths::WRITING)?;
    set(&connection, "journal_mode", "WAL", "wal")?;
    set(&connection, "synchronous", "NORMAL", "1")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(TABLES)?;
    transaction.execute(
        "insert into applied (made_with, rules, archive, low, high, receipts, entries) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            schema_hash(),
            RULES,
            archive_file::identity(archive)?,
            applied.low,
            applied.high,
            applied.receipts,
            applied.entries,
        ],
    )?;
    transaction.commit()?;
    paths::make_private(&path)
}

/// Looks what a projection's file is good for. Never fails: what cannot be read is unusable, but not what another program has
/// locked for the moment.
pub(crate) fn compatibility(files: &Files, number: u64, archive: &Connection) -> Compatibility {
    let path = files.projection(number);
    if !path.exists() {
        return Compatibility::Unusable;
    }
    look(files, &path, archive).unwrap_or_else(|error| {
        if error.is_lock() {
            return Compatibility::Current;
        }
        tracing::info!(number, %error, "a projection cannot be used; it is made anew from the archive");
        Compatibility::Unusable
    })
}

fn look(files: &Files, path: &Path, archive: &Connection) -> Result<Compatibility, Error> {
    let connection = files.connect(path, paths::WRITING)?;
    let found = connection
        .prepare("select made_with, rules, archive, high, receipts, entries from applied")?
        .query_row([], |row| {
            let made: (String, u32, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((made, End { delivery: row.get(3)?, receipt: row.get(4)?, entry: row.get(5)? }))
        })
        .optional()?;
    let Some(((made, rules, of), applied)) = found else { return Ok(Compatibility::Unusable) };
    if made == schema_hash() {
        has_schema(&connection)?;
    }
    // A projection that is ahead belongs to an archive that was replaced by an older copy of itself.
    let end = Position::end_of_archive(archive)?;
    let is_ahead = applied.delivery > end.delivery || applied.receipt > end.receipt || applied.entry > end.entry;
    if made != schema_hash() || of != archive_file::identity(archive)? || is_ahead {
        return Ok(Compatibility::Unusable);
    }
    Ok(if rules == RULES { Compatibility::Current } else { Compatibility::OtherRules })
}

/// True when the projection that unqualified names mean was filled by other rules than this program's.
pub(crate) fn other_rules(connection: &Connection) -> Result<bool, Error> {
    let rules: u32 = connection.query_row("select rules from applied", [], |row| row.get(0))?;
    Ok(rules != RULES)
}

/// Attaches a projection to a connection that only reads. One with other tables is of no use to this program.
pub(crate) fn attach_to_read(connection: &Connection, files: &Files, number: u64) -> Result<(), Error> {
    files.attach_read_only(connection, &files.projection(number), ATTACHED)?;
    let made: String = connection.query_row("select made_with from projection.applied", [], |row| row.get(0))?;
    if made == schema_hash() { Ok(()) } else { Err(Error::Outdated) }
}

/// How far a projection goes.
pub(crate) fn position(files: &Files, number: u64) -> Result<Position, Error> {
    Position::read(&files.connect_existing(&files.projection(number), paths::WRITING)?)
}

/// Opens a projection for filling it, with the archive beside it to read from.
pub(crate) fn open_to_fill(files: &Files, number: u64) -> Result<Connection, Error> {
    let connection = files.connect_existing(&files.projection(number), paths::READING)?;
    set(&connection, "journal_mode", "WAL", "wal")?;
    set(&connection, "synchronous", "NORMAL", "1")?;
    set(&connection, "secure_delete", "ON", "1")?;
    checkpoint_every(&connection, PAGES_IN_LOG)?;
    // Calls come with random ids, so a transaction changes pages all over the tables: what does not fit is written twice.
    set(&connection, "cache_size", "-131072", "-131072")?;
    files.attach(&connection, &files.archive(), "archive")?;
    Ok(connection)
}

/// What was opened to be filled is whole and only followed with from now on: it has the usual cache, because what this process
/// takes in a flood is bounded.
pub(crate) fn bound_cache(projection: &Connection) -> Result<(), Error> {
    set(projection, "cache_size", "-65536", "-65536")
}

/// How long the log of a projection may become, in pages. What is in it is synced at once, and the disk has no time for the archive's
/// answers meanwhile: 32 MB of it kept them waiting for 80 ms.
const PAGES_IN_LOG: u32 = 1_024;
/// The same for a projection that is filled at once, which is faster with a longer one.
pub(crate) const PAGES_IN_LONG_LOG: u32 = 2_048;

/// Sets how long the log may become.
pub(crate) fn checkpoint_every(projection: &Connection, pages: u32) -> Result<(), Error> {
    set(projection, "wal_autocheckpoint", &pages.to_string(), &pages.to_string())
}

/// Archive and projection in one temporary file, both empty.
#[cfg(test)]
pub(crate) fn scratch() -> Result<Connection, Error> {
    let connection = archive_file::scratch()?;
    connection.execute_batch(TABLES)?;
    Ok(connection)
}

/// An empty projection in a file that only SQLite knows of and that is gone when it is closed, with the archive beside it to read
/// from: for replaying into when a projection is verified.
pub(crate) fn scratch_beside(files: &Files) -> Result<Connection, Error> {
    let connection = Connection::open("")?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.execute_batch(TABLES)?;
    connection.busy_timeout(paths::READING)?;
    files.attach_read_only(&connection, &files.archive(), "archive")?;
    Ok(connection)
}
