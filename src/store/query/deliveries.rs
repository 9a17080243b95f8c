//! Deliveries as the inspector lists them: the archive and the quarantine together, with what was made of each.

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::callback::lenient_json;
use crate::store::delivery::{Delivery, Digest};
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::counters::Counted;
use crate::store::projection::search::segment;
use crate::store::query::list::{CountSource, List, Shape, given, is_among, is_wanted, kinds};
use crate::store::rows::{DeliveryDetailRow, DeliveryRow};
use crate::store::{archive, case_fold};

/// What is read of a delivery of the archive. Its repeats are counted when the row is read, by index.
macro_rules! archived {
    () => {
        "told.digest, told.received_ms, told.app, told.family, told.command, told.verdict, told.reason, told.event_ms,
         told.call_id, told.room_id, kept.source, length(kept.body) as bytes,
         (select count(*) from receipt where receipt.digest = told.digest) as repeats, 0 as quarantined"
    };
}

/// What is read of a delivery in quarantine, in the same shape.
macro_rules! quarantined {
    () => {
        "told.digest, told.received_ms, told.app, told.family, told.command, told.verdict, told.reason, null as event_ms,
         '' as call_id, '' as room_id, 'callback' as source, length(told.body) as bytes, told.repeats, 1 as quarantined"
    };
}

macro_rules! of_archive {
    ($bare:literal) => {
        Shape {
            columns: archived!(),
            from: concat!($bare, " cross join delivery as kept using (delivery_id)"),
            bare: $bare,
            time: "told.received_ms",
            ties: &["told.app", "told.digest"],
        }
    };
}
const NEWEST: Shape = of_archive!("reading as told indexed by reading_newest");
const OF_KIND: Shape = of_archive!("reading as told indexed by reading_kind");
const OF_ROOM: Shape = of_archive!("reading as told indexed by reading_room");
/// What a search has to look through: few, so they are sorted.
const SEARCHED: Shape = of_archive!(
    "json_each(?3) as first cross join reading as told on told.delivery_id >= first.value and told.delivery_id < first.value + 64"
);
const _: () = assert!(segment::DELIVERIES == 64, "SEARCHED names the length of a stretch");
const QUARANTINE: Shape = Shape {
    columns: quarantined!(),
    from: "quarantine as told indexed by quarantine_newest",
    bare: "quarantine as told indexed by quarantine_newest",
    time: "told.received_ms",
    ties: &["told.app", "told.digest"],
};
const KINDS: [&str; 3] = ["verdict", "family", "app"];

/// Deliveries that the filter finds, of the archive and the quarantine, to be shown.
pub(crate) fn list(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    searching(connection, filter, segment::few)
}

/// The same, to be counted: every row is read in any case, so those that a search need not look at are left out.
pub(crate) fn counted(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    searching(connection, filter, |_| Ok(usize::MAX))
}

/// `most`: a search looks through so many stretches of the archive and sorts what it finds; where there are more, it walks the list.
fn searching(
    connection: &Connection,
    filter: &Filter,
    most: impl Fn(&Connection) -> Result<usize, Error>,
) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let needle = given(filter.q.as_deref()).map(case_fold::fold);
    let segments = match &needle {
        Some(needle) if given(filter.room.as_deref()).is_none() => {
            segment::holding(connection, needle, &list.window(), most(connection)?)?
        }
        _ => None,
    };
    if let Some(segments) = &segments {
        list.bind(serde_json::to_string(segments)?);
    }
    let searched = needle.map(|needle| list.bind(needle));
    let by_command = searched.as_ref().map(|needle| format!("contains_folded(told.command, {needle})"));
    let searched = searched.map(|needle| {
        format!(
            "(contains_folded(told.call_id, {needle}) or contains_folded(told.room_id, {needle})
              or contains_folded(told.command, {needle}))"
        )
    });
    let chosen = [
        list.among("told.verdict", filter.verdict.as_deref()),
        list.equal("told.family", filter.family.as_deref()),
        list.equal("told.app", filter.app.as_deref()),
    ];
    let chosen: Vec<String> = chosen.into_iter().flatten().collect();
    if let Some(room) = list.equal("told.room_id", filter.room.as_deref()) {
        let conditions = [room, "told.room_id <> ''".to_owned()].into_iter().chain(chosen).chain(searched);
        list.part(&OF_ROOM, conditions.collect(), CountSource::No);
        return Ok(list);
    }
    if segments.is_some() {
        list.part(&SEARCHED, chosen.iter().cloned().chain(searched).collect(), CountSource::No);
    } else if chosen.is_empty() {
        let known = if searched.is_some() { CountSource::No } else { CountSource::All(Counted::Reading) };
        list.part(&NEWEST, searched.into_iter().collect(), known);
    } else {
        of_kinds(connection, &mut list, filter, &chosen, searched)?;
    }
    list.part(&QUARANTINE, chosen.into_iter().chain(by_command).collect(), CountSource::No);
    Ok(list)
}

