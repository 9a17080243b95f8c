//! The only writer of what is derived: one delivery applied, and the small unit that it concerns folded again.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde_json::{Map, Value};

use super::delivery::{Delivery, Digest, Source};
use super::fold::{call, plausible, stay, step};
use super::{Error, archive};
use crate::callback::codes::Verdict;
use crate::callback::facts::{CallEvent, Facts, RoomEvent};
use crate::callback::{self, Callback, Query};

/// The version of the parser and the folds; raised when they come to give other rows from the same deliveries.
pub(super) const RULES: u32 = 1;

/// The natural key of a room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoomKey {
    pub(super) app: String,
    pub(super) product: String,
    pub(super) room_id_type: String,
    pub(super) room_id: String,
}

/// Parses a stored delivery again.
pub(super) fn parse(delivery: &Delivery) -> Callback {
    let query = Query::parse(&delivery.query);
    match delivery.source {
        Source::Callback => callback::parse(&query, &delivery.headers, &delivery.body),
        Source::Backfill => callback::parse_fetched(&delivery.body),
    }
}

/// Applies a delivery whose tables know nothing of it yet. A fault undoes what it did and is kept as a verdict.
pub(super) fn apply(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
) -> Result<(), Error> {
    connection.prepare_cached("savepoint one")?.execute([])?;
    let done = try_apply(connection, digest, delivery, callback);
    if let Err(fault) = done {
        connection.prepare_cached("rollback to one")?.execute([])?;
        let mut kept = callback.clone();
        kept.verdict = Verdict::Fault;
        kept.reason =
            "Calltrail could not make a record of it; it is kept, and tried again at the next rebuild.".to_owned();
        tracing::error!(delivery = %digest.hex(), %fault, "projection failed");
        kept.facts = None;
        write_reading(connection, digest, delivery, &kept)?;
    }
    connection.prepare_cached("release one")?.execute([])?;
    Ok(())
}

/// Applies a delivery again whose earliest receipt has changed.
pub(super) fn apply_again(connection: &Connection, digest: &Digest) -> Result<(), Error> {
    forget(connection, digest)?;
    if let Some(delivery) = archive::earliest(connection, digest)? {
        apply(connection, digest, &delivery, &parse(&delivery))?;
    }
    Ok(())
}

/// The receipt that speaks for a delivery now.
pub(super) fn received_ms(connection: &Connection, digest: &Digest) -> Result<Option<i64>, Error> {
    let mut statement = connection.prepare_cached("select received_ms from reading where digest = ?1")?;
    Ok(statement.query_row([digest.0], |row| row.get(0)).optional()?)
}

fn try_apply(connection: &Connection, digest: &Digest, delivery: &Delivery, callback: &Callback) -> Result<(), Error> {
    let callback = &without_app(delivery, callback);
    write_reading(connection, digest, delivery, callback)?;
    match &callback.facts {
        Some(Facts::Call(event)) => {
            write_call_event(connection, digest, delivery, callback, event)?;
            fold_call(connection, &delivery.app, &event.call_id)
        }
        Some(Facts::Room(event)) => apply_room(connection, digest, delivery, callback, event),
        None => Ok(()),
    }
}

/// A delivery that names no application is kept and not applied (rules.md 1.1).
fn without_app(delivery: &Delivery, callback: &Callback) -> Callback {
    let mut callback = callback.clone();
    if delivery.app.is_empty() && !matches!(callback.verdict, Verdict::Test | Verdict::Empty) {
        callback.verdict = Verdict::NoApp;
        callback.reason =
            "The request names no application (SDKAppID), so it cannot be told whose call it is.".to_owned();
        callback.facts = None;
    }
    callback
}

fn write_reading(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
) -> Result<(), Error> {
    let (call_id, room) = match &callback.facts {
        Some(Facts::Call(event)) => (event.call_id.as_str(), None),
        Some(Facts::Room(event)) => ("", Some(event)),
        None => ("", None),
    };
    connection
        .prepare_cached(
            "insert or replace into reading
                 (digest, received_ms, app, family, command, verdict, reason, event_ms, call_id, product, room_id_type, room_id)
             values (:digest, :received, :app, :family, :command, :verdict, :reason, :event_ms, :call_id, :product, :kind, :room)",
        )?
        .execute(named_params! {
            ":digest": digest.0, ":received": delivery.received_ms, ":app": delivery.app,
            ":family": callback.family.code(), ":command": callback.command,
            ":verdict": callback.verdict.code(), ":reason": callback.reason,
            ":event_ms": plausible::own_time(callback.event_ms, delivery.received_ms), ":call_id": call_id,
            ":product": room.map_or("", |room| room.product.code()),
            ":kind": room.map_or("", |room| room.room_id_type.code()),
            ":room": room.map_or("", |room| room.room_id.as_str()),
        })?;
    Ok(())
}

