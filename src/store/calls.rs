//! Calls and their members as lists and details. What depends on the clock is derived here and never stored.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::filter::Filter;
use super::fold::{seconds, step};
use super::list::{List, given};
use super::rows::{CallDetailRow, CallRow, Choice, Facets, MemberRow};
use super::{Error, deliveries, projection, text};

/// Ringing is believed for five minutes, a conversation for a day (rules.md section 5). `{now}` is the moment of reading.
const RESULT: &str = "case
    when call.result <> '' then call.result
    when call.ended_ms is not null then 'unknown'
    when call.answered_ms is not null then case when {now} - call.last_ms < 86400000 then 'in_progress' else 'unknown' end
    when {now} - call.last_ms < 300000 then 'ringing'
    else 'unknown' end";

/// Calls that the filter finds.
pub(super) fn list(filter: &Filter, now_ms: i64) -> List {
    let mut list = List::new("call.*", "call", "call.started_ms", &["call.app", "call.call_id"]);
    restrict(&mut list, filter, now_ms);
    list
}

/// Members of the calls that the filter finds.
pub(super) fn members(filter: &Filter, now_ms: i64) -> List {
    let mut list = List::new(
        "member.*",
        "call join member using (app, call_id)",
        "call.started_ms",
        &["call.app", "call.call_id", "member.position"],
    );
    restrict(&mut list, filter, now_ms);
    list
}

fn restrict(list: &mut List, filter: &Filter, now_ms: i64) {
    list.only_between(filter.from, filter.to);
    list.only_equal("call.app", filter.app.as_deref());
    list.only_equal("call.media", filter.media.as_deref());
    list.only_equal("call.call_type", filter.call_type.as_deref());
    list.only_equal("call.room_id", filter.room.as_deref());
    if given(filter.result.as_deref()).is_some() {
        let now = list.bind(now_ms);
        list.only_among(&format!("({})", RESULT.replace("{now}", &now)), filter.result.as_deref());
    }
    if let Some(user) = given(filter.user.as_deref()) {
        let user = list.bind(user.to_owned());
        list.only(format!("(call.app, call.call_id) in (select app, call_id from member where user = {user})"));
    }
    if let Some(text) = given(filter.q.as_deref()) {
        let needle = list.bind(text::fold(text));
        list.only(format!(
            "(contains_folded(call.call_id, {needle}) or contains_folded(call.room_id, {needle})
              or exists (select 1 from member as named where named.app = call.app and named.call_id = call.call_id
                         and contains_folded(named.user, {needle})))"
        ));
    }
}

/// How many calls each choice would give.
pub(super) fn facets(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Facets, Error> {
    let facet = |without: &dyn Fn(&mut Filter), expression: &str| -> Result<Vec<Choice>, Error> {
        let mut filter = filter.clone();
        without(&mut filter);
        let mut list = list(&filter, now_ms);
        let groups = if expression.contains("{now}") {
            let now = list.bind(now_ms);
            list.grouped(connection, &expression.replace("{now}", &now))?
        } else {
            list.grouped(connection, expression)?
        };
        Ok(groups.into_iter().map(|(code, rows)| Choice { code, rows }).collect())
    };
    Ok(Facets {
        result: facet(&|filter| filter.result = None, RESULT)?,
        media: facet(&|filter| filter.media = None, "call.media")?,
        call_type: facet(&|filter| filter.call_type = None, "call.call_type")?,
        app: facet(&|filter| filter.app = None, "call.app")?,
    })
}

/// Reads a row of `call`.
pub(super) fn call_row(row: &Row<'_>, now_ms: i64) -> Result<CallRow, Error> {
    let started_ms: i64 = row.get("started_ms")?;
    let answered_ms: Option<i64> = row.get("answered_ms")?;
    let ended_ms: Option<i64> = row.get("ended_ms")?;
    let last_ms: i64 = row.get("last_ms")?;
    let (callees, others): (String, String) = (row.get("callees")?, row.get("others")?);
    let mut result: String = row.get("result")?;
    if result.is_empty() {
        open_result(answered_ms, ended_ms, last_ms, now_ms).clone_into(&mut result);
    }
    let (rang, talked) = durations(&result, started_ms, answered_ms, ended_ms);
    Ok(CallRow {
        app: row.get("app")?,
        call_id: row.get("call_id")?,
        started_ms,
        answered_ms,
        ended_ms,
        result,
        media: row.get("media")?,
        call_type: row.get("call_type")?,
        caller: row.get("caller")?,
        callees: serde_json::from_str(&callees)?,
        members: row.get("members")?,
        others: serde_json::from_str(&others)?,
        ring_seconds: rang,
        talk_seconds: talked,
        room_id: row.get("room_id")?,
        room_id_type: row.get("room_id_type")?,
        source: row.get("source")?,
        last_ms,
    })
}

/// Ring and talk time, as far as the result lets them be known (rules.md section 5).
fn durations(
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

/// The same as `RESULT`, for a call without a stored result.
fn open_result(answered_ms: Option<i64>, ended_ms: Option<i64>, last_ms: i64, now_ms: i64) -> &'static str {
    let silent_ms = now_ms.saturating_sub(last_ms);
    match (ended_ms, answered_ms) {
        (None, Some(_)) if silent_ms < 86_400_000 => "in_progress",
        (None, None) if silent_ms < 300_000 => "ringing",
        _ => "unknown",
    }
}

/// Reads a row of `member`.
pub(super) fn member_row(row: &Row<'_>) -> Result<MemberRow, Error> {
    Ok(MemberRow {
        app: row.get("app")?,
        call_id: row.get("call_id")?,
        user: row.get("user")?,
        role: row.get("role")?,
        invited_ms: row.get("invited_ms")?,
        joined_ms: row.get("joined_ms")?,
        left_ms: row.get("left_ms")?,
        outcome: row.get("outcome")?,
        ring_seconds: row.get("ring_seconds")?,
        talk_seconds: row.get("talk_seconds")?,
        platform: row.get("platform")?,
    })
}

/// A call with its members, timeline, field sources and deliveries.
pub(super) fn detail(
    connection: &Connection,
    app: &str,
    call_id: &str,
    now_ms: i64,
) -> Result<Option<CallDetailRow>, Error> {
    let found = connection
        .prepare_cached("select * from call where app = ?1 and call_id = ?2")?
        .query_row((app, call_id), |row| Ok((call_row(row, now_ms), row.get::<_, String>("sources")?)))
        .optional()?;
    let Some((call, sources)) = found else { return Ok(None) };
    let call = call?;
    let members = connection
        .prepare_cached("select * from member where app = ?1 and call_id = ?2 order by position")?
        .query_map((app, call_id), |row| Ok(member_row(row)))?
        .collect::<Result<Result<Vec<_>, _>, _>>()??;
    let events = projection::call_events(connection, app, call_id)?;
    Ok(Some(CallDetailRow {
        steps: step::timeline(&events, &call.caller),
        sources: serde_json::from_str(&sources)?,
        deliveries: deliveries::of_call(connection, app, call_id)?,
        call,
        members,
    }))
}
