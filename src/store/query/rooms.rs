//! Rooms and stays as lists and details. Boundaries and silence are applied here, when they are read.

pub(crate) mod attendance;
pub(crate) mod occupancy;
mod registers;
pub(crate) mod sessions;
pub(crate) mod silence;
pub(crate) mod timeline;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::store::case_fold;
use crate::store::entry::Subject;
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::fold::seconds;
use crate::store::projection::numbers::{self, Listed};
use crate::store::projection::room_key::RoomKey;
use crate::store::query::list::{CountSource, List, Shape, given, is_wanted, json_of};
use crate::store::query::rooms::attendance::{Attendance, Counts};
use crate::store::query::rooms::sessions::{RoomSessions, words};
use crate::store::query::rooms::silence::{believed, ended, is_silent};
use crate::store::query::who::{self, name_of};
use crate::store::query::{notes, people};
use crate::store::rows::{RoomDetailRow, RoomRow, StayRow};

const ROOMS: Shape = Shape {
    columns: "room.*, kind.kind_0 as product, kind.kind_1 as room_id_type, kind.kind_2 as app",
    from: "room indexed by room_kind cross join kind on kind.kind_no = room.kind_no",
    bare: "room indexed by room_kind",
    time: "room.first_ms",
    ties: &["kind.kind_2", "room.room_id", "kind.kind_0", "kind.kind_1"],
};
/// By whatever finds few of them, so they can be sorted; or of too many kinds.
const ROOMS_UNSORTED: Shape =
    Shape { from: "room cross join kind on kind.kind_no = room.kind_no", bare: "room", ..ROOMS };
/// Of which something was heard lately, which few are.
const ROOMS_HEARD: Shape = Shape {
    from: "room indexed by room_heard cross join kind on kind.kind_no = room.kind_no",
    bare: "room indexed by room_heard",
    ..ROOMS
};
/// A stay with the next boundary of its room: an indexed look-up for each row.
const STAYS: Shape = Shape {
    columns: concat!(
        "stay.*, kind.kind_0 as product, kind.kind_1 as room_id_type, kind.kind_2 as app, room.room_id as room_id,
        user.user as user, ",
        name_of!("stay.user_no"),
        " as user_name, (select word from word where word_no = stay.enter_no) as enter_cause,
        (select word from word where word_no = stay.leave_no) as leave_cause,
        (select min(boundary.at_ms) from room_event as boundary indexed by room_event_boundary
         where boundary.room_no = stay.room_no and boundary.action_no = 2
           and boundary.at_ms >= stay.closes_from_ms) as boundary_ms"
    ),
    from: "stay indexed by stay_kind cross join kind on kind.kind_no = stay.kind_no
        cross join room on room.room_no = stay.room_no cross join user on user.user_no = stay.user_no",
    bare: "stay indexed by stay_kind",
    time: "stay.sort_ms",
    ties: &["kind.kind_2", "room.room_id", "kind.kind_0", "kind.kind_1", "user.user", "stay.n"],
};
const STAYS_OF_USER: Shape = Shape {
    from: "stay indexed by stay_user cross join kind on kind.kind_no = stay.kind_no
        cross join room on room.room_no = stay.room_no cross join user on user.user_no = stay.user_no",
    bare: "stay indexed by stay_user",
    ..STAYS
};
/// Those of one room, which are a range of the table; or of too many kinds. The plus keeps SQLite from reading all stays of a kind
/// instead, for the sake of their order.
const STAYS_UNSORTED: Shape = Shape {
    from: "stay cross join kind on kind.kind_no = stay.kind_no
        cross join room on room.room_no = stay.room_no cross join user on user.user_no = stay.user_no",
    bare: "stay",
    time: "+stay.sort_ms",
    ..STAYS
};

/// So many users are looked up in a room one by one.
const LOOKED_UP: usize = 20;

/// Rooms that the filter finds.
pub(crate) fn list(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let mut more = Vec::new();
    let is_inside = given(filter.inside.as_deref()).is_some();
    if is_inside {
        more.push(somebody_is_inside(&mut list, now_ms));
    }
    if let Some(text) = given(filter.q.as_deref()) {
        let needle = case_fold::fold(text);
        let users = list.bind(json_of(&who::users(connection, &needle)?));
        let noted = list.bind(json_of(&notes::rooms_with(connection, &needle)?));
        let needle = list.bind(needle);
        more.push(format!(
            "(contains_folded(room.room_id, {needle})
              or room.room_no in (select value from json_each({noted}))
              or room.room_no in (select room_no from stay indexed by stay_user
                                  where user_no in (select value from json_each({users}))))"
        ));
    }
    if let Some(users) = who::wanted_users(connection, filter)? {
        let users = list.bind(json_of(&users));
        more.push(format!(
            "room.room_no in (select room_no from stay where user_no in (select value from json_each({users})))"
        ));
    }
    let user = given(filter.user.as_deref());
    if let Some(user) = user {
        let Some(user_no) = numbers::user_no(connection, user)? else { return Ok(list) };
        let user = list.bind(user_no);
        more.push(format!("room.room_no in (select room_no from stay where user_no = {user})"));
    }
    let room = list.equal("room.room_id", filter.room.as_deref());
    let kinds = kinds(connection, Listed::Room, filter)?;
    if user.is_none() && room.is_none() && is_inside {
        more.extend(of_kinds(&mut list, "+room.kind_no", &kinds, filter));
        list.part(&ROOMS_HEARD, more, CountSource::No);
        return Ok(list);
    }
    if user.is_none() && room.is_none() {
        list.kinds((&ROOMS, &ROOMS_UNSORTED), "room.kind_no", &kinds, &more);
        return Ok(list);
    }
    more.extend(room);
    more.extend(of_kinds(&mut list, "+room.kind_no", &kinds, filter));
    list.part(&ROOMS_UNSORTED, more, CountSource::No);
    Ok(list)
}

