//! How many rows of each kind fall into each quarter of an hour: counters that are kept beside the rows, so that totals, days
//! and choices of a million rows are sums of some thousand counters.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::projection::numbers::{self, Listed};

/// A quarter of an hour in milliseconds. Since 1972 every time zone is off UTC by a multiple of it, so each lies in one local
/// day, wherever that is.
pub(crate) const QUARTER_MS: i64 = 900_000;
/// Quarters of a day.
const QUARTERS: i64 = 96;
/// Quarters of a span of 32 days.
const SPAN: i64 = 32 * QUARTERS;

/// How finely rows are counted. Units have numbers, counted since 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    /// Of an hour.
    Quarter,
    /// Of UTC.
    Day,
    /// 32 days.
    Span,
}

impl Unit {
    const ALL: [Self; 3] = [Self::Quarter, Self::Day, Self::Span];

    fn code(self) -> i64 {
        match self {
            Self::Quarter => 0,
            Self::Day => 1,
            Self::Span => 2,
        }
    }

    fn quarters(self) -> i64 {
        match self {
            Self::Quarter => 1,
            Self::Day => QUARTERS,
            Self::Span => SPAN,
        }
    }

    fn finer(self) -> Option<Self> {
        match self {
            Self::Quarter => None,
            Self::Day => Some(Self::Quarter),
            Self::Span => Some(Self::Day),
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

/// Rows that came and went, by kind and quarter, collected for a batch and written at its end.
#[derive(Default)]
pub(crate) struct Counters(BTreeMap<(i64, i64), i64>);

impl Counters {
    /// A row came.
    pub(crate) fn add(&mut self, kind_no: i64, at_ms: i64) {
        *self.0.entry((kind_no, at_ms.div_euclid(QUARTER_MS))).or_default() += 1;
    }

    /// A row went.
    pub(crate) fn take(&mut self, kind_no: i64, at_ms: i64) {
        *self.0.entry((kind_no, at_ms.div_euclid(QUARTER_MS))).or_default() -= 1;
    }

    /// Writes the counters that changed, each once.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        let mut changes: BTreeMap<(i64, Unit, i64), i64> = BTreeMap::new();
        for ((kind_no, quarter), by) in self.0 {
            for unit in Unit::ALL {
                *changes.entry((kind_no, unit, quarter.div_euclid(unit.quarters()))).or_default() += by;
            }
        }
        for ((kind_no, unit, number), by) in changes.into_iter().filter(|(_, by)| *by != 0) {
            // It may be below 0 for a moment: what a batch has still to write can be taken back before it is written.
            let rows: i64 = connection
                .prepare_cached(
                    "insert into counter (kind_no, unit, number, rows) values (?1, ?2, ?3, ?4)
                     on conflict (kind_no, unit, number) do update set rows = rows + excluded.rows returning rows",
                )?
                .query_row((kind_no, unit.code(), number, by), |row| row.get(0))?;
            if rows == 0 {
                connection
                    .prepare_cached("delete from counter where kind_no = ?1 and unit = ?2 and number = ?3")?
                    .execute((kind_no, unit.code(), number))?;
            }
        }
        Ok(())
    }
}

/// Is told of rows: their kind, the number of their unit, and how many.
pub(crate) type Visit<'a> = dyn FnMut(i64, i64, u64) + 'a;

/// Tells how many rows of some kinds each unit has in a range of quarters. Only of the units that the range cuts are finer ones
/// added up.
pub(crate) fn each(
    connection: &Connection,
    kinds: &[i64],
    unit: Unit,
    quarters: &Range<i64>,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    let (whole, cut) = split(quarters, unit.quarters());
    for part in cut.into_iter().filter(|part| !part.is_empty()) {
        if let Some(finer) = unit.finer() {
            each(connection, kinds, finer, &part, &mut |kind_no, number, rows| {
                visit(kind_no, (number * finer.quarters()).div_euclid(unit.quarters()), rows);
            })?;
        }
    }
    if whole.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(
        "select number, rows from counter where kind_no = ?1 and unit = ?2 and number >= ?3 and number < ?4",
    )?;
    for kind_no in kinds {
        let mut found = statement.query((kind_no, unit.code(), whole.start, whole.end))?;
        while let Some(row) = found.next()? {
            visit(*kind_no, row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
        }
    }
    Ok(())
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

/// How many rows a list has.
pub(crate) fn total(connection: &Connection, list: Listed) -> Result<u64, Error> {
    let kinds: Vec<i64> = numbers::kinds(connection, list, |_| true)?.into_iter().map(|(kind_no, _)| kind_no).collect();
    let mut total = 0;
    each(connection, &kinds, Unit::Span, &(i64::MIN..i64::MAX), &mut |_, _, rows| total += rows)?;
    Ok(total)
}
