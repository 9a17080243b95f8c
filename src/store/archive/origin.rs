//! Who received something. Several records can become one later, so each receipt has a name that no other receipt of any record
//! has: the origin under which it was written, and its number there.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::store::delivery::Origin;
use crate::store::error::Error;

/// Makes the function `origin` known to a connection that writes: from now on it writes under an origin of its own.
///
/// An origin is one opening of one file. One that lasted as long as the file would be continued by both halves of a copy, and
/// nothing in a file tells that it was copied or brought back.
pub(crate) fn register(connection: &Connection) -> Result<(), rusqlite::Error> {
    let origin: [u8; 8] = rand::random();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("origin", 0, flags, move |_| Ok(origin.to_vec()))
}

/// The two columns of a receipt that say where it comes from: those of another record, or the next ones of this connection.
/// They are given in the transaction that writes the receipt, so one that is rolled back leaves no hole.
pub(crate) fn number(connection: &Connection, received: Option<Origin>) -> Result<(i64, i64), Error> {
    match received {
        // A name that only this connection gives was invented by whoever brings it.
        Some(origin) if !is_own(connection, &origin)? => foreign(connection, origin),
        _ => Ok(connection
            .prepare_cached(
                "insert into origin (origin, n) values (origin(), 1)
                 on conflict (origin) do update set n = n + 1 returning origin_no, n",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?),
    }
}

fn is_own(connection: &Connection, origin: &Origin) -> Result<bool, Error> {
    Ok(connection.prepare_cached("select origin() = ?1")?.query_row([origin.record], |row| row.get(0))?)
}

fn foreign(connection: &Connection, Origin { record, n }: Origin) -> Result<(i64, i64), Error> {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    let mut known = connection.prepare_cached(
        "insert into origin (origin, n) values (?1, ?2)
         on conflict (origin) do update set n = max(n, excluded.n) returning origin_no",
    )?;
    Ok((known.query_row((record, n), |row| row.get(0))?, n))
}

/// Which receipt a row of `delivery` or `receipt` is, where its columns `origin_no` and `n` and the table `origin` are there and
/// can be read.
pub(crate) fn of_row(archive: &Connection, row: &rusqlite::Row<'_>) -> Option<Origin> {
    let (origin_no, n): (i64, i64) = (row.get("origin_no").ok()?, row.get("n").ok()?);
    let mut statement = archive.prepare_cached("select origin from origin where origin_no = ?1").ok()?;
    let record = statement.query_row([origin_no], |row| row.get(0)).ok()?;
    let n = u64::try_from(n).ok().filter(|n| (1..=Origin::LAST).contains(n))?;
    Some(Origin { record, n })
}
