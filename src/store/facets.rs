//! How many calls each choice of a filter would give: all four choices from one count by kind of call.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::filter::Filter;
use super::list::{List, count, is_among, is_wanted};
use super::rows::{Choice, Facets};
use super::tally::{self, Counted, Kind, QUARTER_MS};
use super::{Error, calls};

/// The choices of a filter; each leaves its own restriction out.
pub(super) fn facets(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Facets, Error> {
    let kinds = kinds(connection, filter, now_ms)?;
    let facet = |chosen: usize| {
        let mut choices: BTreeMap<&str, u64> = BTreeMap::new();
        for (kind, rows) in &kinds {
            if (0..kind.len()).all(|n| n == chosen || is_chosen(filter, n, &kind[n])) {
                *choices.entry(&kind[chosen]).or_default() += rows;
            }
        }
        choices.into_iter().map(|(code, rows)| Choice { code: code.to_owned(), rows }).collect()
    };
    Ok(Facets { result: facet(0), media: facet(1), call_type: facet(2), app: facet(3) })
}

fn is_chosen(filter: &Filter, n: usize, value: &str) -> bool {
    match n {
        0 => is_among(filter.result.as_deref(), value),
        1 => is_wanted(filter.media.as_deref(), value),
        2 => is_wanted(filter.call_type.as_deref(), value),
        _ => is_wanted(filter.app.as_deref(), value),
    }
}

/// The calls that a filter would find without these four choices, by result, media, type and application.
fn kinds(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<BTreeMap<Kind, u64>, Error> {
    let without = Filter { result: None, media: None, call_type: None, app: None, ..filter.clone() };
    let mut kinds = BTreeMap::new();
    let mut add = |kind: Kind, rows| *kinds.entry(kind).or_default() += rows;
    match calls::only_user(&without) {
        Some(user) => of_user(connection, &without, user, now_ms, &mut add)?,
        None => of_all(connection, &without, now_ms, &mut add)?,
    }
    Ok(kinds)
}

fn of_user(
    connection: &Connection,
    filter: &Filter,
    user: &str,
    now_ms: i64,
    add: &mut impl FnMut(Kind, u64),
) -> Result<(), Error> {
    let ended = calls::ended_of_user(filter, user);
    by_kind(connection, &ended, &ended.window(), ("named", "named.result"), add)?;
    let mut open = calls::open_of_user(filter, user);
    let now = open.bind(now_ms);
    by_kind(connection, &open, &open.window(), ("call", &calls::open_result(&now)), add)
}

fn of_all(connection: &Connection, filter: &Filter, now_ms: i64, add: &mut impl FnMut(Kind, u64)) -> Result<(), Error> {
    let mut list = calls::list(connection, filter, now_ms)?;
    let now = list.bind(now_ms);
    let window = list.window();
    if !list.is_known() {
        return by_kind(connection, &list, &window, ("call", &calls::result(&now)), add);
    }
    let whole = count::whole_quarters(&window);
    tally::each_day(connection, Counted::Call, &whole, &mut |kind, _, rows| {
        if !kind[0].is_empty() {
            add(kind.map(str::to_owned), rows);
        }
    })?;
    for edge in count::edges(&window, &whole) {
        by_kind(connection, &list, &edge, ("call", &calls::result(&now)), add)?;
    }
    // What an open call is depends on the clock, so those are counted.
    let within = whole.start.saturating_mul(QUARTER_MS)..whole.end.saturating_mul(QUARTER_MS);
    let mut open = calls::open(within.start, within.end);
    let now = open.bind(now_ms);
    by_kind(connection, &open, &within, ("call", &calls::open_result(&now)), add)
}

fn by_kind(
    connection: &Connection,
    list: &List,
    window: &std::ops::Range<i64>,
    (table, result): (&str, &str),
    add: &mut impl FnMut(Kind, u64),
) -> Result<(), Error> {
    let by = |_: &_| format!("{result}, {table}.media, {table}.call_type, {table}.app");
    list.grouped(connection, window, 4, by, |row| {
        add([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?], u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0));
        Ok(())
    })
}
