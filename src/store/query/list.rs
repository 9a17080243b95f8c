//! One way to ask for a list: newest first, in parts that an index each keeps in order, pages by cursor or by the number of a
//! row, exact totals, and a walk over all rows for exports.

pub(crate) mod count;
pub(crate) mod cursor;
pub(crate) mod days;

use std::ops::{ControlFlow, Range};

use rusqlite::types::Value;
use rusqlite::{Connection, ParamsFromIter, Row, Statement, params_from_iter};

use crate::store::error::Error;
use crate::store::filter::PageRequest;
use crate::store::projection::numbers::Listed;
use crate::store::rows::Page;

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 1_000;
/// More kinds than this are not listed one by one: SQLite merges 500 parts at most, and many cost more than they save.
pub(crate) const KINDS_MAX: usize = 100;

/// From where rows are read, and in which order they come.
pub(crate) struct Shape {
    /// What is read, such as `call.*`.
    pub(crate) columns: &'static str,
    /// From where, such as `call` or a join. Its index is named: it keeps the order of time.
    pub(crate) from: &'static str,
    /// As much of it as the conditions and the time need: what is counted is not read.
    pub(crate) bare: &'static str,
    /// The column of time: the newest row comes first.
    pub(crate) time: &'static str,
    /// The natural key, which decides between rows of the same time, ascending. No index has it: SQLite sorts the rows of one
    /// time when it comes to them.
    pub(crate) ties: &'static [&'static str],
}

/// Who knows how many rows a part has.
pub(crate) enum CountSource {
    /// Nobody: they are counted.
    No,
    /// The counters, as those of one kind.
    Kind(i64),
    /// The counters, as all of a list.
    All(Listed),
}

/// A part of a list. The parts of a list have no row in common.
struct Part {
    shape: &'static Shape,
    conditions: Vec<String>,
    known: CountSource,
}

/// A question to the record. SQLite merges its parts, each of which comes in order, and reads no more of them than is wanted.
pub(crate) struct List {
    parts: Vec<Part>,
    /// What the places ?3 and on stand for; ?1 and ?2 are the window of time.
    values: Vec<Value>,
    /// The time is at or after its start and before its end.
    window: Range<i64>,
}

impl List {
    /// A list without rows yet, of [from, to).
    pub(crate) fn new(from: Option<i64>, to: Option<i64>) -> Self {
        Self { parts: Vec::new(), values: Vec::new(), window: from.unwrap_or(i64::MIN)..to.unwrap_or(i64::MAX) }
    }

    /// Adds rows that meet all conditions.
    pub(crate) fn part(&mut self, shape: &'static Shape, conditions: Vec<String>, known: CountSource) {
        self.parts.push(Part { shape, conditions, known });
    }

    /// Adds the rows of each of these kinds, as one range of an index each; those of which no more is asked are counted already.
    /// Too many kinds are one part, whose rows are looked at one by one.
    pub(crate) fn kinds(
        &mut self,
        (shape, all): (&'static Shape, &'static Shape),
        column: &str,
        kinds: &[i64],
        more: &[String],
    ) {
        if kinds.len() > KINDS_MAX {
            let among = self.among_numbers(column, kinds);
            return self.part(all, [among].into_iter().chain(more.iter().cloned()).collect(), CountSource::No);
        }
        for kind_no in kinds {
            let place = self.bind(*kind_no);
            let known = if more.is_empty() { CountSource::Kind(*kind_no) } else { CountSource::No };
            self.part(shape, [format!("{column} = {place}")].into_iter().chain(more.iter().cloned()).collect(), known);
        }
    }

    /// A column has one of these numbers, however many they are.
    pub(crate) fn among_numbers(&mut self, column: &str, numbers: &[i64]) -> String {
        let place = self.bind(json_of(numbers));
        format!("{column} in (select value from json_each({place}))")
    }

