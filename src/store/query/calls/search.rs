//! Calls that are searched for by a part of an id: of the call, of its room, or of somebody in it. Few are looked up; where they
//! are many, the list is walked.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use rusqlite::Connection;

use crate::store::case_fold;
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::segments;
use crate::store::query::list::{List, cursor, few, given, json_of};

/// See [`few`]: a hit is gathered as fast as a row is walked, for each of the 200 rows of a page.
const WEIGHT: i64 = 200;
/// So many hits are gathered in any case: they may all be old, and then the walk is long. The records of tests are small.
const FEW_MIN: usize = if cfg!(test) { 1 } else { 20_000 };

/// What is searched for in all calls, folded; a user's or a room's are few, and looked through row by row.
pub(crate) fn needle(filter: &Filter) -> Option<String> {
    let is_of_few = given(filter.user.as_deref()).or(given(filter.room.as_deref())).is_some();
    given(filter.q.as_deref()).filter(|_| !is_of_few).map(case_fold::fold)
}

/// A call that a search finds.
#[derive(Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) call_no: i64,
    pub(crate) started_ms: i64,
    pub(crate) kind_no: i64,
}

/// The calls that a search finds, unless they are many.
pub(crate) fn all(connection: &Connection, needle: &str, window: &Range<i64>) -> Result<Option<Vec<Hit>>, Error> {
    let most = few(connection, "select max(call_no) from call", WEIGHT)?.max(FEW_MIN);
    let mut found = Vec::new();
    each(connection, needle, window, |hit| {
        found.push(hit);
        Ok(if found.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Some(found).filter(|found| found.len() <= most))
}

/// As many of the newest hits as a page needs, so that no more of them are looked up and sorted. `is_sure` for kinds of calls that
/// the page shows; whether it shows others depends on the clock.
pub(crate) fn newest(
    mut hits: Vec<Hit>,
    request: &PageRequest,
    is_sure: impl Fn(i64) -> bool,
) -> Result<Vec<i64>, Error> {
    let begin_ms = given(request.cursor.as_deref()).map(cursor::time_of).transpose()?;
    hits.retain(|hit| begin_ms.is_none_or(|begin_ms| hit.started_ms <= begin_ms));
    hits.sort_by_key(|hit| Reverse(hit.started_ms));
    let before = match begin_ms {
        // Those of the cursor's millisecond may come before it.
        Some(begin_ms) => hits.iter().take_while(|hit| hit.started_ms == begin_ms).count(),
        None => usize::try_from(request.at.unwrap_or(0)).unwrap_or(usize::MAX),
    };
    let wanted = before.saturating_add(usize::try_from(request.limit()).unwrap_or(usize::MAX)).saturating_add(1);
    let sure = hits.iter().filter(|hit| is_sure(hit.kind_no));
    if let Some(last_ms) = sure.map(|hit| hit.started_ms).nth(wanted) {
        hits.retain(|hit| hit.started_ms >= last_ms);
    }
    Ok(hits.into_iter().map(|hit| hit.call_no).collect())
}

/// Tells each call of a window of time that a search finds, once, in no order, until the visitor breaks off.
pub(crate) fn each(
    connection: &Connection,
    needle: &str,
    window: &Range<i64>,
    mut visit: impl FnMut(Hit) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let mut once = |row: &rusqlite::Row<'_>| {
        let hit = Hit { call_no: row.get(0)?, started_ms: row.get(1)?, kind_no: row.get(2)? };
        let is_wanted = window.contains(&hit.started_ms) && seen.insert(hit.call_no);
        if is_wanted { visit(hit) } else { Ok(ControlFlow::Continue(())) }
    };
    let mut is_over = false;
    segments::CALLS.each_holding(connection, needle, |(first, end)| {
        let mut statement = connection.prepare_cached(
            "select call_no, started_ms, kind_no from call where call_no >= ?1 and call_no < ?2
                 and (contains_folded(call_id, ?3) or contains_folded(coalesce(room_id, ''), ?3))",
        )?;
        let mut rows = statement.query((first, end, needle))?;
        while let Some(row) = rows.next()? {
            is_over |= once(row)?.is_break();
        }
        Ok(if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if is_over {
        return Ok(());
    }
    // All calls of a user are in one index alone, those of a time are found by another.
    let of_user = if *window == (i64::MIN..i64::MAX) {
        "select call_no, started_ms, kind_no from member indexed by member_kind
         where user_no = ?1 and started_ms >= ?2 and started_ms < ?3"
    } else {
        "select call_no, started_ms, kind_no from member indexed by member_user
         where user_no = ?1 and started_ms >= ?2 and started_ms < ?3"
    };
    let mut of_user = connection.prepare_cached(of_user)?;
    for user_no in users(connection, needle)? {
        let mut rows = of_user.query((user_no, window.start, window.end))?;
        while let Some(row) = rows.next()? {
            if once(row)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The users whose name holds the needle.
pub(crate) fn users(connection: &Connection, needle: &str) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    segments::USERS.each_holding(connection, needle, |(first, end)| {
        let mut statement = connection.prepare_cached(
            "select user_no from user where user_no >= ?1 and user_no < ?2 and contains_folded(user, ?3)",
        )?;
        let users = statement.query_map((first, end, needle), |row| row.get(0))?;
        for user in users {
            found.push(user?);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// What a row of a list of calls must meet where it is looked at by itself.
pub(crate) fn condition(connection: &Connection, list: &mut List, filter: &Filter) -> Result<Option<String>, Error> {
    let Some(needle) = given(filter.q.as_deref()).map(case_fold::fold) else { return Ok(None) };
    let users = users(connection, &needle)?;
    let needle = list.bind(needle);
    let of_call =
        format!("contains_folded(call.call_id, {needle}) or contains_folded(coalesce(call.room_id, ''), {needle})");
    if users.is_empty() {
        return Ok(Some(format!("({of_call})")));
    }
    let users = list.bind(json_of(&users));
    Ok(Some(format!(
        "({of_call} or exists (select 1 from member as found where found.call_no = call.call_no
             and found.user_no in (select value from json_each({users}))))"
    )))
}
