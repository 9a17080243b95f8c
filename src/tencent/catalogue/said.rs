//! What the catalogue says, as codes: the window has a sentence for each in every language.

use serde::Serialize;
use utoipa::ToSchema;

/// What Calltrail makes of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallbackMakes)]
pub enum Makes {
    /// The call appears in the list while it rings.
    RingingCall,
    /// The timeline of each member, ring and talk times, and when the call was answered.
    Members,
    /// The call's result and its lengths; without it no call gets a result.
    ResultAndLengths,
    /// The call's result, with its times.
    Result,
    /// A step of the call's timeline.
    Step,
    /// Who answered, and when.
    Answer,
    /// Who was in a group call, and from when.
    Joining,
    /// The room, with its name and owner.
    Room,
    /// The room's end, and the end of every stay in it.
    RoomEnd,
    /// The stays: who was in the room, from when to when, and why they left.
    Stays,
    /// A detail of the room with its history.
    RoomDetail,
    /// It is kept among the deliveries; no list is made of it.
    Delivery,
    /// Everything is allowed at once, and nothing is moderated.
    Permission,
    /// Nothing: it only belongs beside the gift callback.
    Nothing,
}

/// Why a callback has to be on beside another one; `Display` is the English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallbackBecause)]
pub enum Because {
    /// The stays in a room would not end.
    #[error(
        "When a room is closed, Tencent no longer says who leaves it. Without its end, everybody would seem to stay for ever."
    )]
    StaysNeverEnd,
    /// A call would have no result.
    #[error("Without the end of a call, nobody could tell how it ended and how long it was.")]
    CallsNeverEnd,
}

/// Callbacks of one product that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallbackGroup)]
pub enum GroupCode {
    /// Calls.
    Calls,
    /// How a call ended.
    Results,
    /// What the caller does.
    Caller,
    /// What the others do.
    Others,
    /// Rooms.
    Rooms,
    /// The people in them.
    People,
    /// Their seats.
    Seats,
    /// Battles between rooms.
    Battles,
    /// Who follows whom.
    Followers,
    /// Messages in rooms.
    Messages,
    /// Gifts.
    Gifts,
}
