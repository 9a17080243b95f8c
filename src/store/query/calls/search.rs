//! Calls that are searched for by a part of an id: found in the packed ids, and then looked up, or walked along with the list
//! where they are many.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use rusqlite::{Connection, Row};

use crate::store::case_fold;
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::counters::{QUARTER_MS, kind_of};
use crate::store::projection::search::{self, CallKey};
use crate::store::query::calls::{KINDS, call_row, has_kind, lets_through, of_kind};
use crate::store::query::list::{CountSource, List, Shape, cursor, given};
use crate::store::rows::{CallRow, Page};

const LOOKED_UP: &str = "json_each(?3) as hit
     cross join call on call.app = json_extract(hit.value, '$[0]') and call.call_id = json_extract(hit.value, '$[1]')";
/// Those that were found: few, so they are looked up and sorted.
const FOUND: Shape = Shape { from: LOOKED_UP, bare: LOOKED_UP, ..crate::store::query::calls::NEWEST };
/// What is found more often than this is not looked up call by call. The records of tests are small.
const MOST: usize = if cfg!(test) { 20 } else { 20_000 };
/// So many are looked up at once when only some kinds of calls are wanted.
const SOME: usize = if cfg!(test) { 5 } else { 2_000 };

/// What is searched for in all calls, folded; a user's or a room's are few, and looked through row by row.
pub(crate) fn needle(filter: &Filter) -> Option<String> {
    let is_of_few = given(filter.user.as_deref()).or(given(filter.room.as_deref())).is_some();
    given(filter.q.as_deref()).filter(|_| !is_of_few).map(case_fold::fold)
}

/// The calls that a search finds, unless they are many.
pub(crate) fn few(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Option<List>, Error> {
    let Some(needle) = needle(filter) else { return Ok(None) };
    let window = window(filter);
    let places = search::all(connection, &needle, &window, MOST)?;
    places.map(|places| looked_up(filter, &places, now_ms)).transpose()
}

fn window(filter: &Filter) -> Range<i64> {
    List::new(filter.from, filter.to).window()
}

/// Those of some calls that the rest of the filter lets through.
fn looked_up(filter: &Filter, places: &[CallKey], now_ms: i64) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let keys: Vec<[&str; 2]> = places.iter().map(|place| [place.app.as_str(), place.call_id.as_str()]).collect();
    list.bind(serde_json::to_string(&keys)?);
    let conditions = of_kind(&mut list, filter, now_ms);
    list.part(&FOUND, conditions, CountSource::No);
    Ok(list)
}

