//! One way to ask for a list: conditions, newest first, keyset pages, exact totals, and a walk over all rows for exports.

pub(super) mod days;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::types::{FromSql, Value};
use rusqlite::{Connection, Row, params_from_iter};

use super::Error;
use super::filter::PageRequest;
use super::rows::Page;

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 1_000;

/// A question to the record.
pub(super) struct List {
    /// What is read, such as `call.*`.
    columns: &'static str,
    /// From where, such as `call` or a join.
    from: &'static str,
    /// The column of time: the newest row comes first.
    time: &'static str,
    /// The columns that decide between rows of the same time, ascending; together with the time they are unique.
    ties: &'static [&'static str],
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl List {
    pub(super) fn new(
        columns: &'static str,
        from: &'static str,
        time: &'static str,
        ties: &'static [&'static str],
    ) -> Self {
        Self { columns, from, time, ties, conditions: Vec::new(), values: Vec::new() }
    }

    /// Gives a value a place in the statement: the text is how the statement names it.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// Restricts the list.
    pub(super) fn only(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Restricts a column to a value, where one is asked for.
    pub(super) fn only_equal(&mut self, column: &str, value: Option<&str>) {
        if let Some(value) = given(value) {
            let place = self.bind(value.to_owned());
            self.only(format!("{column} = {place}"));
        }
    }

    /// Restricts an expression to comma-separated codes, where any are asked for.
    pub(super) fn only_among(&mut self, expression: &str, codes: Option<&str>) {
        let Some(codes) = given(codes) else { return };
        let places: Vec<String> = codes.split(',').map(|code| self.bind(code.trim().to_owned())).collect();
        self.only(format!("{expression} in ({})", places.join(", ")));
    }

    /// Restricts the time to [from, to).
    pub(super) fn only_between(&mut self, from: Option<i64>, to: Option<i64>) {
        let time = self.time;
        if let Some(from) = from {
            let place = self.bind(from);
            self.only(format!("{time} >= {place}"));
        }
        if let Some(to) = to {
            let place = self.bind(to);
            self.only(format!("{time} < {place}"));
        }
    }

    /// One page. Rows of one time never fall between two pages, because the cursor names the last row exactly.
    pub(super) fn page<T>(
        mut self,
        connection: &Connection,
        request: &PageRequest,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Page<T>, Error> {
        let total = request.total.unwrap_or(false).then(|| self.count(connection)).transpose()?;
        let limit = request.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        if let Some(cursor) = given(request.cursor.as_deref()) {
            self.after(cursor)?;
        }
        let statement = format!("{} limit {} offset {}", self.statement(), limit + 1, request.at.unwrap_or(0));
        let mut statement = connection.prepare_cached(&statement)?;
        let mut found = statement.query(params_from_iter(&self.values))?;
        let (mut rows, mut last, mut next) = (Vec::new(), None, None);
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

    /// How many rows there are.
    pub(super) fn count(&self, connection: &Connection) -> Result<u64, Error> {
        let statement = format!("select count(*) from {}{}", self.from, self.restriction());
        let count: i64 =
            connection.prepare_cached(&statement)?.query_row(params_from_iter(&self.values), |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// How many rows each quarter of an hour has, by its number since 1970.
    pub(super) fn quarters(&self, connection: &Connection) -> Result<BTreeMap<i64, u64>, Error> {
        self.grouped(connection, &format!("{time} / 900000 - ({time} % 900000 < 0)", time = self.time))
    }

    /// How many rows each value of an expression has.
    pub(super) fn grouped<K: FromSql + Ord>(
        &self,
        connection: &Connection,
        expression: &str,
    ) -> Result<BTreeMap<K, u64>, Error> {
        let statement = format!("select {expression}, count(*) from {}{} group by 1", self.from, self.restriction());
        let mut statement = connection.prepare_cached(&statement)?;
        let mut found = statement.query(params_from_iter(&self.values))?;
        let mut groups = BTreeMap::new();
        while let Some(row) = found.next()? {
            groups.insert(row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
        }
        Ok(groups)
    }

    /// Every row in turn, until the visitor breaks off.
    pub(super) fn each<T>(
        self,
        connection: &Connection,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
        mut visit: impl FnMut(T) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let mut statement = connection.prepare(&self.statement())?;
        let mut found = statement.query(params_from_iter(&self.values))?;
        while let Some(row) = found.next()? {
            if visit(read(row)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn restriction(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" where {}", self.conditions.join(" and ")) }
    }

    fn statement(&self) -> String {
        let keys: String = (0..).zip(self.keys()).map(|(n, key)| format!(", {key} as key_{n}")).collect();
        format!(
            "select {}{keys} from {}{} order by {} desc, {}",
            self.columns,
            self.from,
            self.restriction(),
            self.time,
            self.ties.join(", ")
        )
    }

    fn keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.time).chain(self.ties.iter().copied())
    }

    fn cursor(&self, row: &Row<'_>) -> Result<String, Error> {
        let mut keys = Vec::new();
        for (n, _) in (0..).zip(self.keys()) {
            keys.push(match row.get::<_, Value>(format!("key_{n}").as_str())? {
                Value::Integer(number) => serde_json::json!(number),
                Value::Text(text) => serde_json::json!(text),
                Value::Blob(bytes) => serde_json::json!({ "x": hex::encode(bytes) }),
                Value::Null | Value::Real(_) => return Err(Error::Content("a list key without a value".to_owned())),
            });
        }
        Ok(URL_SAFE_NO_PAD.encode(serde_json::Value::from(keys).to_string()))
    }

    /// Continues after the row that a cursor names.
    fn after(&mut self, cursor: &str) -> Result<(), Error> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
        let keys: Vec<serde_json::Value> = serde_json::from_slice(&bytes).map_err(|_| Error::BadCursor)?;
        if keys.len() != self.keys().count() {
            return Err(Error::BadCursor);
        }
        let mut places = Vec::new();
        for key in keys {
            let value = match (key.as_i64(), key.as_str(), key.get("x").and_then(|hex| hex.as_str())) {
                (Some(number), _, _) => Value::Integer(number),
                (_, Some(text), _) => Value::Text(text.to_owned()),
                (_, _, Some(bytes)) => Value::Blob(hex::decode(bytes).map_err(|_| Error::BadCursor)?),
                _ => return Err(Error::BadCursor),
            };
            places.push(self.bind(value));
        }
        let Some((time, ties)) = places.split_first() else { return Err(Error::BadCursor) };
        self.only(format!(
            "{column} <= {time} and ({column} < {time} or ({}) > ({}))",
            self.ties.join(", "),
            ties.join(", "),
            column = self.time
        ));
        Ok(())
    }
}

/// A value that was given and is not empty.
pub(super) fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}
