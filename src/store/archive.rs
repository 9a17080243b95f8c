//! The archive: deliveries as received, and their repeats. Whatever writes runs inside the writer's transaction.

pub(crate) mod content;
pub(crate) mod coverage;
pub(crate) mod entries;
pub(crate) mod origin;
pub(crate) mod quarantine;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::store::archive::content::Request;
use crate::store::delivery::{Delivery, Digest, Origin, Source};
use crate::store::error::Error;

/// A delivery's place in the archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archived {
    /// The order of arrival in this file.
    pub(crate) id: i64,
    pub(crate) digest: Digest,
}

/// Which row a digest is. The index has its first bytes; the few that share them are compared in full.
macro_rules! of_digest {
    ($digest:literal) => {
        of_digest!($digest, "delivery")
    };
    ($digest:literal, $table:literal) => {
        concat!("substr(", $table, ".digest, 1, 6) = substr(", $digest, ", 1, 6) and ", $table, ".digest = ", $digest)
    };
}
pub(crate) use of_digest;

/// Where the archive has a delivery.
pub(crate) fn find(connection: &Connection, digest: &Digest) -> Result<Option<Archived>, Error> {
    Ok(connection
        .prepare_cached(concat!("select delivery_id from delivery where ", of_digest!("?1")))?
        .query_row([digest.0], |row| Ok(Archived { id: row.get(0)?, digest: *digest }))
        .optional()?)
}

/// True when a delivery is in the archive or waits in quarantine.
pub(crate) fn has(connection: &Connection, digest: &Digest) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(concat!(
            "select 1 from delivery where ",
            of_digest!("?1"),
            " union all select 1 from quarantine where digest = ?1"
        ))?
        .exists([digest.0])?)
}

/// Keeps a delivery that the archive does not have yet. `origin` is what another record calls this receipt; without one
/// it is a receipt of this record. `content` is the packed request.
pub(crate) fn insert(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    origin: Option<Origin>,
    content: &[u8],
) -> Result<(), Error> {
    let (origin_no, n) = origin::number(connection, origin)?;
    connection
        .prepare_cached(
            "insert into delivery (digest, origin_no, n, received_ms, source, app, body_bytes, content)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            digest.0,
            origin_no,
            n,
            delivery.received_ms,
            delivery.source == Source::Backfill,
            delivery.app,
            i64::try_from(delivery.body.len()).unwrap_or(i64::MAX),
            content,
        ])?;
    Ok(())
}

