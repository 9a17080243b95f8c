//! Calls and their members as lists and details. What depends on the clock is derived here and never stored.

pub(crate) mod search;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::store::case_fold;
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::calls::call_events;
use crate::store::projection::counters::Counted;
use crate::store::projection::fold::{seconds, step};
use crate::store::query::deliveries;
use crate::store::query::list::{CountSource, List, Shape, given, is_among, is_wanted, kinds};
use crate::store::rows::{CallDetailRow, CallRow, MemberRow, Page};

/// What an open call is: ringing is believed for five minutes, a conversation for a day (rules.md section 5). `now` is the
/// moment of reading, or its place in a statement.
pub(crate) fn open_result(now: &str) -> String {
    format!(
        "case
    when call.ended_ms is not null then 'unknown'
    when call.answered_ms is not null
        then case when {now} - call.last_ms between -86399999 and 86399999 then 'in_progress' else 'unknown' end
    when {now} - call.last_ms between -299999 and 299999 then 'ringing'
    else 'unknown' end"
    )
}

/// The result of any call.
pub(crate) fn result(now: &str) -> String {
    format!("case when call.result <> '' then call.result else {} end", open_result(now))
}

/// A call that was not heard of for so long is neither ringing nor in progress.
const OPEN_MS: i64 = 86_400_000;
/// Results that depend on the clock.
const OPEN: [&str; 3] = ["ringing", "in_progress", UNKNOWN];
/// What every open call becomes in the end, if nothing more is heard of it.
const UNKNOWN: &str = "unknown";

macro_rules! of_calls {
    ($from:literal) => {
        Shape {
            columns: "call.*",
            from: $from,
            bare: $from,
            time: "call.started_ms",
            ties: &["call.app", "call.call_id"],
        }
    };
}
const NEWEST: Shape = of_calls!("call indexed by call_newest");
const OF_KIND: Shape = of_calls!("call indexed by call_kind");
const KINDS: [&str; 4] = ["result", "media", "call_type", "app"];
const OF_ROOM: Shape = of_calls!("call indexed by call_room");
/// Calls that were heard of lately: few, so they can be sorted.
const OPEN_LATELY: Shape = of_calls!("call indexed by call_open");
const OF_USER: Shape = Shape {
    columns: "call.*",
    from: "member as named indexed by member_user cross join call using (app, call_id)",
    bare: "member as named indexed by member_user cross join call using (app, call_id)",
    time: "named.started_ms",
    ties: &["named.app", "named.call_id"],
};
/// Where nothing of the call itself is asked for, its index alone finds and counts.
const OF_USER_ALONE: Shape = Shape { bare: MEMBER_USER, ..OF_USER };
const MEMBER_USER: &str = "member as named indexed by member_user";
/// Nothing of the call itself is read.
const USER_INDEX: Shape = Shape { from: MEMBER_USER, ..OF_USER_ALONE };
const MEMBERS: Shape = Shape {
    columns: "member.*",
    from: "call indexed by call_newest cross join member using (app, call_id)",
    bare: "call indexed by call_newest cross join member using (app, call_id)",
    time: "call.started_ms",
    ties: &["call.app", "call.call_id", "member.position"],
};