/// When it happened, and whether the time of receipt stands in for it.
fn moment(delivery: &Delivery, callback: &Callback) -> (i64, bool) {
    match plausible::own_time(callback.event_ms, delivery.received_ms) {
        Some(at_ms) => (at_ms, false),
        None => (delivery.received_ms, true),
    }
}

fn write_call_event(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    event: &CallEvent,
) -> Result<(), Error> {
    let (at_ms, flagged) = moment(delivery, callback);
    let query = Query::parse(&delivery.query);
    connection
        .prepare_cached(
            "insert into call_event (app, call_id, digest, at_ms, flagged, family, command, client_ip, platform, facts)
             values (:app, :call_id, :digest, :at_ms, :flagged, :family, :command, :client_ip, :platform, :facts)",
        )?
        .execute(named_params! {
            ":app": delivery.app, ":call_id": event.call_id, ":digest": digest.0, ":at_ms": at_ms,
            ":flagged": flagged, ":family": callback.family.code(), ":command": callback.command,
            ":client_ip": callback::client_ip(&query), ":platform": callback::platform(&query),
            ":facts": serde_json::to_string(&event.detail)?,
        })?;
    Ok(())
}

/// The events of a call, in order, each once.
pub(super) fn call_events(connection: &Connection, app: &str, call_id: &str) -> Result<Vec<step::Event>, Error> {
    let mut statement = connection.prepare_cached("select * from call_event where app = ?1 and call_id = ?2")?;
    let mut rows = statement.query((app, call_id))?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let facts: String = row.get("facts")?;
        events.push(step::Event {
            at_ms: row.get("at_ms")?,
            digest: Digest(row.get("digest")?),
            flagged: row.get("flagged")?,
            family: row.get("family")?,
            command: row.get("command")?,
            client_ip: row.get("client_ip")?,
            platform: row.get("platform")?,
            detail: serde_json::from_str(&facts)?,
        });
    }
    Ok(step::in_order(events))
}

fn fold_call(connection: &Connection, app: &str, call_id: &str) -> Result<(), Error> {
    let folded = call::fold(&call_events(connection, app, call_id)?);
    connection.prepare_cached("delete from member where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
    let Some(call) = folded else {
        connection.prepare_cached("delete from call where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        return Ok(());
    };
    let others: Vec<&str> =
        call.members.iter().filter(|member| member.role.is_empty()).map(|member| member.user.as_str()).collect();
    connection
        .prepare_cached(
            "insert or replace into call
                 (app, call_id, started_ms, answered_ms, ended_ms, result, media, call_type, caller, callees, others,
                  members, room_id, room_id_type, source, sources, last_ms)
             values (:app, :call_id, :started, :answered, :ended, :result, :media, :type, :caller, :callees, :others,
                  :members, :room_id, :room_id_type, :source, :sources, :last)",
        )?
        .execute(named_params! {
            ":app": app, ":call_id": call_id, ":started": call.started_ms, ":answered": call.answered_ms,
            ":ended": call.ended_ms, ":result": call.result, ":media": call.media, ":type": call.call_type,
            ":caller": call.caller, ":callees": serde_json::to_string(&call.callees)?,
            ":others": serde_json::to_string(&others)?,
            ":members": i64::try_from(call.members.len()).unwrap_or(i64::MAX),
            ":room_id": call.room_id, ":room_id_type": call.room_id_type.code(), ":source": call.source,
            ":sources": call.sources.to_string(), ":last": call.last_ms,
        })?;
    let mut insert = connection.prepare_cached(
        "insert into member (app, call_id, user, position, role, invited_ms, joined_ms, left_ms, outcome,
             ring_seconds, talk_seconds, platform)
         values (:app, :call_id, :user, :position, :role, :invited, :joined, :left, :outcome, :ring, :talk, :platform)",
    )?;
    for (position, member) in (0_i64..).zip(&call.members) {
        insert.execute(named_params! {
            ":app": app, ":call_id": call_id, ":user": member.user, ":position": position, ":role": member.role,
            ":invited": member.invited_ms, ":joined": member.joined_ms, ":left": member.left_ms,
            ":outcome": member.outcome, ":ring": member.ring_seconds, ":talk": member.talk_seconds,
            ":platform": member.platform,
        })?;
    }
    Ok(())
}

fn apply_room(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    event: &RoomEvent,
) -> Result<(), Error> {
    let key = RoomKey {
        app: delivery.app.clone(),
        product: event.product.code().to_owned(),
        room_id_type: event.room_id_type.code().to_owned(),
        room_id: event.room_id.clone(),
    };
    let (at_ms, flagged) = moment(delivery, callback);
    write_room_events(connection, &key, digest, delivery, callback, event, (at_ms, flagged))?;
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
    if event.action == callback::facts::RoomAction::Closed {
        for user in users_after(connection, &key, at_ms)? {
            fold_stays(connection, &key, &user)?;
        }
    } else if stay::What::read(event.action.code()).is_some() {
        for user in &event.users {
            fold_stays(connection, &key, user)?;
        }
    }
    fold_room(connection, &key)
}

fn write_room_events(
    connection: &Connection,
    key: &RoomKey,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    event: &RoomEvent,
    (at_ms, flagged): (i64, bool),
) -> Result<(), Error> {
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
    let mut statement = connection.prepare_cached(
        "select distinct user from room_event
         where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and at_ms >= ?5 and user <> ''",
    )?;
    let users = statement
        .query_map((&key.app, &key.product, &key.room_id_type, &key.room_id, at_ms), |row| row.get("user"))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(users)
}

fn fold_stays(connection: &Connection, key: &RoomKey, user: &str) -> Result<(), Error> {
    let room = (&key.app, &key.product, &key.room_id_type, &key.room_id);
    let boundaries = connection
        .prepare_cached(
            "select at_ms from room_event
             where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and action = 'closed' order by at_ms",
        )?
        .query_map(room, |row| row.get("at_ms"))?
        .collect::<Result<Vec<i64>, _>>()?;
    let of_user = (room.0, room.1, room.2, room.3, user);
    let mut statement = connection.prepare_cached(
        "select at_ms, action, cause, unique_id from room_event
         where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and user = ?5",
    )?;
    let mut rows = statement.query(of_user)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let action: String = row.get("action")?;
        let Some(what) = stay::What::read(&action) else { continue };
        events.push(stay::Presence {
            at_ms: row.get("at_ms")?,
            what,
            cause: row.get("cause")?,
            unique_id: row.get("unique_id")?,
        });
    }
    connection
        .prepare_cached(
            "delete from stay where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4 and user = ?5",
        )?
        .execute(of_user)?;
    let mut insert = connection.prepare_cached(
        "insert into stay (app, product, room_id_type, room_id, user, n, entered_ms, left_ms, closes_from_ms,
             enter_cause, leave_cause, away_ms, last_ms, sort_ms)
         values (:app, :product, :kind, :room, :user, :n, :entered, :left, :closes_from,
             :enter_cause, :leave_cause, :away, :last, :sort)",
    )?;
    for (n, stay) in (1_i64..).zip(stay::fold(events, &boundaries)) {
        insert.execute(named_params! {
            ":app": key.app, ":product": key.product, ":kind": key.room_id_type, ":room": key.room_id,
            ":user": user, ":n": n, ":entered": stay.entered_ms, ":left": stay.left_ms,
            ":closes_from": stay.closes_from_ms, ":enter_cause": stay.enter_cause,
            ":leave_cause": stay.leave_cause, ":away": stay.away_ms, ":last": stay.last_ms, ":sort": stay.sort_ms(),
        })?;
    }
    Ok(())
}

