//! Deliveries by their place in the archive, for whoever goes through it in the order of arrival. The places are those of one file:
//! they mean nothing in another archive.

use std::ops::ControlFlow;

use rusqlite::OptionalExtension as _;

use crate::store::archive;
use crate::store::delivery::{Delivery, Digest};
use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::filter::Filter;
use crate::store::query::reader::Reader;

/// Where an archive ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Which archive it is.
    pub archive: String,
    /// The place of its newest delivery; 0 where it has none.
    pub id: i64,
}

impl Reader {
    pub(crate) fn newest_archived(&self) -> Result<Newest, Error> {
        let archive = archive_file::identity(self.connection())?;
        let mut newest = self.connection().prepare_cached("select coalesce(max(delivery_id), 0) from delivery")?;
        Ok(Newest { archive, id: newest.query_row([], |row| row.get(0))? })
    }

    pub(crate) fn archived_after(&self, after: i64, at_most: u32) -> Result<Vec<(i64, Option<Delivery>)>, Error> {
        let mut statement = self
            .connection()
            .prepare_cached("select * from delivery where delivery_id > ?1 order by delivery_id limit ?2")?;
        let rows = statement
            .query_map((after, at_most), |row| Ok((row.get("delivery_id")?, archive::delivery_of(row).ok())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn archived_as(&self, id: i64) -> Result<Option<Delivery>, Error> {
        let mut statement = self.connection().prepare_cached("select * from delivery where delivery_id = ?1")?;
        let found = statement.query_row([id], |row| Ok(archive::delivery_of(row).ok())).optional()?;
        Ok(found.flatten())
    }

    pub(crate) fn archived(&self, digest: &Digest) -> Result<Option<(i64, Delivery)>, Error> {
        let Some(found) = archive::find(self.connection(), digest)? else { return Ok(None) };
        Ok(self.archived_as(found.id)?.map(|delivery| (found.id, delivery)))
    }

    /// See [`Store::archived_matching`](crate::store::Store::archived_matching).
    pub(crate) fn archived_matching(&self, filter: &Filter, now_ms: i64) -> Result<Vec<i64>, Error> {
        let mut ids = Vec::new();
        self.each_delivery(filter, now_ms, |row| {
            // What was fetched is no callback, and what waits in quarantine is in no archive.
            let is_callback = row.source == "callback" && !row.quarantined;
            if let Some(digest) = Digest::from_hex(&row.digest).filter(|_| is_callback) {
                ids.extend(archive::find(self.connection(), &digest)?.map(|found| found.id));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        ids.sort_unstable();
        Ok(ids)
    }
}
