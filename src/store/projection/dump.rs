//! The rows of a projection as text, in the order of their natural keys: the same deliveries give the same text.

use std::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest as _, Sha256};

use crate::store::error::Error;
use crate::store::files::projection_file::PROJECTED;

/// Everything that is derived, as text. The place of a delivery in the archive is an accident of the order of arrival, so its
/// digest stands for it.
pub(crate) fn dump(connection: &Connection) -> Result<String, Error> {
    let mut text = String::new();
    for (view, key) in PROJECTED {
        text.push_str(&format!("== {view}\n"));
        each_row(connection, &by_digests(connection, view, key)?, |row| {
            text.push_str(row);
            Ok(())
        })?;
    }
    Ok(text)
}

/// Whether a view has the same rows in two projections of one archive. There may be millions, so nothing is sorted.
pub(crate) fn same_rows(one: &Connection, other: &Connection, view: &str) -> Result<bool, Error> {
    Ok(sum(one, view)? == sum(other, view)?)
}

/// How many rows there are, and the sum of their hashes: the same in any order.
fn sum(connection: &Connection, view: &str) -> Result<(u64, [u64; 4]), Error> {
    let (mut rows, mut sum) = (0, [0_u64; 4]);
    each_row(connection, &format!("select * from {view}"), |row| {
        rows += 1;
        let hash = Sha256::digest(row);
        for (sum, part) in sum.iter_mut().zip(hash.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*part));
        }
        Ok(())
    })?;
    Ok((rows, sum))
}

fn each_row(
    connection: &Connection,
    statement: &str,
    mut visit: impl FnMut(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(statement)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(&row_text(row, columns)?)?;
    }
    Ok(())
}

/// The rows of a view in the order of its natural key, so that their text depends on them alone.
fn by_digests(connection: &Connection, view: &str, key: &str) -> Result<String, Error> {
    let names: Vec<String> = connection
        .prepare("select name from pragma_table_info(?1) order by cid")?
        .query_map([view], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let has_digest = names.iter().any(|name| name == "digest");
    let columns: Vec<&str> = names
        .iter()
        .filter_map(|name| match name.as_str() {
            "delivery_id" if has_digest => None,
            "delivery_id" => {
                Some("(select digest from delivery where delivery.delivery_id = rows_of.delivery_id) as digest")
            }
            name => Some(name),
        })
        .collect();
    let key = key.replace("delivery_id", "digest");
    Ok(format!("select {} from {view} as rows_of order by {key}", columns.join(", ")))
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
