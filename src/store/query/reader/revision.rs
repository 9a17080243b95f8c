//! Which state of the record a reader sees, and the snapshot for whatever reads several lists of one state.

use crate::store::error::Error;
use crate::store::files::projection_file::{End, Position};
use crate::store::projection::stale;
use crate::store::query::reader::Reader;

/// A state of the record: everything that came up to there. Two readings of one record at the same revision see the same deliveries,
/// repeats and entries. Numbers of different records cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The number of the newest delivery in the archive; 0 before the first.
    pub delivery: i64,
    /// That of the newest repeat.
    pub repeat: i64,
    /// That of the newest entry that somebody has added.
    pub entry: i64,
}

impl Reader {
    /// Which state it sees, within a snapshot; outside of one, which state there is.
    pub fn revision(&self) -> Result<Revision, Error> {
        let End { delivery, receipt, entry } = Position::end_of_archive(self.connection())?;
        Ok(Revision { delivery, repeat: receipt, entry })
    }

    /// Runs queries that all see one state of the record, in which everything that came is in the lists and nobody's cases are still
    /// to be worked out. [`Error::Rebuilding`] where that does not come about.
    pub(crate) fn in_settled_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        self.in_snapshot_without(|reader| Ok(reader.lag()? + stale::count(reader.connection())?), query)
    }
}
