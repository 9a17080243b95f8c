//! Rooms, and users' times in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::callback::words;
use crate::store::rows::{NoteRow, StepRow};

/// One room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoomRow {
    /// The application (SDKAppID).
    pub app: String,
    /// `live`, `conference` or `rtc`.
    #[schema(value_type = words::RoomProduct)]
    pub product: String,
    /// `number`, `text`, or empty where Tencent does not say.
    #[schema(value_type = words::RoomIdType)]
    pub room_id_type: String,
    /// Tencent's `RoomId`.
    pub room_id: String,
    /// The room's name, as last told.
    pub name: String,
    /// The owner's account id, as last told.
    pub owner: String,
    /// What the team calls the owner; empty where nobody gave a name.
    #[serde(default)]
    pub owner_name: String,
    /// When its newest life began; null when no callback told.
    pub created_ms: Option<i64>,
    /// When its newest life ended; null while it is open.
    pub ended_ms: Option<i64>,
    /// Why it ended; empty while it is open.
    pub end_reason: String,
    /// Distinct users who were ever in it.
    pub users: u64,
    /// Stays in it.
    pub stays: u64,
    /// The most users who were in it at once.
    pub peak: u64,
    /// Users who are in it now, as far as callbacks tell.
    pub inside: u64,
    /// The oldest event known.
    pub first_ms: i64,
    /// The newest event known.
    pub last_ms: i64,
    /// A user who was in it and by whose id or name a search found it; null where nobody's has what was sought, or nothing was.
    #[serde(default)]
    pub found_user: Option<String>,
    /// What the team calls that user; empty where nobody gave a name.
    #[serde(default)]
    pub found_name: String,
}

/// One user's time in one room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StayRow {
    /// The application (SDKAppID).
    pub app: String,
    /// `live`, `conference` or `rtc`.
    #[schema(value_type = words::RoomProduct)]
    pub product: String,
    /// `number`, `text`, or empty where Tencent does not say.
    #[schema(value_type = words::RoomIdType)]
    pub room_id_type: String,
    /// Tencent's `RoomId`.
    pub room_id: String,
    /// The account id.
    pub user: String,
    /// The person's name; empty without one.
    pub user_name: String,
    /// Which stay of this user in this room, from 1, by time.
    pub n: u32,
    /// When the user came in; null when no callback told.
    pub entered_ms: Option<i64>,
    /// When the user left; null while inside, or when no callback told.
    pub left_ms: Option<i64>,
    /// Seconds between the two, absences included; null unless both are known.
    pub seconds: Option<i64>,
    /// Seconds of lost heartbeat within.
    pub away_seconds: i64,
    /// Why the user came in (rules.md section 6); empty when not known.
    pub enter_cause: String,
    /// Why the user left; `unknown` for an open stay that went silent for 24 hours; empty while inside.
    pub leave_cause: String,
}

/// One life of a room: from its creation, or the first that was told of it, to its end. Its id is used again afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LifeRow {
    /// Which life, from 1, by time.
    pub n: u32,
    /// The first sign of it.
    pub began_ms: i64,
    /// When the room was created; null when no callback told.
    pub created_ms: Option<i64>,
    /// When it ended; null while it is open.
    pub ended_ms: Option<i64>,
    /// Why it ended; empty while it is open.
    pub end_reason: String,
    /// Distinct users who were in it.
    pub users: u64,
    /// Stays in it.
    pub stays: u64,
    /// The most users who were in it at once.
    pub peak: u64,
    /// When so many were in it first; null when nobody is known to have come in.
    pub peak_ms: Option<i64>,
}

/// From this moment on, until the next point, so many were inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OccupancyPoint {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// How many users were inside.
    pub inside: u64,
}

/// A room with everything that is known of it, apart from its stays, which are a list of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoomDetailRow {
    /// The room.
    pub room: RoomRow,
    /// Details as last told, by register: `name`, `owner`, `seat:3`, `metadata:topic`, `info:MaxSeatCount`, `statistic:TotalViewers`, ...
    #[schema(value_type = HashMap<String, Value>)]
    pub details: Value,
    /// For each of these, when it was told (Unix milliseconds).
    #[schema(value_type = HashMap<String, i64>)]
    pub details_ms: Value,
    /// Its lives, newest first, at most 200; the number of the newest says how many there are.
    pub lives: Vec<LifeRow>,
    /// The life whose occupancy follows; null for the room's whole time.
    pub life: Option<u32>,
    /// How many were inside over time, oldest first: a step line of at most 400 points. A longer one keeps, of each of 199
    /// stretches of equal length, its highest point and its last, so that the peak is never lost. Users whose heartbeat is
    /// lost count as inside. A stay that fell silent counts until the room's last event, 24 hours at most.
    pub occupancy: Vec<OccupancyPoint>,
    /// Its newest steps, newest first, at most 500.
    pub steps: Vec<StepRow>,
    /// The names of the owner and of those in its steps who have one, by account id.
    pub names: BTreeMap<String, String>,
    /// What people have written on it, oldest first.
    pub notes: Vec<NoteRow>,
    /// The tags that people have put on it, in order.
    pub tags: Vec<String>,
}
