//! The one filter that lists and exports share (rules.md section 8).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a list shows and an export holds. Empty fields do not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// From this moment on, Unix milliseconds (started, first seen, entered or received).
    pub from: Option<i64>,
    /// Before this moment, Unix milliseconds.
    pub to: Option<i64>,
    /// Result codes, comma-separated (calls and members).
    pub result: Option<String>,
    /// An account id, exactly: caller, callee or member of a call; user of a stay; somebody who was in a room.
    pub user: Option<String>,
    /// `audio` or `video` (calls and members).
    pub media: Option<String>,
    /// `single` or `group` (calls and members).
    #[serde(rename = "type")]
    #[param(rename = "type")]
    pub call_type: Option<String>,
    /// A room id, exactly.
    pub room: Option<String>,
    /// `number`, `text`, or empty for rooms whose kind Tencent does not say (rooms and stays).
    pub room_id_type: Option<String>,
    /// An application (SDKAppID).
    pub app: Option<String>,
    /// `live`, `conference` or `rtc` (rooms and stays).
    pub product: Option<String>,
    /// Verdict codes, comma-separated (deliveries).
    pub verdict: Option<String>,
    /// A family code (deliveries).
    pub family: Option<String>,
    /// Case-insensitive substring of call, room and member ids.
    pub q: Option<String>,
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageRequest {
    /// `next` of the page before; nothing for the first page.
    pub cursor: Option<String>,
    /// The page whose first row is this one of the list, counted from 0, the newest; not together with `cursor`.
    pub at: Option<u64>,
    /// Rows wanted: 1 to 1000, 200 if not said.
    pub limit: Option<u32>,
    /// True to count all rows that the filter finds.
    pub total: Option<bool>,
}