/// A stay of the room is open and believed: what [`Attendance`] counts as inside.
fn somebody_is_inside(list: &mut List, now_ms: i64) -> String {
    let (after, before) = believed(now_ms);
    let (after, before) = (list.bind(after), list.bind(before));
    // A room was heard of whenever one of its stays was.
    format!(
        "room.last_ms > {after} and exists (select 1 from stay as is_in
             where is_in.room_no = room.room_no and is_in.left_ms is null
               and is_in.last_ms > {after} and is_in.last_ms < {before}
               and not exists (select 1 from room_event as boundary indexed by room_event_boundary
                   where boundary.room_no = room.room_no and boundary.action_no = 2
                     and boundary.at_ms >= is_in.closes_from_ms))"
    )
}

/// Stays that the filter finds.
pub(crate) fn stays(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let mut more = Vec::new();
    if let Some(text) = given(filter.q.as_deref()) {
        let needle = case_fold::fold(text);
        let users = list.bind(json_of(&who::users(connection, &needle)?));
        let needle = list.bind(needle);
        // Not by the joins of the shape: what is counted has none.
        more.push(format!(
            "(contains_folded((select room_id from room as named where named.room_no = stay.room_no), {needle})
              or stay.user_no in (select value from json_each({users})))"
        ));
    }
    if let Some(users) = who::wanted_users(connection, filter)? {
        let users = list.bind(json_of(&users));
        more.push(format!("stay.user_no in (select value from json_each({users}))"));
    }
    let user = given(filter.user.as_deref());
    if let Some(user) = user {
        let Some(user_no) = numbers::user_no(connection, user)? else { return Ok(list) };
        let user = list.bind(user_no);
        more.push(format!("stay.user_no = {user}"));
    }
    let room = list.equal("room_id", filter.room.as_deref());
    let kinds = kinds(connection, Listed::Stay, filter)?;
    if user.is_none() && room.is_none() {
        list.kinds((&STAYS, &STAYS_UNSORTED), "stay.kind_no", &kinds, &more);
        return Ok(list);
    }
    more.extend(room.map(|room| format!("stay.room_no in (select room_no from room where {room})")));
    more.extend(of_kinds(&mut list, "+stay.kind_no", &kinds, filter));
    list.part(if user.is_some() { &STAYS_OF_USER } else { &STAYS_UNSORTED }, more, CountSource::No);
    Ok(list)
}

/// The numbers of the kinds that the filter wants.
fn kinds(connection: &Connection, listed: Listed, filter: &Filter) -> Result<Vec<i64>, Error> {
    let found = numbers::kinds(connection, listed, |[product, room_id_type, app, _]| {
        is_wanted(filter.product.as_deref(), product)
            // Empty is a kind of its own here: Tencent did not say.
            && filter.room_id_type.as_deref().is_none_or(|wanted| wanted == room_id_type)
            && is_wanted(filter.app.as_deref(), app)
    })?;
    Ok(found.into_iter().map(|(kind_no, _)| kind_no).collect())
}

/// The restriction to those kinds, row by row, where the filter asks for any.
fn of_kinds(list: &mut List, column: &str, kinds: &[i64], filter: &Filter) -> Option<String> {
    let named = given(filter.product.as_deref()).or(given(filter.app.as_deref()));
    named.or(filter.room_id_type.as_deref()).map(|_| list.among_numbers(column, kinds))
}

/// Reads a row of the list of stays.
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
        user_name: row.get("user_name")?,
        n: row.get("n")?,
        entered_ms,
        left_ms,
        seconds: entered_ms.zip(left_ms).map(|(entered, left)| seconds::between(entered, left)),
        away_seconds: away_ms / 1_000,
        enter_cause: row.get("enter_cause")?,
        leave_cause,
    })
}

/// Reads a row of the list of rooms and counts who was in it, unless that is kept.
pub(crate) fn room_row(connection: &Connection, row: &Row<'_>, now_ms: i64) -> Result<RoomRow, Error> {
    let counts = match Counts::kept(row)? {
        Some(kept) => kept,
        None => attendance(connection, row, now_ms)?.counts(),
    };
    counted_row(connection, row, counts)
}