/// Counts a repeat of the delivery in this row.
pub(crate) fn insert_receipt(
    connection: &Connection,
    delivery_id: i64,
    repeat: &Delivery,
    origin: Option<Origin>,
) -> Result<(), Error> {
    let (origin_no, n) = origin::number(connection, origin)?;
    connection
        .prepare_cached(
            "insert into receipt (delivery_id, origin_no, n, received_ms, content) values (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![delivery_id, origin_no, n, repeat.received_ms, content::pack_without_body(repeat)])?;
    Ok(())
}

/// True when exactly this receipt is known: the same moment and the same query.
pub(crate) fn has_receipt(connection: &Connection, digest: &Digest, delivery: &Delivery) -> Result<bool, Error> {
    let Some(Archived { id, .. }) = find(connection, digest)? else { return Ok(false) };
    let mut first =
        connection.prepare_cached("select content from delivery where delivery_id = ?1 and received_ms = ?2")?;
    let mut rows = first.query((id, delivery.received_ms))?;
    while let Some(row) = rows.next()? {
        if request(row)?.query == delivery.query {
            return Ok(true);
        }
    }
    let mut repeats =
        connection.prepare_cached("select content from receipt where delivery_id = ?1 and received_ms = ?2")?;
    let mut rows = repeats.query((id, delivery.received_ms))?;
    while let Some(row) = rows.next()? {
        if repeat(row)?.is_some_and(|repeat| repeat.query == delivery.query) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How often a delivery came again.
pub(crate) fn repeats(connection: &Connection, delivery_id: i64) -> Result<u64, Error> {
    let count: i64 = connection
        .prepare_cached("select count(*) from receipt where delivery_id = ?1")?
        .query_row([delivery_id], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A delivery as it speaks for all its receipts: with the time and the query of the earliest one, and which receipt of which
/// record that is.
pub(crate) fn earliest(connection: &Connection, digest: &Digest) -> Result<Option<(Delivery, Option<Origin>)>, Error> {
    let found = connection
        .prepare_cached(concat!("select * from delivery where ", of_digest!("?1")))?
        .query_row([digest.0], |row| Ok((row.get("delivery_id")?, delivery_of(row), origin::of_row(connection, row))))
        .optional()?;
    let Some((delivery_id, delivery, origin)) = found else { return Ok(None) };
    Ok(Some(speaking(connection, delivery_id, (delivery?, origin))?))
}

/// What speaks for a delivery: its first copy in this file, or a receipt that is earlier.
fn speaking(
    connection: &Connection,
    delivery_id: i64,
    (mut delivery, mut origin): (Delivery, Option<Origin>),
) -> Result<(Delivery, Option<Origin>), Error> {
    let mut earliest = connection.prepare_cached(
        "select * from receipt
         where delivery_id = ?1 and received_ms = (select min(received_ms) from receipt where delivery_id = ?1)",
    )?;
    let mut rows = earliest.query([delivery_id])?;
    while let Some(row) = rows.next()? {
        let received_ms = row.get("received_ms")?;
        // What a bit that turned over has made of a repeat says nothing.
        let Some(Request { query, .. }) = repeat(row)? else { continue };
        if (received_ms, &query) < (delivery.received_ms, &delivery.query) {
            (delivery.received_ms, delivery.query) = (received_ms, query);
            origin = origin::of_row(connection, row);
        }
    }
    Ok((delivery, origin))
}

/// What [`spoken_for`] reads.
pub(crate) const SPOKEN_FOR: &str =
    "delivery.*, exists (select 1 from receipt where receipt.delivery_id = delivery.delivery_id) as came_again";

/// Reads a row of [`SPOKEN_FOR`]: a delivery with the time and the query of its earliest receipt.
pub(crate) fn spoken_for(connection: &Connection, row: &Row<'_>) -> Result<(Archived, Delivery), Error> {
    let archived = Archived { id: row.get("delivery_id")?, digest: Digest(row.get("digest")?) };
    let delivery = delivery_of(row)?;
    if !row.get::<_, bool>("came_again")? {
        return Ok((archived, delivery));
    }
    let (earliest, _) = speaking(connection, archived.id, (delivery, None))?;
    Ok((archived, earliest))
}

/// Puts a sound copy in the place of a row that was damaged on disk. It stays the receipt that it was: its moment and its origin
/// are not those of the copy.
pub(crate) fn mend(connection: &Connection, delivery_id: i64, digest: &Digest, sound: &Delivery) -> Result<(), Error> {
    connection
        .prepare_cached(
            "update delivery set digest = ?2, source = ?3, app = ?4, body_bytes = ?5, content = ?6 where delivery_id = ?1",
        )?
        .execute(params![
            delivery_id,
            digest.0,
            sound.source == Source::Backfill,
            sound.app,
            i64::try_from(sound.body.len()).unwrap_or(i64::MAX),
            content::pack(sound),
        ])?;
    Ok(())
}

/// A row that may be a delivery, and what it holds where that can be read.
pub(crate) struct Alike {
    pub(crate) archived: Archived,
    pub(crate) delivery: Result<Delivery, Error>,
}

/// The rows that may be a delivery: those whose digests begin alike.
pub(crate) fn alike(connection: &Connection, digest: &Digest) -> Result<Vec<Alike>, Error> {
    let mut statement =
        connection.prepare_cached("select * from delivery where substr(digest, 1, 6) = substr(?1, 1, 6)")?;
    let rows = statement.query_map([digest.0], |row| {
        let archived = Archived { id: row.get("delivery_id")?, digest: Digest(row.get("digest")?) };
        Ok(Alike { archived, delivery: delivery_of(row) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Reads a row of `delivery`, of any version, or of `quarantine`.
pub(crate) fn delivery_of(row: &Row<'_>) -> Result<Delivery, Error> {
    let (received_ms, app) = (row.get("received_ms")?, text(row, "app")?);
    let source = source_of(row)?;
    let Request { remote, method, query, headers, body } = request(row)?;
    Ok(Delivery { received_ms, source, remote, method, app, query, headers, body })
}

fn source_of(row: &Row<'_>) -> Result<Source, Error> {
    // Whatever waits in quarantine came as a callback; only the archive has a column for it.
    let Ok(source) = row.get_ref("source") else { return Ok(Source::Callback) };
    Ok(match source.as_i64() {
        Ok(1) => Source::Backfill,
        Ok(_) => Source::Callback,
        // Versions 1 and 2 had the word.
        Err(_) => Source::read(&text(row, "source")?),
    })
}

/// The request of a row of `delivery`, of any version, or of `quarantine`.
fn request(row: &Row<'_>) -> Result<Request, Error> {
    match row.get_ref("content") {
        Ok(content) => Ok(Request::unpack(bytes(content)?)),
        // Versions 1 and 2 had a column for each, and the quarantine has.
        Err(_) => Ok(Request { method: text(row, "method")?, body: row.get("body")?, ..columns(row)? }),
    }
}

/// The request of a row of `receipt`, of any version, without method and body; none where it is damaged.
pub(crate) fn repeat(row: &Row<'_>) -> Result<Option<Request>, Error> {
    match row.get_ref("content") {
        Ok(content) => Ok(Request::unpack_repeat(bytes(content)?)),
        Err(_) => columns(row).map(Some),
    }
}

fn columns(row: &Row<'_>) -> Result<Request, Error> {
    Ok(Request {
        remote: text(row, "remote")?,
        query: text(row, "query")?,
        // The body is what matters; a row whose headers cannot be read is no reason to lose it.
        headers: serde_json::from_str(&text(row, "headers")?).unwrap_or_default(),
        ..Request::default()
    })
}

fn bytes(value: ValueRef<'_>) -> Result<&[u8], Error> {
    value.as_bytes().map_err(|error| Error::Content(error.to_string()))
}

/// A text of the archive. A bit that turned over on disk must not keep the whole list from being read: the digest tells.
pub(crate) fn text(row: &Row<'_>, column: &str) -> Result<String, Error> {
    Ok(String::from_utf8_lossy(bytes(row.get_ref(column)?)?).into_owned())
}
