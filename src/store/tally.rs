//! How many rows of each kind fall into each quarter of an hour: counters that are kept beside the rows, so that totals, days
//! and choices of a million rows are sums of some thousand counters.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

use super::Error;

/// A quarter of an hour in milliseconds. Since 1972 every time zone is off UTC by a multiple of it, so each lies in one local
/// day, wherever that is.
pub(super) const QUARTER_MS: i64 = 900_000;
/// A day in milliseconds.
pub(super) const DAY_MS: i64 = QUARTERS * QUARTER_MS;
/// Quarters of a day.
const QUARTERS: i64 = 96;
/// Bytes of a counter.
const WIDTH: usize = 4;

/// What tells rows of a list apart: the first columns of its `_kind` index.
pub(super) type Kind = [String; 4];

/// A table whose rows are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counted {
    Call,
    Reading,
    Room,
    Stay,
}

impl Counted {
    fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Reading => "reading",
            Self::Room => "room",
            Self::Stay => "stay",
        }
    }
}

/// Rows that came and went, collected for a batch and written at its end.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<(Counted, i64, Kind), BTreeMap<usize, i64>>);

impl Tally {
    /// A row came.
    pub(super) fn add(&mut self, list: Counted, at_ms: i64, kind: [&str; 4]) {
        self.change(list, at_ms, kind, 1);
    }

    /// A row went.
    pub(super) fn take(&mut self, list: Counted, at_ms: i64, kind: [&str; 4]) {
        self.change(list, at_ms, kind, -1);
    }

    fn change(&mut self, list: Counted, at_ms: i64, kind: [&str; 4], by: i64) {
        let quarter = at_ms.div_euclid(QUARTER_MS);
        let slot = usize::try_from(quarter.rem_euclid(QUARTERS)).unwrap_or(0);
        let slots = self.0.entry((list, quarter.div_euclid(QUARTERS), kind.map(str::to_owned))).or_default();
        *slots.entry(slot).or_default() += by;
    }

    /// Writes the counters that changed, each once.
    pub(super) fn write(self, connection: &Connection) -> Result<(), Error> {
        for ((list, day, kind), slots) in self.0 {
            if slots.values().any(|by| *by != 0) {
                write_day(connection, list, day, &kind, &slots)?;
            }
        }
        Ok(())
    }
}

fn write_day(
    connection: &Connection,
    list: Counted,
    day: i64,
    kind: &Kind,
    slots: &BTreeMap<usize, i64>,
) -> Result<(), Error> {
    let key = (list.code(), day, &kind[0], &kind[1], &kind[2], &kind[3]);
    let known: Option<Vec<u8>> = connection
        .prepare_cached(
            "select quarters from tally
             where list = ?1 and day = ?2 and kind_0 = ?3 and kind_1 = ?4 and kind_2 = ?5 and kind_3 = ?6",
        )?
        .query_row(key, |row| row.get(0))
        .optional()?;
    let mut counters = known.as_deref().map_or_else(|| vec![0; 96], |bytes| counters(bytes).collect());
    for (slot, by) in slots {
        let Some(counter) = counters.get_mut(*slot) else { continue };
        // It may be below 0 for a moment: what a batch has still to write can be taken back before it is written.
        let sum = i64::from(*counter) + by;
        *counter = i32::try_from(sum).map_err(|_| Error::Content(format!("a counter of {} rows", list.code())))?;
    }
    if counters.iter().all(|counter| *counter == 0) {
        connection
            .prepare_cached(
                "delete from tally
                 where list = ?1 and day = ?2 and kind_0 = ?3 and kind_1 = ?4 and kind_2 = ?5 and kind_3 = ?6",
            )?
            .execute(key)?;
        return Ok(());
    }
    let rows: i64 = counters.iter().copied().map(i64::from).sum();
    let bytes: Vec<u8> = counters.into_iter().flat_map(i32::to_le_bytes).collect();
    connection
        .prepare_cached(
            "insert into tally (list, day, kind_0, kind_1, kind_2, kind_3, rows, quarters)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict (list, day, kind_0, kind_1, kind_2, kind_3)
             do update set rows = excluded.rows, quarters = excluded.quarters",
        )?
        .execute((key.0, key.1, key.2, key.3, key.4, key.5, rows, bytes))?;
    Ok(())
}

fn counters(bytes: &[u8]) -> impl Iterator<Item = i32> + '_ {
    bytes.chunks_exact(WIDTH).filter_map(|four| four.try_into().ok()).map(i32::from_le_bytes)
}

/// Is told of rows: their kind, the number of their quarter or day since 1970, and how many.
pub(super) type Visit<'a> = dyn FnMut([&str; 4], i64, u64) + 'a;

/// Tells the counters that are not 0 of the quarters in a range.
pub(super) fn each(
    connection: &Connection,
    list: Counted,
    quarters: &Range<i64>,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    let days = quarters.start.div_euclid(QUARTERS)..quarters.end.div_euclid(QUARTERS).saturating_add(1);
    stored(connection, list, &days, "quarters", |kind, day, column| {
        let bytes = column.as_blob().map_err(rusqlite::Error::from)?;
        let first = day.saturating_mul(QUARTERS);
        for (slot, rows) in (0..).zip(counters(bytes)) {
            match u64::try_from(rows) {
                Ok(rows) if rows > 0 && quarters.contains(&(first + slot)) => visit(kind, first + slot, rows),
                _ => {}
            }
        }
        Ok(())
    })
}

/// Tells how many rows each day has in a range of quarters. Only of the days that the range cuts are the quarters added up.
pub(super) fn each_day(
    connection: &Connection,
    list: Counted,
    quarters: &Range<i64>,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    let Range { start, end } = *quarters;
    let days = start.div_euclid(QUARTERS) + i64::from(start.rem_euclid(QUARTERS) != 0)..end.div_euclid(QUARTERS);
    let mut of_quarter = |kind: [&str; 4], quarter: i64, rows| visit(kind, quarter.div_euclid(QUARTERS), rows);
    if days.is_empty() {
        return each(connection, list, quarters, &mut of_quarter);
    }
    each(connection, list, &(start..days.start.saturating_mul(QUARTERS)), &mut of_quarter)?;
    each(connection, list, &(days.end.saturating_mul(QUARTERS)..end), &mut of_quarter)?;
    stored(connection, list, &days, "rows", |kind, day, column| {
        visit(kind, day, u64::try_from(column.as_i64().map_err(rusqlite::Error::from)?).unwrap_or(0));
        Ok(())
    })
}

/// Reads one column of the rows of some days.
fn stored(
    connection: &Connection,
    list: Counted,
    days: &Range<i64>,
    column: &str,
    mut visit: impl FnMut([&str; 4], i64, ValueRef<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(&format!(
        "select day, kind_0, kind_1, kind_2, kind_3, {column} from tally where list = ?1 and day >= ?2 and day < ?3"
    ))?;
    let mut found = statement.query((list.code(), days.start, days.end))?;
    while let Some(row) = found.next()? {
        let mut kind = [""; 4];
        for (n, part) in kind.iter_mut().enumerate() {
            *part = row.get_ref(n + 1)?.as_str().map_err(rusqlite::Error::from)?;
        }
        visit(kind, row.get(0)?, row.get_ref(5)?)?;
    }
    Ok(())
}

/// How many rows there are.
pub(super) fn total(connection: &Connection, list: Counted) -> Result<u64, Error> {
    let mut total = 0;
    each_day(connection, list, &(i64::MIN..i64::MAX), &mut |_, _, rows| total += rows)?;
    Ok(total)
}
