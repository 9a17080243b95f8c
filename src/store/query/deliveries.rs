//! Deliveries as the inspector lists them: the archive and the quarantine together, with what was made of each.

pub(crate) mod search;

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::callback::{lenient_json, reason::Reason};
use crate::store::archive::{self, of_digest};
use crate::store::case_fold;
use crate::store::delivery::{Delivery, Digest, Origin};
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::numbers::{self, Listed};
use crate::store::query::list::{CountSource, KINDS_MAX, List, Shape, given, is_among, is_wanted, json_of};
use crate::store::rows::{DeliveryDetailRow, DeliveryRow};

/// What is read of a delivery of the archive. Its repeats are counted when the row is read, by index.
macro_rules! archived {
    () => {
        "kept.digest, told.received_ms, kind.kind_2 as app, kind.kind_1 as family,
         (select command from command where command.command_no = told.command_no) as command, kind.kind_0 as verdict,
         (select word from word where word_no = told.reason_no) as reason, told.event_ms,
         coalesce((select call_id from call where call.call_no = told.call_no), '') as call_id,
         coalesce((select room_id from room where room.room_no = told.room_no), '') as room_id,
         iif(kept.source = 1, 'backfill', 'callback') as source, kept.body_bytes as bytes,
         (select count(*) from receipt where receipt.delivery_id = kept.delivery_id) as repeats, 0 as quarantined"
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
            from: concat!(
                $bare,
                " cross join delivery as kept on kept.delivery_id = told.delivery_id cross join kind on kind.kind_no = told.kind_no"
            ),
            bare: $bare,
            time: "told.received_ms",
            ties: &["kind.kind_2", "kept.digest"],
        }
    };
}
const NEWEST: Shape = of_archive!("outcome as told indexed by outcome_newest");
const OF_KIND: Shape = of_archive!("outcome as told indexed by outcome_kind");
const OF_ROOM: Shape = of_archive!("outcome as told indexed by outcome_room");
/// What a search has found: few, so they are sorted.
const FOUND: Shape = of_archive!("json_each(?3) as hit cross join outcome as told on told.delivery_id = hit.value");
const QUARANTINE: Shape = Shape {
    columns: quarantined!(),
    from: "quarantine as told indexed by quarantine_newest",
    bare: "quarantine as told indexed by quarantine_newest",
    time: "told.received_ms",
    ties: &["told.app", "told.digest"],
};

/// Deliveries that the filter finds, of the archive and the quarantine, to be shown.
pub(crate) fn list(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    searching(connection, filter, search::few(connection)?)
}

/// The same, to be counted.
pub(crate) fn counted(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    searching(connection, filter, search::COUNTED_MAX)
}

fn searching(connection: &Connection, filter: &Filter, most: usize) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let needle = given(filter.q.as_deref()).map(case_fold::fold);
    let has_room = given(filter.room.as_deref()).is_some();
    let hits = match &needle {
        Some(needle) if !has_room => search::hits(connection, needle, most)?,
        _ => None,
    };
    if let Some(hits) = &hits {
        list.bind(json_of(hits));
    }
    let kinds = wanted_kinds(connection, filter)?;
    if has_room {
        let mut more = search::conditions(connection, &mut list, needle.as_deref())?;
        of_room(connection, &mut list, filter, kinds.as_deref(), &mut more)?;
        return Ok(list);
    }
    match (&kinds, hits.is_some()) {
        (Some(kinds), true) => {
            let of_kind = list.among_numbers("told.kind_no", kinds);
            list.part(&FOUND, vec![of_kind], CountSource::No);
        }
        (None, true) => list.part(&FOUND, Vec::new(), CountSource::No),
        (Some(kinds), false) => {
            let more = search::conditions(connection, &mut list, needle.as_deref())?;
            list.kinds((&OF_KIND, &NEWEST), "told.kind_no", kinds, &more);
        }
        (None, false) => {
            let more = search::conditions(connection, &mut list, needle.as_deref())?;
            let known = if more.is_empty() { CountSource::All(Listed::Outcome) } else { CountSource::No };
            list.part(&NEWEST, more, known);
        }
    }
    let chosen = [
        list.among("told.verdict", filter.verdict.as_deref()),
        list.equal("told.family", filter.family.as_deref()),
        list.equal("told.app", filter.app.as_deref()),
    ];
    let by_command = needle.map(|needle| format!("contains_folded(told.command, {})", list.bind(needle)));
    list.part(&QUARANTINE, chosen.into_iter().flatten().chain(by_command).collect(), CountSource::No);
    Ok(list)
}

