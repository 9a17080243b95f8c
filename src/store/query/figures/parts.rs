//! Which hours of a period are read packed, and what is left of it to be read row by row: its ends, and hours that are not packed.

use std::ops::Range;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::projection::hours::HOUR_MS;

/// A period in parts that have no call in common.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Hours since 1970: what is packed of them is read.
    pub(super) hours: Range<i64>,
    /// [from, to), Unix milliseconds: what is to be read row by row.
    pub(super) rows: Vec<(i64, i64)>,
}

impl Parts {
    /// Of [from, to).
    pub(super) fn of(connection: &Connection, from: i64, to: i64) -> Result<Self, Error> {
        let (first, end) =
            (from.div_euclid(HOUR_MS) + i64::from(from.rem_euclid(HOUR_MS) != 0), to.div_euclid(HOUR_MS));
        if first >= end {
            return Ok(Self { hours: 0..0, rows: vec![(from, to)] });
        }
        let mut rows = vec![(from, begin_of(first))];
        rows.extend(
            unpacked(connection, first..end)?.into_iter().map(|hours| (begin_of(hours.start), begin_of(hours.end))),
        );
        rows.push((begin_of(end), to));
        rows.retain(|(from, to)| from < to);
        Ok(Self { hours: first..end, rows })
    }
}

fn begin_of(hour: i64) -> i64 {
    hour.saturating_mul(HOUR_MS)
}

/// Ranges of hours in which none is packed, and at whose ends there are calls.
fn unpacked(connection: &Connection, within: Range<i64>) -> Result<Vec<Range<i64>>, Error> {
    let mut statement = connection.prepare_cached(
        "select hour from call_hour indexed by call_hour_unpacked where calls is null and hour >= ?1 and hour < ?2
         order by hour",
    )?;
    // Each hour with calls has a row: one between two of these that are not packed is.
    let mut between = connection.prepare_cached("select 1 from call_hour where hour > ?1 and hour < ?2")?;
    let mut found: Vec<Range<i64>> = Vec::new();
    let mut hours = statement.query([within.start, within.end])?;
    while let Some(row) = hours.next()? {
        let hour: i64 = row.get(0)?;
        match found.last_mut() {
            Some(last) if !between.exists([last.end - 1, hour])? => last.end = hour + 1,
            _ => found.push(hour..hour + 1),
        }
    }
    Ok(found)
}
