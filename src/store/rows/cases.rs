//! Cases of missed callers (rules.md section 12).

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::callback::words;
use crate::store::entry::{Entry, Person};
use crate::store::filter::whole;
use crate::store::rows::CallRow;

/// A case: somebody whose call was missed, until somebody of ours has talked with them or has said that it is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseRow {
    /// The application (SDKAppID).
    pub app: String,
    /// The newest missed call. Each of its missed calls names the case.
    pub call_id: String,
    /// The account id that stands for the caller.
    pub user: String,
    /// The caller's name; empty without one.
    pub name: String,
    /// How it stands.
    #[schema(value_type = words::CaseState)]
    pub state: String,
    /// How many calls were missed.
    pub misses: u64,
    /// When the first one started, Unix milliseconds.
    pub first_ms: i64,
    /// When the last one did.
    pub last_ms: i64,
    /// When it was closed; null while it is open.
    pub closed_ms: Option<i64>,
    /// How it was closed.
    #[schema(value_type = words::CaseHow)]
    pub how: String,
    /// Who closed it: of a call the account id and the name of whoever of ours talked first; by hand who said so.
    pub by: Option<Person>,
    /// How long after the end of the first miss it was closed, in milliseconds.
    pub after_ms: Option<i64>,
    /// The call that closed it; empty without one.
    pub closing_call_id: String,
    /// Who is to call back.
    pub assignee: Option<Person>,
    /// Put off until then, Unix milliseconds.
    pub until_ms: Option<i64>,
    /// What was said when it was closed by hand.
    pub reason: String,
    /// In an export: the ids of all missed calls, oldest first. Else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
}

/// A case with everything that explains it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseDetailRow {
    /// The case.
    pub case: CaseRow,
    /// The calls that opened it, oldest first: the first 200.
    pub misses: Vec<CallRow>,
    /// The call that closed it.
    pub closing: Option<CallRow>,
    /// What people have said of it, the newest first.
    pub history: Vec<Entry>,
}

/// Cases in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseFigures {
    /// Open and not put off.
    pub open: u64,
    /// Open, and to come back at their time.
    pub put_off: u64,
    /// Closed by hand.
    pub done: u64,
    /// Closed by a call.
    pub closed_itself: u64,
    /// Those of the open ones that are assigned to whoever asks.
    pub mine: u64,
    /// How many people there are whose cases are still being worked out.
    pub stale: u64,
    /// How long the closed ones were open: the median, in milliseconds; null where none was closed.
    pub median_after_ms: Option<i64>,
    /// Whether anybody is marked as one of us.
    pub anybody_ours: bool,
    /// Whom a case can be assigned to: whoever asks, everybody to whom one was assigned, and who is ours and has a name.
    pub assignees: Vec<Person>,
}

/// Which calls are missed, as the team has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missed {
    /// Of each result (`not_answer`, `call_busy`, `offline`, `failed`, `cancel`, `reject`), whether a call that ended so was missed.
    pub results: BTreeMap<String, bool>,
    /// How long a call must have rung for its cancel to be a miss, in milliseconds.
    #[serde(deserialize_with = "whole_ms")]
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub cancel_after_ms: i64,
}

fn whole_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    whole(deserializer)?.ok_or_else(|| de::Error::custom("expected a whole number of milliseconds"))
}
