//! What a delivery tells of a call: its event row, and the call folded again from all of them.

use crate::store::projection::fold::folded::Call;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::callback::{self, Query, facts::CallEvent};
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::projection::batch::Redated;
use crate::store::projection::batch::{DerivedIndexes, DirtySet, Told};
use crate::store::projection::counters::Counted;
use crate::store::projection::fold::{call, step};
use crate::store::projection::search::CallKey;

/// Writes the event and notes its call.
pub(crate) fn write(
    connection: &Connection,
    told: Told<'_>,
    event: &CallEvent,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let written = write_event(connection, told, event)?;
    dirty.calls.entry((told.delivery.app.clone(), event.call_id.clone())).or_default().push(written);
    Ok(())
}

/// Dates an event anew and notes its call, whose copy of it is not what is stored any more.
pub(crate) fn redate(
    connection: &Connection,
    app: &str,
    call_id: &str,
    redated: Redated,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let Redated { digest, to_ms, flagged, .. } = redated;
    connection
        .prepare_cached(
            "update call_event set at_ms = ?4, flagged = ?5 where app = ?1 and call_id = ?2 and digest = ?3",
        )?
        .execute((app, call_id, digest.0, to_ms, flagged))?;
    let at_hand = dirty.calls.entry((app.to_owned(), call_id.to_owned())).or_default();
    at_hand.retain(|event| event.digest != digest);
    Ok(())
}

/// Takes an event back and folds its call without it.
pub(crate) fn forget(
    connection: &Connection,
    app: &str,
    call_id: &str,
    digest: &Digest,
    derived: &mut DerivedIndexes,
) -> Result<(), Error> {
    connection
        .prepare_cached("delete from call_event where app = ?1 and call_id = ?2 and digest = ?3")?
        .execute((app, call_id, digest.0))?;
    fold(connection, app, call_id, &[], derived)
}

fn write_event(connection: &Connection, told: Told<'_>, event: &CallEvent) -> Result<step::Event, Error> {
    let Told { digest, delivery, callback, at_ms, flagged } = told;
    let query = Query::parse(&delivery.query);
    let written = step::Event {
        at_ms,
        digest: *digest,
        flagged,
        family: callback.family.code().to_owned(),
        command: callback.command.clone(),
        client_ip: callback::client_ip(&query).to_owned(),
        platform: callback::platform(&query).to_owned(),
        detail: event.detail.clone(),
    };
    connection
        .prepare_cached(
            "insert into call_event (app, call_id, digest, at_ms, flagged, family, command, client_ip, platform, facts)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute((
            &delivery.app,
            &event.call_id,
            written.digest.0,
            written.at_ms,
            written.flagged,
            &written.family,
            &written.command,
            &written.client_ip,
            &written.platform,
            serde_json::to_string(&written.detail)?,
        ))?;
    Ok(written)
}

/// The events of a call, in order, each once.
pub(crate) fn call_events(connection: &Connection, app: &str, call_id: &str) -> Result<Vec<step::Event>, Error> {
    Ok(step::in_order(stored(connection, app, call_id, &[])?))
}

/// The events of a call. Those that were written in this transaction are at hand and need not be read again.
fn stored(
    connection: &Connection,
    app: &str,
    call_id: &str,
    at_hand: &[step::Event],
) -> Result<Vec<step::Event>, Error> {
    let mut statement = connection.prepare_cached(
        "select digest, at_ms, flagged, family, command, client_ip, platform, facts
         from call_event where app = ?1 and call_id = ?2",
    )?;
    let mut rows = statement.query((app, call_id))?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let digest = Digest(row.get(0)?);
        if let Some(known) = at_hand.iter().find(|event| event.digest == digest) {
            events.push(known.clone());
            continue;
        }
        events.push(step::Event {
            digest,
            at_ms: row.get(1)?,
            flagged: row.get(2)?,
            family: row.get(3)?,
            command: row.get(4)?,
            client_ip: row.get(5)?,
            platform: row.get(6)?,
            detail: serde_json::from_str(row.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?)?,
        });
    }
    Ok(events)
}

/// What lists know a call by, as its row has it.
#[derive(PartialEq, Eq)]
struct CallSummary {
    started_ms: i64,
    result: String,
    media: String,
    call_type: String,
    room_id: String,
    caller: String,
    callees: String,
    others: String,
}

impl CallSummary {
    fn of(call: &Call) -> Result<Self, Error> {
        let others: Vec<&str> =
            call.members.iter().filter(|member| member.role.is_empty()).map(|member| member.user.as_str()).collect();
        Ok(Self {
            started_ms: call.started_ms,
            result: call.result.clone(),
            media: call.media.clone(),
            call_type: call.call_type.clone(),
            room_id: call.room_id.clone(),
            caller: call.caller.clone(),
            callees: serde_json::to_string(&call.callees)?,
            others: serde_json::to_string(&others)?,
        })
    }

    /// The row as it is, and how many members are stored.
    fn stored(connection: &Connection, app: &str, call_id: &str) -> Result<Option<(Self, i64)>, Error> {
        let mut statement = connection.prepare_cached(
            "select started_ms, result, media, call_type, room_id, caller, callees, others,
                 (select count(*) from member where member.app = call.app and member.call_id = call.call_id)
             from call where app = ?1 and call_id = ?2",
        )?;
        let read = |row: &Row<'_>| {
            let known = Self {
                started_ms: row.get(0)?,
                result: row.get(1)?,
                media: row.get(2)?,
                call_type: row.get(3)?,
                room_id: row.get(4)?,
                caller: row.get(5)?,
                callees: row.get(6)?,
                others: row.get(7)?,
            };
            Ok((known, row.get(8)?))
        };
        Ok(statement.query_row((app, call_id), read).optional()?)
    }

    fn kind<'a>(&'a self, app: &'a str) -> [&'a str; 4] {
        [&self.result, &self.media, &self.call_type, app]
    }

    /// What a search finds it by; the members are those that are named here.
    fn ids(&self) -> (i64, [&str; 4]) {
        (self.started_ms, [&self.room_id, &self.caller, &self.callees, &self.others])
    }
}

