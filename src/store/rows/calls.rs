//! Calls, their members and timelines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::callback::words;
use crate::store::rows::{DeliveryRow, NoteRow};

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
    /// The caller's name; empty without one.
    pub caller_name: String,
    /// The callees' account ids.
    pub callees: Vec<String>,
    /// Their names, in the same order; empty without one.
    pub callee_names: Vec<String>,
    /// How many distinct users were ever named in the call.
    pub members: u32,
    /// The users of the call who are neither its caller nor among its callees, for a list that would otherwise show nobody.
    pub others: Vec<String>,
    /// Their names, in the same order; empty without one.
    pub other_names: Vec<String>,
    /// The tags that people have put on it, in order.
    pub tags: Vec<String>,
    /// How many notes there are on it.
    pub notes: u32,
    /// What they say, the oldest first, each on a line of its own.
    pub note: String,
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
    /// The person's name; empty without one.
    pub user_name: String,
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
    /// The names of those in its members and steps who have one, by account id.
    pub names: BTreeMap<String, String>,
    /// What people have written on it, oldest first.
    pub notes: Vec<NoteRow>,
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
