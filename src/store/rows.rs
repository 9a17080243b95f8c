//! The rows that lists, details and exports are made of: what the API answers and the columns are taken from.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::callback::words;

/// One call. Times are Unix milliseconds, UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallRow {
    /// The application (SDKAppID).
    pub app: String,
    /// Tencent's `CallId`.
    pub call_id: String,
    /// When it was started.
    pub started_ms: i64,
    /// When it was answered; null when it was not, or not yet.
    pub answered_ms: Option<i64>,
    /// When it ended; null while its end is not known.
    pub ended_ms: Option<i64>,
    /// `normal_end cancel reject not_answer call_busy interrupt offline failed`, or open: `ringing in_progress unknown`.
    #[schema(value_type = words::CallResult)]
    pub result: String,
    /// `audio`, `video`, `unknown`, or empty when not known yet.
    #[schema(value_type = words::Media)]
    pub media: String,
    /// `single`, `group`, `unknown`, or empty when not known yet.
    #[serde(rename = "type")]
    #[schema(value_type = words::CallType)]
    pub call_type: String,
    /// The caller's account id; empty when not known yet.
    pub caller: String,
    /// The callees' account ids.
    pub callees: Vec<String>,
    /// How many distinct users were ever named in the call.
    pub members: u32,
    /// The users of the call who are neither its caller nor among its callees, for a list that would otherwise show nobody.
    pub others: Vec<String>,
    /// Seconds from start to answer or end; null while ringing or unknown.
    pub ring_seconds: Option<i64>,
    /// Seconds from answer to end; 0 when it ended without an answer; null while open or unknown.
    pub talk_seconds: Option<i64>,
    /// Tencent's `RoomId`.
    pub room_id: String,
    /// `number`, `text`, or empty where Tencent does not say.
    #[schema(value_type = words::RoomIdType)]
    pub room_id_type: String,
    /// `callback`, `backfill` or `both`.
    #[schema(value_type = words::CallSource)]
    pub source: String,
    /// When the newest event of the call happened.
    pub last_ms: i64,
}

/// One user of one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MemberRow {
    /// The application (SDKAppID).
    pub app: String,
    /// Tencent's `CallId`.
    pub call_id: String,
    /// The account id.
    pub user: String,
    /// `caller`, `callee`, or empty.
    #[schema(value_type = words::Role)]
    pub role: String,
    /// When the user was invited or began to ring.
    pub invited_ms: Option<i64>,
    /// When the user came into the call.
    pub joined_ms: Option<i64>,
    /// When the user left it.
    pub left_ms: Option<i64>,
    /// What became of it, as a result code; empty while open or unknown.
    #[schema(value_type = words::Outcome)]
    pub outcome: String,
    /// Seconds from invitation to joining, or to the outcome.
    pub ring_seconds: Option<i64>,
    /// Seconds between joining and leaving; 0 for a user who never joined.
    pub talk_seconds: Option<i64>,
    /// The platform as the callbacks' query named it (`OptPlatform`); empty when none did.
    pub platform: String,
}

/// One line of a call's timeline, or of a room's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepRow {
    /// When it happened.
    pub at_ms: i64,
    /// What happened: an action code for calls (`start receive accept ...`), for rooms `enter leave interrupt recover created closed changed activity`.
    pub action: String,
    /// Who did it, or whom it happened to; empty for the call or room as a whole.
    pub user: String,
    /// `OptPlatform` of the query.
    pub platform: String,
    /// `ClientIP` of the query.
    pub client_ip: String,
    /// Every other word that was sent, under Tencent's own names (`Status`, `TotalNum`, `EventType`, `EventCause`, ...).
    #[schema(value_type = HashMap<String, Value>)]
    pub sent: Value,
    /// The family of the delivery.
    #[schema(value_type = words::Family)]
    pub family: String,
    /// The command of the delivery.
    pub command: String,
    /// True when the event's own time was missing or implausible and the time of receipt stands in for it.
    pub flagged: bool,
    /// The delivery (hexadecimal digest) that told it.
    pub delivery: String,
}

/// A call with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallDetailRow {
    /// The call.
    pub call: CallRow,
    /// Its members: caller, callees in their order, others.
    pub members: Vec<MemberRow>,
    /// Its timeline, in order.
    pub steps: Vec<StepRow>,
    /// For each field of the call, where it came from: `end_record`, `fetched_record`, `v1`, `v2`, `derived`.
    #[schema(value_type = HashMap<String, Value>)]
    pub sources: Value,
    /// The deliveries that told of it, oldest first.
    pub deliveries: Vec<DeliveryRow>,
}

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
}

/// One request, as the inspector lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryRow {
    /// Hexadecimal digest: its identity.
    pub digest: String,
    /// The earliest known receipt, Unix milliseconds.
    pub received_ms: i64,
    /// The application; empty when the request names none.
    pub app: String,
    /// `call-v1 call live room rtc chat unknown`.
    #[schema(value_type = words::Family)]
    pub family: String,
    /// The command as sent.
    pub command: String,
    /// What Calltrail made of it.
    #[schema(value_type = words::Verdict)]
    pub verdict: String,
    /// Why, for a person; empty when there is nothing to say.
    pub reason: String,
    /// How often it came again.
    pub repeats: u64,
    /// The call that it tells of, or empty.
    pub call_id: String,
    /// The room that it tells of, or empty.
    pub room_id: String,
    /// Length of its body.
    pub bytes: u64,
    /// `callback` or `backfill`.
    #[schema(value_type = words::DeliverySource)]
    pub source: String,
    /// The event's own time in Unix milliseconds, where it has a plausible one.
    pub event_ms: Option<i64>,
    /// True when it waits in quarantine.
    pub quarantined: bool,
}

/// One request with everything that was kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryDetailRow {
    /// The row of the list.
    pub delivery: DeliveryRow,
    /// The sender's address.
    pub remote: String,
    /// The HTTP method.
    pub method: String,
    /// The raw query; values of `Sign` and `usersig` are masked.
    pub query: String,
    /// The kept headers.
    pub headers: Vec<(String, String)>,
    /// The body as text, invalid UTF-8 replaced.
    pub body: String,
    /// The body as indented JSON (repaired where it had to be); null when it is not JSON.
    pub pretty: Option<String>,
    /// When each repeat was received.
    pub repeated_ms: Vec<i64>,
    /// Which receipt of which record the earliest is: 16 hexadecimal digits that name one opening of an archive, a colon, and
    /// the number of the receipt there; null while it waits in quarantine.
    pub origin: Option<String>,
}

/// A page of a list: rows, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Ask again with `cursor` set to this for the next page; null at the end.
    pub next: Option<String>,
    /// How many rows the filter finds in all; only on request (`total=true`).
    pub total: Option<u64>,
}

/// How many rows of a list each local day has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Days {
    /// How many rows the filter finds in all.
    pub total: u64,
    /// The days that have rows, newest first; their rows sum to the total.
    pub days: Vec<Day>,
}

/// A local day that has rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Day {
    /// Such as `2026-11-20`.
    pub day: String,
    /// How many.
    pub rows: u64,
}

/// How many calls each choice of a filter would give; each facet leaves the filter's own restriction of it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    /// By result.
    pub result: Vec<Choice>,
    /// By media.
    pub media: Vec<Choice>,
    /// By type.
    #[serde(rename = "type")]
    pub call_type: Vec<Choice>,
    /// By application.
    pub app: Vec<Choice>,
}

/// A choice that gives rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What the filter would be set to.
    pub code: String,
    /// How many rows it would give.
    pub rows: u64,
}
