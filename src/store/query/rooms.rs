//! Rooms and stays as lists and details. Boundaries and silence are applied here, when they are read.

pub(crate) mod attendance;
pub(crate) mod occupancy;
pub(crate) mod sessions;
pub(crate) mod silence;

use crate::store::query::rooms::sessions::words;
use crate::store::query::rooms::silence::{ended, is_silent};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::{Map, Value};

use crate::store::case_fold;
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::counters::Counted;
use crate::store::projection::fold::seconds;
use crate::store::projection::room_key::RoomKey;
use crate::store::query::list::{CountSource, List, Shape, given, is_wanted, kinds};
use crate::store::query::rooms::attendance::Attendance;
use crate::store::query::rooms::sessions::RoomSessions;
use crate::store::rows::{RoomDetailRow, RoomRow, StayRow, StepRow};

/// Steps that a room's detail shows.
const STEPS: i64 = 500;

/// A stay with the next boundary of its room: an indexed look-up for each row.
const STAY_COLUMNS: &str = "stay.*, (
    select min(boundary.at_ms) from room_event as boundary
    where boundary.app = stay.app and boundary.product = stay.product and boundary.room_id_type = stay.room_id_type
      and boundary.room_id = stay.room_id and boundary.action = 'closed' and boundary.at_ms >= stay.closes_from_ms
) as boundary_ms";

const ROOMS: Shape = Shape {
    columns: "room.*",
    from: "room indexed by room_kind",
    bare: "room indexed by room_kind",
    time: "room.first_ms",
    ties: &["room.app", "room.room_id", "room.product", "room.room_id_type"],
};
/// By the rooms' own key, where that is known: few, so they can be sorted.
const ROOMS_BY_KEY: Shape = Shape { from: "room", bare: "room", ..ROOMS };
const STAYS: Shape = Shape {
    columns: STAY_COLUMNS,
    from: "stay indexed by stay_kind",
    bare: "stay indexed by stay_kind",
    time: "stay.sort_ms",
    ties: &["stay.app", "stay.room_id", "stay.product", "stay.room_id_type", "stay.user", "stay.n"],
};
/// Those of one room, which are a stretch of the table. The plus keeps SQLite from reading all stays of the kind instead, for
/// the sake of their order.
const STAYS_BY_KEY: Shape = Shape { from: "stay", bare: "stay", time: "+stay.sort_ms", ..STAYS };
const STAYS_OF_USER: Shape = Shape { from: "stay indexed by stay_user", bare: "stay indexed by stay_user", ..STAYS };
/// What tells kinds of rooms and stays apart.
const KINDS: [&str; 3] = ["product", "room_id_type", "app"];

/// Rooms that the filter finds.
pub(crate) fn list(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let mut more = Vec::new();
    if let Some(text) = given(filter.q.as_deref()) {
        let needle = list.bind(case_fold::fold(text));
        more.push(format!(
            "(contains_folded(room.room_id, {needle})
              or exists (select 1 from stay as named where named.app = room.app and named.product = room.product
                         and named.room_id_type = room.room_id_type and named.room_id = room.room_id
                         and contains_folded(named.user, {needle})))"
        ));
    }
    if let Some(user) = given(filter.user.as_deref()) {
        let user = list.bind(user.to_owned());
        more.push(format!(
            "(room.app, room.product, room.room_id_type, room.room_id)
             in (select app, product, room_id_type, room_id from stay where user = {user})"
        ));
        more.extend(exactly(&mut list, filter, "room"));
        list.part(&ROOMS_BY_KEY, more, CountSource::No);
        return Ok(list);
    }
    of_kinds(connection, &mut list, filter, ("room", &ROOMS, &ROOMS_BY_KEY), Counted::Room, &more)?;
    Ok(list)
}

/// Stays that the filter finds.
pub(crate) fn stays(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let mut more = Vec::new();
    if let Some(text) = given(filter.q.as_deref()) {
        let needle = list.bind(case_fold::fold(text));
        more.push(format!("(contains_folded(stay.room_id, {needle}) or contains_folded(stay.user, {needle}))"));
    }
    if let Some(user) = list.equal("stay.user", filter.user.as_deref()) {
        more.push(user);
        more.extend(exactly(&mut list, filter, "stay"));
        list.part(&STAYS_OF_USER, more, CountSource::No);
        return Ok(list);
    }
    of_kinds(connection, &mut list, filter, ("stay", &STAYS, &STAYS_BY_KEY), Counted::Stay, &more)?;
    Ok(list)
}

