//! What a delivery tells of a call, and the call folded from all deliveries that tell of it: they are read from the archive again.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::error::Error;
use crate::store::projection::batch::{DirtyCall, DirtySet, Redated, Told};
use crate::store::projection::fold::folded::{Call, Member};
use crate::store::projection::fold::{call, step};
use crate::store::projection::numbers::Listed;
use crate::store::projection::recent::Events;
use crate::store::projection::{stored, subjects};

/// Notes the call and what happened in it; answers the call's number.
pub(crate) fn write(
    connection: &Connection,
    told: Told<'_>,
    call_id: &str,
    dirty: &mut DirtySet,
) -> Result<i64, Error> {
    let Told { archived, delivery, call, own_ms, .. } = told;
    let call_no = dirty.numbers.call(connection, &delivery.app, call_id)?;
    let dirty_call = dirty.calls.entry(call_no).or_default();
    dirty_call.key.get_or_insert_with(|| (delivery.app.clone(), call_id.to_owned()));
    if let Some(event) = call {
        dirty_call.at_hand.insert(archived.id, dated(event, told.at_ms(), own_ms.is_none()));
    }
    Ok(call_no)
}

fn dated(event: &step::Event, at_ms: i64, flagged: bool) -> step::Event {
    step::Event { at_ms, flagged, ..event.clone() }
}

/// Dates an event anew where it is at hand, and notes its call. One that is stored is read with its new date.
pub(crate) fn redate(call_no: i64, redated: Redated, dirty: &mut DirtySet) {
    dirty.recent.take(call_no);
    let call = dirty.calls.entry(call_no).or_default();
    if let Some(event) = call.at_hand.get_mut(&redated.delivery_id) {
        (event.at_ms, event.flagged) = (redated.to_ms, redated.flagged);
    }
}

/// The events of a call, in order, each once.
pub(crate) fn call_events(connection: &Connection, call_no: i64) -> Result<Vec<step::Event>, Error> {
    Ok(step::in_order(read(connection, call_no, Events::new())?.into_values().collect()))
}

/// All events of a call that is folded: those that came with this batch, and those that were known before.
fn events(connection: &Connection, call_no: i64, mut at_hand: Events, dirty: &mut DirtySet) -> Result<Events, Error> {
    match dirty.recent.take(call_no) {
        Some(mut known) => {
            known.append(&mut at_hand);
            Ok(known)
        }
        None if dirty.numbers.is_new_call(call_no) => Ok(at_hand),
        None => read(connection, call_no, at_hand),
    }
}

/// Reads the events of a call from the archive, except for those at hand.
fn read(connection: &Connection, call_no: i64, mut at_hand: Events) -> Result<Events, Error> {
    let mut statement =
        connection.prepare_cached("select delivery_id, received_ms, event_ms from outcome where call_no = ?1")?;
    let mut rows = statement.query([call_no])?;
    let mut events = Events::new();
    while let Some(row) = rows.next()? {
        let delivery_id: i64 = row.get(0)?;
        let event = match at_hand.remove(&delivery_id) {
            Some(known) => Some(known),
            None => {
                let (received_ms, event_ms): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
                // This program may read something else in it than the one that applied it.
                let event = stored::read(connection, delivery_id)?.and_then(|stored| stored.event);
                event.map(|event| dated(&event, event_ms.unwrap_or(received_ms), event_ms.is_none()))
            }
        };
        events.extend(event.map(|event| (delivery_id, event)));
    }
    Ok(events)
}

/// What lists know a call by, as its row has it.
#[derive(PartialEq, Eq)]
struct Summary {
    kind_no: i64,
    started_ms: i64,
    room_id: Option<String>,
}

impl Summary {
    fn stored(connection: &Connection, call_no: i64) -> Result<Option<Self>, Error> {
        let mut statement =
            connection.prepare_cached("select kind_no, started_ms, room_id from call where call_no = ?1")?;
        Ok(statement
            .query_row([call_no], |row| {
                Ok(Self { kind_no: row.get(0)?, started_ms: row.get(1)?, room_id: row.get(2)? })
            })
            .optional()?)
    }
}

