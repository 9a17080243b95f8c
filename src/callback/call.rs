//! `Call.Callback*` (pages 68940, 68941, 69215) and the call records that Tencent's REST APIs answer.

use super::{
    facts::{CallDetail, CallEvent, CallRecord, Facts, MemberChange, StartedCall, UserAction, UserStatus},
    fields::{self, Fields},
    json::Json,
    reading::Reading,
};

/// Reads one body of the three commands.
pub(crate) fn read(command: &str, body: Fields<'_>) -> Reading {
    let read = match command.to_ascii_lowercase().as_str() {
        "call.callbackafterstartcall" => started,
        "call.callbackaftermemberchanged" => members,
        "call.callbackafterendcall" => ended,
        _ => return Reading::unknown(command),
    };
    let parts = Parts { body, inner: body.object("CallInfo").or_else(|| body.object("CallRecord")) };
    match parts.text("CallId").filter(|id| !id.trim().is_empty()) {
        Some(call_id) => Reading::record(Facts::Call(CallEvent { call_id, detail: read(parts) })),
        None => Reading::lacks("CallId"),
    }
}

/// Reads a record fetched from Tencent, with or without the envelope around it. `None` when it names no call.
pub(crate) fn fetched(answer: &Json) -> Option<CallEvent> {
    let mut record = Fields::of_value(answer)?;
    for envelope in ["Response", "data", "CallRecord"] {
        record = record.object(envelope).unwrap_or(record);
    }
    let call_id = record.word("CallId")?;
    let mut detail = call_record(Parts { body: record, inner: None });
    detail.fetched = true;
    Some(CallEvent { call_id, detail: CallDetail::Ended(detail) })
}

/// The body and the object inside it; the pages disagree about which of the two a field is in.
#[derive(Clone, Copy)]
struct Parts<'a> {
    body: Fields<'a>,
    inner: Option<Fields<'a>>,
}

impl<'a> Parts<'a> {
    fn find<T>(self, read: impl Fn(Fields<'a>) -> Option<T>) -> Option<T> {
        self.inner.and_then(&read).or_else(|| read(self.body))
    }

    fn text(self, name: &str) -> Option<String> {
        self.find(|fields| fields.text(name))
    }

    /// The first of several names under which a field is sent.
    fn any(self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    /// The first time that somebody can believe, under whichever of its names; where there is none, the first that is there.
    fn time_ms(self, names: &[&str]) -> Option<i64> {
        self.first_time_ms(names, fields::is_plausible)
    }

    /// The same where 0 is a value: it did not happen.
    fn time_ms_or_0(self, names: &[&str]) -> Option<i64> {
        self.first_time_ms(names, |at_ms| at_ms == 0 || fields::is_plausible(at_ms))
    }

    fn first_time_ms(self, names: &[&str], counts: impl Fn(i64) -> bool) -> Option<i64> {
        let counting = |fields: Fields<'_>, name: &str| fields.time_ms(name).filter(|at_ms| counts(*at_ms));
        let believed = names.iter().find_map(|name| self.find(|fields| counting(fields, name)));
        believed.or_else(|| names.iter().find_map(|name| self.find(|fields| fields.time_ms(name))))
    }
}

fn started(parts: Parts<'_>) -> CallDetail {
    CallDetail::Started(StartedCall {
        media: parts.any(&["CallMediaType", "MediaType"]).unwrap_or_default(),
        chat_group_id: parts.text("ChatGroupId").unwrap_or_default(),
        room_id: parts.text("RoomId").unwrap_or_default(),
        room_id_type: parts.find(Fields::room_id_type).unwrap_or_default(),
        users: statuses(parts),
    })
}

fn members(parts: Parts<'_>) -> CallDetail {
    let changed = parts.find(|fields| fields.list("ChangedUserList")).unwrap_or_default();
    let action = |value: &Json| {
        let action = Fields::of_value(value).map(|fields| fields.text_or_empty("ActionType"));
        Some(UserAction { user: fields::account(value)?, action: action.unwrap_or_default() })
    };
    CallDetail::Members(MemberChange { users: statuses(parts), changed: changed.iter().filter_map(action).collect() })
}

fn ended(parts: Parts<'_>) -> CallDetail {
    CallDetail::Ended(call_record(parts))
}

fn call_record(parts: Parts<'_>) -> CallRecord {
    CallRecord {
        caller: parts.any(&["Caller_Account", "Caller"]),
        media: parts.any(&["MediaType", "CallMediaType"]),
        call_type: parts.text("CallType"),
        started_ms: parts.time_ms(&["StartTime", "StartCallTs"]).filter(|time| *time > 0),
        ended_ms: parts.time_ms(&["EndTime", "EndTs"]).filter(|time| *time > 0),
        accepted_ms: parts.time_ms_or_0(&["AcceptTime", "AcceptTs"]),
        result: parts.text("CallResult"),
        listed: ["CalleeList_Account", "Callees"].iter().find_map(|name| parts.find(|fields| fields.accounts(name))),
        room_id: parts.text("RoomId"),
        room_id_type: parts.find(Fields::room_id_type),
        fetched: false,
    }
}

fn statuses(parts: Parts<'_>) -> Vec<UserStatus> {
    let status = |value: &Json| {
        let status = Fields::of_value(value).map(|fields| fields.text_or_empty("Status"));
        Some(UserStatus { user: fields::account(value)?, status: status.unwrap_or_default() })
    };
    let users = parts.find(|fields| fields.list("UserList")).unwrap_or_default();
    users.iter().filter_map(status).collect()
}
