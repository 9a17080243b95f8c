//! The write-ahead log of a database that is open: how long it is, and whether somebody cut it.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::files::sidecars::with_sidecars;

/// The sizes of a log's parts, in bytes (sqlite.org/fileformat2.html, section 4.1).
const HEADER_BYTES: u64 = 32;
const FRAME_HEADER_BYTES: u64 = 24;

/// How many pages the log has of the database that `connection` has opened.
pub(crate) fn pages(connection: &Connection) -> Result<i64, Error> {
    let mut statement = connection.prepare_cached("pragma main.wal_checkpoint(noop)")?;
    Ok(statement.query_row([], |row| row.get("log"))?)
}

/// Fails as damage does where the log of a database is shorter than what was committed to it: SQLite only makes it so after a
/// checkpoint, so somebody cut it. Asked before a commit, which would be written behind the hole and could never be read again;
/// afterwards the file is as long as ever.
pub(crate) fn is_whole(connection: &Connection, database: &Path) -> Result<(), Error> {
    let pages = u64::try_from(pages(connection)?).unwrap_or(0);
    if pages == 0 {
        return Ok(());
    }
    let page_bytes: u32 = connection.prepare_cached("pragma main.page_size")?.query_row([], |row| row.get(0))?;
    let log = with_sidecars(database).nth(1).unwrap_or_default();
    let length = fs::metadata(&log).map_err(Error::io(&log))?.len();
    if length < HEADER_BYTES + pages * (FRAME_HEADER_BYTES + u64::from(page_bytes)) {
        return Err(Error::damage("the write-ahead log was cut while it was in use"));
    }
    Ok(())
}
