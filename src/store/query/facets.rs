//! How many calls each choice of a filter would give: all four choices from one count by kind of call.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::counters::{self, Counted, Kind, QUARTER_MS, Unit};
use crate::store::query::calls::{self, Stand, search};
use crate::store::query::list::{List, count};
use crate::store::rows::{Choice, Facets};

/// The choices of a filter; each leaves its own restriction out.
pub(crate) fn facets(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Facets, Error> {
    let kinds = kinds(connection, filter, now_ms)?;
    let facet = |chosen: usize| {
        let mut choices: BTreeMap<&str, u64> = BTreeMap::new();
        for (kind, rows) in &kinds.0 {
            if (0..kind.len()).all(|n| n == chosen || calls::lets_through(filter, n, &kind[n])) {
                *choices.entry(&kind[chosen]).or_default() += rows;
            }
        }
        choices.into_iter().map(|(code, rows)| Choice { code: code.to_owned(), rows }).collect()
    };
    Ok(Facets { result: facet(0), media: facet(1), call_type: facet(2), app: facet(3) })
}

/// How many calls there are of each kind; kinds are few.
#[derive(Default)]
struct Kinds(Vec<(Kind, u64)>);

impl Kinds {
    fn add(&mut self, kind: [&str; 4], rows: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += rows,
            None => self.0.push((kind.map(str::to_owned), rows)),
        }
    }
}

/// The calls that a filter would find without these four choices, by result, media, type and application.
fn kinds(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Kinds, Error> {
    let without = Filter { result: None, media: None, call_type: None, app: None, ..filter.clone() };
    let mut kinds = Kinds::default();
    if let Some(user) = calls::only_user(&without) {
        of_user(connection, &without, user, now_ms, &mut kinds)?;
    } else if let Some(needle) = search::needle(&without) {
        search::each_kind(connection, &without, &needle, now_ms, |_, kind| kinds.add(kind, 1))?;
    } else {
        of_all(connection, &without, now_ms, &mut kinds)?;
    }
    Ok(kinds)
}

fn of_user(connection: &Connection, filter: &Filter, user: &str, now_ms: i64, kinds: &mut Kinds) -> Result<(), Error> {
    let ended = calls::of_one_user(filter, user, Stand::Ended);
    by_kind(connection, &ended, &ended.window(), ("named", "named.result"), kinds)?;
    let mut open = calls::of_one_user(filter, user, Stand::Open);
    let now = open.bind(now_ms);
    by_kind(connection, &open, &open.window(), ("call", &calls::open_result(&now)), kinds)
}

fn of_all(connection: &Connection, filter: &Filter, now_ms: i64, kinds: &mut Kinds) -> Result<(), Error> {
    let mut list = calls::list(connection, filter, now_ms)?;
    let now = list.bind(now_ms);
    let window = list.window();
    if !list.is_known() {
        return by_kind(connection, &list, &window, ("call", &calls::result(&now)), kinds);
    }
    let whole = count::whole_quarters(&window);
    counters::each(connection, Counted::Call, Unit::Span, &whole, &mut |kind, _, rows| {
        if !kind[0].is_empty() {
            kinds.add(kind, rows);
        }
    })?;
    for edge in count::edges(&window, &whole) {
        by_kind(connection, &list, &edge, ("call", &calls::result(&now)), kinds)?;
    }
    // What an open call is depends on the clock, so those are counted.
    let within = whole.start.saturating_mul(QUARTER_MS)..whole.end.saturating_mul(QUARTER_MS);
    let mut open = calls::open(within.start, within.end);
    let now = open.bind(now_ms);
    by_kind(connection, &open, &within, ("call", &calls::open_result(&now)), kinds)
}

fn by_kind(
    connection: &Connection,
    list: &List,
    window: &Range<i64>,
    (table, result): (&str, &str),
    kinds: &mut Kinds,
) -> Result<(), Error> {
    let values = |_: &_| format!("{result}, {table}.media, {table}.call_type, {table}.app");
    list.each_value(connection, window, values, |row| {
        kinds.add(counters::kind_of(row, 0)?, 1);
        Ok(())
    })
}
