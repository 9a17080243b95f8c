//! Writing the archive: deliveries, their repeats, and the bounded quarantine. Runs inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension as _, named_params};

use crate::callback::Callback;
use crate::callback::codes::Verdict;
use crate::store::delivery::{Delivery, Digest, Recorded, Source};
use crate::store::error::Error;

/// The quarantine's bound (rules.md 1.3).
const QUARANTINE_ROWS: i64 = 10_000;
const QUARANTINE_BYTES: i64 = 64 * 1024 * 1024;

/// A delivery's place in the archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The order of arrival in this file.
    pub(crate) id: i64,
    pub(crate) digest: Digest,
}

/// Where the archive has a delivery.
pub(crate) fn entry(connection: &Connection, digest: &Digest) -> Result<Option<Entry>, Error> {
    Ok(connection
        .prepare_cached("select delivery_id from delivery where digest = ?1")?
        .query_row([digest.0], |row| Ok(Entry { id: row.get(0)?, digest: *digest }))
        .optional()?)
}

/// True when a delivery is in the archive or waits in quarantine.
pub(crate) fn has(connection: &Connection, digest: &Digest) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "select 1 from delivery where digest = ?1 union all select 1 from quarantine where digest = ?1",
        )?
        .exists([digest.0])?)
}

/// Keeps a delivery. `false`: the archive has it already.
pub(crate) fn insert(connection: &Connection, digest: &Digest, delivery: &Delivery) -> Result<bool, Error> {
    let inserted = connection
        .prepare_cached(
            "insert into delivery (digest, received_ms, source, app, remote, method, query, headers, body)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             on conflict (digest) do nothing",
        )?
        .execute((
            digest.0,
            delivery.received_ms,
            delivery.source.code(),
            &delivery.app,
            &delivery.remote,
            &delivery.method,
            &delivery.query,
            headers_json(delivery)?,
            &delivery.body,
        ))?;
    Ok(inserted == 1)
}

/// Counts a repeat.
pub(crate) fn insert_receipt(connection: &Connection, digest: &Digest, delivery: &Delivery) -> Result<(), Error> {
    connection
        .prepare_cached(
            "insert into receipt (digest, received_ms, remote, query, headers)
             values (:digest, :received, :remote, :query, :headers)",
        )?
        .execute(named_params! {
            ":digest": digest.0, ":received": delivery.received_ms, ":remote": delivery.remote,
            ":query": delivery.query, ":headers": headers_json(delivery)?,
        })?;
    Ok(())
}

/// True when exactly this receipt is known: the same moment and the same query.
pub(crate) fn has_receipt(connection: &Connection, digest: &Digest, delivery: &Delivery) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "select 1 from delivery where digest = :digest and received_ms = :received and query = :query
             union all
             select 1 from receipt where digest = :digest and received_ms = :received and query = :query limit 1",
        )?
        .exists(named_params! {":digest": digest.0, ":received": delivery.received_ms, ":query": delivery.query})?)
}

/// True when exactly this receipt waits in quarantine: the same moment and the same query.
pub(crate) fn is_quarantined(connection: &Connection, digest: &Digest, delivery: &Delivery) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("select 1 from quarantine where digest = ?1 and received_ms = ?2 and query = ?3")?
        .exists((digest.0, delivery.received_ms, &delivery.query))?)
}

