//! What a delivery tells of a room: its event rows and registers, and the stays of the users concerned folded again.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde_json::{Map, Value};

use crate::callback::{
    self, Query,
    facts::{RoomAction, RoomEvent},
};
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::projection::batch::Redated;
use crate::store::projection::batch::{DirtySet, Told};
use crate::store::projection::counters::{Counted, Counters};
use crate::store::projection::fold::stay;
use crate::store::projection::room_key::RoomKey;

/// The events of one user in one room: one stretch of the table.
const EVENTS_OF_USER: &str = "select at_ms, digest, action, cause, unique_id from room_event
     where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and user = ?5";

/// The users with events at or after a moment. Without statistics SQLite would rather read the whole room.
const USERS_AFTER: &str = "select distinct user from room_event indexed by room_event_time
     where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and at_ms >= ?5 and user <> ''";

/// The events of one delivery at another moment. Without statistics SQLite would rather read the whole room.
const REDATE: &str = "update room_event indexed by room_event_time set at_ms = ?7, flagged = ?8
     where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and at_ms = ?5 and digest = ?6
     returning user, action";

/// The room's own row: a few look-ups in indexes, however many events the room has.
const FOLD_ROOM: &str =
    "insert into room (app, product, room_id_type, room_id, first_ms, last_ms, created_ms, ended_ms)
     with of_room as not materialized (
         select at_ms, action from room_event
         where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4
     ),
     found as (
         select (select min(at_ms) from of_room) as first_ms,
                (select max(at_ms) from of_room) as last_ms,
                (select max(at_ms) from of_room where action = 'created') as created_ms,
                (select max(at_ms) from of_room where action in ('created', 'enter', 'recover')) as begun_ms,
                (select max(at_ms) from of_room where action = 'closed') as closed_ms
     ),
     ending as (
         select *, case when closed_ms >= coalesce(begun_ms, closed_ms) then closed_ms end as ended_ms from found
     ),
     life as (
         -- The newest life began after the last boundary before its first sign.
         select *, case when ended_ms is null then closed_ms
             else (select max(at_ms) from of_room where action = 'closed' and at_ms < begun_ms) end as before_ms
         from ending
     )
     select ?1, ?2, ?3, ?4, first_ms, last_ms,
            case when before_ms is null or created_ms > before_ms then created_ms end, ended_ms
     from life where first_ms is not null
     on conflict (app, product, room_id_type, room_id) do update set
         first_ms = excluded.first_ms, last_ms = excluded.last_ms,
         created_ms = excluded.created_ms, ended_ms = excluded.ended_ms
     returning first_ms";

/// Writes the events and registers, and notes the room and the users whose stays they concern.
pub(crate) fn write(
    connection: &Connection,
    told: Told<'_>,
    event: &RoomEvent,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let Told { digest, delivery, at_ms, .. } = told;
    let key = RoomKey {
        app: delivery.app.clone(),
        product: event.product.code().to_owned(),
        room_id_type: event.room_id_type.code().to_owned(),
        room_id: event.room_id.clone(),
    };
    write_events(connection, &key, told, event)?;
    let mut insert = connection.prepare_cached(
        "insert or replace into room_detail (app, product, room_id_type, room_id, register, at_ms, digest, value)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (register, value) in &event.details {
        insert.execute((
            &key.app,
            &key.product,
            &key.room_id_type,
            &key.room_id,
            register,
            at_ms,
            digest.0,
            value.to_string(),
        ))?;
    }
    let users = match event.action {
        RoomAction::Closed => users_after(connection, &key, at_ms)?,
        action if stay::What::read(action.code()).is_some() => event.users.clone(),
        _ => Vec::new(),
    };
    dirty.stays.extend(users.into_iter().map(|user| (key.clone(), user)));
    dirty.rooms.insert(key);
    Ok(())
}