/// The room's own row: a few look-ups in indexes, however many events the room has.
fn fold_room(connection: &Connection, key: &RoomKey) -> Result<(), Error> {
    let room = (&key.app, &key.product, &key.room_id_type, &key.room_id);
    connection
        .prepare_cached("delete from room where app = ?1 and product = ?2 and room_id_type = ?3 and room_id = ?4")?
        .execute(room)?;
    connection
        .prepare_cached(
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
             )
             select ?1, ?2, ?3, ?4, first_ms, last_ms, created_ms,
                    case when closed_ms >= coalesce(begun_ms, closed_ms) then closed_ms end
             from found where first_ms is not null",
        )?
        .execute(room)?;
    Ok(())
}

/// Takes back everything that one delivery told, before it is applied again.
fn forget(connection: &Connection, digest: &Digest) -> Result<(), Error> {
    let told = connection
        .prepare_cached("select app, call_id, product, room_id_type, room_id from reading where digest = ?1")?
        .query_row([digest.0], |row| {
            let key = RoomKey {
                app: row.get("app")?,
                product: row.get("product")?,
                room_id_type: row.get("room_id_type")?,
                room_id: row.get("room_id")?,
            };
            Ok((row.get::<_, String>("call_id")?, key))
        })
        .optional()?;
    let Some((call_id, key)) = told else { return Ok(()) };
    connection.prepare_cached("delete from reading where digest = ?1")?.execute([digest.0])?;
    if !call_id.is_empty() {
        connection
            .prepare_cached("delete from call_event where app = ?1 and call_id = ?2 and digest = ?3")?
            .execute((&key.app, &call_id, digest.0))?;
        fold_call(connection, &key.app, &call_id)?;
    }
    if !key.room_id.is_empty() {
        forget_room_events(connection, &key, digest)?;
    }
    Ok(())
}

fn forget_room_events(connection: &Connection, key: &RoomKey, digest: &Digest) -> Result<(), Error> {
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
        if action == callback::facts::RoomAction::Closed.code() {
            for user in users_after(connection, key, at_ms)? {
                fold_stays(connection, key, &user)?;
            }
        } else if !user.is_empty() {
            fold_stays(connection, key, &user)?;
        }
    }
    fold_room(connection, key)
}
