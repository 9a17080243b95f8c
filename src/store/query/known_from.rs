//! How many calls are known from where. A call's source follows from all that tells of it (`projection/fold/call.rs`), so a call
//! of which callbacks and a fetched record tell is one that the record confirms.
//!
//! No index has the source: the calls of the period are read: a quarter of a second of work for a million of them.
//! Beside the counters that count the list, an index would cost every call that arrives.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::coverage::KnownFrom;
use crate::store::error::Error;
use crate::store::projection::counters::QUARTER_MS;
use crate::store::projection::numbers;

/// Of the calls that began in [`from_ms`, `to_ms`), by the beginning of each quarter of an hour, Unix milliseconds; of one
/// application, where one is named.
pub(crate) fn by_quarter(
    connection: &Connection,
    (from_ms, to_ms): (i64, i64),
    app: Option<&str>,
) -> Result<BTreeMap<i64, KnownFrom>, Error> {
    let both = numbers::word_no(connection, "both")?;
    let backfill = numbers::word_no(connection, "backfill")?;
    // Counted here: SQLite would sort all of them first, a million in 66 MB.
    let mut statement = connection.prepare_cached(
        "select started_ms / ?3 * ?3, source_no from call where started_ms >= ?1 and started_ms < ?2
             and (?4 is null or app_no = (select word_no from word where word = ?4))",
    )?;
    let mut rows = statement.query((from_ms, to_ms, QUARTER_MS, app))?;
    let mut found = BTreeMap::<i64, KnownFrom>::new();
    while let Some(row) = rows.next()? {
        let known = found.entry(row.get(0)?).or_default();
        let source: Option<i64> = row.get(1)?;
        let calls = match source {
            Some(_) if source == both => &mut known.both,
            Some(_) if source == backfill => &mut known.records,
            _ => &mut known.callbacks,
        };
        *calls += 1;
    }
    Ok(found)
}

/// When the first call began, Unix milliseconds; none where there is no call.
pub(crate) fn first(connection: &Connection) -> Result<Option<i64>, Error> {
    Ok(connection.query_row("select min(started_ms) from call", [], |row| row.get(0))?)
}