/// Dates a delivery's events and registers anew, and notes the room and the users whose stays they concern.
pub(crate) fn redate(
    connection: &Connection,
    key: RoomKey,
    redated: Redated,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let Redated { digest, from_ms, to_ms, flagged } = redated;
    let room = (&key.app, &key.product, &key.room_id_type, &key.room_id);
    let moved = connection
        .prepare_cached(REDATE)?
        .query_map((room.0, room.1, room.2, room.3, from_ms, digest.0, to_ms, flagged), |row| {
            Ok((row.get::<_, String>("user")?, row.get::<_, String>("action")?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    connection
        .prepare_cached(
            "update room_detail set at_ms = ?6
             where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and digest = ?5",
        )?
        .execute((room.0, room.1, room.2, room.3, digest.0, to_ms))?;
    for (user, action) in moved {
        let users = match action == RoomAction::Closed.code() {
            true => users_after(connection, &key, from_ms.min(to_ms))?,
            false => vec![user],
        };
        let users = users.into_iter().filter(|user| !user.is_empty());
        dirty.stays.extend(users.map(|user| (key.clone(), user)));
    }
    dirty.rooms.insert(key);
    Ok(())
}

fn write_events(connection: &Connection, key: &RoomKey, told: Told<'_>, event: &RoomEvent) -> Result<(), Error> {
    let Told { digest, delivery, callback, at_ms, flagged } = told;
    let query = Query::parse(&delivery.query);
    let sent: Map<String, Value> = event.sent.iter().cloned().collect();
    let sent = Value::from(sent).to_string();
    let mut insert = connection.prepare_cached(
        "insert or replace into room_event (app, product, room_id_type, room_id, digest, user, at_ms, flagged, action, cause,
             unique_id, family, command, client_ip, platform, sent)
         values (:app, :product, :kind, :room, :digest, :user, :at_ms, :flagged, :action, :cause,
             :unique_id, :family, :command, :client_ip, :platform, :sent)",
    )?;
    let nobody = [String::new()];
    let users = if event.users.is_empty() { &nobody[..] } else { &event.users[..] };
    for user in users {
        insert.execute(named_params! {
            ":app": key.app, ":product": key.product, ":kind": key.room_id_type, ":room": key.room_id,
            ":digest": digest.0, ":user": user, ":at_ms": at_ms, ":flagged": flagged,
            ":action": event.action.code(), ":cause": event.cause, ":unique_id": event.unique_id,
            ":family": callback.family.code(), ":command": callback.command,
            ":client_ip": callback::client_ip(&query), ":platform": callback::platform(&query), ":sent": sent,
        })?;
    }
    Ok(())
}

/// The users with events at or after a boundary: only their stays can be cut by it.
fn users_after(connection: &Connection, key: &RoomKey, at_ms: i64) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(USERS_AFTER)?;
    let users = statement
        .query_map((&key.app, &key.product, &key.room_id_type, &key.room_id, at_ms), |row| row.get("user"))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(users)
}

/// The moments at which a room ended, in order: its boundaries.
pub(crate) fn boundaries(connection: &Connection, key: &RoomKey) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "select distinct at_ms from room_event
         where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and action = 'closed' order by at_ms",
    )?;
    let found = statement.query_map((&key.app, &key.product, &key.room_id_type, &key.room_id), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Folds one user's stays in one room.
pub(crate) fn fold_stays(
    connection: &Connection,
    key: &RoomKey,
    user: &str,
    tally: &mut Counters,
) -> Result<(), Error> {
    let room = (&key.app, &key.product, &key.room_id_type, &key.room_id);
    let boundaries = boundaries(connection, key)?;
    let of_user = (room.0, room.1, room.2, room.3, user);
    let mut statement = connection.prepare_cached(EVENTS_OF_USER)?;
    let mut rows = statement.query(of_user)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let action: String = row.get("action")?;
        let Some(what) = stay::What::read(&action) else { continue };
        events.push(stay::Presence {
            at_ms: row.get("at_ms")?,
            what,
            digest: Digest(row.get("digest")?),
            cause: row.get("cause")?,
            unique_id: row.get("unique_id")?,
        });
    }
    let before = connection
        .prepare_cached(
            "delete from stay where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and user = ?5
             returning sort_ms",
        )?
        .query_map(of_user, |row| row.get("sort_ms"))?
        .collect::<Result<Vec<i64>, _>>()?;
    before.into_iter().for_each(|sort_ms| tally.take(Counted::Stay, sort_ms, key.kind()));
    let mut insert = connection.prepare_cached(
        "insert into stay (app, product, room_id_type, room_id, user, n, entered_ms, left_ms, closes_from_ms,
             enter_cause, leave_cause, away_ms, last_ms, sort_ms)
         values (:app, :product, :kind, :room, :user, :n, :entered, :left, :closes_from,
             :enter_cause, :leave_cause, :away, :last, :sort)",
    )?;
    for (n, stay) in (1_i64..).zip(stay::fold(events, &boundaries, &key.product)) {
        tally.add(Counted::Stay, stay.sort_ms(), key.kind());
        insert.execute(named_params! {
            ":app": key.app, ":product": key.product, ":kind": key.room_id_type, ":room": key.room_id,
            ":user": user, ":n": n, ":entered": stay.entered_ms, ":left": stay.left_ms,
            ":closes_from": stay.closes_from_ms, ":enter_cause": stay.enter_cause,
            ":leave_cause": stay.leave_cause, ":away": stay.away_ms, ":last": stay.last_ms, ":sort": stay.sort_ms(),
        })?;
    }
    Ok(())
}

