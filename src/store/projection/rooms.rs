//! What a delivery tells of a room: its event rows and registers, and the stays of the users concerned folded again.

use std::collections::btree_map;

use rusqlite::{Connection, OptionalExtension as _, named_params};

use crate::callback::facts::{RoomAction, RoomEvent};
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::projection::batch::{DirtySet, Redated, Told};
use crate::store::projection::counters::Counters;
use crate::store::projection::fold::stay;
use crate::store::projection::numbers::{self, Listed, NONE, Numbers};
use crate::store::projection::room_key::RoomKey;

/// The events of one user in one room, in order: one range of the table.
const EVENTS_OF_USER: &str = "select at_ms, delivery_id, action.word as action, cause.word as cause, unique_id
     from room_event
     cross join word as action on action.word_no = room_event.action_no
     cross join word as cause on cause.word_no = room_event.cause_no
     where room_no = ?1 and user_no = ?2 order by at_ms, delivery_id";

/// The users with events at or after a moment. Without statistics SQLite would rather read the whole room.
const USERS_AFTER: &str = "select distinct user_no from room_event indexed by room_event_time
     where room_no = ?1 and at_ms >= ?2 and user_no <> 0";

/// The events of one delivery at another moment. Without statistics SQLite would rather read the whole room.
const REDATE: &str = "update room_event indexed by room_event_time set at_ms = ?4
     where room_no = ?1 and at_ms = ?2 and delivery_id = ?3
     returning user_no, action_no";

/// The moments at which a room ended, in order.
const BOUNDARIES: &str = "select distinct at_ms from room_event indexed by room_event_boundary
     where room_no = ?1 and action_no = 2 order by at_ms";

/// The room's own row: a few look-ups in indexes, however many events the room has.
const FOLD_ROOM: &str = "insert into room (room_no, kind_no, room_id, first_ms, last_ms, created_ms, ended_ms, uncounted)
     with of_room as not materialized (
         select at_ms, action_no from room_event where room_no = ?1
     ),
     found as (
         select (select min(at_ms) from of_room) as first_ms,
                (select max(at_ms) from of_room) as last_ms,
                (select max(at_ms) from of_room where action_no = 1) as created_ms,
                (select max(at_ms) from of_room where action_no in (1, 4, 7)) as begun_ms,
                (select max(at_ms) from of_room where action_no = 2) as closed_ms
     ),
     ending as (
         select *, case when closed_ms >= coalesce(begun_ms, closed_ms) then closed_ms end as ended_ms from found
     ),
     life as (
         -- The newest life began after the last boundary before its first sign.
         select *, case when ended_ms is null then closed_ms
             else (select max(at_ms) from of_room where action_no = 2 and at_ms < begun_ms) end as before_ms
         from ending
     )
     select ?1, ?2, ?3, first_ms, last_ms,
            case when before_ms is null or created_ms > before_ms then created_ms end, ended_ms, iif(ended_ms is null, null, 1)
     from life where first_ms is not null
     on conflict (room_no) do update set
         first_ms = excluded.first_ms, last_ms = excluded.last_ms,
         created_ms = excluded.created_ms, ended_ms = excluded.ended_ms,
         uncounted = excluded.uncounted, users = null, stays = null, peak = null
     returning first_ms";

/// Writes the events and registers, and notes the room and the users whose stays they concern. Answers the room's number.
pub(crate) fn write(
    connection: &Connection,
    told: Told<'_>,
    event: &RoomEvent,
    dirty: &mut DirtySet,
) -> Result<i64, Error> {
    let (Told { archived, delivery, .. }, at_ms) = (told, told.at_ms());
    let key = RoomKey {
        app: delivery.app.clone(),
        product: event.product.code().to_owned(),
        room_id_type: event.room_id_type.code().to_owned(),
        room_id: event.room_id.clone(),
    };
    let kind_no = dirty.numbers.kind(connection, Listed::Room, key.kind())?;
    let room_no = dirty.numbers.room(connection, kind_no, &key.room_id)?;
    let named = write_events(connection, room_no, told, event, &mut dirty.numbers)?;
    let mut insert = connection.prepare_cached(
        "insert or replace into room_detail (room_no, register_no, at_ms, delivery_id, value) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (register, value) in &event.details {
        let register_no = dirty.numbers.word(connection, register)?;
        insert.execute((room_no, register_no, at_ms, archived.id, value.to_string()))?;
    }
    let users = match event.action {
        RoomAction::Closed => users_after(connection, room_no, at_ms)?,
        action if stay::What::read(action.code()).is_some() => named,
        _ => Vec::new(),
    };
    dirty.stays.extend(users.into_iter().map(|user_no| (room_no, user_no)));
    dirty.rooms.insert(room_no, key);
    Ok(room_no)
}