/// The kinds of what deliveries say that a filter lets through; `None` where it asks for none in particular.
fn wanted_kinds(connection: &Connection, filter: &Filter) -> Result<Option<Vec<i64>>, Error> {
    let choices = [&filter.verdict, &filter.family, &filter.app];
    if choices.into_iter().all(|choice| given(choice.as_deref()).is_none()) {
        return Ok(None);
    }
    let kinds = numbers::kinds(connection, Listed::Outcome, |kind| {
        is_among(filter.verdict.as_deref(), kind[0])
            && is_wanted(filter.family.as_deref(), kind[1])
            && is_wanted(filter.app.as_deref(), kind[2])
    })?;
    Ok(Some(kinds.into_iter().map(|(kind_no, _)| kind_no).collect()))
}

/// Adds the deliveries of the rooms with this id: each is one range of an index.
fn of_room(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    kinds: Option<&[i64]>,
    more: &mut Vec<String>,
) -> Result<(), Error> {
    more.extend(kinds.map(|kinds| list.among_numbers("told.kind_no", kinds)));
    let rooms: Vec<i64> = connection
        .prepare_cached("select room_no from room where room_id = ?1")?
        .query_map([filter.room.as_deref()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if rooms.len() > KINDS_MAX {
        let among = list.among_numbers("told.room_no", &rooms);
        list.part(&NEWEST, [among].into_iter().chain(more.iter().cloned()).collect(), CountSource::No);
        return Ok(());
    }
    for room_no in rooms {
        let of_room = format!("told.room_no = {}", list.bind(room_no));
        list.part(&OF_ROOM, [of_room].into_iter().chain(more.iter().cloned()).collect(), CountSource::No);
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
        reason: Reason::read(&archive::text(row, "reason")?),
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
pub(crate) fn of_call(connection: &Connection, call_no: i64) -> Result<Vec<DeliveryRow>, Error> {
    const OF_CALL: &str = concat!(
        "select ",
        archived!(),
        " from outcome as told join delivery as kept using (delivery_id) join kind using (kind_no)
         where told.call_no = ?1 order by told.received_ms, kept.digest"
    );
    let rows = connection
        .prepare_cached(OF_CALL)?
        .query_map([call_no], |row| Ok(delivery_row(row)))?
        .collect::<Result<Result<Vec<_>, _>, _>>()??;
    Ok(rows)
}

/// A delivery as received, from the archive or the quarantine, and which receipt of which record that is; what waits in
/// quarantine is none.
pub(crate) fn raw(connection: &Connection, digest: &Digest) -> Result<Option<(Delivery, Option<Origin>)>, Error> {
    if let Some(earliest) = archive::earliest(connection, digest)? {
        return Ok(Some(earliest));
    }
    let waiting = connection
        .prepare_cached("select * from quarantine where digest = ?1")?
        .query_row([digest.0], |row| Ok(archive::delivery_of(row)))
        .optional()?
        .transpose()?;
    Ok(waiting.map(|delivery| (delivery, None)))
}

/// A delivery with everything that was kept of it.
pub(crate) fn detail(connection: &Connection, digest: &Digest) -> Result<Option<DeliveryDetailRow>, Error> {
    const ONE: &str = concat!(
        "select ",
        archived!(),
        " from delivery as kept join outcome as told using (delivery_id) join kind using (kind_no) where ",
        of_digest!("?1", "kept"),
        " union all select ",
        quarantined!(),
        " from quarantine as told where told.digest = ?1"
    );
    let row = connection.prepare_cached(ONE)?.query_row([digest.0], |row| Ok(delivery_row(row))).optional()?;
    let (Some(row), Some((raw, origin))) = (row, raw(connection, digest)?) else { return Ok(None) };
    let repeated_ms = connection
        .prepare_cached(concat!(
            "select receipt.received_ms from receipt join delivery using (delivery_id) where ",
            of_digest!("?1"),
            " order by receipt.received_ms"
        ))?
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
        origin: origin.map(|origin| origin.text()),
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
