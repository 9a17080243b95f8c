//! `Live.Callback*` and `Mic.*` of TUILiveKit (pages 64413, 64422 to 64425 and their neighbours).

use serde_json::Value;

use super::{
    codes::Product,
    facts::RoomAction,
    fields::Fields,
    json::Json,
    reading::Reading,
    reason::Reason,
    room_event::{self, Draft},
};

/// Reads one body of the Live backend.
pub(crate) fn read(command: &str, body: Fields<'_>) -> Reading {
    let lower = command.to_ascii_lowercase();
    let draft = match lower.as_str() {
        "live.callbackaftermemberstatechanged" | "live.callbackmemberstatechanged" => member_state(body),
        "live.callbackaftercreateroom" => begin(body, RoomAction::Created, "").map(Draft::room_info),
        "live.callbackafterdestroyroom" => destroyed(body),
        "live.callbackafterupdateroominfo" => begin(body, RoomAction::Changed, "").map(Draft::room_info),
        "live.callbackaftersetmetadata" | "live.callbackafterdelmetadata" => metadata(body),
        "live.callbackafterchangeowner" => owner(body),
        "live.callbackaftermodifyadmin" => admins(body),
        "mic.callbackafterseatinfochanged" => return room_event::seats(Product::Live, body),
        other => return not_relevant(other).unwrap_or_else(|| Reading::unknown(command)),
    };
    draft.map_or_else(|| Reading::lacks("RoomId"), Draft::finish)
}

fn not_relevant(lower: &str) -> Option<Reading> {
    let reason = match lower {
        "live.callbackaftercreatebattle" | "live.callbackafterstartbattle" | "live.callbackafterendbattle" => {
            Reason::Battle
        }
        "live.callbackaftercreateroomreachingthreshold" => Reason::RoomQuota,
        "live.callbackbeforesendgift" | "live.callbackbeforecallbacknotblock" => Reason::Gift,
        _ if lower.starts_with("follow.") => Reason::Follow,
        _ if lower.starts_with("group.") => Reason::Message,
        _ => return None,
    };
    Some(Reading::NotRelevant(reason))
}

fn begin<'a>(body: Fields<'a>, action: RoomAction, cause: &str) -> Option<Draft<'a>> {
    Draft::begin(Product::Live, body, action, cause)
}

/// `EventCause` decides; one that is not known falls back to `EventType` (protocol.md section 4.2).
fn member_state(body: Fields<'_>) -> Option<Draft<'_>> {
    let word = |name| body.text_or_empty(name).to_ascii_lowercase();
    let (action, cause) = match (word("EventCause").as_str(), word("EventType").as_str()) {
        ("enter", _) => (RoomAction::Enter, "enter"),
        ("leave", _) => (RoomAction::Leave, "leave"),
        ("kicked", _) => (RoomAction::Leave, "kicked"),
        ("heartbeatinterrupt", _) => (RoomAction::Interrupt, "heartbeat_interrupt"),
        ("heartbeatrecover", _) => (RoomAction::Recover, "heartbeat_recover"),
        (_, "online") => (RoomAction::Enter, "enter"),
        (_, "offline") => (RoomAction::Leave, "unknown"),
        _ => (RoomAction::Activity, "unknown"),
    };
    Some(begin(body, action, cause)?.users("MemberList").users("MemberList_Account"))
}

fn destroyed(body: Fields<'_>) -> Option<Draft<'_>> {
    let sent = body.text_or_empty("EventType");
    let reason = match sent.to_ascii_lowercase().as_str() {
        "destroybyuser" => "destroy_by_user",
        "destroybysystem" => "destroy_by_system",
        "" => "destroy",
        _ => sent.as_str(),
    };
    Some(begin(body, RoomAction::Closed, "room_closed")?.room_info().detail("end_reason", Value::from(reason)))
}

/// `SetMetadata` and `DelMetadata`; the page of the second prints the command of the first, so the body decides.
fn metadata(body: Fields<'_>) -> Option<Draft<'_>> {
    let set = |value| {
        let pair = Fields::of_value(value)?;
        Some((format!("metadata:{}", pair.word("Key")?), pair.get("Value").map(Json::kept).unwrap_or_default()))
    };
    let removed = |value: &Json| Some((format!("metadata:{}", super::fields::text(value)?), Value::Null));
    Some(begin(body, RoomAction::Changed, "")?.registers("Metadata", set).registers("Keys", removed))
}

fn owner(body: Fields<'_>) -> Option<Draft<'_>> {
    let owner = |value| Some(("owner".to_owned(), Value::from(super::fields::account(value)?)));
    Some(begin(body, RoomAction::Changed, "")?.registers("CurrentOwner_Account", owner))
}

/// `opType` says whether the named users became administrators; one that is not known leaves the list as sent.
fn admins(body: Fields<'_>) -> Option<Draft<'_>> {
    let change = match body.text_or_empty("opType").to_ascii_lowercase().as_str() {
        "add" => Some(Value::Bool(true)),
        "delete" => Some(Value::Null),
        _ => None,
    };
    let admin = |value| Some((format!("admin:{}", super::fields::account(value)?), change.clone()?));
    Some(begin(body, RoomAction::Changed, "")?.registers("Admin_Account", admin))
}