/// A page of them. Only as many are looked up as the page shows.
pub(crate) fn page(
    connection: &Connection,
    filter: &Filter,
    needle: &str,
    request: &PageRequest,
    now_ms: i64,
) -> Result<Page<CallRow>, Error> {
    let total = match request.total {
        Some(true) => Some(quarters(connection, filter, needle, now_ms)?.values().sum()),
        _ => None,
    };
    let window = window(filter);
    let limit = usize::try_from(request.limit()).unwrap_or(usize::MAX);
    let mut skip = request.at.unwrap_or(0);
    let (mut rows, mut after) = (Vec::new(), None);
    if let Some(cursor) = given(request.cursor.as_deref()) {
        let (started_ms, app, call_id) = cursor::of_call(cursor)?;
        (skip, after) = (0, Some(CallKey::new(started_ms, &app, &call_id)));
    }
    let all_kinds = !has_kind(filter);
    // One more than the page tells whether there is a next. Where only some kinds are wanted, many may be none of them.
    let at_once = if all_kinds { limit + 1 } else { SOME };
    loop {
        let (mut places, mut is_end) = (Vec::new(), true);
        search::each(connection, needle, after.as_ref(), &window, |entry| {
            if all_kinds && skip > 0 {
                skip -= 1;
                return Ok(ControlFlow::Continue(()));
            }
            let place = entry.place()?;
            if after.as_ref() == Some(&place) {
                return Ok(ControlFlow::Continue(()));
            }
            places.push(place);
            is_end = places.len() < at_once;
            Ok(if is_end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let read = |row: &Row<'_>| call_row(row, now_ms);
        looked_up(filter, &places, now_ms)?.each(connection, read, |row| {
            if skip > 0 {
                skip -= 1
            } else {
                rows.push(row)
            }
            Ok(ControlFlow::Continue(()))
        })?;
        after = places.pop();
        if is_end || rows.len() > limit {
            break;
        }
    }
    let next = (rows.len() > limit).then(|| rows.get(limit - 1)).flatten();
    let next = next.map(|row| cursor::to_call(row.started_ms, &row.app, &row.call_id)).transpose()?;
    rows.truncate(limit);
    Ok(Page { rows, next, total })
}

/// How many of them each quarter of an hour has.
pub(crate) fn quarters(
    connection: &Connection,
    filter: &Filter,
    needle: &str,
    now_ms: i64,
) -> Result<BTreeMap<i64, u64>, Error> {
    let mut quarters = BTreeMap::new();
    let mut add = |started_ms: i64| *quarters.entry(started_ms.div_euclid(QUARTER_MS)).or_default() += 1;
    if has_kind(filter) {
        each_kind(connection, filter, needle, now_ms, |started_ms, kind| {
            if (0..KINDS.len()).zip(kind).all(|(n, value)| lets_through(filter, n, value)) {
                add(started_ms);
            }
        })?;
        return Ok(quarters);
    }
    let window = window(filter);
    search::each(connection, needle, None, &window, |entry| {
        add(entry.started_ms);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(quarters)
}

/// Tells when each call that a search finds was started and of which kind it is, in no order; what else the filter asks for but
/// times is left aside. Few are looked up. Of many, the kinds are read from the index that has them in the same order.
pub(crate) fn each_kind(
    connection: &Connection,
    filter: &Filter,
    needle: &str,
    now_ms: i64,
    mut visit: impl FnMut(i64, [&str; 4]),
) -> Result<(), Error> {
    let times = Filter { from: filter.from, to: filter.to, ..Filter::default() };
    let window = window(filter);
    let mut left = match search::all(connection, needle, &window, MOST)? {
        Some(few) => few,
        None => many(connection, needle, &window, &mut visit)?,
    };
    while !left.is_empty() {
        let later = left.split_off(left.len().min(MOST));
        let mut list = looked_up(&times, &left, now_ms)?;
        let now = list.bind(now_ms);
        let result = crate::store::query::calls::result(&now);
        let values = |_: &Shape| format!("call.started_ms, {result}, call.media, call.call_type, call.app");
        list.each_value(connection, &window, values, |row| {
            visit(row.get(0)?, kind_of(row, 1)?);
            Ok(())
        })?;
        left = later;
    }
    Ok(())
}

/// Walks what is found and the list side by side. Answers those that are open: what they are depends on the clock.
fn many(
    connection: &Connection,
    needle: &str,
    window: &Range<i64>,
    visit: &mut impl FnMut(i64, [&str; 4]),
) -> Result<Vec<CallKey>, Error> {
    let mut open = Vec::new();
    let mut statement = connection.prepare_cached(
        "select started_ms, call_id, result, media, call_type, app from call indexed by call_newest
         where started_ms >= ?1 and started_ms < ?2 order by started_ms desc, app, call_id",
    )?;
    let mut rows = statement.query((window.start, window.end))?;
    search::each(connection, needle, None, window, |entry| {
        while let Some(row) = rows.next()? {
            let started_ms = row.get(0)?;
            let kind = kind_of(row, 2)?;
            let call_id = row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?;
            if !entry.is(started_ms, kind[3], call_id) {
                continue;
            }
            if kind[0].is_empty() {
                open.push(entry.place()?);
            } else {
                visit(started_ms, kind);
            }
            break;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(open)
}
