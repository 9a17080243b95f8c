//! How many rows of each kind fall into each quarter of an hour: counters that are kept beside the rows, so that totals, days
//! and choices of a million rows are sums of some thousand counters.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::{Connection, OptionalExtension as _};

use super::Error;

/// A quarter of an hour in milliseconds. Since 1972 every time zone is off UTC by a multiple of it, so each lies in one local
/// day, wherever that is.
pub(super) const QUARTER_MS: i64 = 900_000;
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
    let bytes: Vec<u8> = counters.into_iter().flat_map(i32::to_le_bytes).collect();
    connection
        .prepare_cached(
            "insert into tally (list, day, kind_0, kind_1, kind_2, kind_3, quarters) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict (list, day, kind_0, kind_1, kind_2, kind_3) do update set quarters = excluded.quarters",
        )?
        .execute((key.0, key.1, key.2, key.3, key.4, key.5, bytes))?;
    Ok(())
}

fn counters(bytes: &[u8]) -> impl Iterator<Item = i32> + '_ {
    bytes.chunks_exact(WIDTH).filter_map(|four| four.try_into().ok()).map(i32::from_le_bytes)
}

/// Tells the counters that are not 0 of the quarters in a range: the kind, the quarter's number since 1970, and how many rows.
pub(super) fn each(
    connection: &Connection,
    list: Counted,
    quarters: &Range<i64>,
    mut visit: impl FnMut([&str; 4], i64, u64),
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "select day, kind_0, kind_1, kind_2, kind_3, quarters from tally where list = ?1 and day >= ?2 and day <= ?3",
    )?;
    let days = (quarters.start.div_euclid(QUARTERS), quarters.end.div_euclid(QUARTERS));
    let mut found = statement.query((list.code(), days.0, days.1))?;
    while let Some(row) = found.next()? {
        let mut kind = [""; 4];
        for (n, part) in kind.iter_mut().enumerate() {
            *part = row.get_ref(n + 1)?.as_str().map_err(rusqlite::Error::from)?;
        }
        let first = row.get::<_, i64>(0)?.saturating_mul(QUARTERS);
        let bytes = row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
        for (slot, rows) in (0..).zip(counters(bytes)) {
            match u64::try_from(rows) {
                Ok(0) | Err(_) => {}
                Ok(rows) if quarters.contains(&(first + slot)) => visit(kind, first + slot, rows),
                Ok(_) => {}
            }
        }
    }
    Ok(())
}

/// How many rows there are.
pub(super) fn total(connection: &Connection, list: Counted) -> Result<u64, Error> {
    let mut total = 0;
    each(connection, list, &(i64::MIN..i64::MAX), |_, _, rows| total += rows)?;
    Ok(total)
}
