//! When callbacks could be taken, and which periods Tencent's records were read for. Whatever writes runs inside the writer's
//! transaction.

use std::cmp::Ordering;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use crate::store::coverage::{End, Fetched, Up};
use crate::store::error::Error;

/// Writes a period down, or how much longer it has become. What is known of it already is never made less: copies of the record
/// end at different moments, and their union is the longest.
pub(crate) fn put_up(connection: &Connection, up: &Up) -> Result<(), Error> {
    let mut known = connection.prepare_cached("select * from up where id = ?1")?;
    let known = known.query_row([up.id.as_bytes()], |row| Ok(read_up(row))).optional()?.flatten();
    let whole = match known {
        Some(known) => Up {
            id: up.id,
            from_ms: known.from_ms.min(up.from_ms),
            to_ms: known.to_ms.max(up.to_ms),
            ended: match known.to_ms.cmp(&up.to_ms) {
                Ordering::Greater => known.ended,
                Ordering::Less => up.ended,
                Ordering::Equal => up.ended.or(known.ended),
            },
        },
        None => up.clone(),
    };
    connection
        .prepare_cached(
            "insert into up (id, from_ms, to_ms, ended, digest) values (?1, ?2, ?3, ?4, ?5)
             on conflict (id) do update set from_ms = excluded.from_ms, to_ms = excluded.to_ms, ended = excluded.ended,
                 digest = excluded.digest",
        )?
        .execute(params![
            whole.id.as_bytes(),
            whole.from_ms,
            whole.to_ms,
            whole.ended.map_or("", End::code),
            whole.digest()
        ])?;
    Ok(())
}

/// Writes down that a period was read. Doing it again changes nothing.
pub(crate) fn put_fetched(connection: &Connection, fetched: &Fetched) -> Result<(), Error> {
    let Fetched { app, product, from_ms, to_ms, at_ms, records } = fetched;
    let records = i64::try_from(*records).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "insert into fetched (app, product, from_ms, to_ms, at_ms, records, digest)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (digest) do nothing",
        )?
        .execute(params![app, product, from_ms, to_ms, at_ms, records, fetched.digest()])?;
    Ok(())
}

/// The periods in which callbacks could be taken that end after a moment, in their order, and the last one before.
pub(crate) fn up_since(connection: &Connection, from_ms: i64) -> Result<Vec<Up>, Error> {
    let mut statement = connection.prepare_cached(
        "select * from up where to_ms >= coalesce((select max(to_ms) from up where to_ms < ?1), ?1)
         order by from_ms, to_ms, id",
    )?;
    let mut rows = statement.query([from_ms])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        // What cannot be read says nothing; `verify` tells of it.
        found.extend(read_up(row));
    }
    Ok(found)
}

/// The periods that were read and end after a moment, in the order of their beginnings.
pub(crate) fn fetched_since(connection: &Connection, from_ms: i64) -> Result<Vec<Fetched>, Error> {
    let mut statement = connection
        .prepare_cached("select * from fetched where to_ms > ?1 order by from_ms, to_ms, at_ms, app, product")?;
    let mut rows = statement.query([from_ms])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(read_fetched(row));
    }
    Ok(found)
}

/// Reads a row of `up`; none for one that a damaged disk has changed.
pub(crate) fn read_up(row: &Row<'_>) -> Option<Up> {
    let ended: String = row.get("ended").ok()?;
    let up = Up {
        id: Uuid::from_bytes(row.get("id").ok()?),
        from_ms: row.get("from_ms").ok()?,
        to_ms: row.get("to_ms").ok()?,
        ended: End::read(&ended),
    };
    is_as_written(row, up.digest()).then_some(up)
}

/// Reads a row of `fetched`; none for one that a damaged disk has changed.
pub(crate) fn read_fetched(row: &Row<'_>) -> Option<Fetched> {
    let fetched = Fetched {
        app: row.get("app").ok()?,
        product: row.get("product").ok()?,
        from_ms: row.get("from_ms").ok()?,
        to_ms: row.get("to_ms").ok()?,
        at_ms: row.get("at_ms").ok()?,
        records: u64::try_from(row.get::<_, i64>("records").ok()?).ok()?,
    };
    is_as_written(row, fetched.digest()).then_some(fetched)
}

fn is_as_written(row: &Row<'_>, digest: [u8; 32]) -> bool {
    row.get::<_, Vec<u8>>("digest").is_ok_and(|written| written == digest)
}

/// Whether a row is as it was written.
type IsSound = fn(&Row<'_>) -> bool;

/// The rows that do not give their digests any more.
pub(crate) fn altered(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut altered = Vec::new();
    let tables: [(&str, IsSound); 2] = [("up", is_up), ("fetched", is_fetched)];
    for (table, reads) in tables {
        let mut statement = connection.prepare(&format!("select rowid as number, * from {table}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if !reads(row) {
                altered.push(format!("{table} {}", row.get::<_, i64>("number").unwrap_or_default()));
            }
        }
    }
    Ok(altered)
}

fn is_up(row: &Row<'_>) -> bool {
    read_up(row).is_some()
}

fn is_fetched(row: &Row<'_>) -> bool {
    read_fetched(row).is_some()
}
