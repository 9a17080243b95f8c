//! What a delivery tells of a call: its event row, and the call folded again from all of them.

use rusqlite::{Connection, named_params};

use super::{Touched, moment};
use crate::callback::{self, Callback, Query, facts::CallEvent};
use crate::store::Error;
use crate::store::delivery::{Delivery, Digest};
use crate::store::fold::member::Member;
use crate::store::fold::{call, step};

/// Writes the event and notes its call.
pub(super) fn write(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    event: &CallEvent,
    touched: &mut Touched,
) -> Result<(), Error> {
    write_event(connection, digest, delivery, callback, event)?;
    touched.calls.insert((delivery.app.clone(), event.call_id.clone()));
    Ok(())
}

/// Takes an event back and folds its call without it.
pub(super) fn forget(connection: &Connection, app: &str, call_id: &str, digest: &Digest) -> Result<(), Error> {
    connection
        .prepare_cached("delete from call_event where app = ?1 and call_id = ?2 and digest = ?3")?
        .execute((app, call_id, digest.0))?;
    fold(connection, app, call_id)
}

fn write_event(
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
pub(in crate::store) fn call_events(
    connection: &Connection,
    app: &str,
    call_id: &str,
) -> Result<Vec<step::Event>, Error> {
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

/// Folds a call and stores what came of it. Rows are updated in place, so that an index is touched only where its columns change.
pub(super) fn fold(connection: &Connection, app: &str, call_id: &str) -> Result<(), Error> {
    let Some(call) = call::fold(&call_events(connection, app, call_id)?) else {
        connection.prepare_cached("delete from member where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        connection.prepare_cached("delete from call where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        return Ok(());
    };
    write_call(connection, app, call_id, &call)?;
    write_members(connection, app, call_id, &call.members)?;
    let stored: i64 = connection
        .prepare_cached("select count(*) from member where app = ?1 and call_id = ?2")?
        .query_row((app, call_id), |row| row.get(0))?;
    if usize::try_from(stored) != Ok(call.members.len()) {
        // Somebody is not named any more: a better copy of an event took the place of the one that named them.
        connection.prepare_cached("delete from member where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        write_members(connection, app, call_id, &call.members)?;
    }
    Ok(())
}

fn write_call(connection: &Connection, app: &str, call_id: &str, call: &call::Call) -> Result<(), Error> {
    let others: Vec<&str> =
        call.members.iter().filter(|member| member.role.is_empty()).map(|member| member.user.as_str()).collect();
    connection
        .prepare_cached(
            "insert into call
                 (app, call_id, started_ms, answered_ms, ended_ms, result, media, call_type, caller, callees, others,
                  members, room_id, room_id_type, source, sources, last_ms)
             values (:app, :call_id, :started, :answered, :ended, :result, :media, :type, :caller, :callees, :others,
                  :members, :room_id, :room_id_type, :source, :sources, :last)
             on conflict (app, call_id) do update set
                 started_ms = excluded.started_ms, answered_ms = excluded.answered_ms, ended_ms = excluded.ended_ms,
                 result = excluded.result, media = excluded.media, call_type = excluded.call_type,
                 caller = excluded.caller, callees = excluded.callees, others = excluded.others,
                 members = excluded.members, room_id = excluded.room_id, room_id_type = excluded.room_id_type,
                 source = excluded.source, sources = excluded.sources, last_ms = excluded.last_ms",
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
    Ok(())
}

fn write_members(connection: &Connection, app: &str, call_id: &str, members: &[Member]) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "insert into member (app, call_id, user, position, role, invited_ms, joined_ms, left_ms, outcome,
             ring_seconds, talk_seconds, platform)
         values (:app, :call_id, :user, :position, :role, :invited, :joined, :left, :outcome, :ring, :talk, :platform)
         on conflict (app, call_id, user) do update set
             position = excluded.position, role = excluded.role, invited_ms = excluded.invited_ms,
             joined_ms = excluded.joined_ms, left_ms = excluded.left_ms, outcome = excluded.outcome,
             ring_seconds = excluded.ring_seconds, talk_seconds = excluded.talk_seconds, platform = excluded.platform",
    )?;
    for (position, member) in (0_i64..).zip(members) {
        insert.execute(named_params! {
            ":app": app, ":call_id": call_id, ":user": member.user, ":position": position, ":role": member.role,
            ":invited": member.invited_ms, ":joined": member.joined_ms, ":left": member.left_ms,
            ":outcome": member.outcome, ":ring": member.ring_seconds, ":talk": member.talk_seconds,
            ":platform": member.platform,
        })?;
    }
    Ok(())
}