/// Writes a row for each user, or one for the room itself. Answers the numbers of the users.
fn write_events(
    connection: &Connection,
    room_no: i64,
    told: Told<'_>,
    event: &RoomEvent,
    numbers: &mut Numbers,
) -> Result<Vec<i64>, Error> {
    let users = event.users.iter().map(|user| numbers.user(connection, user)).collect::<Result<Vec<_>, _>>()?;
    let (action_no, cause_no) = (numbers::action_no(event.action), numbers.word(connection, &event.cause)?);
    let mut insert = connection.prepare_cached(
        "insert or replace into room_event (room_no, user_no, at_ms, delivery_id, action_no, cause_no, unique_id)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for user_no in if users.is_empty() { &[NONE] } else { &users[..] } {
        insert.execute((room_no, user_no, told.at_ms(), told.archived.id, action_no, cause_no, &event.unique_id))?;
    }
    Ok(users)
}

/// Dates a delivery's events and registers anew, and notes the room and the users whose stays they concern.
pub(crate) fn redate(
    connection: &Connection,
    room_no: i64,
    redated: Redated,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let Redated { delivery_id, from_ms, to_ms, .. } = redated;
    let moved = connection
        .prepare_cached(REDATE)?
        .query_map((room_no, from_ms, delivery_id, to_ms), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(i64, i64)>, _>>()?;
    connection
        .prepare_cached("update room_detail set at_ms = ?3 where room_no = ?1 and delivery_id = ?2")?
        .execute((room_no, delivery_id, to_ms))?;
    for (user_no, action_no) in moved {
        note_stays(connection, room_no, (user_no, action_no, from_ms.min(to_ms)), dirty)?;
    }
    note_room(connection, room_no, dirty)
}

/// Takes a delivery's events and registers back, and notes the room and the users whose stays are to be folded without them.
pub(crate) fn forget(
    connection: &Connection,
    room_no: i64,
    delivery_id: i64,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let gone = connection
        .prepare_cached(
            "delete from room_event where room_no = ?1 and delivery_id = ?2 returning user_no, action_no, at_ms",
        )?
        .query_map((room_no, delivery_id), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<Vec<(i64, i64, i64)>, _>>()?;
    connection
        .prepare_cached("delete from room_detail where room_no = ?1 and delivery_id = ?2")?
        .execute((room_no, delivery_id))?;
    for event in gone {
        note_stays(connection, room_no, event, dirty)?;
    }
    note_room(connection, room_no, dirty)
}

/// Notes whose stays an event concerns that went or moved: its user's, or those that it could cut from that moment on.
fn note_stays(
    connection: &Connection,
    room_no: i64,
    (user_no, action_no, at_ms): (i64, i64, i64),
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let users = match action_no == numbers::action_no(RoomAction::Closed) {
        true => users_after(connection, room_no, at_ms)?,
        false => vec![user_no],
    };
    let users = users.into_iter().filter(|user_no| *user_no != NONE);
    dirty.stays.extend(users.map(|user_no| (room_no, user_no)));
    Ok(())
}

/// Notes a room that was told of before: it has a row, or this batch has named it.
fn note_room(connection: &Connection, room_no: i64, dirty: &mut DirtySet) -> Result<(), Error> {
    if let btree_map::Entry::Vacant(unknown) = dirty.rooms.entry(room_no) {
        let known = RoomKey::read(connection, room_no)?;
        unknown.insert(known.ok_or_else(|| Error::Content(format!("room {room_no} has no name")))?);
    }
    Ok(())
}

/// The users with events at or after a boundary: only their stays can be cut by it.
fn users_after(connection: &Connection, room_no: i64, at_ms: i64) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(USERS_AFTER)?;
    let users = statement.query_map((room_no, at_ms), |row| row.get(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(users)
}

/// The moments at which a room ended, in order: its boundaries.
pub(crate) fn boundaries(connection: &Connection, room_no: i64) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(BOUNDARIES)?;
    let found = statement.query_map([room_no], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Folds one user's stays in one room.
pub(crate) fn fold_stays(
    connection: &Connection,
    (room_no, user_no): (i64, i64),
    key: &RoomKey,
    numbers: &mut Numbers,
    counters: &mut Counters,
) -> Result<(), Error> {
    let kind_no = numbers.kind(connection, Listed::Stay, key.kind())?;
    let boundaries = boundaries(connection, room_no)?;
    let events = presence(connection, room_no, user_no)?;
    let before = connection
        .prepare_cached("delete from stay where room_no = ?1 and user_no = ?2 returning sort_ms")?
        .query_map((room_no, user_no), |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    before.into_iter().for_each(|sort_ms| counters.take(kind_no, sort_ms));
    let mut insert = connection.prepare_cached(
        "insert into stay (room_no, user_no, n, kind_no, sort_ms, entered_ms, left_ms, closes_from_ms, enter_no, leave_no,
             away_ms, last_ms)
         values (:room, :user, :n, :kind, :sort, :entered, :left, :closes_from, :enter, :leave, :away, :last)",
    )?;
    for (n, stay) in (1_i64..).zip(stay::fold(events, &boundaries, &key.product)) {
        counters.add(kind_no, stay.sort_ms());
        insert.execute(named_params! {
            ":room": room_no, ":user": user_no, ":n": n, ":kind": kind_no, ":sort": stay.sort_ms(),
            ":entered": stay.entered_ms, ":left": stay.left_ms, ":closes_from": stay.closes_from_ms,
            ":enter": numbers.word(connection, &stay.enter_cause)?,
            ":leave": numbers.word(connection, &stay.leave_cause)?, ":away": stay.away_ms, ":last": stay.last_ms,
        })?;
    }
    Ok(())
}

/// What moved one user in or out of one room. Digests decide between events of one millisecond only, so only those are looked up.
fn presence(connection: &Connection, room_no: i64, user_no: i64) -> Result<Vec<stay::Presence>, Error> {
    let mut statement = connection.prepare_cached(EVENTS_OF_USER)?;
    let mut rows = statement.query((room_no, user_no))?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(what) = stay::What::read(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?) else { continue };
        let event = stay::Presence {
            at_ms: row.get(0)?,
            what,
            digest: Digest([0; 32]),
            cause: row.get(3)?,
            unique_id: row.get(4)?,
        };
        events.push((row.get::<_, i64>(1)?, event));
    }
    let mut digest = connection.prepare_cached("select digest from delivery where delivery_id = ?1")?;
    for moment in events.chunk_by_mut(|(_, a), (_, b)| a.at_ms == b.at_ms).filter(|moment| moment.len() > 1) {
        for (delivery_id, event) in moment {
            event.digest = Digest(digest.query_row([*delivery_id], |row| row.get(0))?);
        }
    }
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

/// Folds the room's own row. A room of which nothing is told any more has none.
pub(crate) fn fold_room(
    connection: &Connection,
    room_no: i64,
    key: &RoomKey,
    numbers: &mut Numbers,
    counters: &mut Counters,
) -> Result<(), Error> {
    let kind_no = numbers.kind(connection, Listed::Room, key.kind())?;
    let before: Option<i64> = connection
        .prepare_cached("select first_ms from room where room_no = ?1")?
        .query_row([room_no], |row| row.get(0))
        .optional()?;
    let after: Option<i64> = connection
        .prepare_cached(FOLD_ROOM)?
        .query_row((room_no, kind_no, &key.room_id), |row| row.get("first_ms"))
        .optional()?;
    if before.is_some() && after.is_none() {
        connection.prepare_cached("delete from room where room_no = ?1")?.execute([room_no])?;
    }
    if before != after {
        before.into_iter().for_each(|first_ms| counters.take(kind_no, first_ms));
        after.into_iter().for_each(|first_ms| counters.add(kind_no, first_ms));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// How SQLite goes about a statement: nothing on the answering path may grow with the number of events in a room.
    fn check(statement: &str, want: Expect) {
        let connection = crate::store::files::projection_file::scratch().unwrap();
        let statement = (1..=5).fold(statement.to_owned(), |text, n| text.replace(&format!("?{n}"), "7"));
        let plan: Vec<String> = connection
            .prepare(&format!("explain query plan {statement}"))
            .unwrap()
            .query_map([], |row| row.get("detail"))
            .unwrap()
            .map(Result::unwrap)
            .filter(|line: &String| line.contains("room_event"))
            .collect();
        want.assert_eq(&plan.join("\n"));
    }

    #[test]
    fn a_fold_reads_one_users_events_and_a_few_index_entries() {
        check(EVENTS_OF_USER, expect!["SEARCH room_event USING PRIMARY KEY (room_no=? AND user_no=?)"]);
        check(USERS_AFTER, expect!["SEARCH room_event USING COVERING INDEX room_event_time (room_no=? AND at_ms>?)"]);
        check(REDATE, expect!["SEARCH room_event USING INDEX room_event_time (room_no=? AND at_ms=?)"]);
        check(BOUNDARIES, expect!["SEARCH room_event USING COVERING INDEX room_event_boundary (room_no=?)"]);
        check(
            FOLD_ROOM,
            expect![[r#"
                SEARCH room_event USING COVERING INDEX room_event_time (room_no=?)
                SEARCH room_event USING COVERING INDEX room_event_time (room_no=?)
                SEARCH room_event USING COVERING INDEX room_event_time (room_no=?)
                SEARCH room_event USING COVERING INDEX room_event_created (room_no=?)
                SEARCH room_event USING INDEX room_event_begin (room_no=?)
                SEARCH room_event USING COVERING INDEX room_event_boundary (room_no=?)
                SEARCH room_event USING COVERING INDEX room_event_boundary (room_no=? AND at_ms<?)
                SEARCH room_event USING COVERING INDEX room_event_boundary (room_no=? AND at_ms<?)"#]],
        );
    }
}