/// Adds each kind of reading that is wanted: a stretch of one index for each of them.
fn of_kinds(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    chosen: &[String],
    searched: Option<String>,
) -> Result<(), Error> {
    let wanted = |n: usize, value: &str| match n {
        0 => is_among(filter.verdict.as_deref(), value),
        1 => is_wanted(filter.family.as_deref(), value),
        _ => is_wanted(filter.app.as_deref(), value),
    };
    let Some(kinds) = kinds(connection, OF_KIND.bare, &KINDS, &wanted)? else {
        list.part(&NEWEST, chosen.iter().cloned().chain(searched).collect(), CountSource::No);
        return Ok(());
    };
    for kind in kinds {
        list.kind(&OF_KIND, Counted::Reading, ("told", &KINDS), kind, searched.clone());
    }
    Ok(())
}

/// Reads a row of a list of deliveries.
pub(crate) fn delivery_row(row: &Row<'_>) -> Result<DeliveryRow, Error> {
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
pub(crate) fn of_call(connection: &Connection, app: &str, call_id: &str) -> Result<Vec<DeliveryRow>, Error> {
    const OF_CALL: &str = concat!(
        "select ",
        archived!(),
        " from reading as told join delivery as kept using (delivery_id)
         where kept.digest in (select digest from call_event where app = ?1 and call_id = ?2)
         order by told.received_ms, told.digest"
    );
    let rows = connection
        .prepare_cached(OF_CALL)?
        .query_map((app, call_id), |row| Ok(delivery_row(row)))?
        .collect::<Result<Result<Vec<_>, _>, _>>()??;
    Ok(rows)
}

/// A delivery as received, from the archive or the quarantine.
pub(crate) fn raw(connection: &Connection, digest: &Digest) -> Result<Option<Delivery>, Error> {
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
pub(crate) fn detail(connection: &Connection, digest: &Digest) -> Result<Option<DeliveryDetailRow>, Error> {
    const ONE: &str = concat!(
        "select ",
        archived!(),
        " from reading as told join delivery as kept using (delivery_id) where kept.digest = ?1 union all select ",
        quarantined!(),
        " from quarantine as told where told.digest = ?1"
    );
    let row = connection.prepare_cached(ONE)?.query_row([digest.0], |row| Ok(delivery_row(row))).optional()?;
    let (Some(row), Some(raw)) = (row, raw(connection, digest)?) else { return Ok(None) };
    let repeated_ms = connection
        .prepare_cached("select received_ms from receipt where digest = ?1 order by received_ms")?
        .query_map([digest.0], |row| row.get("received_ms"))?
        .collect::<Result<Vec<i64>, _>>()?;
    Ok(Some(DeliveryDetailRow {
        delivery: row?,
        remote: raw.remote,
        method: raw.method,
        query: masked(&raw.query),
        headers: raw.headers,
        body: lenient_json::shown(&raw.body).into_owned(),
        pretty: lenient_json::indented(&raw.body),
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