fn room_and_attendance(connection: &Connection, row: &Row<'_>, now_ms: i64) -> Result<(RoomRow, Attendance), Error> {
    let attendance = attendance(connection, row, now_ms)?;
    Ok((counted_row(connection, row, attendance.counts())?, attendance))
}

fn attendance(connection: &Connection, row: &Row<'_>, now_ms: i64) -> Result<Attendance, Error> {
    Attendance::read(connection, row.get("room_no")?, row.get("last_ms")?, now_ms)
}

fn counted_row(connection: &Connection, row: &Row<'_>, counts: Counts) -> Result<RoomRow, Error> {
    let room_no: i64 = row.get("room_no")?;
    let ended_ms: Option<i64> = row.get("ended_ms")?;
    let mut told = registers::told_last(connection, room_no, Some(&["name", "owner", "end_reason"]))?;
    let mut register = |name| words(told.remove(name).map(|told| told.value));
    let end_reason = register("end_reason")?;
    let owner = register("owner")?;
    Ok(RoomRow {
        app: row.get("app")?,
        product: row.get("product")?,
        room_id_type: row.get("room_id_type")?,
        room_id: row.get("room_id")?,
        name: register("name")?,
        owner_name: people::name(connection, &owner)?,
        owner,
        created_ms: row.get("created_ms")?,
        ended_ms,
        end_reason: if ended_ms.is_some() { end_reason } else { String::new() },
        users: counts.users,
        stays: counts.stays,
        peak: counts.peak,
        inside: counts.inside,
        first_ms: row.get("first_ms")?,
        last_ms: row.get("last_ms")?,
        found_user: None,
        found_name: String::new(),
    })
}

/// The first id of those users of each room that are among `users`; none for a room without any.
pub(crate) fn first_among(
    connection: &Connection,
    rooms: &[RoomRow],
    users: &[i64],
) -> Result<Vec<Option<String>>, Error> {
    // Few are looked up in each room; many are met where its stays are read.
    let read = if users.len() > LOOKED_UP { "+" } else { "" };
    let mut statement = connection.prepare_cached(&format!(
        "select one.key, min(user.user) from json_each(?1) as one
             cross join kind on kind.list = 'room' and kind_0 = one.value ->> 1 and kind_1 = one.value ->> 2
                 and kind_2 = one.value ->> 3
             cross join room on room.room_id = one.value ->> 0 and room.kind_no = kind.kind_no
             cross join stay on stay.room_no = room.room_no and {read}stay.user_no in (select value from json_each(?2))
             cross join user on user.user_no = stay.user_no
         group by one.key"
    ))?;
    let keys = rooms.iter().map(|room| json!([room.room_id, room.product, room.room_id_type, room.app]));
    let mut found = statement.query((Value::from_iter(keys).to_string(), json_of(users)))?;
    let mut first = vec![None; rooms.len()];
    while let Some(row) = found.next()? {
        let place = usize::try_from(row.get::<_, i64>(0)?).ok().and_then(|place| first.get_mut(place));
        if let Some(place) = place {
            *place = Some(row.get(1)?);
        }
    }
    Ok(first)
}

/// A room with what was told of it; `life` chooses whose occupancy is shown, otherwise that of its whole time.
pub(crate) fn detail(
    connection: &Connection,
    key: &RoomKey,
    life: Option<u32>,
    now_ms: i64,
) -> Result<Option<RoomDetailRow>, Error> {
    let Some(room_no) = key.number(connection)? else { return Ok(None) };
    let one = format!("select {} from {} where room.room_no = ?1", ROOMS.columns, ROOMS_UNSORTED.from);
    let (room, attendance) = connection
        .prepare_cached(&one)?
        .query_row([room_no], |row| Ok(room_and_attendance(connection, row, now_ms)))??;
    let lives = RoomSessions::read(connection, room_no, room.first_ms)?;
    let crowds = lives.split(&attendance);
    let chosen = life.and_then(|n| crowds.get(lives.index(n)?));
    let (details, details_ms) = registers::all(connection, room_no)?;
    let steps = timeline::steps(connection, room_no)?;
    let subject = Subject::Room {
        app: key.app.clone(),
        product: key.product.clone(),
        room_id_type: key.room_id_type.clone(),
        room_id: key.room_id.clone(),
    };
    let users = steps.iter().map(|step| step.user.as_str()).chain([room.owner.as_str()]);
    Ok(Some(RoomDetailRow {
        names: people::names(connection, users)?,
        notes: notes::of(connection, &subject)?,
        tags: notes::tags_of(connection, &subject)?,
        details,
        details_ms,
        lives: lives.rows(connection, room_no, &crowds)?,
        life: chosen.and(life),
        occupancy: occupancy::thin(chosen.unwrap_or(&attendance).line()),
        steps,
        room,
    }))
}