/// Folds a call and stores what came of it. Rows are updated in place, so that an index is touched only where its columns change.
pub(crate) fn fold(
    connection: &Connection,
    call_no: i64,
    dirty_call: DirtyCall,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let DirtyCall { key, at_hand } = dirty_call;
    let events = events(connection, call_no, at_hand, dirty)?;
    let call = call::fold(&step::in_order(events.values().cloned().collect()));
    dirty.recent.put(call_no, events);
    let is_new = dirty.numbers.is_new_call(call_no);
    let before = if is_new { None } else { Summary::stored(connection, call_no)? };
    let users_before = if is_new { Vec::new() } else { users(connection, call_no)? };
    if let Some(before) = &before {
        dirty.counters.take(before.kind_no, before.started_ms);
        dirty.hours.call(before.started_ms);
    }
    let Some(call) = call else {
        connection.prepare_cached("delete from member where call_no = ?1")?.execute([call_no])?;
        connection.prepare_cached("delete from call where call_no = ?1")?.execute([call_no])?;
        subjects::call_went(connection, call_no)?;
        dirty.touched.call(call_no);
        dirty.people.call(&users_before, &[]);
        before.iter().for_each(|before| dirty.cases.call(&users_before, before.started_ms));
        return Ok(());
    };
    let (app, call_id) = key.map_or_else(|| key_of(connection, call_no), Ok)?;
    let kind = [call.result.as_str(), &call.media, &call.call_type, &app];
    let kind_no = dirty.numbers.kind(connection, Listed::Call, kind)?;
    let room_id = Some(call.room_id.clone()).filter(|room_id| !room_id.is_empty());
    let after = Summary { kind_no, started_ms: call.started_ms, room_id };
    dirty.counters.add(kind_no, call.started_ms);
    dirty.hours.call(call.started_ms);
    if before.as_ref().is_none_or(|before| before.room_id != after.room_id) {
        dirty.touched.call(call_no);
    }
    write_call(connection, call_no, (&app, &call_id), &call, &after, dirty)?;
    let users = write_members(connection, call_no, &call, &after, dirty)?;
    if users != users_before || before.as_ref().is_none_or(|before| before.started_ms != after.started_ms) {
        dirty.people.call(&users_before, &users);
    }
    if before.is_some() || call.answered_ms.is_some() || call.ended_ms.is_some() {
        let started_ms = before.as_ref().map_or(after.started_ms, |before| before.started_ms.min(after.started_ms));
        dirty.cases.call(&users_before, started_ms);
        dirty.cases.call(&users, started_ms);
    }
    match before {
        None => {
            let app_no = dirty.numbers.word(connection, &app)?;
            subjects::call_came(connection, call_no, app_no, &call_id)
        }
        Some(before) if (before.kind_no, before.started_ms) == (after.kind_no, after.started_ms) => Ok(()),
        Some(_) => subjects::call_changed(connection, call_no),
    }
}

/// Who is stored as its members, in their order.
fn users(connection: &Connection, call_no: i64) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached("select user_no from member where call_no = ?1 order by position")?;
    let users = statement.query_map([call_no], |row| row.get(0))?;
    Ok(users.collect::<Result<_, _>>()?)
}

/// The application and the id of a call that is stored.
fn key_of(connection: &Connection, call_no: i64) -> Result<(String, String), Error> {
    let mut statement =
        connection.prepare_cached("select word, call_id from call join word on word_no = app_no where call_no = ?1")?;
    Ok(statement.query_row([call_no], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn write_call(
    connection: &Connection,
    call_no: i64,
    (app, call_id): (&str, &str),
    call: &Call,
    known: &Summary,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let app_no = dirty.numbers.word(connection, app)?;
    let room_id_type_no = dirty.numbers.word(connection, call.room_id_type.code())?;
    let source_no = dirty.numbers.word(connection, call.source)?;
    let is_open = call.result.is_empty().then_some(1_i64);
    connection
        .prepare_cached(
            "insert into call (call_no, kind_no, started_ms, answered_ms, ended_ms, last_ms, room_id_type_no, source_no, open,
                 app_no, call_id, room_id)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             on conflict (call_no) do update set
                 kind_no = excluded.kind_no, started_ms = excluded.started_ms, answered_ms = excluded.answered_ms,
                 ended_ms = excluded.ended_ms, last_ms = excluded.last_ms, room_id_type_no = excluded.room_id_type_no,
                 source_no = excluded.source_no, open = excluded.open, room_id = excluded.room_id",
        )?
        .execute(params![
            call_no,
            known.kind_no,
            call.started_ms,
            call.answered_ms,
            call.ended_ms,
            call.last_ms,
            room_id_type_no,
            source_no,
            is_open,
            app_no,
            call_id,
            known.room_id,
        ])?;
    Ok(())
}

/// How `member.role` has it.
fn role(member: &Member) -> i64 {
    match member.role {
        "caller" => 1,
        "callee" => 2,
        _ => 0,
    }
}

/// Writes the members of a call; answers their numbers, in their order.
fn write_members(
    connection: &Connection,
    call_no: i64,
    call: &Call,
    known: &Summary,
    dirty: &mut DirtySet,
) -> Result<Vec<i64>, Error> {
    let mut insert = connection.prepare_cached(
        "insert into member (call_no, position, user_no, started_ms, kind_no, role, invited_ms, joined_ms, left_ms, outcome_no,
             ring_seconds, talk_seconds, platform_no)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         on conflict (call_no, position) do update set
             user_no = excluded.user_no, started_ms = excluded.started_ms, kind_no = excluded.kind_no, role = excluded.role,
             invited_ms = excluded.invited_ms, joined_ms = excluded.joined_ms, left_ms = excluded.left_ms,
             outcome_no = excluded.outcome_no, ring_seconds = excluded.ring_seconds, talk_seconds = excluded.talk_seconds,
             platform_no = excluded.platform_no",
    )?;
    let mut users = Vec::with_capacity(call.members.len());
    for (position, member) in (0_i64..).zip(&call.members) {
        let user_no = dirty.numbers.user(connection, &member.user)?;
        users.push(user_no);
        insert.execute((
            call_no,
            position,
            user_no,
            known.started_ms,
            known.kind_no,
            role(member),
            member.invited_ms,
            member.joined_ms,
            member.left_ms,
            dirty.numbers.word(connection, member.outcome)?,
            member.ring_seconds,
            member.talk_seconds,
            dirty.numbers.word(connection, &member.platform)?,
        ))?;
    }
    if dirty.numbers.is_new_call(call_no) {
        return Ok(users);
    }
    // A better copy of an event may have taken the place of the one that named somebody else.
    let members = i64::try_from(call.members.len()).unwrap_or(i64::MAX);
    connection
        .prepare_cached("delete from member where call_no = ?1 and position >= ?2")?
        .execute((call_no, members))?;
    Ok(users)
}