/// Folds the room's own row.
pub(crate) fn fold_room(connection: &Connection, key: &RoomKey, tally: &mut Counters) -> Result<(), Error> {
    let room = (&key.app, &key.product, &key.room_id_type, &key.room_id);
    let before: Option<i64> = connection
        .prepare_cached(
            "select first_ms from room where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4",
        )?
        .query_row(room, |row| row.get(0))
        .optional()?;
    let after: Option<i64> =
        connection.prepare_cached(FOLD_ROOM)?.query_row(room, |row| row.get("first_ms")).optional()?;
    if before != after {
        before.into_iter().for_each(|first_ms| tally.take(Counted::Room, first_ms, key.kind()));
        after.into_iter().for_each(|first_ms| tally.add(Counted::Room, first_ms, key.kind()));
    }
    Ok(())
}

/// Takes a delivery's events and registers back and folds the stays without them.
pub(crate) fn forget(
    connection: &Connection,
    key: &RoomKey,
    digest: &Digest,
    tally: &mut Counters,
) -> Result<(), Error> {
    let of_delivery = (&key.app, &key.product, &key.room_id_type, &key.room_id, digest.0);
    let gone = connection
        .prepare_cached(
            "delete from room_event
             where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and digest = ?5
             returning user, at_ms, action",
        )?
        .query_map(of_delivery, |row| {
            Ok((row.get::<_, String>("user")?, row.get::<_, i64>("at_ms")?, row.get::<_, String>("action")?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    connection
        .prepare_cached(
            "delete from room_detail
             where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and digest = ?5",
        )?
        .execute(of_delivery)?;
    for (user, at_ms, action) in gone {
        if action == RoomAction::Closed.code() {
            for user in users_after(connection, key, at_ms)? {
                fold_stays(connection, key, &user, tally)?;
            }
        } else if !user.is_empty() {
            fold_stays(connection, key, &user, tally)?;
        }
    }
    let gone: Option<i64> = connection
        .prepare_cached(
            "delete from room where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 returning first_ms",
        )?
        .query_row((&key.app, &key.product, &key.room_id_type, &key.room_id), |row| row.get("first_ms"))
        .optional()?;
    gone.into_iter().for_each(|first_ms| tally.take(Counted::Room, first_ms, key.kind()));
    fold_room(connection, key, tally)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// How SQLite goes about a statement: nothing on the answering path may grow with the number of events in a room.
    fn check(statement: &str, want: Expect) {
        let connection = crate::store::files::projection_file::scratch().unwrap();
        let statement = (1..=5).fold(statement.to_owned(), |text, n| text.replace(&format!("?{n}"), "'x'"));
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
        check(
            EVENTS_OF_USER,
            expect![
                "SEARCH room_event USING PRIMARY KEY (app=? AND product=? AND room_id_type=? AND room_id=? AND user=?)"
            ],
        );
        check(
            USERS_AFTER,
            expect![
                "SEARCH room_event USING COVERING INDEX room_event_time (app=? AND product=? AND room_id_type=? AND room_id=? AND at_ms>?)"
            ],
        );
        check(
            FOLD_ROOM,
            expect![[r#"
                SEARCH room_event USING COVERING INDEX room_event_time (app=? AND product=? AND room_id_type=? AND room_id=?)
                SEARCH room_event USING COVERING INDEX room_event_time (app=? AND product=? AND room_id_type=? AND room_id=?)
                SEARCH room_event USING COVERING INDEX room_event_time (app=? AND product=? AND room_id_type=? AND room_id=?)
                SEARCH room_event USING COVERING INDEX room_event_created (app=? AND product=? AND room_id_type=? AND room_id=?)
                SEARCH room_event USING INDEX room_event_begin (app=? AND product=? AND room_id_type=? AND room_id=?)
                SEARCH room_event USING COVERING INDEX room_event_boundary (app=? AND product=? AND room_id_type=? AND room_id=?)
                SEARCH room_event USING COVERING INDEX room_event_boundary (app=? AND product=? AND room_id_type=? AND room_id=? AND at_ms<?)
                SEARCH room_event USING COVERING INDEX room_event_boundary (app=? AND product=? AND room_id_type=? AND room_id=? AND at_ms<?)"#]],
        );
    }
}