/// Adds each kind that is wanted: a stretch of one index for each of them, or of the table where the room is known. Where there
/// are too many kinds, the table is read row by row.
fn of_kinds(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    (table, kind_shape, key_shape): (&str, &'static Shape, &'static Shape),
    counted: Counted,
    more: &[String],
) -> Result<(), Error> {
    let wanted = |n: usize, value: &str| match n {
        0 => is_wanted(filter.product.as_deref(), value),
        // Empty is a kind of its own here: Tencent did not say.
        1 => filter.room_id_type.as_deref().is_none_or(|kind| kind == value),
        _ => is_wanted(filter.app.as_deref(), value),
    };
    let Some(kinds) = kinds(connection, kind_shape.bare, &KINDS, &wanted)? else {
        let mut conditions = exactly(list, filter, table);
        conditions.extend_from_slice(more);
        list.part(key_shape, conditions, CountSource::No);
        return Ok(());
    };
    let room = list.equal(&format!("{table}.room_id"), filter.room.as_deref());
    let shape = if room.is_some() { key_shape } else { kind_shape };
    for kind in kinds {
        list.kind(shape, counted, (table, &KINDS), kind, room.iter().chain(more).cloned());
    }
    Ok(())
}

/// The restrictions to what is named exactly, row by row.
fn exactly(list: &mut List, filter: &Filter, table: &str) -> Vec<String> {
    let texts = [("app", &filter.app), ("room_id", &filter.room), ("product", &filter.product)];
    let mut conditions: Vec<String> = texts
        .into_iter()
        .filter_map(|(column, value)| list.equal(&format!("{table}.{column}"), value.as_deref()))
        .collect();
    if let Some(kind) = filter.room_id_type.as_deref() {
        let kind = list.bind(kind.to_owned());
        conditions.push(format!("{table}.room_id_type = {kind}"));
    }
    conditions
}

/// Reads a row of `STAY_COLUMNS`.
pub(crate) fn stay_row(row: &Row<'_>, now_ms: i64) -> Result<StayRow, Error> {
    let entered_ms: Option<i64> = row.get("entered_ms")?;
    let own_left_ms: Option<i64> = row.get("left_ms")?;
    let boundary_ms: Option<i64> = row.get("boundary_ms")?;
    let last_ms: i64 = row.get("last_ms")?;
    let own_cause: String = row.get("leave_cause")?;
    let left_ms = ended(own_left_ms, boundary_ms);
    let leave_cause = match left_ms {
        Some(_) if left_ms == own_left_ms => own_cause,
        Some(_) => "room_closed".to_owned(),
        None if is_silent(last_ms, now_ms) => "unknown".to_owned(),
        None => String::new(),
    };
    let away_ms: i64 = row.get("away_ms")?;
    Ok(StayRow {
        app: row.get("app")?,
        product: row.get("product")?,
        room_id_type: row.get("room_id_type")?,
        room_id: row.get("room_id")?,
        user: row.get("user")?,
        n: row.get("n")?,
        entered_ms,
        left_ms,
        seconds: entered_ms.zip(left_ms).map(|(entered, left)| seconds::between(entered, left)),
        away_seconds: away_ms / 1_000,
        enter_cause: row.get("enter_cause")?,
        leave_cause,
    })
}

/// Reads a row of `room` and counts who was in it.
pub(crate) fn room_row(connection: &Connection, row: &Row<'_>, now_ms: i64) -> Result<RoomRow, Error> {
    Ok(room_and_attendance(connection, row, now_ms)?.0)
}

fn room_and_attendance(connection: &Connection, row: &Row<'_>, now_ms: i64) -> Result<(RoomRow, Attendance), Error> {
    let key = RoomKey {
        app: row.get("app")?,
        product: row.get("product")?,
        room_id_type: row.get("room_id_type")?,
        room_id: row.get("room_id")?,
    };
    let attendance = Attendance::read(connection, &key, row.get("last_ms")?, now_ms)?;
    let counts = attendance.counts();
    let ended_ms: Option<i64> = row.get("ended_ms")?;
    let end_reason = match ended_ms {
        Some(_) => register(connection, &key, "end_reason")?,
        None => String::new(),
    };
    let room = RoomRow {
        name: register(connection, &key, "name")?,
        owner: register(connection, &key, "owner")?,
        created_ms: row.get("created_ms")?,
        ended_ms,
        end_reason,
        users: counts.users,
        stays: counts.stays,
        peak: counts.peak,
        inside: counts.inside,
        first_ms: row.get("first_ms")?,
        last_ms: row.get("last_ms")?,
        app: key.app,
        product: key.product,
        room_id_type: key.room_id_type,
        room_id: key.room_id,
    };
    Ok((room, attendance))
}

