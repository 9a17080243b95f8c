//! How many calls are known from where. A call's source follows from all that tells of it (`projection/fold/call.rs`), so a call
//! of which callbacks and a fetched record tell is one that the record confirms.
//!
//! No index has the source: the calls of the period are read: 0.7 s of work for a million of them, 4 ms for a day of 8,600.
//! Beside the counters that count the list, an index would cost every call that arrives.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::coverage::KnownFrom;
use crate::store::error::Error;
use crate::store::projection::counters::QUARTER_MS;

/// Of the calls that began in [`from_ms`, `to_ms`), by the beginning of each quarter of an hour, Unix milliseconds; of one
/// application, where one is named.
pub(crate) fn by_quarter(
    connection: &Connection,
    (from_ms, to_ms): (i64, i64),
    app: Option<&str>,
) -> Result<BTreeMap<i64, KnownFrom>, Error> {
    let mut statement = connection.prepare_cached(
        "select started_ms / ?3 * ?3 as quarter, (select word from word where word_no = source_no) as source, count(*)
         from call where started_ms >= ?1 and started_ms < ?2
             and (?4 is null or app_no = (select word_no from word where word = ?4))
         group by quarter, source_no",
    )?;
    let mut rows = statement.query((from_ms, to_ms, QUARTER_MS, app))?;
    let mut found = BTreeMap::<i64, KnownFrom>::new();
    while let Some(row) = rows.next()? {
        let (source, calls): (String, i64) = (row.get(1)?, row.get(2)?);
        let calls = u64::try_from(calls).unwrap_or(0);
        let known = found.entry(row.get(0)?).or_default();
        match source.as_str() {
            "both" => known.both += calls,
            "backfill" => known.records += calls,
            _ => known.callbacks += calls,
        }
    }
    Ok(found)
}

/// When the first call began, Unix milliseconds; none where there is no call.
pub(crate) fn first(connection: &Connection) -> Result<Option<i64>, Error> {
    Ok(connection.query_row("select min(started_ms) from call", [], |row| row.get(0))?)
}
