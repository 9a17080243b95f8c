//! Which state of the record a file shows.

use crate::store::error::Error;
use crate::store::files::projection_file::Position;
use crate::store::projection::stale;
use crate::store::query::reader::Reader;

impl Reader {
    /// Runs a query in one snapshot that misses nothing of what was answered before it was asked, and tells it the revision of
    /// that snapshot: a text that is the same for as long as nothing was added to this record, and means nothing more.
    pub fn at_one_revision<T>(&self, query: impl FnOnce(&Self, String) -> Result<T, Error>) -> Result<T, Error> {
        self.in_complete_snapshot(|reader| reader.with_revision(query))
    }

    /// [`Reader::at_one_revision`] in a snapshot in which nobody's cases are still to be worked out either.
    pub fn at_one_settled_revision<T>(
        &self,
        query: impl FnOnce(&Self, String) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.in_settled_snapshot(|reader| reader.with_revision(query))
    }

    /// Runs queries that all see one state of the record, in which everything that came is in the lists and nobody's cases are still
    /// to be worked out. [`Error::Rebuilding`] where that does not come about.
    pub(crate) fn in_settled_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        self.in_snapshot_without(|reader| Ok(reader.lag()? + stale::count(&reader.connection)?), query)
    }

    fn with_revision<T>(&self, query: impl FnOnce(&Self, String) -> Result<T, Error>) -> Result<T, Error> {
        // What the query asks within this snapshot has been waited for already; more has come to the archive meanwhile, maybe.
        let was_complete = self.is_complete.replace(true);
        let result = self.revision().and_then(|revision| query(self, revision));
        self.is_complete.set(was_complete);
        result
    }

    /// Of the snapshot that is under way: whose record it is, and how many there are of whatever can be added to it.
    fn revision(&self) -> Result<String, Error> {
        let Position { low, high, receipts, entries } = Position::read(&self.connection)?;
        let (record, waiting, dropped, last, up, fetched): (String, i64, i64, i64, i64, i64) = self
            .connection
            .prepare_cached(SQL)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)))?;
        Ok(format!(
            "{record}-{}.{receipts}.{entries}.{waiting}.{dropped}.{last}.{up}.{fetched}",
            high.saturating_sub(low)
        ))
    }
}

/// The first opening of the record that wrote; what waits in the quarantine and has left it; the periods in which callbacks could
/// be taken, and those for which records were fetched.
const SQL: &str = "
    select coalesce((select lower(hex(origin)) from origin order by origin_no limit 1), '0'), rows, dropped,
           (select coalesce(max(quarantine_id), 0) from quarantine), (select count(*) from up),
           (select coalesce(max(fetched_no), 0) from fetched)
    from quarantine_size";
