//! What CallKit v1's words mean: protocol.md 1.4, and its rules in rules.md section 3.

use crate::callback::codes::{Action, CallResult, CallType, Role};
use crate::callback::facts::V1Event;

/// Lower-cases an `Event` or command word and drops what differs between spellings.
fn word(raw: &str) -> String {
    raw.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What the event was, as a step of the timeline.
pub(super) fn action(event: &V1Event) -> Option<Action> {
    Some(match word(&event.event).as_str() {
        "startcall" => Action::Start,
        "receivecall" => Action::Receive,
        "callaccepted" | "acceptcall" => Action::Accept,
        "joiningroupcall" => Action::Join,
        "inviteuser" => Action::Invite,
        "callmissed" | "notanswercall" => Action::NotAnswer,
        "callrejected" | "rejectcall" => Action::Reject,
        "callbusy" | "ignorecall" => Action::Busy,
        "cancelcall" | "callcanceled" | "callcancelled" => Action::CancelInvite,
        "callend" => Action::End,
        "callinterrupted" => Action::Interrupt,
        "callfailed" => Action::Fail,
        _ => return CallResult::read(&event.result).map(action_of_result),
    })
}

/// The step that a status callback (one without `Event`) stands for.
fn action_of_result(result: CallResult) -> Action {
    match result {
        CallResult::NormalEnd => Action::End,
        CallResult::Interrupt => Action::Interrupt,
        CallResult::Offline => Action::Offline,
        CallResult::Reject => Action::Reject,
        CallResult::CallBusy => Action::Busy,
        CallResult::Cancel => Action::CancelInvite,
        CallResult::NotAnswer => Action::NotAnswer,
        CallResult::Failed => Action::Fail,
    }
}

/// The result that the event carries: `CallResult` where given, else what its word says.
pub(super) fn result(event: &V1Event) -> Option<CallResult> {
    CallResult::read(&event.result).or_else(|| match action(event)? {
        Action::NotAnswer => Some(CallResult::NotAnswer),
        Action::Reject => Some(CallResult::Reject),
        Action::Busy => Some(CallResult::CallBusy),
        Action::CancelInvite => Some(CallResult::Cancel),
        Action::End => Some(CallResult::NormalEnd),
        Action::Interrupt => Some(CallResult::Interrupt),
        Action::Fail => Some(CallResult::Failed),
        _ => None,
    })
}

/// True where `AcceptTs` and `EndTs` count: a `call_end`, or any event with a `CallResult`.
pub(super) fn carries_times(event: &V1Event) -> bool {
    word(&event.event) == "callend" || !event.result.is_empty()
}

/// True for what is a callee's own outcome in a group call and says nothing of the call.
pub(super) fn is_members_own(event: &V1Event, group: bool) -> bool {
    group
        && Role::read(&event.role) == Some(Role::Callee)
        && matches!(result(event), Some(CallResult::Reject | CallResult::NotAnswer | CallResult::CallBusy))
}

/// True when the event says that the call is a group call.
pub(super) fn is_group(event: &V1Event) -> bool {
    CallType::read(&event.call_type) == Some(CallType::Group)
}
