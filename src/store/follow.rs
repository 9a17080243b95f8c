//! A projection follows the archive: slice by slice, the newest deliveries first, until nothing is missing.
//!
//! The same walk catches up what a power cut took, fills a new projection, and replays everything to verify it.

use rusqlite::Connection;

use super::delivery::{Delivery, Digest};
use super::generation::Applied;
use super::{Error, archive, projection};
use crate::callback::Callback;

/// Deliveries that are applied together.
pub(super) const SLICE: i64 = 500;

/// One delivery of the archive, read again.
pub(super) struct Replayed {
    pub(super) digest: Digest,
    pub(super) delivery: Delivery,
    pub(super) callback: Callback,
}

/// Applies one slice of what is missing to the projection that `connection` reaches beside the archive; answers how many
/// deliveries and repeats that were, 0 at the end. Runs inside a transaction.
pub(super) fn step(connection: &Connection) -> Result<i64, Error> {
    let mut applied = Applied::read(connection)?;
    let looked_at = repeats(connection, &mut applied)?;
    let newer = slice(connection, "delivery_id > ?1 order by delivery_id", applied.high)?;
    let done = if let Some((last, _)) = newer.last() {
        applied.high = *last;
        apply(connection, &newer)?
    } else {
        let older = slice(connection, "delivery_id <= ?1 order by delivery_id desc", applied.low)?;
        // Ids below the last one of a short slice are not there.
        applied.low = match older.last() {
            Some((last, _)) => *last - 1,
            None => 0,
        };
        apply(connection, &older)?
    };
    applied.write(connection)?;
    Ok(looked_at + done)
}

/// Repeats that came since: an earlier receipt may speak for a delivery that is applied already.
fn repeats(connection: &Connection, applied: &mut Applied) -> Result<i64, Error> {
    let found = connection
        .prepare_cached("select receipt_id, digest from receipt where receipt_id > ?1 order by receipt_id limit ?2")?
        .query_map((applied.receipts, SLICE), |row| Ok((row.get::<_, i64>(0)?, Digest(row.get(1)?))))?
        .collect::<Result<Vec<_>, _>>()?;
    for (receipt, digest) in &found {
        applied.receipts = *receipt;
        if projection::received_ms(connection, digest)?.is_some() {
            projection::apply_again(connection, digest)?;
        }
    }
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

/// Walks the whole archive from its beginning and applies it to `to`; `each` is told every delivery.
pub(super) fn replay(from: &Connection, to: &Connection, mut each: impl FnMut(&Replayed)) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let found = slice(from, "delivery_id > ?1 order by delivery_id", after)?;
        let Some((last, _)) = found.last() else { return Ok(()) };
        after = *last;
        let slice = read(from, &found)?;
        slice.iter().for_each(&mut each);
        apply_slice(to, &slice)?;
    }
}

fn slice(connection: &Connection, which: &str, from: i64) -> Result<Vec<(i64, Digest)>, Error> {
    Ok(connection
        .prepare_cached(&format!("select delivery_id, digest from delivery where {which} limit ?2"))?
        .query_map((from, SLICE), |row| Ok((row.get(0)?, Digest(row.get(1)?))))?
        .collect::<Result<_, _>>()?)
}

fn apply(connection: &Connection, found: &[(i64, Digest)]) -> Result<i64, Error> {
    apply_slice(connection, &read(connection, found)?)?;
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

fn read(connection: &Connection, found: &[(i64, Digest)]) -> Result<Vec<Replayed>, Error> {
    let mut read = Vec::with_capacity(found.len());
    for (_, digest) in found {
        if let Some(delivery) = archive::earliest(connection, digest)? {
            read.push(Replayed { digest: *digest, callback: projection::parse(&delivery), delivery });
        }
    }
    Ok(read)
}

fn apply_slice(to: &Connection, slice: &[Replayed]) -> Result<(), Error> {
    projection::for_each(to, slice, |one, care| {
        projection::apply(to, &one.digest, &one.delivery, &one.callback, care)
    })?;
    Ok(())
}
