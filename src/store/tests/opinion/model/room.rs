//! rules.md section 6: rooms and stays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::callback::codes::Product;
use crate::callback::facts::{RoomAction, RoomEvent};
use crate::store::rows::{RoomRow, StayRow};
use crate::store::tests::opinion::model::{DAY_MS, Record, RoomId, Told, count, seconds};

/// One user's time in the room, while it is found out.
#[derive(Clone, Default)]
struct Stay {
    entered: Option<i64>,
    enter_cause: String,
    left: Option<i64>,
    leave_cause: String,
    /// Since when the heartbeat is lost.
    lost: Option<i64>,
    away_ms: i64,
    /// The user's own leave, which may come after the room was closed.
    own_left: Option<i64>,
    /// The end of the room ended it, and the user's own leave has not come yet.
    closed: bool,
    last: i64,
}

type Event<'a> = (Told<'a>, &'a RoomEvent);

pub(super) fn fold(record: &mut Record, id: RoomId, events: &[Event<'_>], now_ms: i64) {
    let (app, product, room_id_type, room_id) = id.clone();
    let users: BTreeSet<&String> = events.iter().flat_map(|(_, event)| &event.users).collect();
    let (mut rows, mut believed_ms) = (Vec::new(), Vec::new());
    for user in users {
        for (n, stay) in (1..).zip(stays(user, events)) {
            let silent = stay.left.is_none() && (now_ms - stay.last).abs() >= DAY_MS;
            // A stay that fell silent is believed for a day.
            believed_ms.push(if silent { stay.last + DAY_MS } else { i64::MAX });
            rows.push(StayRow {
                app: app.clone(),
                product: product.clone(),
                room_id_type: room_id_type.clone(),
                room_id: room_id.clone(),
                user: user.clone(),
                user_name: String::new(),
                n,
                entered_ms: stay.entered,
                left_ms: stay.left,
                seconds: stay.entered.zip(stay.left).map(|(entered, left)| seconds(entered, left)),
                away_seconds: stay.away_ms / 1_000,
                enter_cause: stay.enter_cause,
                leave_cause: if silent { "unknown".to_owned() } else { stay.leave_cause },
            });
        }
    }
    let at = |wanted: &[RoomAction]| {
        let found = events.iter().filter(|(_, event)| wanted.contains(&event.action));
        found.map(|(told, _)| told.at_ms).collect::<BTreeSet<_>>()
    };
    // A life ends with a boundary, unless something began after it: then the newest life is still open.
    let boundaries = at(&[RoomAction::Closed]);
    let newest_begin = at(&[RoomAction::Created, RoomAction::Enter, RoomAction::Recover]).last().copied();
    let ended_ms = boundaries.last().copied().filter(|end| newest_begin.is_none_or(|begin| begin <= *end));
    // Boundaries before the next beginning are one end.
    let begun = |end: &&i64| ended_ms.is_none() || newest_begin.is_some_and(|begin| **end < begin);
    let previous_end = boundaries.iter().rev().find(begun).copied();
    let created = at(&[RoomAction::Created]);
    let created_ms = created.last().copied().filter(|at| previous_end.is_none_or(|end| *at > end));

    let mut registers: BTreeMap<&String, (i64, _, &Value)> = BTreeMap::new();
    for (told, event) in events {
        for (register, value) in &event.details {
            let said = (told.at_ms, told.arrived.digest, value);
            let known = registers.entry(register).or_insert(said);
            if (said.0, said.1) >= (known.0, known.1) {
                *known = said;
            }
        }
    }
    let details: BTreeMap<String, Value> = registers
        .into_iter()
        .filter(|(_, (_, _, value))| !value.is_null())
        .map(|(register, (_, _, value))| (register.clone(), value.clone()))
        .collect();
    let word = |register| details.get(register).and_then(Value::as_str).unwrap_or_default().to_owned();

    let all: BTreeSet<i64> = events.iter().map(|(told, _)| told.at_ms).collect();
    let users_of = |wanted: &dyn Fn(&StayRow, i64) -> bool| {
        let there = rows.iter().zip(&believed_ms).filter(|(stay, believed)| wanted(stay, **believed));
        count(there.map(|(stay, _)| &stay.user).collect::<BTreeSet<_>>())
    };
    // Who left in the millisecond in which another came was not there together with it; who came and went in it was there.
    let inside_at = |at: i64| {
        users_of(&|stay, believed_ms| {
            let entered = stay.entered_ms.unwrap_or(i64::MAX);
            entered <= at
                && at <= believed_ms
                && stay.left_ms.is_none_or(|left| at < left || (at == entered && left <= entered))
        })
    };
    record.rooms.push(RoomRow {
        app,
        product,
        room_id_type,
        room_id,
        name: word("name"),
        owner: word("owner"),
        owner_name: String::new(),
        created_ms,
        ended_ms,
        end_reason: if ended_ms.is_some() { word("end_reason") } else { String::new() },
        users: users_of(&|_, _| true),
        stays: count(&rows),
        peak: rows.iter().filter_map(|stay| stay.entered_ms).map(inside_at).max().unwrap_or(0),
        inside: users_of(&|stay, _| stay.left_ms.is_none() && stay.leave_cause.is_empty()),
        first_ms: *all.first().expect("a room has an event"),
        last_ms: *all.last().expect("a room has an event"),
        found_user: None,
        found_name: String::new(),
    });
    record.details.insert(id, details);
    record.stays.append(&mut rows);
}

/// What moved one user, and the ends of the room.
fn stays(user: &String, events: &[Event<'_>]) -> Vec<Stay> {
    let moves = |event: &RoomEvent| !matches!(event.action, RoomAction::Activity | RoomAction::Changed);
    let own = |event: &RoomEvent| event.users.contains(user);
    let mut seen = BTreeSet::new();
    let mut ordered: Vec<&Event<'_>> =
        events.iter().filter(|(_, event)| own(event) || event.action == RoomAction::Closed).collect();
    ordered.sort_by_key(|(told, event)| (told.at_ms, event.action.code(), told.arrived.digest));
    // The same event sent twice counts once; for RTC Engine the reason is not what tells two apart (protocol.md 9.7).
    let content = |event: &RoomEvent| (event.product != Product::Rtc).then(|| event.cause.clone());
    ordered.retain(|(told, event)| seen.insert((told.at_ms, event.action.code(), &event.unique_id, content(event))));
    let mut ids: BTreeSet<_> = ordered.iter().filter(|(_, e)| own(e) && moves(e)).map(|(_, e)| &e.unique_id).collect();
    if ids.contains(&None) {
        // `UniqueId` separates stays only where every event carries it.
        ids = BTreeSet::from([&None]);
    }
    let all = ids.contains(&None);
    let of = |id: &Option<String>| {
        let named = |event: &RoomEvent| all || !own(event) || !moves(event) || event.unique_id == *id;
        walk(&ordered.iter().copied().filter(|(_, event)| named(event)).collect::<Vec<_>>())
    };
    let mut stays: Vec<Stay> = ids.into_iter().flat_map(of).collect();
    stays.sort_by_key(|stay| {
        (stay.entered.or(stay.own_left).unwrap_or(stay.last), stay.own_left.unwrap_or(i64::MAX), stay.last)
    });
    stays
}

/// Goes through the events of one user in one room, millisecond by millisecond.
fn walk(events: &[&Event<'_>]) -> Vec<Stay> {
    let (mut stays, mut open) = (Vec::<Stay>::new(), None::<Stay>);
    for tied in events.chunk_by(|(a, _), (b, _)| a.at_ms == b.at_ms) {
        use RoomAction::{Activity, Closed, Enter, Interrupt, Leave, Recover};
        // Same millisecond: if inside, leave before enter; if outside, enter before leave; the room closes like a leave.
        let order = match &open {
            None => [Enter, Recover, Interrupt, Leave, Closed, Activity],
            Some(stay) if stay.lost.is_some() => [Recover, Interrupt, Leave, Closed, Enter, Activity],
            Some(_) => [Interrupt, Recover, Leave, Closed, Enter, Activity],
        };
        for action in order {
            for (told, event) in tied.iter().filter(|(_, event)| event.action == action) {
                step(&mut stays, &mut open, told.at_ms, action, &event.cause);
            }
        }
    }
    stays.extend(open.map(ended_at_interrupt));
    stays
}

/// Nothing after an interrupt: left at the interrupt.
fn ended_at_interrupt(mut stay: Stay) -> Stay {
    if let Some(lost) = stay.lost {
        (stay.left, stay.own_left, stay.leave_cause) = (Some(lost), Some(lost), "heartbeat_interrupt".to_owned());
    }
    stay
}

fn step(stays: &mut Vec<Stay>, open: &mut Option<Stay>, at: i64, action: RoomAction, cause: &str) {
    let begun = || Stay { entered: Some(at), enter_cause: cause.to_owned(), last: at, ..Stay::default() };
    match (action, open.as_mut()) {
        // Interrupt then enter: the first stay ended at the interrupt.
        (RoomAction::Enter, Some(stay)) if stay.lost.is_some() => {
            stays.extend(open.replace(begun()).map(ended_at_interrupt));
        }
        // Enter while inside: no change.
        (RoomAction::Enter | RoomAction::Activity, Some(stay)) => stay.last = at,
        // Interrupt then recover: one stay with a hole.
        (RoomAction::Recover, Some(stay)) => {
            stay.away_ms += stay.lost.take().map_or(0, |lost| at - lost);
            stay.last = at;
        }
        (RoomAction::Enter | RoomAction::Recover, None) => *open = Some(begun()),
        (RoomAction::Interrupt, Some(stay)) => (stay.lost, stay.last) = (stay.lost.or(Some(at)), at),
        // The end of the room ended the stay; a late word of the user changes nothing of it.
        (RoomAction::Interrupt, None) if stays.last().is_some_and(|stay| stay.closed) => {}
        (RoomAction::Interrupt, None) => *open = Some(Stay { lost: Some(at), last: at, ..Stay::default() }),
        (RoomAction::Leave, Some(stay)) => {
            stay.away_ms += stay.lost.take().map_or(0, |lost| at - lost);
            (stay.left, stay.own_left, stay.leave_cause, stay.last) = (Some(at), Some(at), cause.to_owned(), at);
            stays.extend(open.take());
        }
        (RoomAction::Leave, None) => match stays.last_mut().filter(|stay| stay.closed) {
            Some(stay) => (stay.closed, stay.own_left) = (false, stay.own_left.or(Some(at))),
            // Leave without enter: a stay with empty `entered`.
            None => stays.push(Stay {
                left: Some(at),
                own_left: Some(at),
                leave_cause: cause.to_owned(),
                last: at,
                ..Stay::default()
            }),
        },
        (RoomAction::Closed, Some(_)) => {
            let mut stay = ended_at_interrupt(open.take().unwrap_or_default());
            if stay.lost.is_none() {
                (stay.left, stay.leave_cause) = (Some(at), "room_closed".to_owned());
            }
            stays.push(Stay { closed: true, ..stay });
        }
        _ => {}
    }
}
