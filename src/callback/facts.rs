//! What one callback tells, in normal form: the input of the projection. Raw words are kept beside every code.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::codes::{Product, RoomIdType};

/// What a callback contributes to the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facts {
    /// One thing that happened in one call.
    Call(CallEvent),
    /// One thing that happened in one room.
    Room(RoomEvent),
}

/// One thing that happened in one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallEvent {
    /// `CallId`.
    pub call_id: String,
    /// What was sent about it.
    pub detail: CallDetail,
}

/// The four messages about calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallDetail {
    /// A CallKit v1 status or event callback.
    V1(V1Event),
    /// `Call.CallbackAfterStartCall`.
    Started(StartedCall),
    /// `Call.CallbackAfterMemberChanged`.
    Members(MemberChange),
    /// `Call.CallbackAfterEndCall`, or a record fetched from Tencent.
    Ended(CallRecord),
}

/// A CallKit v1 callback (pages 60129 and 60130). Words are as sent; times are Unix milliseconds, absent when 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct V1Event {
    /// `UserId`: whose action or state is reported.
    pub user: String,
    /// `Role`.
    pub role: String,
    /// `Event`; empty for a status callback.
    pub event: String,
    /// `CallResult`; empty unless the event ends the call.
    pub result: String,
    /// `MediaType`.
    pub media: String,
    /// `CallType`.
    pub call_type: String,
    /// `RoomId`.
    pub room_id: String,
    /// `TotalNum`: number of participants.
    pub total: Option<i64>,
    /// `StartCallTs`.
    pub started_ms: Option<i64>,
    /// `AcceptTs`.
    pub accepted_ms: Option<i64>,
    /// `EndTs`.
    pub ended_ms: Option<i64>,
}

/// A user and the `Status` that Tencent gave (`Calling`, `Waiting`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserStatus {
    /// `User_Account`.
    pub user: String,
    /// `Status`, as sent.
    pub status: String,
}

/// A user and the `ActionType` that Tencent gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserAction {
    /// `User_Account`.
    pub user: String,
    /// `ActionType`, as sent; `Action::read` maps it.
    pub action: String,
}

/// `Call.CallbackAfterStartCall` (page 68941).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StartedCall {
    /// `CallInfo.MediaType` or `CallInfo.CallMediaType`.
    pub media: String,
    /// `CallInfo.ChatGroupId`.
    pub chat_group_id: String,
    /// `CallInfo.RoomId`.
    pub room_id: String,
    /// `CallInfo.RoomIdType`.
    pub room_id_type: RoomIdType,
    /// `UserList`.
    pub users: Vec<UserStatus>,
}

/// `Call.CallbackAfterMemberChanged` (page 69215).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberChange {
    /// `UserList`: everybody in the call after the change.
    pub users: Vec<UserStatus>,
    /// `ChangedUserList`: who did what.
    pub changed: Vec<UserAction>,
}

/// `CallRecord` of `Call.CallbackAfterEndCall` (page 68940). A field that was not sent is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallRecord {
    /// `Caller_Account`.
    pub caller: Option<String>,
    /// `MediaType`.
    pub media: Option<String>,
    /// `CallType`.
    pub call_type: Option<String>,
    /// `StartTime`, Unix milliseconds; `None` when absent or 0.
    pub started_ms: Option<i64>,
    /// `EndTime`, Unix milliseconds; `None` when absent or 0.
    pub ended_ms: Option<i64>,
    /// `AcceptTime`, Unix milliseconds. `Some(0)` is a value: the call was never answered.
    pub accepted_ms: Option<i64>,
    /// `CallResult`.
    pub result: Option<String>,
    /// `CalleeList_Account` as sent, which may name the caller too.
    pub listed: Option<Vec<String>>,
    /// `RoomId`.
    pub room_id: Option<String>,
    /// `RoomIdType`.
    pub room_id_type: Option<RoomIdType>,
    /// True for a record fetched from Tencent's REST API.
    pub fetched: bool,
}

/// One thing that happened in one room, to the room itself or to some of its users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomEvent {
    /// Whose room it is.
    pub product: Product,
    /// `RoomId`, `EventInfo.RoomId`.
    pub room_id: String,
    /// The kind of id, where Tencent says.
    pub room_id_type: RoomIdType,
    /// What happened.
    pub action: RoomAction,
    /// Why, as a code of rules.md section 6 (`enter`, `kicked`, `room_closed`, ...); empty where it has no meaning.
    pub cause: String,
    /// Whom it happened to; empty for the room's own events.
    pub users: Vec<String>,
    /// `UniqueId` of RTC Engine events: identifies one stay.
    pub unique_id: Option<String>,
    /// The words as sent that have no field of their own: `EventType`, `EventCause`, `Type`, `Reason`, `MemberCount`,
    /// `Operator_Account`, `Role`, `TerminalType`, `UserType`, ... in the order of the body.
    pub sent: Vec<(String, Value)>,
    /// What the event says of the room, each a register of its own that the latest event wins: `name`, `owner`,
    /// `seat:3`, `admin:alice`, `metadata:topic`, `info:MaxSeatCount`, `statistic:TotalViewers`. `Null` removes.
    pub details: Vec<(String, Value)>,
}

/// What happened in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomAction {
    /// The room came to be.
    Created,
    /// The room was destroyed or dismissed: the end of every open stay.
    Closed,
    /// The room's details changed.
    Changed,
    /// Users came in (also E 103 with reasons 2 and 3, which continue an open stay).
    Enter,
    /// Users left.
    Leave,
    /// The heartbeat of users was lost.
    Interrupt,
    /// The heartbeat of users came back.
    Recover,
    /// Users did something that does not change who is in: a role change, camera or microphone on or off.
    Activity,
}

impl RoomAction {
    /// The code that the API and the database use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Closed => "closed",
            Self::Changed => "changed",
            Self::Enter => "enter",
            Self::Leave => "leave",
            Self::Interrupt => "interrupt",
            Self::Recover => "recover",
            Self::Activity => "activity",
        }
    }
}