    /// Gives a value a place in the statement: the text is how the statement names it.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len() + 2)
    }

    /// A column has a value, where one is asked for.
    pub(crate) fn equal(&mut self, column: &str, value: Option<&str>) -> Option<String> {
        let place = self.bind(given(value)?.to_owned());
        Some(format!("{column} = {place}"))
    }

    /// An expression is one of comma-separated codes, where any are asked for.
    pub(crate) fn among(&mut self, expression: &str, codes: Option<&str>) -> Option<String> {
        let places: Vec<String> = given(codes)?.split(',').map(|code| self.bind(code.trim().to_owned())).collect();
        Some(format!("{expression} in ({})", places.join(", ")))
    }

    /// One page. Rows of one time never fall between two pages, because the cursor names the last row exactly.
    pub(crate) fn page<T>(
        mut self,
        connection: &Connection,
        request: &PageRequest,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Page<T>, Error> {
        let total = request.total.unwrap_or(false).then(|| self.count(connection)).transpose()?;
        let limit = request.limit();
        let is_there = match (given(request.cursor.as_deref()), request.at) {
            (Some(cursor), _) => self.after(cursor).map(|()| true)?,
            (None, Some(at)) if at > 0 => self.begin_at(connection, at)?,
            _ => true,
        };
        let (mut rows, mut last, mut next) = (Vec::new(), None, None);
        if self.parts.is_empty() || !is_there {
            return Ok(Page { rows, next, total });
        }
        let mut statement = connection.prepare_cached(&format!("{} limit {}", self.rows(), limit + 1))?;
        let places = self.places(&statement, &self.window);
        let mut found = statement.query(places)?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        while let Some(row) = found.next()? {
            if rows.len() == wanted {
                next = last;
                break;
            }
            rows.push(read(row)?);
            last = Some(self.cursor(row)?);
        }
        Ok(Page { rows, next, total })
    }

    /// The time is at or after its start and before its end.
    pub(crate) fn window(&self) -> Range<i64> {
        self.window.clone()
    }

    /// Every row in turn, until the visitor breaks off.
    pub(crate) fn each<T>(
        self,
        connection: &Connection,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
        mut visit: impl FnMut(T) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        if self.parts.is_empty() {
            return Ok(());
        }
        let mut statement = connection.prepare(&self.rows())?;
        let places = self.places(&statement, &self.window);
        let mut found = statement.query(places)?;
        while let Some(row) = found.next()? {
            if visit(read(row)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// How SQLite goes about it.
    #[cfg(test)]
    pub(crate) fn plan(&self, connection: &Connection) -> Result<Vec<String>, Error> {
        if self.parts.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = connection.prepare(&format!("explain query plan {}", self.rows()))?;
        let places = self.places(&statement, &self.window);
        let lines = statement.query_map(places, |row| row.get("detail"))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// How many steps SQLite takes to the first row of a page.
    #[cfg(test)]
    pub(crate) fn steps(mut self, connection: &Connection, cursor: Option<&str>) -> Result<i32, Error> {
        cursor.map_or(Ok(()), |cursor| self.after(cursor))?;
        let mut statement = connection.prepare(&format!("{} limit 1", self.rows()))?;
        let places = self.places(&statement, &self.window);
        statement.query_map(places, |_| Ok(()))?.collect::<Result<Vec<()>, _>>()?;
        Ok(statement.get_status(rusqlite::StatementStatus::VmStep))
    }

    fn rows(&self) -> String {
        self.merged(|shape| format!("{}, ", shape.columns))
    }

    /// All parts in one order: some columns, and the keys.
    fn merged(&self, columns: impl Fn(&Shape) -> String) -> String {
        let parts = self.parts.iter().map(|Part { shape, conditions, .. }| {
            let keys = (1..).zip(shape.ties).map(|(n, tie)| format!(", {tie} as key_{n}")).collect::<String>();
            let within = restriction(shape, conditions);
            format!("select {}{} as key_0{keys} from {}{within}", columns(shape), shape.time, shape.from)
        });
        let order: String = (1..=self.ties()).map(|n| format!(", key_{n}")).collect();
        format!("{} order by key_0 desc{order}", parts.collect::<Vec<_>>().join(" union all "))
    }

    /// What the places of a statement stand for; one over some of the parts has fewer.
    fn places(
        &self,
        statement: &Statement<'_>,
        window: &Range<i64>,
    ) -> ParamsFromIter<impl Iterator<Item = Value> + use<>> {
        let window = [window.start, window.end].map(Value::from);
        let all: Vec<Value> = window.into_iter().chain(self.values.iter().cloned()).collect();
        params_from_iter(all.into_iter().take(statement.parameter_count()))
    }

    /// How many columns decide between rows of one time.
    fn ties(&self) -> usize {
        self.parts.first().map_or(0, |part| part.shape.ties.len())
    }
}

fn restriction(shape: &Shape, conditions: &[String]) -> String {
    let window = format!(" where {time} >= ?1 and {time} < ?2", time = shape.time);
    conditions.iter().fold(window, |all, condition| format!("{all} and {condition}"))
}

impl PageRequest {
    /// How many rows the page has at most.
    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
    }
}

/// Up to so many hits of a search are looked up and sorted for a page. Where there are more, walking the list from its newest row on
/// takes less: with `n` hits, it reads about `all / n` rows for each row of a page. `highest` tells how many rows there are, `weight`
/// how many rows for a page are walked in the time in which one hit is looked up.
pub(crate) fn few(connection: &Connection, highest: &str, weight: i64) -> Result<usize, Error> {
    // The records of tests are small.
    if cfg!(test) {
        return Ok(20);
    }
    let all: Option<i64> = connection.prepare_cached(highest)?.query_row([], |row| row.get(0))?;
    let few = all.unwrap_or(0).saturating_mul(weight).max(0).isqrt();
    Ok(usize::try_from(few).unwrap_or(usize::MAX))
}

/// Numbers as `json_each` takes them.
pub(crate) fn json_of(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// A value that was given and is not empty.
pub(crate) fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}

/// True when a filter asks for this value, or for none in particular.
pub(crate) fn is_wanted(choice: Option<&str>, value: &str) -> bool {
    given(choice).is_none_or(|choice| choice == value)
}

/// True when a filter names this value among comma-separated codes, or names none.
pub(crate) fn is_among(codes: Option<&str>, value: &str) -> bool {
    given(codes).is_none_or(|codes| codes.split(',').any(|code| code.trim() == value))
}
