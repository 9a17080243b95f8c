//! CallKit v1 status and event callbacks (pages 60129 and 60130): one flat body, the command only in the URL.

use super::{
    facts::{CallDetail, CallEvent, Facts, V1Event},
    fields::Fields,
    reading::Reading,
};

/// The six status commands; each equals the `CallResult` of its body.
const STATUS: [&str; 6] = ["cancel", "reject", "not_answer", "normal_end", "call_busy", "interrupt"];

/// The event commands without their role. Tencent's own sample URL uses one without it (`command=call_end`).
const EVENTS: [&str; 17] = [
    "start_call",
    "call_accepted",
    "call_missed",
    "call_rejected",
    "call_busy",
    "cancel_call",
    "call_failed",
    "call_end",
    "call_interrupted",
    "receive_call",
    "accept_call",
    "not_answer_call",
    "reject_call",
    "ignore_call",
    "call_canceled",
    "invite_user",
    "join_in_group_call",
];

/// True for a body that can only be a CallKit v1 callback, for requests without `command` in the query.
pub(crate) fn looks_like(body: Fields<'_>) -> bool {
    ["CallId", "UserId", "Role"].iter().all(|name| body.get(name).is_some())
}

/// The command to show for a body whose URL names none.
pub(crate) fn command_of_body(body: Fields<'_>) -> String {
    body.word("Event").or_else(|| body.word("CallResult")).unwrap_or_default()
}

/// Reads one body. Words that are not known stay raw; only a body without `CallId` cannot be used.
pub(crate) fn read(command: &str, body: Fields<'_>) -> Reading {
    let Some(call_id) = body.word("CallId") else { return Reading::lacks("CallId") };
    let mut event = V1Event {
        user: body.text_or_empty("UserId"),
        role: body.text_or_empty("Role"),
        event: body.text_or_empty("Event"),
        result: body.text_or_empty("CallResult"),
        media: body.text_or_empty("MediaType"),
        call_type: body.text_or_empty("CallType"),
        room_id: body.text_or_empty("RoomId"),
        total: body.integer("TotalNum"),
        started_ms: body.time_ms_above_0("StartCallTs"),
        accepted_ms: body.time_ms_above_0("AcceptTs"),
        ended_ms: body.time_ms_above_0("EndTs"),
    };
    complete(&mut event, command);
    if event.event.is_empty() && event.result.is_empty() {
        return Reading::unknown(command);
    }
    Reading::record(Facts::Call(CallEvent { call_id, detail: CallDetail::V1(event) }))
}

/// Takes from the command what the body does not say: `callee_accept_call` is role `callee`, event `accept_call`.
fn complete(event: &mut V1Event, command: &str) {
    let command = command.to_ascii_lowercase();
    let (role, word) = split_role(&command);
    if event.role.is_empty() {
        role.clone_into(&mut event.role);
    }
    if STATUS.contains(&word) && role.is_empty() {
        if event.event.is_empty() && event.result.is_empty() {
            word.clone_into(&mut event.result);
        }
    } else if EVENTS.contains(&word) && event.event.is_empty() {
        word.clone_into(&mut event.event);
    }
}

/// `caller_start_call` into `caller` and `start_call`; the role is empty where the word has none.
fn split_role(command: &str) -> (&str, &str) {
    ["caller", "callee"]
        .into_iter()
        .find_map(|role| Some((role, command.strip_prefix(role)?.strip_prefix('_')?)))
        .unwrap_or(("", command))
}
