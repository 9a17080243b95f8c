//! How many rows a list has: what the counters know is added up, what nobody knows is counted.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::{Connection, Row};

use crate::store::error::Error;
use crate::store::projection::counters::{self, QUARTER_MS, Unit};
use crate::store::projection::numbers;
use crate::store::query::list::{CountSource, List, Part, Shape, cursor, restriction};

impl List {
    /// How many rows there are.
    pub(crate) fn count(&self, connection: &Connection) -> Result<u64, Error> {
        Ok(self.counts(connection, &self.window, Unit::Span)?.values().sum())
    }

    /// How many rows each quarter of an hour has, by its number.
    pub(crate) fn quarters(&self, connection: &Connection) -> Result<BTreeMap<i64, u64>, Error> {
        self.counts(connection, &self.window, Unit::Quarter)
    }

    fn counts(&self, connection: &Connection, window: &Range<i64>, unit: Unit) -> Result<BTreeMap<i64, u64>, Error> {
        let mut counts = BTreeMap::new();
        let mut add = |number, rows| *counts.entry(number).or_default() += rows;
        let is_known = |part: &Part| !matches!(part.known, CountSource::No);
        let whole = whole_quarters(window);
        self.each_known(connection, &whole, unit, &mut add)?;
        self.counted(connection, window, |part| !is_known(part), unit, &mut add)?;
        for edge in edges(window, &whole) {
            self.counted(connection, &edge, is_known, unit, &mut add)?;
        }
        Ok(counts)
    }

    /// What the counters know of whole quarters.
    fn each_known(
        &self,
        connection: &Connection,
        whole: &Range<i64>,
        unit: Unit,
        add: &mut impl FnMut(i64, u64),
    ) -> Result<(), Error> {
        let mut kinds = Vec::new();
        for part in &self.parts {
            match part.known {
                CountSource::No => {}
                CountSource::All(list) => {
                    kinds.extend(numbers::kinds(connection, list, |_| true)?.into_iter().map(|(kind_no, _)| kind_no));
                }
                CountSource::Kind(kind_no) => kinds.push(kind_no),
            }
        }
        counters::each(connection, &kinds, unit, whole, &mut |_, number, rows| add(number, rows))
    }

    /// Counts the rows of some parts between two times.
    fn counted(
        &self,
        connection: &Connection,
        window: &Range<i64>,
        of: impl Fn(&Part) -> bool,
        unit: Unit,
        add: &mut impl FnMut(i64, u64),
    ) -> Result<(), Error> {
        let ms = unit.ms();
        let number = |shape: &Shape| format!("{time} / {ms} - ({time} % {ms} < 0)", time = shape.time);
        let of = |part: &Part| of(part).then_some(part.shape.bare);
        self.each_value_of(connection, window, of, number, |row| {
            add(row.get(0)?, 1);
            Ok(())
        })
    }

    /// Tells the values of some expressions for each row between two times, in no order.
    pub(crate) fn each_value(
        &self,
        connection: &Connection,
        window: &Range<i64>,
        expressions: impl Fn(&Shape) -> String,
        visit: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.each_value_of(connection, window, |part| Some(part.shape.from), expressions, visit)
    }

    /// Tells the value of an expression of the bare rows for each of them, in no order.
    pub(crate) fn each_bare_value(
        &self,
        connection: &Connection,
        expression: &str,
        visit: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.each_value_of(connection, &self.window, |part| Some(part.shape.bare), |_| expression.to_owned(), visit)
    }

    /// SQLite would sort the rows to count them in groups; adding them up here is cheaper.
    fn each_value_of(
        &self,
        connection: &Connection,
        window: &Range<i64>,
        source: impl Fn(&Part) -> Option<&'static str>,
        expressions: impl Fn(&Shape) -> String,
        mut visit: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let parts: Vec<String> = self
            .parts
            .iter()
            .filter_map(|part| Some((part, source(part)?)))
            .map(|(Part { shape, conditions, .. }, from)| {
                format!("select {} from {from}{}", expressions(shape), restriction(shape, conditions))
            })
            .collect();
        if parts.is_empty() {
            return Ok(());
        }
        let mut statement = connection.prepare_cached(&parts.join(" union all "))?;
        let places = self.places(&statement, window);
        let mut found = statement.query(places)?;
        while let Some(row) = found.next()? {
            visit(row)?;
        }
        Ok(())
    }

