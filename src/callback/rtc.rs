//! RTC Engine room and media events (page 39558): groups 1 and 2 are read, other groups are kept as they are.

use serde_json::Value;

use super::{
    codes::{Product, RoomIdType},
    facts::{Facts, RoomAction, RoomEvent},
    fields::{Fields, is_plausible},
    json::Json,
    reading::Reading,
    reason::Reason,
};

/// Top-level fields that are no part of the event. The two times of sending differ between tries of one event.
const ENVELOPE: [&str; 3] = ["EventInfo", "CallbackTs", "CallbackMsTs"];

/// Where the time of an event is; old payloads have it in seconds alone.
const TIMES: [&str; 3] = ["EventMsTs", "EventTs", "timestamp"];

/// When it happened, in Unix milliseconds.
pub(crate) fn event_ms(body: Fields<'_>) -> Option<i64> {
    time(body.object("EventInfo").unwrap_or(body)).map(|(_, at_ms)| at_ms)
}

/// The first field that holds a time which somebody can believe, and the time; where none does, the first that is there.
fn time(info: Fields<'_>) -> Option<(&'static str, i64)> {
    let times = || TIMES.iter().filter_map(|name| Some((*name, info.time_ms(name)?)));
    times().find(|(_, at_ms)| is_plausible(*at_ms)).or_else(|| times().next())
}

/// Reads one body. `command` is its `EventType`.
pub(crate) fn read(command: &str, body: Fields<'_>) -> Reading {
    match body.integer("EventGroupId") {
        Some(1 | 2) => {}
        Some(6) => return Reading::NotRelevant(Reason::Screenshot),
        Some(group) => return Reading::NotRelevant(Reason::RtcGroup { group }),
        None => return Reading::unknown(command),
    }
    let info = body.object("EventInfo").unwrap_or(body);
    let (action, cause) = match (body.integer("EventType"), info.integer("Reason")) {
        (Some(101), _) => (RoomAction::Created, ""),
        (Some(102), _) => (RoomAction::Closed, "room_closed"),
        (Some(103), reason) => (RoomAction::Enter, enter_cause(reason)),
        (Some(104), reason) => (RoomAction::Leave, leave_cause(reason)),
        (Some(105 | 201..=206), _) => (RoomAction::Activity, ""),
        _ => return Reading::unknown(command),
    };
    event(body, info, action, cause)
        .map_or_else(|| Reading::lacks("RoomId"), |event| Reading::record(Facts::Room(event)))
}

fn event(body: Fields<'_>, info: Fields<'_>, action: RoomAction, cause: &str) -> Option<RoomEvent> {
    let room_id = info.word("RoomId")?;
    let room_id_type = match info.get("RoomId") {
        Some(Json::Number(_)) => RoomIdType::Number,
        _ => RoomIdType::Text,
    };
    // Creating and dismissing happen to the room; who did it is said beside, and nobody's stay begins or ends by it.
    let of_room = matches!(action, RoomAction::Created | RoomAction::Closed);
    let user = info.word("UserId").filter(|_| !of_room);
    let unique_id = info.word("UniqueId");

    let mut taken = vec!["RoomId", time(info).map_or("EventTs", |(field, _)| field)];
    if user.is_some() {
        taken.push("UserId");
    }
    if unique_id.is_some() {
        taken.push("UniqueId");
    }
    let sent = match body.object("EventInfo") {
        Some(info) => body.others(&ENVELOPE).into_iter().chain(info.others(&taken)).collect(),
        // Without its own object the event lies beside the time of sending, which is no part of it either way.
        None => body.others(&[&ENVELOPE[..], &taken[..]].concat()),
    };
    let end_reason = ("end_reason".to_owned(), Value::from("dismiss"));
    Some(RoomEvent {
        product: Product::Rtc,
        room_id,
        room_id_type,
        action,
        cause: cause.to_owned(),
        users: user.into_iter().collect(),
        unique_id,
        sent,
        details: (action == RoomAction::Closed).then_some(end_reason).into_iter().collect(),
    })
}

/// `Reason` of 103. Reasons 2 and 3 continue a stay that is open.
const fn enter_cause(reason: Option<i64>) -> &'static str {
    match reason {
        Some(1) => "enter",
        Some(2) => "network_change",
        Some(3) => "timeout_retry",
        Some(4) => "cross_room",
        _ => "unknown",
    }
}

/// `Reason` of 104. Tencent's Android clients report a killed process as 2.
const fn leave_cause(reason: Option<i64>) -> &'static str {
    match reason {
        Some(1) => "leave",
        Some(2) => "timeout",
        Some(3) => "kicked",
        Some(4) => "cross_room_ended",
        Some(5) => "killed",
        _ => "unknown",
    }
}