/// Folds a call and stores what came of it. Rows are updated in place, so that an index is touched only where its columns change.
pub(crate) fn fold(
    connection: &Connection,
    app: &str,
    call_id: &str,
    at_hand: &[step::Event],
    derived: &mut DerivedIndexes,
) -> Result<(), Error> {
    let call = call::fold(&step::in_order(stored(connection, app, call_id, at_hand)?));
    if let Some(call) = &call {
        write_members(connection, app, call_id, call)?;
    }
    // Looked up when the members are written and the call is not: what it was, and how many members there are now.
    let before = CallSummary::stored(connection, app, call_id)?;
    let after = call.as_ref().map(CallSummary::of).transpose()?;
    note(app, call_id, before.as_ref().map(|(before, _)| before), call.as_ref().zip(after.as_ref()), derived);
    let Some((call, after)) = call.zip(after) else {
        connection.prepare_cached("delete from member where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        connection.prepare_cached("delete from call where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        return Ok(());
    };
    write_call(connection, app, call_id, &call, &after)?;
    if before.is_some_and(|(_, stored)| usize::try_from(stored) != Ok(call.members.len())) {
        // Somebody is not named any more: a better copy of an event took the place of the one that named them.
        connection.prepare_cached("delete from member where app = ?1 and call_id = ?2")?.execute((app, call_id))?;
        write_members(connection, app, call_id, &call)?;
    }
    Ok(())
}

/// Notes what changes for whoever counts and searches calls.
fn note(
    app: &str,
    call_id: &str,
    before: Option<&CallSummary>,
    after: Option<(&Call, &CallSummary)>,
    derived: &mut DerivedIndexes,
) {
    if before == after.map(|(_, after)| after) {
        return;
    }
    if let Some(before) = before {
        derived.tally.take(Counted::Call, before.started_ms, before.kind(app));
    }
    if let Some((_, after)) = after {
        derived.tally.add(Counted::Call, after.started_ms, after.kind(app));
    }
    if before.map(CallSummary::ids) == after.map(|(_, after)| after.ids()) {
        return;
    }
    if let Some(before) = before {
        derived.ids.take(CallKey::new(before.started_ms, app, call_id));
    }
    if let Some((call, after)) = after {
        let users = call.members.iter().map(|member| member.user.as_str());
        let ids = [call_id, &after.room_id].into_iter().chain(users).filter(|id| !id.is_empty());
        derived.ids.put(CallKey::new(after.started_ms, app, call_id), ids);
    }
}

fn write_call(
    connection: &Connection,
    app: &str,
    call_id: &str,
    call: &Call,
    known: &CallSummary,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "insert into call
                 (app, call_id, started_ms, answered_ms, ended_ms, result, media, call_type, caller, callees, others,
                  members, room_id, room_id_type, source, sources, last_ms)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
             on conflict (app, call_id) do update set
                 started_ms = excluded.started_ms, answered_ms = excluded.answered_ms, ended_ms = excluded.ended_ms,
                 result = excluded.result, media = excluded.media, call_type = excluded.call_type,
                 caller = excluded.caller, callees = excluded.callees, others = excluded.others,
                 members = excluded.members, room_id = excluded.room_id, room_id_type = excluded.room_id_type,
                 source = excluded.source, sources = excluded.sources, last_ms = excluded.last_ms",
        )?
        .execute(params![
            app,
            call_id,
            call.started_ms,
            call.answered_ms,
            call.ended_ms,
            call.result,
            call.media,
            call.call_type,
            call.caller,
            known.callees,
            known.others,
            i64::try_from(call.members.len()).unwrap_or(i64::MAX),
            call.room_id,
            call.room_id_type.code(),
            call.source,
            call.sources.to_string(),
            call.last_ms,
        ])?;
    Ok(())
}

fn write_members(connection: &Connection, app: &str, call_id: &str, call: &Call) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "insert into member (app, call_id, user, started_ms, result, media, call_type, position, role, invited_ms, joined_ms,
             left_ms, outcome, ring_seconds, talk_seconds, platform)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         on conflict (app, call_id, user) do update set
             started_ms = excluded.started_ms, result = excluded.result, media = excluded.media,
             call_type = excluded.call_type, position = excluded.position, role = excluded.role,
             invited_ms = excluded.invited_ms, joined_ms = excluded.joined_ms, left_ms = excluded.left_ms,
             outcome = excluded.outcome, ring_seconds = excluded.ring_seconds, talk_seconds = excluded.talk_seconds,
             platform = excluded.platform",
    )?;
    for (position, member) in (0_i64..).zip(&call.members) {
        insert.execute((
            app,
            call_id,
            &member.user,
            call.started_ms,
            &call.result,
            &call.media,
            &call.call_type,
            position,
            &member.role,
            member.invited_ms,
            member.joined_ms,
            member.left_ms,
            &member.outcome,
            member.ring_seconds,
            member.talk_seconds,
            &member.platform,
        ))?;
    }
    Ok(())
}
