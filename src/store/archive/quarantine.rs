//! The quarantine: requests that are not (yet) believed. It is bounded, and its rows are kept as they are.

use rusqlite::{Connection, named_params};

use crate::callback::Callback;
use crate::callback::codes::Verdict;
use crate::callback::reason::Reason;
use crate::store::archive::{delivery_of, has};
use crate::store::delivery::{Delivery, Digest, Recorded};
use crate::store::error::Error;

/// The quarantine's bound (rules.md 1.3).
const QUARANTINE_ROWS: i64 = 10_000;
const QUARANTINE_BYTES: i64 = 64 * 1024 * 1024;

/// True when exactly this receipt waits in quarantine: the same moment and the same query.
pub(crate) fn has_receipt(connection: &Connection, digest: &Digest, delivery: &Delivery) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("select 1 from quarantine where digest = ?1 and received_ms = ?2 and query = ?3")?
        .exists((digest.0, delivery.received_ms, &delivery.query))?)
}

/// Puts a delivery into quarantine, where the oldest make room for it.
pub(crate) fn insert(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    verdict: Verdict,
    reason: &Reason,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "insert into quarantine
                 (digest, received_ms, app, remote, method, query, headers, body, family, command, verdict, reason)
             values (:digest, :received, :app, :remote, :method, :query, :headers, :body, :family, :command, :verdict, :reason)
             on conflict (digest) do update set repeats = repeats + 1, received_ms = min(received_ms, excluded.received_ms)",
        )?
        .execute(named_params! {
            ":digest": digest.0, ":received": delivery.received_ms, ":app": delivery.app,
            ":remote": delivery.remote, ":method": delivery.method, ":query": delivery.query,
            ":headers": serde_json::to_string(&delivery.headers)?, ":body": delivery.body, ":family": callback.family.code(),
            ":command": callback.command, ":verdict": verdict.code(), ":reason": Reason::stored(Some(reason)),
        })?;
    make_room(connection)
}

/// Puts a delivery of another archive's quarantine back, with as many repeats; one that is known here stays as it is.
pub(crate) fn insert_again(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    (verdict, reason): (Verdict, &Reason),
    repeats: u64,
) -> Result<Recorded, Error> {
    let known = has(connection, digest)?;
    if !known {
        insert(connection, digest, delivery, callback, verdict, reason)?;
    }
    connection
        .prepare_cached(
            "update quarantine set repeats = max(repeats, ?2), received_ms = min(received_ms, ?3) where digest = ?1",
        )?
        .execute((digest.0, i64::try_from(repeats).unwrap_or(i64::MAX), delivery.received_ms))?;
    Ok(if known { Recorded::Repeat } else { Recorded::Quarantined })
}

fn make_room(connection: &Connection) -> Result<(), Error> {
    loop {
        let (rows, bytes): (i64, i64) = connection
            .prepare_cached("select rows, bytes from quarantine_size")?
            .query_row([], |row| Ok((row.get("rows")?, row.get("bytes")?)))?;
        if rows <= QUARANTINE_ROWS && bytes <= QUARANTINE_BYTES {
            return Ok(());
        }
        connection
            .prepare_cached("delete from quarantine where quarantine_id = (select min(quarantine_id) from quarantine)")?
            .execute([])?;
        connection.prepare_cached("update quarantine_size set dropped = dropped + 1")?.execute([])?;
    }
}

/// Takes matching rows out of quarantine: each delivery with its repeats.
pub(crate) fn take(
    connection: &Connection,
    app: Option<&str>,
    digest: Option<&Digest>,
) -> Result<Vec<(Delivery, u64)>, Error> {
    let found = connection
        .prepare_cached(
            "select * from quarantine
             where (?1 is null or (app = ?1 and verdict = 'foreign_app')) and (?2 is null or digest = ?2)
             order by received_ms, digest",
        )?
        .query_map((app, digest.map(|digest| digest.0)), |row| {
            let repeats: i64 = row.get("repeats")?;
            Ok((row.get::<_, i64>("quarantine_id")?, delivery_of(row), u64::try_from(repeats).unwrap_or(0)))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    found
        .into_iter()
        .map(|(id, delivery, repeats)| {
            connection.prepare_cached("delete from quarantine where quarantine_id = ?1")?.execute([id])?;
            Ok((delivery?, repeats))
        })
        .collect()
}