/// Calls that the filter finds.
pub(crate) fn list(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<List, Error> {
    if let Some(found) = search::few(connection, filter, now_ms)? {
        return Ok(found);
    }
    let mut list = List::new(filter.from, filter.to);
    let searched = searched(&mut list, filter);
    if let Some(user) = list.equal("named.user", filter.user.as_deref()) {
        of_user(&mut list, filter, user, searched, now_ms);
    } else if let Some(room) = list.equal("call.room_id", filter.room.as_deref()) {
        let mut conditions = vec![room, "call.room_id <> ''".to_owned()];
        conditions.extend(of_kind(&mut list, filter, now_ms).into_iter().chain(searched));
        list.part(&OF_ROOM, conditions, CountSource::No);
    } else if has_kind(filter) {
        kinds_of(connection, &mut list, filter, searched, now_ms)?;
    } else {
        let known = if searched.is_some() { CountSource::No } else { CountSource::All(Counted::Call) };
        list.part(&NEWEST, searched.into_iter().collect(), known);
    }
    Ok(list)
}

/// The user whose calls are wanted, where neither a room nor a text narrows them.
pub(crate) fn only_user(filter: &Filter) -> Option<&str> {
    let narrowed = given(filter.room.as_deref()).or(given(filter.q.as_deref())).is_some();
    given(filter.user.as_deref()).filter(|_| !narrowed)
}

/// A page of calls.
pub(crate) fn page(
    connection: &Connection,
    filter: &Filter,
    request: &PageRequest,
    now_ms: i64,
) -> Result<Page<CallRow>, Error> {
    match search::needle(filter) {
        Some(needle) => search::page(connection, filter, &needle, request, now_ms),
        None => list(connection, filter, now_ms)?.page(connection, request, |row| call_row(row, now_ms)),
    }
}

/// How many calls each quarter of an hour has.
pub(crate) fn quarters(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<BTreeMap<i64, u64>, Error> {
    match search::needle(filter) {
        Some(needle) => search::quarters(connection, filter, &needle, now_ms),
        None => list(connection, filter, now_ms)?.quarters(connection),
    }
}

/// True when only calls of some result, media, type or application are wanted.
fn has_kind(filter: &Filter) -> bool {
    let choices = [&filter.result, &filter.media, &filter.call_type, &filter.app];
    choices.into_iter().any(|choice| given(choice.as_deref()).is_some())
}

/// All open calls.
pub(crate) fn open(from: i64, to: i64) -> List {
    let mut list = List::new(Some(from), Some(to));
    list.part(&OPEN_LATELY, vec!["call.result = ''".to_owned()], CountSource::No);
    list
}

/// Members of the calls that the filter finds.
pub(crate) fn members(filter: &Filter, now_ms: i64) -> List {
    let mut list = List::new(filter.from, filter.to);
    let mut conditions = of_kind(&mut list, filter, now_ms);
    conditions.extend(list.equal("call.room_id", filter.room.as_deref()));
    if let Some(user) = given(filter.user.as_deref()) {
        let user = list.bind(user.to_owned());
        conditions.push(format!(
            "(call.app, call.call_id) in (select named.app, named.call_id from member as named where named.user = {user})"
        ));
    }
    conditions.extend(searched(&mut list, filter));
    list.part(&MEMBERS, conditions, CountSource::No);
    list
}

/// Adds the calls of a user: those that have ended by what the index holds, and those that are open by the clock.
fn of_user(list: &mut List, filter: &Filter, user: String, searched: Option<String>, now_ms: i64) {
    let of_call: Vec<String> = list.equal("call.room_id", filter.room.as_deref()).into_iter().chain(searched).collect();
    let shape = if of_call.is_empty() { &OF_USER_ALONE } else { &OF_USER };
    let mut conditions = vec![user];
    conditions.extend(chosen(list, filter, "named"));
    conditions.extend(of_call);
    let Some(codes) = given(filter.result.as_deref()) else { return list.part(shape, conditions, CountSource::No) };
    let with = |more: [Option<String>; 2]| conditions.iter().cloned().chain(more.into_iter().flatten()).collect();
    let ended = list.among("named.result", Some(codes));
    list.part(shape, with([ended, Some("named.result <> ''".to_owned())]), CountSource::No);
    let is_open = among_results(list, codes, now_ms);
    list.part(&OF_USER, with([Some("named.result = ''".to_owned()), is_open]), CountSource::No);
}

/// Whether the result of a call is stored, or depends on the clock.
#[derive(Clone, Copy)]
pub(crate) enum Stand {
    Ended,
    Open,
}

/// The calls of a user that have ended, which are counted without a look at the calls, or those that are open.
pub(crate) fn of_one_user(filter: &Filter, user: &str, stand: Stand) -> List {
    let (shape, result) = match stand {
        Stand::Ended => (&USER_INDEX, "named.result <> ''"),
        Stand::Open => (&OF_USER, "named.result = ''"),
    };
    let mut list = List::new(filter.from, filter.to);
    let user = list.bind(user.to_owned());
    list.part(shape, vec![format!("named.user = {user}"), result.to_owned()], CountSource::No);
    list
}

/// Adds the calls of each kind that is wanted: a stretch of one index for each of them.
fn kinds_of(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    searched: Option<String>,
    now_ms: i64,
) -> Result<(), Error> {
    let results: Option<Vec<&str>> =
        given(filter.result.as_deref()).map(|codes| codes.split(',').map(str::trim).collect());
    let open: Vec<&str> = results.iter().flatten().copied().filter(|code| OPEN.contains(code)).collect();
    // Open calls that were not heard of for long are many, and are found with their kind.
    let with_old = open.contains(&UNKNOWN);
    let wanted = |n: usize, value: &str| match &results {
        Some(results) if n == 0 => results.contains(&value) || (value.is_empty() && with_old),
        _ => lets_through(filter, n, value),
    };
    let Some(kinds) = kinds(connection, OF_KIND.bare, &KINDS, &wanted)? else {
        let conditions = of_kind(list, filter, now_ms).into_iter().chain(searched).collect();
        list.part(&NEWEST, conditions, CountSource::No);
        return Ok(());
    };
    let is_open = if open.is_empty() { None } else { among_results(list, &open.join(","), now_ms) };
    for kind in kinds {
        // What is stored without a result is open.
        let is_open = is_open.clone().filter(|_| kind.first().is_some_and(String::is_empty));
        list.kind(&OF_KIND, Counted::Call, ("call", &KINDS), kind, is_open.into_iter().chain(searched.clone()));
    }
    if let (Some(is_open), false) = (is_open, with_old) {
        let lately = list.bind(now_ms.saturating_sub(OPEN_MS));
        let mut conditions = vec!["call.result = ''".to_owned(), format!("call.last_ms > {lately}"), is_open];
        conditions.extend(chosen(list, filter, "call").into_iter().chain(searched));
        list.part(&OPEN_LATELY, conditions, CountSource::No);
    }
    Ok(())
}

/// True when the filter lets a value of a column of [`KINDS`] through.
pub(crate) fn lets_through(filter: &Filter, n: usize, value: &str) -> bool {
    match n {
        0 => is_among(filter.result.as_deref(), value),
        1 => is_wanted(filter.media.as_deref(), value),
        2 => is_wanted(filter.call_type.as_deref(), value),
        _ => is_wanted(filter.app.as_deref(), value),
    }
}

/// The restrictions of what kind a call is, row by row.
fn of_kind(list: &mut List, filter: &Filter, now_ms: i64) -> Vec<String> {
    let mut conditions = chosen(list, filter, "call");
    conditions.extend(given(filter.result.as_deref()).and_then(|codes| among_results(list, codes, now_ms)));
    conditions
}

fn chosen(list: &mut List, filter: &Filter, table: &str) -> Vec<String> {
    let choices = [("media", &filter.media), ("call_type", &filter.call_type), ("app", &filter.app)];
    let equal = |(column, value): (&str, &Option<String>)| list.equal(&format!("{table}.{column}"), value.as_deref());
    choices.into_iter().filter_map(equal).collect()
}

fn among_results(list: &mut List, codes: &str, now_ms: i64) -> Option<String> {
    let now = list.bind(now_ms);
    list.among(&format!("({})", result(&now)), Some(codes))
}

fn searched(list: &mut List, filter: &Filter) -> Option<String> {
    let needle = list.bind(case_fold::fold(given(filter.q.as_deref())?));
    Some(format!(
        "(contains_folded(call.call_id, {needle}) or contains_folded(call.room_id, {needle})
          or exists (select 1 from member as named where named.app = call.app and named.call_id = call.call_id
                     and contains_folded(named.user, {needle})))"
    ))
}

/// Reads a row of `call`.
pub(crate) fn call_row(row: &Row<'_>, now_ms: i64) -> Result<CallRow, Error> {
    let started_ms: i64 = row.get("started_ms")?;
    let answered_ms: Option<i64> = row.get("answered_ms")?;
    let ended_ms: Option<i64> = row.get("ended_ms")?;
    let last_ms: i64 = row.get("last_ms")?;
    let (callees, others): (String, String) = (row.get("callees")?, row.get("others")?);
    let mut result: String = row.get("result")?;
    if result.is_empty() {
        is_open_as(answered_ms, ended_ms, last_ms, now_ms).clone_into(&mut result);
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

/// The same as [`open_result`], in Rust.
fn is_open_as(answered_ms: Option<i64>, ended_ms: Option<i64>, last_ms: i64, now_ms: i64) -> &'static str {
    // What is dated in the future was not heard of just now either: one of the two clocks is wrong.
    let away_ms = now_ms.abs_diff(last_ms);
    match (ended_ms, answered_ms) {
        (None, Some(_)) if away_ms < 86_400_000 => "in_progress",
        (None, None) if away_ms < 300_000 => "ringing",
        _ => "unknown",
    }
}

/// Reads a row of `member`.
pub(crate) fn member_row(row: &Row<'_>) -> Result<MemberRow, Error> {
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
pub(crate) fn detail(
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
    let events = call_events(connection, app, call_id)?;
    Ok(Some(CallDetailRow {
        steps: step::timeline(&events, &call.caller),
        sources: serde_json::from_str(&sources)?,
        deliveries: deliveries::of_call(connection, app, call_id)?,
        call,
        members,
    }))
}
