//! The store's own folds applied in memory to the same history, and read as the readers read: the first opinion without SQLite.

use std::collections::{BTreeMap, BTreeSet};

use super::Arrived;
use super::model::{Record, RoomId};
use crate::callback::codes::Verdict;
use crate::callback::facts::{Facts, RoomAction, RoomEvent};
use crate::callback::{self, Query};
use crate::store::fold::{call, plausible, seconds, stay, step};
use crate::store::rows::{CallRow, MemberRow, StayRow};

/// The events that a wrong rule would fold, made from the right ones.
pub(super) type Wrong<'a> = &'a dyn Fn(&mut Inputs);

/// What the folds are given: the events of each call and of each user in each room, in the order of arrival.
#[derive(Default)]
pub(super) struct Inputs {
    pub(super) calls: BTreeMap<(String, String), Vec<step::Event>>,
    pub(super) stays: BTreeMap<(RoomId, String), Vec<stay::Presence>>,
    pub(super) boundaries: BTreeMap<RoomId, Vec<i64>>,
}

/// Calls and stays of a history by the store's folds, read long after.
pub(super) fn record(history: &[Arrived], now_ms: i64) -> Record {
    let mut record = Record::default();
    let mut inputs = inputs(history, &mut record);
    for events in inputs.calls.values_mut() {
        *events = step::in_order(std::mem::take(events));
    }
    read(&inputs, record, now_ms)
}

/// The same with a rule that is wrong on purpose. Calls are folded in whatever order `wrong` leaves them.
pub(super) fn wrong_record(history: &[Arrived], now_ms: i64, wrong: Wrong<'_>) -> Record {
    let mut record = Record::default();
    let mut inputs = inputs(history, &mut record);
    wrong(&mut inputs);
    read(&inputs, record, now_ms)
}

fn inputs(history: &[Arrived], record: &mut Record) -> Inputs {
    let mut spoken: Vec<(&Arrived, i64, &String)> = Vec::new();
    for arrived in history {
        let receipt = (arrived.delivery.received_ms, &arrived.delivery.query);
        match spoken.iter_mut().find(|(known, ..)| known.digest == arrived.digest) {
            Some(known) if receipt < (known.1, known.2) => (known.1, known.2) = receipt,
            Some(_) => {}
            None => spoken.push((arrived, receipt.0, receipt.1)),
        }
    }
    let mut inputs = Inputs::default();
    for (arrived, received_ms, query) in spoken {
        let (app, callback) = (&arrived.delivery.app, &arrived.callback);
        let own_ms = plausible::own_time(callback.event_ms, received_ms);
        let unnamed = app.is_empty() && !matches!(callback.verdict, Verdict::Test | Verdict::Empty);
        let verdict = if unnamed { Verdict::NoApp } else { callback.verdict };
        record.readings.insert(arrived.digest.hex(), (received_ms, verdict, own_ms));
        let at_ms = own_ms.unwrap_or(received_ms);
        match callback.facts.as_ref().filter(|_| !unnamed) {
            Some(Facts::Call(event)) => {
                let event_of = step::Event {
                    at_ms,
                    digest: arrived.digest,
                    flagged: own_ms.is_none(),
                    family: callback.family.code().to_owned(),
                    command: callback.command.clone(),
                    client_ip: String::new(),
                    platform: callback::platform(&Query::parse(query)).to_owned(),
                    detail: event.detail.clone(),
                };
                inputs.calls.entry((app.clone(), event.call_id.clone())).or_default().push(event_of);
            }
            Some(Facts::Room(event)) => inputs.room_event(app, event, at_ms, arrived),
            None => {}
        }
    }
    inputs
}

impl Inputs {
    fn room_event(&mut self, app: &str, event: &RoomEvent, at_ms: i64, arrived: &Arrived) {
        let (product, kind) = (event.product.code().to_owned(), event.room_id_type.code().to_owned());
        let room = (app.to_owned(), product, kind, event.room_id.clone());
        if event.action == RoomAction::Closed {
            self.boundaries.entry(room.clone()).or_default().push(at_ms);
        }
        let Some(what) = stay::What::read(event.action.code()) else { return };
        for user in event.users.iter().collect::<BTreeSet<_>>() {
            self.stays.entry((room.clone(), user.clone())).or_default().push(stay::Presence {
                at_ms,
                what,
                digest: arrived.digest,
                cause: event.cause.clone(),
                unique_id: event.unique_id.clone(),
            });
        }
    }
}

fn read(inputs: &Inputs, mut record: Record, now_ms: i64) -> Record {
    for ((app, call_id), events) in &inputs.calls {
        if let Some(call) = call::fold(events) {
            read_call(&mut record, app, call_id, call, now_ms);
        }
    }
    for ((room, user), events) in &inputs.stays {
        let mut boundaries = inputs.boundaries.get(room).cloned().unwrap_or_default();
        boundaries.sort_unstable();
        let stays = stay::fold(events.clone(), &boundaries, &room.1);
        record.stays.extend((1..).zip(stays).map(|(n, stay)| read_stay(room, user, n, stay, &boundaries, now_ms)));
    }
    record
}

fn read_call(record: &mut Record, app: &str, call_id: &str, call: call::Call, now_ms: i64) {
    let silent_ms = now_ms - call.last_ms;
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
        callees: call.callees,
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
        (None, _) if now_ms - stay.last_ms >= 86_400_000 => (None, "unknown".to_owned()),
        (None, _) => (None, String::new()),
    };
    let (app, product, room_id_type, room_id) = room.clone();
    StayRow {
        app,
        product,
        room_id_type,
        room_id,
        user: user.to_owned(),
        n,
        entered_ms: stay.entered_ms,
        left_ms,
        seconds: stay.entered_ms.zip(left_ms).map(|(entered, left)| seconds::between(entered, left)),
        away_seconds: stay.away_ms / 1_000,
        enter_cause: stay.enter_cause,
        leave_cause,
    }
}
