//! What the fold of a call gives: the call and its members, as the projection stores them.

use serde_json::Value;

use crate::callback::codes::RoomIdType;

/// A folded call: what the projection stores of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) started_ms: i64,
    pub(crate) answered_ms: Option<i64>,
    pub(crate) ended_ms: Option<i64>,
    /// Empty while no result is known.
    pub(crate) result: String,
    pub(crate) media: String,
    pub(crate) call_type: String,
    pub(crate) caller: String,
    pub(crate) callees: Vec<String>,
    pub(crate) room_id: String,
    pub(crate) room_id_type: RoomIdType,
    pub(crate) source: &'static str,
    pub(crate) sources: Value,
    pub(crate) last_ms: i64,
    pub(crate) members: Vec<Member>,
}

/// One member, as the projection stores it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Member {
    pub(crate) user: String,
    /// `caller`, `callee` or empty.
    pub(crate) role: &'static str,
    pub(crate) invited_ms: Option<i64>,
    pub(crate) joined_ms: Option<i64>,
    pub(crate) left_ms: Option<i64>,
    /// A result code, or empty while open or unknown.
    pub(crate) outcome: &'static str,
    pub(crate) ring_seconds: Option<i64>,
    pub(crate) talk_seconds: Option<i64>,
    pub(crate) platform: String,
}