    /// True when the counters know rows of it.
    pub(crate) fn is_known(&self) -> bool {
        self.parts.iter().any(|part| !matches!(part.known, CountSource::No))
    }

    /// Goes to the row of a number without reading those before it: the counters say in which span, on which day and in which
    /// quarter of an hour it is, and an index where in that. `false` when there are not so many rows.
    pub(super) fn begin_at(&mut self, connection: &Connection, at: u64) -> Result<bool, Error> {
        let mut skip = at;
        if self.is_known() {
            let mut within = self.window.clone();
            for unit in [Unit::Span, Unit::Day, Unit::Quarter] {
                let counts = self.counts(connection, &within, unit)?;
                let Some(number) = holder(&counts, &mut skip) else { return Ok(false) };
                within = within.start.max(number.saturating_mul(unit.ms()))..within.end.min(unit.end_of(number));
            }
            self.window.end = within.end;
        }
        if self.parts.is_empty() {
            return Ok(false);
        }
        let Some((newest, skip)) = self.time_at(connection, skip)? else { return Ok(false) };
        self.window.end = newest.saturating_add(1);
        let mut statement =
            connection.prepare_cached(&format!("{} limit 1 offset {skip}", self.merged(|_| String::new())))?;
        let places = self.places(&statement, &self.window);
        let mut found = statement.query(places)?;
        let Some(row) = found.next()? else { return Ok(false) };
        let keys = self.keys(row)?;
        self.go_on(keys, cursor::From::Here)?;
        Ok(true)
    }

    /// The time of the row after so many, and how many rows of that time come before it: by the indexes alone.
    fn time_at(&self, connection: &Connection, mut skip: u64) -> Result<Option<(i64, u64)>, Error> {
        let parts = self.parts.iter().map(|Part { shape, conditions, .. }| {
            format!("select {} as key_0 from {}{}", shape.time, shape.bare, restriction(shape, conditions))
        });
        let all = format!("{} order by key_0 desc", parts.collect::<Vec<_>>().join(" union all "));
        let mut statement = connection.prepare_cached(&all)?;
        let places = self.places(&statement, &self.window);
        let mut found = statement.query(places)?;
        let (mut newest, mut before) = (None, 0);
        while let Some(row) = found.next()? {
            let at_ms: i64 = row.get(0)?;
            before = if newest == Some(at_ms) { before + 1 } else { 0 };
            newest = Some(at_ms);
            if skip == 0 {
                return Ok(Some((at_ms, before)));
            }
            skip -= 1;
        }
        Ok(None)
    }
}

/// The newest unit that is left when the rows of those after it are skipped; `skip` becomes what is to be skipped within it.
fn holder(counts: &BTreeMap<i64, u64>, skip: &mut u64) -> Option<i64> {
    counts.iter().rev().find_map(|(number, rows)| {
        let is_here = *skip < *rows;
        *skip -= if is_here { 0 } else { *rows };
        is_here.then_some(*number)
    })
}

/// The quarters that lie in a window of time as a whole.
pub(crate) fn whole_quarters(window: &Range<i64>) -> Range<i64> {
    let Range { start, end } = *window;
    // A window without a start or an end has no quarter that it cuts.
    let after = start.div_euclid(QUARTER_MS) + i64::from(start.rem_euclid(QUARTER_MS) != 0);
    let first = if start == i64::MIN { start } else { after };
    let last = if end == i64::MAX { end } else { end.div_euclid(QUARTER_MS) };
    first..last.max(first)
}

/// What is left of the window before and after them.
pub(crate) fn edges(window: &Range<i64>, whole: &Range<i64>) -> Vec<Range<i64>> {
    if whole.is_empty() {
        return vec![window.clone()];
    }
    let (first, last) = (whole.start.saturating_mul(QUARTER_MS), whole.end.saturating_mul(QUARTER_MS));
    [window.start..first, last..window.end].into_iter().filter(|edge| !edge.is_empty()).collect()
}