/// What a register of a room holds now, as text; empty when nothing.
fn register(connection: &Connection, key: &RoomKey, register: &str) -> Result<String, Error> {
    let value: Option<String> = connection
        .prepare_cached(
            "select value from room_detail
             where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and register = ?5
             order by at_ms desc, digest desc limit 1",
        )?
        .query_row((&key.app, &key.product, &key.room_id_type, &key.room_id, register), |row| row.get(0))
        .optional()?;
    words(value)
}

/// A room with what was told of it; `life` chooses whose occupancy is shown, otherwise that of its whole time.
pub(crate) fn detail(
    connection: &Connection,
    key: &RoomKey,
    life: Option<u32>,
    now_ms: i64,
) -> Result<Option<RoomDetailRow>, Error> {
    let of_room = (&key.app, &key.product, &key.room_id_type, &key.room_id);
    let found = connection
        .prepare_cached("select * from room where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4")?
        .query_row(of_room, |row| Ok(room_and_attendance(connection, row, now_ms)))
        .optional()?;
    let Some((room, attendance)) = found.transpose()? else { return Ok(None) };
    let lives = RoomSessions::read(connection, key, room.first_ms)?;
    let crowds = lives.split(&attendance);
    let chosen = life.and_then(|n| crowds.get(lives.index(n)?));
    let (details, details_ms) = details(connection, key)?;
    Ok(Some(RoomDetailRow {
        details,
        details_ms,
        lives: lives.rows(connection, key, &crowds)?,
        life: chosen.and(life),
        occupancy: occupancy::thin(chosen.unwrap_or(&attendance).line()),
        steps: steps(connection, key)?,
        room,
    }))
}

/// Every register's newest value and when it was told; a register that was removed is not there.
fn details(connection: &Connection, key: &RoomKey) -> Result<(Value, Value), Error> {
    let mut statement = connection.prepare_cached(
        "select register, value, at_ms from room_detail
         where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 order by register, at_ms, digest",
    )?;
    let mut found = statement.query((&key.app, &key.product, &key.room_id_type, &key.room_id))?;
    let (mut details, mut told) = (Map::new(), Map::new());
    while let Some(row) = found.next()? {
        let (register, value): (String, String) = (row.get("register")?, row.get("value")?);
        told.insert(register.clone(), Value::from(row.get::<_, i64>("at_ms")?));
        details.insert(register, serde_json::from_str(&value)?);
    }
    details.retain(|_, value: &mut Value| !value.is_null());
    told.retain(|register, _| details.contains_key(register));
    Ok((details.into(), told.into()))
}

fn steps(connection: &Connection, key: &RoomKey) -> Result<Vec<StepRow>, Error> {
    let mut statement = connection.prepare_cached(
        "select * from room_event where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4
         order by at_ms desc, digest desc, user limit ?5",
    )?;
    let limit = SqlValue::from(STEPS);
    let mut found = statement.query((&key.app, &key.product, &key.room_id_type, &key.room_id, limit))?;
    let mut steps = Vec::new();
    while let Some(row) = found.next()? {
        let sent: String = row.get("sent")?;
        let mut sent: Value = serde_json::from_str(&sent)?;
        let cause: String = row.get("cause")?;
        if let (false, Some(words)) = (cause.is_empty(), sent.as_object_mut()) {
            words.insert("cause".to_owned(), cause.into());
        }
        steps.push(StepRow {
            at_ms: row.get("at_ms")?,
            action: row.get("action")?,
            user: row.get("user")?,
            platform: row.get("platform")?,
            client_ip: row.get("client_ip")?,
            sent,
            family: row.get("family")?,
            command: row.get("command")?,
            flagged: row.get("flagged")?,
            delivery: Digest(row.get("digest")?).hex(),
        });
    }
    Ok(steps)
}
