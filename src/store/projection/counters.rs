//! How many rows of each kind fall into each quarter of an hour: counters that are kept beside the rows, so that totals, days
//! and choices of a million rows are sums of some thousand counters.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::store::error::Error;

/// A quarter of an hour in milliseconds. Since 1972 every time zone is off UTC by a multiple of it, so each lies in one local
/// day, wherever that is.
pub(crate) const QUARTER_MS: i64 = 900_000;
/// Quarters of a day.
const QUARTERS: i64 = 96;
/// Quarters of a span of 32 days.
const SPAN: i64 = 32 * QUARTERS;
/// Bytes of a counter.
const WIDTH: usize = 4;

/// What tells rows of a list apart: the first columns of its `_kind` index.
pub(crate) type Kind = [String; 4];

/// A table whose rows are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counted {
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
pub(crate) struct Counters(BTreeMap<(Counted, i64, Kind), BTreeMap<usize, i64>>);

impl Counters {
    /// A row came.
    pub(crate) fn add(&mut self, list: Counted, at_ms: i64, kind: [&str; 4]) {
        self.change(list, at_ms, kind, 1);
    }

    /// A row went.
    pub(crate) fn take(&mut self, list: Counted, at_ms: i64, kind: [&str; 4]) {
        self.change(list, at_ms, kind, -1);
    }

    fn change(&mut self, list: Counted, at_ms: i64, kind: [&str; 4], by: i64) {
        let quarter = at_ms.div_euclid(QUARTER_MS);
        let slot = usize::try_from(quarter.rem_euclid(QUARTERS)).unwrap_or(0);
        let slots = self.0.entry((list, quarter.div_euclid(QUARTERS), kind.map(str::to_owned))).or_default();
        *slots.entry(slot).or_default() += by;
    }

    /// Writes the counters that changed, each once.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        let mut spans: BTreeMap<(Counted, i64, Kind), i64> = BTreeMap::new();
        for ((list, day, kind), slots) in self.0 {
            if slots.values().any(|by| *by != 0) {
                write_day(connection, list, day, &kind, &slots)?;
                let span = (day * QUARTERS).div_euclid(SPAN);
                *spans.entry((list, span, kind)).or_default() += slots.values().sum::<i64>();
            }
        }
        for ((list, span, kind), by) in spans {
            if by != 0 {
                write_span(connection, list, span, &kind, by)?;
            }
        }
        Ok(())
    }
}

fn write_span(connection: &Connection, list: Counted, span: i64, kind: &Kind, by: i64) -> Result<(), Error> {
    let key = (list.code(), span, &kind[0], &kind[1], &kind[2], &kind[3]);
    let rows: i64 = connection
        .prepare_cached(
            "insert into tally_span (list, span, kind_0, kind_1, kind_2, kind_3, rows) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict (list, span, kind_0, kind_1, kind_2, kind_3) do update set rows = rows + excluded.rows
             returning rows",
        )?
        .query_row((key.0, key.1, key.2, key.3, key.4, key.5, by), |row| row.get(0))?;
    if rows == 0 {
        connection
            .prepare_cached(
                "delete from tally_span
                 where list = ?1 and span = ?2 and kind_0 = ?3 and kind_1 = ?4 and kind_2 = ?5 and kind_3 = ?6",
            )?
            .execute(key)?;
    }
    Ok(())
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

/// How finely rows are counted. Units have numbers, counted since 1970.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// Of an hour.
    Quarter,
    /// Of UTC.
    Day,
    /// 32 days.
    Span,
}

impl Unit {
    fn quarters(self) -> i64 {
        match self {
            Self::Quarter => 1,
            Self::Day => QUARTERS,
            Self::Span => SPAN,
        }
    }

    /// How long it is, in milliseconds.
    pub(crate) fn ms(self) -> i64 {
        self.quarters() * QUARTER_MS
    }

    /// When the unit of a number is over.
    pub(crate) fn end_of(self, number: i64) -> i64 {
        number.saturating_add(1).saturating_mul(self.ms())
    }
}

/// Is told of rows: their kind, the number of their unit, and how many.
pub(crate) type Visit<'a> = dyn FnMut([&str; 4], i64, u64) + 'a;

/// Tells how many rows each unit has in a range of quarters. Only of the units that the range cuts are finer ones added up.
pub(crate) fn each(
    connection: &Connection,
    list: Counted,
    unit: Unit,
    quarters: &Range<i64>,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    let (finer, column) = match unit {
        Unit::Quarter => return each_quarter(connection, list, quarters, visit),
        Unit::Day => (Unit::Quarter, ("tally", "day", "rows")),
        Unit::Span => (Unit::Day, ("tally_span", "span", "rows")),
    };
    let (whole, cut) = split(quarters, unit.quarters());
    for part in cut {
        each(connection, list, finer, &part, &mut |kind, number, rows| {
            visit(kind, (number * finer.quarters()).div_euclid(unit.quarters()), rows);
        })?;
    }
    stored(connection, list, column, &whole, |kind, number, rows| {
        visit(kind, number, u64::try_from(rows.as_i64().map_err(rusqlite::Error::from)?).unwrap_or(0));
        Ok(())
    })
}

/// Tells the counters that are not 0.
fn each_quarter(
    connection: &Connection,
    list: Counted,
    quarters: &Range<i64>,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    if quarters.is_empty() {
        // The day that it lies in would be read for nothing.
        return Ok(());
    }
    let days = quarters.start.div_euclid(QUARTERS)..quarters.end.div_euclid(QUARTERS).saturating_add(1);
    stored(connection, list, ("tally", "day", "quarters"), &days, |kind, day, column| {
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

/// The units of so many quarters that lie in a range as a whole, and what is left of it before and after them.
fn split(quarters: &Range<i64>, of: i64) -> (Range<i64>, [Range<i64>; 2]) {
    let Range { start, end } = *quarters;
    let first = start.div_euclid(of) + i64::from(start.rem_euclid(of) != 0);
    let last = end.div_euclid(of);
    if first >= last {
        return (first..first, [start..end, end..end]);
    }
    (first..last, [start..first.saturating_mul(of), last.saturating_mul(of)..end])
}

/// Reads one column of the rows of some units.
fn stored(
    connection: &Connection,
    list: Counted,
    (table, unit, column): (&str, &str, &str),
    units: &Range<i64>,
    mut visit: impl FnMut([&str; 4], i64, ValueRef<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if units.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(&format!(
        "select {unit}, kind_0, kind_1, kind_2, kind_3, {column} from {table}
         where list = ?1 and {unit} >= ?2 and {unit} < ?3"
    ))?;
    let mut found = statement.query((list.code(), units.start, units.end))?;
    while let Some(row) = found.next()? {
        visit(kind_of(row, 1)?, row.get(0)?, row.get_ref(5)?)?;
    }
    Ok(())
}

/// The four columns of a row, from one on, that tell kinds apart.
pub(crate) fn kind_of<'a>(row: &'a Row<'_>, first: usize) -> Result<[&'a str; 4], Error> {
    let mut kind = [""; 4];
    for (n, part) in kind.iter_mut().enumerate() {
        *part = row.get_ref(first + n)?.as_str().map_err(rusqlite::Error::from)?;
    }
    Ok(kind)
}

/// How many rows there are.
pub(crate) fn total(connection: &Connection, list: Counted) -> Result<u64, Error> {
    let mut total = 0;
    each(connection, list, Unit::Span, &(i64::MIN..i64::MAX), &mut |_, _, rows| total += rows)?;
    Ok(total)
}