/// How often a delivery came again.
pub(crate) fn repeats(connection: &Connection, digest: &Digest) -> Result<u64, Error> {
    let count: i64 = connection
        .prepare_cached("select count(*) from receipt where digest = ?1")?
        .query_row([digest.0], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A delivery as it speaks for all its receipts: with the time and the query of the earliest one.
pub(crate) fn earliest(connection: &Connection, digest: &Digest) -> Result<Option<Delivery>, Error> {
    let Some(mut delivery) = load(connection, digest)? else { return Ok(None) };
    let earlier = connection
        .prepare_cached("select received_ms, query from receipt where digest = ?1 order by received_ms, query limit 1")?
        .query_row([digest.0], |row| Ok((row.get::<_, i64>("received_ms")?, row.get::<_, String>("query")?)))
        .optional()?;
    if let Some((received_ms, query)) = earlier
        && (received_ms, &query) < (delivery.received_ms, &delivery.query)
    {
        (delivery.received_ms, delivery.query) = (received_ms, query);
    }
    Ok(Some(delivery))
}

/// What [`spoken_for`] reads.
pub(crate) const SPOKEN_FOR: &str =
    "delivery.*, exists (select 1 from receipt where receipt.digest = delivery.digest) as came_again";

/// Reads a row of [`SPOKEN_FOR`]: a delivery with the time and the query of its earliest receipt.
pub(crate) fn spoken_for(connection: &Connection, row: &rusqlite::Row<'_>) -> Result<(Entry, Delivery), Error> {
    let entry = Entry { id: row.get("delivery_id")?, digest: Digest(row.get("digest")?) };
    let delivery = delivery_of(row)?;
    if row.get("came_again")?
        && let Some(earliest) = earliest(connection, &entry.digest)?
    {
        return Ok((entry, earliest));
    }
    Ok((entry, delivery))
}

/// A delivery as it came first into this file.
pub(crate) fn load(connection: &Connection, digest: &Digest) -> Result<Option<Delivery>, Error> {
    connection
        .prepare_cached("select * from delivery where digest = ?1")?
        .query_row([digest.0], |row| Ok(delivery_of(row)))
        .optional()?
        .transpose()
}

/// Puts a sound copy in the place of a row that was damaged on disk.
pub(crate) fn mend(connection: &Connection, digest: &Digest, sound: &Delivery) -> Result<(), Error> {
    connection
        .prepare_cached(
            "update delivery set received_ms = :received, source = :source, app = :app, remote = :remote,
             method = :method, query = :query, headers = :headers, body = :body where digest = :digest",
        )?
        .execute(named_params! {
            ":digest": digest.0, ":received": sound.received_ms, ":source": sound.source.code(), ":app": sound.app,
            ":remote": sound.remote, ":method": sound.method, ":query": sound.query,
            ":headers": headers_json(sound)?, ":body": sound.body,
        })?;
    Ok(())
}

/// Reads a row of `delivery` or `quarantine`.
pub(crate) fn delivery_of(row: &rusqlite::Row<'_>) -> Result<Delivery, Error> {
    // Whatever waits in quarantine came as a callback; only the archive has a column for it.
    let source = text(row, "source").ok();
    Ok(Delivery {
        received_ms: row.get("received_ms")?,
        source: source.map_or(Source::Callback, |code| Source::read(&code)),
        remote: text(row, "remote")?,
        method: text(row, "method")?,
        app: text(row, "app")?,
        query: text(row, "query")?,
        // The body is what matters; a row whose headers cannot be read is no reason to lose it.
        headers: serde_json::from_str(&text(row, "headers")?).unwrap_or_default(),
        body: row.get("body")?,
    })
}

/// A text of the archive. A bit that turned over on disk must not keep the whole list from being read: the digest tells.
pub(crate) fn text(row: &rusqlite::Row<'_>, column: &str) -> Result<String, Error> {
    let bytes = row.get_ref(column)?.as_bytes().map_err(|error| Error::Content(error.to_string()))?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// Puts a delivery into quarantine, where the oldest make room for it.
pub(crate) fn quarantine(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    verdict: Verdict,
    reason: &str,
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
            ":headers": headers_json(delivery)?, ":body": delivery.body, ":family": callback.family.code(),
            ":command": callback.command, ":verdict": verdict.code(), ":reason": reason,
        })?;
    make_room(connection)
}

/// Puts a delivery of another archive's quarantine back, with as many repeats; one that is known here stays as it is.
pub(crate) fn quarantine_again(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    (verdict, reason): (Verdict, &str),
    repeats: u64,
) -> Result<Recorded, Error> {
    let known = has(connection, digest)?;
    if !known {
        quarantine(connection, digest, delivery, callback, verdict, reason)?;
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
pub(crate) fn take_from_quarantine(
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

fn headers_json(delivery: &Delivery) -> Result<String, Error> {
    Ok(serde_json::to_string(&delivery.headers)?)
}
