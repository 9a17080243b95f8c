//! Deliveries as the inspector lists them: the archive and the quarantine together, with what was made of each.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::delivery::{Delivery, Digest};
use super::filter::Filter;
use super::list::{List, given};
use super::rows::{DeliveryDetailRow, DeliveryRow};
use super::{Error, archive, text};
use crate::callback::lenient_json;

/// A delivery of the archive. `repeats` is counted when a row is read, by index.
macro_rules! archived {
    () => {
        "select reading.digest, reading.received_ms, reading.app, reading.family, reading.command, reading.verdict,
                reading.reason, reading.event_ms, reading.call_id, reading.room_id, delivery.source,
                length(delivery.body) as bytes,
                (select count(*) from receipt where receipt.digest = reading.digest) as repeats, 0 as quarantined
         from reading join delivery using (delivery_id)"
    };
}

/// One that waits in quarantine, in the same shape.
macro_rules! quarantined {
    () => {
        "digest, received_ms, app, family, command, verdict, reason, null, '', '', 'callback', length(body), repeats, 1 from quarantine"
    };
}

/// Archive and quarantine in one shape.
const ALL: &str = concat!("(", archived!(), " union all select ", quarantined!(), ") as delivery");

/// One of `ALL`, found through the archive.
const ONE: &str =
    concat!(archived!(), " where delivery.digest = ?1 union all select ", quarantined!(), " where digest = ?1");

/// Deliveries that the filter finds.
pub(super) fn list(filter: &Filter) -> List {
    let mut list = List::new("delivery.*", ALL, "delivery.received_ms", &["delivery.app", "delivery.digest"]);
    list.only_between(filter.from, filter.to);
    list.only_equal("delivery.app", filter.app.as_deref());
    list.only_equal("delivery.family", filter.family.as_deref());
    list.only_equal("delivery.room_id", filter.room.as_deref());
    list.only_among("delivery.verdict", filter.verdict.as_deref());
    if let Some(text) = given(filter.q.as_deref()) {
        let needle = list.bind(text::fold(text));
        list.only(format!(
            "(contains_folded(delivery.call_id, {needle}) or contains_folded(delivery.room_id, {needle})
              or contains_folded(delivery.command, {needle}))"
        ));
    }
    list
}

/// Reads a row of `ALL`.
pub(super) fn delivery_row(row: &Row<'_>) -> Result<DeliveryRow, Error> {
    let count = |name: &str| -> Result<u64, Error> {
        let value: i64 = row.get(name)?;
        Ok(u64::try_from(value).unwrap_or(0))
    };
    Ok(DeliveryRow {
        digest: Digest(row.get("digest")?).hex(),
        received_ms: row.get("received_ms")?,
        app: row.get("app")?,
        family: row.get("family")?,
        command: row.get("command")?,
        verdict: row.get("verdict")?,
        reason: row.get("reason")?,
        repeats: count("repeats")?,
        call_id: row.get("call_id")?,
        room_id: row.get("room_id")?,
        bytes: count("bytes")?,
        source: archive::text(row, "source")?,
        event_ms: row.get("event_ms")?,
        quarantined: row.get("quarantined")?,
    })
}

/// The deliveries that told of a call, oldest first.
pub(super) fn of_call(connection: &Connection, app: &str, call_id: &str) -> Result<Vec<DeliveryRow>, Error> {
    const OF_CALL: &str = concat!(
        archived!(),
        " where delivery.digest in (select digest from call_event where app = ?1 and call_id = ?2)
         order by reading.received_ms, reading.digest"
    );
    let rows = connection
        .prepare_cached(OF_CALL)?
        .query_map((app, call_id), |row| Ok(delivery_row(row)))?
        .collect::<Result<Result<Vec<_>, _>, _>>()??;
    Ok(rows)
}

/// A delivery as received, from the archive or the quarantine.
pub(super) fn raw(connection: &Connection, digest: &Digest) -> Result<Option<Delivery>, Error> {
    if let Some(delivery) = archive::earliest(connection, digest)? {
        return Ok(Some(delivery));
    }
    connection
        .prepare_cached("select * from quarantine where digest = ?1")?
        .query_row([digest.0], |row| Ok(archive::delivery_of(row)))
        .optional()?
        .transpose()
}

/// A delivery with everything that was kept of it.
pub(super) fn detail(connection: &Connection, digest: &Digest) -> Result<Option<DeliveryDetailRow>, Error> {
    let row = connection.prepare_cached(ONE)?.query_row([digest.0], |row| Ok(delivery_row(row))).optional()?;
    let (Some(row), Some(raw)) = (row, raw(connection, digest)?) else { return Ok(None) };
    let repeated_ms = connection
        .prepare_cached("select received_ms from receipt where digest = ?1 order by received_ms")?
        .query_map([digest.0], |row| row.get("received_ms"))?
        .collect::<Result<Vec<i64>, _>>()?;
    let pretty = lenient_json::read(&raw.body).ok().and_then(|(value, _)| serde_json::to_string_pretty(&value).ok());
    Ok(Some(DeliveryDetailRow {
        delivery: row?,
        remote: raw.remote,
        method: raw.method,
        query: masked(&raw.query),
        headers: raw.headers,
        body: String::from_utf8_lossy(&raw.body).into_owned(),
        pretty,
        repeated_ms,
    }))
}

/// The query with the values of signatures hidden: they are worth something for a minute.
fn masked(query: &str) -> String {
    query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _))
                if ["sign", "usersig", "token", "key"].iter().any(|secret| key.eq_ignore_ascii_case(secret)) =>
            {
                format!("{key}=***")
            }
            _ => pair.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("&")
}
