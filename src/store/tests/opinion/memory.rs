//! The store's own folds applied in memory to the same history, and read as the readers read: the first opinion without SQLite.

use crate::store::projection::fold::{call, seconds, stay};
use crate::store::projection::in_memory::Inputs;
use crate::store::rows::{CallRow, MemberRow, StayRow};
use crate::store::tests::opinion::Arrived;
use crate::store::tests::opinion::model::{Record, RoomId};

/// The events that a wrong rule would fold, made from the right ones.
pub(super) type Wrong<'a> = &'a dyn Fn(&mut Inputs);

/// Calls and stays of a history by the store's folds, read long after.
pub(super) fn record(history: &[Arrived], now_ms: i64) -> Record {
    let mut inputs = inputs(history);
    inputs.put_in_order();
    read(&inputs, now_ms)
}

/// The same with a rule that is wrong on purpose. Calls are folded in whatever order `wrong` leaves them.
pub(super) fn wrong_record(history: &[Arrived], now_ms: i64, wrong: Wrong<'_>) -> Record {
    let mut inputs = inputs(history);
    wrong(&mut inputs);
    read(&inputs, now_ms)
}

fn inputs(history: &[Arrived]) -> Inputs {
    Inputs::of(history.iter().map(|arrived| (&arrived.delivery, &arrived.callback, arrived.digest)))
}

fn read(inputs: &Inputs, now_ms: i64) -> Record {
    let mut record = Record { readings: inputs.readings.clone(), ..Record::default() };
    for ((app, call_id), events) in &inputs.calls {
        if let Some(call) = call::fold(events) {
            read_call(&mut record, app, call_id, call, now_ms);
        }
    }
    for ((room, user), events) in &inputs.stays {
        let boundaries = inputs.boundaries_of(room);
        let stays = stay::fold(events.clone(), &boundaries, &room.1);
        record.stays.extend((1..).zip(stays).map(|(n, stay)| read_stay(room, user, n, stay, &boundaries, now_ms)));
    }
    record
}

fn read_call(
    record: &mut Record,
    app: &str,
    call_id: &str,
    call: crate::store::projection::fold::folded::Call,
    now_ms: i64,
) {
    let silent_ms = (now_ms - call.last_ms).abs();
    let result = match (call.result.as_str(), call.answered_ms, call.ended_ms) {
        ("", Some(_), None) if silent_ms < 86_400_000 => "in_progress",
        ("", None, None) if silent_ms < 300_000 => "ringing",
        ("", ..) => "unknown",
        (known, ..) => known,
    };
    let until = |open: &[&str]| !open.contains(&result);
    let rang = call.answered_ms.or(call.ended_ms).filter(|_| until(&["ringing", "unknown"]));
    let over = call.ended_ms.filter(|_| until(&["ringing", "unknown", "in_progress"]));
    record.sources.insert(call_id.to_owned(), serde_json::from_value(call.sources).expect("fields and their sources"));
    record.calls.push(CallRow {
        app: app.to_owned(),
        call_id: call_id.to_owned(),
        started_ms: call.started_ms,
        answered_ms: call.answered_ms,
        ended_ms: call.ended_ms,
        result: result.to_owned(),
        media: call.media,
        call_type: call.call_type,
        caller: call.caller,
        caller_name: String::new(),
        callee_names: vec![String::new(); call.callees.len()],
        callees: call.callees,
        tags: Vec::new(),
        notes: 0,
        note: String::new(),
        other_names: call.members.iter().filter(|member| member.role.is_empty()).map(|_| String::new()).collect(),
        members: u32::try_from(call.members.len()).expect("a small number"),
        others: call.members.iter().filter(|member| member.role.is_empty()).map(|member| member.user.clone()).collect(),
        ring_seconds: rang.map(|until| seconds::between(call.started_ms, until)),
        talk_seconds: over.map(|ended| call.answered_ms.map_or(0, |answered| seconds::between(answered, ended))),
        room_id: call.room_id,
        room_id_type: call.room_id_type.code().to_owned(),
        source: call.source.to_owned(),
        last_ms: call.last_ms,
    });
    record.members.extend(call.members.into_iter().map(|member| MemberRow {
        app: app.to_owned(),
        call_id: call_id.to_owned(),
        user: member.user,
        user_name: String::new(),
        role: member.role.to_owned(),
        invited_ms: member.invited_ms,
        joined_ms: member.joined_ms,
        left_ms: member.left_ms,
        outcome: member.outcome.to_owned(),
        ring_seconds: member.ring_seconds,
        talk_seconds: member.talk_seconds,
        platform: member.platform,
    }));
}

fn read_stay(room: &RoomId, user: &str, n: u32, stay: stay::Stay, boundaries: &[i64], now_ms: i64) -> StayRow {
    let next = stay.closes_from_ms.and_then(|from| boundaries.iter().copied().find(|boundary| *boundary >= from));
    let (left_ms, leave_cause) = match (stay.left_ms, next) {
        (own, Some(boundary)) if own.is_none_or(|own| boundary < own) => (Some(boundary), "room_closed".to_owned()),
        (Some(own), _) => (Some(own), stay.leave_cause),
        (None, _) if (now_ms - stay.last_ms).abs() >= 86_400_000 => (None, "unknown".to_owned()),
        (None, _) => (None, String::new()),
    };
    let (app, product, room_id_type, room_id) = room.clone();
    StayRow {
        app,
        product,
        room_id_type,
        room_id,
        user: user.to_owned(),
        user_name: String::new(),
        n,
        entered_ms: stay.entered_ms,
        left_ms,
        seconds: stay.entered_ms.zip(left_ms).map(|(entered, left)| seconds::between(entered, left)),
        away_seconds: stay.away_ms / 1_000,
        enter_cause: stay.enter_cause,
        leave_cause,
    }
}
