//! `Room.Callback*` and `Mic.*` of TUIRoomKit conference rooms (pages 60720 and 60731 to 60736).

use serde_json::Value;

use super::{
    codes::Product,
    facts::RoomAction,
    fields::Fields,
    reading::Reading,
    room_event::{self, Draft},
};

/// Reads one body of the Room backend.
pub(crate) fn read(command: &str, body: Fields<'_>) -> Reading {
    let begin = |action, cause: &str| Draft::begin(Product::Conference, body, action, cause);
    let draft = match command.to_ascii_lowercase().as_str() {
        "room.callbackaftercreateroom" => begin(RoomAction::Created, "").map(Draft::room_info),
        "room.callbackafterupdateroominfo" | "room.callbackupdateroominfo" => {
            begin(RoomAction::Changed, "").map(Draft::room_info)
        }
        "room.callbackafterdestroyroom" => begin(RoomAction::Closed, "room_closed")
            .map(|draft| draft.room_info().detail("end_reason", Value::from("destroy"))),
        "room.callbackaftermemberenter" => begin(RoomAction::Enter, "enter").map(members),
        "room.callbackaftermemberleave" => begin(RoomAction::Leave, leave_cause(body)).map(members),
        "mic.callbackafterseatinfochanged" => return room_event::seats(Product::Conference, body),
        _ => return Reading::unknown(command),
    };
    draft.map_or_else(|| Reading::lacks("RoomId"), Draft::finish)
}

fn members(draft: Draft<'_>) -> Draft<'_> {
    draft.users("MemberList").users("MemberList_Account")
}

/// `Type` of `Room.CallbackAfterMemberLeave`: `Leave`, `Kicked`, `Expired` (the heartbeat ran out).
fn leave_cause(body: Fields<'_>) -> &'static str {
    match body.text_or_empty("Type").to_ascii_lowercase().as_str() {
        "leave" => "leave",
        "kicked" => "kicked",
        "expired" => "timeout",
        _ => "unknown",
    }
}
