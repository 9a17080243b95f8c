//! The rows of a projection as text, in the order of their natural keys: the same deliveries give the same text.

use std::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::store::error::Error;
use crate::store::files::projection_file::PROJECTED;

/// Every derived table as text.
pub(crate) fn dump(connection: &Connection) -> Result<String, Error> {
    let mut text = String::new();
    for table in PROJECTED {
        text.push_str(&format!("== {table}\n"));
        each_row(connection, table, |row| {
            text.push_str(row);
            Ok(true)
        })?;
    }
    Ok(text)
}

/// Compares a table of two projections row by row, however long it is.
pub(crate) fn same_rows(one: &Connection, other: &Connection, table: &str) -> Result<bool, Error> {
    let mut statement = other.prepare(&in_key_order(other, table)?)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut same = true;
    each_row(one, table, |text| {
        same = match rows.next()? {
            Some(row) => row_text(row, columns)? == text,
            None => false,
        };
        Ok(same)
    })?;
    Ok(same && rows.next()?.is_none())
}

fn each_row(
    connection: &Connection,
    table: &str,
    mut visit: impl FnMut(&str) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(&in_key_order(connection, table)?)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !visit(&row_text(row, columns)?)? {
            break;
        }
    }
    Ok(())
}

/// A table walks in the order of its natural key, so its text depends on its rows alone. What a delivery says has the digest for
/// a key; its place in the archive is an accident of the order of arrival.
fn in_key_order(connection: &Connection, table: &str) -> Result<String, Error> {
    let names = |which: &str| -> Result<String, Error> {
        let names: Vec<String> = connection
            .prepare(&format!("select name from pragma_table_info(?1) where name <> 'delivery_id' {which}"))?
            .query_map([table], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(names.join(", "))
    };
    let (columns, key) = (names("order by cid")?, names("and pk > 0 order by pk")?);
    Ok(format!("select {columns} from {table} order by {}", if key.is_empty() { "digest" } else { &key }))
}

fn row_text(row: &rusqlite::Row<'_>, columns: usize) -> Result<String, Error> {
    let mut text = String::new();
    for column in 0..columns {
        let separator = if column == 0 { "" } else { " | " };
        match row.get_ref(column)? {
            ValueRef::Null => write!(text, "{separator}-"),
            ValueRef::Integer(number) => write!(text, "{separator}{number}"),
            ValueRef::Real(number) => write!(text, "{separator}{number}"),
            ValueRef::Text(bytes) => write!(text, "{separator}{}", String::from_utf8_lossy(bytes)),
            ValueRef::Blob(bytes) => write!(text, "{separator}{}", hex::encode(bytes)),
        }
        .map_err(|error| Error::Content(error.to_string()))?;
    }
    text.push('\n');
    Ok(text)
}
