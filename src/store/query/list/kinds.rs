//! Which kinds of rows there are: the distinct values of the first columns of an index, found by one look-up each.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

use crate::store::error::Error;
use crate::store::projection::counters::{Counted, Kind};
use crate::store::query::list::{CountSource, List, Shape};

/// More kinds than this are not listed one by one: SQLite merges 500 parts at most.
const MOST: usize = 200;

/// The distinct values of these columns, as far as they are wanted; `None` where there are too many. `table` names the index.
pub(crate) fn kinds(
    connection: &Connection,
    table: &str,
    columns: &[&str],
    wanted: &dyn Fn(usize, &str) -> bool,
) -> Result<Option<Vec<Vec<String>>>, Error> {
    let mut found = Vec::new();
    look(connection, table, columns, wanted, &mut Vec::new(), &mut found)?;
    Ok(Some(found).filter(|found| found.len() <= MOST))
}

impl List {
    /// Adds the rows of one kind that meet more conditions: a stretch of the index that begins with its columns. Without any,
    /// the tally knows how many there are.
    pub(crate) fn kind(
        &mut self,
        shape: &'static Shape,
        counted: Counted,
        (table, columns): (&str, &[&str]),
        values: Vec<String>,
        more: impl IntoIterator<Item = String>,
    ) {
        let of_kind = columns.iter().zip(&values).map(|(column, value)| {
            let place = self.bind(value.clone());
            format!("{table}.{column} = {place}")
        });
        let mut conditions: Vec<String> = of_kind.collect();
        conditions.extend(more);
        let known = if conditions.len() == columns.len() {
            let mut kind = Kind::default();
            kind.iter_mut().zip(values).for_each(|(part, value)| *part = value);
            CountSource::Kind(counted, kind)
        } else {
            CountSource::No
        };
        self.part(shape, conditions, known);
    }
}

fn look(
    connection: &Connection,
    table: &str,
    columns: &[&str],
    wanted: &dyn Fn(usize, &str) -> bool,
    prefix: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> Result<(), Error> {
    let depth = prefix.len();
    let Some(column) = columns.get(depth) else {
        found.push(prefix.clone());
        return Ok(());
    };
    let mut last: Option<String> = None;
    // Statements are cached by their text, which depends on the depth alone.
    while found.len() <= MOST {
        let fixed: String = (1..).zip(columns).take(depth).map(|(n, name)| format!("{name} = ?{n} and ")).collect();
        let beyond = if last.is_some() { ">" } else { ">=" };
        let statement = format!(
            "select {column} from {table} where {fixed}{column} {beyond} ?{} order by {column} limit 1",
            depth + 1
        );
        let places = prefix.iter().cloned().chain([last.unwrap_or_default()]).map(Value::from);
        let next: Option<String> =
            connection.prepare_cached(&statement)?.query_row(params_from_iter(places), |row| row.get(0)).optional()?;
        let Some(next) = next else { break };
        if wanted(depth, &next) {
            prefix.push(next.clone());
            look(connection, table, columns, wanted, prefix, found)?;
            prefix.pop();
        }
        last = Some(next);
    }
    Ok(())
}
