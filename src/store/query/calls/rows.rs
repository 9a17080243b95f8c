//! Calls and members as lists show them, from the rows of their lists.

use rusqlite::Row;
use serde::de::DeserializeOwned;

use crate::store::error::Error;
use crate::store::projection::fold::seconds;
use crate::store::query::calls::open::is_open_as;
use crate::store::rows::{CallRow, MemberRow};

/// Reads a row of a list of calls, by the places of `call_columns!`: a million rows are exported, and each name would be looked for
/// among all of them.
pub(crate) fn call_row(row: &Row<'_>, now_ms: i64) -> Result<CallRow, Error> {
    const APP: usize = 0;
    const CALL_ID: usize = 1;
    const STARTED: usize = 2;
    const ANSWERED: usize = 3;
    const ENDED: usize = 4;
    const LAST: usize = 5;
    const RESULT: usize = 6;
    const MEDIA: usize = 7;
    const CALL_TYPE: usize = 8;
    const ROOM_ID: usize = 9;
    const ROOM_ID_TYPE: usize = 10;
    const SOURCE: usize = 11;
    const PEOPLE: usize = 12;
    const TAGS: usize = 13;
    const NOTES: usize = 14;
    let started_ms: i64 = row.get(STARTED)?;
    let answered_ms: Option<i64> = row.get(ANSWERED)?;
    let ended_ms: Option<i64> = row.get(ENDED)?;
    let last_ms: i64 = row.get(LAST)?;
    let mut result: String = row.get(RESULT)?;
    if result.is_empty() {
        is_open_as(answered_ms, ended_ms, last_ms, now_ms).clone_into(&mut result);
    }
    let (rang, talked) = durations(&result, started_ms, answered_ms, ended_ms);
    let people: Vec<(i64, String, String)> = json(row, PEOPLE)?;
    let members = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let (mut caller, mut callees, mut others) = (Default::default(), Vec::new(), Vec::new());
    for (role, user, name) in people {
        match role {
            1 => caller = (user, name),
            2 => callees.push((user, name)),
            _ => others.push((user, name)),
        }
    }
    let (caller, caller_name): (String, String) = caller;
    let ((callees, callee_names), (others, other_names)) = (callees.into_iter().unzip(), others.into_iter().unzip());
    let notes: Vec<String> = json(row, NOTES)?;
    Ok(CallRow {
        app: row.get(APP)?,
        call_id: row.get(CALL_ID)?,
        started_ms,
        answered_ms,
        ended_ms,
        result,
        media: row.get(MEDIA)?,
        call_type: row.get(CALL_TYPE)?,
        caller,
        caller_name,
        callees,
        callee_names,
        members,
        others,
        other_names,
        tags: json(row, TAGS)?,
        notes: u32::try_from(notes.len()).unwrap_or(u32::MAX),
        note: notes.join("\n"),
        ring_seconds: rang,
        talk_seconds: talked,
        room_id: row.get(ROOM_ID)?,
        room_id_type: row.get(ROOM_ID_TYPE)?,
        source: row.get(SOURCE)?,
        last_ms,
    })
}

/// Reads a column that holds a list.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, Error> {
    Ok(serde_json::from_str(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)?)
}

/// Ring and talk time, as far as the result lets them be known (rules.md section 5).
pub(crate) fn durations(
    result: &str,
    started_ms: i64,
    answered_ms: Option<i64>,
    ended_ms: Option<i64>,
) -> (Option<i64>, Option<i64>) {
    let rang = answered_ms.or(ended_ms).map(|until| seconds::between(started_ms, until));
    let talked = ended_ms.map(|ended| answered_ms.map_or(0, |answered| seconds::between(answered, ended)));
    match result {
        "ringing" | "unknown" => (None, None),
        "in_progress" => (rang, None),
        _ => (rang, talked),
    }
}

/// Reads a row of a list of members.
pub(crate) fn member_row(row: &Row<'_>) -> Result<MemberRow, Error> {
    let role = match row.get("role")? {
        1_i64 => "caller",
        2 => "callee",
        _ => "",
    };
    Ok(MemberRow {
        app: row.get("app")?,
        call_id: row.get("call_id")?,
        user: row.get("user")?,
        user_name: row.get("user_name")?,
        role: role.to_owned(),
        invited_ms: row.get("invited_ms")?,
        joined_ms: row.get("joined_ms")?,
        left_ms: row.get("left_ms")?,
        outcome: row.get("outcome")?,
        ring_seconds: row.get("ring_seconds")?,
        talk_seconds: row.get("talk_seconds")?,
        platform: row.get("platform")?,
    })
}
