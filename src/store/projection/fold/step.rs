//! Call events in their order, each counted once, and the timeline that a person reads.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::callback::codes::Action;
use crate::callback::facts::{CallDetail, CallRecord, UserStatus, V1Event};
use crate::store::delivery::Digest;
use crate::store::rows::StepRow;

use crate::store::projection::fold::v1;

/// One stored event of a call.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) at_ms: i64,
    pub(crate) digest: Digest,
    pub(crate) flagged: bool,
    pub(crate) family: &'static str,
    pub(crate) command: Arc<str>,
    pub(crate) client_ip: Arc<str>,
    pub(crate) platform: Arc<str>,
    /// How long the body is that it comes from.
    pub(crate) body_bytes: usize,
    /// Shared, as the texts are: a call that is folded again is given the same events.
    pub(crate) detail: Arc<CallDetail>,
}

/// Sorts by (time, rank of the action, digest) and keeps one of each event that was sent twice (protocol.md 9.7).
pub(crate) fn in_order(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_cached_key(|event| (event.at_ms, rank(&event.detail), event.digest));
    let mut seen = std::collections::HashSet::new();
    events.retain(|event| same_event_key(event).is_none_or(|key| seen.insert(key)));
    events
}

fn rank(detail: &CallDetail) -> Option<Action> {
    match detail {
        CallDetail::V1(event) => v1::action(event),
        CallDetail::Started(_) => Some(Action::Start),
        CallDetail::Members(change) => change.changed.iter().filter_map(|user| Action::read(&user.action)).min(),
        CallDetail::Ended(_) => Some(Action::End),
    }
}

/// Two events with the same key are one event sent twice. End records are all kept: they are ordered by themselves.
fn same_event_key(event: &Event) -> Option<String> {
    match &*event.detail {
        CallDetail::V1(v1) => {
            Some([&v1.user, &v1.role, &*event.command, &v1.event, &v1.result, &event.at_ms.to_string()].join("\u{0}"))
        }
        CallDetail::Started(_) => Some("started".to_owned()),
        CallDetail::Members(change) => {
            let mut users: Vec<String> =
                change.changed.iter().map(|user| format!("{}\u{1}{}", user.user, user.action)).collect();
            users.sort();
            Some(format!("members\u{0}{}\u{0}{}", event.at_ms, users.join("\u{0}")))
        }
        CallDetail::Ended(_) => None,
    }
}

/// End records, the one that decides first: callbacks before fetched ones, the newest event first.
pub(super) fn end_records(events: &[Event]) -> Vec<(&Event, &CallRecord)> {
    let mut records: Vec<_> = events
        .iter()
        .filter_map(|event| match &*event.detail {
            CallDetail::Ended(record) => Some((event, record)),
            _ => None,
        })
        .collect();
    records.sort_by_key(|(event, record)| (record.fetched, std::cmp::Reverse(event.at_ms), event.digest));
    records
}

/// The timeline: one line per event and user concerned.
pub(crate) fn timeline(events: &[Event], caller: &str) -> Vec<StepRow> {
    let decisive = end_records(events).first().map(|(event, _)| event.digest);
    let mut steps = Vec::new();
    for event in events {
        match &*event.detail {
            CallDetail::V1(v1) => steps.push(line(event, word_of(v1), &v1.user, v1_words(v1))),
            CallDetail::Started(started) => {
                let sent = words(&[
                    ("MediaType", json!(started.media)),
                    ("ChatGroupId", json!(started.chat_group_id)),
                    ("RoomId", json!(started.room_id)),
                    ("RoomIdType", json!(started.room_id_type.code())),
                    ("UserList", user_list(&started.users)),
                ]);
                steps.push(line(event, Action::Start.code().to_owned(), caller, sent));
            }
            CallDetail::Members(change) => steps.extend(change.changed.iter().map(|user| {
                let status = change.users.iter().find(|other| other.user == user.user).map(|other| &other.status);
                let sent = words(&[
                    ("ActionType", json!(user.action)),
                    ("Status", json!(status)),
                    ("UserList", user_list(&change.users)),
                ]);
                let action =
                    Action::read(&user.action).map_or_else(|| user.action.clone(), |action| action.code().to_owned());
                line(event, action, &user.user, sent)
            })),
            // Several end records of one call are one end; the deciding one is shown.
            CallDetail::Ended(record) if Some(event.digest) == decisive => {
                steps.push(line(event, Action::End.code().to_owned(), "", record_words(record)));
            }
            CallDetail::Ended(_) => {}
        }
    }
    steps
}

fn line(event: &Event, action: String, user: &str, sent: Value) -> StepRow {
    StepRow {
        at_ms: event.at_ms,
        action,
        user: user.to_owned(),
        platform: event.platform.as_ref().to_owned(),
        client_ip: event.client_ip.as_ref().to_owned(),
        sent,
        family: event.family.to_owned(),
        command: event.command.as_ref().to_owned(),
        flagged: event.flagged,
        delivery: event.digest.hex(),
    }
}

/// The action's code, or Tencent's own word where it is not known.
fn word_of(event: &V1Event) -> String {
    match v1::action(event) {
        Some(action) => action.code().to_owned(),
        None if event.event.is_empty() => event.result.clone(),
        None => event.event.clone(),
    }
}

fn v1_words(event: &V1Event) -> Value {
    words(&[
        ("Event", json!(event.event)),
        ("CallResult", json!(event.result)),
        ("Role", json!(event.role)),
        ("MediaType", json!(event.media)),
        ("CallType", json!(event.call_type)),
        ("RoomId", json!(event.room_id)),
        ("TotalNum", json!(event.total)),
        ("StartCallTs", seconds(event.started_ms)),
        ("AcceptTs", seconds(event.accepted_ms)),
        ("EndTs", seconds(event.ended_ms)),
    ])
}

fn record_words(record: &CallRecord) -> Value {
    words(&[
        ("Caller_Account", json!(record.caller)),
        ("MediaType", json!(record.media)),
        ("CallType", json!(record.call_type)),
        ("CallResult", json!(record.result)),
        ("StartTime", seconds(record.started_ms)),
        ("AcceptTime", seconds(record.accepted_ms)),
        ("EndTime", seconds(record.ended_ms)),
        ("CalleeList_Account", json!(record.listed)),
        ("RoomId", json!(record.room_id)),
        ("RoomIdType", json!(record.room_id_type.map(crate::callback::codes::RoomIdType::code))),
    ])
}

/// Tencent's names and values, without what was empty.
fn words(pairs: &[(&str, Value)]) -> Value {
    let is_said = |value: &Value| !(value.is_null() || value == "" || value == &json!([]));
    pairs
        .iter()
        .filter(|(_, value)| is_said(value))
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// In seconds, as these fields are sent.
fn seconds(ms: Option<i64>) -> Value {
    json!(ms.map(|ms| ms / 1_000))
}

fn user_list(users: &[UserStatus]) -> Value {
    users.iter().map(|user| json!({"User_Account": user.user, "Status": user.status})).collect()
}
